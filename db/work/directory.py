"""The people and places of the county: towns, enterprises, departments, reporting units.

Rows are read and written with `db.store.records`; here is what needs more than one row to be known:

    remove(op, *, table, row_ids) -> int               only what nothing points to
    uses(conn, table, row_ids) -> {row_id: [Use, …]}   what points to them
    twins(conn, *, credit_code="", name="", town_id="", except_id="") -> list[Row]
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
from db.work.assignments import KINDS
from db.work.registers import registers

TABLES = ("reporting_unit", "town", "department", "enterprise")


@dataclass(frozen=True)
class Use:
    """How many live rows of a table point to a row of the directory."""

    table: str
    title: str
    rows: int


def uses(conn: sqlite3.Connection, table: str, row_ids: Iterable[str]) -> dict[str, list[Use]]:
    """Return for each of the rows that something points to which tables do, with their numbers of live rows."""
    found: dict[str, list[Use]] = {}
    wanted = list(row_ids)
    for schema, column, condition in _pointers(conn, table):
        for chunk in records.chunks(wanted):
            sql = (
                f"SELECT {column}, count(*) FROM {quoted(schema.table)}"
                f" WHERE deleted_at IS NULL AND {condition} AND {records.in_list(column, chunk)} GROUP BY {column}"
            )
            for row_id, rows in conn.execute(sql, chunk):
                found.setdefault(row_id, []).append(Use(schema.table, schema.title, rows))
    return found


def remove(op: Operation, *, table: str, row_ids: Iterable[str]) -> int:
    """Move rows of the directory to the recycle bin and return how many there were.

    DataProblem, and none of them moved, when a live row still points to one of them.
    """
    schema = load_schema(table)
    wanted = list(row_ids)
    used = uses(op.conn, table, wanted)
    first = next((row_id for row_id in wanted if row_id in used), None)
    if first is not None:
        row = records.get(op.conn, schema, first)
        where = "、".join(f"{use.title}{use.rows}条" for use in used[first])
        raise DataProblem(
            f"“{(row and row.values.get('name')) or '未填名称'}”还在使用：{where}。",
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


def _pointers(conn: sqlite3.Connection, table: str) -> Iterator[tuple[TableSchema, str, str]]:
    """Yield each table that can point to `table`, its column that does, and when that column does."""
    for schema in [*map(load_schema, TABLES), *registers(conn)]:
        yield from ((schema, quoted(field.name), "1") for field in schema.fields if field.ref == table)
    if table in KINDS:
        for name in ("assignment", "progress", "measure_taken"):
            yield load_schema(name), "assignee_id", f"assignee_kind = '{table}'"
