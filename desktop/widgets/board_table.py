"""The matrix of 收发: units down, tables across, in each cell how far the table is; the names of the units stay."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from db.work.assignees import Assignee
from db.work.handouts import NONE, NOTHING
from desktop import look
from desktop.models.board_model import STATE_ROLE, BoardModel
from desktop.widgets.basics import Tone
from desktop.widgets.simple_table import HEADER_HEIGHT, ROW_HEIGHT, begin_cell, draw_badge

Index = QModelIndex | QPersistentModelIndex

TONES: dict[str, Tone] = {
    "written": "notice",
    "sent": "notice",
    "received": "caution",
    "faulty": "bad",
    "stored": "good",
}
NAME_WIDTHS = (120, 240)
COLUMN_WIDTHS = (92, 190)


class BoardTable(QTableView):
    """Shows a `BoardModel`; `unit_chosen` carries the unit whose row is current, None for none."""

    unit_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.board = BoardModel()
        self.board.setParent(self)
        self.setObjectName("board")
        self.setModel(self.board)
        self.setItemDelegate(_StateDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        left, top = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignVCenter
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultAlignment(left | top)
        rows.setTextElideMode(Qt.TextElideMode.ElideRight)
        columns.setFixedHeight(HEADER_HEIGHT)
        columns.setStretchLastSection(True)
        columns.setDefaultAlignment(left | top)
        columns.setTextElideMode(Qt.TextElideMode.ElideRight)
        for each in (rows, columns):
            each.setHighlightSections(False)
        self.selectionModel().selectionChanged.connect(lambda *_: self.unit_chosen.emit(self.unit))
        self.board.modelReset.connect(self._fit)

    @property
    def unit(self) -> Assignee | None:
        """Return the unit that is chosen, None for none."""
        chosen = self.units
        return chosen[0] if chosen else None

    @property
    def units(self) -> list[Assignee]:
        """Return the units that are chosen, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.board.units[row] for row in rows]

    def _fit(self) -> None:
        """Give names and headings the room they need, within reason; their tips say the rest."""
        words = self.fontMetrics().horizontalAdvance
        widest = max((words(unit.name) for unit in self.board.units), default=0) + 24
        self.verticalHeader().setFixedWidth(min(max(widest, NAME_WIDTHS[0]), NAME_WIDTHS[1]))
        for column, (_, title) in enumerate(self.board.board.tables):
            self.setColumnWidth(column, min(max(words(title) + 24, COLUMN_WIDTHS[0]), COLUMN_WIDTHS[1]))


class _StateDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        state = index.data(STATE_ROLE)
        painter.save()
        room = begin_cell(painter, option)
        if state.status in (NONE, NOTHING):
            painter.setPen(look.colour("muted"))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, state.title)
        else:
            draw_badge(painter, room, state.title, TONES[state.status])
        painter.restore()
