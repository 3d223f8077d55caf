"""The marks of a task's state: each has its own shape, word and colour, so none is told apart by colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from db.work.task_states import StateKind
from desktop.look import colour


@dataclass(frozen=True)
class Mark:
    """How a state looks: shape and the palette's colour for shape and word, and the filter's word for it."""

    shape: str
    colour: str
    word: str


MARKS: dict[StateKind, Mark] = {
    StateKind.NOT_STARTED: Mark("ring", "secondary", "未分解"),
    StateKind.PARTLY: Mark("half", "caution", "部分"),
    StateKind.UNBALANCED: Mark("triangle", "bad", "余额≠0"),
    StateKind.DONE: Mark("full", "good", "已完成"),
    StateKind.EXCLUDED: Mark("cross", "secondary", "不涉及"),
    StateKind.PENDING: Mark("diamond", "notice", "待定"),
    StateKind.UNDECIDED: Mark("question", "notice", "涉及待定"),
    StateKind.NOTHING: Mark("dash", "muted", "不分解"),
}


def paint_mark(painter: QPainter, box: QRectF, mark: Mark) -> None:
    """Draw the mark's shape into the square `box`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = colour(mark.colour)
    painter.setPen(QPen(ink, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = box.adjusted(1, 1, -1, -1)
    match mark.shape:
        case "ring":
            painter.drawEllipse(inner)
        case "full":
            painter.setBrush(ink)
            painter.drawEllipse(inner)
        case "half":
            painter.drawEllipse(inner)
            left = QPainterPath(inner.center())
            left.arcTo(inner, 90, 180)
            painter.fillPath(left, ink)
        case "triangle":
            painter.setBrush(ink)
            painter.drawPolygon(
                QPolygonF([QPointF(inner.center().x(), inner.top()), inner.bottomRight(), inner.bottomLeft()])
            )
        case "diamond":
            centre = inner.center()
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(centre.x(), inner.top()),
                        QPointF(inner.right(), centre.y()),
                        QPointF(centre.x(), inner.bottom()),
                        QPointF(inner.left(), centre.y()),
                    ]
                )
            )
        case "question":
            font = painter.font()
            font.setPixelSize(round(box.height()) + 1)
            font.setBold(True)
            painter.setFont(font)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "?")
        case "cross":
            painter.drawLine(inner.topLeft(), inner.bottomRight())
            painter.drawLine(inner.topRight(), inner.bottomLeft())
        case _:
            painter.drawLine(QPointF(inner.left(), inner.center().y()), QPointF(inner.right(), inner.center().y()))
    painter.restore()
