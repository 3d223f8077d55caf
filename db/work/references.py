"""Finding the town, department or enterprise that a field points to, by what people type or paste."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from db.core.errors import DataProblem
from db.core.fields import TableSchema, load_schema
from db.core.text import fold_choice
from db.store.connection import quoted
from db.store.filters import like, searched
from db.store.records import chunks, in_list

CODES = ("code", "credit_code")


@dataclass(frozen=True)
class Option:
    """A row that can be pointed to; `detail` tells it from others of the same name."""

    id: str
    name: str
    detail: str = ""


def options(conn: sqlite3.Connection, table: str, text: str = "", limit: int = 50) -> list[Option]:
    """Return the live rows of `table` that `text` finds (name, initials, code), those that begin with it first."""
    schema = load_schema(table)
    condition, parameters = searched(schema, text) if text.strip() else ("1", [])
    beginning = like(text.strip())[1:]
    detail = _detail(schema)
    rows = conn.execute(
        f"SELECT t.id, coalesce(t.name, ''), coalesce({detail}, '') FROM {quoted(schema.table)} t"
        f" WHERE t.deleted_at IS NULL AND {condition}"
        " ORDER BY NOT (t.name LIKE ? ESCAPE '\\' OR t.initials LIKE ? ESCAPE '\\'), t.seq LIMIT ?",
        [*parameters, beginning, beginning, limit],
    )
    return [Option(*row) for row in rows]


def resolve(conn: sqlite3.Connection, table: str, texts: Iterable[str]) -> dict[str, str | DataProblem]:
    """Return for each text the id of the one live row with this name, code or id, or what is wrong with it.

    Full-width and half-width spellings, as of the brackets in 某某（集团）有限公司, are the same.
    """
    schema = load_schema(table)
    wanted = {text: fold_choice(text) for text in texts}
    found: dict[str, set[str]] = {folded: set() for folded in wanted.values()}
    for name, row_id in conn.execute(f"SELECT name, id FROM {quoted(schema.table)} WHERE deleted_at IS NULL"):
        if name is not None and (folded := fold_choice(name)) in found:
            found[folded].add(row_id)
    columns = [*(name for name in CODES if name in schema), "id"]
    for chunk in chunks(sorted(found)):
        for column in columns:
            rows = conn.execute(
                f"SELECT {quoted(column)}, id FROM {quoted(schema.table)}"
                f" WHERE deleted_at IS NULL AND {in_list(quoted(column), chunk)}",
                chunk,
            )
            for code, row_id in rows:
                found[code].add(row_id)
    return {text: _only(schema, text.strip(), found[folded]) for text, folded in wanted.items()}


def names_of(conn: sqlite3.Connection, table: str, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of the rows of `table` with these ids, by id."""
    found: dict[str, str] = {}
    for chunk in chunks(ids):
        rows = conn.execute(f"SELECT id, coalesce(name, '') FROM {quoted(table)} WHERE {in_list('id', chunk)}", chunk)
        found.update(rows.fetchall())
    return found


def _only(schema: TableSchema, text: str, ids: set[str]) -> str | DataProblem:
    if len(ids) == 1:
        return next(iter(ids))
    if ids:
        return DataProblem(
            f"有 {len(ids)} 个名为“{text}”的{schema.title}。", advice="请填写代码，或从列表中选择。", code="ref.several"
        )
    return DataProblem(
        f"没有“{text}”这个{schema.title}。", advice="请核对名称，或先在基础信息中登记。", code="ref.unknown"
    )


def _detail(schema: TableSchema) -> str:
    for name in ("credit_code", "kind"):
        if name in schema:
            return f"t.{quoted(name)}"
    return "''"
