"""How much there is: live rows per table, beside what a backup holds, so that a clerk sees what restoring would change.

compare(conn, info) -> list[Holding]
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from db.core.fields import load_schema
from db.store.connection import quoted
from db.store.journal import journalled_tables
from db.work.directory import TABLES
from db.work.registers import registers

_WORK = (
    *("quota", "assignment", "task_scope", "responsibility"),
    *("progress", "project_report", "monthly_curve", "measure_taken", "evaluation", "holiday", "month"),
    *("attachment", "submission", "handout", "received_file"),
    *("explanation", "rule_setting", "remark", "remark_reply"),
)


@dataclass(frozen=True)
class Holding:
    """A table's live rows now and in a backup."""

    table: str
    title: str
    now: int
    then: int


def compare(conn: sqlite3.Connection, then: Mapping[str, int]) -> list[Holding]:
    """Return every table that has rows now or in the backup whose counts by table are `then`, registers first."""
    present = set(journalled_tables(conn))
    schemas = [*registers(conn), *map(load_schema, (*_WORK, *TABLES))]
    titles = {schema.table: schema.title for schema in schemas}
    titles |= {table: "其他清单" for table in then if table not in titles and table.startswith("register_")}
    titles.pop("register_definition", None)
    found = [
        Holding(table, title, _live(conn, table) if table in present else 0, then.get(table, 0))
        for table, title in titles.items()
    ]
    return [holding for holding in found if holding.now or holding.then]


def _live(conn: sqlite3.Connection, table: str) -> int:
    return int(conn.execute(f"SELECT count(*) FROM {quoted(table)} WHERE deleted_at IS NULL").fetchone()[0])
