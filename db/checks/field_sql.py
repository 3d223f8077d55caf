"""Which rows may break their table's definition, as SQL: one pass over a table, instead of reading every row.

What it finds is judged by `db.core.fields.row_problems`, the one place that knows; this only never misses any.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache

from db.core import coercion
from db.core.errors import DataProblem
from db.core.expressions import Node
from db.core.fields import Field, TableSchema
from db.core.values import MICRO_DIGITS, to_micro
from db.store.cells import plain_columns
from db.store.expression_sql import expression_sql
from db.store.filters import column


def add_functions(conn: sqlite3.Connection) -> None:
    """Teach the connection what SQL cannot say by itself: patterns, telephone numbers, credit codes."""
    for name, arguments, function in (
        ("sijian_matches", 2, _matches),
        ("sijian_phone", 1, _phone),
        ("sijian_credit_code", 1, _credit_code),
    ):
        conn.create_function(name, arguments, function, deterministic=True)


def problem_sql(schema: TableSchema) -> list[str]:
    """Return conditions on `t`; a row for which none holds has no problem of its own."""
    plain = plain_columns(schema)
    return [sql for field in schema.fields for sql in _of_field(schema, field, plain=field.name in plain)]


def empty_sql(field: Field) -> str:
    """Return the SQL of 未报; taking the states apart is what costs, and few rows have any."""
    own = column(field)
    return f"({own} IS NULL AND (t.states = '{{}}' OR json_extract(t.states, '$.\"{field.name}\"') IS NULL))"


def _of_field(schema: TableSchema, field: Field, *, plain: bool) -> list[str]:
    own = column(field)
    asked = _sql(field.relevant, schema) if field.relevant is not None else ""
    found = [_wrong_value(field, own, plain=plain)]
    if asked and field.computed is None:
        found.append(f"{own} IS NOT NULL AND NOT coalesce({asked}, 0)")
    if field.required:
        missing = empty_sql(field) if field.answer_may_be_state else f"{own} IS NULL"
        found.append(f"{missing} AND {asked}" if asked else missing)
    if field.constraint is not None:
        rule = _sql(field.constraint, schema)
        found.append(f"{own} IS NOT NULL AND NOT {rule}" if rule else f"{own} IS NOT NULL")
    return [sql for sql in found if sql]


def _wrong_value(field: Field, own: str, *, plain: bool) -> str:
    if field.computed is not None:
        return ""
    terms: list[str] = []
    if field.is_number:
        terms = _wrong_number(field, own, plain=plain)
    elif field.type == "date":
        terms = [f"date({own}) IS NOT {own}"]
        terms += [f"{own} < '{field.minimum}'"] if isinstance(field.minimum, date) else []
        terms += [f"{own} > '{field.maximum}'"] if isinstance(field.maximum, date) else []
    elif field.enum:
        terms = [f"{own} NOT IN ({', '.join(map(literal, field.enum))})"]
    elif field.type in ("string", "text"):
        # A reference is an id of our own.
        terms = [] if field.ref else [f"length({own}) > {field.max_length}"]
        terms += [_no_match(field.pattern, own)] if field.pattern else []
    return f"{own} IS NOT NULL AND ({' OR '.join(terms)})" if terms else ""


def _no_match(pattern: str, own: str) -> str:
    """Return the SQL of a text that the pattern does not match: what is plain is asked of SQL, which is much faster."""
    plain = [f"{own} NOT GLOB {literal(glob)}" for glob in _globs(pattern)]
    return " AND ".join([*plain, f"NOT sijian_matches({literal(pattern)}, {own})"])


_PIECE = re.compile(r"(\[[^\]^]+\]|[0-9A-Za-z-])(?:\{([0-9]+)(?:,[0-9]+)?\}|(\+))?")


def _globs(pattern: str) -> list[str]:
    """Return GLOBs of which each matches only what the pattern does: its shortest forms, with an optional end and not.

    None for a pattern that is more than classes and letters, each so many times.
    """
    head, _, tail = pattern.removesuffix(")?").partition("(") if pattern.endswith(")?") else (pattern, "", "")
    found = [_glob(head), _glob(head + tail)]
    return list(dict.fromkeys(glob for glob in found if glob))


def _glob(pattern: str) -> str:
    pieces = list(_PIECE.finditer(pattern))
    if "".join(piece[0] for piece in pieces) != pattern:
        return ""
    return "".join(piece[1] * int(piece[2] or 1) for piece in pieces)


def _wrong_number(field: Field, own: str, *, plain: bool) -> list[str]:
    whole = plain or field.type == "year"
    terms = []
    if not whole and field.decimals < MICRO_DIGITS:
        terms.append(f"{own} % {10 ** (MICRO_DIGITS - field.decimals)} <> 0")
    for sign, limit in (("<", field.minimum), (">", field.maximum)):
        if isinstance(limit, Decimal):
            terms.append(f"{own} {sign} {int(limit) if whole else to_micro(limit)}")
    return terms


def _sql(node: Node, schema: TableSchema) -> str:
    """Return the condition as SQL, "" where it multiplies: then every row is a candidate."""
    try:
        return expression_sql(node, schema, column)
    except DataProblem:
        return ""


def literal(text: str) -> str:
    """Return `text` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _matches(pattern: str, text: str | None) -> bool:
    return text is None or _pattern(pattern).fullmatch(text) is not None


def _phone(text: str | None) -> bool:
    return _accepted(coercion.phone_from, text)


def _credit_code(text: str | None) -> bool:
    return _accepted(coercion.credit_code_from, text)


def _accepted(read: Callable[[object], str], text: str | None) -> bool:
    """Return whether the text can be read; SQL may ask it of NULL, though the answer is not used."""
    try:
        read(text or "")
    except DataProblem:
        return text is None
    return True
