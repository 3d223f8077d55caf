"""The tables of the city's ledger, version 2. Rows of packages lie in `rows_<table>`, made when a table first comes.

A cell lies there as the package's CSV spells it (exact numbers, 不涉及 and 暂无数据 as words, "" for 未报), so that
what was received can be held against the package at any time. `_package` is the first package that brought the row:
tables of later ones that are the same byte for byte are the same rows, from `first_seq` to `last_seq`.
"""

from __future__ import annotations

from db.core.application_ids import LEDGER_FILE

APPLICATION_ID = LEDGER_FILE
VERSION = 2

_CONTENT_INDEX = "CREATE INDEX package_table_content ON package_table (content)"

STATEMENTS = (
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    # Packages of these editions of the plan are taken in; the others are told to ask.
    "CREATE TABLE plan_edition (version TEXT PRIMARY KEY, added_at TEXT NOT NULL, added_by TEXT NOT NULL) STRICT",
    # Days that the city has set itself; a month without one is due on the reporting day.
    """
    CREATE TABLE due (
        kind TEXT NOT NULL, period TEXT NOT NULL, day TEXT NOT NULL, PRIMARY KEY (kind, period)
    ) STRICT
    """,
    """
    CREATE TABLE package (
        number INTEGER PRIMARY KEY,
        package_id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        county TEXT NOT NULL,
        county_name TEXT NOT NULL,
        kind TEXT NOT NULL,
        period TEXT NOT NULL,
        sequence INTEGER NOT NULL CHECK (sequence > 0),
        supersedes TEXT NOT NULL,
        plan_version TEXT NOT NULL,
        schema_version TEXT NOT NULL,
        bagging_date TEXT NOT NULL,
        contact TEXT NOT NULL,
        phone TEXT NOT NULL,
        agent TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        data_sha256 TEXT NOT NULL,
        file_name TEXT NOT NULL,
        file_size INTEGER NOT NULL,
        row_count INTEGER NOT NULL,
        attachments INTEGER NOT NULL,
        received_on TEXT NOT NULL,
        received_at TEXT NOT NULL,
        received_by TEXT NOT NULL,
        letter TEXT NOT NULL DEFAULT '',
        standing TEXT NOT NULL CHECK (standing IN ('current', 'superseded', 'conflict', 'put_aside'))
    ) STRICT
    """,
    "CREATE INDEX package_place ON package (kind, period, county, sequence)",
    # Table Schemas as they came with packages, each once.
    """
    CREATE TABLE definition (
        number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, descriptor TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE package_table (
        package INTEGER NOT NULL REFERENCES package (number),
        table_name TEXT NOT NULL,
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        row_count INTEGER NOT NULL,
        first_seq INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        totals TEXT NOT NULL,
        definition INTEGER NOT NULL REFERENCES definition (number),
        content TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (package, table_name)
    ) STRICT
    """,
    _CONTENT_INDEX,
    """
    CREATE TABLE answer (
        answer_id TEXT PRIMARY KEY,
        package INTEGER NOT NULL REFERENCES package (number),
        verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'returned')),
        note TEXT NOT NULL,
        author TEXT NOT NULL,
        written_at TEXT NOT NULL,
        file_name TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX answer_package ON answer (package)",
    """
    CREATE TABLE remark (
        id TEXT PRIMARY KEY,
        package INTEGER NOT NULL REFERENCES package (number),
        table_name TEXT NOT NULL,
        row_id TEXT NOT NULL,
        field TEXT NOT NULL,
        value TEXT NOT NULL,
        text TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('新提出', '已回复', '拟解决', '已关闭')),
        author TEXT NOT NULL,
        written_at TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX remark_package ON remark (package)",
    """
    CREATE TABLE remark_reply (
        seq INTEGER PRIMARY KEY,
        remark_id TEXT NOT NULL REFERENCES remark (id),
        side TEXT NOT NULL CHECK (side IN ('county', 'city')),
        text TEXT NOT NULL,
        status TEXT NOT NULL,
        author TEXT NOT NULL,
        written_at TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX remark_reply_remark ON remark_reply (remark_id)",
    """
    CREATE TABLE event (
        seq INTEGER PRIMARY KEY, at TEXT NOT NULL, author TEXT NOT NULL, what TEXT NOT NULL, package_id TEXT NOT NULL
    ) STRICT
    """,
)

UPGRADES: dict[int, tuple[str, ...]] = {
    # SHA-256 of the CSV: "" where it came before that was kept, and such a table is loaded once more.
    1: ("ALTER TABLE package_table ADD COLUMN content TEXT NOT NULL DEFAULT ''", _CONTENT_INDEX),
}
"""What brings a ledger of this version to the next one."""
