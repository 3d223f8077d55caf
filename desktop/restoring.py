"""Bringing the open county back from a backup: it is closed for that, and opened again whatever comes of it."""

from __future__ import annotations

from pathlib import Path

from db.core.errors import Cancelled
from db.core.progress import Progress
from db.store.backup import restore
from desktop.session import Session


def restore_county(session: Session, file: Path) -> None:
    """Replace the open county by what the backup `file` holds, and open it again.

    What it replaces is kept, and the clerk is told where. When it fails the county is opened as it was.
    """
    folder = session.folder

    def work(progress: Progress) -> Path | None:
        return restore(file, folder, progress)

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
    session.job("恢复备份", work, done, failed)
