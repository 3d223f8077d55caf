"""Bringing the open county back from a backup: it is closed for that, and opened again whatever comes of it."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from db.core.errors import Cancelled
from db.core.progress import Progress
from db.store.backup import restore
from db.store.files import explained
from desktop.session import Session

TITLE = "恢复备份"


def restore_county(session: Session, file: Path) -> None:
    """Replace the open county by what the backup `file` holds, and open it again.

    What it replaces is kept, and the clerk is told where. When it fails the county is opened as it was.
    """
    folder = session.folder
    if file.parent != folder / "backups":
        _restore(session, folder, file, None)
        return
    # Closing makes the day's backup, which may take the place of the very file that is wanted.
    aside = file.with_name("restoring.zip")

    def set_aside(_progress: Progress) -> None:
        with explained(TITLE, file):
            shutil.copyfile(file, aside)

    session.job("准备恢复", set_aside, lambda _: _restore(session, folder, aside, aside))


def _restore(session: Session, folder: Path, file: Path, aside: Path | None) -> None:
    def work(progress: Progress) -> Path | None:
        try:
            return restore(file, folder, progress)
        finally:
            if aside is not None:
                with suppress(OSError):
                    aside.unlink()

    def done(kept: Path | None) -> None:
        def tell() -> None:
            session.opened.disconnect(tell)
            words = f"恢复前的数据保存在 {kept.parent.name}/{kept.name}。" if kept is not None else ""
            session.notice.emit(f"已恢复到备份时的状态。{words}")

        session.opened.connect(tell)
        session.open_folder(folder)

    def failed(failure: Exception) -> None:
        if not isinstance(failure, Cancelled):
            session.problem.emit(failure)
        session.open_folder(folder)

    session.close_county()
    session.job(TITLE, work, done, failed)
