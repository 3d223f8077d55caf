"""What reading a unit's workbook comes to: every row with its fate, its changes cell by cell, and what is wrong where.

Nothing here has been written yet. Rows that say what the program has already are only counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import resources
from db.core.fields import Field
from db.core.values import UNREPORTED, Cell
from db.exchange.cells.model import Raw, place
from db.exchange.unit_book.form import BookTable, Identity


class Fate(StrEnum):
    """What becomes of a row."""

    ADDED = "新增"
    UPDATED = "更新"
    UNCHANGED = "未变"
    CONFLICT = "冲突"
    REFUSED = "拒绝"


MERGE, UPDATE, ADD = "merge", "update", "add"


@cache
def modes() -> dict[str, str]:
    """Return the ways to take rows, with what people call them: 更新并新增, 仅更新, 仅新增."""
    found: dict[str, str] = resources.load_json("workbooks.json")["modes"]
    return found


@dataclass(frozen=True)
class CellProblem:
    """Something wrong at a cell (row and column from 0, -1 for none); one that does not `stop` is only told."""

    sheet: str
    row: int
    column: int
    code: str
    message: str
    advice: str = ""
    stops: bool = True

    @property
    def cell(self) -> str:
        """Return the cell as Excel calls it, "" for none."""
        return place(self.row, max(self.column, 0)) if self.row >= 0 else ""

    def sentence(self) -> str:
        """Return place, message and advice as one line for a person."""
        where = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        return f"{where}：{self.message}{self.advice}" if where else f"{self.message}{self.advice}"

    def as_json(self) -> dict[str, str]:
        """Return it as plain JSON values."""
        named = {"sheet": self.sheet, "cell": self.cell, "code": self.code}
        return {**named, "message": self.message, "advice": self.advice}


@dataclass(slots=True)
class Change:
    """A cell that differs from what the program has.

    `raw` is what stands in the cell; `theirs` its value where there is no `problem`. In a clash the program's value was
    changed too since the workbook was written (from `base`, or nobody knows); `take` None means not chosen yet.
    """

    own: Field
    column: int
    raw: Raw
    ours: Cell = None
    theirs: Cell = None
    base: Cell = None
    clash: bool = False
    take: bool | None = True
    problem: CellProblem | None = None
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Return whether somebody has to choose."""
        return self.clash and self.take is None

    def shown(self, cell: Cell) -> str:
        """Return a value of the field for people; 未报 for none."""
        if self.own.ref and isinstance(cell, str):
            return self.labels.get(cell, cell)
        return self.own.show(cell) or UNREPORTED


@dataclass(slots=True)
class ReadRow:
    """A row that is new, changed, in conflict or refused: `row` from 0; `id` "" for a new one, `values` all it says.

    `changes` by field name: of a known row all that differs, of a new one only what has a problem. `labels` are the
    names of what a new row points to, by id; `key` says which line of the month it is, or the id that a new row of a
    work package has already; `doubts` what to ask about it.
    """

    row: int
    id: str
    title: str
    changes: dict[str, Change] = field(default_factory=dict)
    values: dict[str, Cell] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    doubts: tuple[CellProblem, ...] = ()
    left_out: bool = False

    @property
    def new(self) -> bool:
        """Return whether the program has no such row."""
        return not self.id

    @property
    def fate(self) -> Fate:
        """Return what becomes of the row as things stand."""
        if not self.changes and not self.problems:
            return Fate.ADDED if self.new else Fate.UNCHANGED
        if self.problems or any(change.problem is not None for change in self.changes.values()):
            return Fate.REFUSED
        if any(change.open for change in self.changes.values()):
            return Fate.CONFLICT
        if self.new:
            return Fate.ADDED
        return Fate.UPDATED if any(change.take for change in self.changes.values()) else Fate.UNCHANGED

    @property
    def waits(self) -> bool:
        """Return whether somebody has to mend, choose or leave out something of it first."""
        told = bool(self.changes or self.problems)  # of many thousand new rows few have one
        return told and not self.left_out and self.fate in (Fate.CONFLICT, Fate.REFUSED)

    @property
    def taken(self) -> dict[str, Cell]:
        """Return the values to write, by field name."""
        chosen = {name: change.theirs for name, change in self.changes.items() if change.take and not change.problem}
        return {**self.values, **chosen}

    def all_problems(self) -> Iterator[CellProblem]:
        """Yield what is wrong with the row and its cells."""
        yield from self.problems
        for change in self.changes.values():
            if change.problem is not None:
                yield change.problem


@dataclass
class ReadTable:
    """One table of a workbook: `rows` without those that say nothing new, which `unchanged` counts.

    `ids` are the rows that the sheet has, by id with their places, `lost` the names of those that were sent out and
    have not come back, by id, `told` what else is to be seen at cells (locked ones that were changed), `fault` why
    nothing of it can be taken, `columns` the sheet's columns by field name, `seq` the journal's number when it was held
    against the county file.
    """

    table: BookTable
    sheet: str
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[ReadRow] = field(default_factory=list)
    unchanged: int = 0
    kept: int = 0
    lost: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    told: list[CellProblem] = field(default_factory=list)
    period: str = ""
    seq: int = 0
    fault: CellProblem | None = None

    def counts(self) -> dict[Fate, int]:
        """Return the number of rows of each fate, those left out too."""
        found = dict.fromkeys(Fate, 0)
        found[Fate.UNCHANGED] = self.unchanged
        for row in self.rows:
            found[row.fate] += 1
        return found

    def written(self, mode: str = MERGE) -> Iterator[ReadRow]:
        """Yield the rows that would be written."""
        for row in self.rows:
            fate = row.fate
            if row.left_out or fate not in (Fate.ADDED, Fate.UPDATED):
                continue
            if mode == MERGE or (fate is Fate.ADDED) == (mode == ADD):
                yield row

    def stopped(self) -> Iterator[ReadRow]:
        """Yield the rows about which somebody has to do something first."""
        return (row for row in self.rows if row.waits)

    @property
    def waits(self) -> bool:
        """Return whether somebody has to do something about the table first."""
        return self.fault is not None or any(row.waits for row in self.rows)

    @property
    def says_something(self) -> bool:
        """Return whether the table says anything but what the program has."""
        return bool(self.fault or self.rows or self.told or self.lost)

    def problems(self) -> Iterator[CellProblem]:
        """Yield everything that is to be told at a cell."""
        if self.fault is not None:
            yield self.fault
        for row in (row for row in self.rows if row.changes or row.problems or row.doubts):
            yield from row.all_problems()
            yield from row.doubts
            for change in row.changes.values():
                if change.open and change.problem is None:
                    yield clash_problem(self.sheet, row, change)
        yield from self.told

    def as_json(self) -> dict[str, Any]:
        """Return code and counts as plain JSON values."""
        counts = self.counts()
        return {
            "table": self.table.code,
            "added": counts[Fate.ADDED],
            "updated": counts[Fate.UPDATED],
            "unchanged": counts[Fate.UNCHANGED],
            "conflicts": counts[Fate.CONFLICT],
            "refused": counts[Fate.REFUSED],
        }


def clash_problem(sheet: str, row: ReadRow, change: Change) -> CellProblem:
    """Return what to say of a cell that was changed on both sides."""
    ours, theirs = change.shown(change.ours), change.shown(change.theirs)
    return CellProblem(
        sheet,
        row.row,
        change.column,
        "cell.conflict",
        f"「{change.own.title}」两边都改了：程序里是“{ours}”，表里是“{theirs}”。",
        "请选用一边的。",
    )


@dataclass
class ReadFile:
    """A file that was received: whose it is, its tables, or in `refusal` why nothing of it can be read.

    `part_id` says of which work package it is what came back.
    """

    path: Path
    name: str
    sha256: str = ""
    size: int = 0
    identity: Identity | None = None
    unit_kind: str = ""
    unit_id: str = ""
    unit_name: str = ""
    kind: str = ""
    period: str = ""
    tables: list[ReadTable] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refusal: CellProblem | None = None
    part_id: str = ""

    @property
    def sent_as(self) -> str:
        """Return under which id it was sent out, "" where it does not say."""
        return self.identity.book_id if self.identity is not None else self.part_id

    @property
    def verdict(self) -> str:
        """Return refused, problems or good."""
        if self.refusal is not None:
            return "refused"
        return "problems" if any(table.waits for table in self.tables) else "good"

    def problems(self) -> list[CellProblem]:
        """Return everything that is wrong, with sheet and cell."""
        found = [self.refusal] if self.refusal is not None else []
        return found + [problem for table in self.tables for problem in table.problems()]

    def counts(self) -> dict[Fate, int]:
        """Return the number of rows of each fate."""
        found = dict.fromkeys(Fate, 0)
        for table in self.tables:
            for fate, count in table.counts().items():
                found[fate] += count
        return found

    def sentences(self) -> list[str]:
        """Return what was found, for a person: the file with its counts, its problems, its notes."""
        if self.refusal is not None:
            return [f"{self.name}：{self.refusal.sentence()}"]
        told = [f"{self.name}（{self.unit_name}）：{counts_sentence(self.counts())}"]
        told += [f"  {problem.sentence()}" for problem in self.problems()]
        return told + [f"  {note}" for note in self.notes]

    def as_json(self) -> dict[str, Any]:
        """Return verdict, counts, problems and notes as plain JSON values."""
        return {
            "file": str(self.path),
            "verdict": self.verdict,
            "unit": self.unit_name,
            "kind": self.kind,
            "period": self.period,
            "tables": [table.as_json() for table in self.tables],
            "problems": [problem.as_json() for problem in self.problems()],
            "notes": list(self.notes),
        }


def counts_sentence(counts: dict[Fate, int]) -> str:
    """Return the counts as people read them; 冲突 only where there are any."""
    shown = [fate for fate in Fate if counts[fate] or fate is not Fate.CONFLICT]
    return "，".join(f"{fate}{counts[fate]:,}行" for fate in shown) + "。"


def total(files: Iterable[ReadFile]) -> dict[Fate, int]:
    """Return the number of rows of each fate in all files."""
    found = dict.fromkeys(Fate, 0)
    for file in files:
        for fate, count in file.counts().items():
            found[fate] += count
    return found
