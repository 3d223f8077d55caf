"""The rows of one received table, to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from db.exchange.ledger.reports import TableRows
from db.work.evidence import Evidence
from desktop import look

Index = QModelIndex | QPersistentModelIndex
REMARKED_ROLE = Qt.ItemDataRole.UserRole + 1
_NUMBERS = ("number", "integer", "year")


class CityRowsModel(QAbstractTableModel):
    """Shows `TableRows`; a cell with an open remark says so by REMARKED_ROLE."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: TableRows | None = None

    def show(self, rows: TableRows | None) -> None:
        """Replace what is shown; with the same rows as before, selection and scroll position stay."""
        before = self.shown
        if rows is not None and before is not None and _shape(rows) == _shape(before):
            self.shown = rows
            if rows.ids:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows.ids) - 1, len(rows.fields) - 1))
            return
        self.beginResetModel()
        self.shown = rows
        self.endResetModel()

    def proofs(self, row: int) -> Sequence[Evidence]:
        """Return the proof files of a row, none for one that is not there."""
        if self.shown is None or not 0 <= row < len(self.shown.ids):
            return ()
        return self.shown.proofs.get(self.shown.ids[row], ())

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.shown is None else len(self.shown.ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.shown is None else len(self.shown.fields)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DecorationRole and orientation == Qt.Orientation.Vertical:
            return look.icon("attach") if self.proofs(section) else None
        if self.shown is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if role == Qt.ItemDataRole.DisplayRole else self.shown.names[section]
        field = self.shown.fields[section]
        return field.heading if role == Qt.ItemDataRole.DisplayRole else field.help or field.heading

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.shown is None:
            return None
        field, text = self.shown.fields[index.column()], self.shown.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(text.split()) if "\n" in text else text
        if role == Qt.ItemDataRole.ToolTipRole:
            return text or None
        if role == REMARKED_ROLE:
            row_id = self.shown.ids[index.row()]
            return (row_id, field.name) in self.shown.remarked
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if field.type in _NUMBERS else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


def _shape(rows: TableRows) -> object:
    return rows.table.table, rows.ids, [field.name for field in rows.fields]
