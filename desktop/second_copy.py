"""The second copy of every backup, where the clerk set a folder for it: made on closing, looked for on opening.

copy_elsewhere(folder) -> str            on the thread that wrote the backup
behind_elsewhere(folder) -> str          on any but the GUI thread

Both return one sentence when something is in the way, "" otherwise: it is told, and stops nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from db.core.errors import SijianError
from desktop.settings import Settings

log = logging.getLogger(__name__)


def copy_elsewhere(folder: Path) -> str:
    """Copy the backups of the county in `folder` to where the clerk wants them too; return why that failed."""
    from db.store.backup_copies import copy_backups

    return _sentence(lambda to: copy_backups(folder, to))


def behind_elsewhere(folder: Path) -> str:
    """Return what is to be said when the newest backup of the county in `folder` is not where it should be too."""
    from db.store.backup_copies import is_behind

    return _sentence(lambda to: is_behind(folder, to), "最近的备份没有另存到“{to}”，下次关闭时会补上。")


def _sentence(ask: Callable[[Path], object], if_so: str = "") -> str:
    to = Settings().backup_folder
    if to is None:
        return ""
    try:
        return if_so.format(to=to) if ask(to) else ""
    except SijianError as problem:
        log.info("no second copy: %s [%s]", problem, problem.code)
        return str(problem)
