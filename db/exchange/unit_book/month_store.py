"""Writing a unit's month from its workbook, by the same door as what is typed: units, answers and locks are heeded."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from db.core.period import Period
from db.core.values import Cell
from db.exchange.unit_book.form import PROGRESS
from db.exchange.unit_book.reading import ReadFile, ReadRow, ReadTable
from db.store.operation import Operation
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from db.work.monthly.projects import ProjectKey, ReportChange, set_reports

SOURCE = "workbook"


def store_month(op: Operation, file: ReadFile, table: ReadTable, rows: Sequence[ReadRow]) -> None:
    """Write the rows; DataProblem when the month has been closed meanwhile."""
    if not rows:
        return
    period = Period.parse(table.period)
    if table.table.code == PROGRESS:
        entries = [
            EntryChange(RowKey(row.key[0], file.unit_kind, file.unit_id), _values(op, row), SOURCE) for row in rows
        ]
        set_entries(op, period, entries)
    else:
        reports = [ReportChange(ProjectKey(row.key[0], row.key[1]), row.taken, SOURCE) for row in rows]
        set_reports(op, period, reports)


def filed_since(conn: sqlite3.Connection, file: ReadFile, table: ReadTable, rows: Sequence[ReadRow]) -> list[ReadRow]:
    """Return the rows that were new when the workbook was read and have an entry by now."""
    if table.table.code == PROGRESS:
        where, more = "task_id = ? AND period = ? AND assignee_id = ?", [file.unit_id]
    else:
        where, more = "register = ? AND row_id = ? AND period = ?", []
    sql = f"SELECT 1 FROM {table.table.schema.table} WHERE {where} AND deleted_at IS NULL"
    new = (row for row in rows if row.new)
    return [row for row in new if conn.execute(sql, [*row.key, table.period, *more]).fetchone() is not None]


def _values(op: Operation, row: ReadRow) -> dict[str, Cell]:
    """Return what the row says; an amount is in the unit that stood beside it, which is that of the entry there is."""
    values = row.taken
    if "amount" in values and row.id:
        found = op.conn.execute("SELECT unit FROM progress WHERE id = ?", (row.id,)).fetchone()
        if found is not None and found[0]:
            values["unit"] = found[0]
    return values
