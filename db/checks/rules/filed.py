"""What was filed for a month: is anything missing, was it looked at, can it be?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from db.checks.context import Context
from db.checks.model import Issue
from db.checks.rulebook import Rule
from db.checks.rules.entries import Entry, entries
from db.core.period import Period
from db.work.arithmetic import figure
from db.work.monthly.lamps import LampKind
from db.work.monthly.model import FigureKind, Filing

_NAMED = 3


def nothing_filed(ctx: Context, period: Period) -> bool:
    """Return whether nobody filed anything in the month."""
    return str(period) not in ctx.filed_months


def missing(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """Lines of a task that nobody has filed: one issue for all of them, or a county would have hundreds."""
    if nothing_filed(ctx, period):
        return
    for task in ctx.grid(period).lines.tasks:
        if not ctx.reaches(task.due.id):
            continue
        places = [place for place, filing in enumerate(task.filings) if filing is Filing.MISSING]
        if places:
            names = [ctx.names.get(task.who(place)[1], "（已不在）") for place in places]
            told = "、".join(names[:_NAMED]) + ("等" if len(names) > _NAMED else "")
            yield ctx.of_task(
                rule,
                "progress",
                task.due.id,
                period=str(period),
                found=f"{len(places)}个责任主体未报：{told}",
                expected=f"{len(task)}个责任主体都报",
                assignee_id=task.who(places[0])[1] if len(places) == 1 else "",
            )


def month_empty(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """The whole month has no entry."""
    if nothing_filed(ctx, period):
        lines = len(ctx.grid(period).lines)
        yield ctx.issue(
            rule, "month", str(period), period=str(period), found="0项", expected=f"{lines}项", place=period.title
        )


def unreviewed(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """Figures that were taken over from last month and never looked at."""
    for entry in entries(ctx, period):
        if entry.now.source == "copied" and not entry.now.reviewed:
            yield entry.issue(ctx, rule, found=f"沿用上月的数{entry.text()}", expected="核对过的数")


def red_without_words(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """A red lamp, and nothing is said about what is in the way or what will be done."""
    grid = ctx.grid(period)
    silent = {
        (task_id, who): (row_id, problems, steps)
        for task_id, who, row_id, problems, steps in ctx.conn.execute(
            "SELECT task_id, assignee_id, id, problems, next_steps FROM progress WHERE period = ?"
            " AND deleted_at IS NULL AND (coalesce(trim(problems), '') = '' OR coalesce(trim(next_steps), '') = '')",
            (str(period),),
        )
    }
    for task in grid.lines.tasks:
        if not ctx.reaches(task.due.id):
            continue
        for place, colour in enumerate(task.lamps):
            who = task.who(place)[1]
            if colour is LampKind.RED and (task.due.id, who) in silent:
                row_id, problems, steps = silent[task.due.id, who]
                lacking = [word for word, text in (("存在问题", problems), ("下步措施", steps)) if not text]
                yield ctx.of_task(
                    rule,
                    "progress",
                    task.due.id,
                    row_id=row_id,
                    field="next_steps" if problems else "problems",
                    period=str(period),
                    found=f"红灯，{'、'.join(lacking)}没有写",
                    expected="写明存在问题和下步措施",
                    assignee_id=who,
                )


def over_denominator(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """More were counted than there are."""
    for entry in entries(ctx, period):
        now = entry.now
        if now.numerator is None or not now.denominator or entry.due.unit != "%" or entry.due.is_change:
            continue
        if now.numerator > now.denominator:
            yield entry.issue(
                ctx,
                rule,
                field="numerator",
                found=f"分子{figure(entry.decimal(now.numerator))}",
                expected=f"不大于分母{figure(entry.decimal(now.denominator))}",
            )


def denominator_zero(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """A rate of nothing."""
    for entry in entries(ctx, period):
        if entry.due.kind is FigureKind.RATE and entry.now.denominator == 0:
            yield entry.issue(ctx, rule, field="denominator", found="分母0", expected="大于0，或填“不涉及”")


def half_a_rate(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """One part of a rate without the other."""
    for entry in entries(ctx, period):
        now = entry.now
        if entry.due.kind is FigureKind.RATE and (now.numerator is None) != (now.denominator is None):
            lacking = "分母" if now.denominator is None else "分子"
            there = "分子" if now.denominator is None else "分母"
            field = "denominator" if now.denominator is None else "numerator"
            yield entry.issue(ctx, rule, field=field, found=f"只有{there}，没有{lacking}", expected="分子和分母都填")


def _of_rate_alone(entry: Entry) -> bool:
    now = entry.now
    parts = now.numerator is not None or now.denominator is not None
    return entry.due.kind is FigureKind.RATE and now.amount is not None and not parts


def rate_without_parts(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """A rate as it was published: it cannot be added up with the others (domain.md, measure)."""
    for entry in entries(ctx, period):
        if _of_rate_alone(entry):
            yield entry.issue(ctx, rule, field="numerator", found=f"只有比率{entry.text()}", expected="分子和分母")


MONTHS: dict[str, Callable[[Context, Rule, Period], Iterator[Issue]]] = {
    "M01": missing,
    "M02": month_empty,
    "M05": unreviewed,
    "M06": red_without_words,
    "M07": over_denominator,
    "M08": denominator_zero,
    "M09": rate_without_parts,
    "M10": half_a_rate,
}
