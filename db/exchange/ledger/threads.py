"""What counties said to the city's remarks, as their next package brings it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from db.exchange.ledger.remarks import insert_reply
from db.exchange.ledger.rows import loaded_table, read_rows
from db.work.remarks import CITY, CLOSED, COUNTY, NEW, Reply

TABLE = "remarks"
_COLUMNS = (
    "id",
    "remark_id",
    "side",
    "table_name",
    "row_id",
    "field",
    "value",
    "text",
    "status",
    "author",
    "written_at",
)
_KNOWN = """
SELECT r.id, r.status FROM remark r JOIN package p ON p.number = r.package JOIN package own ON own.number = ?
AND (p.county, p.kind, p.period) = (own.county, own.kind, own.period)
"""


def take_threads(conn: sqlite3.Connection, number: int) -> int:
    """Take what the package says under the remarks on its report into the ledger; return how many replies are new.

    A county speaks for itself alone and closes nothing: of remarks that the ledger knows only its own side is taken.
    A remark that was made without the ledger is taken whole, as the county got it.
    """
    loaded = loaded_table(conn, number, TABLE)
    if loaded is None:
        return 0
    known: dict[str, str] = dict(conn.execute(_KNOWN, (number,)))
    taken: set[str] = set()
    new = 0
    for rows in read_rows(conn, loaded, _COLUMNS):
        for row in rows:
            said = dict(zip(_COLUMNS, row, strict=True))
            remark_id = said["remark_id"]
            if said["id"] == remark_id:
                if remark_id not in known and _is_free(conn, remark_id):
                    _insert(conn, number, said)
                    known[remark_id] = said["status"] or NEW
                    taken.add(remark_id)
            elif remark_id in known and (said["side"] == COUNTY or remark_id in taken):
                new += _reply(conn, known, said)
    return new


def _is_free(conn: sqlite3.Connection, remark_id: str) -> bool:
    """Return whether no other county's report has a remark of this id."""
    return conn.execute("SELECT 1 FROM remark WHERE id = ?", (remark_id,)).fetchone() is None


def _insert(conn: sqlite3.Connection, number: int, said: Mapping[str, str]) -> None:
    conn.execute(
        "INSERT INTO remark VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            said["remark_id"],
            number,
            said["table_name"],
            said["row_id"],
            said["field"],
            said["value"],
            said["text"],
            said["status"] or NEW,
            said["author"],
            said["written_at"],
        ),
    )


def _reply(conn: sqlite3.Connection, known: dict[str, str], said: Mapping[str, str]) -> int:
    remark_id, status = said["remark_id"], said["status"]
    there = conn.execute(
        "SELECT 1 FROM remark_reply WHERE remark_id = ? AND side = ? AND text = ? AND written_at = ?",
        (remark_id, said["side"], said["text"], said["written_at"]),
    ).fetchone()
    if there:
        return 0
    if said["side"] == COUNTY and status == CLOSED:
        status = ""
    insert_reply(conn, remark_id, Reply(said["side"], said["text"], status, said["author"], said["written_at"]))
    if said["side"] == CITY:
        return 0
    if status and known[remark_id] != CLOSED:
        conn.execute("UPDATE remark SET status = ? WHERE id = ?", (status, remark_id))
        known[remark_id] = status
    return 1
