"""Schema version 1, as it was released: literal SQL that no later change of the program may touch.

Numbers of the plan (amounts, population, …) are INTEGER micro-units. NULL is 未报; a cell that is 不涉及 or 暂无数据 is
NULL too, with its state in `states`. Triggers of the journal are made from the tables once they exist.
CHECKs use no JSON function: some builds of SQLite refuse those in a schema that is not trusted.
"""

from __future__ import annotations

from sqlite_utils import Database

_JOURNAL = """
CREATE TABLE operation (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('do', 'fixed', 'undo', 'redo')),
    label TEXT NOT NULL,
    author TEXT NOT NULL,
    at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'dropped')),
    target_id INTEGER REFERENCES operation (id) DEFERRABLE INITIALLY DEFERRED,
    first_change INTEGER NOT NULL,
    last_change INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX operation_undone ON operation (id) WHERE state = 'undone';
CREATE INDEX operation_target ON operation (target_id) WHERE target_id IS NOT NULL;

CREATE TABLE change (
    seq INTEGER PRIMARY KEY,
    operation_id INTEGER REFERENCES operation (id) DEFERRABLE INITIALLY DEFERRED,
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('insert', 'update', 'delete')),
    before TEXT,
    after TEXT,
    at TEXT
) STRICT;
CREATE INDEX change_row ON change (table_name, row_id);
CREATE INDEX change_foreign ON change (seq) WHERE operation_id IS NULL;

CREATE TABLE journal_state (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    operation_id INTEGER
) STRICT;
INSERT INTO journal_state (only) VALUES (1);

CREATE TRIGGER change_keeps_rows BEFORE DELETE ON change BEGIN
    SELECT RAISE(ABORT, 'the audit trail is never removed');
END;
CREATE TRIGGER change_keeps_values BEFORE UPDATE ON change BEGIN
    SELECT RAISE(ABORT, 'the audit trail is never rewritten');
END;
CREATE TRIGGER operation_keeps_rows BEFORE DELETE ON operation BEGIN
    SELECT RAISE(ABORT, 'the audit trail is never removed');
END;
"""

_SYSTEM = """
    states TEXT NOT NULL DEFAULT '{}' CHECK (states GLOB '{*}'),
    created_at TEXT NOT NULL DEFAULT '',
    deleted_at TEXT
"""

_DIRECTORY = f"""
CREATE TABLE setting (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    value TEXT,
    {_SYSTEM}
) STRICT;

CREATE TABLE reporting_unit (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    code TEXT,
    name TEXT,
    kind TEXT,
    note TEXT,
    initials TEXT,
    {_SYSTEM}
) STRICT;

CREATE TABLE town (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    code TEXT,
    name TEXT,
    kind TEXT,
    unit_id TEXT REFERENCES reporting_unit (id) DEFERRABLE INITIALLY DEFERRED,
    population INTEGER,
    households INTEGER,
    contact TEXT,
    phone TEXT,
    note TEXT,
    initials TEXT,
    {_SYSTEM}
) STRICT;
CREATE INDEX town_unit ON town (unit_id);

CREATE TABLE department (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    name TEXT,
    city_name TEXT,
    kind TEXT,
    contact TEXT,
    phone TEXT,
    note TEXT,
    initials TEXT,
    {_SYSTEM}
) STRICT;

CREATE TABLE enterprise (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    credit_code TEXT,
    name TEXT,
    town_id TEXT REFERENCES town (id) DEFERRABLE INITIALLY DEFERRED,
    industry TEXT,
    address TEXT,
    contact TEXT,
    phone TEXT,
    note TEXT,
    initials TEXT,
    {_SYSTEM}
) STRICT;
CREATE INDEX enterprise_town ON enterprise (town_id);
CREATE INDEX enterprise_credit_code ON enterprise (credit_code);
"""

_WORK = f"""
CREATE TABLE task_scope (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    task_id TEXT NOT NULL UNIQUE,
    applies TEXT CHECK (applies IN ('涉及', '不涉及', '待定')),
    reason TEXT,
    note TEXT,
    {_SYSTEM}
) STRICT;

CREATE TABLE quota (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    target_id TEXT NOT NULL,
    year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    amount INTEGER,
    unit TEXT,
    document_number TEXT,
    issued_on TEXT,
    reason TEXT,
    note TEXT,
    {_SYSTEM},
    UNIQUE (target_id, year)
) STRICT;

CREATE TABLE assignment (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    task_id TEXT NOT NULL,
    year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    assignee_kind TEXT NOT NULL CHECK (assignee_kind IN ('town', 'enterprise', 'department')),
    assignee_id TEXT NOT NULL,
    amount INTEGER,
    unit TEXT,
    deliverable TEXT,
    deadline TEXT,
    responsible TEXT,
    phone TEXT,
    note TEXT,
    {_SYSTEM},
    UNIQUE (task_id, year, assignee_id)
) STRICT;
CREATE INDEX assignment_assignee ON assignment (assignee_id, year);
CREATE INDEX assignment_year ON assignment (year);

CREATE TABLE register_definition (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    name TEXT NOT NULL,
    edition INTEGER NOT NULL,
    title TEXT,
    descriptor TEXT NOT NULL CHECK (descriptor GLOB '{{*}}'),
    {_SYSTEM},
    UNIQUE (name, edition)
) STRICT;
"""

_PAPERS = f"""
CREATE TABLE attachment (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    name TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    media_type TEXT,
    proves TEXT,
    added_on TEXT,
    {_SYSTEM}
) STRICT;
CREATE INDEX attachment_row ON attachment (table_name, row_id);
CREATE INDEX attachment_content ON attachment (sha256);

CREATE TABLE submission (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE CHECK (id <> ''),
    kind TEXT NOT NULL,
    period TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence >= 1),
    package_id TEXT NOT NULL,
    file_name TEXT,
    folder TEXT,
    sha256 TEXT,
    data_sha256 TEXT,
    exported_at TEXT,
    supersedes TEXT,
    status TEXT,
    row_count INTEGER,
    note TEXT,
    {_SYSTEM}
) STRICT;
CREATE INDEX submission_period ON submission (kind, period, sequence);
"""


def create_schema_1(db: Database) -> None:
    """Make the tables of the first release."""
    for script in (_JOURNAL, _DIRECTORY, _WORK, _PAPERS):
        for statement in _statements(script):
            db.conn.execute(statement)


def _statements(script: str) -> list[str]:
    """Return the statements of `script` one by one: executescript would commit the open transaction first."""
    statements: list[str] = []
    lines: list[str] = []
    in_trigger = False
    for line in script.splitlines():
        lines.append(line)
        in_trigger = in_trigger or line.startswith("CREATE TRIGGER")
        if line.rstrip().endswith(";") and (not in_trigger or line.startswith("END")):
            statements.append("\n".join(lines))
            lines, in_trigger = [], False
    return statements
