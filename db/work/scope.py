"""Whether a task concerns the county at all: 涉及, 不涉及 (with the reason) or 待定.

set_scope(op, *, task_id, applies, reason="", note=None, catalogue=None) -> str
scopes(conn) -> dict[str, Scope]            scope_of(scopes, task) -> Scope
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.values import Cell, State
from db.plan.catalogue import Catalogue, Clause
from db.plan.editions import county_catalogue
from db.store import records
from db.store.operation import Operation
from db.work.tasks import Task, require_all_of, task_of

APPLIES: Final = "涉及"
DOES_NOT_APPLY: Final = State.NOT_APPLICABLE.value
UNDECIDED: Final = "待定"
ANSWERS: Final = (APPLIES, DOES_NOT_APPLY, UNDECIDED)


@dataclass(frozen=True)
class Scope:
    """The answer for a task: `applies` is one of `ANSWERS`; `own` is False when it comes from the clause or nowhere."""

    task_id: str
    applies: str = APPLIES
    reason: str = ""
    note: str = ""
    own: bool = True

    @property
    def excluded(self) -> bool:
        """Return whether the task does not concern the county."""
        return self.applies == DOES_NOT_APPLY


def set_scope(
    op: Operation,
    *,
    task_id: str,
    applies: str,
    reason: str = "",
    note: str | None = None,
    catalogue: Catalogue | None = None,
) -> str:
    """Answer for a clause (with all its targets) or a target whether it applies, and return the row's id.

    DataProblem for another answer than `ANSWERS`, and for 不涉及 without a reason.
    """
    plan = catalogue or county_catalogue(op.conn)
    require_all_of(plan, task_of(plan, task_id))
    if applies not in ANSWERS:
        raise DataProblem(f"“{applies}”不是可选的答案。", advice=f"请选{'、'.join(ANSWERS)}。", code="scope.answer")
    if applies == DOES_NOT_APPLY and not reason.strip():
        raise DataProblem("标为不涉及要写明理由。", advice="例如：辖区内没有焦化企业。", code="scope.reason")
    schema = load_schema("task_scope")
    values: dict[str, Cell] = {
        "applies": State.NOT_APPLICABLE if applies == DOES_NOT_APPLY else applies,
        "reason": reason.strip() or None,
    }
    if note is not None:
        values["note"] = note.strip() or None
    live = op.conn.execute("SELECT id FROM task_scope WHERE task_id = ? AND deleted_at IS NULL", (task_id,)).fetchone()
    if live is None:
        return records.insert(op, schema, {"task_id": task_id, **values})
    records.update(op, schema, live[0], values)
    return str(live[0])


def scopes(conn: sqlite3.Connection) -> dict[str, Scope]:
    """Return every answer given, by task id."""
    found: dict[str, Scope] = {}
    for row in records.select(conn, load_schema("task_scope"), "t.deleted_at IS NULL", ()):
        texts = {name: str(cell or "") for name, cell in row.values.items()}
        found[texts["task_id"]] = Scope(texts["task_id"], texts["applies"] or APPLIES, texts["reason"], texts["note"])
    return found


def scope_of(given: Mapping[str, Scope], task: Task) -> Scope:
    """Return the answer that holds for the task: its clause's if that excludes it, else its own or the clause's."""
    own = given.get(task.id)
    if isinstance(task, Clause):
        return own or Scope(task.id, own=False)
    clause = given.get(task.clause)
    if clause is not None and (clause.excluded or own is None):
        return Scope(task.id, clause.applies, clause.reason, clause.note, own=False)
    return own or Scope(task.id, own=False)
