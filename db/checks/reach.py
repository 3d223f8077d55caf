"""What an edit can have touched: rows, also those that look at the changed ones, and tasks and months."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping

from db.checks.context import Context
from db.checks.facts import HOLDERS
from db.checks.model import Reach
from db.checks.months import months_touched, spots_of
from db.core.changes import Changes
from db.core.fields import TableSchema
from db.store.records import chunks, in_list
from db.work.task_states import changed_tasks
from db.work.tasks import leaf_tasks

EVERYTHING = frozenset({"setting", "rule_setting", "plan_edition", "month", "monthly_curve", "register_definition"})
"""Tables whose change makes everything doubtful; none of them is changed by ordinary typing."""

SILENT = frozenset({"explanation", "plan_draft", "handout", "received_file", "holiday"})
"""Tables that no rule reads."""


def is_wide(conn: sqlite3.Connection, changes: Changes, since: int) -> bool:
    """Return whether the change is one that rows anywhere look at: settings, or somebody who went, came or moved.

    `since` is the journal's last change that was looked at before.
    """
    if changes.tables & EVERYTHING:
        return True
    if not changes.touches(*HOLDERS):
        return False
    holders = ", ".join(f"'{kind}'" for kind in HOLDERS)
    found = conn.execute(
        f"SELECT 1 FROM change WHERE seq > ? AND table_name IN ({holders}) AND action <> 'insert'"
        """ AND (action = 'delete' OR before LIKE '%"deleted_at"%' OR before LIKE '%"town_id"%') LIMIT 1""",
        (since,),
    )
    return found.fetchone() is not None


def reach_of(ctx: Context, changes: Changes, since: int) -> Reach:
    """Return what has to be looked at again; `since` is the journal's last change that was looked at before."""
    conn = ctx.conn
    rows = {table: set(ids) for table, ids in changes.rows.items()}
    spots = spots_of(conn, changes, since)
    filed = {*changed_tasks(conn, changes.rows), *(spot.task_id for spot in spots)}
    if changes.touches("task_scope"):
        # The answer on a clause holds for its targets too.
        filed |= _below(ctx, filed)
    renamed = _renamed(conn, changes, since)
    for table, naming in _naming(ctx, renamed).items():
        rows.setdefault(table, set()).update(naming)
    tasks = filed | _tasks_of_registers(ctx, rows)
    tasks |= _column(conn, "responsibility", "clause_id", changes.rows.get("responsibility", ()))
    for table in ("progress", "assignment"):
        tasks |= _having(conn, table, "assignee_id", renamed, column_wanted="task_id")
    tasks |= {target.id for target in ctx.catalogue.targets if target.part_of in tasks}
    rows.setdefault("progress", set()).update(_having(conn, "progress", "assignee_id", renamed))
    for kind in HOLDERS:
        gone = changes.rows.get(kind, frozenset())
        rows.setdefault("assignment", set()).update(_having(conn, "assignment", "assignee_id", gone))
    assigned = _column(conn, "assignment", "assignee_id", changes.rows.get("assignment", ()))
    for kind in HOLDERS:
        rows.setdefault(kind, set()).update(_present(conn, kind, assigned))
    departments = changes.rows.get("department", frozenset())
    rows.setdefault("responsibility", set()).update(_having(conn, "responsibility", "lead_id", departments))
    for schema in ctx.registers:
        projects = changes.rows.get(schema.table, frozenset())
        reports = _having(conn, "project_report", "row_id", projects, f"register = '{schema.name}'") if projects else ()
        rows.setdefault("project_report", set()).update(reports)
    for table, row_id in _owners(conn, changes.rows.get("attachment", ())):
        rows.setdefault(table, set()).add(row_id)
    frozen = {table: frozenset(ids) for table, ids in rows.items() if ids}
    years = _column(conn, "assignment", "year", changes.rows.get("assignment", ()))
    given = changed_tasks(conn, {"assignment": changes.rows.get("assignment", frozenset())})
    # What needs no breaking down and was given out all the same is due in every month while anybody has it.
    everywhere = renamed or not given.issubset(leaf_tasks(ctx.catalogue))
    months = None if everywhere else months_touched(ctx, changes, spots, years)
    return Reach(frozen, frozenset(tasks), frozenset(filed), months)


def _renamed(conn: sqlite3.Connection, changes: Changes, since: int) -> set[str]:
    """Return the towns, enterprises and departments that are called otherwise now: issues say their names."""
    found: set[str] = set()
    for kind in HOLDERS:
        for chunk in chunks(changes.rows.get(kind, ())):
            sql = (
                "SELECT row_id FROM change WHERE table_name = ? AND seq > ? AND action = 'update'"
                f""" AND before LIKE '%"name"%' AND {in_list("row_id", chunk)}"""
            )
            found |= {row_id for (row_id,) in conn.execute(sql, [kind, since, *chunk])}
    return found


def _naming(ctx: Context, renamed: Collection[str]) -> dict[str, set[str]]:
    """Return the rows that name one of these towns, enterprises and departments, by table."""
    found: dict[str, set[str]] = {}
    for schema in ctx.schemas if renamed else ():
        for field in schema.fields:
            if field.ref in HOLDERS:
                found.setdefault(schema.table, set()).update(_having(ctx.conn, schema.table, field.name, renamed))
    return {table: ids for table, ids in found.items() if ids}


def _below(ctx: Context, tasks: Iterable[str]) -> set[str]:
    """Return the clauses of the tasks and their targets."""
    clauses = {ctx.clause(task_id) for task_id in tasks}
    return clauses | {target.id for clause in clauses for target in ctx.catalogue.targets_of(clause)}


def _tasks_of_registers(ctx: Context, rows: Mapping[str, Iterable[str]]) -> set[str]:
    touched: list[TableSchema] = [schema for schema in ctx.registers if schema.table in rows]
    return {mapping["target"] for schema in touched for mapping in schema.counts_towards}


def _owners(conn: sqlite3.Connection, ids: Iterable[str]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for chunk in chunks(ids):
        found |= set(conn.execute(f"SELECT table_name, row_id FROM attachment WHERE {in_list('id', chunk)}", chunk))
    missing = set(ids) - set(_present(conn, "attachment", ids))
    for row_id in missing:
        for before in _deleted(conn, "attachment", row_id):
            found.add((before["table_name"], before["row_id"]))
    return found


def _column(conn: sqlite3.Connection, table: str, column: str, ids: Iterable[str]) -> set[str]:
    """Return what a column of these rows holds, as text; of those that are gone from the journal."""
    wanted = sorted(ids)
    found: dict[str, object] = {}
    for chunk in chunks(wanted):
        found.update(conn.execute(f"SELECT id, {column} FROM {table} WHERE {in_list('id', chunk)}", chunk))
    for row_id in set(wanted) - found.keys():
        for before in _deleted(conn, table, row_id):
            found[row_id] = before.get(column)
    return {str(value) for value in found.values() if value}


def _having(
    conn: sqlite3.Connection,
    table: str,
    column: str,
    values: Iterable[str],
    where: str = "1",
    *,
    column_wanted: str = "id",
) -> set[str]:
    """Return the ids of the rows that have one of the values in a column, or what they have in another column."""
    found: set[str] = set()
    for chunk in chunks(values):
        sql = f"SELECT DISTINCT {column_wanted} FROM {table} WHERE {where} AND {in_list(column, chunk)}"
        found |= {row for (row,) in conn.execute(sql, chunk)}
    return found


def _present(conn: sqlite3.Connection, table: str, ids: Iterable[str]) -> set[str]:
    return _having(conn, table, "id", ids)


def _deleted(conn: sqlite3.Connection, table: str, row_id: str) -> list[dict[str, str]]:
    sql = "SELECT before FROM change WHERE table_name = ? AND row_id = ? AND action = 'delete'"
    return [json.loads(before) for (before,) in conn.execute(sql, (table, row_id)) if before]
