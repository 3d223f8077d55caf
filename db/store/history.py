"""What happened to a row and to the county: read from the journal, newest first."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

_OUTSIDE = "其他程序修改"
_Values = dict[str, int | str | None]


@dataclass(frozen=True)
class HistoryEntry:
    """One change of a row. `kind` is do, fixed, undo, redo or outside (another program: no operation, no author).

    `before` and `after` hold stored values: for an update of the changed columns only, NULL included; for an insert or
    delete those that are not NULL. `at` is local ISO time.
    """

    operation_id: int | None
    label: str
    author: str
    at: str
    kind: str
    action: str
    before: _Values
    after: _Values


@dataclass(frozen=True)
class OperationEntry:
    """One operation: `state` is done, undone or dropped (undone for good); `changes` counts the changes it recorded."""

    id: int
    kind: str
    label: str
    author: str
    at: str
    state: str
    changes: int


def row_history(conn: sqlite3.Connection, table: str, row_id: str) -> list[HistoryEntry]:
    """Return all changes of the row, newest first."""
    rows = conn.execute(
        "SELECT c.operation_id, coalesce(o.label, ?), coalesce(o.author, ''), coalesce(o.at, c.at, ''),"
        " coalesce(o.kind, 'outside'), c.action, c.before, c.after"
        " FROM change c LEFT JOIN operation o ON o.id = c.operation_id"
        " WHERE c.table_name = ? AND c.row_id = ? ORDER BY c.seq DESC",
        (_OUTSIDE, table, row_id),
    )
    return [
        HistoryEntry(operation_id, label, author, at, kind, action, _values(before), _values(after))
        for operation_id, label, author, at, kind, action, before, after in rows
    ]


def operations(conn: sqlite3.Connection, limit: int = 100) -> list[OperationEntry]:
    """Return the last `limit` operations, newest first, undo and redo included."""
    rows = conn.execute(
        "SELECT id, kind, label, author, at, iif(kind = 'fixed', 'done', state), last_change - first_change + 1"
        " FROM operation"
        " ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    return [OperationEntry(*row) for row in rows]


def _values(text: str | None) -> _Values:
    values: _Values = json.loads(text) if text else {}
    return values
