"""The county's own plan of a target and year while it is being made: twelve figures counted from January, and faults.

why_no_plan(task) -> str                                  "" for a target that is pursued month by month
year_plans(conn, catalogue, target_id) -> {year: YearPlan}     what there is, of each year of the plan
Draft.of(plan).spread_evenly()                            what it is to become; `faults` says what is wrong where
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from db.core.fields import load_schema
from db.core.period import Period
from db.core.units import decimals_of
from db.plan.catalogue import Catalogue, Target
from db.work.amounts import in_unit_of
from db.work.monthly.goals import due_task, judged_by
from db.work.monthly.model import FigureKind, figure_kind
from db.work.monthly.plans import MonthPlan, curves_of, faults_of
from db.work.quotas import quotas
from db.work.tasks import Task, task_of, unit_of

MONTHS = range(1, 13)
PERCENT, WHOLE = "%", Decimal(100)

Figures = Mapping[int, Decimal]
"""What is due by the end of a month; a month that is not in it goes on with the one before."""


@dataclass(frozen=True)
class YearPlan:
    """A target in one year: the county's `quota` in `unit` (None: not told), and the plan there is, by month.

    `last_year` is the plan of the year before in % (empty: there is none), `calendar` what is due in % by the end of
    each month without a plan, `months` the month in which all of it is due.
    """

    target: Target
    year: int
    unit: str
    quota: Decimal | None
    own: Mapping[int, MonthPlan]
    last_year: Figures
    calendar: tuple[Decimal, ...]
    months: int

    @property
    def counts_amounts(self) -> bool:
        """Return whether the plan can be given in amounts: of what is counted, where the year's whole is known."""
        return bool(self.quota) and figure_kind(self.target) is FigureKind.AMOUNT


def why_no_plan(task: Task) -> str:
    """Return why there can be no monthly plan for the task, as a sentence; "" where there can."""
    if not isinstance(task, Target) or figure_kind(task) is FigureKind.STAGE:
        return "按阶段填报的任务没有月度计划。"
    common = judged_by(task)
    if common.get("cap") and not common.get("spreads"):
        return "这是控制数，各月都不能超过，没有月度计划。"
    return ""


def year_plans(conn: sqlite3.Connection, catalogue: Catalogue, target_id: str) -> dict[int, YearPlan]:
    """Return the plans of a target by year; DataProblem for a target that the plan does not have."""
    target = task_of(catalogue, target_id)
    assert isinstance(target, Target)
    told = quotas(conn, target_id).get(target_id, {})
    found: dict[int, YearPlan] = {}
    for year in catalogue.years:
        quota, before = told.get(year), told.get(year - 1)
        own, last = curves_of(conn, target_id, year), curves_of(conn, target_id, year - 1)
        last_year = _in_percent(target, last, before.in_unit if before is not None else None)
        calendar = tuple(_calendar(catalogue, target, Period(year, month)) for month in MONTHS)
        months = target.deadline.month if target.deadline is not None and target.deadline.year == year else 12
        amount = quota.in_unit if quota is not None else None
        found[year] = YearPlan(target, year, unit_of(target), amount, own, last_year, calendar, months)
    return found


@dataclass(frozen=True)
class Draft:
    """What the plan of a year is to be: `figures` in % of the year, or `in_amounts` of the target's unit."""

    plan: YearPlan
    in_amounts: bool
    figures: Figures

    @classmethod
    def of(cls, plan: YearPlan) -> Draft:
        """Return the plan as it is."""
        in_amounts = plan.counts_amounts and any(each.amount is not None for each in plan.own.values())
        if not in_amounts:
            return cls(plan, False, _in_percent(plan.target, plan.own, plan.quota))
        whole = cls(plan, True, {})
        return replace(whole, figures={month: whole._amount(each) for month, each in plan.own.items()})

    @property
    def whole(self) -> Decimal:
        """Return what has to be reached by the end: the year's quota, or 100 %."""
        return self.plan.quota if self.in_amounts and self.plan.quota is not None else WHOLE

    @property
    def unit(self) -> str:
        """Return the unit of the figures."""
        return self.plan.unit if self.in_amounts else PERCENT

    @property
    def decimals(self) -> int:
        """Return how many decimals a figure may have."""
        if self.in_amounts:
            return decimals_of(self.plan.unit)
        return load_schema("monthly_curve").field("share").decimals or 0

    @property
    def faults(self) -> dict[int, str]:
        """Return what is wrong by month."""
        return faults_of(self.figures, self.whole, self.unit)

    @property
    def changed(self) -> bool:
        """Return whether it differs from the plan there is."""
        return self != Draft.of(self.plan)

    def due(self, month: int) -> Decimal | None:
        """Return what is due by the end of the month; None without a plan."""
        known = [m for m in self.figures if m <= month]
        return self.figures[max(known)] if known else Decimal(0) if self.figures else None

    def by_calendar(self, month: int) -> Decimal:
        """Return what would be due by the end of the month without a plan."""
        return self._part(self.plan.calendar[month - 1])

    def with_figures(self, figures: Mapping[int, Decimal | None]) -> Draft:
        """Return the plan with these figures; None takes one away."""
        merged = {**self.figures, **figures}
        return replace(self, figures={month: value for month, value in sorted(merged.items()) if value is not None})

    def spread_evenly(self) -> Draft:
        """Return the same part for each month until all of it is due."""
        parts = {m: WHOLE * min(m, self.plan.months) / self.plan.months for m in MONTHS}
        return replace(self, figures={month: self._part(part) for month, part in parts.items()})

    def like_last_year(self) -> Draft:
        """Return the shares of last year, of this year's whole."""
        return replace(self, figures={month: self._part(part) for month, part in self.plan.last_year.items()})

    def cleared(self) -> Draft:
        """Return no plan: the calendar holds again."""
        return replace(self, figures={})

    def counted(self, *, in_amounts: bool) -> Draft:
        """Return the same plan in amounts, or in %."""
        if in_amounts == self.in_amounts:
            return self
        shares = {month: value / self.whole * WHOLE for month, value in self.figures.items()}
        other = replace(self, in_amounts=in_amounts)
        if self.figures == self.spread_evenly().figures:
            return other.spread_evenly()  # 8.33 % of 1,200 is no twelfth of it
        return replace(other, figures={month: other._part(part) for month, part in shares.items()})

    def _part(self, share: Decimal) -> Decimal:
        """Return so many % of the whole, as a figure of this plan."""
        step = Decimal(1).scaleb(-self.decimals)
        return (self.whole * share / WHOLE).quantize(step, ROUND_HALF_UP)

    def _amount(self, each: MonthPlan) -> Decimal:
        if each.amount is not None:
            return in_unit_of(self.plan.target, each.amount, each.unit)
        return self._part(each.share or Decimal(0))


def _in_percent(target: Target, plan: Mapping[int, MonthPlan], quota: Decimal | None) -> dict[int, Decimal]:
    """Return a plan in %; amounts without a quota cannot be told in % and are left out."""
    found: dict[int, Decimal] = {}
    for month, each in plan.items():
        if each.amount is not None and quota:
            part = in_unit_of(target, each.amount, each.unit) / quota * WHOLE
            found[month] = part.quantize(Decimal("0.01"), ROUND_HALF_UP)
        elif each.amount is None and each.share is not None:
            found[month] = each.share
    return found


def _calendar(catalogue: Catalogue, target: Target, month: Period) -> Decimal:
    goal = due_task(catalogue, target, month).share(month.year, 0, 0, target.deadline)
    return (WHOLE * goal.passed / goal.days).quantize(Decimal("0.01"), ROUND_HALF_UP)
