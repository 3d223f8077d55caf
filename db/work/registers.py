"""The registers of a county file: their definitions, their tables, and what their rows count towards.

A register is a definition that lies in the file (`register_definition`), so that a file can be read by itself; a newer
edition adds columns and keeps every row. Rows are written and read with `db.store.records` and `db.store.query`.

    ensure_registers(op, schemas=None) -> list[TableSchema]
    registers(conn) -> list[TableSchema]            register(conn, name) -> TableSchema
    by_clause(schemas) -> dict[str, list[TableSchema]]
    counts(conn) -> dict[str, int]                  by register name, rows in the recycle bin left out
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import NamedTuple

import resources
from db.core.errors import DataProblem
from db.core.fields import Field, TableSchema, load_schema, schema_from_json
from db.core.ids import fixed_id
from db.plan.catalogue import Catalogue
from db.plan.editions import homes_of_shipped
from db.plan.part import part_reach
from db.store import journal
from db.store.connection import quoted
from db.store.expression_sql import expression_sql, own_column
from db.store.operation import Operation
from db.work.tasks import title_of

_LAST = 1_000_000


@cache
def shipped() -> tuple[TableSchema, ...]:
    """Return the registers that come with the program, in the order in which people see them."""
    return tuple(_ordered(load_schema(name.removesuffix(".json")) for name in resources.names("registers")))


@cache
def _shipped_editions() -> dict[str, int]:
    """Return the editions of the registers that come with the program without reading their fields."""
    found = (resources.load_json(f"registers/{name}") for name in resources.names("registers"))
    return {raw["name"]: raw.get("x-edition", 1) for raw in found}


def ensure_registers(op: Operation, schemas: Iterable[TableSchema] | None = None) -> list[TableSchema]:
    """Bring the file to the editions given (default: those shipped) and return those that were added or renewed.

    New fields become new columns; one that was renamed (`x-formerly`) takes its values over; a retired field keeps its
    column and values. An edition that is not newer than the file's changes nothing. DataProblem when a field changed
    the way its values are kept.
    """
    renewed = outdated(op.conn, schemas)
    for schema in renewed:
        renamed: list[Field] = []
        if _columns(op.conn, schema.table):
            renamed = _add_columns(op.conn, schema)
        else:
            _create_table(op.conn, schema)
        journal.install(op.conn, schema.table)
        for field in renamed:
            _take_over(op.conn, schema, field)
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
    known: dict[str, int] = dict(
        conn.execute("SELECT name, max(edition) FROM register_definition WHERE deleted_at IS NULL GROUP BY name")
    )
    if schemas is None and all(known.get(name, 0) >= edition for name, edition in _shipped_editions().items()):
        return []
    return [s for s in (shipped() if schemas is None else schemas) if s.edition > known.get(s.name, 0)]


def registers(conn: sqlite3.Connection) -> list[TableSchema]:
    """Return the file's registers in their newest editions, in the order in which people see them.

    The clauses and targets that they name are those of the plan in force; what it does not have is left out. In a work
    package they are those of the part, whose others are empty.
    """
    newest: dict[str, str] = {}
    for name, descriptor in conn.execute(
        "SELECT name, descriptor FROM register_definition WHERE deleted_at IS NULL ORDER BY edition"
    ):
        newest[name] = descriptor
    reach = part_reach(conn)
    if reach is not None:
        newest = {name: descriptor for name, descriptor in newest.items() if name in reach.registers}
    homes = homes_of_shipped(conn)
    return _ordered(_at_home(_parsed(descriptor), homes) for descriptor in newest.values())


def register(conn: sqlite3.Connection, name: str) -> TableSchema:
    """Return the file's register called `name`; DataProblem when it has none."""
    found = find_register(conn, name)
    if found is not None:
        return found
    raise DataProblem(f"县级数据文件里没有清单“{name}”。", advice="请先导入这张清单的定义。", code="register.unknown")


def find_register(conn: sqlite3.Connection, name: str) -> TableSchema | None:
    """Return the file's register called `name` in its newest edition, None when it has none."""
    return next((schema for schema in registers(conn) if schema.name == name), None)


def counts(conn: sqlite3.Connection) -> dict[str, int]:
    """Return the number of live rows of every register, by its name."""
    return {
        schema.name: int(
            conn.execute(f"SELECT count(*) FROM {quoted(schema.table)} WHERE deleted_at IS NULL").fetchone()[0]
        )
        for schema in registers(conn)
    }


def by_clause(schemas: Iterable[TableSchema]) -> dict[str, list[TableSchema]]:
    """Return the registers that each clause asks for, in the order of the clauses."""
    found: dict[str, list[TableSchema]] = {}
    for schema in schemas:
        for clause_id in schema.clauses:
            found.setdefault(clause_id, []).append(schema)
    return dict(sorted(found.items()))


class ClauseLine(NamedTuple):
    """A clause that asks for a register: its id, what it is called in the plan ("" when it is not in it)."""

    clause: str
    task: str
    schema: TableSchema


def clause_lines(catalogue: Catalogue, schemas: Iterable[TableSchema]) -> list[ClauseLine]:
    """Return 条款与清单对照, in the order of the clauses."""
    return [
        ClauseLine(clause, title_of(task) if (task := catalogue.task(clause)) is not None else "", schema)
        for clause, asked in by_clause(schemas).items()
        for schema in asked
    ]


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


def _add_columns(conn: sqlite3.Connection, schema: TableSchema) -> list[Field]:
    """Add the columns that the table lacks and return the fields among them that had another name."""
    present = _columns(conn, schema.table)
    renamed = []
    for field in schema.fields:
        column = present.get(field.name)
        if column is not None and column.computed and field.computed is not None:
            # It holds nothing of its own: the new edition may compute it in another way.
            conn.execute(f"ALTER TABLE {quoted(schema.table)} DROP COLUMN {quoted(field.name)}")
            column = None
        if column is None:
            conn.execute(f"ALTER TABLE {quoted(schema.table)} ADD COLUMN {_definition(schema, field)}")
            former = present.get(field.formerly)
            if former is not None and former.kind == _type(field) and field.computed is None:
                renamed.append(field)
        elif column.kind != _type(field) or column.computed or field.computed is not None:
            was, now = _manner(column.kind, column.computed), _manner(_type(field), field.computed is not None)
            raise DataProblem(
                f"清单“{schema.title}”第{schema.edition}版把「{field.title}」从{was}改成了{now}，已有的值放不进去。",
                advice="请给这个字段换一个新的字段名。",
                code="register.type_changed",
            )
    return renamed


def _take_over(conn: sqlite3.Connection, schema: TableSchema, field: Field) -> None:
    """Give a renamed field the values and states that lie under its former name, which keeps them too."""
    old, new = (f"'$.\"{name}\"'" for name in (field.formerly, field.name))
    conn.execute(f"UPDATE {quoted(schema.table)} SET {quoted(field.name)} = {quoted(field.formerly)}")
    conn.execute(
        f"UPDATE {quoted(schema.table)} SET states = json_set(states, {new}, json_extract(states, {old}))"
        f" WHERE json_extract(states, {old}) IS NOT NULL"
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


def unfinished(schema: TableSchema, alias: str = "") -> str:
    """Return the SQL of rows whose work goes on: no day of completion, and nothing that `x-done` calls done."""
    conditions = [f"{alias}completed_on IS NULL"] if "completed_on" in schema else []
    for field in schema.fields:
        if field.done:
            column = alias + quoted(field.name)
            words = ", ".join("'" + word.replace("'", "''") + "'" for word in field.done)
            conditions.append(f"({column} IS NULL OR {column} NOT IN ({words}))")
    return " AND ".join(conditions) or "1"
