"""The plan's document with everything that was recognised in it marked; pieces are chosen by clicking or marking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QMouseEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from db.plan.review import Look, Mark, MarkKind
from desktop.look import colour
from desktop.models.text_places import TextPlaces

Piece = tuple[int, int, QTextCharFormat]
TINTS = {
    Look.UNSEEN: "highlight",
    Look.ACCEPTED: "good_tint",
    Look.CHANGED: "notice_tint",
    Look.ADDED: "notice_tint",
}
"""How the words of a target are tinted, by how far it was looked at."""


class PlanDocument(QPlainTextEdit):
    """Read only. `clicked_at(place)` for a click, `marked(start, end)` while text is marked, (0, 0) when none is."""

    clicked_at = Signal(int)
    marked = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("planDocument")
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAccessibleName("方案原文")
        # Paragraphs begin with tabs; in Chinese an indent is two characters.
        self.setTabStopDistance(self.fontMetrics().horizontalAdvance("国"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text = ""
        self._places = TextPlaces("")
        self._painter = _Painter(self.document())
        self.selectionChanged.connect(self._tell_marked)

    def show_text(self, text: str) -> None:
        """Show another document; the same one is left as it is scrolled."""
        if text != self._text:
            self._text = text
            self._places = TextPlaces(text)
            self._painter.pieces = {}
            self.setPlainText(text)

    def show_marks(self, marks: Sequence[Mark], look_of: Callable[[str], Look]) -> None:
        """Mark what was recognised; `look_of(target id)` tints the targets. Only lines that changed are drawn anew."""
        pieces: dict[int, list[Piece]] = {}
        for mark in marks:
            style = _style(mark, look_of)
            for number, begin, length in self._lines(mark.start, mark.end):
                pieces.setdefault(number, []).append((begin, begin + length, style))
        self._painter.take(pieces)

    def _lines(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """Return block number, place in it and length of every line that a piece of the document touches."""
        first, last = self._places.to_qt(start), self._places.to_qt(end)
        block, found = self.document().findBlock(first), []
        while block.isValid() and block.position() < last:
            begin = max(first - block.position(), 0)
            until = min(last - block.position(), block.length() - 1)
            if until > begin:
                found.append((block.blockNumber(), begin, until - begin))
            block = block.next()
        return found

    def point_at(self, start: int, end: int) -> None:
        """Show which piece is meant and bring it into view; an empty piece is only brought into view."""
        chosen = QTextEdit.ExtraSelection()
        cursor = self._cursor(start, end)
        chosen.cursor = cursor
        style = QTextCharFormat()
        style.setBackground(colour("accent"))
        style.setForeground(colour("on_accent"))
        chosen.format = style
        self.setExtraSelections([chosen] if end > start else [])
        if not self._in_view(cursor):
            at = QTextCursor(cursor)
            at.setPosition(cursor.selectionStart())
            self.setTextCursor(at)
            self.centerCursor()

    def _in_view(self, cursor: QTextCursor) -> bool:
        at = QTextCursor(cursor)
        at.setPosition(cursor.selectionStart())
        first = self.cursorRect(at)
        at.setPosition(cursor.selectionEnd())
        room: QRect = self.viewport().rect()
        return room.top() <= first.top() and self.cursorRect(at).bottom() <= room.bottom()

    def _cursor(self, start: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._places.to_qt(start))
        cursor.setPosition(self._places.to_qt(end), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def mark(self, start: int, end: int) -> None:
        """Mark a piece of the text as the mouse would."""
        self.setTextCursor(self._cursor(start, end))

    def marked_piece(self) -> tuple[int, int]:
        """Return what is marked (offsets of the document) without white space at its ends, (0, 0) for nothing."""
        cursor = self.textCursor()
        start = self._places.from_qt(cursor.selectionStart())
        end = self._places.from_qt(cursor.selectionEnd())
        piece = self._text[start:end]
        if not piece.strip():
            return (0, 0)
        return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))

    def _tell_marked(self) -> None:
        self.marked.emit(*self.marked_piece())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            at = self.cursorForPosition(event.position().toPoint()).position()
            self.clicked_at.emit(self._places.from_qt(at))


class _Painter(QSyntaxHighlighter):
    """Gives each line its formats; where pieces lie inside each other both show."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.pieces: dict[int, list[Piece]] = {}

    def take(self, pieces: dict[int, list[Piece]]) -> None:
        """Draw these pieces instead of those before."""
        before, self.pieces = self.pieces, pieces
        document = self.document()
        for number in before.keys() | pieces.keys():
            if before.get(number) != pieces.get(number):
                block: QTextBlock = document.findBlockByNumber(number)
                self.rehighlightBlock(block)

    def highlightBlock(self, text: str) -> None:
        pieces = self.pieces.get(self.currentBlock().blockNumber(), [])
        edges = sorted({edge for begin, end, _ in pieces for edge in (begin, end)})
        for begin, end in pairwise(edges):
            style = QTextCharFormat()
            for first, last, own in pieces:
                if first <= begin and end <= last:
                    style.merge(own)
            self.setFormat(begin, end - begin, style)


def _style(mark: Mark, look_of: Callable[[str], Look]) -> QTextCharFormat:
    style = QTextCharFormat()
    waves = QTextCharFormat.UnderlineStyle.WaveUnderline
    match mark.kind:
        case MarkKind.HEADING:
            style.setFontWeight(QFont.Weight.Bold)
        case MarkKind.RESPONSIBILITY:
            style.setForeground(colour("good"))
        case MarkKind.TARGET:
            style.setBackground(colour(TINTS[look_of(mark.id)]))
        case MarkKind.LEFT_OUT:
            style.setForeground(colour("muted"))
        case MarkKind.LEFTOVER:
            style.setBackground(colour("bad_tint"))
            style.setUnderlineStyle(waves)
            style.setUnderlineColor(colour("bad"))
        case MarkKind.FAULT:
            style.setUnderlineStyle(waves)
            style.setUnderlineColor(colour("caution"))
    return style
