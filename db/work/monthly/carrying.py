"""The last figure that was filed before a month, for lines that have none in it.

Figures that restart in January, and rates of a year, are looked for in this year alone. 暂无数据 is no figure, so the
search goes on behind it; 不涉及 ends it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping

from db.core.period import Period
from db.work.monthly.figures import COLUMNS, Stored, filing_of
from db.work.monthly.goals import DueTask
from db.work.monthly.model import FigureKind, Filing, figure_kind, goes_on
from db.work.tasks import Task

Wanted = Mapping[str, Collection[str]]
"""Assignees by task."""

_FIGURE = {
    FigureKind.AMOUNT: "o.amount IS NOT NULL",
    FigureKind.RATE: "(o.amount IS NOT NULL OR (o.numerator IS NOT NULL AND o.denominator IS NOT NULL))",
    FigureKind.STAGE: "o.stage IS NOT NULL",
}
_ENDS = "({figure} OR o.states LIKE '%不涉及%')"
"""An entry behind which nobody looks for an older one."""

_OLDER = f"""
SELECT p.assignee_id, {COLUMNS} FROM json_each(?1) AS wanted JOIN progress p ON p.seq = (
    SELECT o.seq FROM progress o
    WHERE o.task_id = ?2 AND o.assignee_id = wanted.value AND o.period >= ?3 AND o.period < ?4 AND o.deleted_at IS NULL
    AND {_ENDS} ORDER BY o.period DESC LIMIT 1
)
"""


def older_figures(
    conn: sqlite3.Connection, tasks: Mapping[str, DueTask], period: Period, wanted: Wanted
) -> dict[str, dict[str, Stored]]:
    """Return the newest entry with a figure before `period`, by task and assignee; absent where there is none."""
    return {
        task_id: _older(conn, tasks[task_id], period, assignees) for task_id, assignees in wanted.items() if assignees
    }


def stands_until(conn: sqlite3.Connection, task: Task, assignee_id: str, period: str) -> str:
    """Return the last month that can be told of by what the assignee filed in `period`, "" for every later one.

    It is the one in which there is something newer, or, of what restarts in January, December.
    """
    ends = _ENDS.format(figure=_FIGURE[figure_kind(task)])
    (newer,) = conn.execute(
        "SELECT min(o.period) FROM progress o WHERE o.task_id = ? AND o.assignee_id = ? AND o.period > ?"
        f" AND o.deleted_at IS NULL AND {ends}",
        (task.id, assignee_id, period),
    ).fetchone()
    last = "" if goes_on(task) else f"{period[:4]}-12"
    return min(filter(None, (newer, last)), default="")


def _older(conn: sqlite3.Connection, due: DueTask, period: Period, wanted: Collection[str]) -> dict[str, Stored]:
    first = "" if goes_on(due.task) else str(Period(period.year, 1))
    sql = _OLDER.format(figure=_FIGURE[due.kind])
    found = {
        who: Stored._make(columns)
        for who, *columns in conn.execute(sql, (json.dumps(list(wanted)), due.id, first, str(period)))
    }
    return {who: stored for who, stored in found.items() if filing_of(due.kind, stored) is Filing.FIGURE}
