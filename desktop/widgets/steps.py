"""Where one is in a sequence: numbered steps, those behind ticked, the present one filled."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import look

DISC, GAP, SPACE = 24, 8, 26


class Steps(QWidget):
    """Draws the words of the steps in one line; `current` counts from 0."""

    def __init__(self, words: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = tuple(words)
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe()

    @property
    def current(self) -> int:
        """Return the present step."""
        return self._current

    def go_to(self, step: int) -> None:
        """Make `step` the present one."""
        self._current = step
        self._describe()
        self.update()

    def _describe(self) -> None:
        self.setAccessibleName(f"第{self._current + 1}步，共{len(self._words)}步：{self._words[self._current]}")

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = sum(DISC + GAP + metrics.horizontalAdvance(word) + SPACE for word in self._words)
        return QSize(width, DISC + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, needed = 0.0, self.sizeHint().width()
        for number, word in enumerate(self._words):
            # Where there is no room for all the words, only the present step's is written.
            shown = word if needed <= self.width() or number == self._current else ""
            left = self._draw(painter, left, number, shown)
        painter.end()

    def _draw(self, painter: QPainter, left: float, number: int, word: str) -> float:
        ground, ink = ("neutral_tint", "secondary")
        if number == self._current:
            ground, ink = "accent", "on_accent"
        elif number < self._current:
            ground, ink = "accent_tint", "accent"
        area = QRectF(left, (self.height() - DISC) / 2, DISC, DISC)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(ground))
        painter.drawEllipse(area)
        painter.setPen(look.colour(ink))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "√" if number < self._current else str(number + 1))
        painter.setFont(look.font(bold=number == self._current))
        painter.setPen(look.colour("text" if number <= self._current else "secondary"))
        width = painter.fontMetrics().horizontalAdvance(word) + 2
        painter.drawText(QRectF(left + DISC + GAP, 0, width, self.height()), Qt.AlignmentFlag.AlignVCenter, word)
        painter.setFont(look.font())
        return left + DISC + GAP + width + SPACE
