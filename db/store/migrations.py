"""Bringing a county file to the schema of this program, in one transaction; steps are never edited once released."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from sqlite_utils import Database, Migrations

from db.core.errors import EnvironmentProblem
from db.store import journal, operation
from db.store.connection import APPLICATION_ID, pragma
from db.store.schema_1 import create_schema_1
from db.store.schema_2 import create_responsibility
from db.store.schema_3 import create_plan_edition
from db.store.schema_4 import create_plan_draft
from db.store.schema_5 import create_months
from db.store.schema_6 import create_answers
from db.store.schema_7 import lighten_journal

Step = Callable[[Database], None]
STEPS: tuple[tuple[int, Step], ...] = (
    (1, create_schema_1),
    (2, create_responsibility),
    (3, create_plan_edition),
    (4, create_plan_draft),
    (5, create_months),
    (6, create_answers),
    (7, lighten_journal),
)
"""Each step with the schema version it belongs to, in order."""


def upgrade(conn: sqlite3.Connection, author: str) -> list[str]:
    """Apply the steps that `conn`'s file lacks and return their names; all of them or, on an error, none.

    After an upgrade nothing from before can be undone: the journal tells of columns that may be gone.
    """
    version = max(number for number, _ in STEPS)
    migrations = Migrations("county")
    for _, step in STEPS:
        migrations()(step)
    database = Database(conn, execute_plugins=False)
    # Rebuilding a table drops it for a moment; the whole is checked before it is committed.
    conn.execute("PRAGMA foreign_keys = OFF")
    try:
        with database.atomic():
            pending = [step.name for step in migrations.pending(database)]
            fresh = pragma(conn, "user_version") == 0
            op = None if fresh else operation.begin_inside(conn, f"升级数据格式到第 {version} 版", author, kind="fixed")
            migrations.apply(database)
            for table in journal.journalled_tables(conn):
                journal.install(conn, table)
            if op is not None:
                operation.close_inside(op)
            _check_references(conn)
            conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            conn.execute(f"PRAGMA user_version = {version}")
    finally:
        conn.execute("PRAGMA foreign_keys = ON")
    return pending


def _check_references(conn: sqlite3.Connection) -> None:
    broken = conn.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise EnvironmentProblem(
            f"旧数据中有 {len(broken)} 条记录引用了不存在的内容，升级没有进行，数据没有变动。",
            advice="请从备份恢复，或用原来版本的程序打开。",
            code="broken_references",
        )
