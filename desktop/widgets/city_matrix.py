"""The matrix of 市级核收: who has reported what, in words, with a shape and a colour of its own for each state."""

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

from db.exchange.ledger.standing import Board, Place, State
from desktop import look
from desktop.models.city_matrix_model import PLACE_ROLE, CityMatrixModel
from desktop.widgets.basics import Tone
from desktop.widgets.simple_table import HEADER_HEIGHT, begin_cell, draw_badge

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT, COLUMN_WIDTH, WIDE_COLUMN, NAME_WIDTH = 28, 84, 110, 104

# Shapes that every Chinese font has, so that a black and white print tells them apart too.
LOOKS: dict[State, tuple[str, Tone]] = {
    State.MISSING: ("○", "neutral"),
    State.REPORTED: ("■", "notice"),
    State.ON_TIME: ("●", "notice"),
    State.LATE: ("▲", "caution"),
    State.CONFLICT: ("◆", "bad"),
    State.RETURNED: ("←", "bad"),
    State.ACCEPTED: ("√", "good"),
}


def words_of(state: State) -> str:
    """Return shape and word of a state: ● 按时."""
    return f"{LOOKS[state][0]} {state.value}"


class CityMatrix(QTableView):
    """Shows a board; `place_chosen` carries the place that is current, None for none, `opened` one to be opened."""

    place_chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix = CityMatrixModel()
        self.matrix.setParent(self)
        self.setObjectName("board")
        self.setAccessibleName("各县报送情况")
        self.setModel(self.matrix)
        self.setItemDelegate(_PlaceDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setFixedWidth(NAME_WIDTH)
        columns.setFixedHeight(HEADER_HEIGHT)
        for each in (rows, columns):
            each.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            each.setDefaultAlignment(side)
            each.setHighlightSections(False)
        self.selectionModel().currentChanged.connect(lambda *_: self.place_chosen.emit(self.place))
        self.activated.connect(lambda _: self._open())

    @property
    def place(self) -> Place | None:
        """Return the place that is current."""
        index = self.currentIndex()
        return self.matrix.place(index) if index.isValid() else None

    def show_board(self, board: Board, kind: str, year: int = 0) -> None:
        """Show the reports of one kind; the current place stays so where it is still shown."""
        before = self.place
        self.matrix.show(board, kind, year)
        wide = all(len(period) == 4 for period in self.matrix.periods)
        self.horizontalHeader().setDefaultSectionSize(WIDE_COLUMN if wide else COLUMN_WIDTH)
        if before is not None and before.kind == kind:
            self.choose(before.county, before.period)
        else:
            self.place_chosen.emit(None)

    def choose(self, county: str, period: str) -> None:
        """Make a place the current one."""
        index = self.matrix.index_of(county, period)
        self.setCurrentIndex(index)
        self.place_chosen.emit(self.place)

    def _open(self) -> None:
        if self.place is not None and self.place.number:
            self.opened.emit(self.place)


class _PlaceDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        place: Place = index.data(PLACE_ROLE)
        painter.save()
        room = begin_cell(painter, option)
        if place.state is State.MISSING:
            painter.setPen(look.colour("bad" if place.overdue else "disabled"))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), words_of(place.state))
        else:
            draw_badge(painter, room, words_of(place.state), LOOKS[place.state][1])
        painter.restore()
