"""Every row of the county file that names a clause or target, whichever table it is in.

naming(conn) -> list[Naming]                      which columns those are
held(conn) -> dict[task_id, tuple[Held, …]]       how many rows of which table each task has, the bin included
rename(op, moves)                                 give rows another task's id, exchanges and rings included
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from db.core.fields import load_schema
from db.plan.editions import TASK_COLUMNS
from db.store.connection import quoted
from db.store.journal import journalled_tables
from db.store.operation import Operation
from db.work.registers import registers

_ON_THE_WAY = "~"


@dataclass(frozen=True)
class Naming:
    """A column that names tasks, and what people call its table."""

    table: str
    column: str
    title: str
    has_year: bool


@dataclass(frozen=True)
class Held:
    """How many rows of a table name a task: `live` ones, and `deleted` ones in the recycle bin."""

    table: str
    title: str
    live: int
    deleted: int

    @property
    def words(self) -> str:
        """Return the rows in words: 分解任务12条（另有回收站1条）."""
        bin_words = f"（另有回收站{self.deleted}条）" if self.deleted else ""
        return f"{self.title}{self.live}条{bin_words}"


def naming(conn: sqlite3.Connection) -> list[Naming]:
    """Return the columns that name tasks: a table that comes later needs nothing but to call its column so."""
    titles = {schema.table: schema.title for schema in registers(conn)}
    found = []
    for table in journalled_tables(conn):
        columns = {row[1] for row in conn.execute(f"PRAGMA table_info({quoted(table)})")}
        for column in TASK_COLUMNS:
            if column in columns:
                found.append(Naming(table, column, titles.get(table) or _title(table), "year" in columns))
    return found


def held(conn: sqlite3.Connection) -> dict[str, tuple[Held, ...]]:
    """Return who holds each task that is named anywhere, by its id."""
    found: dict[str, list[Held]] = {}
    for place in naming(conn):
        column = quoted(place.column)
        for task_id, live, deleted in conn.execute(
            f"SELECT {column}, sum(deleted_at IS NULL), sum(deleted_at IS NOT NULL) FROM {quoted(place.table)}"
            f" WHERE {column} <> '' GROUP BY {column}"
        ):
            found.setdefault(task_id, []).append(Held(place.table, place.title, live, deleted))
    return {task_id: tuple(rows) for task_id, rows in found.items()}


def rename(op: Operation, moves: Mapping[str, str]) -> None:
    """Let every row that names a key of `moves` name its value instead; no two keys may have one value.

    Where a table allows a task one row only, the id that is moved to has to be free: those go first whose place is.
    """
    for place in naming(op.conn):
        column = quoted(place.column)
        present = {row[0] for row in op.conn.execute(f"SELECT DISTINCT {column} FROM {quoted(place.table)}")}
        sql = f"UPDATE {quoted(place.table)} SET {column} = ? WHERE {column} = ?"
        wanted = {old: new for old, new in moves.items() if old in present and old != new}
        for old, new in _in_order(wanted):
            op.conn.execute(sql, (new, old))


def _in_order(wanted: dict[str, str]) -> list[tuple[str, str]]:
    """Return single steps, each to an id that nobody has by then; a ring is opened by way of an id of nobody."""
    steps: list[tuple[str, str]] = []
    waiting = dict(wanted)
    while waiting:
        free = [old for old, new in waiting.items() if new not in waiting]
        for old in free:
            steps.append((old, waiting.pop(old)))
        if not free:
            old = next(iter(waiting))
            steps.append((old, old + _ON_THE_WAY))
            waiting[old + _ON_THE_WAY] = waiting.pop(old)
    return steps


def _title(table: str) -> str:
    try:
        return load_schema(table).title
    except FileNotFoundError:
        return table
