"""The list of what was recognised: clauses as headings, their targets with state and figure, and what is left."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from db.plan.model import Clause
from db.plan.reading.model import Leftover, LeftoverGroup
from db.plan.review import Look
from desktop.look import colour
from desktop.models.review_model import LINE_ROLE, Index, Line, ReviewModel

ROW_HEIGHT = 28
MARK, EDGE, INDENT = 11, 12, 16


class ReviewList(QListView):
    """`chosen(Line)` follows the keyboard and mouse; `accepted` and `removed` are asked for by Enter and Delete."""

    chosen = Signal(object)
    accepted = Signal()
    removed = Signal()
    several = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.review = ReviewModel(self)
        self.setModel(self.review)
        self.setObjectName("reviewList")
        self.setAccessibleName("识别出的条款和指标")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_LineDelegate(self))
        self.clicked.connect(lambda _index: self._fold())
        selection = self.selectionModel()
        selection.currentChanged.connect(self._tell)
        selection.selectionChanged.connect(lambda _new, _old: self.several.emit())

    def current(self) -> Line | None:
        """Return the line that has the keyboard, None for none."""
        found = self.currentIndex().data(LINE_ROLE)
        return found if isinstance(found, Line) else None

    def lines(self) -> list[Line]:
        """Return the selected lines in the order of the document."""
        return [self.review.lines[row] for row in sorted(index.row() for index in self.selectedIndexes())]

    def open_row(self, row: int) -> None:
        """Go to a row, without telling so when it is none."""
        if 0 <= row < len(self.review.lines):
            index = self.review.index(row, 0)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def _tell(self, current: Index, _previous: Index) -> None:
        line = current.data(LINE_ROLE)
        if isinstance(line, Line):
            self.chosen.emit(line)

    def _fold(self) -> bool:
        """Fold or unfold the group whose line has the keyboard; return whether it is one."""
        line = self.current()
        if line is None or not isinstance(line.thing, LeftoverGroup):
            return False
        row = self.currentIndex().row()
        self.review.fold(line.thing)
        self.open_row(row)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._fold():
                self.accepted.emit()
        elif event.key() == Qt.Key.Key_Space and self._fold():
            return
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class _LineDelegate(QStyledItemDelegate):
    """A clause is a bold line with who is responsible; a target stands under it with its mark, figure and state."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(LINE_ROLE)
        painter.save()
        room: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(room, colour("selection"))
            if option.state & QStyle.StateFlag.State_HasFocus:
                painter.fillRect(QRect(room.left(), room.top(), 3, room.height()), colour("focus"))
        heading = isinstance(line.thing, Clause | LeftoverGroup)
        left = room.left() + EDGE + (0 if heading else INDENT)
        if line.look is not None:
            _draw_look(painter, QRectF(left, room.center().y() - MARK / 2 + 1, MARK, MARK), line.look)
            left += MARK + 7
        right = self._draw_detail(painter, room, line, left)
        font = option.font
        font.setBold(heading)
        painter.setFont(font)
        doubtful = isinstance(line.thing, Leftover) and line.thing.group is LeftoverGroup.DOUBTFUL
        painter.setPen(colour("bad" if doubtful else "text"))
        text = QRect(left, room.top(), right - left - 10, room.height())
        shown = painter.fontMetrics().elidedText(line.title, Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()

    @staticmethod
    def _draw_detail(painter: QPainter, room: QRect, line: Line, left: int) -> int:
        """Draw what stands at the right edge, at most over half of the line, and return where it begins."""
        font = painter.font()
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(colour("secondary"))
        right = room.right() - EDGE
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(line.detail, Qt.TextElideMode.ElideRight, (right - left) // 2)
        begin = right - metrics.horizontalAdvance(shown)
        painter.drawText(
            QRect(begin, room.top(), right - begin + 1, room.height()), Qt.AlignmentFlag.AlignVCenter, shown
        )
        return begin


def _draw_look(painter: QPainter, box: QRectF, look: Look) -> None:
    """Draw how far a target was looked at: each in its own shape."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = box.adjusted(1, 1, -1, -1)
    ink = colour({Look.UNSEEN: "caution", Look.ACCEPTED: "good"}.get(look, "notice"))
    painter.setPen(QPen(ink, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if look is Look.UNSEEN:
        painter.drawEllipse(inner)
    elif look is Look.ACCEPTED:
        middle = QPointF(inner.left() + inner.width() * 0.38, inner.bottom() - 1)
        painter.drawPolyline([QPointF(inner.left(), inner.center().y()), middle, QPointF(inner.right(), inner.top())])
    elif look is Look.ADDED:
        painter.drawLine(QPointF(inner.center().x(), inner.top()), QPointF(inner.center().x(), inner.bottom()))
        painter.drawLine(QPointF(inner.left(), inner.center().y()), QPointF(inner.right(), inner.center().y()))
    else:
        painter.setBrush(ink)
        painter.drawPolygon([inner.bottomLeft(), QPointF(inner.center().x(), inner.top()), inner.bottomRight()])
