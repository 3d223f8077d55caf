"""Sharing a year's amount out over assignees, as 分配… does it; the exact arithmetic is `arithmetic.split`.

share_out(total, [Part, …], decimals, only_rest=False) -> list[Decimal | None]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from db.core.errors import DataProblem
from db.work.arithmetic import figure, split


@dataclass(frozen=True)
class Part:
    """Somebody who may take part: `before` is what there is already, `weight` None or 0 takes no part."""

    weight: Decimal | None
    before: Decimal | None = None
    locked: bool = False


def share_out(total: Decimal, parts: Sequence[Part], decimals: int, *, only_rest: bool = False) -> list[Decimal | None]:
    """Return what each part has afterwards, None for one that takes no part; those that do add up to `total` exactly.

    Locked parts keep what they have. With `only_rest` everybody keeps it and only what is left is shared out: among
    those that have nothing yet, and when all have something, on top of it. Shares are never negative and have at most
    `decimals` decimals. DataProblem when it cannot be done.
    """
    kept = [part.before or Decimal(0) if part.locked else None for part in parts]
    if only_rest:
        return _rest(total, parts, decimals)
    free = [place for place, part in enumerate(parts) if not part.locked and part.weight]
    if not free:
        raise DataProblem(
            "没有可以分配的责任主体：权重都是空的或都锁定了。", advice="请填写权重或放开锁定。", code="split.nobody"
        )
    taking = [place for place, part in enumerate(parts) if part.locked or part.weight]
    shares = split(total, [parts[p].weight or 0 for p in taking], decimals, [kept[p] for p in taking])
    found: list[Decimal | None] = [None] * len(parts)
    for place, share in zip(taking, shares, strict=True):
        found[place] = parts[place].before if parts[place].locked else share
    return found


def _rest(total: Decimal, parts: Sequence[Part], decimals: int) -> list[Decimal | None]:
    there = [part.before or Decimal(0) for part in parts]
    left = total - sum(there, Decimal(0))
    if left < 0:
        raise DataProblem(
            f"已经分解的比总数{figure(total)}多{figure(-left)}，没有余下的可分。",
            advice="请改总数，或不选“只分余下的”。",
            code="split.over",
        )
    able = [place for place, part in enumerate(parts) if not part.locked and part.weight]
    chosen = [place for place in able if not parts[place].before] or able
    if not chosen:
        raise DataProblem(
            "没有可以分配的责任主体：权重都是空的或都锁定了。", advice="请填写权重或放开锁定。", code="split.nobody"
        )
    found = [part.before for part in parts]
    for place, share in zip(chosen, split(left, [parts[p].weight or 0 for p in chosen], decimals), strict=True):
        found[place] = there[place] + share
    return found
