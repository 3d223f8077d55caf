"""What stands in a unit's workbook: its own rows of each table, and nobody else's.

contents = Contents(conn, catalogue, period)
read = contents.reader(table, unit_kind)
read(unit) -> list[BookRow]
"""

from __future__ import annotations

import sqlite3

from db.core.period import Period
from db.core.values import Cell
from db.exchange.unit_book.form import PROGRESS, REGISTERS, TASKS, BookTable
from db.exchange.unit_book.monthly_rows import Month
from db.exchange.unit_book.rows import BookRow, RowsOf, values_of
from db.plan.catalogue import Catalogue
from db.store import records
from db.store.connection import quoted
from db.store.past import last_changes
from db.work.assignee_tasks import tasks_of_assignee
from db.work.assignees import Assignee
from db.work.unit_rows import OWN_FIELD


class Contents:
    """What the county file has for units; `conn` must be in a transaction, so that all of it is of one moment.

    `period` is the year of tasks, the month of figures; registers need none.
    """

    def __init__(self, conn: sqlite3.Connection, catalogue: Catalogue, period: Period | None) -> None:
        self._conn, self._catalogue, self._period = conn, catalogue, period
        self._month = Month(conn, catalogue, period) if period is not None else None

    def reader(self, table: BookTable, unit_kind: str) -> RowsOf:
        """Return what reads the rows that a unit of this kind has in the table."""
        conn, catalogue, period, month = self._conn, self._catalogue, self._period, self._month
        if table.kind == REGISTERS:
            return _register_reader(conn, table, OWN_FIELD[unit_kind])
        if period is None or month is None:
            raise ValueError("tasks and figures belong to a period")
        if table.kind == TASKS:
            return lambda unit: _tasks(conn, catalogue, table, unit, period)
        return month.progress(table) if table.code == PROGRESS else month.reports(table, unit_kind)


def _register_reader(conn: sqlite3.Connection, table: BookTable, own: str) -> RowsOf:
    schema = table.schema
    whose: dict[str, list[str]] = {}
    # Once through the table for all units; asking for each unit would go through it as often.
    sql = f"SELECT {quoted(own)}, id FROM {quoted(schema.table)} WHERE deleted_at IS NULL ORDER BY seq"
    for unit_id, row_id in conn.execute(sql):
        whose.setdefault(unit_id, []).append(row_id)

    def read(unit: Assignee) -> list[BookRow]:
        ids = whose.get(unit.id, [])
        bases = last_changes(conn, schema.table, ids)
        return [
            BookRow(row.id, bases.get(row.id, 0), values_of(table, row.values, row.labels))
            for row in records.get_many(conn, schema, ids)
        ]

    return read


def _tasks(
    conn: sqlite3.Connection, catalogue: Catalogue, table: BookTable, unit: Assignee, period: Period
) -> list[BookRow]:
    found: list[tuple[str, dict[str, Cell]]] = []
    for each in tasks_of_assignee(conn, catalogue, unit.id):
        cell = each.cells.get(period.year)
        if cell is not None:
            known: dict[str, Cell] = {"task": each.title, "unit": each.unit or None}
            found.append((cell.assignment_id, {**known, **{n: c for n, c in cell.values.items() if c is not None}}))
    bases = last_changes(conn, table.schema.table, [row_id for row_id, _ in found])
    return [BookRow(row_id, bases.get(row_id, 0), values_of(table, values, {})) for row_id, values in found]
