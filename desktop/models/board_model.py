"""Which unit has which table of its workbook, and how far it is: units down, tables across."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from db.work.assignees import Assignee
from db.work.handouts import NOTHING, Board, HandoutState

Index = QModelIndex | QPersistentModelIndex
STATE_ROLE = Qt.ItemDataRole.UserRole + 1


class BoardModel(QAbstractTableModel):
    """The units of one kind, perhaps of one status, with the state of each table."""

    def __init__(self) -> None:
        super().__init__()
        self.board = Board((), (), {})
        self.units: list[Assignee] = []

    def show(self, board: Board, kind: str, status: str = "") -> None:
        """Show these units of the board; `status` "" for all."""
        self.beginResetModel()
        self.board = board
        self.units = [unit for unit in board.units if unit.kind == kind and status in ("", board.whole(unit))]
        self.endResetModel()

    def state(self, index: Index) -> HandoutState:
        """Return how far the table at `index` is."""
        return self.board.state(self.units[index.row()], self.board.tables[index.column()][0])

    # -- Qt ---------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.units)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.board.tables)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self.board.tables[section][1]
        return self.units[section].name

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        state = self.state(index)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return state.title
        if role == STATE_ROLE:
            return state
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(state) or None
        return None


def tip(state: HandoutState) -> str:
    """Return what happened to a table so far, a line each."""
    lines = ["在这张表里没有要填的内容"] if state.status == NOTHING else []
    if state.written_at:
        lines.append(f"{moment(state.written_at)} 发出：{state.file_name}")
    if state.received_at:
        lines.append(f"{moment(state.received_at)} 收回：{state.received_name}")
    if state.problems:
        lines.append(f"有{state.problems}处问题")
    return "\n".join(lines)


def moment(text: str) -> str:
    """Return a time as people read it in a list: 03-01 09:30."""
    return text[5:16].replace("T", " ")
