"""How a cell of the grid is drawn: states grey, problems tinted, the current cell framed."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from db.core.values import State
from desktop import look
from desktop.models.grid_model import CELL_ROLE, MARK_ROLE, PROBLEM_ROLE
from desktop.widgets.mark_drawing import paint_mark

Index = QModelIndex | QPersistentModelIndex
PADDING = 8


class GridDelegate(QStyledItemDelegate):
    """Draws text only; editing is the grid's own."""

    def __init__(self, owner: QTableView, view: QTableView) -> None:
        super().__init__(view)
        self._owner = owner
        self._font = look.font()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        area = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        problem = index.data(PROBLEM_ROLE)
        if selected:
            painter.fillRect(area, look.colour("selection"))
        elif problem is not None:
            painter.fillRect(area, look.colour("cell_bad"))
        text = index.data(Qt.ItemDataRole.DisplayRole)
        if text:
            painter.setFont(self._font)
            painter.setPen(look.colour("muted" if isinstance(index.data(CELL_ROLE), State) else "text"))
            side = index.data(Qt.ItemDataRole.TextAlignmentRole)
            room = area.adjusted(PADDING, 0, -PADDING, 0)
            shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(side), shown)
        if problem is not None:
            self._draw_corner(painter, area)
        mark = index.data(MARK_ROLE)
        if mark is not None:
            paint_mark(painter, area, mark)
        if index == self._owner.currentIndex():
            painter.setPen(QPen(look.colour("focus" if self._owner.hasFocus() else "control"), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.restore()

    @staticmethod
    def _draw_corner(painter: QPainter, area: QRect) -> None:
        """Mark the cell by shape too, for whoever does not see the tint."""
        painter.setPen(QPen(look.colour("bad"), 2))
        painter.drawLine(area.left() + 1, area.top() + 1, area.left() + 7, area.top() + 1)
        painter.drawLine(area.left() + 1, area.top() + 1, area.left() + 1, area.top() + 7)
