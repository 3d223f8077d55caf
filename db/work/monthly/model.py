"""The words of the months: what kind of figure a task asks for, what was filed, who files it."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from db.core.errors import DataProblem
from db.core.period import Period
from db.core.values import UNREPORTED, Cell, State
from db.plan.catalogue import Clause
from db.plan.vocabulary import Measure
from db.work.arithmetic import figure
from db.work.assignments import KINDS
from db.work.tasks import Task, unit_of

COUNTY = "county"
"""Kind and id of the county itself, which files what it has given to nobody."""

ASSIGNEE_KINDS = {**KINDS, COUNTY: "本县"}


class FigureKind(StrEnum):
    """What is filed: an amount, numerator and denominator, or a stage."""

    AMOUNT = "amount"
    RATE = "rate"
    STAGE = "stage"


class Filing(StrEnum):
    """What there is for a month: nothing, a figure (0 included), an answer that is none, or no need any more."""

    MISSING = UNREPORTED
    FIGURE = "已报"
    NOT_APPLICABLE = State.NOT_APPLICABLE.value
    NO_DATA = State.NO_DATA.value
    FINISHED = "此前已完成"

    @property
    def settled(self) -> bool:
        """Return whether nothing is left to file."""
        return self is not Filing.MISSING


class TableStatus(StrEnum):
    """How far somebody has filed a table for the month (填报)."""

    NOT_STARTED = "未填报"
    PARTLY = "填报中"
    DONE = "已完成"
    NOTHING_DUE = "无需填报"

    @classmethod
    def of(cls, due: int, filed: int) -> TableStatus:
        """Return the status when `filed` of `due` lines are settled."""
        if not due:
            return cls.NOTHING_DUE
        return cls.DONE if filed >= due else cls.PARTLY if filed else cls.NOT_STARTED


class RowKey(NamedTuple):
    """Who files what: `assignee_kind` is town, enterprise, department or county (then `assignee_id` is "county")."""

    task_id: str
    assignee_kind: str
    assignee_id: str


@dataclass(frozen=True)
class Filed:
    """What was filed for a month: cells of the field that the task asks for; None is 未报.

    `amount` is in `unit`. Of a rate `amount` is the rate itself where it was published without its two parts.
    """

    amount: Cell = None
    numerator: Cell = None
    denominator: Cell = None
    stage: Cell = None
    unit: str = ""
    situation: str = ""
    problems: str = ""
    next_steps: str = ""
    source: str = ""
    reviewed: bool = True
    override_reason: str = ""
    id: str = ""

    @property
    def state(self) -> State | None:
        """Return 不涉及 or 暂无数据 if that was filed."""
        return next((cell for cell in self._cells if isinstance(cell, State)), None)

    @property
    def filing(self) -> Filing:
        """Return what this amounts to."""
        if self.state is not None:
            return Filing(self.state.value)
        rate = self.numerator is not None and self.denominator is not None
        return Filing.FIGURE if rate or self.amount is not None or self.stage is not None else Filing.MISSING

    @property
    def text(self) -> str:
        """Return the figure as people read it: 1,180 · 29/33 · 实施中 · 暂无数据 · 未报."""
        if self.state is not None:
            return self.state.value
        if isinstance(self.numerator, Decimal) or isinstance(self.denominator, Decimal):
            return "/".join(figure(c) if isinstance(c, Decimal) else "—" for c in (self.numerator, self.denominator))
        if isinstance(self.amount, Decimal):
            return figure(self.amount)
        return str(self.stage) if self.stage else UNREPORTED

    @cached_property
    def _cells(self) -> tuple[Cell, ...]:
        return (self.amount, self.numerator, self.denominator, self.stage)


def figure_kind(task: Task) -> FigureKind:
    """Return what is filed for the task; clauses and whatever is not counted are filed as a stage."""
    if isinstance(task, Clause):
        return FigureKind.STAGE
    match task.measure:
        case Measure.RATE:
            return FigureKind.RATE
        case Measure.CUMULATIVE | Measure.FLOW | Measure.STOCK:
            return FigureKind.AMOUNT
    return FigureKind.STAGE


def measure_of(task: Task) -> Measure:
    """Return the measure of the task; a clause is measured by its stage."""
    return Measure.STAGE if isinstance(task, Clause) else task.measure


def unit_shown(task: Task) -> str:
    """Return the unit of the task's figures; "" for a stage."""
    return "" if figure_kind(task) is FigureKind.STAGE else unit_of(task)


def goes_on(task: Task) -> bool:
    """Return whether a figure stays true in the next year: all but what restarts in January and rates of a year."""
    return measure_of(task) not in (Measure.FLOW, Measure.RATE)


def last_day(period: Period) -> date:
    """Return the last day of the month."""
    return date(period.year, period.month, calendar.monthrange(period.year, period.month)[1])


def month_before(period: Period, months: int = 1) -> Period:
    """Return the month that lies so many months earlier (later if negative)."""
    year, month = divmod(period.year * 12 + period.month - 1 - months, 12)
    return Period(year, month + 1)


def long_past(period: Period, on: date) -> bool:
    """Return whether the month lies before the one reported on that day: what is true then tells nothing of it."""
    return period < month_before(Period(on.year, on.month))


def require_month(period: Period) -> None:
    """Refuse a year where a month is wanted."""
    if not period.is_month:
        raise DataProblem(f"{period.title}不是月份。", advice="月调度按月填报，请选月份。", code="period.month")
