"""A picture or a page that fits its window, sharp on every screen; drawn anew where it is shown larger or smaller.

Whoever has the view draws: `wanted(width, height)` asks for as large a picture as fits into so many real pixels.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from desktop import look

STEPS = (1.0, 1.5, 2.0, 3.0, 4.0)
MARGIN = 12
_MOST = 6000
"""Pixels on a side that are ever asked for."""


class PictureView(QScrollArea):
    """Shows one picture; `zoom` 1 fits the window, more is moved by scroll bars, wheel or dragging."""

    wanted = Signal(int, int)
    zoomed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.zoom = 1.0
        self._asked = QSize()
        self._dragged_from: QPoint | None = None
        self._canvas = _Canvas()
        self.setWidget(self._canvas)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setObjectName("pictureView")
        # Asking anew waits until a window that is being resized has come to rest.
        self._soon = QTimer(self, singleShot=True, interval=60)
        self._soon.timeout.connect(self._ask)

    @property
    def image(self) -> QImage:
        """Return what is shown."""
        return self._canvas.image

    def start(self) -> None:
        """Forget what is shown and ask for another picture that fits."""
        self._canvas.image = QImage()
        self._asked = QSize()
        self.set_zoom(1.0)
        self._ask()

    def ask_again(self) -> None:
        """Ask for a picture of the same size, of another page."""
        self._asked = QSize()
        self._ask()

    def show_image(self, image: QImage) -> None:
        """Show what was asked for."""
        self._canvas.image = image
        self._fit()

    def set_zoom(self, zoom: float) -> None:
        """Show the picture `zoom` times as large as it fits."""
        zoom = max(STEPS[0], min(zoom, STEPS[-1]))
        if zoom != self.zoom:
            self.zoom = zoom
            self._fit()
            self._soon.start()
            self.zoomed.emit(zoom)

    def step_zoom(self, by: int) -> None:
        """Go to the next larger (1) or smaller (-1) step."""
        nearest = min(range(len(STEPS)), key=lambda place: abs(STEPS[place] - self.zoom))
        self.set_zoom(STEPS[max(0, min(nearest + by, len(STEPS) - 1))])

    def _box(self) -> QSize:
        """Return the logical pixels there are for the picture."""
        room = self.maximumViewportSize() - QSize(2 * MARGIN, 2 * MARGIN)
        return (room * self.zoom).expandedTo(QSize(40, 40))

    def _ask(self) -> None:
        size = self._box() * self.devicePixelRatioF()
        size = size.boundedTo(QSize(_MOST, _MOST))
        if size != self._asked:
            self._asked = size
            self.wanted.emit(size.width(), size.height())

    def _fit(self) -> None:
        image = self._canvas.image
        if image.isNull():
            self._canvas.resize(0, 0)
            return
        natural = image.size() / self.devicePixelRatioF()
        box = self._box()
        # A picture smaller than the window stays as it is; what was drawn for another size is stretched meanwhile.
        small = natural.width() < box.width() and natural.height() < box.height() and self.zoom == 1.0
        shown = natural if small else natural.scaled(box, Qt.AspectRatioMode.KeepAspectRatio)
        self._canvas.resize(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._soon.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.step_zoom(1)
            case Qt.Key.Key_Minus:
                self.step_zoom(-1)
            case Qt.Key.Key_0:
                self.set_zoom(1.0)
            case _:
                event.ignore() if self.zoom == 1.0 else super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None:
            moved = event.position().toPoint() - self._dragged_from
            self._dragged_from = event.position().toPoint()
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None


class _Canvas(QWidget):
    """Paints the picture over all of itself."""

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRect(QPoint(0, 0), self.size()), self.image)
        painter.setPen(look.colour("line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
