"""Backups inside the county folder: made by themselves, kept 10 days and 12 months, never replaced by a worse one.

`backups/daily-2022-03-15.zip` and `backups/before-import-2022-03-15-081500.zip` hold the county file; the proof files
lie once per content in `backups/attachments/`, since they never change.
"""

from __future__ import annotations

import re
import shutil
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from db.core.errors import SijianError
from db.core.progress import NO_PROGRESS, Progress
from db.store.attachments import FOLDER as ATTACHMENTS
from db.store.attachments import Stored, fault_of, hash_of, path_of, place
from db.store.backup_file import BackupInfo, describe, write_backup
from db.store.connection import FILE_NAME, connect_reader, translated
from db.store.files import explained, part_of, patiently, require_space, sync_file
from db.store.operation import now
from db.store.past import newest_seq

if TYPE_CHECKING:
    from db.store.county import County

FOLDER = "backups"
DAYS, MONTHS, SNAPSHOTS = 10, 12, 10
LARGE_IMPORT = 1_000
"""Rows from which on what is written at once is worth a backup of what was there."""
PAUSE = 600
"""For how many seconds one backup ahead of such a block stands for all."""
Reason = Literal["import", "migration", "restore"]

_NAME = re.compile(r"(daily|before-(?:import|migration|restore))-(\d{4}-\d{2}-\d{2})(-\d+)?\.zip")


@dataclass(frozen=True)
class KeptBackup:
    """A backup file in the county folder: `kind` is daily or before-…, `day` the ISO date in its name."""

    file: Path
    kind: str
    day: str
    info: BackupInfo

    @property
    def month(self) -> str:
        """Return the month of its day."""
        return self.day[:7]


def daily(county: County, progress: Progress = NO_PROGRESS) -> Path | None:
    """Back the county up for today and return the file; None when it is read-only or unchanged since the last one.

    A later backup of the same day takes the place of the earlier one unless it is worse; then both stay.
    """
    if county.read_only:
        return None
    folder = county.folder
    known = [entry for entry in kept(folder) if entry.kind == "daily"]
    if known and known[0].info.last_change == _last_change(folder) and not known[0].info.absent:
        return None
    home = _home(folder)
    today = now()[:10]
    fresh = part_of(home / "daily.zip")
    try:
        info = write_backup(folder, fresh, inside=False, progress=progress)
        _keep_proofs(folder, info, progress)
        out = name_for(home / f"daily-{today}.zip", info)
        with explained("写入备份", out):
            patiently(lambda: fresh.replace(out))
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    rotate(folder / FOLDER)
    return out


def before(folder: Path, reason: Reason, progress: Progress = NO_PROGRESS) -> Path:
    """Back the county in `folder` up ahead of an import, migration or restore and return the file."""
    home = _home(folder)
    stamp = re.sub(r"[T:]", lambda found: "-" if found.group() == "T" else "", now())
    out = home / f"before-{reason}-{stamp}.zip"
    number = 1
    while out.exists():
        number += 1
        out = home / f"before-{reason}-{stamp}{number:02}.zip"
    info = write_backup(folder, out, inside=False, progress=progress)
    _keep_proofs(folder, info, progress)
    rotate(folder / FOLDER)
    return out


def before_import(county: County, rows: int, progress: Progress = NO_PROGRESS) -> Path | None:
    """Back the county up ahead of writing this many rows at once.

    None when they are too few to be worth it, or when such a backup has just been made: blocks pasted one after the
    other, each of which can be undone, would push all others out.
    """
    if rows < LARGE_IMPORT or _fresh_import(county.folder):
        return None
    return before(county.folder, "import", progress)


def _fresh_import(folder: Path) -> bool:
    newest = max((file.stat().st_mtime for file in (folder / FOLDER).glob("before-import-*.zip")), default=0.0)
    return 0 <= time.time() - newest < PAUSE


def kept(folder: Path) -> list[KeptBackup]:
    """Return the backups in the county folder that can be read, newest first."""
    return kept_in(folder / FOLDER)


def kept_in(home: Path) -> list[KeptBackup]:
    """Return the backups in the folder `home` that can be read, newest first."""
    found: list[KeptBackup] = []
    with explained("查看备份", home):
        files = sorted(home.glob("*.zip")) if home.is_dir() else []
    for file in files:
        name = _NAME.fullmatch(file.name)
        if name is None:
            continue
        with suppress(SijianError):
            found.append(KeptBackup(file, name[1], name[2], describe(file)))
    return sorted(found, key=lambda entry: (entry.info.made_at, entry.file.name), reverse=True)


def worse(info: BackupInfo, than: BackupInfo) -> bool:
    """Return whether `info` holds less: an earlier state, another or an emptied county, or fewer proof files."""
    if info.county_code != than.county_code or info.last_change < than.last_change:
        return True
    return len(set(info.absent) - set(than.absent)) > 0


def rotate(home: Path) -> None:
    """Delete in `home` what is neither of the last 10 days nor the last of one of the last 12 months, and proofs too.

    The backup that holds most always stays, so that an emptied county never pushes out the full one.
    """
    known = kept_in(home)
    staying = _staying(known)
    for entry in known:
        if entry.file not in staying:
            with suppress(OSError):  # open or protected: it goes the next time
                entry.file.unlink()
    needed = {s.stored_name for entry in known if entry.file in staying for s in entry.info.attachments}
    pool = home / ATTACHMENTS
    for path in pool.glob("*/*") if pool.is_dir() else ():
        if f"{path.parent.name}/{path.name}" not in needed:
            with suppress(OSError):
                path.unlink()


def _staying(known: list[KeptBackup]) -> set[Path]:
    dailies = [entry for entry in known if entry.kind == "daily"]
    days = sorted({entry.day for entry in dailies}, reverse=True)[:DAYS]
    last_days: dict[str, str] = {}
    for entry in dailies:
        last_days[entry.month] = max(entry.day, last_days.get(entry.month, ""))
    months = [last_days[month] for month in sorted(last_days, reverse=True)[:MONTHS]]
    staying = {entry.file for entry in dailies if entry.day in {*days, *months}}
    if dailies:
        staying.add(max(dailies, key=lambda entry: (entry.info.last_change, entry.info.made_at)).file)
    for kind in {entry.kind for entry in known} - {"daily"}:
        staying |= {entry.file for entry in [e for e in known if e.kind == kind][:SNAPSHOTS]}
    return staying


def name_for(wanted: Path, info: BackupInfo) -> Path:
    """Return `wanted`, or a name beside it when a file is there that `info` is worse than or that cannot be read."""
    candidate, number = wanted, 1
    while candidate.exists():
        with suppress(SijianError):
            if not worse(info, describe(candidate)):
                break
        number += 1
        candidate = wanted.with_name(f"{wanted.stem}-{number}.zip")
    return candidate


def _home(folder: Path) -> Path:
    home = folder / FOLDER
    with explained("写入备份", home):
        home.mkdir(exist_ok=True)
    return home


def _last_change(folder: Path) -> int:
    path = folder / FILE_NAME
    with translated(path), closing(connect_reader(path)) as conn:
        return newest_seq(conn)


def _keep_proofs(folder: Path, info: BackupInfo, progress: Progress) -> None:
    """Copy the proof files that the pool lacks; a damaged one is left out rather than kept as good."""
    pool = folder / FOLDER / ATTACHMENTS
    lacking = [
        stored
        for stored in info.attachments
        if stored.stored_name not in info.absent and fault_of(pool / stored.stored_name, stored, deep=False)
    ]
    require_space(folder, sum(stored.size for stored in lacking), "备份佐证附件")
    for number, stored in enumerate(lacking):
        progress.step(number, len(lacking), "备份佐证附件")
        copy_proof(path_of(folder, stored.sha256, stored.name), pool, stored)


def copy_proof(source: Path, home: Path, stored: Stored) -> bool:
    """Copy `source` into `home` under its stored name if it is whole, and return whether it was."""
    part = part_of(home / "proof")
    try:
        with explained("复制佐证附件", source):
            home.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, part)
            if hash_of(part) != stored.sha256:
                return False
            sync_file(part)
            place(part, home / stored.stored_name, stored)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return True
