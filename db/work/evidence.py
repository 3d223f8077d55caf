"""The proof files of a row: what they are called, what they prove, and copies to be looked at.

evidence(conn, table, row_id) -> list[Evidence]
add_files(op, county, table, row_id, files) -> list[Added]      all of them, or none
set_proves(op, *, evidence_id, proves)        remove(op, *, evidence_ids) -> int
file_name(item) -> str                        its own name, made one that any system takes
viewing_copy(folder, item, into) -> Path      under that name, to be opened by another program
save_copy(folder, item, out)
"""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path, PurePath

from db.core.errors import DataProblem, EnvironmentProblem
from db.core.fields import load_schema
from db.core.file_names import safe_name
from db.core.progress import NO_PROGRESS, Progress
from db.store import records
from db.store.attachment_kinds import ending_of, kind_of_type
from db.store.attachments import Added, Candidate, HasFolder, add_all, candidate, path_of
from db.store.files import explained, replacing
from db.store.operation import Operation

_LONGEST_ENDING = 10


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


def add_files(
    op: Operation,
    county: HasFolder,
    table: str,
    row_id: str,
    files: Sequence[Path],
    *,
    progress: Progress = NO_PROGRESS,
) -> list[Added]:
    """Keep `files` as proof of a row, all of them or none, and return what came of each.

    They are looked at before the first is copied: DataProblem names every one that cannot be kept, and why.
    `progress` counts their bytes together.
    """
    found: list[Candidate] = []
    refused: list[DataProblem] = []
    for file in files:
        try:
            found.append(candidate(file))
        except DataProblem as problem:
            refused.append(problem)
    if refused:
        raise _all_refused(refused, len(files))
    return add_all(op, county, table, row_id, found, progress=progress)


def _all_refused(refused: Sequence[DataProblem], files: int) -> DataProblem:
    if len(refused) == 1 and files == 1:
        return refused[0]
    head = "".join(problem.message for problem in refused)
    advice = "".join(dict.fromkeys(problem.advice for problem in refused))
    rest = "其余文件也没有添加，去掉有问题的再加一次。" if len(refused) < files else ""
    return DataProblem(head, advice=advice + rest, code=refused[0].code)


def set_proves(op: Operation, *, evidence_id: str, proves: str) -> None:
    """Say what the file proves; DataProblem when it was removed or the text is too long."""
    schema = load_schema("attachment")
    records.update(op, schema, evidence_id, {"proves": schema.field("proves").parse(proves)})


def remove(op: Operation, *, evidence_ids: Iterable[str]) -> int:
    """Move proof files to the recycle bin and return how many; the files themselves stay in the county folder."""
    return records.delete(op, load_schema("attachment"), evidence_ids)


def file_name(item: Evidence) -> str:
    """Return the name that a copy of the file gets: its own, without what a system could take for a path or a device,
    and with the ending of its kind where it has none.
    """
    ending = ending_of(item.name)
    usual = kind_of_type(item.media_type).endings
    if not ending.isascii() or not ending.isalnum() or len(ending) > _LONGEST_ENDING:
        ending = usual[0] if usual else ""
        stem = item.name
    else:
        stem = PurePath(item.name.rstrip(". ")).stem
    return safe_name(stem, empty="附件") + (f".{ending}" if ending else "")


def viewing_copy(folder: Path, item: Evidence, into: Path) -> Path:
    """Copy a proof file of the county in `folder` to `into`, under the name it had, write-protected; return the copy.

    What is opened elsewhere is the copy: a proof that was handed in must stay as it was. EnvironmentProblem when the
    file is gone or the copy cannot be written.
    """
    source = stored_file(folder, item)
    copy = into / item.sha256[:16] / file_name(item)
    with explained("打开佐证附件", copy):
        if not copy.is_file() or copy.stat().st_size != item.size:
            copy.parent.mkdir(parents=True, exist_ok=True)
            if copy.is_file():
                copy.chmod(stat.S_IREAD | stat.S_IWRITE)  # Windows removes nothing that is write-protected
                copy.unlink()
            shutil.copyfile(source, copy)
            copy.chmod(stat.S_IREAD)
    return copy


def save_copy(folder: Path, item: Evidence, out: Path) -> None:
    """Write a copy of the proof file to `out`, replacing what is there; EnvironmentProblem when that cannot be done."""
    source = stored_file(folder, item)
    with explained("读取佐证附件", item.name), source.open("rb") as file, replacing(out, "另存佐证附件") as target:
        shutil.copyfileobj(file, target, 1 << 20)


def stored_file(folder: Path, item: Evidence) -> Path:
    """Return where the file lies in the county folder, to be read only; EnvironmentProblem when it is gone."""
    source = path_of(folder, item.sha256, item.name)
    if not source.is_file():
        raise EnvironmentProblem(
            f"佐证附件“{item.name}”的文件丢失（{source}）。",
            advice="请重新添加同一个文件，或从备份恢复。",
            code="attachment_missing",
        )
    return source


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
