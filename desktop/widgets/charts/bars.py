"""Charts of lying bars: `StackedBars` adds the series up in one bar, `ComparedBars` holds one against the other."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from db.work.arithmetic import figure
from desktop import look
from desktop.widgets.charts.chart import Chart, Spot
from desktop.widgets.charts.marks import paint_shape, readable_on

GAP = 10.0
KEY = 9.0
WIDEST_LABEL = 0.34
"""Of the chart's width; longer labels end in …."""


class _Bars(Chart):
    """One bar for each row, from top to bottom, on one scale; labels at the left, a number at the right."""

    row_height, bar_height = 32, 18

    def sizeHint(self) -> QSize:
        return QSize(360, self.row_height * max(1, len(self.data.rows)))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def _label_width(self, size: QSizeF, metrics: QFontMetricsF) -> float:
        widest = max((metrics.horizontalAdvance(row.label) for row in self.data.rows), default=0.0)
        return min(widest, size.width() * WIDEST_LABEL) + GAP

    def _number(self, row: int) -> str:
        raise NotImplementedError

    def _track(self, size: QSizeF, metrics: QFontMetricsF, row: int) -> QRectF:
        """Return where the bar of a row may lie."""
        left = self._label_width(size, metrics)
        numbers = (metrics.horizontalAdvance(self._number(each)) for each in range(len(self.data.rows)))
        right = max(numbers, default=0.0) + GAP
        height = size.height() / max(1, len(self.data.rows))
        top = row * height + (height - self.bar_height) / 2
        return QRectF(left, top, max(size.width() - left - right, 1.0), self.bar_height)

    def _draw_words(self, painter: QPainter, size: QSizeF) -> None:
        metrics = QFontMetricsF(painter.font())
        middle = Qt.AlignmentFlag.AlignVCenter
        for place, row in enumerate(self.data.rows):
            track = self._track(size, metrics, place)
            box = track.adjusted(0, -8, 0, 8)
            painter.setPen(look.colour("text"))
            words = QRectF(0, box.top(), track.left() - GAP, box.height())
            shown = metrics.elidedText(row.label, Qt.TextElideMode.ElideRight, words.width() + 1)
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | middle, shown)
            painter.setPen(look.colour("secondary"))
            number = QRectF(track.right(), box.top(), size.width() - track.right(), box.height())
            painter.drawText(number, Qt.AlignmentFlag.AlignRight | middle, self._number(place))


class StackedBars(_Bars):
    """Counts by kind, one after the other in each bar, with their marks and numbers in them."""

    def _number(self, row: int) -> str:
        return f"共{figure(self.data.rows[row].total)}"

    def spots(self, size: QSizeF, metrics: QFontMetricsF) -> list[Spot]:
        longest = max((row.total for row in self.data.rows), default=0)
        found: list[Spot] = []
        if not longest:
            return found
        for place, row in enumerate(self.data.rows):
            track = self._track(size, metrics, place)
            left = track.left()
            for series, value in enumerate(row.values):
                if value:
                    width = track.width() * float(value / longest)
                    found.append(Spot(place, series, QRectF(left, track.top(), max(1.0, width - 1), track.height())))
                    left += width
        return found

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        metrics = QFontMetricsF(painter.font())
        self._draw_words(painter, size)
        for spot in self.spots(size, metrics):
            series = self.data.series[spot.series]
            fill = look.colour(series.tint)
            painter.fillRect(spot.area, fill)
            value = self.data.rows[spot.row].values[spot.series]
            text = "" if value is None else figure(value)
            needed = metrics.horizontalAdvance(text)
            if needed + 6 > spot.area.width():
                continue
            ink, keyed = readable_on(fill), needed + KEY + 12 <= spot.area.width()
            painter.setPen(ink)
            box = spot.area.adjusted(KEY + 4 if keyed else 0, 0, 0, 0)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
            if keyed:
                left = box.center().x() - needed / 2 - KEY - 3
                paint_shape(painter, QRectF(left, box.center().y() - KEY / 2, KEY, KEY), series.mark, ink)


class ComparedBars(_Bars):
    """The first series as a bar before the second, which is a paler one with a line at its end; one row per town."""

    row_height, bar_height = 26, 16

    def _number(self, row: int) -> str:
        value = self.data.rows[row].values[0]
        return "—" if value is None else figure(value, "%" if self.data.unit == "%" else "")

    def spots(self, size: QSizeF, metrics: QFontMetricsF) -> list[Spot]:
        largest = self.data.largest
        found: list[Spot] = []
        if largest <= 0:
            return found
        for place, row in enumerate(self.data.rows):
            track = self._track(size, metrics, place)
            for series, value in enumerate(row.values):
                if value is not None and value >= 0:
                    inset = 0 if series else 3
                    width = max(track.width() * float(value / largest), 2.0)
                    area = QRectF(track.left(), track.top() + inset, width, track.height() - 2 * inset)
                    found.append(Spot(place, series, area))
        return found

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        metrics = QFontMetricsF(painter.font())
        self._draw_words(painter, size)
        if not self.data.rows:
            return
        first, last = (self._track(size, metrics, place) for place in (0, len(self.data.rows) - 1))
        painter.setPen(QPen(look.colour("line"), 1))
        painter.drawLine(first.topLeft() - QPointF(0, 4), last.bottomLeft() + QPointF(0, 4))
        for spot in sorted(self.spots(size, metrics), key=lambda spot: -spot.series):
            series = self.data.series[spot.series]
            if spot.series:
                painter.fillRect(spot.area, look.colour("line_soft"))
                painter.setPen(QPen(look.colour(series.tint), 2))
                painter.drawLine(spot.area.topRight(), spot.area.bottomRight())
            else:
                painter.fillRect(spot.area, look.colour(series.tint))
