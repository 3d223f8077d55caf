"""What names a row in every sheet that shows it, also where the sheet does not know the row's id.

A month's sheet knows who files what, not under which id it was filed; there an entry is named by just that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Final

from db.store.connection import quoted
from db.store.records import chunks, in_list

RowName = tuple[str, str]
"""A table of the county file, and a row in it."""

ENTRY, REPORT, EVALUATION, QUOTA = "progress", "project_report", "evaluation", "quota"
_NAMED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    ENTRY: ("period", "task_id", "assignee_id"),
    REPORT: ("period", "register", "row_id"),
    EVALUATION: ("period", "task_id"),
    QUOTA: ("target_id", "year"),
}
"""The tables whose rows are named by what they are of; all others by the row's id."""


def row_name(table: str, *parts: object) -> RowName:
    """Return the name of a row by its id, or of `ENTRY`, `REPORT`, `EVALUATION` and `QUOTA` by what it is of."""
    return table, "/".join(map(str, parts))


def row_names(conn: sqlite3.Connection, rows: Iterable[RowName]) -> dict[RowName, RowName]:
    """Return the names of rows that are given by table and id; rows that are not there have none."""
    found: dict[RowName, RowName] = {}
    by_table: dict[str, dict[str, None]] = {}
    for table, row_id in rows:
        if table in _NAMED_BY:
            by_table.setdefault(table, {})[row_id] = None
        else:
            found[table, row_id] = (table, row_id)
    for table, ids in by_table.items():
        columns = " || '/' || ".join(_NAMED_BY[table])
        for chunk in chunks(list(ids)):
            sql = f"SELECT id, {columns} FROM {quoted(table)} WHERE {in_list('id', chunk)}"
            found |= {(table, row_id): (table, name) for row_id, name in conn.execute(sql, chunk)}
    return found
