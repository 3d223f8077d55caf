"""The people and places of the county: towns, enterprises, departments, reporting units.

Rows are read and written with `db.store.records`; here is what needs more than one row to be known:

    remove(op, *, table, row_ids) -> int               only what nothing points to
    uses(conn, table, row_id) -> list[Use]             what points to a row
    twins(conn, *, credit_code="", name="", town_id="", except_id="") -> list[Row]
    find_enterprise(conn, credit_code) -> Row | None
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from db.core.errors import DataProblem
from db.core.fields import TableSchema, load_schema
from db.store import records
from db.store.connection import quoted
from db.store.operation import Operation
from db.store.records import Row
from db.work.registers import registers

TABLES = ("reporting_unit", "town", "department", "enterprise")


@dataclass(frozen=True)
class Use:
    """How many live rows of a table point to a row of the directory."""

    table: str
    title: str
    rows: int


def uses(conn: sqlite3.Connection, table: str, row_id: str) -> list[Use]:
    """Return which tables point to the row, with their numbers of live rows; empty when nothing does."""
    found: list[Use] = []
    for schema, condition, parameters in _pointers(conn, table, row_id):
        sql = f"SELECT count(*) FROM {quoted(schema.table)} WHERE deleted_at IS NULL AND ({condition})"
        rows = conn.execute(sql, parameters).fetchone()[0]
        if rows:
            found.append(Use(schema.table, schema.title, rows))
    return found


def remove(op: Operation, *, table: str, row_ids: Iterable[str]) -> int:
    """Move rows of the directory to the recycle bin and return how many there were.

    DataProblem, and none of them moved, when a live row still points to one of them.
    """
    schema = load_schema(table)
    wanted = list(row_ids)
    for row in records.get_many(op.conn, schema, wanted):
        used = uses(op.conn, table, row.id)
        if used:
            where = "、".join(f"{use.title}{use.rows}条" for use in used)
            raise DataProblem(
                f"“{row.values.get('name') or '未填名称'}”还在使用：{where}。",
                advice="请先改掉或删除这些记录。",
                code="directory.used",
            )
    return records.delete(op, schema, wanted)


def twins(
    conn: sqlite3.Connection, *, credit_code: str = "", name: str = "", town_id: str = "", except_id: str = ""
) -> list[Row]:
    """Return live enterprises with the same credit code, or the same name in the same town, for a warning."""
    ways: list[str] = []
    parameters: list[str | None] = []
    if credit_code:
        ways.append("t.credit_code = ?")
        parameters.append(credit_code)
    if name:
        ways.append("(t.name = ? AND t.town_id IS ?)")
        parameters += [name, town_id or None]
    if not ways:
        return []
    where = f"t.deleted_at IS NULL AND t.id <> ? AND ({' OR '.join(ways)})"
    return list(records.select(conn, load_schema("enterprise"), where, [except_id, *parameters], "ORDER BY t.seq"))


def find_enterprise(conn: sqlite3.Connection, credit_code: str) -> Row | None:
    """Return the first live enterprise with this credit code, None when there is none."""
    found = twins(conn, credit_code=credit_code)
    return found[0] if found else None


def _pointers(conn: sqlite3.Connection, table: str, row_id: str) -> Iterator[tuple[TableSchema, str, list[str]]]:
    for schema in [*map(load_schema, TABLES), *registers(conn)]:
        columns = [field.name for field in schema.fields if field.ref == table]
        if columns:
            yield schema, " OR ".join(f"{quoted(name)} = ?" for name in columns), [row_id] * len(columns)
    yield load_schema("assignment"), "assignee_kind = ? AND assignee_id = ?", [table, row_id]
