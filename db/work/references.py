"""Finding the town, department or enterprise that a field points to, by what people type or paste."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from db.core.errors import DataProblem
from db.core.fields import TableSchema, load_schema
from db.core.text import fold_choice
from db.store.connection import quoted
from db.store.filters import like, searched
from db.store.records import chunks, in_list

CODES = ("code", "credit_code")
TOWN_KINDS = ("街道", "镇", "乡")
OFFICES = ("人民政府", "办事处", "政府", "办")


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

    Full-width and half-width spellings, as of the brackets in 某某（集团）有限公司, are the same. A town is also found
    by what people call it (`means_town`) where that means one town only.
    """
    schema = load_schema(table)
    wanted = {text: fold_choice(text) for text in texts}
    found: dict[str, set[str]] = {folded: set() for folded in wanted.values()}
    named = conn.execute(
        f"SELECT name, id FROM {quoted(schema.table)} WHERE deleted_at IS NULL AND name IS NOT NULL"
    ).fetchall()
    for name, row_id in named:
        if (folded := fold_choice(name)) in found:
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
    alike: dict[str, list[str]] = {}
    if schema.name == "town":
        for folded in (folded for folded, ids in found.items() if not ids):
            meant = [(name, row_id) for name, row_id in named if means_town(name, folded)]
            found[folded].update(row_id for _, row_id in meant)
            alike[folded] = [name for name, _ in meant]
    return {text: _only(schema, text.strip(), found[folded], alike.get(folded, [])) for text, folded in wanted.items()}


def means_town(name: str, text: str) -> bool:
    """Return whether people mean the town `name` by `text`: 圣城街道 by 圣城 and 圣城街道办事处, never by 圣城镇.

    What is left without 街道, 镇 or 乡 has two characters at least: nobody calls 侯镇 侯.
    """
    own, given = fold_choice(name), "".join(fold_choice(text).split())
    office = next((office for office in OFFICES if given.endswith(office)), "")
    if given.removesuffix(office).endswith(TOWN_KINDS):
        given = given.removesuffix(office)
    kind = next((kind for kind in TOWN_KINDS if own.endswith(kind)), "")
    return given == own or (len(given) >= 2 and given == own.removesuffix(kind))


def names_of(conn: sqlite3.Connection, table: str, ids: Iterable[str]) -> dict[str, str]:
    """Return the names of the rows of `table` with these ids, by id."""
    found: dict[str, str] = {}
    for chunk in chunks(ids):
        rows = conn.execute(f"SELECT id, coalesce(name, '') FROM {quoted(table)} WHERE {in_list('id', chunk)}", chunk)
        found.update(rows.fetchall())
    return found


def _only(schema: TableSchema, text: str, ids: set[str], alike: Sequence[str]) -> str | DataProblem:
    if len(ids) == 1:
        return next(iter(ids))
    if alike:
        return DataProblem(f"“{text}”可能是{'、'.join(alike)}。", advice="请写全名。", code="ref.several")
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
