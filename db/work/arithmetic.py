"""The arithmetic of breaking down: sharing an amount out exactly, and holding what was shared against the quota.

Everything is decimal and exact; an amount is never rounded behind the clerk's back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from db.core.errors import DataProblem
from db.core.values import decimals_in, plain
from db.plan.vocabulary import Comparator, Measure

Tone = Literal["good", "bad", "warn", "muted"]
"""good: adds up · bad: does not · warn: to be looked at · muted: nothing to hold it against."""


@dataclass(frozen=True)
class Reconciliation:
    """How a sum stands to its quota: `balance` is quota − sum, None without a quota; `sentence` is for people."""

    balance: Decimal | None
    ok: bool
    tone: Tone
    sentence: str


def adds_over_years(measure: Measure) -> bool:
    """Return whether the shares of several years add up: only of what counts from the plan's beginning."""
    return measure is Measure.CUMULATIVE


def figure(amount: Decimal, unit: str = "") -> str:
    """Return an amount with thousands separators and its unit, as sentences show it: 1,200户."""
    return f"{plain(amount):,f}{unit}"


def split(
    total: Decimal,
    weights: Sequence[Decimal | int],
    decimals: int,
    locked: Sequence[Decimal | None] = (),
) -> list[Decimal]:
    """Return `total` shared out by `weights`, one share per weight, by the largest remainder.

    The shares add up to `total` exactly, are never negative and have at most `decimals` decimals. `locked` holds, in
    the same order, the shares that must stay as they are (None: free); what is left goes to the free ones. Equal
    remainders go to the larger weight, then to the earlier share. DataProblem when it cannot be done.
    """
    kept = list(locked) or [None] * len(weights)
    if len(kept) != len(weights):
        raise ValueError("one lock per weight")
    if any(weight < 0 for weight in weights):
        raise DataProblem("权重不能是负数。", advice="请核对权重。", code="split.weight")
    left = total - sum((share for share in kept if share is not None), Decimal(0))
    _check_split(total, left, kept, decimals)
    free = [place for place, share in enumerate(kept) if share is None]
    steps = _largest_remainder(int(left.scaleb(decimals)), [weights[place] for place in free])
    shares = dict(zip(free, steps, strict=True))
    return [
        plain(Decimal(shares[place]).scaleb(-decimals)) if share is None else share for place, share in enumerate(kept)
    ]


def reconcile(comparator: Comparator, quota: Decimal | None, total: Decimal, unit: str = "") -> Reconciliation:
    """Hold the sum of the shares against the quota, both in `unit`.

    at_least: the sum reaches the quota, a surplus is shown · at_most: it stays within · more_than, less_than:
    strictly · equal, and where the plan has no word of comparison: exactly · about: a difference is shown, not refused.
    """
    if quota is None:
        return Reconciliation(None, False, "muted", f"已分解{figure(total, unit)}，县级目标还没有录入。")
    balance = quota - total
    amount = figure(abs(balance), unit)
    if not balance and comparator not in (Comparator.MORE_THAN, Comparator.LESS_THAN):
        return Reconciliation(balance, True, "good", "与县级目标一致。")
    match comparator:
        case Comparator.AT_LEAST | Comparator.MORE_THAN if balance < 0:
            return Reconciliation(balance, True, "good", f"超出县级目标{amount}。")
        case Comparator.AT_MOST | Comparator.LESS_THAN if balance > 0:
            return Reconciliation(balance, True, "good", f"在控制数以内，还有{amount}余量。")
        case Comparator.MORE_THAN if not balance:
            return Reconciliation(balance, False, "bad", "正好等于县级目标，方案要求突破。")
        case Comparator.LESS_THAN if not balance:
            return Reconciliation(balance, False, "bad", "正好等于控制数，方案要求小于。")
        case Comparator.AT_MOST | Comparator.LESS_THAN:
            return Reconciliation(balance, False, "bad", f"超出控制数{amount}。")
        case Comparator.ABOUT:
            word = "少" if balance > 0 else "多"
            return Reconciliation(balance, True, "warn", f"比县级目标{word}{amount}，方案要求“左右”，请核对。")
    if balance > 0:
        return Reconciliation(balance, False, "bad", f"还有{amount}没有分解。")
    return Reconciliation(balance, False, "bad", f"比县级目标多分解了{amount}。")


def meets(comparator: Comparator, quota: Decimal, rate: Decimal) -> bool:
    """Return whether one assignee's own rate satisfies the quota; rates are compared one by one, never summed."""
    match comparator:
        case Comparator.AT_LEAST:
            return rate >= quota
        case Comparator.MORE_THAN:
            return rate > quota
        case Comparator.AT_MOST:
            return rate <= quota
        case Comparator.LESS_THAN:
            return rate < quota
        case Comparator.ABOUT:
            return True
    return rate == quota


def _check_split(total: Decimal, left: Decimal, kept: Sequence[Decimal | None], decimals: int) -> None:
    if total < 0 or any(share is not None and share < 0 for share in kept):
        raise DataProblem("任务量不能是负数。", advice="请核对要分配的数。", code="split.negative")
    if decimals_in(left) > decimals:
        what = "只能是整数" if decimals == 0 else f"最多{decimals}位小数"
        raise DataProblem(f"要分配的数{figure(left)}{what}。", advice="请核对要分配的数和单位。", code="split.decimals")
    if left < 0:
        raise DataProblem(
            f"锁定的部分已经比总数{figure(total)}多{figure(-left)}。",
            advice="请先放开或改小锁定的格子。",
            code="split.locked",
        )
    if left and None not in kept:
        raise DataProblem(f"还有{figure(left)}没有地方可分。", advice="请至少放开一个格子。", code="split.nowhere")


def _largest_remainder(steps: int, weights: Sequence[Decimal | int]) -> list[int]:
    """Return `steps` whole steps shared out by the weights."""
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if not whole:
        if steps:
            raise DataProblem("权重都是0，分不出去。", advice="请填写权重，或改为平均分配。", code="split.no_weight")
        return [0] * len(exact)
    ideal = [steps * weight / whole for weight in exact]
    shares = [int(share) for share in ideal]
    order = sorted(range(len(exact)), key=lambda place: (shares[place] - ideal[place], -exact[place], place))
    for place in order[: steps - sum(shares)]:
        shares[place] += 1
    return shares
