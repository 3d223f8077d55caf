"""Schema version 2, as it was released: who in the county answers for a clause, and the county's own plan for it."""

from __future__ import annotations

from sqlite_utils import Database


def create_responsibility(db: Database) -> None:
    """Add the table of the county's responsibilities, one row per clause."""
    db.conn.execute(
        """
        CREATE TABLE responsibility (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE CHECK (id <> ''),
            clause_id TEXT NOT NULL UNIQUE,
            lead_id TEXT REFERENCES department (id) DEFERRABLE INITIALLY DEFERRED,
            cooperators TEXT,
            leader TEXT,
            leader_post TEXT,
            plan_status TEXT,
            plan_title TEXT,
            document_number TEXT,
            issued_on TEXT,
            note TEXT,
            states TEXT NOT NULL DEFAULT '{}' CHECK (states GLOB '{*}'),
            created_at TEXT NOT NULL DEFAULT '',
            deleted_at TEXT
        ) STRICT
        """
    )
    db.conn.execute("CREATE INDEX responsibility_lead ON responsibility (lead_id)")
