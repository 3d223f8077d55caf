"""A list of problems with their places: after a paste, an import or a check."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from db.core.errors import Problem
from desktop.widgets.basics import button, label
from desktop.widgets.dialog import Dialog

SHOWN = 500
COLUMNS = ("位置", "问题", "怎么办")


class ProblemsDialog(Dialog):
    """Shows up to 500 problems; 复制全部 puts all of them on the clipboard as a table for Excel."""

    def __init__(
        self, title: str, heading: str, problems: Sequence[Problem], remark: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(title, heading, parent, tone="caution")
        self.problems = list(problems)
        self.setMinimumSize(680, 380)
        if remark:
            self.body.addWidget(label(remark, "secondary", wrap=True))
        self.body.addWidget(self._table(), 1)
        if len(self.problems) > SHOWN:
            rest = f"只列出前 {SHOWN} 条，共 {len(self.problems)} 条；复制全部后可在 Excel 中查看。"
            self.body.addWidget(label(rest, "small"))
        self.add_at_left(button("复制全部", self.copy_all, icon="copy"))
        self.add_button("知道了", self.accept, primary=True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def _table(self) -> QTableWidget:
        shown = self.problems[:SHOWN]
        self.table = QTableWidget(len(shown), len(COLUMNS))
        self.table.setHorizontalHeaderLabels(COLUMNS)
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setWordWrap(True)
        self.table.setTabKeyNavigation(False)
        for row, problem in enumerate(shown):
            for column, text in enumerate((problem.place, problem.message, problem.advice)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, column, item)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        self.table.setColumnWidth(0, 150)
        self.table.setColumnWidth(1, 300)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        return self.table

    def copy_all(self) -> None:
        """Put all problems on the clipboard, one a line."""
        lines = ["\t".join(COLUMNS)]
        lines += ["\t".join((each.place, each.message, each.advice)) for each in self.problems]
        QGuiApplication.clipboard().setText("\n".join(lines))


def show_problems(
    parent: QWidget | None, title: str, heading: str, problems: Sequence[Problem], remark: str = ""
) -> ProblemsDialog:
    """Open the list and return at once; it deletes itself when closed."""
    dialog = ProblemsDialog(title, heading, problems, remark, parent)
    dialog.open()
    return dialog
