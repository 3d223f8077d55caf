"""The text of the manual: one page at a time in the program's type, pictures as wide as there is room, words marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QImage,
    QImageReader,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextListFormat,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

import resources
from db.reports.manual.book import FOLDER, Page
from desktop import look

WIDEST = 860
"""Pixels that a line of text is wide at most: longer ones are hard to follow."""
MARGIN = 28
STYLE = "style/manual.css"
INDENT = 26
"""Pixels by which the items of a list are set in."""
BULLET, BESIDE = 5, 10
"""Pixels of the point before an item, and between the two: Qt leaves a bigger one no more than a space."""
REST = 80
"""Milliseconds that the window keeps its size before the pictures follow."""


@dataclass(frozen=True)
class Drawn:
    """A page made ready for a width: its HTML, and its pictures by name."""

    page: Page
    html: str
    pictures: Mapping[str, QImage]
    width: int


def draw_page(page: Page, width: int, ratio: float) -> Drawn:
    """Return the page for a text of `width` pixels on a screen with so many real ones each; runs on any thread."""
    widths: dict[str, int] = {}
    pictures: dict[str, QImage] = {}
    for name in page.pictures:
        image = read_picture(name)
        if image.isNull():
            continue
        widths[name] = min(image.width(), width)
        wanted = round(widths[name] * ratio)
        if wanted < image.width():
            image = image.scaledToWidth(wanted, Qt.TransformationMode.SmoothTransformation)
        image.setDevicePixelRatio(image.width() / widths[name])
        pictures[name] = image
    return Drawn(page, page.html(widths), pictures, width)


def read_picture(name: str) -> QImage:
    """Return the manual's picture `name` (pictures/overview.png), a null one when there is none."""
    try:
        return QImageReader(str(resources.path(f"{FOLDER}/{name}"))).read()
    except FileNotFoundError:
        return QImage()


class ManualView(QTextBrowser):
    """Shows what was drawn; `went` carries the name of a place, `enlarged` that of a picture, which were clicked.

    `resized` asks for the page anew, since pictures have another width.
    """

    went = Signal(str)
    enlarged = Signal(str)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("manualView")
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("手册正文")
        self.drawn: Drawn | None = None
        self._words: tuple[str, ...] = ()
        self.items: tuple[int, ...] = ()
        self.anchorClicked.connect(self._clicked)
        self._soon = QTimer(self, singleShot=True, interval=REST)
        self._soon.timeout.connect(self.resized)

    @property
    def room(self) -> int:
        """Return how wide the text is."""
        return max(200, min(WIDEST, self._inside() - 2 * MARGIN))

    def _inside(self) -> int:
        """Return how wide it is inside, with a scroll bar, whether there is one now or not."""
        return self.width() - self.verticalScrollBar().sizeHint().width()

    def show_drawn(self, drawn: Drawn) -> None:
        """Show a page, from its beginning unless it is the one that is shown already."""
        again = self.drawn is not None and self.drawn.page is drawn.page
        bar = self.verticalScrollBar()
        share = bar.value() / max(1, bar.maximum())
        self.drawn = drawn
        document = self.document()
        document.setDefaultStyleSheet(look.coloured(resources.text(STYLE)))
        document.setDefaultFont(look.font(15))
        document.setDocumentMargin(MARGIN)
        document.setIndentWidth(INDENT)
        self.setHtml(drawn.html)
        self.items = _take_points(document)
        self._lay_out()
        self._mark()
        bar.setValue(round(share * bar.maximum()) if again else 0)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        if kind == QTextDocument.ResourceType.ImageResource.value and self.drawn is not None:
            words = name.toString() if isinstance(name, QUrl) else name
            return self.drawn.pictures.get(words, QImage())
        return super().loadResource(kind, name)

    def go_to(self, name: str) -> None:
        """Scroll to the place called `name`."""
        self.scrollToAnchor(name)
        bar = self.verticalScrollBar()
        if bar.value():
            bar.setValue(max(0, bar.value() - MARGIN // 2))

    def mark(self, words: Sequence[str]) -> None:
        """Give every place of these words a coloured ground; none takes it away."""
        self._words = tuple(words)
        self._mark()

    def show_found(self, words: str, nth: int) -> None:
        """Bring the `nth` place (from 0) of the words into sight and select it."""
        cursor = QTextCursor(self.document())
        for _ in range(nth + 1):
            following = self.document().find(words, cursor)
            if following.isNull():
                break
            cursor = following
        if cursor.hasSelection():
            self.setTextCursor(cursor)
            at = self.cursorRect(cursor).top()
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + at - self.height() // 3)

    def _mark(self) -> None:
        form = QTextCharFormat()
        form.setBackground(look.colour("highlight"))
        marks = []
        for words in self._words:
            cursor = self.document().find(words)
            while not cursor.isNull():
                mark = QTextEdit.ExtraSelection()
                mark.cursor, mark.format = cursor, form
                marks.append(mark)
                cursor = self.document().find(words, cursor)
        self.setExtraSelections(marks)

    def _clicked(self, link: QUrl) -> None:
        name, section = link.path(), link.fragment(QUrl.ComponentFormattingOption.FullyDecoded)
        if name.endswith(".png"):
            self.enlarged.emit(name)
        else:
            self.went.emit(f"{name}#{section}" if section else name)

    def _lay_out(self) -> None:
        """Keep the text in the middle, no wider than it reads well."""
        self.setViewportMargins(max(0, (self._inside() - self.room) // 2 - MARGIN), 0, 0, 0)
        self.setLineWrapColumnOrWidth(self.room + 2 * MARGIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("text"))
        for number in self.items:
            line = self.cursorRect(QTextCursor(self.document().findBlockByNumber(number)))
            if line.intersects(self.viewport().rect()):
                middle = QPointF(line.left() - BESIDE - BULLET / 2, line.center().y() + 1)
                painter.drawEllipse(middle, BULLET / 2, BULLET / 2)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.drawn is not None and self.drawn.width != self.room:
            self._soon.start()

    def sizeHint(self) -> QSize:
        return QSize(WIDEST, 640)


def _take_points(document: QTextDocument) -> tuple[int, ...]:
    """Take the points of the lists out of the document; return the numbers of the blocks that had one."""
    found, style = [], QTextListFormat.Style
    block = document.begin()
    while block.isValid():
        listed = block.textList()
        if listed is not None and listed.format().style() in (style.ListDisc, style.ListStyleUndefined):
            found.append(block.blockNumber())
            if listed.format().style() is style.ListDisc:
                bare = listed.format()
                bare.setStyle(style.ListStyleUndefined)
                listed.setFormat(bare)
        block = block.next()
    return tuple(found)
