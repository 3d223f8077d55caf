"""Known cells of a workbook that were changed nevertheless: they are told and not taken."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from db.core.text import quote
from db.exchange.unit_book.form import Column
from db.exchange.unit_book.found import FoundTable
from db.exchange.unit_book.known import spelling
from db.exchange.unit_book.owners import Owner
from db.exchange.unit_book.parsed import tidied
from db.exchange.unit_book.reading import CellProblem
from db.exchange.unit_book.sheet_entry import Entry
from db.store.past import last_changes


def locked_changes(
    conn: sqlite3.Connection, owner: Owner, found: FoundTable, known: Sequence[Entry]
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
    conn: sqlite3.Connection, owner: Owner, found: FoundTable, column: Column, known: Sequence[Entry]
) -> Iterator[tuple[Entry, CellProblem]]:
    own, at = column.field, found.columns[column.code]
    raws = tidied([entry.line[at] for entry in known])
    here = spelling(conn, found.table.schema, owner.present, [entry.id for entry in known], own.name)
    for entry, raw, wanted, stored in zip(known, raws, here.written, here.stored, strict=True):
        empty = raw is None or (isinstance(raw, str) and not raw.strip())
        if raw == wanted or empty or owner.says_so(column, raw, wanted, here.loaded[stored]):
            continue
        said = f"「{own.title}」是已知内容，被改成了{quote(raw)}，没有采用。"
        spot = (found.cells.name, entry.row, at)
        yield entry, CellProblem(*spot, "cell.locked", said, "确要改的，请在程序里改。", stops=False)
