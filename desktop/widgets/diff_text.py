"""A read-only text in which what another text has otherwise is marked: gone on red ground, come on green."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from db.plan.similarity import Span
from desktop import look


class DiffText(QTextEdit):
    """Shows the spans of one of two texts; `tone` is the ground of what it has alone: bad_tint or good_tint."""

    def __init__(self, name: str, tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(1)
        self.setAccessibleName(name)
        self.setPlaceholderText("没有")
        self._tone = tone

    def show_spans(self, spans: Sequence[Span]) -> None:
        """Show these pieces one after another, from the top."""
        self.clear()
        cursor = self.textCursor()
        plain, alone = QTextCharFormat(), QTextCharFormat()
        alone.setBackground(look.colour(self._tone))
        alone.setForeground(look.colour(self._tone.removesuffix("_tint")))
        for span in spans:
            cursor.insertText(span.text, plain if span.same else alone)
        self.moveCursor(cursor.MoveOperation.Start)
