"""The grid's heading: title with unit, the order's arrow and place, and a funnel that opens the column's filter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from db.store.query import Sort
from desktop import look
from desktop.models.grid_model import GridModel

HEIGHT = 32
MARK = 15
EDGE = 5


class GridHeader(QHeaderView):
    """A click on the words orders by the column, one on the funnel filters it.

    `sort_wanted(column, more)`: with Ctrl the column orders beside the others; `filter_wanted(column)`.
    """

    sort_wanted = Signal(int, bool)
    filter_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setSectionsMovable(False)
        self.setHighlightSections(False)
        self.setMouseTracking(True)
        self.setMinimumSectionSize(56)
        self.setAccessibleName("列标题")
        self._hovered = -1
        self._pressed = QPoint()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEIGHT)

    def _grid_model(self) -> GridModel | None:
        model = self.model()
        return model if isinstance(model, GridModel) else None

    def funnel_rect(self, section: int) -> QRect:
        """Return where the funnel of a column is, in the heading's viewport."""
        right = self.sectionViewportPosition(section) + self.sectionSize(section)
        return QRect(right - MARK - 7, (self.height() - MARK) // 2, MARK, MARK)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        model = self._grid_model()
        if model is None or not rect.isValid():
            return
        own = model.fields[section]
        ordered = model.asked.sort_of(own.name)
        filtered = own.name in model.asked.filters
        painter.save()
        painter.fillRect(rect, look.colour("accent_tint" if filtered else "header"))
        painter.setPen(look.colour("line"))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.setPen(look.colour("control"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        room = rect.adjusted(8, 0, -8, -1)
        if filtered or section == self._hovered:
            painter.drawPixmap(
                self._at(rect.right() - MARK - 6, rect), look.pixmap("filter", "accent" if filtered else "muted", MARK)
            )
            room.setRight(rect.right() - MARK - 9)
        if ordered is not None:
            room = self._draw_order(painter, room, rect, *ordered, several=len(model.asked.sorts) > 1)
        painter.setPen(look.colour("accent" if filtered or ordered else "secondary"))
        painter.setFont(look.font(14, bold=filtered))
        words = painter.fontMetrics().elidedText(own.heading, Qt.TextElideMode.ElideRight, room.width())
        side = Qt.AlignmentFlag.AlignRight if own.is_number else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), words)
        if own.required:
            self._draw_star(painter, room, words, right=own.is_number)
        painter.restore()

    def _draw_order(
        self, painter: QPainter, room: QRect, rect: QRect, place: int, sort: Sort, *, several: bool
    ) -> QRect:
        """Draw the arrow and, where several columns order, which one this is; return what room is left."""
        if several:
            painter.setPen(look.colour("accent"))
            painter.setFont(look.font(11, bold=True))
            width = painter.fontMetrics().horizontalAdvance(str(place))
            side = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(room, side, str(place))
            room = room.adjusted(0, 0, -width - 1, 0)
        arrow = look.pixmap("sort-down" if sort.descending else "sort-up", "accent", MARK)
        painter.drawPixmap(self._at(room.right() - MARK, rect), arrow)
        return room.adjusted(0, 0, -MARK - 2, 0)

    @staticmethod
    def _at(left: int, rect: QRect) -> QPoint:
        return QPoint(left, rect.top() + (rect.height() - MARK) // 2)

    @staticmethod
    def _draw_star(painter: QPainter, room: QRect, words: str, *, right: bool) -> None:
        painter.setPen(look.colour("bad"))
        width = painter.fontMetrics().horizontalAdvance(words)
        left = room.right() - width - 8 if right else room.left() + width + 2
        if room.left() - 6 <= left <= room.right() - 5:
            painter.drawText(QRect(left, room.top() + 1, 8, room.height()), int(Qt.AlignmentFlag.AlignVCenter), "*")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        section = self.logicalIndexAt(at)
        if event.button() != Qt.MouseButton.LeftButton or section < 0:
            return
        if (at - self._pressed).manhattanLength() > 4 or self._on_edge(self._pressed):
            return
        if self.funnel_rect(section).adjusted(-4, -8, 6, 8).contains(at):
            self.filter_wanted.emit(section)
        else:
            self.sort_wanted.emit(section, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def _on_edge(self, at: QPoint) -> bool:
        section = self.logicalIndexAt(at)
        left = self.sectionViewportPosition(section)
        first = self.visualIndex(section) == 0
        return at.x() > left + self.sectionSize(section) - EDGE or (at.x() < left + EDGE and not first)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.logicalIndexAt(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, section: int) -> None:
        if section != self._hovered:
            self._hovered = section
            self.viewport().update()
