"""What came back of a work package before: the second return begins where the first was taken in.

returned_before(conn, part_id) -> Before | None
with_put_back(content, before) -> [RowChange]            what the colleague did, also what was taken back since
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from db.core.errors import DataProblem
from db.exchange.part.content import ReturnContent, read_content
from db.exchange.part.giveback import RowChange, Spelt
from db.store.attachments import FOLDER as ATTACHMENTS
from db.store.attachments import Stored, fault_of
from db.work.handouts import read_outcomes

_FAULTY = "faulty"
Place = tuple[str, str]


@dataclass(frozen=True)
class Before:
    """The return that was taken in last: its changed rows by table and id, and when it was given back.

    `settled`: nothing of it was left out as faulty, so that somebody has decided on every cell.
    """

    changes: Mapping[Place, RowChange]
    returned_at: str
    settled: bool

    def sent(self, table: str, row_id: str) -> Spelt:
        """Return what was sent of the row then: its changed cells, or all of a new one; nothing of a deleted one."""
        change = self.changes.get((table, row_id))
        return (change.after if change is not None else None) or {}

    def was_deleted(self, table: str, row_id: str) -> bool:
        """Return whether the row was sent as deleted then."""
        change = self.changes.get((table, row_id))
        return change is not None and change.after is None


NOTHING = Before({}, "", False)


def returned_before(conn: sqlite3.Connection, part_id: str) -> Before | None:
    """Return what was taken in last of this part, None where nothing was or its file is no longer there."""
    row = conn.execute(
        "SELECT a.sha256, a.name, a.size FROM received_file r JOIN attachment a ON a.row_id = r.id"
        " WHERE r.book_id = ? AND r.operation_id IS NOT NULL AND r.deleted_at IS NULL"
        " AND a.table_name = 'received_file' AND a.deleted_at IS NULL ORDER BY r.operation_id DESC LIMIT 1",
        (part_id,),
    ).fetchone()
    folder = conn.execute("PRAGMA database_list").fetchone()[2]
    if row is None or not folder:
        return None
    kept = Stored(*row)
    file = Path(folder).parent / ATTACHMENTS / kept.stored_name
    if fault_of(file, kept, deep=False):
        return None
    try:
        content = read_content(file)
    except DataProblem:
        return None
    changes = {(change.table, change.id): change for change in content.changes}
    return Before(changes, content.returned_at, _settled(conn, part_id))


def _settled(conn: sqlite3.Connection, part_id: str) -> bool:
    row = conn.execute("SELECT outcomes FROM handout WHERE book_id = ? AND deleted_at IS NULL", (part_id,)).fetchone()
    return row is None or all(status != _FAULTY for status, _ in read_outcomes(row[0]).values())


def with_put_back(content: ReturnContent, before: Before | None) -> list[RowChange]:
    """Return the changes of the return, and what was sent before and is now again as it went out.

    DataProblem for a return that is older than the one that was taken in.
    """
    if before is None:
        return [*content.changes]
    if content.returned_at < before.returned_at:
        told, known = (at.replace("T", " ")[:16] for at in (content.returned_at, before.returned_at))
        raise DataProblem(
            f"这是{told}交回的，比已经入库的那一份（{known}）早。", advice="请收回最新的一份。", code="part.older"
        )
    now = {(change.table, change.id) for change in content.changes}
    found = [_with_cells(change, before.changes.get((change.table, change.id))) for change in content.changes]
    return found + [_put_back(change) for place, change in before.changes.items() if place not in now]


def _with_cells(change: RowChange, old: RowChange | None) -> RowChange:
    """Return the change with those cells that were sent otherwise before, and are as they went out again."""
    if old is None or not (old.before and old.after and change.before and change.after):
        return change
    again = {name: text for name, text in old.before.items() if name not in change.after}
    return RowChange(change.table, change.id, {**change.before, **again}, {**change.after, **again})


def _put_back(old: RowChange) -> RowChange:
    """Return what became of a row that was added, changed or deleted then and is now as it went out."""
    if old.before is None:
        return RowChange(old.table, old.id, old.after, None)
    return RowChange(old.table, old.id, old.before, old.before)
