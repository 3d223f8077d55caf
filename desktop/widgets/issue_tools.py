"""The buttons over the queue: check anew, the rules, the list as a file or on paper; and rows that may be doubles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QMenu, QWidget

from db.checks.model import Issue
from db.checks.queue import HEADS, line_of
from db.core.fields import TableSchema
from db.core.progress import Progress
from db.exchange.plain_table import write_table
from db.work.registers import registers
from desktop.checking import Checking
from desktop.dialogs.doubles import DoublesDialog
from desktop.dialogs.rules import RulesDialog
from desktop.file_choice import choose_target
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.basics import button
from desktop.widgets.simple_table import SimpleTable
from desktop.widgets.table_printer import add_print_entry

KINDS = "Excel 工作簿 (*.xlsx);;CSV (*.csv)"
TITLE = "审核问题"


class IssueTools(QWidget):
    """`again` asks for a new look at everything; `table` is the list that is printed, `issues` what is exported."""

    again = Signal()
    led_to = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.table: SimpleTable | None = None
        self.issues: Sequence[Issue] = ()
        self.dialog: QDialog | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.anew = button("重新审核", self.again.emit, icon="refresh")
        self.rules = button("规则一览…", self.show_rules)
        self.out = button("导出…", self._show_menu)
        for each in (self.anew, self.rules, self.out):
            row.addWidget(each)

    def show_state(self, checking: Checking) -> None:
        """Allow what can be done now."""
        self.anew.setEnabled(not checking.busy)
        self.out.setEnabled(checking.findings is not None)

    def show_issues(self, issues: Sequence[Issue]) -> None:
        """Keep what the list shows now."""
        self.issues = issues

    # -- rules, doubles ---------------------------------------------------------------------------------------

    def show_rules(self) -> None:
        """Open the list of rules, from which the city's settings are taken in too."""
        self._open(RulesDialog(self._session, self.window()))

    def show_doubles(self, issue: Issue) -> None:
        """Open the pairs of the issue's register, to be merged side by side."""
        name = issue.register

        def show(found: list[TableSchema]) -> None:
            schema = next((each for each in found if each.name == name), None)
            if schema is not None:
                dialog = DoublesDialog(self._session, schema, self.window())
                dialog.led_to.connect(lambda row: self.led_to.emit(Place("projects", register=name, row_id=row)))
                self._open(dialog)

        self._session.read(lambda conn: list(registers(conn)), show, owner=self, key="registers")

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        self.dialog = None

    # -- the list as a file or on paper -----------------------------------------------------------------------

    def _show_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("导出 Excel…").triggered.connect(lambda _checked=False: self.export())
        add_print_entry(menu, self.table)
        menu.popup(self.out.mapToGlobal(self.out.rect().bottomLeft()))

    def choose(self) -> Path | None:
        """Return the file to write, None for none."""
        return choose_target(self, "导出审核问题", f"{TITLE}.xlsx", KINDS)

    def export(self) -> None:
        """Write the issues that the list shows into a file."""
        file, issues = self.choose(), self.issues
        if file is None:
            return

        def work(_progress: Progress) -> str:
            write_table(file, TITLE, HEADS, [line_of(issue) for issue in issues])
            return f"已写出{len(issues)}个问题：{file}"

        self._session.job(f"导出{TITLE}", work, self._session.notice.emit)
