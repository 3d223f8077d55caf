"""The two buttons of 自评: which scoring table counts, and the report as Word or PDF."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QDialog, QMenu, QPushButton, QTableView, QWidget

from db.core.errors import SijianError
from db.work.evaluation.model import Evaluation
from db.work.evaluation.scoring_choice import ScoringFaults, back_to_default, bytes_of, read_file, use_table
from desktop.dialogs.problems import ProblemsDialog
from desktop.file_choice import choose_file, choose_target
from desktop.report_files import EVALUATION
from desktop.session import Session
from desktop.widgets.basics import allow, button, primary_button
from desktop.widgets.report_job import ReportJob
from desktop.widgets.table_printer import add_print_entry

TOML = "评分表 (*.toml)"


class EvaluationPapers(QObject):
    """Belongs to the page `host`; `show_period` tells what is on it."""

    def __init__(self, session: Session, host: QWidget) -> None:
        super().__init__(host)
        self._session, self._host = session, host
        self._found: Evaluation | None = None
        self.dialog: QDialog | None = None
        self.reports = ReportJob(session, host)
        self.table: Callable[[], QTableView | None] = lambda: None
        self.choose_table: Callable[[], Path | None] = lambda: choose_file(host, "载入评分表", TOML)
        self.choose_place: Callable[[str], Path | None] = lambda name: choose_target(host, "另存评分表", name, TOML)
        self.table_button = button("评分表 ▼", self._open_tables)
        self.report_button = primary_button("生成自评报告 ▼", self._open_reports, icon="export")

    def show_period(self, found: Evaluation) -> None:
        """Take what the page shows."""
        self._found = found

    # -- the menus --------------------------------------------------------------------------------------------

    def menu_of_tables(self) -> QMenu:
        """Return the menu of the scoring table."""
        menu = QMenu(self._host)
        writable = not self._session.read_only
        own = self._found is not None and self._found.scoring.own
        for text, chosen, possible in (
            ("载入市里的评分表…", self.load, writable),
            ("另存现在的评分表…", self.save, self._found is not None),
            ("恢复程序自带的评分表", self.restore, writable and own),
        ):
            entry = menu.addAction(text)
            entry.triggered.connect(partial(_call, chosen))
            entry.setEnabled(possible)
            if chosen != self.save:
                allow(entry, writable, possible)
        return menu

    def menu_of_reports(self) -> QMenu:
        """Return the menu of the report."""
        menu = QMenu(self._host)
        menu.addAction("Word 文档…").triggered.connect(lambda _checked=False: self.report(pdf=False))
        menu.addAction("PDF…").triggered.connect(lambda _checked=False: self.report(pdf=True))
        add_print_entry(menu, self.table(), "打印这张表…")
        return menu

    def _open_tables(self) -> None:
        self._popup(self.menu_of_tables(), self.table_button)

    def _open_reports(self) -> None:
        self._popup(self.menu_of_reports(), self.report_button)

    @staticmethod
    def _popup(menu: QMenu, under: QPushButton) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(under.mapToGlobal(QPoint(0, under.height())))

    # -- the scoring table ------------------------------------------------------------------------------------

    def load(self) -> None:
        """Ask for a file and go by it; its faults are listed, each with its place."""
        file = self.choose_table()
        if file is None:
            return

        def take(data: bytes) -> None:
            found = read_file(data)
            if found.table is None:
                self._show_faults(file, found.problems)
                return
            title = found.table.title
            self._session.write(
                f"载入评分表“{title}”",
                lambda op: use_table(op, file.name, data),
                lambda _: self._session.notice.emit(f"已按“{title}”计分，可以撤销。"),
                self._refused,
            )

        self._session.job("读取评分表", lambda _progress: bytes_of(file), take)

    def _refused(self, failure: Exception) -> None:
        if isinstance(failure, ScoringFaults):
            self._show_faults(Path("评分表"), failure.problems)
        elif isinstance(failure, SijianError):
            self._session.problem.emit(failure)

    def _show_faults(self, file: Path, problems: object) -> None:
        assert isinstance(problems, tuple)
        heading = f"“{file.name}”有{len(problems)}处不对，没有载入。"
        dialog = ProblemsDialog("载入评分表", heading, list(problems), "原来的评分表没有变。", self._host)
        self.dialog = dialog
        dialog.open()

    def save(self) -> None:
        """Write the table in force to a file, to be changed and loaded again."""
        found = self._found
        file = self.choose_place("评分表.toml") if found is not None else None
        if found is None or file is None:
            return
        text = found.scoring.text

        def work(_progress: object) -> Path:
            from db.store.files import write_atomically

            write_atomically(file, text.encode(), "写入评分表")
            return file

        self._session.job("另存评分表", work, lambda place: self._session.notice.emit(f"评分表已另存：{place}"))

    def restore(self) -> None:
        """Go by the program's own table again."""
        self._session.write(
            "恢复程序自带的评分表",
            back_to_default,
            lambda _: self._session.notice.emit("已恢复程序自带的评分表，可以撤销。"),
        )

    # -- the report -------------------------------------------------------------------------------------------

    def report(self, *, pdf: bool) -> None:
        """Ask where to, and write 自评报告 of the period on the page."""
        if self._found is not None:
            period = self._found.period
            self.reports.write(EVALUATION, period.key, f"{period.title}报告", ".pdf" if pdf else ".docx")


def _call(chosen: Callable[[], object], _checked: bool = False) -> None:
    chosen()
