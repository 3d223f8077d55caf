"""What reading a plan gives: the document as text, and the catalogue with what was not understood."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from db.plan.model import Catalogue, Fault, LeftOut, NumberWord, Target


@dataclass(frozen=True)
class Cell:
    """A cell of a table: where its text stands in the document; a cell merged downwards is repeated in every row."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Table:
    """A table of the document: its rows from the top, each with its cells from the left, and where it stands."""

    start: int
    end: int
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Document:
    """A plan as text.

    `text` has line ends \\n and one line per paragraph; a row of a table is a line too, its cells parted by tabs.
    Soft line breaks within a sentence, and single spaces between Chinese characters or beside figures, mean nothing in
    Chinese and are gone; otherwise it is verbatim. All offsets count its characters.
    """

    name: str
    text: str
    sha256: str
    tables: tuple[Table, ...] = ()


class LeftoverKind(StrEnum):
    """What kind of text was not understood."""

    NUMBER = "number"
    DATE = "date"
    PARENTHESIS = "parenthesis"
    TEXT = "text"


class LeftoverGroup(StrEnum):
    """Why something left over may be looked at later, or DOUBTFUL: it may well be a target that was not seen."""

    DOUBTFUL = "doubtful"
    BEFORE_PLAN = "before_plan"
    REMARK = "remark"


@dataclass(frozen=True)
class Leftover:
    """Something in the document that no clause and no target took; shown to the clerk, never dropped.

    `start` and `end` count from the start of the document; `clause` is the id of the clause it stands in, "" outside.
    """

    kind: LeftoverKind
    clause: str
    start: int
    end: int
    text: str
    before_plan: bool = False

    @property
    def group(self) -> LeftoverGroup:
        """Return what it belongs to: the notice before the plan, remarks in brackets without a figure, or the rest."""
        if self.before_plan:
            return LeftoverGroup.BEFORE_PLAN
        remark = self.kind is LeftoverKind.PARENTHESIS and not any(map(str.isnumeric, self.text))
        return LeftoverGroup.REMARK if remark else LeftoverGroup.DOUBTFUL


@dataclass(frozen=True)
class TargetReading:
    """What was found inside clauses: targets, numbers deliberately left out with their reason, and the rest."""

    targets: tuple[Target, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    number_words: tuple[NumberWord, ...] = ()
    faults: tuple[Fault, ...] = ()
    leftovers: tuple[Leftover, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A document that was read: the catalogue and, in the order of the text, what was not understood."""

    document: Document
    catalogue: Catalogue
    leftovers: tuple[Leftover, ...]
