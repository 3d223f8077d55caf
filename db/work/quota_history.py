"""What became of a quota: every value it had, with the paper and the reason of each change, from the journal."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from db.core.values import from_micro
from db.store.history import HistoryEntry, row_history


@dataclass(frozen=True)
class QuotaChange:
    """One step in a quota's history, newest first; amounts as they were typed then, with their units."""

    at: str
    author: str
    label: str
    kind: str
    before: Decimal | None
    before_unit: str
    after: Decimal | None
    after_unit: str
    document_number: str
    reason: str


def history(conn: sqlite3.Connection, target_id: str, year: int) -> list[QuotaChange]:
    """Return what became of a quota, newest first, from the journal."""
    row = conn.execute("SELECT id FROM quota WHERE target_id = ? AND year = ?", (target_id, year)).fetchone()
    if row is None:
        return []
    values: dict[str, Any] = {}
    steps: list[QuotaChange] = []
    for entry in reversed(row_history(conn, "quota", row[0])):
        before = dict(values)
        values = {**values, **entry.after} if entry.action != "delete" else {}
        steps.append(_change(entry, before, values))
    return steps[::-1]


def _change(entry: HistoryEntry, before: dict[str, Any], after: dict[str, Any]) -> QuotaChange:
    def amount(values: dict[str, Any]) -> Decimal | None:
        micro = values.get("amount")
        return None if micro is None or values.get("deleted_at") else from_micro(micro)

    return QuotaChange(
        at=entry.at,
        author=entry.author,
        label=entry.label,
        kind=entry.kind,
        before=amount(before),
        before_unit=str(before.get("unit") or ""),
        after=amount(after),
        after_unit=str(after.get("unit") or ""),
        document_number=str(after.get("document_number") or ""),
        reason=str(after.get("reason") or ""),
    )
