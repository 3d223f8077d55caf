"""Actual against planned, month by month: of a target in the whole county, or of one assignee's share.

curve(conn, catalogue, period, task_id, key=None, whole=False) -> Curve
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from db.core.period import Period
from db.plan.catalogue import Catalogue
from db.work.monthly.facts import read_facts
from db.work.monthly.figures import COLUMNS, Ratio, Stored, figure_of, filing_of, parts_of, total
from db.work.monthly.forecasts import forecast
from db.work.monthly.goals import DueTask, Goal, due_task
from db.work.monthly.lamps import rules
from db.work.monthly.model import COUNTY, FigureKind, Filing, RowKey, goes_on, month_before
from db.work.monthly.plans import curve_shares
from db.work.monthly.totals import speaks_for_all
from db.work.quotas import Quota
from db.work.tasks import task_of


@dataclass(frozen=True)
class CurvePoint:
    """A month: the figure at its end (None: none filed, or it lies ahead) and what was planned by then.

    `carried`: some of it is older, for somebody filed nothing in the month; `silent`: nobody did.
    """

    period: Period
    actual: Decimal | None
    planned: Decimal | None
    carried: bool = False
    silent: bool = False


@dataclass(frozen=True)
class Curve:
    """The months of a year, or of the whole plan, in `unit` ("%" for a stage: its points).

    `forecast` is the month of completion at the pace of the last months; `expected` the straight way there, from the
    month `period`, for drawing: (month, value).
    """

    task_id: str
    title: str
    unit: str
    goal: Decimal | None
    period: Period
    points: tuple[CurvePoint, ...]
    forecast: Period | None
    expected: tuple[tuple[Period, Decimal], ...]


def curve(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    period: Period,
    task_id: str,
    key: RowKey | None = None,
    *,
    whole: bool = False,
) -> Curve:
    """Return the curve of a task in the county, or of the line `key`, over the year of `period`, or the `whole` plan.

    DataProblem for a task that the plan does not have.
    """
    task = task_of(catalogue, task_id)
    facts = read_facts(conn, catalogue, period, task_id)
    line = next((line for line in facts.lines if line.key == key), None) if key else None
    years = catalogue.years if whole else (period.year,)
    months = [Period(year, month) for year in years for month in range(1, 13)]
    owners = {key.assignee_id} if key else {who.key.assignee_id for who in facts.lines}
    if not key and any(who.key.assignee_kind != COUNTY for who in facts.lines):
        owners = _assigned(conn, task_id, period)
    told = facts.told
    judged = due_task(catalogue, task, period)
    then = month_before(period, rules().forecast_months)
    past = _months(min(months[0], then), period)
    alone = key is not None or any(each.due.id == task_id and speaks_for_all(each) for each in facts.lines.tasks)
    filed = _timeline(judged, _stored(conn, task_id, period, key.assignee_id if key else ""), owners, past, alone)
    goal = line.goal if line is not None else facts.totals[task_id].goal if task_id in facts.totals else Goal(None)
    points = []
    for month in months:
        due = due_task(catalogue, task, month, curve_shares(conn, catalogue, month, told).get(task_id))
        own = _goal_at(due, goal, line.year if line is not None else None, told.get(task_id, {}))
        actual, carried, silent = filed.get(month, (None, False, False))
        value = None if actual is None else actual.value
        points.append(CurvePoint(month, value, _planned(due, own), carried, silent))
    now = filed[period][0]
    counted = judged.kind is FigureKind.AMOUNT
    ahead = forecast(judged, goal, _whole(now), _whole(filed[then][0])) if counted else None
    return Curve(
        task_id=task_id,
        title=judged.title,
        unit="%" if judged.kind is FigureKind.STAGE else judged.unit,
        goal=None if goal.amount is None else Ratio(goal.amount).value,
        period=period,
        points=tuple(points),
        forecast=ahead,
        expected=_expected(period, now, goal, ahead),
    )


Filed = tuple[Ratio | None, bool, bool]
"""The figure at the end of a month, and whether any of it is older, or all."""


def _timeline(
    due: DueTask, entries: list[tuple[str, Stored]], owners: set[str], months: list[Period], alone: bool
) -> dict[Period, Filed]:
    """Return the figure of every month, of `entries` in the order of time; the newest of each owner counts.

    `alone`: the one owner there is answers for the whole, and his rate needs no parts.
    """
    found: dict[Period, Filed] = {}
    newest: dict[str, Stored] = {}
    place = 0
    for month in months:
        if month.month == 1 and not goes_on(due.task):
            newest.clear()
        until, first = str(month), "" if goes_on(due.task) else f"{month.year}-01"
        while place < len(entries) and entries[place][1].period <= until:
            who, stored = entries[place]
            place += 1
            filing = filing_of(due.kind, stored)
            if who in owners and filing is Filing.FIGURE and stored.period >= first:
                newest[who] = stored
            elif filing is Filing.NOT_APPLICABLE:
                newest.pop(who, None)
        found[month] = _sum(due, newest, until, alone)
    return found


def _sum(due: DueTask, newest: Mapping[str, Stored], month: str, alone: bool) -> Filed:
    older = [stored.period != month for stored in newest.values()]
    carried, silent = any(older), bool(older) and all(older)
    parts = [each for stored in newest.values() if (each := parts_of(due, stored)) is not None]
    if alone and newest and not parts:
        return figure_of(due, next(iter(newest.values()))), carried, silent
    return total(due, parts), carried, silent


def _months(first: Period, last: Period) -> list[Period]:
    found = [first]
    while found[-1] < last:
        found.append(month_before(found[-1], -1))
    return found


def _goal_at(due: DueTask, goal: Goal, year: int | None, told: Mapping[int, Quota]) -> Goal:
    """Return the goal as it was in the month of `due`; `year` is that of a line's assignment, None for the county."""
    if year is None:
        county = due.county(told, {})
        if county.amount is not None or told:
            return county
        year = due.period.year
    if goal.amount is None:
        return goal
    return due.share(year, goal.amount - goal.before, goal.before, goal.deadline)


def _planned(due: DueTask, goal: Goal) -> Decimal | None:
    if goal.amount is None:
        return None
    if due.common.get("cap") and not due.common.get("spreads"):
        return Ratio(goal.amount).value
    base = due.common.get("base", 0)
    before = goal.before or base
    micro = Decimal(before) + Decimal(goal.amount - before) * goal.passed / goal.days
    return (micro / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _expected(
    period: Period, now: Ratio | None, goal: Goal, ahead: Period | None
) -> tuple[tuple[Period, Decimal], ...]:
    if now is None or ahead is None or goal.amount is None or ahead <= period:
        return ()
    return (period, now.value), (ahead, Ratio(goal.amount).value)


def _whole(found: Ratio | None) -> int | None:
    return None if found is None else found.top


def _assigned(conn: sqlite3.Connection, task_id: str, period: Period) -> set[str]:
    sql = "SELECT DISTINCT assignee_id FROM assignment WHERE task_id = ? AND year <= ? AND deleted_at IS NULL"
    return {who for (who,) in conn.execute(sql, (task_id, period.year))}


def _stored(conn: sqlite3.Connection, task_id: str, period: Period, who: str = "") -> list[tuple[str, Stored]]:
    """Return every entry of the task up to the month, or those of one assignee, with whose it is, in order of time."""
    narrowed = " AND p.assignee_id = ?" if who else ""
    rows = conn.execute(
        f"SELECT p.assignee_id, {COLUMNS} FROM progress p WHERE p.task_id = ? AND p.period <= ?"
        f" AND p.deleted_at IS NULL{narrowed} ORDER BY p.period",
        (task_id, str(period), *([who] if who else ())),
    )
    return [(who, Stored._make(columns)) for who, *columns in rows]
