"""A clerk's desk for tests: a county file with short ways to write in it and to ask it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from decimal import Decimal

from db.core.fields import load_schema
from db.core.values import Cell
from db.plan.catalogue import load_catalogue
from db.store import records
from db.store.county import County
from db.work import breakdown, quotas, registers, scope
from db.work.breakdown import AssignmentEntry, BreakdownGrid, TaskState
from db.work.quotas import QuotaEntry


class Desk:
    """An open county file and a connection that reads it."""

    def __init__(self, county: County, conn: sqlite3.Connection) -> None:
        self.county = county
        self.conn = conn
        self.plan = load_catalogue()
        self.towns = [who.id for who in breakdown.assignees(conn, ("town",)) if who.own]

    def quota(
        self,
        target_id: str,
        year: int,
        amount: str,
        unit: str = "",
        *,
        paper: str | None = None,
        why: str | None = None,
    ) -> str:
        entry = QuotaEntry(target_id, year, Decimal(amount), unit, document_number=paper, reason=why)
        with self.county.operation("录入县级目标") as op:
            return quotas.set_quotas(op, [entry])[0]

    def share(self, task_id: str, year: int, *amounts: str | None, **more: Cell) -> list[str]:
        """Give the first towns these amounts."""
        entries = [
            AssignmentEntry(task_id, year, "town", town, {**({"amount": Decimal(amount)} if amount else {}), **more})
            for town, amount in zip(self.towns, amounts, strict=False)
        ]
        with self.county.operation("分解") as op:
            return breakdown.set_assignments(op, entries)

    def give(self, task_id: str, year: int, kind: str, who: str, **values: Cell) -> str:
        with self.county.operation("分解") as op:
            return breakdown.set_assignment(
                op, task_id=task_id, year=year, assignee_kind=kind, assignee_id=who, values=values
            )

    def answer(self, task_id: str, applies: str, reason: str = "") -> None:
        with self.county.operation("适用情况") as op:
            scope.set_scope(op, task_id=task_id, applies=applies, reason=reason)

    def enterprise(self, name: str, **more: Cell) -> str:
        with self.county.operation("登记企业") as op:
            return records.insert(op, load_schema("enterprise"), {"name": name, **more})

    def project(self, register: str, **values: Cell) -> str:
        with self.county.operation("登记项目") as op:
            return records.insert(op, registers.register(op.conn, register), values)

    def projects(self, register: str, *rows: Mapping[str, Cell]) -> list[str]:
        with self.county.operation("登记项目") as op:
            return records.insert_many(op, registers.register(op.conn, register), rows)

    def grid(self, task_id: str) -> BreakdownGrid:
        return breakdown.grid(self.conn, self.plan, task_id)

    def state(self, task_id: str) -> TaskState:
        return breakdown.states(self.conn, self.plan)[task_id]
