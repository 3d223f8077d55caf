"""Carrying a year's breakdown over to another year, times a factor: planned first, so that it can be looked at.

    plan_year(conn, catalogue, task_ids, source=…, year=…, factor=…, overwrite=False) -> list[Carried]
    write_year(op, [Carried, …], catalogue=None) -> int

The sum of a quantity is the source's sum times the factor, rounded half up to the unit's decimals, and shared out by
the largest remainder: whole units stay whole and nothing is lost to rounding. Rates are multiplied one by one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from db.core.errors import DataProblem
from db.core.values import Cell, State, plain
from db.plan.catalogue import Catalogue
from db.store.operation import Operation
from db.work.arithmetic import split
from db.work.assignees import Assignee
from db.work.assignments import AssignmentEntry, set_assignments
from db.work.breakdown import BreakdownCell, BreakdownGrid, grid
from db.work.tasks import Duty, amount_field

TEXTS = ("deliverable", "responsible", "phone")
"""What is carried over as it is, where the other year has no assignment yet; deadlines move by the years between."""

MOST = Decimal(1000)


@dataclass(frozen=True)
class Carried:
    """What becomes of one assignment: amounts in the task's unit `unit`; `kept` because the year has one already.

    A task that is completed has no amounts.
    """

    task_id: str
    title: str
    assignee: Assignee
    year: int
    unit: str
    source: Cell
    present: Cell
    amount: Cell
    kept: bool = False
    texts: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def entry(self) -> AssignmentEntry:
        """Return what is to be written."""
        amount: dict[str, Cell] = {} if self.amount is None else {"amount": self.amount, "unit": self.unit or None}
        return AssignmentEntry(self.task_id, self.year, self.assignee.kind, self.assignee.id, {**amount, **self.texts})


def plan_year(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    task_ids: Iterable[str],
    *,
    source: int,
    year: int,
    factor: Decimal,
    overwrite: bool = False,
) -> list[Carried]:
    """Return what carrying these tasks over from `source` to `year` would write, in the order of the tasks.

    Without `overwrite`, whoever has something in `year` keeps it. DataProblem for a factor that cannot be.
    """
    if not 0 < factor <= MOST:
        raise DataProblem("倍数要大于0，不超过1000。", advice="照抄请填1，增长一成请填1.1或110%。", code="year.factor")
    found: list[Carried] = []
    for task_id in task_ids:
        found += _plan_task(grid(conn, catalogue, task_id), source, year, factor, overwrite)
    return found


def write_year(op: Operation, lines: Iterable[Carried], *, catalogue: Catalogue | None = None) -> int:
    """Write what was planned, the kept ones left out, and return how many assignments that were."""
    entries = [line.entry for line in lines if not line.kept]
    set_assignments(op, entries, catalogue=catalogue)
    return len(entries)


def _plan_task(found: BreakdownGrid, source: int, year: int, factor: Decimal, overwrite: bool) -> list[Carried]:
    if found.duty is Duty.NOTHING or found.scope.excluded:
        return []
    rows = [(row, row.cells[source]) for row in found.rows if source in row.cells and not row.assignee.deleted]
    keeps = [not overwrite and year in row.cells for row, _ in rows]
    given = [None if keep else cell.in_unit for keep, (_, cell) in zip(keeps, rows, strict=True)]
    amounts = _times(found, given, factor)
    lines = []
    for (row, cell), keep, amount in zip(rows, keeps, amounts, strict=True):
        there = row.cells.get(year)
        state = cell.amount if isinstance(cell.amount, State) else None
        lines.append(
            Carried(
                task_id=found.task_id,
                title=found.title,
                assignee=row.assignee,
                year=year,
                unit=found.unit,
                source=_shown(cell),
                present=_shown(there) if there else None,
                amount=(_shown(there) if there else None) if keep else amount if amount is not None else state,
                kept=keep,
                texts={} if there else _texts(cell, year - source),
            )
        )
    return lines


def _shown(cell: BreakdownCell) -> Cell:
    return cell.in_unit if cell.in_unit is not None else cell.amount


def _times(found: BreakdownGrid, given: Sequence[Decimal | None], factor: Decimal) -> list[Decimal | None]:
    """Return the amounts times the factor, in the decimals of the unit."""
    decimals = amount_field(found.task).decimals
    if found.duty is not Duty.QUANTITY:
        return [None if amount is None else _rounded(amount, factor, decimals) for amount in given]
    places = [place for place, amount in enumerate(given) if amount]
    whole = sum((amount for amount in given if amount is not None), Decimal(0))
    total = _rounded(whole, factor, decimals)
    result: list[Decimal | None] = [None if amount is None else Decimal(0) for amount in given]
    if places:
        for place, share in zip(places, split(total, [given[p] or 0 for p in places], decimals), strict=True):
            result[place] = share
    return result


def _rounded(amount: Decimal, factor: Decimal, decimals: int) -> Decimal:
    steps = Fraction(amount) * Fraction(factor) * 10**decimals + Fraction(1, 2)
    return plain(Decimal(steps.numerator // steps.denominator).scaleb(-decimals))


def _texts(cell: BreakdownCell, years: int) -> dict[str, Cell]:
    texts = {name: cell.values[name] for name in TEXTS if cell.values.get(name) is not None}
    deadline = cell.values.get("deadline")
    if isinstance(deadline, date):
        texts["deadline"] = _later(deadline, years)
    return texts


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
