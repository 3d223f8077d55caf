"""Whether anything was filled in yet: a county that is new has much that is missing, and nothing that is wrong.

has_begun(conn) -> bool
"""

from __future__ import annotations

import sqlite3

from db.store.connection import quoted
from db.work.registers import registers

_FILLED = ("quota", "assignment", "progress", "evaluation")
"""The tables that are empty in a county that was just made, beside its registers."""


def has_begun(conn: sqlite3.Connection) -> bool:
    """Return whether there is a quota, an assignment, a figure of a month or a year, or a row of a register."""
    tables = [*_FILLED, *(schema.table for schema in registers(conn))]
    return any(
        conn.execute(f"SELECT EXISTS (SELECT 1 FROM {quoted(table)} WHERE deleted_at IS NULL)").fetchone()[0]
        for table in tables
    )
