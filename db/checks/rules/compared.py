"""This month's figures against last month's and last year's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from db.checks.context import Context
from db.checks.model import Issue
from db.checks.rulebook import Rule
from db.checks.rules.entries import Entry, entries
from db.core.period import Period
from db.core.text import titled
from db.core.values import from_micro
from db.plan.vocabulary import Measure
from db.work.arithmetic import figure
from db.work.monthly.figures import Stored
from db.work.monthly.lamps import rules as lamp_rules
from db.work.monthly.model import FigureKind, month_before

_GROWING = (Measure.CUMULATIVE, Measure.FLOW)


def _restarts(entry: Entry, period: Period) -> bool:
    """Return whether last month's figure began in another year than this month's."""
    return entry.due.measure is Measure.FLOW and period.month == 1


def fell(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """A figure that only grows is less than last month's."""
    for entry in entries(ctx, period):
        if entry.due.measure in _GROWING and entry.due.kind is FigureKind.AMOUNT and not _restarts(entry, period):
            yield from _less(ctx, rule, entry, entry.last)


def fell_in_a_year(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """A figure since the plan's beginning is less than that of the same month last year."""
    for entry in entries(ctx, period):
        if entry.due.measure is Measure.CUMULATIVE and entry.due.kind is FigureKind.AMOUNT:
            yield from _less(ctx, rule, entry, entry.year_ago)


def _less(ctx: Context, rule: Rule, entry: Entry, before: Stored | None) -> Iterator[Issue]:
    now, then = entry.figure(entry.now), entry.figure(before)
    if now is not None and then is not None and now < then:
        yield entry.issue(ctx, rule, found=entry.text(), expected=entry.text(before))


def jumped(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """A figure changed by more than the threshold, and is no small part of its goal any more."""
    for entry in entries(ctx, period):
        if entry.due.kind is FigureKind.STAGE or _restarts(entry, period):
            continue
        now, then = entry.figure(entry.now), entry.figure(entry.last)
        growing = entry.due.measure in _GROWING and entry.due.kind is FigureKind.AMOUNT
        if now is None or not then or (growing and now < then):
            continue
        goal = _goal(ctx, entry, period) if entry.due.kind is FigureKind.AMOUNT else None
        if goal and max(now, then) * 100 < goal * lamp_rules().jump_from_share:
            continue
        yield from _changed(ctx, _with_the_months(rule, entry, period), entry, now, then, entry.last)


def _goal(ctx: Context, entry: Entry, period: Period) -> Decimal | None:
    """Return what the assignee has to reach, None where nothing is set."""
    lines = ctx.grid(period).lines.of_task.get(entry.due.id)
    place = lines.places.get((entry.kind, entry.who)) if lines is not None else None
    amount = lines[place].goal.amount if lines is not None and place is not None else None
    return None if amount is None else from_micro(amount)


def unlike_last_year(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """A yearly flow is far from what it was in the same month last year."""
    for entry in entries(ctx, period):
        if entry.due.measure is Measure.FLOW and entry.due.kind is FigureKind.AMOUNT:
            now, then = entry.figure(entry.now), entry.figure(entry.year_ago)
            if now is not None and then:
                yield from _changed(ctx, rule, entry, now, then, entry.year_ago)


def _changed(
    ctx: Context, rule: Rule, entry: Entry, now: Decimal, then: Decimal, before: Stored | None
) -> Iterator[Issue]:
    percent = abs(now - then) * 100 / abs(then)
    if rule.threshold is not None and percent > rule.threshold:
        words = {"direction": "多" if now > then else "少", "percent": _whole(percent)}
        yield entry.issue(ctx, rule, found=entry.text(), expected=entry.text(before), **words)


def _with_the_months(rule: Rule, entry: Entry, period: Period) -> Rule:
    """Return the rule as it is for a figure since 1 January, which grows by one (m-1)th from month to month by itself.

    At a steady pace February has twice what January had, March half as much again: no jump, and nothing to explain.
    """
    if rule.threshold is None or entry.due.measure is not Measure.FLOW or entry.due.kind is not FigureKind.AMOUNT:
        return rule
    return replace(rule, threshold=rule.threshold + (Decimal(100) / (period.month - 1)).quantize(Decimal(1)))


def denominator_changed(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """The whole that a rate is taken of is far from last month's."""
    for entry in entries(ctx, period):
        now = entry.now.denominator
        then = entry.last.denominator if entry.last is not None else None
        if entry.due.kind is not FigureKind.RATE or now is None or not then or rule.threshold is None:
            continue
        percent = Decimal(abs(now - then)) * 100 / then
        if percent > rule.threshold:
            yield entry.issue(
                ctx,
                rule,
                field="denominator",
                found=figure(from_micro(now)),
                expected=figure(from_micro(then)),
                percent=_whole(percent),
            )


def stage_back(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """A task is at an earlier stage than last month."""
    for entry in entries(ctx, period):
        last = entry.last.stage if entry.last is not None else None
        if entry.due.kind is FigureKind.STAGE and _is_before(entry.now.stage, last):
            yield entry.issue(ctx, rule, found=f"“{entry.now.stage}”", expected=f"“{last}”")


def _is_before(now: str | None, last: str | None) -> bool:
    order = list(lamp_rules().stages)
    return now in order and last in order and order.index(now) < order.index(last)


def _whole(percent: Decimal) -> str:
    return f"{percent.quantize(Decimal(1), ROUND_HALF_UP):f}"


# -- projects ----------------------------------------------------------------------------------------------------------

_REPORTS = (
    "SELECT p.id, p.register, p.row_id, p.completed_investment, o.completed_investment, p.stage, o.stage"
    " FROM project_report p JOIN project_report o ON o.register = p.register AND o.row_id = p.row_id AND o.period = ?2"
    " WHERE p.period = ?1 AND p.deleted_at IS NULL AND o.deleted_at IS NULL AND {differs} ORDER BY p.seq"
)


def investment_fell(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """What was invested in a project since it began is less than last month."""
    for period in ctx.months:
        differs = "p.completed_investment < o.completed_investment"
        for report in ctx.conn.execute(
            _REPORTS.format(differs=differs), (str(period), str(month_before(period)))
        ).fetchall():
            now, then = (f"{figure(from_micro(amount))}万元" for amount in report[3:5])
            yield _of_report(ctx, rule, period, report[:3], "completed_investment", now, then)


def project_back(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """A project is at an earlier stage than last month."""
    for period in ctx.months:
        for report in ctx.conn.execute(
            _REPORTS.format(differs="p.stage <> o.stage"), (str(period), str(month_before(period)))
        ).fetchall():
            if _is_before(report[5], report[6]):
                yield _of_report(ctx, rule, period, report[:3], "stage", report[5], report[6])


def _of_report(
    ctx: Context, rule: Rule, period: Period, report: tuple[str, str, str], field: str, found: str, expected: str
) -> Issue:
    row_id, register, project = report
    return ctx.issue(
        rule,
        "project_report",
        row_id,
        field=field,
        period=str(period),
        found=found,
        expected=expected,
        place=f"项目月报{titled(ctx.project_name(register, project))}",
        register=register,
    )


MONTHS: dict[str, Callable[[Context, Rule, Period], Iterator[Issue]]] = {
    "L01": fell,
    "L02": jumped,
    "L03": stage_back,
    "L04": fell_in_a_year,
    "L05": unlike_last_year,
    "L09": denominator_changed,
}
WHOLE: dict[str, Callable[[Context, Rule], Iterator[Issue]]] = {"L06": investment_fell, "L07": project_back}
