"""Numbers as a plan writes them: 1,234.5, full-width digits, 1/3, 三分之一, 百分之三十, 六成, 二十五."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from db.core.text import fold_width
from db.core.values import plain

_DIGIT = "[0-9０-９]"
_NUMERALS = "零〇一二两三四五六七八九十百千万亿半双"
_THOUSANDS = "[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[０-９]{1,3}(?:，[０-９]{3})+(?![０-９])"
_ARABIC = rf"(?:{_THOUSANDS}|{_DIGIT}+)(?:[.．]{_DIGIT}+)?"
_NUMBER = re.compile(
    rf"(?P<part>(?:{_ARABIC})/(?:{_ARABIC})(?=[^0-9０-９]|$))"
    rf"|(?P<arabic>{_ARABIC})"
    rf"|(?P<percent>百分之[{_NUMERALS}]+(?:点[{_NUMERALS}]+)?)"
    rf"|(?P<fraction>[{_NUMERALS}]+分之[{_NUMERALS}]+)"
    rf"|(?P<tenths>[一二三四五六七八九](?=成(?:[^立为果员本效功都长品型分就熟份交片]|$)))"
    rf"|(?P<chinese>[{_NUMERALS}]+)"
)
# A longer row of digits is no quantity; it is shown, and not counted with.
_LONGEST = 40
_VALUES = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "双": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}


@dataclass(frozen=True)
class Number:
    """A number in a text: `value` is None where its numerals make none (千万 alone, 半); `percent` when it says so."""

    start: int
    end: int
    text: str
    value: Decimal | None
    arabic: bool
    percent: bool = False


def find_numbers(text: str) -> list[Number]:
    """Return every number of `text` in its order; numerals right behind Arabic digits (40万) belong to the unit."""
    found: list[Number] = []
    for hit in _NUMBER.finditer(text):
        if hit["chinese"] and hit.start() and text[hit.start() - 1].isdigit():
            continue
        found.append(_number(hit))
    return found


def _number(hit: re.Match[str]) -> Number:
    spelled = fold_width(hit[0]).replace(",", "")
    if len(spelled) > _LONGEST:
        return Number(hit.start(), hit.end(), hit[0], None, arabic=bool(hit["arabic"] or hit["part"]))
    if hit["arabic"]:
        return Number(hit.start(), hit.end(), hit[0], Decimal(spelled), arabic=True)
    if hit["part"]:
        above, below = spelled.split("/")
        value = _percentage(Decimal(above), Decimal(below))
        return Number(hit.start(), hit.end(), hit[0], value, arabic=True, percent=True)
    if hit["tenths"]:
        value = 10 * (chinese_value(hit[0]) or Decimal(0))
        return Number(hit.start(), hit.end() + 1, f"{hit[0]}成", value, arabic=False, percent=True)
    if hit["percent"]:
        whole, _, decimals = hit[0].removeprefix("百分之").partition("点")
        value = chinese_value(whole)
        if value is not None and decimals:
            value += Decimal("0." + "".join(str(_VALUES.get(digit, 0)) for digit in decimals))
        return Number(hit.start(), hit.end(), hit[0], value, arabic=False, percent=True)
    if hit["fraction"]:
        lower, _, upper = hit[0].partition("分之")
        below_value, above_value = chinese_value(lower), chinese_value(upper)
        value = None if not below_value or above_value is None else _percentage(above_value, below_value)
        return Number(hit.start(), hit.end(), hit[0], value, arabic=False, percent=True)
    return Number(hit.start(), hit.end(), hit[0], chinese_value(hit[0]), arabic=False)


def chinese_value(numerals: str) -> Decimal | None:
    """Return what Chinese numerals say (二十五, 一百零八, 两千万), None where they say no number (百, 万亿, 半)."""
    if not numerals or numerals[0] in "百千万亿" or "半" in numerals:
        return None
    if len(numerals) > 1 and all(numeral in _VALUES for numeral in numerals):
        return Decimal("".join(str(_VALUES[numeral]) for numeral in numerals))
    total = group = digit = 0
    for numeral in numerals:
        if numeral in _VALUES:
            digit = _VALUES[numeral]
        elif numeral in _POWERS:
            group += (digit or 1) * _POWERS[numeral]
            digit = 0
        else:
            total = (total + group + digit) * _GROUPS[numeral]
            group = digit = 0
    return Decimal(total + group + digit)


def _percentage(above: Decimal, below: Decimal) -> Decimal | None:
    if not below:
        return None
    share = Fraction(above) / Fraction(below) * 100
    return plain(Decimal(round(share * 100)) / 100)
