"""Rows that may be one thing entered twice: the same key, or nearly the same name in the same town.

A register says with `x-key` which fields together tell its rows apart (一个村一个年度一种技术路线一行); a row in which
one of them is empty is not compared by it. Nothing is refused: two boilers may well bear one number.

    double_of(conn, schema, row_id) -> Double | None       for a warning while a row is typed
    doubles(conn, schema) -> list[list[str]]               ids of the rows that have one key
    alike(conn, schema) -> list[tuple[str, str]]           ids of rows whose names are nearly the same
    pairs(conn, schema) -> list[Pair]                      both kinds, for a list
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from operator import itemgetter

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
_MOST_COMPARED = 2000
"""How many names of one town are compared with each other at most, which takes half a second."""


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
    similar = alike(conn, schema)
    same = [(ids[0], other) for ids in doubles(conn, schema) for other in ids[1:]]
    known = set(same)
    reasons = [(pair, "、".join(schema.field(name).title for name in schema.key) + "相同") for pair in same]
    reasons += [(pair, "名称相近") for pair in similar if pair not in known]
    del reasons[MOST_PAIRS:]
    rows = {row.id: row for row in records.get_many(conn, schema, {each for pair, _ in reasons for each in pair})}

    def title(row_id: str) -> str:
        row = rows[row_id]
        return str(row.labels.get(named) or row.values.get(named) or "（未填名称）")

    return [Pair(one, other, title(one), title(other), why) for (one, other), why in reasons]


def alike(conn: sqlite3.Connection, schema: TableSchema, among: Collection[str] | None = None) -> list[tuple[str, str]]:
    """Return the ids of rows whose names are nearly the same and whose town and other parts of the key are the same.

    Of each pair the row entered first stands first. `among`: only pairs in which one of these rows is.
    """
    if not schema.initials_of or schema.initials_of not in schema.key:
        return []
    others = [name for name in schema.key if name != schema.initials_of]
    if TOWN in schema and TOWN not in others:
        others.append(TOWN)
    columns = "".join(f", t.{quoted(name)}" for name in others)
    name = f"t.{quoted(schema.initials_of)}"
    where, parameters = f"t.deleted_at IS NULL AND length({name}) >= 3", list(among or ())
    if among is not None:
        beside = "".join(f" AND o.{quoted(other)} IS t.{quoted(other)}" for other in others)
        own = f"o.{records.in_list('id', parameters)}"
        where += f" AND EXISTS (SELECT 1 FROM {quoted(schema.table)} o WHERE {own}{beside})"
    # Names with other numbers in them are never alike, so they are not compared at all.
    groups: dict[tuple[object, ...], list[_Called]] = {}
    for order, (row_id, called, *place) in enumerate(
        conn.execute(
            f"SELECT t.id, {name}{columns} FROM {quoted(schema.table)} t WHERE {where} ORDER BY t.seq", parameters
        )
    ):
        folded = fold_choice(called)
        groups.setdefault((*place, *_numbers_in(folded)), []).append((order, row_id, folded))
    found: list[tuple[int, str, str]] = []
    for members in groups.values():
        if 1 < len(members) <= _MOST_COMPARED:
            found += _alike_among(members, among)
    return [(one, other) for _, one, other in sorted(found, key=itemgetter(0))]


_Called = tuple[int, str, str]
"""A row's place in the order of entry, its id, and its name as it is compared."""


def _bits(names: Iterable[str]) -> list[int]:
    """Return each name's characters as the bits of a number; common bits tell how many two names share."""
    places: dict[tuple[str, int], int] = {}
    found = []
    for name in names:
        bits, seen = 0, Counter[str]()
        for character in name:
            # A character's second occurrence is another bit than its first.
            bits |= 1 << places.setdefault((character, seen[character]), len(places))
            seen[character] += 1
        found.append(bits)
    return found


def _alike_among(members: Sequence[_Called], among: Collection[str] | None) -> list[tuple[int, str, str]]:
    """Return the pairs, each after the place of its first row; those that share too few characters are left out by
    their bits, which costs next to nothing.
    """
    found = []
    names = [name for _, _, name in members]
    others = list(zip(_bits(names), map(len, names), strict=True))
    wanted = [among is None or row_id in among for _, row_id, _ in members]
    for place, (order, row_id, name) in enumerate(members):
        bits, length, after = *others[place], place + 1
        near = [
            at
            for at, (other, size) in enumerate(others[after:], after)
            if 2 * (bits & other).bit_count() >= ALIKE * (length + size)
        ]
        near = [at for at in near if wanted[place] or wanted[at]]
        if near:
            matcher = SequenceMatcher(b=name, autojunk=False)
            found += [(order, row_id, members[at][1]) for at in near if _like(matcher, names[at])]
    return found


def _like(matcher: SequenceMatcher[str], name: str) -> bool:
    """Return whether the name, folded, is nearly the one that the matcher has."""
    matcher.set_seq1(name)
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
        if _like(matcher, fold_choice(other_name)) and not _differ_in_number_alone(name, other_name):
            return Double(row_id, f"名称与同一镇街的{titled(other_name)}相近，请核对是不是同一个。")
    return None


def _differ_in_number_alone(one: str, other: str) -> bool:
    """Return whether the names are told apart by their numbers: 1号炉 and 2号炉 are two."""
    return _numbers_in(fold_choice(one)) != _numbers_in(fold_choice(other))


_numbers_in = re.compile("[0-9一二三四五六七八九十]+").findall


def _is_state(row: Row, field: Field) -> bool:
    return isinstance(row.values[field.name], State)
