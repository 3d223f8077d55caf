"""What was filed for a month: is anything missing, was it looked at, can it be?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from db.checks.context import Context
from db.checks.model import Issue
from db.checks.row_rules import RowCheck, Test
from db.checks.rulebook import Rule
from db.checks.rules.entries import Entry, entries
from db.core.fields import TableSchema
from db.core.period import Period
from db.core.values import State, from_micro, to_micro
from db.plan.vocabulary import Measure
from db.store.connection import quoted
from db.store.records import in_list
from db.work.arithmetic import figure
from db.work.monthly.lamps import LampKind
from db.work.monthly.model import COUNTY, FigureKind, Filing, RowKey, month_before
from db.work.monthly.supplied import Supplied, Suppliers
from db.work.monthly.totals import Total
from db.work.registers import unfinished

NO_DATA, NOT_APPLICABLE = State.NO_DATA.value, State.NOT_APPLICABLE.value
_NAMED = 3
_RUNNING = 3
"""For how many months running 暂无数据 is taken as it is."""


def nothing_filed(ctx: Context, period: Period) -> bool:
    """Return whether nobody filed anything in the month."""
    return str(period) not in ctx.filed_months


def missing(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """Lines of the month that nobody has filed: one issue for all, which only becomes smaller while they are filed."""
    if nothing_filed(ctx, period):
        return
    due, lacking = _lacking(ctx, period)
    waived = ctx.waived_units(rule.code, str(period))
    found = [(task_id, who) for task_id, unfiled in lacking.items() for who in unfiled if who not in waived]
    if found:
        owing = Counter(who for _, who in found)
        told = _most(owing, lambda who: ctx.names.get(who, "（已不在）"), "项")
        yield ctx.issue(
            rule,
            "month",
            str(period),
            period=str(period),
            found=f"还有{len(found)}项没有报（{len({task for task, _ in found})}项任务）：{told}",
            expected=f"{due}项都报",
            place=period.title,
            units=owing,
        )


def _lacking(ctx: Context, period: Period) -> tuple[int, dict[str, list[str]]]:
    """Return how many lines the month has, and by task who has filed nothing."""
    name = f"missing {period}"
    known: tuple[int, dict[str, list[str]]] | None = ctx.cache.get(name)
    before = known[1] if known is not None else {}
    lines = ctx.grid(period).lines
    lacking = {}
    for task in lines.tasks:
        task_id = task.due.id
        if task_id in before and not ctx.reaches(task_id):
            lacking[task_id] = before[task_id]
            continue
        places = (place for place, filing in enumerate(task.filings) if filing is Filing.MISSING)
        lacking[task_id] = [task.who(place)[1] for place in places]
    ctx.cache[name] = len(lines), lacking
    return len(lines), lacking


def _most(counts: Counter[str], name: Callable[[str], str], unit: str) -> str:
    """Return the names of those that have most, with how much that is."""
    told = "、".join(f"{name(key)}{count}{unit}" for key, count in counts.most_common(_NAMED))
    return told + ("等" if len(counts) > _NAMED else "")


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
    for task in ctx.grid(period).lines.tasks:
        if not ctx.reaches(task.due.id) or LampKind.RED not in task.lamps:
            continue
        silent = {
            who: told
            for who, *told in ctx.conn.execute(
                "SELECT assignee_id, id, problems, next_steps FROM progress WHERE task_id = ? AND period = ?"
                " AND deleted_at IS NULL"
                " AND (coalesce(trim(problems), '') = '' OR coalesce(trim(next_steps), '') = '')",
                (task.due.id, str(period)),
            )
        }
        for place, colour in enumerate(task.lamps):
            who = task.who(place)[1]
            if colour is LampKind.RED and who in silent:
                row_id, problems, steps = silent[who]
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
            yield entry.issue(
                ctx, rule, field=field, found=f"只有{there}，没有{lacking}", expected="把分子和分母都填上"
            )


def _of_rate_alone(entry: Entry) -> bool:
    now = entry.now
    parts = now.numerator is not None or now.denominator is not None
    return entry.due.kind is FigureKind.RATE and now.amount is not None and not parts


def rate_without_parts(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """A rate as it was published: it cannot be added up with the others (domain.md, measure)."""
    for entry in entries(ctx, period):
        if _of_rate_alone(entry):
            yield entry.issue(ctx, rule, field="numerator", found=f"只有比率{entry.text()}", expected="分子和分母")


def no_data_again(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """暂无数据 for the third month running."""
    earlier = [str(month_before(period, months)) for months in range(1, _RUNNING)]
    for entry in entries(ctx, period):
        if NO_DATA in entry.now.states:
            (times,) = ctx.conn.execute(
                f"SELECT count(*) FROM progress WHERE task_id = ? AND assignee_id = ? AND {in_list('period', earlier)}"
                " AND states LIKE '%暂无数据%' AND deleted_at IS NULL",
                (entry.due.id, entry.who, *earlier),
            ).fetchone()
            if times == len(earlier):
                yield entry.issue(ctx, rule, found=rule.found, expected=rule.expected)


def not_applicable_but_given(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """不涉及 from somebody who was given an amount of the task this year."""
    for entry in entries(ctx, period):
        if NOT_APPLICABLE in entry.now.states:
            given = ctx.conn.execute(
                "SELECT amount, unit FROM assignment WHERE task_id = ? AND year = ? AND assignee_id = ? AND amount > 0"
                " AND deleted_at IS NULL",
                (entry.due.id, period.year, entry.who),
            ).fetchone()
            if given is not None:
                told = figure(from_micro(given[0]), given[1] or entry.due.unit)
                yield entry.issue(ctx, rule, found=rule.found, expected=told)


def far_over_goal(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """The county has done so much more than it was told that a unit may be wrong."""
    grid = ctx.grid(period)
    for task_id, total in grid.totals.items():
        due, goal = total.due, total.goal.amount
        if not ctx.reaches(task_id) or due.kind is not FigureKind.AMOUNT or not goal or total.figure is None:
            continue
        if due.measure is Measure.STOCK or due.common.get("cap") or rule.threshold is None:
            continue
        if total.figure.top * 100 > goal * total.figure.per * rule.threshold:
            found, expected = figure(total.figure.value, due.unit), figure(from_micro(goal), due.unit)
            yield ctx.of_task(
                rule, "progress", task_id, field="amount", period=str(period), found=found, expected=expected
            )


def registers_differ(ctx: Context, rule: Rule, period: Period) -> Iterator[Issue]:
    """What was filed is not what the registers come to; they tell how things are now, so of the newest month alone."""
    if str(period) != max(ctx.filed_months, default=""):
        return
    suppliers = Suppliers(ctx.conn, ctx.catalogue, period)
    for task_id, total in ctx.grid(period).totals.items():
        if task_id not in suppliers.targets or total.figure is None or not ctx.reaches(task_id):
            continue
        given = suppliers.of(RowKey(task_id, COUNTY, COUNTY))
        if given is None or _agrees(total, given) or _explained(ctx, task_id, period):
            continue
        amount = given.amount is not None
        expected = figure(given.amount, total.due.unit) if given.amount is not None else _rate(given)
        yield ctx.of_task(
            rule,
            "progress",
            task_id,
            field="amount" if amount else "numerator",
            period=str(period),
            found=figure(total.figure.value, total.due.unit),
            expected=expected,
        )


def _agrees(total: Total, given: Supplied) -> bool:
    if given.amount is not None:
        return total.figure is not None and total.figure.top == to_micro(given.amount) * total.figure.per
    if total.parts is None or given.numerator is None or given.denominator is None:
        return False
    return total.parts.top * to_micro(given.denominator) == total.parts.bottom * to_micro(given.numerator)


def _rate(given: Supplied) -> str:
    return f"{figure(given.numerator or Decimal(0))}/{figure(given.denominator or Decimal(0))}"


def _explained(ctx: Context, task_id: str, period: Period) -> bool:
    """Return whether a line of the task says why it differs."""
    found = ctx.conn.execute(
        "SELECT 1 FROM progress WHERE task_id = ? AND period = ? AND coalesce(trim(override_reason), '') <> ''"
        " AND deleted_at IS NULL LIMIT 1",
        (task_id, str(period)),
    )
    return found.fetchone() is not None


def later_month(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """Something was filed for a month that has not begun."""
    return [Test(rule, f"t.period > '{str(ctx.today)[:7]}'", rule.field)] if schema.name in rule.tables else []


def projects_not_reported(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """Unfinished projects lack the newest month's report, in a county that reports projects: one issue for all."""
    newest = ctx.months[-1] if ctx.months else None
    if newest is None or not any(ctx.projects_reported(str(each)) for each in (newest, month_before(newest))):
        return
    period = str(newest)
    lacking: dict[str, int] = ctx.keep(f"not reported {period}", dict)
    for schema in ctx.registers:
        if not {"completed_investment", "stage", "name"} <= set(schema.names):
            continue
        if schema.title not in lacking or ctx.reaches_table(rule, schema.table):
            (lacking[schema.title],) = ctx.conn.execute(
                f"SELECT count(*) FROM {quoted(schema.table)} t WHERE +t.deleted_at IS NULL"
                f" AND {unfinished(schema, 't.')}"
                " AND NOT EXISTS (SELECT 1 FROM project_report r WHERE r.register = ? AND r.row_id = t.id"
                " AND r.period = ? AND r.deleted_at IS NULL)",
                (schema.name, period),
            ).fetchone()
    counts = +Counter(lacking)
    if counts:
        told = _most(counts, lambda title: f"“{title}”", "个")
        yield ctx.issue(
            rule,
            "project_report",
            period,
            period=period,
            found=f"有{counts.total()}个没有完成的项目没有月报：{told}",
            expected="每月报一次，到完成为止",
            place=newest.title,
        )


MONTHS: dict[str, Callable[[Context, Rule, Period], Iterator[Issue]]] = {
    "M01": missing,
    "M02": month_empty,
    "M03": no_data_again,
    "M04": not_applicable_but_given,
    "M05": unreviewed,
    "M06": red_without_words,
    "M07": over_denominator,
    "M08": denominator_zero,
    "M09": rate_without_parts,
    "M10": half_a_rate,
    "M12": far_over_goal,
    "T17": registers_differ,
}
ROWS: dict[str, RowCheck] = {"M13": later_month}
TABLES: dict[str, Callable[[Context, Rule], Iterator[Issue]]] = {"M14": projects_not_reported}
