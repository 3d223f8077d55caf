"""Schema version 7, as it was released: the journal's triggers take a third of the room they took."""

from __future__ import annotations

from sqlite_utils import Database


def lighten_journal(db: Database) -> None:
    """Change nothing: every upgrade ends with the triggers made anew, and that they are is all this version is for."""
