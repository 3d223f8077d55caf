"""Schema version 3, as it was released: the county's own plans, each as its document and what was read from it."""

from __future__ import annotations

from sqlite_utils import Database


def create_plan_edition(db: Database) -> None:
    """Add the table of the plans that the county has worked by; without a row it works by the one that ships."""
    db.conn.execute(
        """
        CREATE TABLE plan_edition (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE CHECK (id <> ''),
            number INTEGER NOT NULL UNIQUE CHECK (number >= 1),
            version TEXT NOT NULL,
            title TEXT,
            catalogue TEXT NOT NULL CHECK (catalogue GLOB '{*'),
            catalogue_sha256 TEXT NOT NULL CHECK (length(catalogue_sha256) = 64),
            corrections TEXT NOT NULL CHECK (corrections GLOB '{*'),
            homes TEXT NOT NULL CHECK (homes GLOB '{*'),
            document TEXT,
            document_name TEXT,
            adopted_at TEXT,
            states TEXT NOT NULL DEFAULT '{}' CHECK (states GLOB '{*}'),
            created_at TEXT NOT NULL DEFAULT '',
            deleted_at TEXT
        ) STRICT
        """
    )
