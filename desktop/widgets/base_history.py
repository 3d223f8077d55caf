"""基础信息 › 操作记录: who did what when, newest first; undone steps are shown as such. Read only."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.store.history import OperationEntry, operations
from desktop.session import Session
from desktop.widgets.basics import Card, Tone, button, label
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

STEP = 300
COLUMNS = (
    Column("时间", 152),
    Column("经办人", 110),
    Column("操作"),
    Column("改动", 84, number=True),
    Column("状态", 96),
)
STATES: dict[str, tuple[str, Tone]] = {
    "done": ("有效", "good"),
    "undone": ("已撤销", "neutral"),
    "dropped": ("已撤销", "neutral"),
}
KINDS: dict[str, tuple[str, Tone]] = {"undo": ("撤销", "notice"), "redo": ("重做", "notice")}


class HistoryPanel(QWidget):
    """Shows the last operations of the county file."""

    summary = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._limit = STEP
        self.table = SimpleTable(
            [
                Column("时间", 152),
                Column("经办人", 110),
                Column("操作"),
                Column("改动", 72, number=True),
                Column("状态", 96),
            ]
        )
        self.more = button("显示更早的", self._show_more)
        self.count = label("", "secondary")
        card = Card("操作记录", flush=True)
        card.body.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(13, 8, 13, 8)
        foot.addWidget(self.count)
        foot.addStretch(1)
        foot.addWidget(self.more)
        card.body.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)

    def concerns(self, changes: Changes) -> bool:
        """Return whether the section shows something that changed: every step is shown."""
        return True

    def refresh(self) -> None:
        """Read everything anew."""
        limit = self._limit
        self._session.read(lambda conn: operations(conn, limit + 1), self._show, owner=self)

    def reveal(self, row_id: str) -> None:
        """Nothing in here is led to."""

    def _show_more(self) -> None:
        self._limit += STEP
        self.refresh()

    def _show(self, entries: list[OperationEntry]) -> None:
        shown = entries[: self._limit]
        self.table.show_rows([_cells(entry) for entry in shown])
        self.more.setVisible(len(entries) > self._limit)
        self.count.setText(f"最近{len(shown)}步。记录不能修改或删除；右上角可以撤销、重做。")


def _cells(entry: OperationEntry) -> list[TextCell]:
    state, tone = KINDS.get(entry.kind) or STATES.get(entry.state, ("", "neutral"))
    faded: Tone = "neutral" if entry.state != "done" else ""
    return [
        TextCell(entry.at.replace("T", " ")[:16], faded),
        TextCell(entry.author, faded),
        TextCell(entry.label, faded, tip=entry.label),
        TextCell(f"{entry.changes:,}条", faded),
        TextCell(state, tone, badge=True),
    ]
