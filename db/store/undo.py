"""Undo and redo, one after the other, over restarts; the audit trail keeps every step of them.

Undo takes the newest step that is done, redo the oldest that is undone. A record (an export) is in nobody's way: both
pass by it and leave it. Anything else that is fixed, such as an upgrade, is a wall that undo does not pass.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from db.core.changes import Changes
from db.core.errors import DataProblem
from db.store import operation
from db.store.connection import quoted

_BATCH = 5000
_Values = dict[str, int | str | None]


class _Target(NamedTuple):
    id: int
    label: str
    first: int
    last: int


class _Statement(NamedTuple):
    sql: str
    parameters: tuple[int | str | None, ...]


def undo_label(conn: sqlite3.Connection) -> str | None:
    """Return the name of the step that `undo` would take back, or None."""
    target = _undoable(conn)
    return target.label if target else None


def redo_label(conn: sqlite3.Connection) -> str | None:
    """Return the name of the step that `redo` would do again, or None."""
    target = _redoable(conn)
    return target.label if target else None


def undo(conn: sqlite3.Connection, author: str) -> Changes:
    """Take back the last step and return what changed; DataProblem when that is not possible."""
    target = _undoable(conn)
    if target is None:
        raise DataProblem("没有可以撤销的操作。", code="nothing_to_undo")
    return _apply(conn, author, target, backwards=True)


def redo(conn: sqlite3.Connection, author: str) -> Changes:
    """Do the step again that was undone last; DataProblem when that is not possible."""
    target = _redoable(conn)
    if target is None:
        raise DataProblem("没有可以重做的操作。", code="nothing_to_redo")
    return _apply(conn, author, target, backwards=False)


def _undoable(conn: sqlite3.Connection) -> _Target | None:
    row = conn.execute(
        "SELECT id, label, first_change, last_change, kind FROM operation"
        " WHERE kind IN ('do', 'fixed') AND state = 'done' ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return _Target(*row[:4]) if row and row[4] == "do" else None


def _redoable(conn: sqlite3.Connection) -> _Target | None:
    row = conn.execute(
        "SELECT id, label, first_change, last_change FROM operation WHERE state = 'undone' ORDER BY id LIMIT 1"
    ).fetchone()
    return _Target(*row) if row else None


def _apply(conn: sqlite3.Connection, author: str, target: _Target, *, backwards: bool) -> Changes:
    word = "撤销" if backwards else "重做"
    op = operation.begin(
        conn, f"{word}：{target.label}", author, kind="undo" if backwards else "redo", target=target.id
    )
    try:
        _refuse_after_foreign_edit(conn, target, word)
        for sql, statements in groupby(_statements(conn, target, backwards), key=lambda s: s.sql):
            parameters = [statement.parameters for statement in statements]
            if conn.executemany(sql, parameters).rowcount != len(parameters):
                raise _in_the_way(target, word)
        conn.execute("UPDATE operation SET state = ? WHERE id = ?", ("undone" if backwards else "done", target.id))
        return operation.finish(op)
    except sqlite3.IntegrityError as error:
        raise _in_the_way(target, word) from error
    finally:
        if conn.in_transaction:
            conn.rollback()


def _refuse_after_foreign_edit(conn: sqlite3.Connection, target: _Target, word: str) -> None:
    """Raise when another program has edited a row of `target` since `target` was last done, undone or redone."""
    found = conn.execute(
        "SELECT 1 FROM change AS foreign_edit WHERE operation_id IS NULL"
        " AND seq > (SELECT max(last_change) FROM operation WHERE id = ?1 OR target_id = ?1)"
        " AND EXISTS (SELECT 1 FROM change AS own WHERE own.table_name = foreign_edit.table_name"
        "             AND own.row_id = foreign_edit.row_id AND own.seq BETWEEN ?2 AND ?3) LIMIT 1",
        (target.id, target.first, target.last),
    ).fetchone()
    if found:
        raise _in_the_way(target, word)


def _in_the_way(target: _Target, word: str) -> DataProblem:
    return DataProblem(
        f"不能{word}“{target.label}”：其中的记录后来被其他程序修改过。",
        advice="数据没有变动，请在表格中直接修改这些记录。",
        code="changed_by_another_program",
    )


def _statements(conn: sqlite3.Connection, target: _Target, backwards: bool) -> Iterator[_Statement]:
    """Yield the statements that reverse (newest first) or repeat (oldest first) the changes of `target`."""
    order, step = ("DESC", -1) if backwards else ("ASC", 1)
    position = target.last if backwards else target.first
    low, high = (target.first, position) if backwards else (position, target.last)
    nullable: dict[str, _Values] = {}
    while low <= high:
        rows = conn.execute(
            "SELECT seq, table_name, row_id, action, before, after FROM change"
            f" WHERE seq BETWEEN ? AND ? ORDER BY seq {order} LIMIT {_BATCH}",
            (low, high),
        ).fetchall()
        if not rows:
            return
        for _, table, row_id, action, before, after in rows:
            old, new = _values(before), _values(after)
            if table not in nullable:
                nullable[table] = _nullable_columns(conn, table)
            if backwards:
                yield _statement(table, _REVERSE[action], new.get("id", row_id), old, nullable[table])
            else:
                yield _statement(table, action, row_id, new, nullable[table])
        position = rows[-1][0] + step
        low, high = (target.first, position) if backwards else (position, target.last)


_REVERSE = {"insert": "delete", "update": "update", "delete": "insert"}


def _values(text: str | None) -> _Values:
    # Read by Python's parser: SQLite's own cuts a text at an escaped NUL.
    values: _Values = json.loads(text) if text else {}
    return values


def _nullable_columns(conn: sqlite3.Connection, table: str) -> _Values:
    columns = conn.execute(f"PRAGMA table_info({quoted(table)})")
    return {name: None for _, name, _, not_null, _, key in columns if not not_null and not key}


def _statement(table: str, action: str, row_id: int | str | None, values: _Values, nullable: _Values) -> _Statement:
    if action == "insert":  # The journal leaves NULL out; a default must not take its place.
        values = {**nullable, **values}
    names = [quoted(name) for name in values]
    match action:
        case "insert":
            marks = ", ".join("?" * len(names))
            sql = f"INSERT INTO {quoted(table)} ({', '.join(names)}) VALUES ({marks})"
            return _Statement(sql, tuple(values.values()))
        case "update":
            settings = ", ".join(f"{name} = ?" for name in names)
            return _Statement(f"UPDATE {quoted(table)} SET {settings} WHERE id = ?", (*values.values(), row_id))
        case _:
            return _Statement(f"DELETE FROM {quoted(table)} WHERE id = ?", (row_id,))
