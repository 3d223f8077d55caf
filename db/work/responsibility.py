"""Who in the county answers for a clause, and whether the county has issued its own plan for it ((十八)).

responsibilities(conn) -> dict[clause_id, Responsibility]
set_responsibility(op, *, clause_id, values, catalogue=None) -> str
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.values import Cell
from db.plan.catalogue import Catalogue
from db.plan.editions import county_catalogue
from db.store import records
from db.store.operation import Operation
from db.work.tasks import require_all_of

TABLE: Final = "responsibility"
ISSUED: Final = "已印发"


@dataclass(frozen=True)
class Responsibility:
    """The county's answer for one clause; "" and None where nothing is known.

    `lead` is the department's name as it is now, `lead_id` its id; `plan_status` is one of the schema's choices.
    """

    id: str
    clause_id: str
    lead_id: str = ""
    lead: str = ""
    cooperators: tuple[str, ...] = ()
    leader: str = ""
    leader_post: str = ""
    plan_status: str = ""
    plan_title: str = ""
    document_number: str = ""
    issued_on: date | None = None
    note: str = ""

    @property
    def sentence(self) -> str:
        """Return who answers for the clause and what became of its plan, in one line; "" when nothing is known."""
        parts = [
            f"县级牵头：{self.lead}" if self.lead else "",
            f"配合：{'、'.join(self.cooperators)}" if self.cooperators else "",
            f"责任领导：{self.leader}{f'（{self.leader_post}）' if self.leader_post else ''}" if self.leader else "",
            self.plan_sentence,
        ]
        return "　".join(part for part in parts if part)

    @property
    def plan_sentence(self) -> str:
        """Return what became of the county's plan for the clause: 落实方案已印发（文号，日期）."""
        papers = "，".join(word for word in (self.document_number, str(self.issued_on or "")) if word)
        return f"落实方案{self.plan_status}{f'（{papers}）' if papers else ''}" if self.plan_status else ""


def responsibilities(conn: sqlite3.Connection) -> dict[str, Responsibility]:
    """Return what is known, by clause id."""
    rows = records.select(conn, load_schema(TABLE), "t.deleted_at IS NULL", (), "ORDER BY t.clause_id")
    return {found.clause_id: found for found in map(_read, rows)}


def set_responsibility(
    op: Operation, *, clause_id: str, values: Mapping[str, Cell], catalogue: Catalogue | None = None
) -> str:
    """Write the given fields of the clause's responsibility and return the row's id.

    DataProblem for a clause that the plan does not have, a value that its field cannot hold, and a plan said to be
    issued without its 文号 and date.
    """
    plan = catalogue or county_catalogue(op.conn)
    if clause_id not in {clause.id for clause in plan.clauses}:
        raise DataProblem(f"方案里没有编号为“{clause_id}”的任务条款。", advice="请核对编号。", code="clause.unknown")
    require_all_of(plan, plan.clause(clause_id))
    schema = load_schema(TABLE)
    clean: dict[str, Cell] = {}
    for name, cell in values.items():
        field = schema.field(name)
        if name == "cooperators" and isinstance(cell, str):
            cell = "、".join(names_in(cell))
        problem = field.problem_with(cell)
        if problem:
            raise problem
        clean[name] = cell or None
    row_id, deleted, kept = _present(op.conn, clause_id)
    _check_papers(kept | clean)
    if not row_id:
        return records.insert(op, schema, {"clause_id": clause_id, **clean})
    if deleted:
        records.restore(op, schema, [row_id])
        clean = dict.fromkeys(schema.names[1:]) | clean
    records.update(op, schema, row_id, clean)
    return row_id


def _present(conn: sqlite3.Connection, clause_id: str) -> tuple[str, bool, dict[str, Cell]]:
    row = next(records.select(conn, load_schema(TABLE), "t.clause_id = ?", (clause_id,)), None)
    if row is None:
        return "", False, {}
    gone = row.deleted_at is not None
    return row.id, gone, {} if gone else row.values


def _check_papers(values: Mapping[str, Cell]) -> None:
    if values.get("plan_status") != ISSUED:
        return
    schema = load_schema(TABLE)
    missing = [schema.field(name).title for name in ("document_number", "issued_on") if not values.get(name)]
    if missing:
        raise DataProblem(
            f"落实方案已印发，还要填{'和'.join(missing)}。", advice="没有印发请选“未印发”。", code="plan.papers"
        )


def names_in(text: str) -> list[str]:
    """Return the departments named in a text, which sets them apart by 顿号, commas, semicolons, spaces or lines."""
    for mark in ("，", ",", "；", ";", "\n", " "):
        text = text.replace(mark, "、")
    return list(dict.fromkeys(name for name in text.split("、") if name))


def _read(row: records.Row) -> Responsibility:
    texts = {name: str(cell or "") for name, cell in row.values.items()}
    issued_on = row.values["issued_on"]
    return Responsibility(
        id=row.id,
        clause_id=texts["clause_id"],
        lead_id=texts["lead_id"],
        lead=row.labels.get("lead_id", ""),
        cooperators=tuple(names_in(texts["cooperators"])),
        leader=texts["leader"],
        leader_post=texts["leader_post"],
        plan_status=texts["plan_status"],
        plan_title=texts["plan_title"],
        document_number=texts["document_number"],
        issued_on=issued_on if isinstance(issued_on, date) else None,
        note=texts["note"],
    )
