"""Schema version 6, as it was released: explanations of findings, the city's settings of rules, remarks, answers.

A package's way is told twice in `submission`: `status` is where it is (已导出, 已接收, 被替代, 已撤回), `review` is
what the city thinks of it. `base_seq` is the last change of the journal that the package holds.
"""

from __future__ import annotations

from sqlite_utils import Database

_HEAD = """
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE CHECK (id <> ''),"""

_SYSTEM = """
            states TEXT NOT NULL DEFAULT '{}' CHECK (states GLOB '{*}'),
            created_at TEXT NOT NULL DEFAULT '',
            deleted_at TEXT"""

_STATEMENTS = (
    f"""
        CREATE TABLE explanation ({_HEAD}
            rule TEXT NOT NULL,
            table_name TEXT NOT NULL,
            row_id TEXT,
            field TEXT,
            period TEXT,
            value TEXT,
            reason TEXT,
            approved_by TEXT,
            author TEXT,
            written_on TEXT,
            {_SYSTEM}
        ) STRICT
    """,
    "CREATE INDEX explanation_place ON explanation (table_name, row_id, rule)",
    f"""
        CREATE TABLE rule_setting ({_HEAD}
            rule TEXT NOT NULL,
            level TEXT CHECK (level IN ('blocking', 'confirm', 'explain', 'hint', 'off')),
            threshold INTEGER,
            from_period TEXT,
            to_period TEXT,
            waived TEXT,
            document_number TEXT,
            issued_on TEXT,
            source_name TEXT,
            source_sha256 TEXT,
            note TEXT,
            {_SYSTEM}
        ) STRICT
    """,
    "CREATE INDEX rule_setting_rule ON rule_setting (rule)",
    f"""
        CREATE TABLE remark ({_HEAD}
            answer_id TEXT NOT NULL,
            package_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            period TEXT NOT NULL,
            table_name TEXT,
            row_id TEXT,
            field TEXT,
            value TEXT,
            text TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('新提出', '已回复', '拟解决', '已关闭')),
            author TEXT,
            written_at TEXT,
            note TEXT,
            {_SYSTEM}
        ) STRICT
    """,
    "CREATE INDEX remark_package ON remark (package_id)",
    "CREATE INDEX remark_place ON remark (table_name, row_id)",
    f"""
        CREATE TABLE remark_reply ({_HEAD}
            remark_id TEXT NOT NULL REFERENCES remark (id) DEFERRABLE INITIALLY DEFERRED,
            side TEXT NOT NULL CHECK (side IN ('county', 'city')),
            text TEXT NOT NULL,
            status TEXT CHECK (status IN ('新提出', '已回复', '拟解决', '已关闭')),
            author TEXT,
            written_at TEXT,
            {_SYSTEM}
        ) STRICT
    """,
    "CREATE INDEX remark_reply_remark ON remark_reply (remark_id)",
    "ALTER TABLE submission ADD COLUMN review TEXT",
    "ALTER TABLE submission ADD COLUMN answer_id TEXT",
    "ALTER TABLE submission ADD COLUMN answered_at TEXT",
    "ALTER TABLE submission ADD COLUMN answered_by TEXT",
    "ALTER TABLE submission ADD COLUMN answer_note TEXT",
    "ALTER TABLE submission ADD COLUMN recalled_at TEXT",
    "ALTER TABLE submission ADD COLUMN recall_reason TEXT",
    "ALTER TABLE submission ADD COLUMN base_seq INTEGER",
    "UPDATE submission SET review = '待审核' WHERE review IS NULL",
)


def create_answers(db: Database) -> None:
    """Add explanations, settings of rules, the city's remarks with their replies, and what it answered a package."""
    for statement in _STATEMENTS:
        db.conn.execute(statement)
