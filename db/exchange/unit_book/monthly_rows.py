"""A unit's month in its workbook: the figures of its tasks, and the reports of its projects.

progress_reader(conn, catalogue, table, period) -> RowsOf
reports_reader(conn, table, unit_kind, period) -> RowsOf
"""

from __future__ import annotations

import sqlite3
from decimal import Decimal

from db.core.period import Period
from db.core.values import Cell
from db.exchange.unit_book.form import OWN_FIELD, BookTable
from db.exchange.unit_book.rows import BookRow, RowsOf, values_of
from db.plan.catalogue import Catalogue
from db.store.connection import quoted
from db.store.past import last_changes
from db.work.assignees import Assignee
from db.work.monthly.grid import month_grid
from db.work.monthly.model import FigureKind, Filed
from db.work.monthly.projects import ProjectLine, report_lines
from db.work.monthly.rows import MonthRow, month_rows
from db.work.registers import registers
from db.work.tasks import clause_of, task_of

_OTHERS = {
    FigureKind.AMOUNT: frozenset({"numerator", "denominator", "stage"}),
    FigureKind.RATE: frozenset({"stage"}),
    FigureKind.STAGE: frozenset({"amount", "numerator", "denominator"}),
}
"""The columns that a kind of figure does not ask for: they are closed in its row."""


def progress_reader(conn: sqlite3.Connection, catalogue: Catalogue, table: BookTable, period: Period) -> RowsOf:
    """Return what reads a unit's tasks of the month with what it has filed so far."""
    grid = month_grid(conn, catalogue, period)
    places: dict[tuple[str, str], list[int]] = {}
    for place, line in enumerate(grid.lines):
        places.setdefault((line.key.assignee_kind, line.key.assignee_id), []).append(place)

    def read(unit: Assignee) -> list[BookRow]:
        rows = month_rows(conn, catalogue, grid, places.get(unit.key, []))
        bases = last_changes(conn, table.schema.table, [row.now.id for row in rows if row.now.id])
        return [
            BookRow(
                row.now.id,
                bases.get(row.now.id, 0),
                values_of(table, _progress(catalogue, row), {}),
                _OTHERS[row.kind],
            )
            for row in rows
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


def reports_reader(conn: sqlite3.Connection, table: BookTable, unit_kind: str, period: Period) -> RowsOf:
    """Return what reads the reports of the month of a unit's projects that are not finished."""
    owners = _owners(conn, OWN_FIELD[unit_kind])
    lines: dict[str, list[ProjectLine]] = {}
    for line in report_lines(conn, period):
        lines.setdefault(owners.get(line.key, ""), []).append(line)

    def read(unit: Assignee) -> list[BookRow]:
        own = lines.get(unit.id, [])
        bases = last_changes(conn, table.schema.table, [line.now.id for line in own if line.now.id])
        return [BookRow(line.now.id, bases.get(line.now.id, 0), values_of(table, _report(line), {})) for line in own]

    return read


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
