"""任务书…: whose papers, in Word or PDF, into which folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from db.reports.task_sheet import sheet_owners
from desktop.dialogs.papers import PapersDialog
from desktop.session import Session


class TaskSheetsDialog(PapersDialog):
    """Only those who have a task are offered."""

    def __init__(self, session: Session, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(session, "任务书", folder, parent, having="承担任务")
        catalogue = session.catalogue
        session.read(lambda conn: sheet_owners(conn, catalogue), self.show_owners, owner=self)
