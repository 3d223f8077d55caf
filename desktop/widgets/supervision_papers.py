"""督办单 asked for, written as a job, recorded as measures, and told when they are there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from db.core.progress import Progress
from db.core.values import Cell
from db.reports.many_files import WrittenSheets
from db.reports.supervision_files import REPLY_DAYS
from db.reports.task_sheet import SheetOwner
from db.store.operation import Operation
from db.work.monthly.measures import add_measure
from desktop.dialogs.supervision import SupervisionDialog
from desktop.outside import open_outside
from desktop.session import Session
from desktop.widgets.written import written_dialog

PAPER = "督办单"


class SupervisionPapers(QObject):
    """Belongs to a widget of the page, over whose window its dialogs open."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._widget = session, parent
        self.dialog: QDialog | None = None
        self.open_path: Callable[[Path], object] = open_outside

    def issue(self, owners: Sequence[SheetOwner], chosen: Collection[tuple[str, str]] | None = None) -> None:
        """Ask for whom, by when to answer and where to; those that are `chosen` are proposed, None: all."""
        folder = self._session.county.folder / "exports" / PAPER
        reply_by = self._session.today() + timedelta(days=REPLY_DAYS)
        dialog = SupervisionDialog(self._session, owners, folder, reply_by, self._widget.window(), chosen=chosen)
        dialog.issued.connect(self._write)
        self._show(dialog)

    def _write(
        self, keys: list[tuple[str, str]], folder: Path, as_pdf: bool, number: str, reply_by: date, recorded: bool
    ) -> None:
        from db.reports.supervision_files import Issue, write_supervision
        from desktop.printing import supervision_pdf

        county, catalogue, period = self._session.county, self._session.catalogue, self._session.period
        issue = Issue(self._session.today(), reply_by, number)

        def work(progress: Progress) -> WrittenSheets:
            draw = supervision_pdf if as_pdf else None
            return write_supervision(county, catalogue, period, issue, folder, only=keys, draw=draw, progress=progress)

        def done(written: WrittenSheets) -> None:
            if recorded:
                self._record(keys, issue.issued_on, number)
            self._tell(written, folder)

        self._session.job(f"生成{PAPER}", work, done)

    def _record(self, keys: Sequence[tuple[str, str]], day: date, number: str) -> None:
        values: dict[str, Cell] = {"kind": PAPER, "taken_on": day, "document_number": number or None}

        def action(op: Operation) -> None:
            for kind, who in keys:
                add_measure(op, assignee_kind=kind, assignee_id=who, values=values)

        self._session.write(f"记录{PAPER}{len(keys)}份", action, rows=len(keys))

    def _tell(self, written: WrittenSheets, folder: Path) -> None:
        wrong = [problem.sentence() for problem in written.problems]
        place = written.files[0] if len(written.files) == 1 else folder
        sentence = f"已生成{len(written.files)}份{PAPER}。"
        self._show(written_dialog(self._widget.window(), sentence, place, lambda path: self.open_path(path), wrong))

    def _show(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.open()
