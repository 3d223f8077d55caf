"""The form in which rules read a text: punctuation in full width, figures and letters in half width.

Character for character, so that every place is the same in the text as it stands.
"""

from __future__ import annotations

import re
from string import ascii_letters, digits

from db.plan.reading.numerals import CHARACTERS

_HAN = "\u3400-\u9fff"
_SIGNS = str.maketrans("();!?﹙﹚", "（）；！？（）")
_FIGURES = {ord(plain) + 0xFEE0: plain for plain in f"%{ascii_letters}{digits}"}
_COMMA = re.compile("(?<![0-9]),|,(?![0-9])")
_COLON = re.compile("(?<![0-9]):|:(?![0-9])")
_POINT = re.compile("(?<=[0-9])．(?=[0-9])")
_FULL_STOP = re.compile(f"(?<=[{_HAN}）%”》])\\.(?=[\\s{_HAN}（“《0-9]|$)")
_ITEM_NUMBER = re.compile(f"\\s*第?[{CHARACTERS}]+")


def plain_form(text: str) -> str:
    """Return `text` with each character in its usual width; as many characters as before."""
    text = text.translate(_SIGNS).translate(_FIGURES)
    text = _COLON.sub("：", _COMMA.sub("，", _POINT.sub(".", text)))
    return "\n".join(_with_full_stops(line) if "." in line else line for line in text.split("\n"))


def _with_full_stops(line: str) -> str:
    number = _ITEM_NUMBER.match(line)
    first = number.end() if number else 0
    return _FULL_STOP.sub(lambda found: "." if found.start() == first else "。", line)
