"""Known cells of a workbook that were changed nevertheless: they are told and not taken."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Protocol

from db.core.text import quote
from db.exchange.cells.model import Raw
from db.exchange.unit_book.form import Column
from db.exchange.unit_book.found import FoundTable
from db.exchange.unit_book.known import Loaded, Spelt, labels_of, tidied
from db.exchange.unit_book.owners import Owner
from db.exchange.unit_book.reading import CellProblem
from db.store.cells import plain_columns
from db.store.past import last_changes


class KnownEntry(Protocol):
    """What is asked of a known row of the sheet here; `base` is the journal's number by which it was written."""

    row: int
    id: str
    base: int | None
    line: list[Raw]


def locked_changes(
    conn: sqlite3.Connection, owner: Owner, found: FoundTable, known: Sequence[KnownEntry]
) -> list[CellProblem]:
    """Return what to tell of the locked cells of rows that the program has not changed since they were sent out."""
    schema = found.table.schema
    here = [column for column in found.table.columns if column.code in found.columns]
    locked = [column for column in here if column.locked and column.code in schema]
    if not locked or not known or not owner.has_base:
        return []
    told = [each for column in locked for each in _of_column(conn, owner, found, column, known)]
    newest = last_changes(conn, schema.table, {entry.id for entry, _ in told})
    return [problem for entry, problem in told if entry.base is not None and newest.get(entry.id, 0) <= entry.base]


def _of_column(
    conn: sqlite3.Connection, owner: Owner, found: FoundTable, column: Column, known: Sequence[KnownEntry]
) -> Iterator[tuple[KnownEntry, CellProblem]]:
    own, at = column.field, found.columns[column.code]
    raws = tidied([entry.line[at] for entry in known])
    stored = owner.present.column([entry.id for entry in known], own.name)
    loaded = Loaded(own, plain=own.name in plain_columns(found.table.schema))
    spelt = Spelt(loaded, own, labels_of(conn, own.ref, stored) if own.ref else {})
    for entry, raw, now in zip(known, raws, stored, strict=True):
        wanted = spelt[now]
        if raw == wanted or raw is None or owner.says_so(column, raw, wanted, loaded[now]):
            continue
        said = f"「{own.title}」是已知内容，被改成了{quote(raw)}，没有采用。"
        spot = (found.cells.name, entry.row, at)
        yield entry, CellProblem(*spot, "cell.locked", said, "确要改的，请在程序里改。", stops=False)
