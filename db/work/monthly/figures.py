"""From what was filed to what is judged: one whole number over another, never rounded on the way.

figure_of(due, stored) -> Ratio | None          of one entry
total(due, figures) -> Ratio | None             of several: amounts add up, rates are Σ numerator ÷ Σ denominator
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from db.core.values import from_micro, to_micro
from db.plan.catalogue import Target
from db.plan.vocabulary import Direction, ValueKind
from db.work.amounts import in_unit_of
from db.work.monthly.goals import WHOLE, DueTask
from db.work.monthly.lamps import rules
from db.work.monthly.model import FigureKind, Filing

HUNDRED = 100_000_000
POINTS = "个百分点"


class Stored(NamedTuple):
    """The columns of an entry that figures are made from, as the file holds them."""

    period: str
    amount: int | None
    numerator: int | None
    denominator: int | None
    stage: str | None
    unit: str | None
    states: str
    reviewed: int | None
    source: str | None


COLUMNS = "p.period, p.amount, p.numerator, p.denominator, p.stage, p.unit, p.states, p.reviewed, p.source"
"""The columns of `Stored`, of a table called p."""


class Ratio(NamedTuple):
    """A figure in micro-units of the task's unit: `top` ÷ `per`; `per` is 1 for amounts, points for stages."""

    top: int
    per: int = 1

    @property
    def value(self) -> Decimal:
        """Return the figure as people read it; what does not come out even has two decimals."""
        if self.top % self.per == 0:
            return from_micro(self.top // self.per)
        return (Decimal(self.top) / self.per / 1_000_000).quantize(Decimal("0.01"))


class Parts(NamedTuple):
    """What an entry adds to a sum: an amount, or numerator and denominator, or points of 100; in micro-units."""

    top: int
    bottom: int = 0


def filing_of(kind: FigureKind, stored: Stored | None) -> Filing:
    """Return what the entry amounts to."""
    if stored is None:
        return Filing.MISSING
    if stored.states != "{}":
        if Filing.NOT_APPLICABLE in stored.states:
            return Filing.NOT_APPLICABLE
        if Filing.NO_DATA in stored.states:
            return Filing.NO_DATA
    if kind is FigureKind.STAGE:
        return Filing.FIGURE if stored.stage else Filing.MISSING
    if stored.amount is not None:
        return Filing.FIGURE
    if kind is FigureKind.RATE and stored.numerator is not None and stored.denominator is not None:
        return Filing.FIGURE
    return Filing.MISSING


def figure_of(due: DueTask, stored: Stored) -> Ratio | None:
    """Return the figure of one entry, None where there is none or it cannot be divided."""
    if due.kind is FigureKind.STAGE:
        points = rules().stages.get(stored.stage or "")
        return None if points is None else Ratio(points * 1_000_000)
    if due.kind is FigureKind.RATE and stored.numerator is not None and stored.denominator is not None:
        return rate(due, Parts(stored.numerator, stored.denominator))
    if stored.amount is None:
        return None
    return Ratio(in_task_unit(due, stored.amount, stored.unit))


def parts_of(due: DueTask, stored: Stored) -> Parts | None:
    """Return what the entry adds to the sum of its task; None for a rate that was given without its two parts."""
    if due.kind is FigureKind.RATE:
        if stored.numerator is None or stored.denominator is None:
            return None
        return Parts(stored.numerator, stored.denominator)
    found = figure_of(due, stored)
    return None if found is None else Parts(found.top)


def total(due: DueTask, parts: Iterable[Parts]) -> Ratio | None:
    """Return what the parts come to: a sum, Σ numerator ÷ Σ denominator, or the mean of the stages' points."""
    count = top = bottom = 0
    for each in parts:
        count += 1
        top += each.top
        bottom += each.bottom
    if not count:
        return None
    if due.kind is FigureKind.RATE:
        return rate(due, Parts(top, bottom))
    return Ratio(top, count) if due.kind is FigureKind.STAGE else Ratio(top)


def rate(due: DueTask, parts: Parts) -> Ratio | None:
    """Return the rate of numerator and denominator in the task's unit.

    A reduction or growth (下降3%) holds the present amount, the numerator, against the base year's, the denominator;
    one in percentage points holds the rate against the plan's own of the base year, and is unknown without that.
    """
    top, bottom = parts
    weights = rate_weights(due)
    if bottom <= 0 or weights is None:
        return None
    return Ratio(top * weights[0] + bottom * weights[1], bottom)


def rate_weights(due: DueTask) -> tuple[int, int] | None:
    """Return by what numerator and denominator are multiplied to come, over the denominator, to the rate in
    micro-units of the task's unit; None where the plan does not say what the change is held against.
    """
    target = due.task
    if not isinstance(target, Target) or target.value_kind is ValueKind.LEVEL:
        return HUNDRED if due.unit in ("%", POINTS) else 1_000_000, 0
    sign = -1 if target.direction is Direction.DOWN else 1
    if due.unit != POINTS:
        return sign * HUNDRED, -sign * HUNDRED
    return None if target.baseline_value is None else (sign * HUNDRED, -sign * to_micro(target.baseline_value))


def in_task_unit(due: DueTask, micro: int, unit: str | None) -> int:
    """Return an amount typed in `unit` in micro-units of the task's own."""
    if not unit or unit == due.unit or not due.unit:
        return micro
    return to_micro(in_unit_of(due.task, from_micro(micro), unit))


__all__ = [
    "COLUMNS",
    "HUNDRED",
    "POINTS",
    "WHOLE",
    "Parts",
    "Ratio",
    "Stored",
    "figure_of",
    "filing_of",
    "in_task_unit",
    "parts_of",
    "rate",
    "rate_weights",
    "total",
]
