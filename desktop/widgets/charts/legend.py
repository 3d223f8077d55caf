"""The words of a chart's series with their marks, in as many lines as the width asks for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import look
from desktop.widgets.charts.data import Series
from desktop.widgets.charts.marks import LINES, paint_key

LINE = 24
KEY, LONG_KEY, GAP = 10.0, 18.0, 14.0


def boxes(series: Sequence[Series], width: float, metrics: QFontMetricsF) -> list[QRectF]:
    """Return where each word goes, its key before it, when there is so much width."""
    found: list[QRectF] = []
    left, top = 0.0, 0.0
    for each in series:
        wanted = _key(each) + 5 + metrics.horizontalAdvance(each.word) + 2
        if left and left + wanted > width:
            left, top = 0.0, top + LINE
        found.append(QRectF(left, top, wanted, LINE))
        left += wanted + GAP
    return found


def draw_legend(painter: QPainter, series: Sequence[Series], size: QSizeF) -> None:
    """Draw the words into the painter's upper left corner."""
    metrics = QFontMetricsF(painter.font())
    for each, box in zip(series, boxes(series, size.width(), metrics), strict=True):
        paint_key(painter, QRectF(box.left(), box.center().y() - KEY / 2, _key(each), KEY), each)
        painter.setPen(look.colour("secondary"))
        painter.drawText(box.adjusted(_key(each) + 5, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, each.word)


def _key(series: Series) -> float:
    return LONG_KEY if series.mark in LINES else KEY


class Legend(QWidget):
    """Shows the keys of `series`."""

    def __init__(self, series: Sequence[Series] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._series = tuple(series)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_series(self, series: Sequence[Series]) -> None:
        """Show these instead."""
        self._series = tuple(series)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, LINE)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, LINE)

    def heightForWidth(self, width: int) -> int:
        return int(self.boxes(width)[-1].bottom()) if self._series else 0

    def boxes(self, width: int) -> list[QRectF]:
        """Return where each word goes when the legend is so wide."""
        return boxes(self._series, width, QFontMetricsF(self.font()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_legend(painter, self._series, QSizeF(self.size()))
        painter.end()
