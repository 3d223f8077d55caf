"""Where an issue is mended, as far as only the file knows: whose figure it is, which row a report is about."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from db.checks.model import Issue

_OWNERS = ("town", "enterprise", "department")
COUNTY = "county"


@dataclass(frozen=True)
class Whereabouts:
    """`owner` is the kind of the assignee, "" for none; `table` and `row_id` are the row that it is about."""

    owner: str = ""
    table: str = ""
    row_id: str = ""


def whereabouts(conn: sqlite3.Connection, issue: Issue) -> Whereabouts:
    """Return what leads to the cell: for reports and attachments the row they belong to, else the issue's own."""
    table, row_id = issue.table, issue.row_id
    if table == "project_report":
        found = conn.execute("SELECT register, row_id FROM project_report WHERE id = ?", (row_id,)).fetchone()
        table, row_id = found or (table, row_id)
    elif table == "attachment":
        found = conn.execute("SELECT table_name, row_id FROM attachment WHERE id = ?", (row_id,)).fetchone()
        table, row_id = found or (table, row_id)
    return Whereabouts(_owner(conn, issue.assignee_id), table, row_id)


def _owner(conn: sqlite3.Connection, assignee_id: str) -> str:
    if not assignee_id or assignee_id == COUNTY:
        return assignee_id
    for table in _OWNERS:
        if conn.execute(f"SELECT 1 FROM {table} WHERE id = ?", (assignee_id,)).fetchone():
            return table
    return ""
