"""What a write changed, so that views can decide whether to refresh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Changes:
    """The tables and row ids that one operation touched, and what it was called."""

    operation_id: int = 0
    label: str = ""
    rows: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def tables(self) -> frozenset[str]:
        """Return the names of the tables that changed."""
        return frozenset(self.rows)

    def touches(self, *tables: str) -> bool:
        """Return whether any of `tables` changed."""
        return not self.tables.isdisjoint(tables)

    def __bool__(self) -> bool:
        return bool(self.rows)
