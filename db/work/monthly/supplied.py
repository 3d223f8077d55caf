"""Figures of the month that the registers give by themselves, with the arithmetic: of the county, or of one assignee.

supplied(conn, catalogue, period, key) -> Supplied | None
Suppliers(conn, catalogue, period).of(key)          the same for many; `targets` are those that registers count for
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from db.core.fields import TableSchema
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


class Suppliers:
    """The registers of a file, read once, as they give figures to one line after the other."""

    def __init__(self, conn: sqlite3.Connection, catalogue: Catalogue, period: Period) -> None:
        self._conn, self._catalogue, self._period = conn, catalogue, period
        self._schemas = [schema for schema in registers(conn) if schema.counts_towards]
        self.targets = _targets(self._schemas)

    def of(self, key: RowKey) -> Supplied | None:
        """Return what the registers give for the line, None where they have no row of it; of several the first."""
        if key.task_id not in self.targets:
            return None
        holder = None if key.assignee_kind == COUNTY else (_HOLDERS[key.assignee_kind], key.assignee_id)
        figures = target_figures(
            self._conn,
            self._catalogue,
            on=last_day(self._period),
            holder=holder,
            target_ids={key.task_id},
            known=self._schemas,
        )
        made = (_supplied(self._catalogue, each, self._period, key) for each in figures if each.rows)
        return next((each for each in made if each is not None), None)


def supplied_targets(conn: sqlite3.Connection) -> frozenset[str]:
    """Return the ids of the targets that some register counts towards."""
    return _targets(registers(conn))


def supplied(conn: sqlite3.Connection, catalogue: Catalogue, period: Period, key: RowKey) -> Supplied | None:
    """Return what the registers give for one line; see `Suppliers`, which is quicker for several."""
    return Suppliers(conn, catalogue, period).of(key)


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


def _targets(schemas: Sequence[TableSchema]) -> frozenset[str]:
    return frozenset(mapping["target"] for schema in schemas for mapping in schema.counts_towards)
