"""How a cell's marks are drawn: a speech bubble in its upper corner for the city's remarks, a small figure below it for
what 审核 found. They differ in shape, not in colour alone.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from db.checks.model import Level
from db.work.remarks import NEW, PROPOSED
from desktop.cell_marks import CellMark
from desktop.look import colour, pen
from desktop.widgets.remark_tones import TONES

ISSUE_COLOURS = {Level.BLOCKING: "lamp_red", Level.CONFIRM: "lamp_yellow", Level.EXPLAIN: "lamp_blue"}
_SIZE, _HANDLE = 6.0, 6
"""How large an issue's figure is, and how far above the corner, where the current cell has the square that fills."""


def paint_mark(painter: QPainter, cell: QRect, mark: CellMark) -> None:
    """Draw what is marked at a cell into its right corners."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if mark.remark:
        paint_bubble(painter, cell.topRight() + QPoint(-10, 1), mark.remark)
    if mark.issue:
        box = QRectF(cell.right() - _SIZE - 1, cell.bottom() - _SIZE - _HANDLE, _SIZE, _SIZE)
        _paint_issue(painter, box, mark.issue)
    painter.restore()


def paint_bubble(painter: QPainter, at: QPoint, status: str) -> None:
    """Draw a remark, 9 pixels wide: full when it is new, empty when answered, ticked when it is said to be settled."""
    name = TONES[status]
    left, top = at.x() + 0.5, at.y() + 0.5
    path = QPainterPath()
    path.addRoundedRect(QRectF(left, top, 8, 5.5), 1.5, 1.5)
    tail = QPainterPath()
    tail.addPolygon(
        QPolygonF([QPointF(left + 1.5, top + 5), QPointF(left + 1.5, top + 7.5), QPointF(left + 4, top + 5)])
    )
    painter.setPen(pen(name, 1))
    painter.setBrush(colour(name if status == NEW else "surface"))
    painter.drawPath(path.united(tail).simplified())
    if status == PROPOSED:
        painter.setPen(pen(name, 1.2))
        painter.drawPolyline(
            QPolygonF([QPointF(left + 2, top + 2.6), QPointF(left + 3.5, top + 4.1), QPointF(left + 6.2, top + 1.2)])
        )


def _paint_issue(painter: QPainter, box: QRectF, level: str) -> None:
    """Draw a square for what has to be mended, a triangle for what somebody has to agree to, else a diamond."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(ISSUE_COLOURS[Level(level)]))
    middle = box.center()
    match level:
        case Level.BLOCKING:
            painter.drawRect(box)
        case Level.CONFIRM:
            painter.drawPolygon(QPolygonF([QPointF(middle.x(), box.top()), box.bottomRight(), box.bottomLeft()]))
        case _:
            sides = [QPointF(middle.x(), box.top()), QPointF(box.right(), middle.y())]
            painter.drawPolygon(QPolygonF([*sides, QPointF(middle.x(), box.bottom()), QPointF(box.left(), middle.y())]))
