"""The small square at the corner of a sheet's selection: dragged down or to the right, it repeats the selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QRubberBand, QWidget

from desktop.look import colour

if TYPE_CHECKING:
    from desktop.widgets.sheet import Sheet

SIZE = 9
Area = tuple[range, range]
"""The rows and columns of a rectangle of cells."""


class FillHandle(QWidget):
    """Stands at the corner of the selection when that is a rectangle of cells one of which can be typed into.

    `filled` carries what is repeated and where to, which lies beside it.
    """

    filled = Signal(object, object)

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet.viewport())
        self._sheet = sheet
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, sheet.viewport())
        self._target: Area | None = None
        self.setFixedSize(SIZE, SIZE)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setToolTip("拖动可以填充；向下填充 Ctrl+D，向右填充 Ctrl+R")
        self.hide()

    def area(self) -> Area | None:
        """Return the selected rectangle, None when the selection is none or nothing in it can be typed into."""
        if self._sheet.model() is None:
            return None
        ranges = self._sheet.selectionModel().selection()
        if ranges.count() != 1:
            return None
        found = ranges.at(0)
        model = self._sheet.sheet_model()
        rows, columns = range(found.top(), found.bottom() + 1), range(found.left(), found.right() + 1)
        return (rows, columns) if rows and any(model.is_open(rows[0], c) for c in columns) else None

    def follow(self) -> None:
        """Go to the corner of the selection, or away."""
        area = self.area()
        corner = self._cell(area[0][-1], area[1][-1]) if area else QRect()
        self.setVisible(corner.isValid())
        if corner.isValid():
            self.move(corner.bottomRight() - QPoint(SIZE // 2 + 1, SIZE // 2 + 1))
            self.raise_()

    def _cell(self, row: int, column: int) -> QRect:
        return self._sheet.visualRect(self._sheet.sheet_model().index(row, column))

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("surface"))
        painter.fillRect(self.rect().adjusted(1, 1, -1, -1), colour("focus"))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._target = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._drag_to(self.mapTo(self._sheet.viewport(), event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._band.hide()
        source, target, self._target = self.area(), self._target, None
        if source and target:
            self.filled.emit(source, target)

    def _drag_to(self, place: QPoint) -> None:
        """Mark what would be filled: below the selection or right of it, whichever way the mouse went farther."""
        area, index = self.area(), self._sheet.indexAt(place)
        self._target = None
        if area is None or not index.isValid():
            self._band.hide()
            return
        rows, columns = area
        down, right = index.row() - rows[-1], index.column() - columns[-1]
        if down > 0 and down >= right:
            self._target = (range(rows[-1] + 1, index.row() + 1), columns)
        elif right > 0:
            self._target = (rows, range(columns[-1] + 1, index.column() + 1))
        if self._target is None:
            self._band.hide()
            return
        self._sheet.scrollTo(index)
        to_rows, to_columns = self._target
        self._band.setGeometry(self._cell(to_rows[0], to_columns[0]) | self._cell(to_rows[-1], to_columns[-1]))
        self._band.show()
