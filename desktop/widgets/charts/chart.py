"""What all charts share: values told under the pointer and by arrow keys, choosing a row, copying, drawing anywhere."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from desktop import look
from desktop.widgets.charts.data import ChartData

SHARPNESS = 2.0
"""How many dots of a copied picture stand for one on the screen: it is put into Word and printed."""

BUBBLE_MARGIN, BUBBLE_GAP = 8.0, 8.0
EMPTY = ChartData("", "", "", (), ())


@dataclass(frozen=True)
class Spot:
    """Where a value is drawn: its row and series in the data, and the area that stands for it."""

    row: int
    series: int
    area: QRectF


class Chart(QWidget):
    """Draws `ChartData`; `told` carries a sentence to show, `chosen` the key of the row that was clicked or entered.

    With it comes the number of the series, -1 for the whole row.
    """

    chosen = Signal(str, int)
    told = Signal(str)

    along_rows = False
    """Whether the rows lie side by side, so that the arrows left and right go from row to row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data = EMPTY
        self._current: tuple[int, int] | None = None
        self.links = True
        self.more_actions: Callable[[], Sequence[tuple[str, Callable[[], object]]]] = tuple
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_data(self, data: ChartData) -> None:
        """Draw `data` instead of what was there."""
        self.data, self._current = data, None
        self.setAccessibleName(data.title)
        self.setAccessibleDescription(data.words())
        self.updateGeometry()
        self.update()

    # -- what a kind of chart knows ---------------------------------------------------------------------------

    @abstractmethod
    def spots(self, size: QSizeF, metrics: QFontMetricsF) -> list[Spot]:
        """Return where each value lies when the chart is as large as `size`; what is not drawn has no spot."""

    @abstractmethod
    def draw(self, painter: QPainter, size: QSizeF) -> None:
        """Draw the chart, as large as `size`, with the painter's font."""

    # -- drawing ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = QSizeF(self.size())
        self.draw(painter, size)
        spot = self._spot_of(self._current)
        if spot is not None:
            self._mark(painter, spot)
        elif self.hasFocus():
            painter.setPen(QPen(look.colour("focus"), 1, Qt.PenStyle.DotLine))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _mark(self, painter: QPainter, spot: Spot) -> None:
        """Frame the value that is pointed at and tell it in words beside it."""
        painter.setPen(QPen(look.colour("focus"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(spot.area.adjusted(-1, -1, 1, 1), 2, 2)
        words, metrics = self.data.told(spot.row, spot.series), QFontMetricsF(painter.font())
        width = min(metrics.horizontalAdvance(words) + 2 * BUBBLE_MARGIN, self.width())
        bubble = QRectF(0, 0, width, metrics.height() + BUBBLE_MARGIN)
        above = spot.area.top() - BUBBLE_GAP - bubble.height()
        top = above if above >= 0 else min(spot.area.bottom() + BUBBLE_GAP, self.height() - bubble.height())
        left = min(max(spot.area.center().x() - width / 2, 0.0), self.width() - width)
        bubble.moveTo(left, max(top, 0.0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("text"))
        painter.drawRoundedRect(bubble, 5, 5)
        painter.setPen(look.colour("surface"))
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, width - BUBBLE_MARGIN)
        painter.drawText(bubble, Qt.AlignmentFlag.AlignCenter, shown)

    def picture(self, size: QSizeF | None = None) -> QImage:
        """Return the chart on white, as large as on the screen or as `size`, sharp enough to be printed."""
        wanted = size if size is not None else QSizeF(self.size())
        image = QImage((wanted * SHARPNESS).toSize(), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(SHARPNESS)
        image.fill(look.colour("surface"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        self.draw(painter, wanted)
        painter.end()
        return image

    # -- pointing ---------------------------------------------------------------------------------------------

    @property
    def current(self) -> tuple[int, int] | None:
        """Return the row and series of the value that is pointed at."""
        return self._current

    def point_at(self, place: tuple[int, int] | None) -> None:
        """Tell the value at this row and series; None tells nothing."""
        if place != self._current:
            self._current = place
            self.update()

    def _spots(self) -> list[Spot]:
        return self.spots(QSizeF(self.size()), QFontMetricsF(self.font()))

    def _spot_of(self, place: tuple[int, int] | None) -> Spot | None:
        return next((spot for spot in self._spots() if (spot.row, spot.series) == place), None) if place else None

    def spot_at(self, point: QPointF) -> Spot | None:
        """Return the value drawn nearest to this point, None when there is none close by."""
        near = [spot for spot in self._spots() if spot.area.adjusted(-3, -3, 3, 3).contains(point)]
        return min(near, key=lambda spot: (spot.area.center() - point).manhattanLength(), default=None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if spot and self.links else Qt.CursorShape.ArrowCursor)
        self.point_at((spot.row, spot.series) if spot else None)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.hasFocus():
            self.point_at(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and spot is not None and self.links:
            self.chosen.emit(self.data.rows[spot.row].key, spot.series)

    # -- keys -------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        spots = self._spots()
        if self._current is None and spots and event.reason() != Qt.FocusReason.MouseFocusReason:
            self.point_at((spots[0].row, spots[0].series))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self._step(*(reversed(step) if self.along_rows else step))
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_numbers()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None and self.links:
            self.chosen.emit(self.data.rows[self._current[0]].key, self._current[1])
        else:
            super().keyPressEvent(event)

    def _step(self, rows: int, series: int) -> None:
        """Go to the next value in that direction; nothing is passed over but what was not reported."""
        spots = self._spots()
        if not spots:
            return
        if self._current is None:
            self.point_at((spots[0].row, spots[0].series))
            return
        row, column = self._current
        if rows:
            beyond = [spot for spot in spots if (spot.row - row) * rows > 0]
            order = lambda spot: (abs(spot.row - row), abs(spot.series - column))  # noqa: E731
        else:
            beyond = [spot for spot in spots if spot.row == row and (spot.series - column) * series > 0]
            order = lambda spot: (0, abs(spot.series - column))  # noqa: E731
        if beyond:
            found = min(beyond, key=order)
            self.point_at((found.row, found.series))

    # -- taking it elsewhere ----------------------------------------------------------------------------------

    def copy_picture(self) -> None:
        """Put the chart on the clipboard as a picture."""
        QGuiApplication.clipboard().setImage(self.picture())
        self.told.emit("图片已复制，可以粘贴到 Word、WPS 里。")

    def copy_numbers(self) -> None:
        """Put the numbers behind the chart on the clipboard, for Excel."""
        QGuiApplication.clipboard().setText(self.data.tsv())
        self.told.emit("数据已复制，可以粘贴到 Excel、WPS 表格里。")

    def actions_offered(self) -> list[tuple[str, Callable[[], object]]]:
        """Return what can be done with the chart: words and actions."""
        return [*self.more_actions(), ("复制数据\tCtrl+C", self.copy_numbers), ("复制图片", self.copy_picture)]

    def menu(self) -> QMenu:
        """Return the menu of what can be done with the chart."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for word, action in self.actions_offered():
            menu.addAction(word).triggered.connect(lambda _=False, action=action: action())
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.data.is_empty:
            self.menu().exec(event.globalPos())
