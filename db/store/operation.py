"""One step of the clerk's work: all of it is saved under one name, or nothing.

Where undo and redo go is written in `operation.state`: a step is `done`, or `undone` and can be redone; what is
`dropped` they pass by. Dropped are undone steps once another step was taken, and records of what happened outside the
file (an export): a record changes nothing of the clerk's work, so it stays, and undo goes on to the step before it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from db.core.changes import Changes
from db.store.connection import pragma

Kind = Literal["do", "fixed", "undo", "redo"]
"""do: can be undone · fixed: cannot, nor, unless a record, can what came before it · undo, redo: of their target."""


@dataclass
class Operation:
    """An open transaction on `conn` with its name; `changes` is filled when it has ended well."""

    conn: sqlite3.Connection
    id: int
    label: str
    author: str
    at: str
    kind: Kind = "do"
    record: bool = False
    changes: Changes = field(default_factory=Changes)
    schema_cookie: int = 0


def now() -> str:
    """Return the local time to the second, ISO 8601."""
    return datetime.now().isoformat(timespec="seconds")


def begin(
    conn: sqlite3.Connection,
    label: str,
    author: str,
    *,
    kind: Kind = "do",
    target: int | None = None,
    record: bool = False,
) -> Operation:
    """Begin a transaction whose changes the journal records under a new operation; a `record` is always fixed."""
    if not label.strip():
        raise ValueError("an operation needs a label: it is what 撤销 shows")
    conn.execute("BEGIN IMMEDIATE")
    try:
        op = begin_inside(conn, label, author, kind="fixed" if record else kind, target=target)
        op.record = record
        return op
    except BaseException:
        conn.rollback()
        raise


def begin_inside(
    conn: sqlite3.Connection, label: str, author: str, *, kind: Kind = "do", target: int | None = None
) -> Operation:
    """Add an operation to the transaction that is open already."""
    at = now()
    cursor = conn.execute(
        "INSERT INTO operation (kind, label, author, at, state, target_id, first_change)"
        " VALUES (?, ?, ?, ?, 'done', ?, (SELECT coalesce(max(seq), 0) + 1 FROM change))",
        (kind, label, author, at, target),
    )
    operation_id = cursor.lastrowid
    assert operation_id is not None
    conn.execute("UPDATE journal_state SET operation_id = ?", (operation_id,))
    return Operation(conn, operation_id, label, author, at, kind, schema_cookie=pragma(conn, "schema_version"))


def finish(op: Operation) -> Changes:
    """Commit `op` and return what it changed; if nothing, it leaves no trace and keeps what can be redone.

    A record stands apart from undo and redo. One that shares a row with a step that can still be undone or redone
    cannot, since undoing that step would change the record, nor one that changed the schema: both end undo and redo.
    """
    conn = op.conn
    if not conn.in_transaction:
        raise RuntimeError(f"operation {op.label!r} was committed or rolled back from inside")
    rows = _rows_of(op)
    same_schema = pragma(conn, "schema_version") == op.schema_cookie
    if not rows and same_schema:
        conn.rollback()
        return Changes(label=op.label)
    close_inside(op, undoable=bool(rows), apart=op.record and same_schema and not _shares_rows(op))
    conn.execute("COMMIT")
    op.changes = Changes(op.id, op.label, rows)
    return op.changes


def close_inside(op: Operation, *, undoable: bool = True, apart: bool = False) -> None:
    """Write the end of `op` into the open transaction; unless it stands apart it drops what could be redone."""
    op.conn.execute("UPDATE journal_state SET operation_id = NULL")
    op.conn.execute(
        "UPDATE operation SET last_change = (SELECT coalesce(max(seq), 0) FROM change), kind = ?, state = ?"
        " WHERE id = ?",
        ("fixed" if op.kind == "do" and not undoable else op.kind, "dropped" if apart else "done", op.id),
    )
    if op.kind in ("do", "fixed") and not apart:
        op.conn.execute("UPDATE operation SET state = 'dropped' WHERE state = 'undone'")


def _shares_rows(op: Operation) -> bool:
    """Return whether `op` changed a row that a step changed which can be undone or redone."""
    wall = "SELECT max(id) FROM operation WHERE kind = 'fixed' AND state = 'done' AND id < ?1"
    found = op.conn.execute(
        "SELECT 1 FROM change AS own CROSS JOIN change AS other USING (table_name, row_id)"
        " JOIN operation AS step ON step.id = other.operation_id"
        " WHERE own.seq >= (SELECT first_change FROM operation WHERE id = ?1)"
        f" AND step.id > coalesce(({wall}), 0) AND step.id < ?1"
        " AND step.kind = 'do' AND step.state IN ('done', 'undone') LIMIT 1",
        (op.id,),
    ).fetchone()
    return found is not None


def _rows_of(op: Operation) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for table, row_id in op.conn.execute(
        "SELECT table_name, row_id FROM change WHERE seq >= (SELECT first_change FROM operation WHERE id = ?)", (op.id,)
    ):
        found.setdefault(table, set()).add(row_id)
    return {table: frozenset(ids) for table, ids in found.items()}
