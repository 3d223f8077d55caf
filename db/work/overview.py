"""The county at a glance: the figures that the page 总览 shows, each with the place it leads to.

overview(conn, catalogue, *, today, limit=50) -> Overview
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from db.core.fields import TableSchema
from db.core.values import from_micro
from db.plan.catalogue import Catalogue
from db.plan.editions import in_force
from db.store.connection import quoted
from db.store.exact_sum import exact_sum, read_sum
from db.work.assignees import find_assignees
from db.work.quotas import quota_table
from db.work.registers import registers, unfinished
from db.work.task_states import Share, StateKind, TaskState, shares, states
from db.work.tasks import clause_of, title_of

SOON = 30
"""Within how many days a deadline is shown as near."""

_NOT_PASSED = "deadline >= ?1"
"""Nobody says yet which assignments are done; one whose day has passed can't be called overdue."""


@dataclass(frozen=True)
class PartShare:
    """How far a part of the plan is broken down."""

    part: str
    title: str
    share: Share


@dataclass(frozen=True)
class RegisterShare:
    """A register with its live rows, those finished, and its investments in 万元 (0 where nothing was reported)."""

    name: str
    title: str
    rows: int
    finished: int
    total_investment: Decimal
    completed_investment: Decimal


@dataclass(frozen=True)
class Deadline:
    """Something due: an assignment (`task_id`) or a row of a register (`register`); `days` is negative when overdue."""

    title: str
    who: str
    due: date
    days: int
    task_id: str = ""
    year: int = 0
    register: str = ""
    row_id: str = ""

    @property
    def overdue(self) -> bool:
        """Return whether the day has passed."""
        return self.days < 0


@dataclass(frozen=True)
class LastSubmission:
    """The newest export: `exported_at` is local ISO time."""

    kind: str
    period: str
    sequence: int
    exported_at: str
    status: str
    file_name: str


@dataclass(frozen=True)
class Overview:
    """All figures of the page. `quotas_told` of `quotas_wanted` targets have a quota; the others await the province."""

    whole: Share
    parts: tuple[PartShare, ...]
    states: dict[str, TaskState]
    quotas_told: int
    quotas_wanted: int
    registers: tuple[RegisterShare, ...]
    deadlines: tuple[Deadline, ...]
    due_soon: int
    overdue: int
    last_submission: LastSubmission | None

    @property
    def projects(self) -> int:
        """Return the number of rows in all registers."""
        return sum(register.rows for register in self.registers)

    @property
    def total_investment(self) -> Decimal:
        """Return the investment of all registers in 万元."""
        return sum((register.total_investment for register in self.registers), Decimal(0))

    @property
    def completed_investment(self) -> Decimal:
        """Return the investment made so far, of all registers, in 万元."""
        return sum((register.completed_investment for register in self.registers), Decimal(0))

    @property
    def unbalanced(self) -> int:
        """Return how many tasks do not add up."""
        return self.whole.of(StateKind.UNBALANCED)


def overview(conn: sqlite3.Connection, catalogue: Catalogue, *, today: date, limit: int = 50) -> Overview:
    """Return the county's state on the day `today`, with the `limit` most urgent deadlines, the most overdue first."""
    found = states(conn, catalogue)
    by_place = shares(catalogue, found)
    told = quota_table(conn, catalogue)
    known = registers(conn)
    deadlines, soon, overdue = _deadlines(conn, catalogue, known, today, limit)
    return Overview(
        whole=by_place[""],
        parts=tuple(PartShare(part.id, part.title, by_place[part.id]) for part in catalogue.parts),
        states=found,
        quotas_told=sum(bool(row.quotas) for row in told),
        quotas_wanted=sum(not row.pending for row in told),
        registers=tuple(_register(conn, schema) for schema in known),
        deadlines=tuple(deadlines),
        due_soon=soon,
        overdue=overdue,
        last_submission=_last_submission(conn),
    )


def _register(conn: sqlite3.Connection, schema: TableSchema) -> RegisterShare:
    def summed(name: str) -> str:
        return exact_sum(quoted(name) if name in schema else "0")

    rows, finished, total, completed = conn.execute(
        f"SELECT count(*), coalesce(sum(NOT ({unfinished(schema)})), 0),"
        f" {summed('total_investment')}, {summed('completed_investment')}"
        f" FROM {quoted(schema.table)} WHERE deleted_at IS NULL"
    ).fetchone()
    total, completed = (from_micro(read_sum(each)) for each in (total, completed))
    return RegisterShare(schema.name, schema.title, rows, finished, total, completed)


def _deadlines(
    conn: sqlite3.Connection, catalogue: Catalogue, known: Sequence[TableSchema], today: date, limit: int
) -> tuple[list[Deadline], int, int]:
    """Return the most urgent deadlines, and how many are near and how many overdue in all."""
    last = (today + timedelta(days=SOON)).isoformat()
    found = _assignments_due(conn, catalogue, today, last, limit)
    overdue, soon = _count(conn, "assignment", "deadline", _NOT_PASSED, today, last)
    for schema in known:
        if "planned_completion_on" not in schema:
            continue
        going_on = unfinished(schema)
        found += _rows_due(conn, schema, going_on, today, last, limit)
        late, near = _count(conn, schema.table, "planned_completion_on", going_on, today, last)
        overdue, soon = overdue + late, soon + near
    return sorted(found, key=lambda deadline: deadline.due)[:limit], soon, overdue


def _count(
    conn: sqlite3.Connection, table: str, column: str, condition: str, today: date, last: str
) -> tuple[int, int]:
    late, near = conn.execute(
        f"SELECT coalesce(sum({column} < ?1), 0), coalesce(sum({column} >= ?1), 0) FROM {quoted(table)}"
        f" WHERE deleted_at IS NULL AND {column} <= ?2 AND {condition}",
        (today.isoformat(), last),
    ).fetchone()
    return late, near


def _assignments_due(
    conn: sqlite3.Connection, catalogue: Catalogue, today: date, last: str, limit: int
) -> list[Deadline]:
    rows = conn.execute(
        "SELECT id, task_id, year, assignee_kind, assignee_id, deadline FROM assignment"
        f" WHERE deleted_at IS NULL AND {in_force('task_id')} AND deadline <= ?2 AND {_NOT_PASSED}"
        " ORDER BY deadline, seq LIMIT ?3",
        (today.isoformat(), last, limit),
    ).fetchall()
    names = {who.key: who.name for who in find_assignees(conn, {(row[3], row[4]) for row in rows})}
    found: list[Deadline] = []
    for row_id, task_id, year, kind, who, due in rows:
        task = catalogue.task(task_id)
        title = task_id if task is None else f"{clause_of(catalogue, task).id} {title_of(task)}"
        day, name = _day(due), names.get((kind, who), "")
        if day is not None:
            found.append(Deadline(title, name, day, (day - today).days, task_id=task_id, year=year, row_id=row_id))
    return found


def _rows_due(
    conn: sqlite3.Connection, schema: TableSchema, unfinished: str, today: date, last: str, limit: int
) -> list[Deadline]:
    title = quoted(schema.initials_of) if schema.initials_of else "''"
    town = "(SELECT name FROM town WHERE town.id = t.town_id)" if "town_id" in schema else "''"
    rows = conn.execute(
        f"SELECT id, coalesce({title}, ''), coalesce({town}, ''), planned_completion_on FROM {quoted(schema.table)} t"
        f" WHERE deleted_at IS NULL AND planned_completion_on <= ? AND {unfinished}"
        " ORDER BY planned_completion_on, seq LIMIT ?",
        (last, limit),
    )
    found: list[Deadline] = []
    for row_id, name, who, due in rows:
        day = _day(due)
        if day is not None:
            found.append(Deadline(name, who, day, (day - today).days, register=schema.name, row_id=row_id))
    return found


def _day(text: str) -> date | None:
    """Return the date, None for what another program wrote into the file and is none; the checks tell about it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _last_submission(conn: sqlite3.Connection) -> LastSubmission | None:
    row = conn.execute(
        "SELECT kind, period, sequence, coalesce(exported_at, ''), coalesce(status, ''), coalesce(file_name, '')"
        " FROM submission WHERE deleted_at IS NULL ORDER BY exported_at DESC, seq DESC LIMIT 1"
    ).fetchone()
    return None if row is None else LastSubmission(*row)
