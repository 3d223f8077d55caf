"""When a figure will reach its goal if it goes on as in the last months."""

from __future__ import annotations

from db.core.period import Period
from db.plan.vocabulary import Measure
from db.work.monthly.goals import DueTask, Goal
from db.work.monthly.lamps import rules
from db.work.monthly.model import FigureKind, month_before

_FARTHEST = 120


def forecast(due: DueTask, goal: Goal, now: int | None, then: int | None) -> Period | None:
    """Return the month of completion, None where it cannot be told: no amount, a limit, no progress, beyond ten years.

    `now` is the figure at the month's end and `then` that of `forecast_months` months before, in micro-units; without
    it, and for a flow, the pace is that of this year so far. The month itself when the goal is reached already.
    """
    if due.kind is not FigureKind.AMOUNT or due.common.get("cap") or now is None or goal.amount is None:
        return None
    if now >= goal.amount:
        return due.period
    months = rules().forecast_months
    if then is None or due.measure is Measure.FLOW:
        months, then = due.period.month, 0 if due.measure is Measure.FLOW else goal.before
    gained = now - then
    if gained <= 0:
        return None
    needed = -(-(goal.amount - now) * months // gained)
    return month_before(due.period, -needed) if needed <= _FARTHEST else None


def in_words(month: Period | None) -> str:
    """Return the forecast as people read it."""
    return f"预计{month.title}完成" if month else "按近几个月的进度看不出何时完成"
