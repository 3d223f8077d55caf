"""One UPDATE for many rows: one after the other, or, where they are many, all of them in one statement.

A statement for each row gives the interpreter away and asks for it back every time; beside a window that is drawing,
this waiting takes longer than the writing itself.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

FEW = 40
"""Up to how many rows are written one after the other."""
MOST = 10_000
"""How many rows go into one statement."""

Given = Callable[[int], str]
"""The SQL of a row's parameter, by its place."""
Statement = Callable[[Given, str], str]
"""The SQL of an UPDATE of the row with an id: told what its parameters are called, and its FROM, "" for none."""


def update_rows(conn: sqlite3.Connection, statement: Statement, rows: Sequence[Sequence[Any]]) -> int:
    """Run the UPDATE with each row's parameters, the last of which is its id; return how many rows there were."""
    if len(rows) <= FEW or len({row[-1] for row in rows}) < len(rows):
        return _one_by_one(conn, statement, rows)
    return sum(_at_once(conn, statement, rows[first : first + MOST]) for first in range(0, len(rows), MOST))


def _one_by_one(conn: sqlite3.Connection, statement: Statement, rows: Sequence[Sequence[Any]]) -> int:
    return conn.executemany(statement(lambda place: f"?{place + 1}", ""), rows).rowcount


def _at_once(conn: sqlite3.Connection, statement: Statement, rows: Sequence[Sequence[Any]]) -> int:
    text = json.dumps(rows, ensure_ascii=False)
    if "\\u0000" in text:  # SQLite 3.40 would end such a text there
        return _one_by_one(conn, statement, rows)
    last = len(rows[0]) - 1

    def given(place: int) -> str:
        return 'block."id"' if place == last else f'block."row" ->> {place}'

    # Left to itself, SQLite may go through the whole text again for every row of the table.
    given_rows = f"SELECT value, value ->> {last} FROM json_each(?)"
    block = f' FROM (WITH given("row", "id") AS MATERIALIZED ({given_rows}) SELECT * FROM given) AS block'
    return conn.execute(statement(given, block), (text,)).rowcount
