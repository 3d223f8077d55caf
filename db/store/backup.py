"""Backing up a county and bringing it back: the functions that the window and the command line call.

backup(county, out, progress) -> Path        one zip with everything
daily(county, progress) -> Path | None       into the county folder, on closing
before(county.folder, "import", progress)    the same, ahead of something large
before_import(county, rows, progress)        the same if so many rows are large
kept(folder) -> list[KeptBackup]             what `daily` and `before` have left there, newest first
describe(file) -> BackupInfo                 counts and dates, to be shown before restoring
restore(file, folder, progress) -> Path | None
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from db.core.errors import EnvironmentProblem
from db.core.progress import NO_PROGRESS, Progress
from db.store.backup_file import BackupInfo, describe, write_backup
from db.store.backup_keeping import KeptBackup, before, before_import, daily, kept
from db.store.restoring import restore

if TYPE_CHECKING:
    from db.store.county import County

__all__ = ["BackupInfo", "KeptBackup", "backup", "before", "before_import", "daily", "describe", "kept", "restore"]


def backup(county: County, out: Path, progress: Progress = NO_PROGRESS) -> Path:
    """Write one zip with everything of the county, read it back and return its path (an existing `out` is replaced).

    EnvironmentProblem when the county file is damaged (then no backup is made) or `out` cannot be written.
    """
    out = Path(out)
    if out.is_dir():
        raise EnvironmentProblem(f"“{out}”是文件夹。", advice="请给出备份文件的名称，如 备份.zip。", code="wrong_kind")
    write_backup(county.folder, out, inside=True, progress=progress)
    return out
