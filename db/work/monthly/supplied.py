"""Figures of the month that the registers give by themselves, with the arithmetic: of the county, or of one assignee.

supplied(conn, catalogue, period, key) -> Supplied | None
supplied_targets(conn) -> frozenset[str]          targets that some register counts towards
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from decimal import Decimal

from db.core.period import Period
from db.core.schema_checks import REDUCTION
from db.core.values import Cell
from db.plan.catalogue import Catalogue
from db.plan.vocabulary import Measure
from db.work.monthly.model import COUNTY, RowKey, last_day, measure_of
from db.work.registers import registers
from db.work.target_figures import TargetFigure, target_figures
from db.work.tasks import task_of

_HOLDERS = {"town": "town_id", "enterprise": "enterprise_id", "department": "department_id"}


@dataclass(frozen=True)
class Supplied:
    """What a register says of a task and assignee, in the task's unit: an amount, or for a rate its two parts.

    `sentence` is the arithmetic, `register` where it comes from. A register tells how things are now; of an earlier
    month is only what it counts by the year or by the day.
    """

    key: RowKey
    register: str
    sentence: str
    amount: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    @property
    def values(self) -> dict[str, Cell]:
        """Return the cells of the entry that this figure makes."""
        if self.amount is not None:
            return {"amount": self.amount}
        return {"numerator": self.numerator, "denominator": self.denominator}


def supplied_targets(conn: sqlite3.Connection) -> frozenset[str]:
    """Return the ids of the targets that some register counts towards."""
    return frozenset(mapping["target"] for schema in registers(conn) for mapping in schema.counts_towards)


def supplied(conn: sqlite3.Connection, catalogue: Catalogue, period: Period, key: RowKey) -> Supplied | None:
    """Return what the registers give for the line, None where they have no row of it; the first of several counts."""
    holder = None if key.assignee_kind == COUNTY else (_HOLDERS[key.assignee_kind], key.assignee_id)
    figures = target_figures(conn, catalogue, on=last_day(period), holder=holder, target_ids={key.task_id})
    made = (_supplied(catalogue, each, period, key) for each in figures if each.rows)
    return next((each for each in made if each is not None), None)


def _supplied(catalogue: Catalogue, each: TargetFigure, period: Period, key: RowKey) -> Supplied | None:
    measure = measure_of(task_of(catalogue, key.task_id))
    if measure is Measure.RATE:
        if each.numerator is None or not each.denominator or each.how == REDUCTION:
            return None
        parts = {"numerator": each.numerator, "denominator": each.denominator}
        return Supplied(key, each.register, each.sentence, **parts)
    if measure in (Measure.STAGE, Measure.NONE):
        return None
    amount = each.by_year.get(period.year) if measure is Measure.FLOW and each.by_year else each.amount
    return None if amount is None else Supplied(key, each.register, each.sentence, amount=amount)
