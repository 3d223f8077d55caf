"""A chart on paper: its title, the drawing, the words of its marks and the numbers below, on one page or more."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPagedPaintDevice, QPainter, QPen

from desktop import look
from desktop.widgets.charts.chart import Chart
from desktop.widgets.charts.legend import boxes, draw_legend

PAGE_WIDTH = 640.0
"""How wide the page is in the chart's own points: letters come out about as large as in a letter."""

ROW = 22.0
TITLE_HEIGHT = 40.0


def print_chart(device: QPagedPaintDevice, chart: Chart, note: str = "") -> None:
    """Draw the chart with its table onto the pages of `device` (a printer or a PDF); `note` stands below the title."""
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(chart.font())
    scale = painter.viewport().width() / PAGE_WIDTH
    painter.scale(scale, scale)
    page = QSizeF(PAGE_WIDTH, painter.viewport().height() / scale)
    top = _title(painter, page, chart.data.full_title, note)
    wanted = QSizeF(page.width(), min(max(chart.sizeHint().height() * 1.0, 220.0), page.height() * 0.6))
    painter.translate(0, top)
    chart.draw(painter, wanted)
    painter.translate(0, wanted.height() + 10)
    draw_legend(painter, chart.data.series, page)
    keys = boxes(chart.data.series, page.width(), QFontMetricsF(painter.font()))
    used = top + wanted.height() + 10 + (keys[-1].bottom() if keys else 0) + 14
    painter.resetTransform()
    painter.scale(scale, scale)
    _table(device, painter, chart, page, used)
    painter.end()


def _title(painter: QPainter, page: QSizeF, title: str, note: str) -> float:
    font, heading = painter.font(), QFont(painter.font())
    heading.setBold(True)
    heading.setPixelSize(20)
    painter.setFont(heading)
    painter.setPen(look.colour("text"))
    painter.drawText(QRectF(0, 0, page.width(), TITLE_HEIGHT), Qt.AlignmentFlag.AlignCenter, title)
    painter.setFont(font)
    if not note:
        return TITLE_HEIGHT + 10
    painter.setPen(look.colour("secondary"))
    painter.drawText(QRectF(0, TITLE_HEIGHT, page.width(), ROW), Qt.AlignmentFlag.AlignCenter, note)
    return TITLE_HEIGHT + ROW + 10


def _table(device: QPagedPaintDevice, painter: QPainter, chart: Chart, page: QSizeF, top: float) -> None:
    """Draw the numbers; the headings are repeated on each page they go on to."""
    headings, *lines = chart.data.table()
    columns = len(headings)
    first = page.width() * (0.3 if columns > 2 else 0.5)
    others = (page.width() - first) / max(columns - 1, 1)

    def line(texts: list[str], y: float, ink: str) -> None:
        metrics = QFontMetricsF(painter.font())
        painter.setPen(QPen(look.colour("control"), 0.6))
        painter.drawLine(0, round(y + ROW), round(page.width()), round(y + ROW))
        painter.setPen(look.colour(ink))
        for place, text in enumerate(texts):
            left, width = (0.0, first) if not place else (first + others * (place - 1), others)
            side = Qt.AlignmentFlag.AlignLeft if not place else Qt.AlignmentFlag.AlignRight
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - 4)
            painter.drawText(QRectF(left, y, width - 4, ROW), side | Qt.AlignmentFlag.AlignVCenter, shown)

    y = top
    line(headings, y, "secondary")
    for texts in lines:
        y += ROW
        if y + ROW > page.height():
            device.newPage()
            y = ROW
            line(headings, 0.0, "secondary")
        line(texts, y, "text")
