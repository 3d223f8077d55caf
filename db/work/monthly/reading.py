"""What the file holds of one task in one month, as whole numbers, in few and narrow columns.

A county can have 20,000 lines in a month: whatever most rows share (the task's own unit, the year's last day, no
state) comes as None, which costs nothing to fetch.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from db.core.period import Period
from db.plan.vocabulary import Measure
from db.store.exact_sum import exact_sum, read_sum
from db.work.monthly.figures import Stored, in_task_unit
from db.work.monthly.goals import DueTask
from db.work.monthly.model import goes_on


class Share(NamedTuple):
    """What somebody has of a task in its newest year, and what was filed for it this month.

    `amount` is in micro-units of `own_unit` (None: the task's), `deadline` None for the year's last day. The columns of
    the entry are those of `Stored`; `states` is None for none. `reviewed` is None where there is no entry.
    """

    who: str
    kind: str
    amount: int | None
    own_unit: str | None
    deadline: str | None
    filed: int | None
    numerator: int | None
    denominator: int | None
    stage: str | None
    filed_unit: str | None
    states: str | None
    reviewed: int | None

    def entry(self, month: str) -> Stored | None:
        """Return the entry of the month, None when there is none."""
        if self.reviewed is None:
            return None
        return Stored(
            month,
            self.filed,
            self.numerator,
            self.denominator,
            self.stage,
            self.filed_unit,
            self.states or "{}",
            self.reviewed,
            None,
        )


Row = tuple[Any, ...]
"""The columns of a `Share` as the file gave them: 20,000 of them need not be named to be counted."""

WHO, KIND, AMOUNT, OWN_UNIT, DEADLINE, FILED, NUMERATOR, DENOMINATOR, STAGE, FILED_UNIT, STATES, REVIEWED = range(12)
"""Where the columns of a `Row` are."""


class Earlier(NamedTuple):
    """What somebody was given in earlier years: the newest of them, what it comes to (micro-units of the task's).

    What counts from the plan's beginning is added over the years; of a stock the newest year's amount is the whole.
    """

    kind: str
    year: int
    amount: int | None
    deadline: str | None


_ENTRY = (
    "p.amount, p.numerator, p.denominator, p.stage, nullif(p.unit, ?3), nullif(p.states, '{}'),"
    " coalesce(p.reviewed, iif(p.seq IS NULL, NULL, 1))"
)
_THIS_YEAR = (
    "SELECT a.assignee_id, a.assignee_kind, a.amount, nullif(a.unit, ?3), nullif(a.deadline, ?5),"
    f" {_ENTRY} FROM assignment a LEFT JOIN progress p INDEXED BY progress_figures"
    " ON p.task_id = ?1 AND p.period = ?4 AND p.assignee_id = a.assignee_id AND p.deleted_at IS NULL"
    " WHERE a.task_id = ?1 AND a.year = ?2 AND a.deleted_at IS NULL ORDER BY a.assignee_id"
)
_OTHERS = (
    f"SELECT p.assignee_id, {_ENTRY} FROM progress p"
    " WHERE p.task_id = ?1 AND p.period = ?4 AND p.deleted_at IS NULL AND ?2 = ?2 AND ?5 = ?5"
)
_WHO_EARLIER = (
    "SELECT json_group_array(assignee_id) FROM assignment INDEXED BY assignment_figures"
    " WHERE task_id = ? AND year < ? AND deleted_at IS NULL"
)
_EARLIER = (
    f"SELECT a.assignee_id, a.assignee_kind, a.unit, max(a.year), {exact_sum('a.amount')}, count(a.amount),"
    " max(a.deadline) FROM assignment a WHERE a.task_id = ?1 AND a.year < ?2 AND a.deleted_at IS NULL"
)


def shares_of(conn: sqlite3.Connection, due: DueTask) -> list[Row]:
    """Return the task's assignments of the year with what was filed for them, in the columns of `Share`."""
    return conn.execute(_THIS_YEAR, _parameters(due)).fetchall()


def entries_of(conn: sqlite3.Connection, due: DueTask, wanted: Mapping[str, Earlier]) -> dict[str, Share]:
    """Return what the `wanted` assignees, who have nothing of the task this year, filed this month."""
    found = {who: (who, each.kind, each.amount, None, each.deadline) for who, each in wanted.items()}
    nothing = (None,) * 7
    shares = {who: Share(*head, *nothing) for who, head in found.items()}
    if wanted:
        for who, *columns in conn.execute(_OTHERS, _parameters(due)):
            if who in found:
                shares[who] = Share(*found[who], *columns)
    return shares


def earlier_of(conn: sqlite3.Connection, due: DueTask, now: Collection[str]) -> dict[str, Earlier]:
    """Return what was given out in earlier years, by assignee; of a task that adds up over the years to all, else to
    those who have nothing of it `now`.
    """
    if not goes_on(due.task):
        return {}
    adds_up, time = due.measure is Measure.CUMULATIVE, (due.id, due.period.year)
    if adds_up:
        rows = conn.execute(f"{_EARLIER} GROUP BY 1, 2, 3", time)
    else:
        (everybody,) = conn.execute(_WHO_EARLIER, time).fetchone()
        gone = set(json.loads(everybody)).difference(now)
        if not gone:
            return {}
        only = "a.assignee_id IN (SELECT value FROM json_each(?3))"
        rows = conn.execute(f"{_EARLIER} AND {only} GROUP BY 1, 2, 3, a.year", (*time, json.dumps(sorted(gone))))
    found: dict[str, Earlier] = {}
    for who, kind, unit, year, summed, filled, deadline in rows:
        amount = in_task_unit(due, read_sum(summed), unit) if filled else None
        before = found.get(who)
        if before is not None and not adds_up and before.year > year:
            continue
        if before is not None and adds_up:
            # Years that were typed in different units.
            amount = amount if before.amount is None else before.amount + (amount or 0)
            year, deadline = max(year, before.year), max(deadline or "", before.deadline or "") or None
        found[who] = Earlier(kind, year, amount, deadline)
    return found


def _parameters(due: DueTask) -> tuple[str, int, str, str, str]:
    period: Period = due.period
    return (due.id, period.year, due.unit, str(period), f"{period.year}-12-31")
