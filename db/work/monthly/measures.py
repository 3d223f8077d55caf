"""What was done about those who are late: 提醒, 通报, 约谈, 督办单, with date and result.

add_measure(op, MeasureEntry) -> str      change_measure(op, row_id, values)      remove_measures(op, ids) -> int
measures(conn, assignee=None, task_id="") -> list[Measure]
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.values import Cell
from db.store import records
from db.store.operation import Operation
from db.work.assignees import find_assignees
from db.work.monthly.model import ASSIGNEE_KINDS, COUNTY

FIELDS = ("task_id", "kind", "taken_on", "result", "document_number", "note")


@dataclass(frozen=True)
class Measure:
    """A measure: against whom, about which task ("" for none in particular), which, when, and what came of it."""

    id: str
    assignee_kind: str
    assignee_id: str
    assignee: str
    task_id: str
    kind: str
    taken_on: date | None
    result: str
    document_number: str
    note: str


def add_measure(op: Operation, *, assignee_kind: str, assignee_id: str, values: Mapping[str, Cell]) -> str:
    """Record a measure and return its row's id; DataProblem without its kind and date, and for an impossible value."""
    if assignee_kind not in ASSIGNEE_KINDS:
        raise ValueError(f"not a kind of assignee: {assignee_kind!r}")
    missing = [title for name, title in (("kind", "措施"), ("taken_on", "日期")) if not values.get(name)]
    if missing:
        raise DataProblem(f"没有填{'和'.join(missing)}。", advice="请补上后再保存。", code="measure.missing")
    _check(values)
    whole: dict[str, Cell] = {"assignee_kind": assignee_kind, "assignee_id": assignee_id, **values}
    return records.insert(op, load_schema("measure_taken"), whole)


def change_measure(op: Operation, row_id: str, values: Mapping[str, Cell]) -> None:
    """Change fields of a measure, as when its result is known."""
    _check(values)
    records.update(op, load_schema("measure_taken"), row_id, values)


def remove_measures(op: Operation, row_ids: Iterable[str]) -> int:
    """Move measures to the recycle bin and return how many there were."""
    return records.delete(op, load_schema("measure_taken"), row_ids)


def measures(conn: sqlite3.Connection, assignee: tuple[str, str] | None = None, task_id: str = "") -> list[Measure]:
    """Return the measures taken, those against one assignee (kind, id) or about one task only, the newest first."""
    where, parameters = "t.deleted_at IS NULL", []
    if assignee is not None:
        where, parameters = f"{where} AND t.assignee_id = ?", [assignee[1]]
    if task_id:
        where, parameters = f"{where} AND t.task_id = ?", [*parameters, task_id]
    order = "ORDER BY t.taken_on DESC, t.seq DESC"
    rows = list(records.select(conn, load_schema("measure_taken"), where, parameters, order))
    keys = {(str(row.values["assignee_kind"]), str(row.values["assignee_id"])) for row in rows}
    names = {who.key: who.name for who in find_assignees(conn, keys)} | {(COUNTY, COUNTY): "本县"}
    return [_measure(row, names) for row in rows]


def _measure(row: records.Row, names: Mapping[tuple[str, str], str]) -> Measure:
    texts = {name: str(row.values[name] or "") for name in (*FIELDS, "assignee_kind", "assignee_id")}
    taken_on = row.values["taken_on"]
    return Measure(
        id=row.id,
        assignee_kind=texts["assignee_kind"],
        assignee_id=texts["assignee_id"],
        assignee=names.get((texts["assignee_kind"], texts["assignee_id"]), ""),
        task_id=texts["task_id"],
        kind=texts["kind"],
        taken_on=taken_on if isinstance(taken_on, date) else None,
        result=texts["result"],
        document_number=texts["document_number"],
        note=texts["note"],
    )


def _check(values: Mapping[str, Cell]) -> None:
    schema = load_schema("measure_taken")
    for name, cell in values.items():
        if name not in FIELDS:
            raise ValueError(f"not a field of a measure: {name!r}")
        problem = schema.field(name).problem_with(cell)
        if problem:
            raise problem
