"""The window before anything is in it: painted at once in the colours of its parts, filled after that.

Only what a bare window needs is imported here, and none of Qt's enumerations is named.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QMainWindow, QWidget

from desktop.palette import palette
from desktop.settings import Settings

TITLE = "“四减四增”县级填报系统"
SMALLEST = (900, 440)
"""What a screen of 1366×768 leaves for the window at 150 %, less the task bar and the title, with a little to spare."""

USUAL = (1366, 768)
TITLE_BAR = 40
TOP_HEIGHT = 48
RAIL_WIDTH, LOW_RAIL_WIDTH = 84, 52
STATUS_HEIGHT = 28
NARROW, LOW = 1000, 548
"""Below this width or height the rail shows no words."""


class Frame(QMainWindow):
    """Draws the empty window and emits `painted` once; from `fill` on it shows what it was given.

    With `rail` the dark bar of the pages is drawn too: a county is about to be opened. The window's place is kept in
    `settings`.
    """

    painted = Signal()

    def __init__(self, settings: Settings, *, rail: bool = False) -> None:
        super().__init__()
        self._settings = settings
        self._rail = rail
        self._was_painted = False
        self.content: QWidget | None = None
        self.setWindowTitle(TITLE)
        room = self.screen().availableGeometry().size()
        self.setMinimumSize(min(SMALLEST[0], room.width()), min(SMALLEST[1], room.height() - TITLE_BAR))
        restored = settings.window and self.restoreGeometry(QByteArray.fromBase64(settings.window.encode()))
        # With its title bar the usual size would stick out of a screen of that size, and of one with large fonts.
        self.fills_screen = not restored and (room.width() <= USUAL[0] or room.height() <= USUAL[1])
        if not restored:
            self.resize(min(USUAL[0], room.width()), min(USUAL[1], room.height()))

    def show(self) -> None:
        """Show the window; maximised where the usual size does not fit the screen and the clerk chose no other."""
        if self.fills_screen:
            self.showMaximized()
        else:
            super().show()

    def fill(self, content: QWidget) -> None:
        """Show `content`, under its title; closing the frame asks it to close."""
        self.content = content
        self.setCentralWidget(content)
        content.windowTitleChanged.connect(self.setWindowTitle)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.content is None:
            self._draw_bars()
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def _draw_bars(self) -> None:
        """Draw what the shell will look like while it is empty."""
        width, bottom = self.width(), self.height() - STATUS_HEIGHT
        painter = QPainter(self)
        painter.drawPixmap(0, 0, width, self.height(), _dot("ground"))
        if self._rail:
            rail = LOW_RAIL_WIDTH if is_cramped(width, self.height()) else RAIL_WIDTH
            painter.drawPixmap(0, TOP_HEIGHT, rail, bottom - TOP_HEIGHT, _dot("rail"))
        for top, height in ((0, TOP_HEIGHT), (bottom, STATUS_HEIGHT)):
            painter.drawPixmap(0, top, width, height, _dot("surface"))
        for top in (TOP_HEIGHT - 1, bottom):
            painter.drawPixmap(0, top, width, 1, _dot("line"))
        painter.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        place = bytes(self.saveGeometry().toBase64().data()).decode()
        if self.content is not None and not self.content.close():
            event.ignore()
            return
        self._settings.window = place
        event.accept()


def is_cramped(width: int, height: int) -> bool:
    """Return whether a window of this size has no room for words on the rail."""
    return width < NARROW or height < LOW


def _dot(name: str) -> QPixmap:
    """Return one pixel of the palette's colour `name`: a painter's first brush loads the namespace of Qt, 15 ms."""
    dot = QPixmap(1, 1)
    dot.fill(QColor(palette()[name]))
    return dot
