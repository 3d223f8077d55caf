"""The journal: triggers that record every change to a row, by whichever program it was made.

A change belongs to the operation that `journal_state` names, or to none when another program edited the file.
"""

from __future__ import annotations

import sqlite3

from db.store.connection import quoted

_EVENTS = ("insert", "update", "delete")
_STRICT_TYPES = {"INTEGER", "TEXT"}


# SQLite takes 100 arguments to a function, two for each column.
_COLUMNS_OF_AN_OBJECT = 50


def install(conn: sqlite3.Connection, table: str) -> None:
    """Create `table`'s three triggers anew from its present columns; to be called again after ALTER TABLE.

    The table needs the columns `seq` and `id`, and only INTEGER and TEXT ones (JSON keeps both exactly). Every
    connection parses and holds all triggers of the file, a county has some 200: they are to be small.
    """
    columns = _columns(conn, table)
    uninstall(conn, table)
    conn.execute(_sql(table, "insert", "NEW", before="NULL", after=_whole(columns, "NEW")))
    conn.execute(_sql(table, "delete", "OLD", before=_whole(columns, "OLD"), after="NULL"))
    conn.execute(_sql(table, "update", "OLD", before="b", after="a", source=f", ({_changed(columns)}) WHERE n > 0"))


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


def _columns(conn: sqlite3.Connection, table: str) -> list[str]:
    rows = conn.execute(f"PRAGMA table_info({quoted(table)})").fetchall()
    if not {"seq", "id"} <= {row[1] for row in rows}:
        raise ValueError(f"table {table!r} lacks seq or id and cannot be journalled")
    unfit = [row[1] for row in rows if row[2].upper() not in _STRICT_TYPES]
    if unfit:
        raise ValueError(f"columns {unfit} of {table!r} are neither INTEGER nor TEXT")
    return [row[1] for row in rows]


def _trigger(table: str, event: str) -> str:
    return quoted(f"journal_{table}_{event}")


def _sql(table: str, event: str, row: str, *, before: str, after: str, source: str = "") -> str:
    return f"""
        CREATE TRIGGER {_trigger(table, event)} AFTER {event.upper()} ON {quoted(table)} BEGIN
            INSERT INTO change (operation_id, table_name, row_id, action, before, after, at)
            SELECT operation_id, {_literal(table)}, {row}.id, '{event}', {before}, {after},
                   CASE WHEN operation_id IS NULL THEN strftime('%Y-%m-%dT%H:%M:%S', 'now', 'localtime') END
            FROM journal_state{source};
        END"""


def _whole(columns: list[str], row: str) -> str:
    """Return SQL for the row's values that are not NULL, as a JSON object."""
    found = "'{}'"
    for start in range(0, len(columns), _COLUMNS_OF_AN_OBJECT):
        pairs = (f"{_literal(name)}, {row}.{quoted(name)}" for name in columns[start : start + _COLUMNS_OF_AN_OBJECT])
        found = f"json_patch({found}, json_object({', '.join(pairs)}))"  # a patch leaves out what is null
    return found


def _changed(columns: list[str]) -> str:
    """Return SQL for one row: what differs between OLD and NEW as JSON, NULL included, before `b`, after `a`; how many.

    BINARY, or a column compared without regard to case would lose the change of 'a' to 'A'; and + takes the type from
    them, or texts would be compared as numbers where the first column is one, and the change of '007' to '7' be lost.
    """
    each = (f"SELECT {_literal(name)} k, OLD.{quoted(name)} o, NEW.{quoted(name)} w" for name in columns)
    return (
        f"SELECT json_group_object(k, o) b, json_group_object(k, w) a, count(*) n FROM ({' UNION ALL '.join(each)})"
        " WHERE +o IS NOT +w COLLATE BINARY"
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
