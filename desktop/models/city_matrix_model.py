"""Which county has reported what: reporting units down, periods across, of one kind."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from db.core.period import Period
from db.exchange.ledger.standing import Board, Place

Index = QModelIndex | QPersistentModelIndex
PLACE_ROLE = Qt.ItemDataRole.UserRole + 1
NOBODY = Board((), ())


class CityMatrixModel(QAbstractTableModel):
    """The places of one kind of a board, of one year or of all (0)."""

    def __init__(self) -> None:
        super().__init__()
        self.board = NOBODY
        self.kind = ""
        self.periods: list[str] = []

    def show(self, board: Board, kind: str, year: int = 0) -> None:
        """Show the board's reports of this kind."""
        self.beginResetModel()
        self.board, self.kind = board, kind
        self.periods = [p for k, p in board.columns if k == kind and year in (0, int(p[:4]))]
        self.endResetModel()

    def place(self, index: Index) -> Place:
        """Return how the unit stands with the report at `index`."""
        return self.board.place(self.board.units[index.row()].key, self.kind, self.periods[index.column()])

    def index_of(self, county: str, period: str) -> QModelIndex:
        """Return where the place is, an invalid index when it is not shown."""
        keys = [unit.key for unit in self.board.units]
        if county not in keys or period not in self.periods:
            return QModelIndex()
        return self.index(keys.index(county), self.periods.index(period))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.board.units)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.periods)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if orientation == Qt.Orientation.Vertical:
            unit = self.board.units[section]
            return unit.short_name if role == Qt.ItemDataRole.DisplayRole else unit.name
        period = Period.parse(self.periods[section])
        return f"{period.month}月" if period.is_month and role == Qt.ItemDataRole.DisplayRole else period.title

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        place = self.place(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return place.state.value
        if role == PLACE_ROLE:
            return place
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return place.sentence
        return None
