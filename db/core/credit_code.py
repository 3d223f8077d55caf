"""The unified social credit code (统一社会信用代码, GB 32100-2015): its check digit and what is wrong with a wrong one.

18 characters of an alphabet without I, O, S, V, Z: who registered it, kind of body, six digits of the place, nine
characters of organisation code (GB 11714-1997), check digit. Codes that begin with A, N or Y are as lawful as others.
"""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18

_WEIGHTS = tuple(3**place % 31 for place in range(LENGTH - 1))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LIKELY = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}


def check_digit(code17: str) -> str:
    """Return the 18th character for the first 17; ValueError when they are not 17 characters of the alphabet."""
    if len(code17) != LENGTH - 1:
        raise ValueError(f"17 characters expected, got {len(code17)}")
    total = sum(weight * ALPHABET.index(character) for weight, character in zip(_WEIGHTS, code17, strict=True))
    return ALPHABET[-total % 31]


def organisation_check_digit(code8: str) -> str:
    """Return the 9th character of an organisation code (GB 11714) for its first 8 digits and letters."""
    if len(code8) != len(_ORGANISATION_WEIGHTS):
        raise ValueError(f"8 characters expected, got {len(code8)}")
    total = sum(
        weight * _ORGANISATION_ALPHABET.index(character)
        for weight, character in zip(_ORGANISATION_WEIGHTS, code8, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def problem_of(code: str) -> str | None:
    """Return what is wrong with `code` (trimmed, capitals) in a Chinese clause without a full stop, or None."""
    if len(code) != LENGTH:
        return f"统一社会信用代码应为{LENGTH}位，现在是{len(code)}位"
    for place, character in enumerate(code, start=1):
        if character in _LIKELY:
            likely = _LIKELY[character]
            return f"第{place}位是字母“{character}”，统一社会信用代码不用I、O、S、V、Z，可能是“{likely}”"
        if character not in ALPHABET:
            return f"第{place}位“{character}”不是数字或大写字母"
    if not re.fullmatch(r"[0-9]{6}", code[2:8]):
        return f"第3至8位是登记机关的行政区划，应为数字，现在是“{code[2:8]}”"
    expected = check_digit(code[:-1])
    if code[-1] != expected:
        return f"校验不符：最后一位按前17位应为“{expected}”，现在是“{code[-1]}”，至少有一位写错了"
    return None


def warning_of(code: str) -> str | None:
    """Return a remark on a code without a problem whose organisation part fails its own check digit, or None.

    Only a remark: the whole code's check digit decides, and some registrars number the part in their own way.
    """
    if problem_of(code) is not None:
        return None
    expected = organisation_check_digit(code[8:16])
    if code[16] != expected:
        return f"第9至17位（组织机构代码）自身的校验位应为“{expected}”，现在是“{code[16]}”，请再核对一遍"
    return None
