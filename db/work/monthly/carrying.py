"""What is known of every line at the end of a month: its entry, or else the last figure that was filed before.

Figures that restart in January, and rates of a year, are looked for in this year alone. 暂无数据 is no figure, so the
search goes on behind it; 不涉及 ends it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from typing import NamedTuple

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


class Known(NamedTuple):
    """`now` is the month's own entry; `stored` the newest with a figure, up to and with it, None if there is none."""

    now: Stored | None
    stored: Stored | None


Wanted = Mapping[str, Collection[str]]
"""Assignees by task."""


def known_figures(
    conn: sqlite3.Connection, tasks: Mapping[str, DueTask], period: Period, wanted: Wanted
) -> dict[str, dict[str, Known]]:
    """Return what is known of the `wanted` assignees by task and assignee; absent if nothing is."""
    found: dict[str, dict[str, Known]] = {task_id: {} for task_id in wanted}
    now = _entries(conn, wanted, period)
    open_ones: dict[str, set[str]] = {}
    for task_id, who in wanted.items():
        kind, own, present = tasks[task_id].kind, found[task_id], now.get(task_id, {})
        unknown = set()
        for assignee in who:
            stored = present.get(assignee)
            filing = filing_of(kind, stored)
            if filing is Filing.FIGURE:
                own[assignee] = Known(stored, stored)
            else:
                if stored is not None:
                    own[assignee] = Known(stored, None)
                if filing is not Filing.NOT_APPLICABLE:
                    unknown.add(assignee)
        if unknown:
            open_ones[task_id] = unknown
    _look_back(conn, tasks, period, open_ones, found)
    return found


def _look_back(
    conn: sqlite3.Connection,
    tasks: Mapping[str, DueTask],
    period: Period,
    open_ones: dict[str, set[str]],
    found: dict[str, dict[str, Known]],
) -> None:
    """Find older figures of the lines in `open_ones`, and put them into `found`."""
    january, month = str(Period(period.year, 1)), period
    while True:
        month = month_before(month)
        for task_id in list(open_ones):
            first = "" if goes_on(tasks[task_id].task) else january
            if str(month) < first or not _any_before(conn, task_id, str(month), first):
                del open_ones[task_id]
        if sum(map(len, open_ones.values())) <= FEW:
            break
        for task_id, entries in _entries(conn, open_ones, month).items():
            for assignee in open_ones[task_id] & entries.keys():
                if _settle(tasks[task_id], found[task_id], assignee, entries[assignee]):
                    open_ones[task_id].discard(assignee)
    for task_id, assignees in open_ones.items():
        first = "" if goes_on(tasks[task_id].task) else january
        for assignee in assignees:
            row = conn.execute(
                f"SELECT {COLUMNS} FROM progress p WHERE p.task_id = ? AND p.assignee_id = ?"
                f" AND p.period >= ? AND p.period <= ? AND {_FIGURE} ORDER BY p.period DESC LIMIT 1",
                (task_id, assignee, first, str(month)),
            ).fetchone()
            if row is not None:
                _settle(tasks[task_id], found[task_id], assignee, Stored._make(row))


def _settle(due: DueTask, found: dict[str, Known], assignee: str, older: Stored) -> bool:
    """Take an older entry for what is known, and return whether the search is over."""
    filing = filing_of(due.kind, older)
    if filing is Filing.FIGURE:
        present = found.get(assignee)
        found[assignee] = Known(present.now if present is not None else None, older)
    return filing in (Filing.FIGURE, Filing.NOT_APPLICABLE)


def _any_before(conn: sqlite3.Connection, task_id: str, month: str, first: str) -> bool:
    sql = "SELECT 1 FROM progress WHERE task_id = ? AND period <= ? AND period >= ? LIMIT 1"
    return conn.execute(sql, (task_id, month, first)).fetchone() is not None


def _entries(conn: sqlite3.Connection, wanted: Wanted, period: Period) -> dict[str, dict[str, Stored]]:
    """Return every entry of the month for these tasks, by task and assignee."""
    found: dict[str, dict[str, Stored]] = {}
    make = Stored._make
    for ids in chunks(wanted):
        rows = conn.execute(
            f"SELECT p.task_id, p.assignee_id, {COLUMNS} FROM progress p"
            f" WHERE {in_list('p.task_id', ids)} AND p.period = ? AND p.deleted_at IS NULL",
            [*ids, str(period)],
        )
        for row in rows:
            own = found.get(row[0])
            if own is None:
                own = found[row[0]] = {}
            own[row[1]] = make(row[2:])
    return found
