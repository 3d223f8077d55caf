"""A second copy of every backup, in a folder that the clerk chose: on a stick, a share, a synchronised disk.

    copy_backups(folder, to) -> int         brings what is lacking there
    is_behind(folder, to) -> bool           whether the newest backup is lacking there

`to`/<name of the county folder>/ holds what `backups/` holds, kept by the same rule, and is restored in the same way.
"""

from __future__ import annotations

from pathlib import Path

from db.core.errors import DataProblem, EnvironmentProblem
from db.core.progress import NO_PROGRESS, Progress
from db.store.attachments import FOLDER as ATTACHMENTS
from db.store.attachments import fault_of
from db.store.backup_file import BackupInfo
from db.store.backup_keeping import KeptBackup, copy_proof, kept, kept_in, name_for, rotate
from db.store.files import explained, replacing, require_space

_WHAT = "另存备份"


def check_second_place(folder: Path, to: Path) -> None:
    """Raise DataProblem when copies in `to` would be lost together with the county in `folder`."""
    if to.resolve().is_relative_to(folder.resolve()):
        raise DataProblem(
            "备份不能另存到填报文件夹里面，文件夹损坏时会一起丢失。",
            advice="请选择U盘、移动硬盘、网络共享或同步文件夹。",
            code="backup.inside",
        )


def copy_backups(folder: Path, to: Path, progress: Progress = NO_PROGRESS) -> int:
    """Bring the backups of the county in `folder` that `to` lacks, newest first, and return how many those were.

    EnvironmentProblem when `to` is not there (a stick that is not plugged in) or cannot be written.
    """
    with explained(_WHAT, to):
        home = _home(folder, to)
        lacking = _lacking(folder, home)
        for number, entry in enumerate(lacking):
            progress.step(number, len(lacking), _WHAT)
            _copy(entry, home)
        if lacking:
            rotate(home)
    return len(lacking)


def is_behind(folder: Path, to: Path) -> bool:
    """Return whether the newest backup of the county in `folder` is lacking in `to`; EnvironmentProblem as above."""
    with explained(_WHAT, to):
        newest = kept(folder)[:1]
        return bool(newest) and not _identities(kept_in(_home(folder, to))) & _identities(newest)


def _home(folder: Path, to: Path) -> Path:
    if not to.is_dir():
        raise EnvironmentProblem(
            f"备份没有另存：找不到文件夹“{to}”。", advice="请接上U盘或网络，下次关闭时会补上。", code="disk_gone"
        )
    return to / folder.name


def _lacking(folder: Path, home: Path) -> list[KeptBackup]:
    known = _identities(kept_in(home))
    return [entry for entry in kept(folder) if _identity(entry.info) not in known]


def _identities(backups: list[KeptBackup]) -> set[tuple[str, str]]:
    return {_identity(entry.info) for entry in backups}


def _identity(info: BackupInfo) -> tuple[str, str]:
    return info.made_at, info.database_sha256


def _copy(entry: KeptBackup, home: Path) -> None:
    """Copy one backup, its proof files first: a backup that is there is whole."""
    source = entry.file.parent / ATTACHMENTS
    pool = home / ATTACHMENTS
    lacking = [
        stored
        for stored in entry.info.attachments
        if stored.stored_name not in entry.info.absent and fault_of(pool / stored.stored_name, stored, deep=False)
    ]
    require_space(home.parent, sum(stored.size for stored in lacking) + entry.file.stat().st_size, _WHAT)
    for stored in lacking:
        if not fault_of(source / stored.stored_name, stored, deep=False):
            copy_proof(source / stored.stored_name, pool, stored)
    home.mkdir(exist_ok=True)
    with entry.file.open("rb") as backup, replacing(name_for(home / entry.file.name, entry.info), _WHAT) as out:
        while piece := backup.read(1 << 20):
            out.write(piece)
