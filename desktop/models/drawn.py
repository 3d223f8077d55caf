"""A table whose cells are drawn by `desktop.widgets.sheet_delegate`: one answer says all there is to draw in a cell.

Qt's own way, a question for each role, costs more than the drawing when a few hundred cells are in sight.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from db.core.fields import Field
from desktop.cell_marks import CellMark, CellMarks, Spot

Index = QModelIndex | QPersistentModelIndex
ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class SheetRole(IntEnum):
    """What the sheet and its editors ask for besides Qt's own roles."""

    PROBLEM = Qt.ItemDataRole.UserRole + 1  # why the typed text was refused, "" when it was not
    TICK = Qt.ItemDataRole.UserRole + 2  # True or False in a cell that is ticked, None elsewhere
    MULTILINE = Qt.ItemDataRole.UserRole + 3  # whether the editor keeps line breaks
    DOUBT = Qt.ItemDataRole.UserRole + 4  # what is questionable about a stored value, "" for nothing
    FIELD = Qt.ItemDataRole.UserRole + 5  # the field whose choices are offered while the cell is edited, None elsewhere


class CellLook(NamedTuple):
    """What stands in a cell and how; `tone` and `ground` are names of palette colours.

    `tick` is True or False in a cell that is ticked, None elsewhere; `fixed` says that it cannot be changed. A cell
    is `refused` when its text could not be taken, `doubtful` when its stored value is questionable. `lamp` names
    the lamp before the text (green, yellow …), "" for none.
    """

    text: str = ""
    tone: str = "text"
    right: bool = False
    bold: bool = False
    tick: bool | None = None
    fixed: bool = False
    refused: bool = False
    doubtful: bool = False
    locked: bool = False
    ground: str = "surface"
    lamp: str = ""


class DrawnModel(QAbstractTableModel):
    """Answers Qt's usual questions, too, from `look`, `hint` and `mark`."""

    _marks: CellMarks | None = None

    def follow(self, marks: CellMarks) -> None:
        """Mark at the cells what the city and 审核 say of them."""
        self._marks = marks
        marks.renewed.connect(self._marks_renewed)

    def spot(self, row: int, column: int) -> Spot | None:
        """Return which cell of the county file this is, None where it is none."""
        return None

    def mark(self, row: int, column: int) -> CellMark | None:
        """Return what is marked at the cell, None for nothing."""
        if self._marks is None or self._marks.is_empty:
            return None
        spot = self.spot(row, column)
        return self._marks.at(spot) if spot is not None else None

    def _marks_renewed(self) -> None:
        rows, columns = self.rowCount(), self.columnCount()
        if rows and columns:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, columns - 1))

    @abstractmethod
    def look(self, row: int, column: int) -> CellLook:
        """Return all there is to draw in the cell."""

    def hint(self, row: int, column: int) -> str:
        """Return the tip that is shown over the cell, "" for none."""
        return ""

    def when_whole(self, then: Callable[[], object]) -> None:
        """Call `then` when every cell can tell its text; at once where nothing is read only as it is looked at."""
        then()

    def field_of(self, column: int) -> Field | None:
        """Return the field whose values the column holds, None where it is computed or differs from row to row."""
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.look(index.row(), index.column()).text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGN_RIGHT if self.look(index.row(), index.column()).right else ALIGN_LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            mark = self.mark(index.row(), index.column())
            lines = (self.hint(index.row(), index.column()), mark.words if mark is not None else "")
            return "\n".join(filter(None, lines))
        return None
