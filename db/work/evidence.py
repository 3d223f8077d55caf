"""The proof files of a row: what they are called, what they prove. Adding one is `db.store.attachments.add`.

evidence(conn, table, row_id) -> list[Evidence]
set_proves(op, *, evidence_id, proves)        remove(op, *, evidence_ids) -> int
viewing_copy(folder, item, into) -> Path      under its own name, to be opened by another program
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from db.core.errors import EnvironmentProblem
from db.core.fields import load_schema
from db.store import records
from db.store.attachments import path_of
from db.store.files import explained
from db.store.operation import Operation

_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
"""Characters that a file name cannot have on Windows; the name may come from another system."""


@dataclass(frozen=True)
class Evidence:
    """A proof file of a row under the name it had when it was added; `size` in bytes."""

    id: str
    name: str
    sha256: str
    size: int
    media_type: str
    proves: str
    added_on: date | None


def evidence(conn: sqlite3.Connection, table: str, row_id: str) -> list[Evidence]:
    """Return the row's proof files in the order in which they were added."""
    rows = records.select(
        conn,
        load_schema("attachment"),
        "t.table_name = ? AND t.row_id = ? AND t.deleted_at IS NULL",
        (table, row_id),
        "ORDER BY t.seq",
    )
    return [_evidence(row) for row in rows]


def set_proves(op: Operation, *, evidence_id: str, proves: str) -> None:
    """Say what the file proves; DataProblem when it was removed or the text is too long."""
    schema = load_schema("attachment")
    records.update(op, schema, evidence_id, {"proves": schema.field("proves").parse(proves)})


def remove(op: Operation, *, evidence_ids: Iterable[str]) -> int:
    """Move proof files to the recycle bin and return how many; the files themselves stay in the county folder."""
    return records.delete(op, load_schema("attachment"), evidence_ids)


def viewing_copy(folder: Path, item: Evidence, into: Path) -> Path:
    """Copy a proof file of the county in `folder` to `into`, under the name it had, write-protected; return the copy.

    What is opened elsewhere is the copy: a proof that was handed in must stay as it was. EnvironmentProblem when the
    file is gone or the copy cannot be written.
    """
    source = path_of(folder, item.sha256, item.name)
    if not source.is_file():
        raise EnvironmentProblem(
            f"佐证附件“{item.name}”的文件丢失（{source}）。",
            advice="请重新添加，或从备份恢复。",
            code="attachment_missing",
        )
    copy = into / item.sha256[:16] / item.name
    with explained("打开佐证附件", copy):
        if not copy.is_file() or copy.stat().st_size != item.size:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.unlink(missing_ok=True)
            shutil.copyfile(source, copy)
            copy.chmod(stat.S_IREAD)
    return copy


def _evidence(row: records.Row) -> Evidence:
    size, added_on = row.values["size"], row.values["added_on"]
    return Evidence(
        id=row.id,
        name=str(row.values["name"] or ""),
        sha256=str(row.values["sha256"] or ""),
        size=int(size) if isinstance(size, Decimal) else 0,
        media_type=str(row.values["media_type"] or ""),
        proves=str(row.values["proves"] or ""),
        added_on=added_on if isinstance(added_on, date) else None,
    )
