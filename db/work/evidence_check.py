"""Are all proof files there, and what they were? Every content that a row refers to is read and hashed.

check_files(conn, folder) -> FilesChecked
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from db.core.fields import TableSchema, load_schema
from db.core.progress import NO_PROGRESS, Progress
from db.plan.catalogue import Catalogue
from db.plan.editions import county_catalogue
from db.store import records
from db.store.attachments import FOLDER, Missing, Stored, contents, fault_of
from db.work.directory import TABLES
from db.work.recycle import title_of_row
from db.work.registers import registers

ADVICE = "请在这些行上重新添加同一个文件（内容相同即自动修复），或从备份恢复。"


@dataclass(frozen=True)
class Owner:
    """A row that a proof file belongs to: its table and what people call both; `deleted` when only the bin has it.

    `clause_id` is the plan's clause when the file says what became of one.
    """

    table: str
    table_title: str
    row_id: str
    title: str
    deleted: bool
    clause_id: str = ""

    @property
    def words(self) -> str:
        """Return where the row is, for a sentence."""
        return f"{self.table_title}“{self.title}”" + ("（在回收站）" if self.deleted else "")


@dataclass(frozen=True)
class FileFault:
    """A proof file that is gone or changed, with the rows that refer to it."""

    missing: Missing
    owners: tuple[Owner, ...]

    @property
    def what(self) -> str:
        """Return what is wrong in two words."""
        return "丢失" if self.missing.reason == "missing" else "损坏"

    def sentence(self) -> str:
        """Return what is wrong, and where, as one Chinese sentence."""
        stored = self.missing.stored
        where = "、".join(owner.words for owner in self.owners)
        return f"{where}的佐证附件“{stored.name}”{self.what}（attachments/{stored.stored_name}）。"


@dataclass(frozen=True)
class FilesChecked:
    """How many contents were looked at, their bytes, and those that are not as they should be."""

    files: int
    size: int
    faults: tuple[FileFault, ...]

    @property
    def ok(self) -> bool:
        """Return whether all is as it should be."""
        return not self.faults

    def sentence(self) -> str:
        """Return the outcome as one Chinese sentence."""
        if not self.files:
            return "还没有佐证附件。"
        if self.ok:
            return f"{self.files}个佐证附件都在，内容都没有变。"
        return f"{self.files}个佐证附件中有{len(self.faults)}个丢失或损坏。{ADVICE}"


def check_files(conn: sqlite3.Connection, folder: Path, progress: Progress = NO_PROGRESS) -> FilesChecked:
    """Read every proof file of the county in `folder` and return what is wrong; `progress` counts bytes."""
    wanted = contents(conn)
    total, done = sum(stored.size for stored in wanted), 0
    found: list[Missing] = []
    for stored in wanted:
        progress.step(done, total, stored.name)
        reason = fault_of(folder / FOLDER / stored.stored_name, stored, deep=True)
        if reason:
            found.append(Missing(stored, reason))
        done += stored.size
    progress.step(total, total)
    owners = _Owners(conn) if found else None
    faults = tuple(FileFault(each, owners.of(each.stored)) for each in found) if owners else ()
    return FilesChecked(len(wanted), total, faults)


class _Owners:
    """Tells the rows that refer to a content."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._plan: Catalogue = county_catalogue(conn)
        own = map(load_schema, (*TABLES, "responsibility", "assignment", "quota", "evaluation"))
        self._schemas: dict[str, TableSchema] = {schema.table: schema for schema in (*registers(conn), *own)}

    def of(self, stored: Stored) -> tuple[Owner, ...]:
        rows = self._conn.execute(
            "SELECT table_name, row_id, name, deleted_at FROM attachment WHERE sha256 = ? ORDER BY seq",
            (stored.sha256,),
        ).fetchall()
        same = [row for row in rows if Stored(stored.sha256, row[2], stored.size).stored_name == stored.stored_name]
        return tuple(self._owner(table, row_id, deleted is not None) for table, row_id, _, deleted in same)

    def _owner(self, table: str, row_id: str, deleted: bool) -> Owner:
        schema = self._schemas.get(table)
        row = records.get(self._conn, schema, row_id) if schema is not None else None
        if schema is None or row is None:
            return Owner(table, schema.title if schema else table, row_id, "（行已不在）", deleted)
        title = title_of_row(self._plan, row)
        clause = str(row.values.get("clause_id") or "")
        return Owner(table, schema.title, row_id, title, deleted or row.deleted_at is not None, clause)
