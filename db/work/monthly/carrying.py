"""The last figure that was filed before a month, for lines that have none in it.

Figures that restart in January, and rates of a year, are looked for in this year alone. 暂无数据 is no figure, so the
search goes on behind it; 不涉及 ends it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping

from db.core.period import Period
from db.store.records import chunks, in_list
from db.work.monthly.figures import COLUMNS, Stored, filing_of
from db.work.monthly.goals import DueTask
from db.work.monthly.model import Filing, goes_on, month_before

FEW = 200
"""Up to how many lines are looked up one by one; more are read month by month with all others of their tasks."""

_FIGURE = (
    "(p.amount IS NOT NULL OR p.numerator IS NOT NULL OR p.stage IS NOT NULL OR p.states LIKE '%不涉及%')"
    " AND p.deleted_at IS NULL"
)

Wanted = Mapping[str, Collection[str]]
"""Assignees by task."""


def older_figures(
    conn: sqlite3.Connection, tasks: Mapping[str, DueTask], period: Period, wanted: Wanted
) -> dict[str, dict[str, Stored]]:
    """Return the newest entry with a figure before `period`, by task and assignee; absent where there is none."""
    found: dict[str, dict[str, Stored]] = {}
    left = {task_id: set(who) for task_id, who in wanted.items() if who}
    january, month = str(Period(period.year, 1)), period
    while True:
        month = month_before(month)
        for task_id in list(left):
            first = "" if goes_on(tasks[task_id].task) else january
            if not left[task_id] or str(month) < first or not _any_before(conn, task_id, str(month), first):
                del left[task_id]
        if sum(map(len, left.values())) <= FEW:
            break
        for task_id, who, stored in _entries(conn, left, month):
            if who in left[task_id] and _settle(tasks[task_id], found.setdefault(task_id, {}), who, stored):
                left[task_id].discard(who)
    for task_id, assignees in left.items():
        first = "" if goes_on(tasks[task_id].task) else january
        for who in assignees:
            row = conn.execute(
                f"SELECT {COLUMNS} FROM progress p WHERE p.task_id = ? AND p.assignee_id = ?"
                f" AND p.period >= ? AND p.period <= ? AND {_FIGURE} ORDER BY p.period DESC LIMIT 1",
                (task_id, who, first, str(month)),
            ).fetchone()
            if row is not None:
                _settle(tasks[task_id], found.setdefault(task_id, {}), who, Stored._make(row))
    return found


def _settle(due: DueTask, found: dict[str, Stored], who: str, older: Stored) -> bool:
    """Take an older entry's figure, and return whether the search is over."""
    filing = filing_of(due.kind, older)
    if filing is Filing.FIGURE:
        found[who] = older
    return filing in (Filing.FIGURE, Filing.NOT_APPLICABLE)


def _any_before(conn: sqlite3.Connection, task_id: str, month: str, first: str) -> bool:
    sql = "SELECT 1 FROM progress WHERE task_id = ? AND period <= ? AND period >= ? LIMIT 1"
    return conn.execute(sql, (task_id, month, first)).fetchone() is not None


def _entries(conn: sqlite3.Connection, wanted: Wanted, period: Period) -> list[tuple[str, str, Stored]]:
    """Return every entry of the month for these tasks: task, assignee, columns."""
    found: list[tuple[str, str, Stored]] = []
    for ids in chunks(wanted):
        rows = conn.execute(
            f"SELECT p.task_id, p.assignee_id, {COLUMNS} FROM progress p"
            f" WHERE {in_list('p.task_id', ids)} AND p.period = ? AND p.deleted_at IS NULL",
            [*ids, str(period)],
        )
        found += [(task_id, who, Stored._make(columns)) for task_id, who, *columns in rows]
    return found
