"""The workbooks sent out, and what came of them: which unit has which table, and how far it is.

record_handouts(op, file_id, handouts)
matrix(conn, tables, period) -> {(unit kind, unit id): {table: HandoutState}}
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import resources
from db.core.fields import load_schema
from db.core.values import Cell
from db.store import records
from db.store.operation import Operation

FILE_ID = "file_id"
"""The setting under which a county file has a name for itself; its journal's numbers mean nothing elsewhere."""
SENT = "sent"
NONE = "none"


@dataclass(frozen=True)
class Handout:
    """A workbook as it was written: what its row in `handout` says; `file_name` as it left."""

    book_id: str
    unit_kind: str
    unit_id: str
    kinds: tuple[str, ...]
    period: str
    tables: tuple[str, ...]
    written_at: str
    file_name: str
    base_seq: int


@dataclass(frozen=True)
class HandoutState:
    """How far a table of a unit is: `status` a key of `statuses`; the newest workbook with it, "" for none."""

    status: str = NONE
    book_id: str = ""
    written_at: str = ""
    file_name: str = ""
    received_at: str = ""
    received_name: str = ""
    problems: int = 0

    @property
    def title(self) -> str:
        """Return 未发, 已发, 已收, 有问题 or 已入库."""
        return statuses()[self.status]


@cache
def statuses() -> Mapping[str, str]:
    """Return what people call each status; that of a unit to which nothing was sent is `none`."""
    found: Mapping[str, str] = resources.load_json("workbooks.json")["statuses"]
    return found


def record_handouts(op: Operation, file_id: str, handouts: Sequence[Handout]) -> list[str]:
    """Keep what was written, and the file's name for itself; return the ids of the new rows."""
    op.conn.execute(
        "INSERT INTO setting (id, value, created_at) VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET value = excluded.value, deleted_at = NULL WHERE value IS NOT excluded.value",
        (FILE_ID, file_id, op.at),
    )
    return records.insert_many(op, load_schema("handout"), map(_row, handouts))


def _row(handout: Handout) -> dict[str, Cell]:
    return {
        "book_id": handout.book_id,
        "unit_kind": handout.unit_kind,
        "unit_id": handout.unit_id,
        "kinds": ",".join(handout.kinds),
        "period": handout.period or None,
        "tables": ",".join(handout.tables),
        "written_at": handout.written_at,
        "file_name": handout.file_name,
        "base_seq": Decimal(handout.base_seq),
        "status": SENT,
    }


def matrix(conn: sqlite3.Connection, periods: Iterable[str] = ()) -> dict[tuple[str, str], dict[str, HandoutState]]:
    """Return for every unit to which something was sent its tables with their states; the newest workbook counts.

    `periods`: only workbooks of these periods, and of none; default all.
    """
    wanted = [*periods]
    where = f"AND (period IS NULL OR {records.in_list('period', wanted)})" if wanted else ""
    found: dict[tuple[str, str], dict[str, HandoutState]] = {}
    sql = (
        "SELECT unit_kind, unit_id, coalesce(tables, ''), coalesce(status, ''), book_id, coalesce(written_at, ''),"
        " coalesce(file_name, ''), coalesce(received_at, ''), coalesce(received_name, ''), coalesce(problems, 0)"
        f" FROM handout WHERE deleted_at IS NULL {where} ORDER BY seq"
    )
    for kind, unit_id, tables, status, *rest in conn.execute(sql, wanted):
        state = HandoutState(status or SENT, *rest)
        found.setdefault((kind, unit_id), {}).update(dict.fromkeys(filter(None, tables.split(",")), state))
    return found
