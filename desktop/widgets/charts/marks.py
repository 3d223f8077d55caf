"""The shapes that tell series apart where colour cannot, and the pens of lines."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from desktop.look import colour
from desktop.widgets.charts.data import Mark, Series

LINES: dict[Mark, Qt.PenStyle] = {
    "line": Qt.PenStyle.SolidLine,
    "dashes": Qt.PenStyle.DashLine,
    "dots": Qt.PenStyle.DotLine,
}


def pen_of(series: Series, width: float = 2.0) -> QPen:
    """Return the pen of a series' line."""
    pen = QPen(colour(series.tint), width, LINES.get(series.mark, Qt.PenStyle.SolidLine))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def paint_key(painter: QPainter, box: QRectF, series: Series) -> None:
    """Draw what stands for the series in the square `box`: its shape, or a piece of its line."""
    if series.mark in LINES:
        painter.setPen(pen_of(series))
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))
    else:
        paint_shape(painter, box, series.mark, colour(series.tint))


def paint_shape(painter: QPainter, box: QRectF, mark: Mark, ink: QColor) -> None:
    """Draw a shape into the square `box`."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    centre = box.center()
    match mark:
        case "circle":
            painter.drawEllipse(box)
        case "ring":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink, 2))
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        case "triangle":
            painter.drawPolygon(QPolygonF([QPointF(centre.x(), box.top()), box.bottomRight(), box.bottomLeft()]))
        case "diamond":
            corners = [(centre.x(), box.top()), (box.right(), centre.y()), (centre.x(), box.bottom())]
            corners.append((box.left(), centre.y()))
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        case _:
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def readable_on(fill: QColor) -> QColor:
    """Return the text's colour or white, whichever stands out more from `fill` (WCAG contrast)."""
    ground = _luminance(fill)
    dark, light = (colour(name) for name in ("text", "surface"))
    return max((dark, light), key=lambda ink: _contrast(_luminance(ink), ground))


def _contrast(one: float, other: float) -> float:
    high, low = max(one, other), min(one, other)
    return (high + 0.05) / (low + 0.05)


def _luminance(ink: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(ink.redF()) + 0.7152 * linear(ink.greenF()) + 0.0722 * linear(ink.blueF())
