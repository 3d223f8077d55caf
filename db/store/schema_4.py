"""Schema version 4, as it was released: a plan that was read from a document and is being looked through."""

from __future__ import annotations

from sqlite_utils import Database


def create_plan_draft(db: Database) -> None:
    """Add the table of the plans that were opened and not yet taken up; one of them is live at a time."""
    db.conn.execute(
        """
        CREATE TABLE plan_draft (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE CHECK (id <> ''),
            name TEXT NOT NULL,
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
            document TEXT NOT NULL,
            tables TEXT NOT NULL CHECK (tables GLOB '[[]*]'),
            corrections TEXT NOT NULL CHECK (corrections GLOB '{*'),
            states TEXT NOT NULL DEFAULT '{}' CHECK (states GLOB '{*}'),
            created_at TEXT NOT NULL DEFAULT '',
            deleted_at TEXT
        ) STRICT
        """
    )
