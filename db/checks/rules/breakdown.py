"""The breakdown: is every task given out, and does what was given out add up to what the city told?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from db.checks.context import Context
from db.checks.model import Issue
from db.checks.row_rules import RowCheck, Test
from db.checks.rulebook import Rule
from db.core.fields import TableSchema
from db.core.values import from_micro
from db.plan.catalogue import Target
from db.plan.vocabulary import Comparator
from db.work.amounts import in_unit_of
from db.work.arithmetic import figure
from db.work.task_states import StateKind, TaskState, renewed_states, resum_many, states
from db.work.tasks import Duty, duty_of, leaf_tasks, task_of, unit_of
from db.work.verdicts import YearSummary, rate_comparator


def _states(ctx: Context) -> dict[str, TaskState]:
    """Return how far every task is broken down; after an edit only those that it touched are judged anew."""
    known: dict[str, TaskState] | None = ctx.cache.get("states")
    if known is None:
        known = states(ctx.conn, ctx.catalogue)
    elif ctx.reach is not None and ctx.fresh("states"):
        known = renewed_states(ctx.conn, ctx.catalogue, known, ctx.reach.tasks)
    ctx.cache["states"] = known
    return known


def _in_state(kind: StateKind, told: str = "") -> Callable[[Context, Rule], Iterator[Issue]]:
    def check(ctx: Context, rule: Rule) -> Iterator[Issue]:
        present = _states(ctx)
        for task_id in leaf_tasks(ctx.catalogue):
            state = present[task_id]
            if state.kind is kind and ctx.reaches(task_id):
                found = told or state.label or kind.value
                yield ctx.of_task(rule, "task_scope", task_id, found=found, expected=rule.expected)

    return check


def _summaries(ctx: Context) -> Iterator[tuple[Target, YearSummary, str]]:
    """Yield every year of every target that is counted, with the id of its quota ("" for none)."""
    told = ctx.quotas
    wanted = [
        target
        for target in ctx.catalogue.targets
        if duty_of(target) in (Duty.QUANTITY, Duty.RATE) and ctx.reaches(target.id) and not ctx.excluded(target)
    ]
    many = resum_many(ctx.conn, ctx.catalogue, {target.id: told.get(target.id, {}) for target in wanted}, ctx.years)
    for target in wanted:
        for year, summary in many[target.id].items():
            quota = told.get(target.id, {}).get(year)
            yield target, summary, quota.id if quota is not None else ""


def _verdicts(ctx: Context) -> list[tuple[Target, YearSummary, str]]:
    known: list[tuple[Target, YearSummary, str]] | None = ctx.once.get("verdicts")
    if known is None:
        known = ctx.once["verdicts"] = list(_summaries(ctx))
    return known


def _sum_wrong(*comparators: Comparator) -> Callable[[Context, Rule], Iterator[Issue]]:
    def check(ctx: Context, rule: Rule) -> Iterator[Issue]:
        for target, year, quota_id in _verdicts(ctx):
            if duty_of(target) is not Duty.QUANTITY or year.quota is None or year.ok or not year.filled:
                continue
            if target.comparator in comparators:
                unit = unit_of(target)
                words = {"year": year.year, "balance": figure(abs(year.balance or Decimal(0)), unit)}
                found, expected = figure(year.subtotal or Decimal(0), unit), figure(year.quota, unit)
                yield _of_year(ctx, rule, target, year, quota_id, found, expected, words)

    return check


def excluded_but_assigned(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """A task that does not concern the county was given to somebody."""
    for task_id, state in _states(ctx).items():
        if state.kind is StateKind.EXCLUDED and state.assigned and ctx.reaches(task_id):
            found = f"分解给了{state.assigned}个责任主体"
            yield ctx.of_task(rule, "task_scope", task_id, found=found, expected=rule.expected)


def excluded_with_quota(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """The city has told an amount for a task that is said not to concern the county."""
    for target in ctx.catalogue.targets:
        if ctx.reaches(target.id) and ctx.excluded(target):
            for year, quota in ctx.quotas.get(target.id, {}).items():
                if year in ctx.years and quota.in_unit:
                    found = figure(quota.in_unit, unit_of(target))
                    yield ctx.of_task(
                        rule,
                        "quota",
                        target.id,
                        row_id=quota.id,
                        field="amount",
                        period=str(year),
                        found=found,
                        expected=rule.expected,
                        words={"year": year},
                    )


def rates_short(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """Rates that were given out miss the county's own."""
    for target, year, quota_id in _verdicts(ctx):
        if duty_of(target) is Duty.RATE and year.quota is not None and year.filled and not year.ok:
            low, high = _reach_of_rates(ctx, target.id, year.year)
            found = figure(low, unit_of(target)) if low == high else f"{figure(low)}—{figure(high, unit_of(target))}"
            sign = "不高于" if rate_comparator(target) in (Comparator.AT_MOST, Comparator.LESS_THAN) else ""
            expected = f"{sign}{figure(year.quota, unit_of(target))}"
            yield _of_year(ctx, rule, target, year, quota_id, found, expected, {"year": year.year})


def no_quota(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """Amounts were given out of which the city has told nothing."""
    for target, year, quota_id in _verdicts(ctx):
        if year.filled and year.quota is None:
            unit = unit_of(target)
            found = f"{year.filled}个责任主体"
            if year.subtotal is not None:
                found += f"、合计{figure(year.subtotal, unit)}"
            yield _of_year(ctx, rule, target, year, quota_id, found, rule.expected, {"year": year.year})


def _of_year(
    ctx: Context,
    rule: Rule,
    target: Target,
    year: YearSummary,
    quota_id: str,
    found: str,
    expected: str,
    words: dict[str, object],
) -> Issue:
    return ctx.of_task(
        rule,
        "quota",
        target.id,
        row_id=quota_id or target.id,
        field="amount",
        period=str(year.year),
        found=found,
        expected=expected,
        words=words,
    )


def _reach_of_rates(ctx: Context, task_id: str, year: int) -> tuple[Decimal, Decimal]:
    task = task_of(ctx.catalogue, task_id)
    rates = [
        in_unit_of(task, from_micro(end), unit or "")
        for unit, *ends in ctx.conn.execute(
            "SELECT unit, min(amount), max(amount) FROM assignment WHERE task_id = ? AND year = ?"
            " AND amount IS NOT NULL AND deleted_at IS NULL GROUP BY unit",
            (task_id, year),
        )
        for end in ends
    ]
    return min(rates), max(rates)


def excluded_without_reason(ctx: Context, rule: Rule, schema: TableSchema) -> Iterable[Test]:
    """不涉及 is an answer that needs its reason."""
    if schema.name != "task_scope":
        return []
    return [
        Test(rule, "json_extract(t.states, '$.applies') = '不涉及' AND coalesce(trim(t.reason), '') = ''", rule.field)
    ]


ROWS: dict[str, RowCheck] = {"B01": excluded_without_reason}
TASKS: dict[str, Callable[[Context, Rule], Iterator[Issue]]] = {
    "B02": _in_state(StateKind.UNDECIDED, "待定"),
    "B03": _in_state(StateKind.NOT_STARTED, "还没有分解"),
    "B04": _in_state(StateKind.PARTLY),
    "B07": excluded_but_assigned,
    "B09": excluded_with_quota,
    "B10": _in_state(StateKind.PENDING, "省里还没有下达"),
    "T01": _sum_wrong(Comparator.AT_LEAST, Comparator.MORE_THAN),
    "T02": _sum_wrong(Comparator.AT_MOST, Comparator.LESS_THAN),
    "T03": _sum_wrong(Comparator.EQUAL, Comparator.NONE),
    "T04": rates_short,
    "T05": no_quota,
}
