"""The recycle bin of the whole county: every deleted row of every table, and bringing them back.

bin_tables(conn) -> list[BinTable]
bin_rows(conn, table="", limit=500) -> list[BinRow]
restore_rows(op, [(table, row_id), …]) -> int
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from db.core.fields import TableSchema, load_schema
from db.plan.catalogue import Catalogue
from db.plan.editions import county_catalogue
from db.store import records
from db.store.connection import quoted
from db.store.history import row_history
from db.store.operation import Operation
from db.store.query import Sort, TableQuery
from db.store.records import Row
from db.work.directory import TABLES
from db.work.registers import registers
from db.work.tasks import title_of

SHOWN = 500


@dataclass(frozen=True)
class BinTable:
    """A table that has deleted rows, with their number."""

    table: str
    title: str
    rows: int


@dataclass(frozen=True)
class BinRow:
    """A deleted row: what it is called, when it was deleted (local ISO time), by whom and in which step."""

    table: str
    table_title: str
    id: str
    title: str
    deleted_at: str
    author: str
    label: str


def bin_tables(conn: sqlite3.Connection) -> list[BinTable]:
    """Return the tables that have deleted rows, in the order in which people know them."""
    found = [BinTable(schema.table, schema.title, _deleted(conn, schema)) for schema in _schemas(conn)]
    return [entry for entry in found if entry.rows]


def bin_rows(conn: sqlite3.Connection, table: str = "", limit: int = SHOWN) -> list[BinRow]:
    """Return the rows deleted last, at most `limit`, from all tables or one; the newest first."""
    found: list[BinRow] = []
    plan = county_catalogue(conn)
    for schema in _schemas(conn):
        if table in ("", schema.table):
            query = TableQuery(schema, sorts=(Sort("deleted_at", descending=True),), deleted=True)
            found += [_row(plan, schema, row) for row in query.rows(conn, query.seqs(conn)[:limit])]
    newest = sorted(found, key=lambda row: row.deleted_at, reverse=True)[:limit]
    return [_told(conn, row) for row in newest]


def restore_rows(op: Operation, rows: Iterable[tuple[str, str]]) -> int:
    """Bring back rows named by table and id, and return how many there were."""
    by_table: dict[str, list[str]] = {}
    for table, row_id in rows:
        by_table.setdefault(table, []).append(row_id)
    schemas = {schema.table: schema for schema in _schemas(op.conn)}
    return sum(records.restore(op, schemas[table], ids) for table, ids in by_table.items())


def _schemas(conn: sqlite3.Connection) -> list[TableSchema]:
    own = [load_schema(name) for name in (*TABLES, "quota", "assignment", "measure_taken")]
    return [*registers(conn), *own, load_schema("attachment")]


def _deleted(conn: sqlite3.Connection, schema: TableSchema) -> int:
    return int(conn.execute(f"SELECT count(*) FROM {quoted(schema.table)} WHERE deleted_at IS NOT NULL").fetchone()[0])


def _row(plan: Catalogue, schema: TableSchema, row: Row) -> BinRow:
    return BinRow(schema.table, schema.title, row.id, title_of_row(plan, row), row.deleted_at or "", "", "")


def title_of_row(plan: Catalogue, row: Row) -> str:
    """Return what people call the row: its name, or the task and year that it is about."""
    if "name" in row.values:
        # A project is its own name, though it may say which task it supports.
        return str(row.values["name"] or "（未填名称）")
    if "rule" in row.values:
        return str(row.values["reason"] or "")
    task_id = next((row.values[key] for key in ("task_id", "target_id", "clause_id") if row.values.get(key)), "")
    task, year = plan.task(str(task_id)), row.values.get("year")
    return f"{task_id} {title_of(task) if task else ''}" + (f"　{year}年" if year else "")


def _told(conn: sqlite3.Connection, row: BinRow) -> BinRow:
    last = next(iter(row_history(conn, row.table, row.id)), None)
    if last is None:
        return row
    return BinRow(row.table, row.table_title, row.id, row.title, row.deleted_at, last.author, last.label)
