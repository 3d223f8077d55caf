"""Why a row that a colleague deleted should perhaps stay: what the county did to it, or hung on it, meanwhile.

why_keep(conn, schema, row, seq) -> [str]
"""

from __future__ import annotations

import sqlite3
from typing import Final

from db.core.fields import TableSchema
from db.store.connection import quoted
from db.store.records import Row
from db.work.directory import TABLES, uses
from db.work.parts import ATTACHMENT

_REPORT: Final = "project_report"
_ENTRY: Final = "progress"


def why_keep(conn: sqlite3.Connection, schema: TableSchema, row: Row, seq: int) -> list[str]:
    """Return what speaks against deleting the row: proofs and reports added after `seq`, and whatever needs it."""
    told = []
    for table, title, where, parameters in _hung_on(schema, row):
        count = _added(conn, table, where, parameters, seq)
        if count:
            told.append(f"发出以后加了{title.format(count)}")
    if schema.name in TABLES:
        told += [f"{use.title}{use.rows}条用到它" for use in uses(conn, schema.table, [row.id]).get(row.id, ())]
    return told


def _hung_on(schema: TableSchema, row: Row) -> list[tuple[str, str, str, list[str]]]:
    """Return where rows are that belong to the row: table, words for their number, condition with its parameters."""
    found = [(ATTACHMENT, "附件{}个", "t.table_name = ? AND t.row_id = ?", [schema.table, row.id])]
    if schema.kind == "register":
        found.append((_REPORT, "月报{}期", "t.register = ? AND t.row_id = ?", [schema.name, row.id]))
    if schema.name == "assignment":
        values = [str(row.values[name]) for name in ("task_id", "assignee_id", "year")]
        where = "t.task_id = ? AND t.assignee_id = ? AND substr(t.period, 1, 4) = ?"
        found.append((_ENTRY, "月调度{}期", where, values))
    return found


def _added(conn: sqlite3.Connection, table: str, where: str, parameters: list[str], seq: int) -> int:
    sql = (
        f"SELECT count(*) FROM {quoted(table)} AS t WHERE t.deleted_at IS NULL AND {where} AND EXISTS"
        " (SELECT 1 FROM change WHERE table_name = ? AND row_id = t.id AND action = 'insert' AND seq > ?)"
    )
    return int(conn.execute(sql, [*parameters, table, seq]).fetchone()[0])
