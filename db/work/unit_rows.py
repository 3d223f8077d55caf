"""Which units have something to fill in, table by table, as workbooks and what came of them ask.

holders(conn, tables, years) -> {table: {(unit kind, unit id), …}}
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from typing import Final

from db.core.fields import TableSchema
from db.store import records
from db.store.connection import quoted
from db.work.registers import registers

Unit = tuple[str, str]
OWN_FIELD: Final = {"town": "town_id", "enterprise": "enterprise_id", "department": "department_id"}
"""The field of a register that says whose row it is, by the kind of unit."""


def holders(conn: sqlite3.Connection, tables: Collection[str], years: Collection[int] = ()) -> Mapping[str, set[Unit]]:
    """Return for each of `tables` the units (kind, id) that have rows of it; of tasks those of `years`, none for all.

    Figures of the month are asked for every task of the year, reports for every project: also for a finished one,
    which its workbook leaves out.
    """
    found: dict[str, set[Unit]] = {table: set() for table in tables}
    if {"assignment", "progress"} & found.keys():
        tasks = _with_tasks(conn, years)
        found |= {table: tasks for table in ("assignment", "progress") if table in found}
    for schema in registers(conn):
        if schema.name in found or "project_report" in found:
            units = _with_projects(conn, schema)
            for table in (schema.name, "project_report"):
                if table in found:
                    found[table] |= units
    return found


def _with_tasks(conn: sqlite3.Connection, years: Collection[int]) -> set[Unit]:
    where = f" AND {records.in_list('year', [*years])}" if years else ""
    sql = f"SELECT DISTINCT assignee_kind, assignee_id FROM assignment WHERE deleted_at IS NULL{where}"
    return set(conn.execute(sql, [*years]))


def _with_projects(conn: sqlite3.Connection, schema: TableSchema) -> set[Unit]:
    own = {kind: name for kind, name in OWN_FIELD.items() if name in schema}
    if not own:
        return set()
    # Once through the register for all kinds of unit.
    columns = ", ".join(map(quoted, own.values()))
    rows = conn.execute(f"SELECT DISTINCT {columns} FROM {quoted(schema.table)} WHERE deleted_at IS NULL")
    return {(kind, unit_id) for row in rows for kind, unit_id in zip(own, row, strict=True) if unit_id}
