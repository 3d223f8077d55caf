"""What a view has still to read: everything at first, afterwards only the rows that were written since."""

from __future__ import annotations

from collections.abc import Mapping

from db.core.changes import Changes

Rows = Mapping[str, frozenset[str]]


class Pending:
    """Collects writes until a read that saw them has arrived; a read that was overtaken by another loses nothing."""

    def __init__(self) -> None:
        self._rows: dict[str, frozenset[str]] | None = None

    def add(self, changes: Changes | None) -> None:
        """Take in a write; None, and a write that does not say what it changed, ask for everything."""
        if changes is None or not changes.rows:
            self._rows = None
        elif self._rows is not None:
            for table, ids in changes.rows.items():
                self._rows[table] = self._rows.get(table, frozenset()) | ids

    @property
    def rows(self) -> Rows | None:
        """Return the ids written by table, None for everything."""
        return None if self._rows is None else dict(self._rows)

    def settle(self) -> None:
        """A read of all that was pending has arrived."""
        self._rows = {}
