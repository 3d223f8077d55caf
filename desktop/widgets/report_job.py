"""Writing a report that comes again every month or year: where to, as a job, and told when it is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from db.core.progress import Progress
from desktop.file_choice import choose_target
from desktop.outside import open_outside
from desktop.report_files import write_report
from desktop.session import Session
from desktop.widgets.written import written_dialog

ENDINGS = {".docx": "Word 文档 (*.docx)", ".xlsx": "Excel 工作簿 (*.xlsx)", ".pdf": "PDF (*.pdf)"}


class ReportJob(QObject):
    """Belongs to the page or button `host`; `choose` asks for the file."""

    def __init__(self, session: Session, host: QWidget) -> None:
        super().__init__(host)
        self._session, self._host = session, host
        self.dialog: QDialog | None = None
        self.choose: Callable[[str, str], Path | None] = lambda name, kinds: choose_target(host, "保存到", name, kinds)
        self.open_path: Callable[[Path], object] = open_outside

    def write(self, kind: str, period: str, name: str, ending: str) -> None:
        """Ask where to, beginning with `name`, and write the report `kind` (see `desktop.report_files`)."""
        chosen = self.choose(f"{name}{ending}", ENDINGS[ending])
        if chosen is None:
            return
        file = chosen if chosen.suffix.lower() == ending else chosen.with_name(chosen.name + ending)
        session, county, catalogue = self._session, self._session.county, self._session.catalogue
        on, pdf = session.today(), ending == ".pdf"

        def work(progress: Progress) -> str:
            return write_report(county, catalogue, kind, period, file, on=on, pdf=pdf, progress=progress)

        session.job(f"生成{name}", work, lambda title: self._tell(title, file))

    def _tell(self, title: str, file: Path) -> None:
        dialog = written_dialog(self._host.window(), f"{title}已生成。", file, self.open_path)
        self.dialog = dialog
        dialog.open()
