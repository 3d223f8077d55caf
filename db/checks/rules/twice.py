"""What may have been entered twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from db.checks.context import Context
from db.checks.facts import WHOLE_PLAN
from db.checks.model import Issue
from db.checks.rulebook import Rule
from db.core.fields import TableSchema
from db.core.text import titled
from db.store import records
from db.store.connection import quoted
from db.store.records import Row
from db.work.duplicates import MOST_PAIRS, alike, doubles

MOST_COMPARED = 5_000
"""Registers with more rows are not searched for similar names here: it would take seconds."""

MOST_CHANGED = 200
"""After an edit of more rows than this, all names of the register are compared anew."""

_NAMED = 3


def same_key(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """Rows of a register that its key does not tell apart."""
    for schema in ctx.registers:
        if not ctx.reaches_table(rule, schema.table):
            continue
        for group in doubles(ctx.conn, schema):
            first, *others = records.get_many(ctx.conn, schema, group)
            key = "、".join(schema.field(name).title for name in schema.key)
            told = "，".join(_shown(schema, first, name) for name in schema.key)
            for row in others:
                yield _of_row(ctx, rule, schema, row, told, _title(schema, first), {"key": key})


def like_name(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """Projects of one town whose names are nearly the same."""
    large: list[str] = []
    for schema in ctx.registers:
        if not ctx.reaches_table(rule, schema.table):
            continue
        (rows,) = ctx.conn.execute(f"SELECT count(*) FROM {quoted(schema.table)} WHERE deleted_at IS NULL").fetchone()
        if rows > MOST_COMPARED:
            large.append(schema.title)
            continue
        # One row may be like several others; the first of them is enough to look at it.
        first_of = {second: first for first, second in reversed(_alike(ctx, schema))}
        found = {row.id: row for row in records.get_many(ctx.conn, schema, {*first_of, *first_of.values()})}
        for row_id, first in first_of.items():
            own, other = found[row_id], _title(schema, found[first])
            yield _of_row(ctx, rule, schema, own, _title(schema, own), other, {})
    if large:
        ctx.unchecked(rule, _too_large(large))


def _alike(ctx: Context, schema: TableSchema) -> list[tuple[str, str]]:
    """Return the pairs of like names; after an edit only what is beside the changed rows is compared anew."""
    known: dict[str, list[tuple[str, str]]] = ctx.cache.setdefault("alike", {})
    changed = None if ctx.reach is None else ctx.reach.rows.get(schema.table, frozenset())
    if changed is None or schema.table not in known or len(changed) > MOST_CHANGED:
        known[schema.table] = alike(ctx.conn, schema)
    elif changed:
        kept = [pair for pair in known[schema.table] if changed.isdisjoint(pair)]
        known[schema.table] = kept + alike(ctx.conn, schema, changed)
    return known[schema.table][:MOST_PAIRS]


def _too_large(titles: list[str]) -> str:
    named = "、".join(map(titled, titles[:_NAMED])) + (f"等{len(titles)}张清单" if len(titles) > _NAMED else "")
    return f"{named}超过{MOST_COMPARED:,}行，逐个比较名称太慢，请在项目清单里用“查重”。"


def _of_row(
    ctx: Context,
    rule: Rule,
    schema: TableSchema,
    row: Row,
    found: str,
    expected: str,
    words: dict[str, Any],
) -> Issue:
    units = [str(row.values[name]) for name in ("town_id", "enterprise_id") if row.values.get(name)]
    return ctx.issue(
        rule,
        schema.table,
        row.id,
        found=found,
        expected=expected,
        place=f"{schema.title}{titled(_title(schema, row))}",
        register=schema.name,
        clause=(*schema.clauses, WHOLE_PLAN)[0],
        units=units,
        words=words,
    )


def _title(schema: TableSchema, row: Row) -> str:
    named = schema.initials_of or schema.names[0]
    return str(row.labels.get(named) or row.values.get(named) or "（未填名称）")


def _shown(schema: TableSchema, row: Row, name: str) -> str:
    return row.labels.get(name) or schema.field(name).show(row.values[name])


def same_code(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """Two enterprises with one credit code."""
    yield from _same(ctx, rule, "credit_code", "credit_code")


def same_name(ctx: Context, rule: Rule) -> Iterator[Issue]:
    """Two enterprises of one name in one town."""
    yield from _same(ctx, rule, "name", "name, coalesce(town_id, '')")


def _same(ctx: Context, rule: Rule, column: str, key: str) -> Iterator[Issue]:
    groups = ctx.conn.execute(
        f"SELECT {column}, group_concat(id) FROM (SELECT * FROM enterprise ORDER BY seq)"
        f" WHERE deleted_at IS NULL AND {column} IS NOT NULL GROUP BY {key} HAVING count(*) > 1"
    ).fetchall()
    for value, ids in groups:
        first, *others = ids.split(",")
        for row_id in others:
            yield ctx.issue(
                rule,
                "enterprise",
                row_id,
                field=column,
                found=value,
                expected=rule.expected or ctx.names.get(first, ""),
                place=f"企业“{ctx.names.get(row_id, '')}”",
                units=[row_id],
            )


TABLES: dict[str, Callable[[Context, Rule], Iterator[Issue]]] = {"D01": same_key, "D02": like_name}
WHOLE: dict[str, Callable[[Context, Rule], Iterator[Issue]]] = {"D03": same_code, "D04": same_name}
