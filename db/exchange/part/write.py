"""A work package goes out: a county file that holds the part alone, with its proof files, as a backup to be restored.

write_part(county, scope, out) -> PartWritten            into the folder `out`
open_part(file, folder) -> PartIdentity                  makes `folder` the colleague's county
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from db.core.errors import DataProblem
from db.core.file_kinds import Kind, meant
from db.core.file_names import safe_name
from db.core.ids import new_id
from db.core.progress import NO_PROGRESS, Progress
from db.exchange.part.keeping import keep_only
from db.exchange.part.names import ENDING, MOST_INFO, PART_INFO, RETURN_INFO
from db.exchange.part.scope import PartScope, contents_of
from db.exchange.strict_json import JsonFault, strict_json
from db.exchange.zip_read import SafeZip
from db.plan.part import PartIdentity, identity_from, require_whole
from db.store.backup_file import write_backup
from db.store.connection import FILE_NAME, connect_writer, translated
from db.store.county import County
from db.store.files import explained, temporary_folder
from db.store.operation import now
from db.store.past import newest_seq
from db.store.restoring import restore
from db.work.county_settings import county_facts
from db.work.handouts import FILE_ID, PART, Handout, record_handouts
from db.work.setup import own_unit_id

LABEL: Final = "发出工作包"
_PAGES = 2_000


@dataclass(frozen=True)
class PartWritten:
    """The file of a work package, what it is, and how many rows of which table it holds (titles only where any)."""

    file: Path
    identity: PartIdentity
    rows: int
    attachments: int
    absent: int

    def sentence(self) -> str:
        """Return it for a person."""
        lost = f"有{self.absent}个附件文件丢失，没有装进去。" if self.absent else ""
        return f"已写出工作包“{self.identity.title}”：{self.rows:,}行，附件{self.attachments:,}个。{lost}"


def write_part(county: County, scope: PartScope, out: Path, progress: Progress = NO_PROGRESS) -> PartWritten:
    """Write the part into the folder `out` and note that it went out; DataProblem where the county is a part itself.

    Nothing of the rest of the county is in the file. EnvironmentProblem when it cannot be written.
    """
    out = Path(out).absolute()
    with explained(LABEL, out):
        out.mkdir(parents=True, exist_ok=True)
    # What is not for the colleague must never lie where the part goes, which may be a stick.
    with temporary_folder(county.folder) as aside:
        copy = aside / FILE_NAME
        identity, unit, held = _copy(county, scope, copy)
        progress.step(0, 0, "挑出要交的部分")
        with translated(copy), closing(connect_writer(copy)) as conn:
            identity = keep_only(conn, scope, identity)
            code = county_facts(conn).code
        file = free_name(out, f"{code}-part-{safe_name(scope.title)}-{date.today().isoformat()}", ENDING)
        papers = {PART_INFO: identity.text().encode()}
        info = write_backup(
            aside, file, inside=True, progress=progress, proofs=county.folder, papers=papers, aside=aside
        )
    with county.operation(f"{LABEL} {scope.title}"[:200], record=True) as op:
        sent = Handout(
            identity.part_id,
            *unit,
            (PART,),
            "",
            held,
            identity.made_at,
            file_name=file.name,
            base_seq=identity.base_seq,
            note=scope.title,
        )
        record_handouts(op, identity.file_id, [sent])
    rows = sum(count for table, count in info.counts.items() if table not in ("setting", "register_definition"))
    absent = len(info.absent)
    return PartWritten(file, identity, rows, len(info.attachments) - absent, absent)


def open_part(file: Path, folder: Path, progress: Progress = NO_PROGRESS) -> PartIdentity:
    """Make `folder`, which must not hold a county yet, the county of the part in `file`; return what it is.

    DataProblem for what is no part. EnvironmentProblem for a damaged or newer file.
    """
    folder = Path(folder)
    if (folder / FILE_NAME).exists():
        raise DataProblem(
            f"这个文件夹里已经有县级数据（{folder}）。", advice="请为工作包另选一个空文件夹。", code="part.exists"
        )
    identity = identity_in(file)
    restore(file, folder, progress)
    return identity


def identity_in(file: Path) -> PartIdentity:
    """Return what the work package in `file` is; DataProblem where it is none that was sent out."""
    with meant(Path(file), Kind.PART):
        return _identity_in(Path(file))


def _identity_in(file: Path) -> PartIdentity:
    with SafeZip(file) as archive:
        if RETURN_INFO in archive.files:
            advice = "请在发出它的县级数据里读回（收发页，或 sijian part read）。"
            raise DataProblem(f"“{file.name}”是交回来的工作包。", advice=advice, code="part.returned")
        if PART_INFO in archive.files:
            with suppress(JsonFault):
                found = identity_from(strict_json(archive.read(PART_INFO, MOST_INFO)))
                if found is not None:
                    return found
    raise DataProblem(f"“{file.name}”不是工作包。", advice="请选择对方发来的 .sijian-part 文件。", code="part.none")


def free_name(folder: Path, stem: str, ending: str) -> Path:
    """Return a file in the folder, called so, that is not there yet: a number tells it from those that are."""
    found, number = folder / f"{stem}{ending}", 1
    while found.exists():
        number += 1
        found = folder / f"{stem}({number}){ending}"
    return found


def _copy(county: County, scope: PartScope, copy: Path) -> tuple[PartIdentity, tuple[str, str], tuple[str, ...]]:
    """Copy the county file as it is now; return what the part is, whose, and what it holds whole."""
    with county.reading() as conn:
        conn.execute("BEGIN")
        require_whole(conn, "再发出工作包")
        settings = county.settings(conn)
        identity = PartIdentity(
            new_id(), scope.title, settings.get(FILE_ID) or new_id(), newest_seq(conn), now(), county.author
        )
        unit = _unit(scope) or ("county", own_unit_id(conn))
        held = contents_of(conn, scope)
        with explained(LABEL, copy), closing(sqlite3.connect(copy, isolation_level=None)) as target:
            conn.backup(target, pages=_PAGES)
            target.execute("PRAGMA journal_mode = DELETE").fetchall()
    return identity, unit, held


def _unit(scope: PartScope) -> tuple[str, str] | None:
    """Return whose part it is, where it is one unit's."""
    if len(scope.departments) == 1 and not scope.towns:
        return "department", scope.departments[0]
    if len(scope.towns) == 1 and not scope.departments:
        return "town", scope.towns[0]
    return None
