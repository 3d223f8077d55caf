"""Rows of a workbook that the program does not have: their values by column, and what is wrong with each.

read_new(case, entries)                     gives each entry that says something what it comes to
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from db.core.values import Cell
from db.exchange.cells.model import Raw
from db.exchange.unit_book.case import Case, EntryColumn, column_of
from db.exchange.unit_book.parsed import Bad, Parsed, tidied
from db.exchange.unit_book.reading import CellProblem, Change, ReadRow
from db.exchange.unit_book.sheet_entry import Entry

_Wrong = tuple[int, EntryColumn, Raw, CellProblem]


def read_new(case: Case, new: Sequence[Entry]) -> None:
    """Give each new entry its values; those that hold nothing stay without."""
    if not new or not case.columns:
        return
    columns: list[list[Cell]] = []
    labels: dict[str, str] = {}
    wrong: list[_Wrong] = []
    for column in case.columns:
        case.step()
        columns.append(_column(case, column, new, labels, wrong))
    names = [column.own.name for column in case.columns]
    nothing = (None,) * len(names)
    faulty = {n for n, *_ in wrong}
    for n, (entry, values) in enumerate(zip(new, zip(*columns, strict=True), strict=True)):
        if values != nothing or n in faulty:
            entry.read = ReadRow(entry.row, "", "", values=dict(zip(names, values, strict=True)), labels=labels)
    for n, column, raw, problem in wrong:
        row = new[n].read
        assert row is not None
        del row.values[column.own.name]
        row.changes[column.own.name] = Change(column.own, column.place, raw, problem=problem)
    case.step()
    case.owner.complete(case.found, [entry for entry in new if entry.read is not None])
    for entry in new:
        if entry.read is not None:
            entry.read.title = case.title(entry)


def _column(
    case: Case, column: EntryColumn, new: Sequence[Entry], labels: dict[str, str], wrong: list[_Wrong]
) -> list[Cell]:
    """Return what the column says, None where that is nothing or `wrong`."""
    raws = tidied(column_of(new, column.place))
    parsed = Parsed(case.conn, column.own, raws)
    labels |= parsed.labels
    values: list[Any] = parsed.column(raws)
    bad = [n for n, cell in enumerate(values) if isinstance(cell, Bad)] if parsed.bad else []
    for n in sorted({*_strange(case, new, column.place, raws), *bad}):
        cell, row = values[n], new[n].row
        problem = case.unknowable(column.own, row, column.place)
        if problem is None and isinstance(cell, Bad):
            problem = case.refused(row, column.place, cell)
        if problem is not None:
            values[n] = None
            wrong.append((n, column, raws[n], problem))
    return values


def _strange(case: Case, new: Sequence[Entry], at: int, raws: Sequence[Raw]) -> Iterable[int]:
    """Return the entries whose cell reads as empty though it may not be."""
    faults, covered = case.sheet.faults, case.covered
    if not faults and not covered:
        return ()
    return [
        n
        for n, (entry, raw) in enumerate(zip(new, raws, strict=True))
        if (entry.row, at) in faults or (raw is None and (entry.row, at) in covered)
    ]
