"""What a year of a task comes to: the sum or the rates held against the quota, in a sentence and a tone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from db.plan.catalogue import Target
from db.plan.vocabulary import Comparator, ValueKind
from db.work.arithmetic import Reconciliation, figure, meets, reconcile
from db.work.quotas import Quota
from db.work.tasks import Duty, Task, duty_of, unit_of


@dataclass(frozen=True)
class YearSummary:
    """One year of a task, or all of them together (`year` 0), in the unit of the task.

    `assigned` counts the assignees that have it, `filled` those with an amount; `subtotal` is None for what is never
    summed (rates). `quota`: the county's, None when none was told. `balance` is quota − subtotal, None for rates.
    """

    year: int
    assigned: int
    filled: int
    subtotal: Decimal | None
    quota: Decimal | None
    balance: Decimal | None
    ok: bool
    tone: str
    sentence: str
    document_number: str = ""
    quota_as_typed: str = ""


def summarise(
    task: Task, year: int, assigned: int, amounts: Sequence[Decimal], quota: Quota | None = None
) -> YearSummary:
    """Return what the amounts of one year, each in the unit of the task, come to.

    For rates the amounts may be the smallest and the largest alone.
    """
    wanted = quota.in_unit if quota else None
    subtotal = sum(amounts, Decimal(0)) if duty_of(task) is Duty.QUANTITY else None
    verdict = _verdict(task, assigned, amounts, subtotal, wanted)
    return YearSummary(
        year=year,
        assigned=assigned,
        filled=len(amounts),
        subtotal=subtotal,
        quota=wanted,
        balance=verdict.balance,
        ok=verdict.ok,
        tone=verdict.tone,
        sentence=verdict.sentence,
        document_number=quota.document_number if quota else "",
        quota_as_typed=figure(quota.amount, quota.unit) if quota and isinstance(quota.amount, Decimal) else "",
    )


def overall(task: Target, years: Sequence[YearSummary]) -> YearSummary:
    """Return all years of a cumulative target together: its shares, and its quotas, add up over the years.

    What was given out in years without a quota is not held against the quotas of the others; the sentence names them.
    """
    quotas = [year.quota for year in years if year.quota is not None]
    wanted = sum(quotas, Decimal(0)) if quotas else None
    subtotal = sum((year.subtotal for year in years if year.subtotal is not None), Decimal(0))
    untold = [year for year in years if year.quota is None and year.subtotal] if quotas else []
    covered = subtotal - sum((year.subtotal for year in untold if year.subtotal is not None), Decimal(0))
    verdict = reconcile(task.comparator, wanted, covered, unit_of(task))
    missing = f"{'、'.join(str(year.year) for year in untold)}年还没有录入县级目标。" if untold else ""
    filled = sum(year.filled for year in years)
    return YearSummary(
        year=0,
        assigned=sum(year.assigned for year in years),
        filled=filled,
        subtotal=subtotal,
        quota=wanted,
        balance=verdict.balance,
        ok=verdict.ok and not untold,
        tone="warn" if untold and verdict.ok else verdict.tone,
        sentence=verdict.sentence + missing if filled or wanted is not None else _nothing(task),
    )


def rate_comparator(target: Target) -> Comparator:
    """Return how a rate is held against its quota: a reduction that the plan states as a bare figure is a minimum."""
    if target.value_kind is ValueKind.CHANGE and target.comparator is Comparator.EQUAL:
        return Comparator.AT_LEAST
    return target.comparator


def _verdict(
    task: Task, assigned: int, amounts: Sequence[Decimal], subtotal: Decimal | None, quota: Decimal | None
) -> Reconciliation:
    duty = duty_of(task)
    if duty is Duty.NOTHING:
        return Reconciliation(None, False, "muted", "不向下分解。")
    if duty is Duty.COMPLETION or not isinstance(task, Target):
        if assigned:
            return Reconciliation(None, True, "good", f"已落实到{assigned}个责任主体。")
        return Reconciliation(None, False, "muted", _nothing(task))
    if not amounts and quota is None:
        return Reconciliation(None, False, "muted", _nothing(task))
    if duty is Duty.RATE:
        return _rates(task, amounts, quota)
    verdict = reconcile(task.comparator, quota, subtotal or Decimal(0), unit_of(task))
    if not amounts and quota and verdict.ok:
        return Reconciliation(verdict.balance, False, "muted", f"控制数{figure(quota, unit_of(task))}，还没有分解。")
    return verdict


def _rates(target: Target, rates: Sequence[Decimal], quota: Decimal | None) -> Reconciliation:
    unit = unit_of(target)
    if not rates:
        return Reconciliation(None, False, "bad", f"县级目标{figure(quota or Decimal(0), unit)}，还没有分解。")
    low, high = min(rates), max(rates)
    reach = figure(low, unit) if low == high else f"{figure(low)}—{figure(high, unit)}"
    if quota is None:
        return Reconciliation(None, False, "muted", f"各责任主体为{reach}（比率不相加），县级目标还没有录入。")
    comparator = rate_comparator(target)
    if all(meets(comparator, quota, rate) for rate in (low, high)):
        return Reconciliation(None, True, "good", f"各责任主体为{reach}，都达到县级目标{figure(quota, unit)}。")
    return Reconciliation(None, False, "bad", f"各责任主体为{reach}，有的达不到县级目标{figure(quota, unit)}。")


def _nothing(task: Task) -> str:
    if isinstance(task, Target) and task.set_by_province:
        return "省下达任务：市里还没有下达，待定。"
    if duty_of(task) is Duty.COMPLETION:
        return "还没有落实责任主体。"
    return "县级目标还没有录入，也没有分解。"
