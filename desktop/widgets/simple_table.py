"""A small table to look at: a few rows of text, some as badges, one of them perhaps a link. Not for editing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar, overload

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop import look
from desktop.widgets.basics import Tone
from desktop.widgets.table_printer import add_print_entry

ROW_HEIGHT, HEADER_HEIGHT, BADGE_HEIGHT, MARGIN = 30, 30, 20, 8
TONE_ROLE, ELIDE_ROLE = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
Index = QModelIndex | QPersistentModelIndex
T = TypeVar("T")


@dataclass(frozen=True)
class Column:
    """A column; `width` 0 takes what is left, `number` is right-aligned, `both_ends` are kept where room is short."""

    title: str
    width: int = 0
    number: bool = False
    both_ends: bool = False


@dataclass(frozen=True)
class TextCell:
    """What stands in a cell; with `badge` it is drawn as one, otherwise `tone` tints the text."""

    text: str
    tone: Tone = ""
    badge: bool = False
    tip: str = ""


class MadeRows(Sequence[list[TextCell]]):
    """Rows that are made of `items` only when they are looked at; of many thousands nobody sees more than a few."""

    def __init__(self, items: Sequence[T], make: Callable[[T], list[TextCell]]) -> None:
        self._count = len(items)
        self._row = lru_cache(maxsize=256)(lambda place: make(items[place]))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> list[TextCell]: ...
    @overload
    def __getitem__(self, place: slice) -> list[list[TextCell]]: ...
    def __getitem__(self, place: int | slice) -> list[TextCell] | list[list[TextCell]]:
        if isinstance(place, slice):
            return [self._row(each) for each in range(*place.indices(self._count))]
        if not -self._count <= place < self._count:
            raise IndexError(place)
        return self._row(place % self._count)


class SimpleModel(QAbstractTableModel):
    """Rows of `TextCell` under fixed columns."""

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: MadeRows | list[list[TextCell]] = []

    def show_rows(self, rows: Sequence[Sequence[TextCell]]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.rows = rows if isinstance(rows, MadeRows) else [list(row) for row in rows]
        self.endResetModel()

    def replace_row(self, place: int, cells: Sequence[TextCell]) -> None:
        """Put other cells into one row."""
        self.rows = [*self.rows[:place], list(cells), *self.rows[place + 1 :]]
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.columns[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(self.columns[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == TONE_ROLE:
            return cell
        if role == ELIDE_ROLE:
            both = self.columns[index.column()].both_ends
            return Qt.TextElideMode.ElideMiddle if both else Qt.TextElideMode.ElideRight
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(self.columns[index.column()])
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or None
        if role == Qt.ItemDataRole.ForegroundRole and cell.tone and not cell.badge:
            return look.colour(cell.tone)
        return None


class SimpleTable(QTableView):
    """Shows rows; `chosen` carries the row that was double-clicked or entered."""

    chosen = Signal(int)

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows_model = SimpleModel(columns, self)
        self.setModel(self.rows_model)
        self.setItemDelegate(_CellDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setFixedHeight(HEADER_HEIGHT)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        for place, column in enumerate(columns):
            if column.width:
                self.setColumnWidth(place, column.width)
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self.activated.connect(lambda index: self.chosen.emit(index.row()))

    def show_rows(self, rows: Sequence[Sequence[TextCell]]) -> None:
        """Replace all rows."""
        self.rows_model.show_rows(rows)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add_print_entry(menu, self)
        if menu.actions():
            menu.popup(event.globalPos())

    def fit_height(self, most: int = 10) -> None:
        """Take just the height of the rows, `most` at most, for a table that stands among other things."""
        rows = min(max(1, len(self.rows_model.rows)), most)
        self.setFixedHeight(HEADER_HEIGHT + ROW_HEIGHT * rows + 2)


class _CellDelegate(QStyledItemDelegate):
    """Draws a cell with the margins of the header above it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell = index.data(TONE_ROLE)
        painter.save()
        room = begin_cell(painter, option)
        if cell.badge and cell.text:
            draw_badge(painter, room, cell.text, cell.tone)
        else:
            painter.setPen(look.colour(cell.tone or "text"))
            mode = index.data(ELIDE_ROLE)
            shown = painter.fontMetrics().elidedText(cell.text, mode, int(room.width()))
            painter.drawText(room, index.data(Qt.ItemDataRole.TextAlignmentRole), shown)
        painter.restore()


def begin_cell(painter: QPainter, option: QStyleOptionViewItem) -> QRectF:
    """Draw a cell's ground and the line below it; return the room inside the margins of the header."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(option.rect, look.colour("selection"))
    painter.setPen(look.colour("line_soft"))
    painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
    return QRectF(option.rect).adjusted(MARGIN, 0, -MARGIN, 0)


def draw_badge(painter: QPainter, room: QRectF, text: str, tone: Tone) -> None:
    """Draw a badge at the left of `room`."""
    width = painter.fontMetrics().horizontalAdvance(text) + 18
    area = QRectF(room.left(), room.center().y() - BADGE_HEIGHT / 2, width, BADGE_HEIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour(f"{tone or 'neutral'}_tint"))
    painter.drawRoundedRect(area, BADGE_HEIGHT / 2, BADGE_HEIGHT / 2)
    painter.setPen(look.colour(tone or "neutral"))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)


def _alignment(column: Column) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
