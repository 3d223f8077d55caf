"""One field of many rows given one value: first what it would do to each row, then all of it as one step.

    plan = plan_bulk(conn, schema, ids, "stage", "实施中")      nothing is written
    carry_out(op, schema, plan)

A row that would break one of its own rules by the change is left as it is, and told with the rule.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from db.core.errors import DataProblem, Problem
from db.core.fields import Field, TableSchema, row_problems
from db.core.values import UNREPORTED, Cell, State
from db.store import records
from db.store.operation import Operation
from db.store.records import Row
from db.work.references import names_of


@dataclass(frozen=True)
class BulkLine:
    """What becomes of one row: what it is called, its value before, and why it is refused, "" when it is not."""

    row_id: str
    title: str
    before: str
    refusal: str = ""


@dataclass
class BulkPlan:
    """What giving the field `own` the value `cell` would do; `after` is that as people read it.

    `unchanged` counts the rows that have it already.
    """

    own: Field
    cell: Cell
    after: str
    lines: list[BulkLine] = field(default_factory=list)
    unchanged: int = 0

    @property
    def changed(self) -> list[BulkLine]:
        """Return the rows that would be changed."""
        return [line for line in self.lines if not line.refusal]

    @property
    def refused(self) -> list[BulkLine]:
        """Return the rows that stay as they are since the value does not suit them."""
        return [line for line in self.lines if line.refusal]

    def sentence(self) -> str:
        """Return the counts, for a person."""
        counts = (("更新", len(self.changed)), ("未变", self.unchanged), ("拒绝", len(self.refused)))
        return "，".join(f"{word}{count:,}行" for word, count in counts) + "。"


def bulk_fields(schema: TableSchema) -> list[Field]:
    """Return the fields that many rows may share a value in."""
    return [each for each in schema.fields if not each.read_only and not each.unique]


def plan_bulk(conn: sqlite3.Connection, schema: TableSchema, ids: Iterable[str], name: str, cell: Cell) -> BulkPlan:
    """Return what giving the field the value would do to the rows with these ids, in their order."""
    own = schema.field(name)
    rows = [row for row in records.get_many(conn, schema, ids) if row.deleted_at is None]
    plan = BulkPlan(own, cell, _shown(conn, own, cell))
    for row in rows:
        if row.values[name] == cell:
            plan.unchanged += 1
        else:
            before = row.labels.get(name) or own.show(row.values[name]) or UNREPORTED
            plan.lines.append(BulkLine(row.id, _title(schema, row), before, _refusal(schema, row, name, cell)))
    return plan


def carry_out(op: Operation, schema: TableSchema, plan: BulkPlan) -> int:
    """Write the value into the rows that take it and return how many; DataProblem when one is gone meanwhile."""
    if not plan.changed:
        raise DataProblem("没有可以修改的行。", advice="请换一个值，或另选几行。", code="bulk.nothing")
    records.update_many(op, schema, [(line.row_id, {plan.own.name: plan.cell}) for line in plan.changed])
    return len(plan.changed)


def _refusal(schema: TableSchema, row: Row, name: str, cell: Cell) -> str:
    """Return the first rule that the row keeps now and would break, "" for none; what is wrong already may stay so."""
    before, after = row_problems(schema, row.values), row_problems(schema, {**row.values, name: cell})
    broken: list[Problem] = [problem for place, problem in after.items() if place not in before]
    return broken[0].message if broken else ""


def _shown(conn: sqlite3.Connection, own: Field, cell: Cell) -> str:
    if cell is None:
        return UNREPORTED
    if own.ref and isinstance(cell, str) and not isinstance(cell, State):
        return names_of(conn, own.ref, [cell]).get(cell, cell)
    return own.show(cell)


def _title(schema: TableSchema, row: Row) -> str:
    return str(row.values.get(schema.initials_of or "name") or "（未填名称）")
