"""What the counties' figures of one month come to in the city, target by target, as each measure allows.

    found = roll_up(conn, Period(2022, 3))
    found.lines[0].city      added · Σ numerator ÷ Σ denominator · the mean of stages

Of an assignee without a figure in the month the newest earlier one in the ledger counts, as in the county's own total.
A target inside another one (其中) has a line of its own and is added to nothing; the lines are never added up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from db.core.errors import DataProblem
from db.core.period import Period
from db.core.values import State, to_micro
from db.exchange.ledger.outcomes import CURRENT
from db.exchange.ledger.rows import LoadedTable, loaded_table, read_rows
from db.plan.catalogue import Catalogue, Target, load_catalogue
from db.plan.vocabulary import Measure
from db.work.amounts import in_city_unit, in_unit_of
from db.work.arithmetic import figure
from db.work.monthly.figures import Parts, Ratio, Stored, figure_of, parts_of, total
from db.work.monthly.goals import DueTask, due_task
from db.work.monthly.model import COUNTY, FigureKind, goes_on, require_month
from db.work.tasks import Duty, duty_of

MEASURES = {
    Measure.CUMULATIVE: "累计数",
    Measure.FLOW: "当年数",
    Measure.STOCK: "期末数",
    Measure.RATE: "比率",
    Measure.STAGE: "阶段",
}
_ENTRY = ("task_id", "assignee_kind", "assignee_id", "amount", "numerator", "denominator", "stage", "unit")
_FIGURES = ("amount", "numerator", "denominator", "stage")
_SHARE = ("task_id", "year", "assignee_id")
_QUOTA = ("target_id", "year", "amount", "unit")

Who = tuple[str, str]
"""Kind and id of an assignee."""


@dataclass(frozen=True)
class Sum:
    """Figures added: `figure` is None where there is none or it cannot be divided; `apart` could not be added."""

    figure: Ratio | None = None
    counted: int = 0
    apart: int = 0
    quota: Decimal | None = None

    def text(self, due: DueTask) -> str:
        """Return the figure as people read it, with its unit where it is a rate or stage; "" where there is none."""
        if self.figure is None:
            return ""
        return figure(self.figure.value, "" if due.kind is FigureKind.AMOUNT else due.unit_shown)


@dataclass(frozen=True)
class Line:
    """One target: what each county has, by its key, and what that comes to in the city."""

    target: Target
    due: DueTask
    counties: Mapping[str, Sum]
    city: Sum

    @property
    def city_amount(self) -> Decimal | None:
        """Return the city's amount in the unit in which the plan states it, None where there is none."""
        if self.city.figure is None or self.due.kind is FigureKind.STAGE:
            return None
        value = self.city.figure.value
        return in_city_unit(self.target, value) if self.due.kind is FigureKind.AMOUNT else value

    @property
    def notes(self) -> str:
        """Return what has to be known of the sum."""
        told = ["其中数，已含在上面的数里，不另相加"] if self.target.part_of else []
        if self.city.apart:
            told.append(f"{self.city.apart}个数没有分子、分母或单位不能换算，没有加进来")
        return "；".join(told)


@dataclass(frozen=True)
class RollUp:
    """One month in the city: the counties that reported it, in the order of the ledger, and the targets' lines."""

    period: Period
    counties: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass
class _County:
    """What one county filed: newest figures by task and assignee, who has a task, the year's quotas in its unit."""

    figures: dict[str, dict[Who, Stored]] = field(default_factory=dict)
    assigned: dict[str, set[str]] = field(default_factory=dict)
    quotas: dict[str, Decimal] = field(default_factory=dict)


def roll_up(conn: sqlite3.Connection, period: Period, catalogue: Catalogue | None = None) -> RollUp:
    """Return the month's sums; packages of an edition that is not the catalogue's are left out, as `Place` says."""
    require_month(period)
    plan = catalogue or load_catalogue()
    reported: dict[str, list[tuple[str, int]]] = {}
    for county, month, number in conn.execute(
        "SELECT county, period, number FROM package"
        " WHERE kind = 'monthly' AND standing = ? AND period <= ? AND plan_version = ? ORDER BY county, period",
        (CURRENT, str(period), plan.version),
    ):
        reported.setdefault(county, []).append((month, number))
    counties = {
        county: _read(conn, plan, packages, period)
        for county, packages in reported.items()
        if packages[-1][0] == str(period)
    }
    lines = tuple(
        _line(due_task(plan, target, period), target, counties)
        for target in plan.targets
        if duty_of(target) is not Duty.NOTHING
    )
    return RollUp(period, tuple(counties), lines)


def _read(conn: sqlite3.Connection, plan: Catalogue, packages: list[tuple[str, int]], period: Period) -> _County:
    found = _County()
    targets = {target.id: target for target in plan.targets}
    for month, number in packages:
        this_year = month[:4] == str(period.year)
        for task_id, kind, who, *cells in _rows(conn, number, "progress", _ENTRY):
            target = targets.get(task_id)
            if target is None or not (this_year or goes_on(target)):
                continue
            mine = found.figures.setdefault(task_id, {})
            if State.NOT_APPLICABLE.value in cells:
                mine.pop((kind, who), None)
            elif stored := _stored(month, cells):
                mine[kind, who] = stored
    last = packages[-1][1]
    for task_id, year, who in _rows(conn, last, "assignment", _SHARE):
        if year <= str(period.year):
            found.assigned.setdefault(task_id, set()).add(who)
    for target_id, year, amount, unit in _rows(conn, last, "quota", _QUOTA):
        target = targets.get(target_id)
        number_text = _decimal(amount)
        if target is not None and year == str(period.year) and number_text is not None:
            try:
                found.quotas[target_id] = in_unit_of(target, number_text, unit)
            except DataProblem:
                continue  # a unit that does not convert is shown in the county's own table
    return found


def _rows(conn: sqlite3.Connection, number: int, table: str, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    loaded: LoadedTable | None = loaded_table(conn, number, table)
    if loaded is not None:
        for rows in read_rows(conn, loaded, columns):
            yield from rows


def _stored(month: str, cells: list[str]) -> Stored | None:
    """Return the entry, None when it has no figure."""
    amount, numerator, denominator, stage, unit = cells
    if not (amount or numerator or denominator or stage):
        return None
    made, top, bottom = _micro(amount), _micro(numerator), _micro(denominator)
    stage = "" if stage in tuple(State) else stage
    if not stage and made is None and (top is None or bottom is None):
        return None
    return Stored(month, made, top, bottom, stage or None, unit or None, "{}", 1, None)


def _micro(text: str) -> int | None:
    amount = _decimal(text)
    return None if amount is None else to_micro(amount)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _line(due: DueTask, target: Target, counties: Mapping[str, _County]) -> Line:
    sums: dict[str, Sum] = {}
    everything: list[Parts] = []
    apart = 0
    for county, found in counties.items():
        parts, left, alone = _parts(due, found)
        everything += parts
        apart += left
        whole = total(due, parts) if parts else alone
        sums[county] = Sum(whole, len(parts), left, found.quotas.get(target.id))
    quotas = [each.quota for each in sums.values() if each.quota is not None]
    adds_up = due.kind is FigureKind.AMOUNT and bool(quotas)
    city = Sum(total(due, everything), len(everything), apart, sum(quotas, Decimal(0)) if adds_up else None)
    return Line(target, due, sums, city)


def _parts(due: DueTask, found: _County) -> tuple[list[Parts], int, Ratio | None]:
    """Return what the county adds, how many figures cannot be added, and its own rate where that is all there is."""
    assigned = found.assigned.get(due.id, set())
    parts: list[Parts] = []
    apart: list[Stored] = []
    speakers: set[str] = set()
    for (kind, who), stored in found.figures.get(due.id, {}).items():
        if who not in assigned if assigned else kind != COUNTY:
            continue
        try:
            each = parts_of(due, stored)
        except DataProblem:
            each = None
        if each is None:
            apart.append(stored)
            speakers.add(kind)
        else:
            parts.append(each)
    # A rate that was published for the county as a whole needs no parts; that of a town is not the county's.
    whole = len(assigned) <= 1 and speakers <= {COUNTY, "department"}
    alone = len(apart) == 1 and not parts and due.kind is FigureKind.RATE and whole
    return parts, len(apart), figure_of(due, apart[0]) if alone else None


def amount_of(line: Line, county: str) -> Decimal | None:
    """Return a county's figure as a number, None where there is none."""
    found = line.counties.get(county)
    return None if found is None or found.figure is None else found.figure.value


__all__ = ["MEASURES", "Line", "RollUp", "Sum", "amount_of", "roll_up"]
