"""A unit's month in its workbook: the figures of its tasks, and the reports of its projects.

month = Month(conn, catalogue, period)               read once for all units
month.progress(table), month.reports(table, unit_kind) -> RowsOf
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property

from db.core.period import Period
from db.core.values import Cell
from db.exchange.unit_book.form import BookTable
from db.exchange.unit_book.rows import BookRow, RowsOf, values_of
from db.plan.catalogue import Catalogue
from db.store.connection import quoted
from db.store.past import last_changes
from db.work.assignees import Assignee
from db.work.monthly.grid import MonthGrid, month_grid
from db.work.monthly.model import FigureKind, Filed, RowKey
from db.work.monthly.projects import ProjectLine, report_lines
from db.work.monthly.rows import MonthRow, month_rows, new_doubts
from db.work.registers import registers
from db.work.tasks import clause_of, task_of
from db.work.unit_rows import OWN_FIELD

_OTHERS = {
    FigureKind.AMOUNT: frozenset({"numerator", "denominator", "stage"}),
    FigureKind.RATE: frozenset({"stage"}),
    FigureKind.STAGE: frozenset({"amount", "numerator", "denominator"}),
}
"""The columns that a kind of figure does not ask for: they are closed in its row."""


class Month:
    """One month of the county, as far as it is asked for."""

    def __init__(self, conn: sqlite3.Connection, catalogue: Catalogue, period: Period) -> None:
        self._conn, self._catalogue, self._period = conn, catalogue, period

    @cached_property
    def _grid(self) -> MonthGrid:
        return month_grid(self._conn, self._catalogue, self._period)

    @cached_property
    def _places(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = {}
        for place, line in enumerate(self._grid.lines):
            found.setdefault((line.key.assignee_kind, line.key.assignee_id), []).append(place)
        return found

    @cached_property
    def _lines(self) -> list[ProjectLine]:
        return report_lines(self._conn, self._period)

    def doubts(self, filed: Mapping[RowKey, Filed]) -> dict[RowKey, tuple[str, ...]]:
        """Return what would be doubtful about tasks if this were filed, and is not so now."""
        return new_doubts(self._conn, self._catalogue, self._grid, filed)

    def progress(self, table: BookTable) -> RowsOf:
        """Return what reads a unit's tasks of the month with what it has filed so far."""

        def read(unit: Assignee) -> list[BookRow]:
            rows = month_rows(self._conn, self._catalogue, self._grid, self._places.get(unit.key, []))
            bases = last_changes(self._conn, table.schema.table, [row.now.id for row in rows if row.now.id])
            return [
                BookRow(
                    row.now.id,
                    bases.get(row.now.id, 0),
                    values_of(table, _progress(self._catalogue, row), {}),
                    _OTHERS[row.kind],
                )
                for row in rows
            ]

        return read

    def reports(self, table: BookTable, unit_kind: str) -> RowsOf:
        """Return what reads the reports of the month of a unit's projects that are not finished."""
        owners = _owners(self._conn, OWN_FIELD[unit_kind])
        lines: dict[str, list[ProjectLine]] = {}
        for line in self._lines:
            lines.setdefault(owners.get(line.key, ""), []).append(line)

        def read(unit: Assignee) -> list[BookRow]:
            own = lines.get(unit.id, [])
            bases = last_changes(self._conn, table.schema.table, [line.now.id for line in own if line.now.id])
            return [
                BookRow(line.now.id, bases.get(line.now.id, 0), values_of(table, _report(line), {})) for line in own
            ]

        return read


def _progress(catalogue: Catalogue, row: MonthRow) -> dict[str, Cell]:
    unit = row.now.unit or row.unit
    clause = clause_of(catalogue, task_of(catalogue, row.key.task_id))
    return {
        "task_id": row.key.task_id,
        "clause": clause.title,
        "indicator": row.title,
        "unit": unit or None,
        "assigned": row.assigned,
        "last_month": _earlier(row.last, unit),
        "last_year": _earlier(row.year_ago, unit),
        "amount": row.now.amount,
        "numerator": row.now.numerator,
        "denominator": row.now.denominator,
        "stage": row.now.stage,
        "situation": row.now.situation or None,
        "problems": row.now.problems or None,
        "next_steps": row.now.next_steps or None,
    }


def _earlier(filed: Filed, unit: str) -> Cell:
    """Return an earlier month's figure to look at, as a number where it is one in the same unit."""
    if not filed.id:
        return None
    if isinstance(filed.amount, Decimal) and filed.numerator is None:
        return filed.amount if filed.unit in ("", unit) else f"{filed.text}{filed.unit}"
    return filed.text


def _owners(conn: sqlite3.Connection, own: str) -> dict[tuple[str, str], str]:
    """Return whose each project is, by the register's name and the row's id."""
    found: dict[tuple[str, str], str] = {}
    for schema in registers(conn):
        if own in schema:
            rows = conn.execute(f"SELECT id, {quoted(own)} FROM {quoted(schema.table)} WHERE {quoted(own)} IS NOT NULL")
            found |= {(schema.name, row_id): unit_id for row_id, unit_id in rows}
    return found


def _report(line: ProjectLine) -> dict[str, Cell]:
    known = line.last.completed_investment if line.last.filed else line.present.completed_investment
    return {
        "register": line.key.register,
        "row_id": line.key.row_id,
        "register_title": line.register_title,
        "project": line.name,
        "last_month": known,
        "completed_investment": line.now.completed_investment,
        "stage": line.now.stage,
        "situation": line.now.situation or None,
        "problems": line.now.problems or None,
        "next_steps": line.now.next_steps or None,
    }
