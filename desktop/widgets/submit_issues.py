"""审核问题: what is left to be done before this kind and period may be exported; each line leads to its cell."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.checks.model import Findings, Issue, Level
from desktop.widgets.basics import label, link_button, restyle
from desktop.widgets.issue_tones import TONES
from desktop.widgets.simple_table import Column, SimpleTable, TextCell
from desktop.widgets.submit_parts import step_column

SHOWN, _LEAST_HEIGHT = 500, 150


class IssuesStep(QWidget):
    """Lists the issues, those that stand in the way first; `chosen` carries the one that was double-clicked."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = step_column(self)
        self.summary = label("", "title", wrap=True)
        column.addWidget(self.summary)
        self.table = SimpleTable(
            [Column("类别", 88), Column("位置", both_ends=True), Column("问题"), Column("办理", 88)]
        )
        self.table.setAccessibleName("审核问题")
        self.table.setMinimumHeight(_LEAST_HEIGHT)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell())
        self.table.chosen.connect(lambda row: self.chosen.emit(self.issues[row]))
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        self.note = label("", "secondary", wrap=True)
        row.addWidget(self.note, 1)
        # Explanations are written where all issues stand.
        self.queue = link_button("到“审核”页写说明")
        row.addWidget(self.queue, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        self.not_checked = label("", "secondary", wrap=True)
        column.addWidget(self.not_checked)
        column.addStretch(0)
        self.issues: list[Issue] = []
        self._more = ""

    def wait(self) -> None:
        """Say that the rules are being held against the data."""
        self.summary.setText("正在审核…")
        restyle(self.summary, "tone", "")
        for part in (self.table, self.note, self.queue, self.not_checked):
            part.hide()

    def show_findings(self, found: Findings) -> None:
        """Show what was found."""
        self.summary.setText(found.sentence())
        restyle(self.summary, "tone", "good" if found.may_export else "bad")
        self.issues = sorted(found.issues, key=lambda issue: not issue.open)[:SHOWN]
        self.table.show_rows([_row(issue) for issue in self.issues])
        self.table.setVisible(bool(self.issues))
        self._more = f"只列出前{SHOWN}个。" if len(found.issues) > SHOWN else ""
        self._tell()
        self.note.setVisible(bool(self.issues))
        self.queue.setVisible(bool(found.unexplained))
        told = "\n".join(f"{each.title}：{each.why}" for each in found.not_checked)
        self.not_checked.setText(f"没有审核的：\n{told}" if told else "")
        self.not_checked.setVisible(bool(told))

    def _tell(self) -> None:
        """Tell all of the issue that is chosen; the columns have no room for it."""
        rows = self.table.selectionModel().selectedRows()
        if rows:
            self.note.setText(self.issues[rows[0].row()].sentence())
        else:
            self.note.setText(f"双击一个问题，到那一格去改。{self._more}" if self.issues else "")


def _row(issue: Issue) -> list[TextCell]:
    left = "要改" if issue.level is Level.BLOCKING else "要说明"
    done = left if issue.open else "已说明" if issue.explanation else ""
    return [
        TextCell(issue.level.title, TONES[issue.level], badge=True),
        TextCell(issue.place, tip=issue.place),
        TextCell(issue.what, tip=issue.sentence()),
        TextCell(done, "bad" if issue.open else "good"),
    ]
