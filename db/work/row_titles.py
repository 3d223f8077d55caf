"""What people call a row and what stands in its cells, given the stored values: those of now, or those of then.

Names of towns, enterprises, departments and projects are the ones they have today, deleted rows included.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from db.core.fields import Field, TableSchema
from db.core.values import State
from db.plan.catalogue import Catalogue
from db.store import cells
from db.store.connection import quoted
from db.store.past import Stored
from db.work.assignments import KINDS
from db.work.registers import registers
from db.work.tasks import title_of

_TASKS = ("task_id", "target_id", "clause_id")
_NAMELESS = "（未填名称）"


class RowTitles:
    """Answers for one county file; asks it once for each name."""

    def __init__(self, conn: sqlite3.Connection, catalogue: Catalogue) -> None:
        self._conn = conn
        self._catalogue = catalogue
        self._registers = {schema.name: schema for schema in registers(conn)}
        self._names: dict[tuple[str, str], str] = {}

    def row(self, schema: TableSchema, values: Mapping[str, Stored]) -> str:
        """Return what people call the row: its name, or whose it is, the year and the task."""
        own = schema.initials_of or ("name" if "name" in schema else "")
        if own:
            return str(values.get(own) or _NAMELESS)
        parts = []
        if values.get("register"):
            parts.append(self._project(str(values["register"]), str(values.get("row_id") or "")))
        if values.get("assignee_id"):
            parts.append(self._name(str(values.get("assignee_kind") or ""), str(values["assignee_id"])))
        if values.get("year"):
            parts.append(f"{values['year']}年")
        parts += [self._task(str(values[key])) for key in _TASKS if values.get(key)][:1]
        return "　".join(filter(None, parts)) or str(values.get("id") or "")

    def cell(self, field: Field, values: Mapping[str, Stored], states: Mapping[str, str], *, plain: bool) -> str:
        """Return the cell as people read it, its state's word, "" for 未报."""
        if field.name in states:
            return State(states[field.name]).value
        stored = values.get(field.name)
        if stored is None:
            return ""
        if field.ref:
            return self._name(field.ref, str(stored)) or str(stored)
        if field.name in _TASKS:
            return self._task(str(stored))
        return field.show(cells.load(field, stored, plain=plain))

    def _task(self, task_id: str) -> str:
        task = self._catalogue.task(task_id)
        return f"{task_id} {title_of(task)}".strip() if task else task_id

    def _name(self, table: str, row_id: str) -> str:
        if table not in KINDS and table != "reporting_unit":
            return "本县" if table == "county" else ""
        return self._asked(table, "name", row_id)

    def _project(self, register: str, row_id: str) -> str:
        schema = self._registers.get(register)
        return self._asked(schema.table, schema.initials_of, row_id) if schema and schema.initials_of else ""

    def _asked(self, table: str, column: str, row_id: str) -> str:
        if (table, row_id) not in self._names:
            found = self._conn.execute(
                f"SELECT {quoted(column)} FROM {quoted(table)} WHERE id = ?", (row_id,)
            ).fetchone()
            self._names[table, row_id] = str(found[0] or _NAMELESS) if found else ""
        return self._names[table, row_id]
