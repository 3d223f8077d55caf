"""What is to be reached by when: of a target in the county, and of one assignee's share of a task.

A year's share is due evenly from 1 January to its deadline, or by the county's own monthly curve. What counts from the
plan's beginning is due on top of the earlier years' shares. A value that is given for a later year alone is due evenly
from the plan's beginning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from db.core.period import Period
from db.core.values import from_micro, to_micro
from db.plan.catalogue import Catalogue, Target
from db.plan.vocabulary import Allocation, Comparator, Direction, Measure, ValueKind
from db.work.monthly.lamps import Standing
from db.work.monthly.model import FigureKind, figure_kind, last_day, measure_of
from db.work.quotas import Quota
from db.work.tasks import Task, clause_of, title_of, unit_of

WHOLE = 100_000_000
"""All of a stage: 100 % in micro-units."""


@dataclass(frozen=True)
class Goal:
    """What is to be reached: `amount` in micro-units of the task's unit (None: no value set), `before` of it earlier.

    `passed` of `days` are over at the end of the month, by the calendar or the county's own curve.
    """

    amount: int | None
    before: int = 0
    passed: int = 1
    days: int = 1
    deadline: date | None = None
    own_curve: bool = False
    why: str = ""


@dataclass(frozen=True)
class DueTask:
    """A task in one month, with all that its figures are judged by; `curve` is the share of the year due by then."""

    task: Task
    id: str
    title: str
    clause_id: str
    part: str
    kind: FigureKind
    measure: Measure
    unit: str
    period: Period
    on: date
    begins: date
    ends: date
    curve: Fraction | None = None
    common: Mapping[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> Target | None:
        """Return the target, None for a clause."""
        return self.task if isinstance(self.task, Target) else None

    @cached_property
    def month(self) -> str:
        """Return the month as entries name it."""
        return str(self.period)

    @property
    def unit_shown(self) -> str:
        """Return the unit in which people read the figure: a stage is shown as a percentage."""
        return "%" if self.kind is FigureKind.STAGE else self.unit

    def as_figure(self, micro: int) -> Decimal:
        """Return micro-units as people read them."""
        return from_micro(micro)

    @property
    def is_change(self) -> bool:
        """Return whether the target is a change against an earlier year (下降3%)."""
        return self.target is not None and self.target.value_kind is ValueKind.CHANGE

    @property
    def is_part(self) -> bool:
        """Return whether it is inside another target (其中) and never added to it."""
        return self.target is not None and self.target.part_of is not None

    def standing(self, goal: Goal, actual: int | None, per: int = 1, *, carried: str = "", why: str = "") -> Standing:
        """Return what the lamp of a figure is made from."""
        return Standing(
            actual,
            goal.amount,
            goal.before,
            goal.passed,
            goal.days,
            goal.deadline,
            self.on,
            per,
            own_curve=goal.own_curve,
            carried=carried,
            why=goal.why if goal.amount is None else why,
            **self.common,
        )

    def share(self, year: int, amount: int | None, before: int, deadline: date | None) -> Goal:
        """Return the goal of somebody who has `amount` of the task in `year` and had `before` in earlier ones."""
        if self.kind is FigureKind.STAGE:
            amount, before = WHOLE, 0
        end = date(year, 12, 31)
        # What is due later than its year is due at that later day; the year's plan runs to its own end.
        until = min(deadline, end) if deadline is not None and deadline.year >= year else end
        passed, days = self._elapsed(date(year, 1, 1), until)
        whole = None if amount is None and not before else (amount or 0) + before
        own = self.curve is not None and year == self.period.year
        if own and self.curve is not None:
            passed, days = self.curve.numerator, self.curve.denominator
        return Goal(whole, before, passed, days, deadline or end, own, "没有任务量，不评。" if whole is None else "")

    def county(self, told: Mapping[int, Quota], assigned: Mapping[int, int]) -> Goal:
        """Return the goal of the whole county from its quotas, else from what is `assigned`, both by year."""
        last = self.target.deadline if self.target is not None else None
        year = self.period.year
        if self.kind is FigureKind.STAGE:
            passed, days = self._elapsed(self.begins, last or self.ends)
            return Goal(WHOLE, 0, passed, days, last or self.ends)
        amounts = {y: to_micro(q.in_unit) for y, q in told.items() if q.in_unit is not None} or dict(assigned)
        before = sum(a for y, a in amounts.items() if y < year) if self.measure is Measure.CUMULATIVE else 0
        if year in amounts:
            return self.share(year, amounts[year], before, self._within(last, year))
        if self.measure is Measure.FLOW or not amounts:
            why = "省里还没有下达任务，不评。" if self._awaits(told) else "这一年没有县级目标，不评。"
            return Goal(None, why=why)
        later = [y for y in amounts if y > year]
        if not later:
            # What was to be reached in an earlier year is late, or stays to be kept.
            whole = before or amounts[max(amounts)]
            return Goal(whole, 0, 1, 1, last or date(max(amounts), 12, 31))
        whole = sum(amounts.values()) if self.measure is Measure.CUMULATIVE else amounts[min(later)]
        end = last if last is not None and last.year >= min(later) else date(min(later), 12, 31)
        passed, days = self._elapsed(self.begins, end)
        return Goal(whole, 0, passed, days, end)

    def _elapsed(self, start: date, end: date) -> tuple[int, int]:
        days = (end - start).days + 1
        if days <= 0:
            return 1, 1
        return min(max((self.on - start).days + 1, 0), days), days

    def _within(self, last: date | None, year: int) -> date | None:
        return last if last is not None and last.year == year else date(year, 12, 31)

    def _awaits(self, told: Mapping[int, Quota]) -> bool:
        return self.target is not None and self.target.set_by_province and not told


def due_task(catalogue: Catalogue, task: Task, period: Period, curve: Fraction | None = None) -> DueTask:
    """Return the task as it is judged at the end of the month `period`."""
    clause = clause_of(catalogue, task)
    return DueTask(
        task=task,
        id=task.id,
        title=title_of(task),
        clause_id=clause.id,
        part=clause.part,
        kind=figure_kind(task),
        measure=measure_of(task),
        unit=unit_of(task) if figure_kind(task) is not FigureKind.STAGE else "",
        period=period,
        on=last_day(period),
        begins=catalogue.begins,
        ends=catalogue.ends,
        curve=curve,
        common=judged_by(task),
    )


def judged_by(task: Task) -> dict[str, Any]:
    """Return what every figure of the task is judged by.

    A plan's baseline is the city's; a county can be held against it in a rate alone, which is the same for all.
    """
    if not isinstance(task, Target) or figure_kind(task) is FigureKind.STAGE:
        return {}
    level = task.value_kind is ValueKind.LEVEL
    based = task.allocation is Allocation.RATE and level and task.baseline_value is not None
    base = to_micro(task.baseline_value) if based and task.baseline_value is not None else 0
    falls = level and task.direction is Direction.DOWN
    limits = task.comparator in (Comparator.AT_MOST, Comparator.LESS_THAN) and level
    return {
        "base": base,
        "down": falls and based,
        "cap": (limits or falls) and not (falls and based),
        "spreads": task.measure in (Measure.FLOW, Measure.CUMULATIVE),
        "strict": task.comparator in (Comparator.MORE_THAN, Comparator.LESS_THAN),
    }
