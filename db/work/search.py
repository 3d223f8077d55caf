"""One search for the whole county: tasks, projects, enterprises, towns, departments.

Words are found in Chinese, by pinyin initials (`scjd`) or by code (`08-06`, a credit code, a town's code). All words
must occur. The best come first: equal, then beginning, then holding what was typed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from db.core.fields import TableSchema, load_schema
from db.core.text import fold_choice
from db.plan.model import Catalogue, Clause, Target
from db.store.connection import quoted
from db.store.filters import like, searched
from db.store.initials import initials
from db.work.registers import registers

DIRECTORIES = ("town", "enterprise", "department")
LIMIT = 6


@dataclass(frozen=True)
class Hit:
    """Something found: `kind` is clause, target, town, enterprise, department or project; `id` its id.

    `table` names the schema that holds it; for clauses and targets it is "". `detail` says where it belongs.
    """

    kind: str
    id: str
    title: str
    detail: str = ""
    table: str = ""


@dataclass(frozen=True)
class HitGroup:
    """The first hits of one sort, with whether there are more."""

    title: str
    hits: tuple[Hit, ...]
    more: bool = False


def search(conn: sqlite3.Connection, catalogue: Catalogue, text: str, *, limit: int = LIMIT) -> list[HitGroup]:
    """Return what `text` finds, at most `limit` of each sort; sorts without hits are left out."""
    words = fold_choice(text).lower().split()
    if not words:
        return []
    groups = [_group("任务", _tasks(catalogue, words), limit)]
    groups += [_rows(conn, load_schema(name), words, limit) for name in DIRECTORIES]
    groups += [_rows(conn, schema, words, limit) for schema in registers(conn)]
    return [group for group in groups if group.hits]


def _group(title: str, hits: Sequence[Hit], limit: int) -> HitGroup:
    return HitGroup(title, tuple(hits[:limit]), more=len(hits) > limit)


def _tasks(catalogue: Catalogue, words: Sequence[str]) -> list[Hit]:
    """Return clauses and targets that hold every word; those where it begins the id or the title come first."""
    ranked = []
    for order, (hit, entry) in enumerate(_task_entries(catalogue)):
        if all(word in entry for word in words):
            first = words[0]
            rank = 0 if hit.id == first else 1 if hit.id.startswith(first) else 2 if first in hit.title else 3
            ranked.append((rank, order, hit))
    return [hit for _, _, hit in sorted(ranked, key=lambda found: found[:2])]


def _task_entries(catalogue: Catalogue) -> tuple[tuple[Hit, str], ...]:
    return _entries_of(catalogue.version, catalogue.clauses, catalogue.targets)


@lru_cache(maxsize=2)
def _entries_of(_version: str, clauses: tuple[Clause, ...], targets: tuple[Target, ...]) -> tuple[tuple[Hit, str], ...]:
    """Return each clause and target with all that it is found by, in lower case."""
    by_clause: dict[str, list[Target]] = {}
    for target in targets:
        by_clause.setdefault(target.clause, []).append(target)
    entries = []
    for clause in clauses:
        hit = Hit("clause", clause.id, clause.title, clause.id)
        entries.append((hit, _found_by(clause.id, clause.title, clause.text, *clause.leads)))
        for target in by_clause.get(clause.id, ()):
            hit = Hit("target", target.id, target.indicator, f"{target.id}　{clause.title}")
            entries.append((hit, _found_by(target.id, target.indicator, target.quote)))
    return tuple(entries)


def _found_by(task_id: str, title: str, *texts: str) -> str:
    return "\n".join((task_id, title, initials(title), *texts)).lower()


def _rows(conn: sqlite3.Connection, schema: TableSchema, words: Sequence[str], limit: int) -> HitGroup:
    """Return the first live rows of `schema` that hold every word, those whose name or code begins with it first."""
    title = schema.initials_of or next(iter(schema.names))
    condition, parameters = searched(schema, " ".join(words))
    beginning = like(words[0])[1:]
    ranks = [f"{_column(title)} LIKE ? ESCAPE '\\'"]
    if schema.initials_of:
        ranks.append("t.initials LIKE ? ESCAPE '\\'")
    details = [name for name in _details(schema) if name != title]
    columns = ", ".join(["t.id", _column(title), *(_text_of(schema, name) for name in details)])
    found = conn.execute(
        f"SELECT {columns} FROM {quoted(schema.table)} t WHERE t.deleted_at IS NULL AND {condition}"
        f" ORDER BY NOT ({' OR '.join(ranks)}), length({_column(title)}), t.seq LIMIT ?",
        [*parameters, *([beginning] * len(ranks)), limit + 1],
    ).fetchall()
    kind = schema.name if schema.name in DIRECTORIES else "project"
    hits = [Hit(kind, row[0], row[1] or "（未填名称）", _joined(row[2:]), schema.name) for row in found]
    return _group(schema.title, hits, limit)


def _details(schema: TableSchema) -> list[str]:
    """Return the fields that tell one row from another of the same name: code, town, kind."""
    return [name for name in ("code", "credit_code", "town_id", "kind") if name in schema][:2]


def _column(name: str) -> str:
    return f"t.{quoted(name)}"


def _text_of(schema: TableSchema, name: str) -> str:
    field = schema.field(name)
    if field.ref:
        return f"(SELECT name FROM {quoted(field.ref)} WHERE id = {_column(name)})"
    return _column(name)


def _joined(parts: Iterable[str | None]) -> str:
    return "　".join(part for part in parts if part)
