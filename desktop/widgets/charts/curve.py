"""Values over months as lines: what was done, what was planned, where it leads. What was not reported leaves a gap."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from db.work.arithmetic import figure
from desktop import look
from desktop.widgets.charts.chart import Chart, Spot
from desktop.widgets.charts.data import Series
from desktop.widgets.charts.marks import pen_of
from desktop.widgets.charts.scale import spread_labels, ticks

TOP, GAP, POINT = 8.0, 8.0, 7.0
LABEL_GAP = 10.0
MOST_POINTS = 14


class Curve(Chart):
    """One line for each series; the rows are the months, from left to right."""

    along_rows = True
    most_steps = 4

    def sizeHint(self) -> QSize:
        return QSize(320, 180)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 120)

    def _steps(self) -> list[Decimal]:
        return ticks(self.data.largest, self.most_steps)

    def _area(self, size: QSizeF, metrics: QFontMetricsF) -> QRectF:
        """Return where the lines lie, between the numbers at the left and the months below."""
        left = max(metrics.horizontalAdvance(figure(step)) for step in self._steps()) + GAP
        bottom = metrics.height() + GAP
        return QRectF(left, TOP, max(size.width() - left - GAP - 4, 1), max(size.height() - TOP - bottom, 1))

    def _point(self, area: QRectF, row: int, value: Decimal) -> QPointF:
        count = len(self.data.rows)
        x = area.center().x() if count == 1 else area.left() + area.width() * row / (count - 1)
        return QPointF(x, area.bottom() - area.height() * float(max(value, Decimal(0)) / self._steps()[-1]))

    def spots(self, size: QSizeF, metrics: QFontMetricsF) -> list[Spot]:
        area = self._area(size, metrics)
        found = []
        for place, row in enumerate(self.data.rows):
            for series, value in enumerate(row.values):
                if value is not None:
                    box = QRectF(0, 0, POINT, POINT)
                    box.moveCenter(self._point(area, place, value))
                    found.append(Spot(place, series, box))
        return found

    def spot_at(self, point: QPointF) -> Spot | None:
        """As in any chart, but the whole height over a month belongs to it."""
        spots = self._spots()
        if not spots:
            return None
        x = min((spot.area.center().x() for spot in spots), key=lambda each: abs(each - point.x()))
        width = self.width() / max(len(self.data.rows), 1)
        if abs(x - point.x()) > max(width, POINT):
            return None
        over = [spot for spot in spots if spot.area.center().x() == x]
        return min(over, key=lambda spot: (abs(spot.area.center().y() - point.y()), spot.series))

    def draw(self, painter: QPainter, size: QSizeF) -> None:
        if self.data.is_empty:
            return
        metrics = QFontMetricsF(painter.font())
        area = self._area(size, metrics)
        self._draw_axes(painter, area, metrics)
        for series in reversed(range(len(self.data.series))):
            self._draw_line(painter, area, series)

    def _draw_axes(self, painter: QPainter, area: QRectF, metrics: QFontMetricsF) -> None:
        steps = self._steps()
        for step in steps:
            y = area.bottom() - area.height() * float(step / steps[-1])
            painter.setPen(QPen(look.colour("control" if not step else "line_soft"), 1))
            painter.drawLine(QLineF(area.left(), y, area.right(), y))
            painter.setPen(look.colour("secondary"))
            box = QRectF(0, y - metrics.height() / 2, area.left() - GAP, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure(step))
        labels = [row.short or row.label for row in self.data.rows]
        widths = [metrics.horizontalAdvance(each) for each in labels]
        every = spread_labels(widths, area.width(), LABEL_GAP)
        painter.setPen(look.colour("secondary"))
        for place in range(0, len(labels), every):
            x = self._point(area, place, Decimal(0)).x()
            box = QRectF(0, area.bottom() + GAP / 2, widths[place] + 2, metrics.height())
            box.moveLeft(min(max(x - box.width() / 2, 0.0), area.right() + GAP + 4 - box.width()))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, labels[place])

    def _draw_line(self, painter: QPainter, area: QRectF, series: int) -> None:
        """Draw what hangs together; on the line of what was reported a point for each month in which it was, or where
        there are many of them for the last.
        """
        kind = self.data.series[series]
        solid, few = kind.mark == "line", len(self.data.rows) <= MOST_POINTS
        for stretch in self._stretches(series):
            points = [self._point(area, place, value) for place, value in stretch]
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen_of(kind, 2.4 if solid else 1.6))
            painter.drawPolyline(QPolygonF(points))
            painter.setBrush(look.colour(kind.tint))
            alone = len(stretch) == 1
            reported = [at for at, (place, _) in zip(points, stretch, strict=True) if self._is_reported(place, kind)]
            for point in reported if (solid and few) or alone else reported[-1:] if solid else ():
                painter.drawEllipse(point, 2.4, 2.4)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _is_reported(self, place: int, kind: Series) -> bool:
        """Return whether the month's value was filed in it; what was planned is there in any case."""
        return kind.mark != "line" or not self.data.rows[place].silent

    def _stretches(self, series: int) -> list[list[tuple[int, Decimal]]]:
        """Return the months of the line with their values, cut where something was not reported."""
        found: list[list[tuple[int, Decimal]]] = [[]]
        for place, row in enumerate(self.data.rows):
            value = row.values[series]
            if value is not None:
                found[-1].append((place, value))
            elif found[-1]:
                found.append([])
        return [stretch for stretch in found if stretch]
