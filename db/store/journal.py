"""The journal: triggers that record every change to a row, by whichever program it was made.

A change belongs to the operation that `journal_state` names, or to none when another program edited the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from db.store.connection import quoted

_EVENTS = ("insert", "update", "delete")
_STRICT_TYPES = {"INTEGER", "TEXT"}


@dataclass(frozen=True)
class _Column:
    name: str

    def of(self, row: str) -> str:
        return f"{row}.{quoted(self.name)}"


def install(conn: sqlite3.Connection, table: str) -> None:
    """Create `table`'s three triggers anew from its present columns; to be called again after ALTER TABLE.

    The table needs the columns `seq` and `id`, and only INTEGER and TEXT ones (JSON keeps both exactly).
    """
    columns = _columns(conn, table)
    for event in _EVENTS:
        conn.execute(f"DROP TRIGGER IF EXISTS {_trigger(table, event)}")
    conn.execute(_sql(table, "insert", "NEW", before="NULL", after=_row_json(columns, "NEW")))
    conn.execute(_sql(table, "delete", "OLD", before=_row_json(columns, "OLD"), after="NULL"))
    conn.execute(
        _sql(
            table,
            "update",
            "OLD",
            before=_changed_json(columns, "OLD"),
            after=_changed_json(columns, "NEW"),
            when=" OR ".join(_differs(column) for column in columns),
        )
    )


def uninstall(conn: sqlite3.Connection, table: str) -> None:
    """Drop `table`'s journal triggers."""
    for event in _EVENTS:
        conn.execute(f"DROP TRIGGER IF EXISTS {_trigger(table, event)}")


def journalled_tables(conn: sqlite3.Connection) -> list[str]:
    """Return the names of all tables with the columns of a journalled row, registers included, in order of name."""
    names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return [name for name in names if {"seq", "id", "states", "deleted_at"} <= _names(conn, name)]


def _names(conn: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in conn.execute(f"PRAGMA table_info({quoted(table)})")}


def _columns(conn: sqlite3.Connection, table: str) -> list[_Column]:
    rows = conn.execute(f"PRAGMA table_info({quoted(table)})").fetchall()
    if not {"seq", "id"} <= {row[1] for row in rows}:
        raise ValueError(f"table {table!r} lacks seq or id and cannot be journalled")
    unfit = [row[1] for row in rows if row[2].upper() not in _STRICT_TYPES]
    if unfit:
        raise ValueError(f"columns {unfit} of {table!r} are neither INTEGER nor TEXT")
    return [_Column(row[1]) for row in rows]


def _trigger(table: str, event: str) -> str:
    return quoted(f"journal_{table}_{event}")


def _sql(table: str, event: str, row: str, *, before: str, after: str, when: str = "") -> str:
    condition = f"WHEN {when}" if when else ""
    return f"""
        CREATE TRIGGER {_trigger(table, event)} AFTER {event.upper()} ON {quoted(table)} {condition} BEGIN
            INSERT INTO change (operation_id, table_name, row_id, action, before, after, at)
            SELECT operation_id, {_literal(table)}, {row}.id, '{event}', {before}, {after},
                   CASE WHEN operation_id IS NULL THEN strftime('%Y-%m-%dT%H:%M:%S', 'now', 'localtime') END
            FROM journal_state;
        END"""


def _row_json(columns: list[_Column], row: str) -> str:
    """Return SQL for the row's values that are not NULL, as a JSON object."""
    return _json(f"SELECT {_literal(c.name)} n, {c.of(row)} v WHERE {c.of(row)} IS NOT NULL" for c in columns)


def _changed_json(columns: list[_Column], row: str) -> str:
    """Return SQL for the row's values in the columns that differ between OLD and NEW, NULL included."""
    return _json(f"SELECT {_literal(c.name)} n, {c.of(row)} v WHERE {_differs(c)}" for c in columns)


def _json(selects: Iterable[str]) -> str:
    return f"(SELECT json_group_object(n, v) FROM ({' UNION ALL '.join(selects)}))"


def _differs(column: _Column) -> str:
    # BINARY, or a column compared without regard to case would lose the change of 'a' to 'A'.
    return f"{column.of('OLD')} IS NOT {column.of('NEW')} COLLATE BINARY"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
