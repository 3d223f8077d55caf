"""The registers of a county file: their definitions, their tables, and what their rows count towards.

A register is a definition that lies in the file (`register_definition`), so that a file can be read by itself; a newer
edition adds columns and keeps every row. Rows are written and read with `db.store.records` and `db.store.query`.

    ensure_registers(op, schemas=None) -> list[TableSchema]
    registers(conn) -> list[TableSchema]            register(conn, name) -> TableSchema
    counts(conn) -> dict[str, int]                  by register name, rows in the recycle bin left out
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import resources
from db.core.errors import DataProblem
from db.core.fields import Field, TableSchema, load_schema, schema_from_json
from db.core.ids import fixed_id
from db.plan.editions import homes_of_shipped
from db.store import journal
from db.store.connection import quoted
from db.store.expression_sql import expression_sql, own_column
from db.store.operation import Operation

_LAST = 1_000_000


def shipped() -> list[TableSchema]:
    """Return the registers that come with the program, in the order in which people see them."""
    return _ordered(load_schema(name.removesuffix(".json")) for name in resources.names("registers"))


def ensure_registers(op: Operation, schemas: Iterable[TableSchema] | None = None) -> list[TableSchema]:
    """Bring the file to the editions given (default: those shipped) and return those that were added or renewed.

    New fields become new columns; a retired field keeps its column and values. An edition that is not newer than the
    file's changes nothing. DataProblem when a field changed the way its values are kept.
    """
    renewed = outdated(op.conn, schemas)
    for schema in renewed:
        if _columns(op.conn, schema.table):
            _add_columns(op.conn, schema)
        else:
            _create_table(op.conn, schema)
        journal.install(op.conn, schema.table)
        op.conn.execute(
            "INSERT INTO register_definition (id, name, edition, title, descriptor, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                fixed_id("register", f"{schema.name}:{schema.edition}"),
                schema.name,
                schema.edition,
                schema.title,
                json.dumps(dict(schema.raw), ensure_ascii=False),
                op.at,
            ),
        )
    return renewed


def outdated(conn: sqlite3.Connection, schemas: Iterable[TableSchema] | None = None) -> list[TableSchema]:
    """Return those of `schemas` (default: those shipped) that the file lacks or has in an older edition."""
    known = {schema.name: schema.edition for schema in registers(conn)}
    return [s for s in (shipped() if schemas is None else schemas) if s.edition > known.get(s.name, 0)]


def registers(conn: sqlite3.Connection) -> list[TableSchema]:
    """Return the file's registers in their newest editions, in the order in which people see them.

    The clauses and targets that they name are those of the plan in force; what it does not have is left out.
    """
    newest: dict[str, str] = {}
    for name, descriptor in conn.execute(
        "SELECT name, descriptor FROM register_definition WHERE deleted_at IS NULL ORDER BY edition"
    ):
        newest[name] = descriptor
    homes = homes_of_shipped(conn)
    return _ordered(_at_home(_parsed(descriptor), homes) for descriptor in newest.values())


def register(conn: sqlite3.Connection, name: str) -> TableSchema:
    """Return the file's register called `name`; DataProblem when it has none."""
    for schema in registers(conn):
        if schema.name == name:
            return schema
    raise DataProblem(f"县级数据文件里没有清单“{name}”。", advice="请先导入这张清单的定义。", code="register.unknown")


def counts(conn: sqlite3.Connection) -> dict[str, int]:
    """Return the number of live rows of every register, by its name."""
    return {
        schema.name: int(
            conn.execute(f"SELECT count(*) FROM {quoted(schema.table)} WHERE deleted_at IS NULL").fetchone()[0]
        )
        for schema in registers(conn)
    }


def _ordered(schemas: Iterable[TableSchema]) -> list[TableSchema]:
    return sorted(schemas, key=lambda schema: (schema.raw.get("x-order", _LAST), schema.title))


@lru_cache(maxsize=256)
def _parsed(descriptor: str) -> TableSchema:
    return schema_from_json(json.loads(descriptor))


def _at_home(schema: TableSchema, homes: Mapping[str, str] | None) -> TableSchema:
    if homes is None:
        return schema
    counts = [
        {**mapping, "target": homes[mapping["target"]]}
        for mapping in schema.counts_towards
        if mapping["target"] in homes
    ]
    clauses = [homes[clause] for clause in schema.clauses if clause in homes]
    return replace(schema, clauses=tuple(clauses), counts_towards=tuple(counts))


@dataclass(frozen=True)
class _Column:
    kind: str
    computed: bool


def _columns(conn: sqlite3.Connection, table: str) -> dict[str, _Column]:
    # table_xinfo names computed columns too; the last value tells how a column is hidden.
    return {row[1]: _Column(row[2], row[6] > 1) for row in conn.execute(f"PRAGMA table_xinfo({quoted(table)})")}


def _create_table(conn: sqlite3.Connection, schema: TableSchema) -> None:
    columns = ",\n    ".join(_definition(schema, field) for field in schema.fields)
    conn.execute(
        f"""CREATE TABLE {quoted(schema.table)} (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    {columns},
    initials TEXT,
    states TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(states)),
    created_at TEXT NOT NULL DEFAULT '',
    deleted_at TEXT
) STRICT"""
    )
    # It holds the row numbers too: counting the live rows and listing them in order never touches the wide table.
    conn.execute(f"CREATE INDEX {quoted(schema.table + '_live')} ON {quoted(schema.table)} (deleted_at)")


def _add_columns(conn: sqlite3.Connection, schema: TableSchema) -> None:
    present = _columns(conn, schema.table)
    for field in schema.fields:
        column = present.get(field.name)
        if column is not None and column.computed and field.computed is not None:
            # It holds nothing of its own: the new edition may compute it in another way.
            conn.execute(f"ALTER TABLE {quoted(schema.table)} DROP COLUMN {quoted(field.name)}")
            column = None
        if column is None:
            conn.execute(f"ALTER TABLE {quoted(schema.table)} ADD COLUMN {_definition(schema, field)}")
        elif column.kind != _type(field) or column.computed or field.computed is not None:
            was, now = _manner(column.kind, column.computed), _manner(_type(field), field.computed is not None)
            raise DataProblem(
                f"清单“{schema.title}”第{schema.edition}版把「{field.title}」从{was}改成了{now}，已有的值放不进去。",
                advice="请给这个字段换一个新的字段名。",
                code="register.type_changed",
            )


def _manner(kind: str, computed: bool) -> str:
    return "程序计算" if computed else "数" if kind == "INTEGER" else "文字"


def _definition(schema: TableSchema, field: Field) -> str:
    column = f"{quoted(field.name)} {_type(field)}"
    if field.computed is None:
        return column + _reference(field)
    # The cast keeps a sum beyond 63 bits from becoming a binary number.
    computed = expression_sql(field.computed, schema, own_column)
    return f"{column} GENERATED ALWAYS AS (CAST({computed} AS INTEGER)) VIRTUAL"


def _type(field: Field) -> str:
    return "INTEGER" if field.is_number or field.type == "boolean" else "TEXT"


def _reference(field: Field) -> str:
    return f" REFERENCES {quoted(field.ref)} (id) DEFERRABLE INITIALLY DEFERRED" if field.ref else ""
