"""What the columns of the sheets hold: names, a figure for each year, texts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a column holds."""

    NAME = "name"
    CLASS = "class"
    YEAR = "year"
    TOTAL = "total"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """A column: `field` names the row's field, `year` is set for the amounts.

    `width` in pixels; by itself it grows with its content to `most` at most, or if that is 0 as its kind may.
    """

    kind: Kind
    title: str
    width: int
    field: str = ""
    year: int = 0
    most: int = 0


TEXTS = (("deadline", 100), ("deliverable", 104), ("responsible", 76), ("phone", 112), ("note", 130))
