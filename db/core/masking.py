"""Names, telephone and plate numbers of people as they are shown to those who need not know them."""

from __future__ import annotations

import re

from db.core.field import Field
from db.core.values import Cell, State

STAR = "*"
_DIGITS = re.compile(r"[0-9]{5,}")
_PLATE = re.compile(r"([\u4e00-\u9fff][A-Z])(.+)(.{2})")


def shown_masked(field: Field, cell: Cell) -> str:
    """Return the value as people read it, a personal one with its middle hidden."""
    return masked(field, cell) if field.personal else field.show(cell)


def masked(field: Field, cell: Cell) -> str:
    """Return the value of a personal field with its middle hidden, of any other field as it is; states stay.

    138****1234, 0536-***1234, 鲁G***45, 王**: enough to recognise what one knows, too little to call anybody.
    """
    text = field.csv(cell)
    if not field.personal or not text or isinstance(cell, State):
        return text
    plate = _PLATE.fullmatch(text)
    if plate:
        return plate[1] + STAR * len(plate[2]) + plate[3]
    if field.check == "phone" or _DIGITS.search(text):
        return _DIGITS.sub(lambda found: _middle(found[0]), text)
    return text[0] + STAR * max(1, len(text) - 1)


def _middle(digits: str) -> str:
    kept = 3 if len(digits) == 11 else 0
    return digits[:kept] + STAR * (len(digits) - kept - 4) + digits[-4:]
