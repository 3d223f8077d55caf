"""The rules that need a function, by code; what they say stands in `resources/checks.toml`.

ROWS     (ctx, rule, schema) -> tests        conditions on the rows of one table, as SQL
TASKS    (ctx, rule) -> issues               of the tasks that `ctx.reach` names, of all without one
MONTHS   (ctx, rule, period) -> issues       the same in one month
WHOLE    (ctx, rule) -> issues               of everything
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from db.checks.context import Context
from db.checks.model import Issue
from db.checks.row_rules import RowCheck
from db.checks.rulebook import Rule
from db.checks.rules import (
    between,
    breakdown,
    compared,
    evaluated,
    filed,
    people,
    plan_rows,
    plan_tasks,
    proofs,
    sent,
    twice,
)
from db.core.period import Period

Check = Callable[[Context, Rule], Iterable[Issue]]
MonthCheck = Callable[[Context, Rule, Period], Iterable[Issue]]

ROWS: Mapping[str, RowCheck] = {
    **people.ROWS,
    **breakdown.ROWS,
    **between.ROWS,
    **plan_rows.ROWS,
    **filed.ROWS,
    **proofs.ROWS,
    **sent.ROWS,
}
TASKS: Mapping[str, Check] = {**breakdown.TASKS, **between.TASKS, **plan_tasks.TASKS}
MONTHS: Mapping[str, MonthCheck] = {**filed.MONTHS, **compared.MONTHS}
WHOLE: Mapping[str, Check] = {
    **people.WHOLE,
    **plan_tasks.WHOLE,
    **filed.TABLES,
    **compared.WHOLE,
    **proofs.WHOLE,
    **evaluated.WHOLE,
    **sent.WHOLE,
    **twice.TABLES,
    **twice.WHOLE,
}

__all__ = ["MONTHS", "ROWS", "TASKS", "WHOLE", "Check", "MonthCheck"]
