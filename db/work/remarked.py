"""The cells that the city has remarked on and not closed, for the sheets that show them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from db.work.remarks import CLOSED
from db.work.row_names import RowName, row_names


class RemarkedCell(NamedTuple):
    """A remark at a cell; `field` is "" for one on the whole row. `said` is the county's last reply, "" for none."""

    id: str
    field: str
    status: str
    text: str
    said: str = ""


def remarked_cells(conn: sqlite3.Connection) -> Mapping[RowName, tuple[RemarkedCell, ...]]:
    """Return what is remarked on each row, the oldest first."""
    rows = conn.execute(
        "SELECT r.table_name, r.row_id, r.id, coalesce(r.field, ''), r.status, coalesce(r.text, ''), coalesce(("
        "SELECT p.text FROM remark_reply p WHERE p.remark_id = r.id AND p.deleted_at IS NULL AND p.side = 'county'"
        " ORDER BY p.seq DESC LIMIT 1), '') FROM remark r"
        " WHERE r.deleted_at IS NULL AND r.status <> ? AND r.row_id <> '' ORDER BY r.seq",
        (CLOSED,),
    ).fetchall()
    names = row_names(conn, {(table, row_id) for table, row_id, *_ in rows})
    found: dict[RowName, list[RemarkedCell]] = {}
    for table, row_id, *told in rows:
        name = names.get((table, row_id))
        if name is not None:
            found.setdefault(name, []).append(RemarkedCell(*told))
    return {name: tuple(cells) for name, cells in found.items()}
