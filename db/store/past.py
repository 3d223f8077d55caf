"""Rows as they were: put together from what they are now and what the journal says was changed since.

rows_at(conn, table, {row_id: seq}) -> {row_id: {column: stored} | None}
last_changes(conn, table, ids) -> {row_id: seq}
newest_seq(conn) -> int
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from db.store.connection import quoted
from db.store.records import chunks, in_list

Stored = int | str | None


def last_changes(conn: sqlite3.Connection, table: str, ids: Iterable[str]) -> dict[str, int]:
    """Return the journal's last `change.seq` of each of these rows that it knows, by row id."""
    found: dict[str, int] = {}
    for chunk in chunks(ids):
        sql = f"SELECT row_id, max(seq) FROM change WHERE table_name = ? AND {in_list('row_id', chunk)} GROUP BY row_id"
        found.update(conn.execute(sql, [table, *chunk]))
    return found


def newest_seq(conn: sqlite3.Connection) -> int:
    """Return the journal's last `change.seq`, 0 for an empty journal."""
    return int(conn.execute("SELECT coalesce(max(seq), 0) FROM change").fetchone()[0])


def rows_at(conn: sqlite3.Connection, table: str, seqs: Mapping[str, int]) -> dict[str, dict[str, Stored] | None]:
    """Return each row's stored values as they were just after the change `seq` given for it, None if it was not there.

    Computed columns are left out. A `seq` that the journal has not reached yet means now.
    """
    columns = [row[1] for row in conn.execute(f"PRAGMA table_info({quoted(table)})")]
    found: dict[str, dict[str, Stored] | None] = dict.fromkeys(seqs)
    for chunk in chunks(seqs):
        for values in _present(conn, table, columns, chunk):
            found[str(values["id"])] = values
        least = min(seqs[row_id] for row_id in chunk)
        newer = conn.execute(
            "SELECT row_id, seq, action, before FROM change"
            f" WHERE table_name = ? AND {in_list('row_id', chunk)} AND seq > ? ORDER BY seq DESC",
            [table, *chunk, least],
        )
        for row_id, seq, action, before in newer:
            if seq > seqs[row_id]:
                found[row_id] = _before(found[row_id], action, before, columns)
    return found


def _present(conn: sqlite3.Connection, table: str, columns: list[str], ids: list[str]) -> Iterable[dict[str, Stored]]:
    names = ", ".join(map(quoted, columns))
    for row in conn.execute(f"SELECT {names} FROM {quoted(table)} WHERE {in_list('id', ids)}", ids):
        yield dict(zip(columns, row, strict=True))


def _before(
    after: dict[str, Stored] | None, action: str, before: str | None, columns: list[str]
) -> dict[str, Stored] | None:
    if action == "insert":
        return None
    known: dict[str, Stored] = json.loads(before or "{}")
    base = dict.fromkeys(columns) if action == "delete" or after is None else after
    return {name: known.get(name, value) for name, value in base.items()}
