"""Rows that may be one thing entered twice: the same key, or nearly the same name in the same town.

A register says with `x-key` which fields together tell its rows apart (一个村一个年度一种技术路线一行); a row in which
one of them is empty is not compared by it. Nothing is refused: two boilers may well bear one number.

    double_of(conn, schema, row_id) -> Double | None       for a warning while a row is typed
    doubles(conn, schema) -> list[list[str]]               ids of the rows that have one key
    pairs(conn, schema) -> list[Pair]                      both kinds, for a list
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from difflib import SequenceMatcher

from db.core.fields import Field, TableSchema
from db.core.text import fold_choice, titled
from db.core.values import State
from db.store import records
from db.store.connection import quoted
from db.store.filters import column
from db.store.records import Row

TOWN = "town_id"
ALIKE = 0.85
"""From which likeness of two names on they are taken for one, as `difflib` measures it."""

MOST_PAIRS = 500
_MOST_NAMES = 2000
_MOST_COMPARED = 400
"""How many names of one town are compared with each other at most, which takes a second."""


@dataclass(frozen=True)
class Double:
    """Another row that may be the same thing, and why, as a sentence."""

    row_id: str
    sentence: str


def double_of(conn: sqlite3.Connection, schema: TableSchema, row_id: str) -> Double | None:
    """Return the first other live row with the key of this one, else one with nearly its name, None for none."""
    row = records.get(conn, schema, row_id)
    if row is None or row.deleted_at is not None:
        return None
    return _same_key(conn, schema, row) or _like_name(conn, schema, row)


def doubles(conn: sqlite3.Connection, schema: TableSchema) -> list[list[str]]:
    """Return the ids of the live rows that share a key, each group in the order of entry."""
    if not schema.key:
        return []
    key = [column(schema.field(name)) for name in schema.key]
    filled = " AND ".join(f"{each} IS NOT NULL" for each in key)
    found = conn.execute(
        f"SELECT group_concat(t.id) FROM (SELECT * FROM {quoted(schema.table)} ORDER BY seq) t"
        f" WHERE t.deleted_at IS NULL AND {filled} GROUP BY {', '.join(key)} HAVING count(*) > 1 ORDER BY min(t.seq)"
    )
    return [ids.split(",") for (ids,) in found]


@dataclass(frozen=True)
class Pair:
    """Two live rows that may be one thing: the one entered first, the other, what they are called, and why."""

    first: str
    second: str
    first_title: str
    second_title: str
    why: str


def pairs(conn: sqlite3.Connection, schema: TableSchema) -> list[Pair]:
    """Return the pairs that share a key, then those whose names are nearly the same, at most `MOST_PAIRS`."""
    named = schema.initials_of or (schema.key[0] if schema.key else "id")
    alike = _alike(conn, schema)
    same = [(ids[0], other) for ids in doubles(conn, schema) for other in ids[1:]]
    known = set(same)
    reasons = [(pair, "、".join(schema.field(name).title for name in schema.key) + "相同") for pair in same]
    reasons += [(pair, "名称相近") for pair in alike if pair not in known]
    del reasons[MOST_PAIRS:]
    rows = {row.id: row for row in records.get_many(conn, schema, {each for pair, _ in reasons for each in pair})}

    def title(row_id: str) -> str:
        row = rows[row_id]
        return str(row.labels.get(named) or row.values.get(named) or "（未填名称）")

    return [Pair(one, other, title(one), title(other), why) for (one, other), why in reasons]


def _alike(conn: sqlite3.Connection, schema: TableSchema) -> list[tuple[str, str]]:
    """Return the ids of rows whose names are nearly the same and whose town and other parts of the key are the same."""
    if not schema.initials_of or schema.initials_of not in schema.key:
        return []
    others = [name for name in schema.key if name != schema.initials_of]
    if TOWN in schema and TOWN not in others:
        others.append(TOWN)
    columns = "".join(f", t.{quoted(name)}" for name in others)
    groups: dict[tuple[object, ...], list[tuple[str, str]]] = {}
    for row_id, name, *place in conn.execute(
        f"SELECT t.id, t.{quoted(schema.initials_of)}{columns} FROM {quoted(schema.table)} t"
        f" WHERE t.deleted_at IS NULL AND length(t.{quoted(schema.initials_of)}) >= 3 ORDER BY t.seq"
    ):
        groups.setdefault(tuple(place), []).append((row_id, name))
    found: list[tuple[str, str]] = []
    for members in groups.values():
        if len(members) <= _MOST_COMPARED:
            found += _alike_among(members)
    return found


def _alike_among(members: list[tuple[str, str]]) -> list[tuple[str, str]]:
    found = []
    for place, (row_id, name) in enumerate(members):
        matcher = SequenceMatcher(b=fold_choice(name), autojunk=False)
        for other_id, other in members[place + 1 :]:
            if _like(matcher, other) and not _differ_in_number_alone(name, other):
                found.append((row_id, other_id))
    return found


def _like(matcher: SequenceMatcher[str], name: str) -> bool:
    matcher.set_seq1(fold_choice(name))
    # The quick ones are upper bounds of the last, which takes its time.
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _same_key(conn: sqlite3.Connection, schema: TableSchema, row: Row) -> Double | None:
    fields = [schema.field(name) for name in schema.key]
    if not fields or any(row.values[field.name] is None or _is_state(row, field) for field in fields):
        return None
    own = f"(SELECT * FROM {quoted(schema.table)} WHERE id = ?) o"
    same = " AND ".join(f"{column(field)} = o.{quoted(field.name)}" for field in fields)
    found = conn.execute(
        f"SELECT t.id, t.{quoted(schema.initials_of or schema.key[0])} FROM {quoted(schema.table)} t, {own}"
        f" WHERE t.deleted_at IS NULL AND t.id <> o.id AND {same} ORDER BY t.seq LIMIT 1",
        (row.id,),
    ).fetchone()
    if found is None:
        return None
    values = {field.title: row.labels.get(field.name) or field.show(row.values[field.name]) for field in fields}
    told = "，".join(f"{title}都是“{value}”" for title, value in values.items())
    return Double(found[0], f"可能与{titled(str(found[1] or '（未填名称）'))}重复：{told}。")


def _like_name(conn: sqlite3.Connection, schema: TableSchema, row: Row) -> Double | None:
    name = row.values.get(schema.initials_of)
    if not schema.initials_of or schema.initials_of not in schema.key or not isinstance(name, str) or len(name) < 3:
        return None
    where, parameters = f"t.deleted_at IS NULL AND t.id <> ? AND t.{quoted(schema.initials_of)} IS NOT NULL", [row.id]
    own = f"(SELECT {{}} FROM {quoted(schema.table)} WHERE id = ?)"
    for other in schema.key:
        # What else tells rows apart must be the same, or two years of one thing would be taken for doubles.
        value = row.values.get(other)
        if other != schema.initials_of and value is not None:
            where += f" AND {column(schema.field(other))} = {own.format(quoted(other))}"
            parameters.append(row.id)
    if TOWN in schema and TOWN not in schema.key:
        where += f" AND t.{TOWN} IS {own.format(TOWN)}"
        parameters.append(row.id)
    found = conn.execute(
        f"SELECT t.id, t.{quoted(schema.initials_of)} FROM {quoted(schema.table)} t WHERE {where}"
        f" ORDER BY t.seq LIMIT {_MOST_NAMES}",
        parameters,
    )
    matcher = SequenceMatcher(b=fold_choice(name), autojunk=False)
    for row_id, other_name in found:
        if _like(matcher, other_name) and not _differ_in_number_alone(name, other_name):
            return Double(row_id, f"名称与同一镇街的{titled(other_name)}相近，请核对是不是同一个。")
    return None


def _differ_in_number_alone(one: str, other: str) -> bool:
    """Return whether the names are told apart by their numbers: 1号炉 and 2号炉 are two."""
    digits = "0123456789一二三四五六七八九十"
    numbers = ["".join(c if c in digits else " " for c in fold_choice(name)).split() for name in (one, other)]
    return numbers[0] != numbers[1]


def _is_state(row: Row, field: Field) -> bool:
    return isinstance(row.values[field.name], State)
