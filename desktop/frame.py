"""The window before anything is in it: painted at once, filled after that.

Only what a bare window needs is imported here, and no name is looked up in Qt's large namespace of enumerations; the
colours are the palette's, written out because reading it takes as long as all of this.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QWidget

TITLE = "“四减四增”县级填报系统"
SMALLEST = (1024, 620)
USUAL = (1366, 768)
TOP, BOTTOM = 48, 28
COLOURS = {"surface": "#FFFFFF", "line": "#DDE3E6", "ground": "#F4F6F7"}


class Frame(QMainWindow):
    """Draws the bars of the empty window, emits `painted` once, and then takes `content` in."""

    painted = Signal()

    def __init__(self, geometry: str = "") -> None:
        super().__init__()
        self._was_painted = False
        self._teller = QTimer(self, singleShot=True, interval=0)
        self._teller.timeout.connect(self.painted)
        self.content: QWidget | None = None
        self.setWindowTitle(TITLE)
        self.setMinimumSize(*SMALLEST)
        if not geometry or not self.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
            screen = self.screen().availableGeometry()
            self.resize(min(USUAL[0], screen.width()), min(USUAL[1], screen.height()))

    def fill(self, make: Callable[[QWidget], QWidget]) -> QWidget:
        """Put what `make(frame)` returns into the window."""
        self.content = make(self)
        self.setCentralWidget(self.content)
        return self.content

    def geometry_text(self) -> str:
        """Return the window's place, to be given to the next start."""
        return bytes(self.saveGeometry().toBase64().data()).decode()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.content is None:
            self._draw_bars()
        if not self._was_painted:
            self._was_painted = True
            self._teller.start()

    def _draw_bars(self) -> None:
        surface, line, ground = (QColor(COLOURS[name]) for name in ("surface", "line", "ground"))
        width, height = self.width(), self.height()
        painter = QPainter(self)
        painter.fillRect(0, 0, width, height, ground)
        painter.fillRect(0, 0, width, TOP, surface)
        painter.fillRect(0, TOP - 1, width, 1, line)
        painter.fillRect(0, height - BOTTOM, width, BOTTOM, surface)
        painter.fillRect(0, height - BOTTOM, width, 1, line)
        painter.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.content is not None and not self.content.close():
            event.ignore()
        else:
            event.accept()
