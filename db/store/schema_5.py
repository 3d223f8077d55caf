"""Schema version 5, as it was released: months and what is filed in them, workbooks out and in, measures, evaluations.

`progress` is keyed on task and assignee, not on an assignment's row, so that cumulative figures go on over the years.
Its figures are what stands at the period's end: since the plan began, since January, or at that day, as the task is
measured.
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

_MONTH = "GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]'"

_MONTHLY = (
    f"""
        CREATE TABLE progress ({_HEAD}
            task_id TEXT NOT NULL,
            assignee_kind TEXT NOT NULL CHECK (assignee_kind IN ('town', 'enterprise', 'department', 'county')),
            assignee_id TEXT NOT NULL,
            period TEXT NOT NULL CHECK (period {_MONTH}),
            amount INTEGER,
            numerator INTEGER,
            denominator INTEGER,
            stage TEXT,
            unit TEXT,
            situation TEXT,
            problems TEXT,
            next_steps TEXT,
            source TEXT CHECK (source IN ('typed', 'register', 'workbook', 'copied')),
            reviewed INTEGER CHECK (reviewed IN (0, 1)),
            override_reason TEXT,
            {_SYSTEM},
            UNIQUE (task_id, assignee_id, period)
        ) STRICT
    """,
    # Sums of a month and curves of a task are made from these indexes alone, without the rows and their texts.
    """
        CREATE INDEX progress_figures ON progress
        (task_id, period, assignee_id, amount, numerator, denominator, stage, unit, states, source, reviewed,
         deleted_at)
    """,
    "CREATE INDEX progress_assignee ON progress (assignee_id, period)",
    """
        CREATE INDEX assignment_figures ON assignment
        (task_id, year, assignee_id, assignee_kind, amount, unit, deadline, deleted_at)
    """,
    f"""
        CREATE TABLE project_report ({_HEAD}
            register TEXT NOT NULL,
            row_id TEXT NOT NULL,
            period TEXT NOT NULL CHECK (period {_MONTH}),
            completed_investment INTEGER,
            stage TEXT,
            situation TEXT,
            problems TEXT,
            next_steps TEXT,
            source TEXT CHECK (source IN ('typed', 'register', 'workbook', 'copied')),
            reviewed INTEGER CHECK (reviewed IN (0, 1)),
            {_SYSTEM},
            UNIQUE (register, row_id, period)
        ) STRICT
    """,
    "CREATE INDEX project_report_period ON project_report (period)",
    f"""
        CREATE TABLE month ({_HEAD}
            period TEXT NOT NULL UNIQUE CHECK (period {_MONTH}),
            status TEXT NOT NULL CHECK (status IN ('open', 'closed')),
            closed_at TEXT,
            reason TEXT,
            {_SYSTEM}
        ) STRICT
    """,
    f"""
        CREATE TABLE monthly_curve ({_HEAD}
            target_id TEXT NOT NULL,
            year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 2100),
            month INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
            share INTEGER,
            amount INTEGER,
            unit TEXT,
            note TEXT,
            {_SYSTEM},
            UNIQUE (target_id, year, month)
        ) STRICT
    """,
)

_SUPERVISION = (
    f"""
        CREATE TABLE measure_taken ({_HEAD}
            assignee_kind TEXT NOT NULL CHECK (assignee_kind IN ('town', 'enterprise', 'department', 'county')),
            assignee_id TEXT NOT NULL,
            task_id TEXT,
            kind TEXT CHECK (kind IN ('提醒', '通报', '约谈', '督办单')),
            taken_on TEXT,
            result TEXT,
            document_number TEXT,
            note TEXT,
            {_SYSTEM}
        ) STRICT
    """,
    "CREATE INDEX measure_taken_assignee ON measure_taken (assignee_id, taken_on)",
    f"""
        CREATE TABLE holiday ({_HEAD}
            day TEXT NOT NULL UNIQUE,
            kind TEXT CHECK (kind IN ('休', '班')),
            name TEXT,
            {_SYSTEM}
        ) STRICT
    """,
    f"""
        CREATE TABLE evaluation ({_HEAD}
            task_id TEXT NOT NULL,
            period TEXT NOT NULL,
            standpoint TEXT,
            value INTEGER,
            unit TEXT,
            completion INTEGER,
            arithmetic TEXT,
            points INTEGER,
            score INTEGER,
            typed_value INTEGER,
            typed_score INTEGER,
            reason TEXT,
            explanation TEXT,
            note TEXT,
            {_SYSTEM},
            UNIQUE (task_id, period)
        ) STRICT
    """,
)

_WORKBOOKS = (
    f"""
        CREATE TABLE handout ({_HEAD}
            book_id TEXT NOT NULL UNIQUE,
            unit_kind TEXT NOT NULL CHECK (unit_kind IN ('town', 'enterprise', 'department', 'county')),
            unit_id TEXT NOT NULL,
            kinds TEXT,
            period TEXT,
            tables TEXT,
            written_at TEXT,
            file_name TEXT,
            base_seq INTEGER,
            status TEXT CHECK (status IN ('written', 'sent', 'received', 'faulty', 'stored')),
            received_at TEXT,
            received_name TEXT,
            received_sha256 TEXT,
            problems INTEGER,
            outcomes TEXT CHECK (outcomes GLOB '{{*}}'),
            stored_operation INTEGER,
            note TEXT,
            {_SYSTEM}
        ) STRICT
    """,
    "CREATE INDEX handout_unit ON handout (unit_id, period)",
    f"""
        CREATE TABLE received_file ({_HEAD}
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
            name TEXT NOT NULL,
            size INTEGER NOT NULL CHECK (size >= 0),
            book_id TEXT,
            received_at TEXT,
            outcome TEXT,
            operation_id INTEGER,
            note TEXT,
            {_SYSTEM}
        ) STRICT
    """,
    "CREATE INDEX received_file_book ON received_file (book_id)",
    "CREATE INDEX received_file_content ON received_file (sha256)",
    "ALTER TABLE assignment ADD COLUMN confirmation TEXT",
    "ALTER TABLE assignment ADD COLUMN opinion TEXT",
)


def create_months(db: Database) -> None:
    """Add what is filed by the month, measures taken, holidays, evaluations, workbooks, and assignees' answers."""
    for statement in (*_MONTHLY, *_SUPERVISION, *_WORKBOOKS):
        db.conn.execute(statement)
