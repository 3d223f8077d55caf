"""A small stacked bar chart: one bar per part of the plan, one segment per state, each with its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop import look

ROW_HEIGHT, BAR_HEIGHT, GAP = 32, 18, 10
LEGEND_LINE = 24


@dataclass(frozen=True)
class Segment:
    """One state within a bar: its word, its number and the palette's name of its colour."""

    word: str
    count: int
    tint: str


@dataclass(frozen=True)
class Bar:
    """One row of the chart; `key` is given back when it is clicked."""

    key: str
    label: str
    segments: tuple[Segment, ...]

    @property
    def total(self) -> int:
        """Return the sum of the segments."""
        return sum(segment.count for segment in self.segments)


class StateBars(QWidget):
    """Draws bars on one scale; the words of the segments are in the tooltip and in the accessible text."""

    bar_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Draw `bars` from top to bottom."""
        self._bars = tuple(bars)
        words = [f"{bar.label} " + "、".join(f"{s.word}{s.count}" for s in bar.segments if s.count) for bar in bars]
        self.setAccessibleDescription("；".join(words))
        self.updateGeometry()
        self.update()

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Return what is drawn."""
        return self._bars

    def sizeHint(self) -> QSize:
        return QSize(360, ROW_HEIGHT * max(1, len(self._bars)))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, bar in enumerate(self._bars):
            self._draw_label(painter, place, bar)
            for segment, area in self._areas(place, bar):
                self._draw_segment(painter, segment, area)
        painter.end()

    def _draw_label(self, painter: QPainter, place: int, bar: Bar) -> None:
        painter.setPen(look.colour("text"))
        area = QRectF(0, place * ROW_HEIGHT, self._label_width() - GAP, ROW_HEIGHT)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, bar.label)

    def _draw_segment(self, painter: QPainter, segment: Segment, area: QRectF) -> None:
        fill = look.colour(segment.tint)
        painter.fillRect(area, fill)
        if painter.fontMetrics().horizontalAdvance(str(segment.count)) + 6 <= area.width():
            painter.setPen(_readable_on(fill))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(segment.count))

    def _areas(self, place: int, bar: Bar) -> list[tuple[Segment, QRectF]]:
        longest = max((each.total for each in self._bars), default=0)
        if not longest:
            return []
        left = self._label_width()
        scale = (self.width() - left - 4) / longest
        top = place * ROW_HEIGHT + (ROW_HEIGHT - BAR_HEIGHT) / 2
        found = []
        for segment in bar.segments:
            if segment.count:
                width = segment.count * scale
                found.append((segment, QRectF(left, top, max(1.0, width - 1), BAR_HEIGHT)))
                left += width
        return found

    def _label_width(self) -> float:
        widths = [self.fontMetrics().horizontalAdvance(bar.label) for bar in self._bars]
        return float(max(widths, default=0) + GAP + 2)

    def _bar_at(self, y: float) -> int:
        return int(y // ROW_HEIGHT)

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent) and 0 <= self._bar_at(event.pos().y()) < len(self._bars):
            place = self._bar_at(event.pos().y())
            bar = self._bars[place]
            here = [s for s, area in self._areas(place, bar) if area.left() <= event.pos().x() <= area.right()]
            shown = here or [s for s in bar.segments if s.count]
            QToolTip.showText(event.globalPos(), "\n".join(f"{bar.label}　{s.word} {s.count} 项" for s in shown), self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        inside = 0 <= self._bar_at(event.position().y()) < len(self._bars)
        self.setCursor(Qt.CursorShape.PointingHandCursor if inside else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._bar_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and 0 <= place < len(self._bars):
            self.bar_clicked.emit(self._bars[place].key)


def _readable_on(fill: QColor) -> QColor:
    """White on dark fills, the text colour on light ones."""
    light = 0.2126 * fill.redF() + 0.7152 * fill.greenF() + 0.0722 * fill.blueF() > 0.55
    return look.colour("text") if light else look.colour("surface")


class Legend(QWidget):
    """The words of the states with their colours, in as many lines as the width asks for."""

    def __init__(self, entries: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = tuple(entries)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(360, LEGEND_LINE)

    def heightForWidth(self, width: int) -> int:
        return int(self.boxes(width)[-1].bottom()) if self._entries else 0

    def boxes(self, width: int) -> list[QRectF]:
        """Return where each word goes, its colour before it, when there is so much width."""
        found: list[QRectF] = []
        left, top = 0.0, 0.0
        for word, _tint in self._entries:
            wanted = 15.0 + self.fontMetrics().horizontalAdvance(word) + 2
            if left and left + wanted > width:
                left, top = 0.0, top + LEGEND_LINE
            found.append(QRectF(left, top, wanted, LEGEND_LINE))
            left += wanted + 14
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for (word, tint), box in zip(self._entries, self.boxes(self.width()), strict=True):
            painter.fillRect(QRectF(box.left(), box.center().y() - 5, 10, 10), look.colour(tint))
            painter.setPen(look.colour("secondary"))
            painter.drawText(box.adjusted(15, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, word)
        painter.end()
