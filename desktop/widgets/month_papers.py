"""报表: what is made of a month, as files: 月调度表 and 月报; and the way to 自评."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QTableView, QWidget

from desktop.places import Place
from desktop.report_files import MONTH_TABLE, MONTHLY
from desktop.session import Session
from desktop.widgets.report_job import ReportJob
from desktop.widgets.table_printer import add_print_entry

PAPERS = (
    ("月调度表，Excel…", MONTH_TABLE, "月调度表", ".xlsx"),
    ("月调度表，PDF…", MONTH_TABLE, "月调度表", ".pdf"),
    ("月报，Word…", MONTHLY, "月报", ".docx"),
    ("月报，PDF…", MONTHLY, "月报", ".pdf"),
)
"""What the menu offers: word, kind, name of the file, ending."""


class MonthPapers(QPushButton):
    """A button with a menu; the reports are of the session's month. `navigate` carries the way to 自评, `table` tells
    which table its 打印 means.
    """

    navigate = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("报表 ▼", parent)
        self._session = session
        self.reports = ReportJob(session, self)
        self.table: Callable[[], QTableView | None] = lambda: None
        self.setAutoDefault(False)
        self.clicked.connect(lambda: self._open())

    def menu_of_papers(self) -> QMenu:
        """Return the menu."""
        menu = QMenu(self)
        whole = self._session.part is None  # of a work package no paper of the county can be made
        for word, kind, name, ending in PAPERS if whole else ():
            entry = menu.addAction(word)
            entry.triggered.connect(
                lambda _checked=False, kind=kind, name=name, ending=ending: self.write(kind, name, ending)
            )
        add_print_entry(menu, self.table(), "打印这张表…")
        if whole:
            menu.addSeparator()
            menu.addAction("年度自评").triggered.connect(
                lambda _checked=False: self.navigate.emit(Place("evaluation", section=str(self._session.year)))
            )
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def write(self, kind: str, name: str, ending: str) -> None:
        """Ask where to, and write one of the reports of the month."""
        period = self._session.period
        self.reports.write(kind, str(period), f"{period.title}{name}", ending)

    def _open(self) -> None:
        self.menu_of_papers().popup(self.mapToGlobal(QPoint(0, self.height())))
