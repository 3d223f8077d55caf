"""The one table of the program: any number of rows, edited like Excel, first columns frozen.

grid = Grid(session, TableQuery(load_schema("enterprise")))
grid.selection_told.connect(...)   # 已选 3 格　合计 6,400　平均 2,133.33
grid.current_changed.connect(...)  # the id of the row with the cursor
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu, QTableView, QWidget

from db.core.values import Cell
from db.store.query import TableQuery
from desktop.models.grid_model import GridModel
from desktop.models.selection import ranges
from desktop.session import Session
from desktop.settings import Settings
from desktop.widgets.frozen_columns import FrozenColumns
from desktop.widgets.grid_blocks import GridBlocks
from desktop.widgets.grid_columns import GridColumns
from desktop.widgets.grid_delegate import GridDelegate
from desktop.widgets.grid_editing import CellEditing
from desktop.widgets.grid_header import GridHeader
from desktop.widgets.grid_sum import words_for

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 29
_MOVES = {
    Qt.Key.Key_Return: (1, 0),
    Qt.Key.Key_Enter: (1, 0),
    Qt.Key.Key_Tab: (0, 1),
    Qt.Key.Key_Backtab: (0, -1),
}


class Grid(QTableView):
    """A view on a `GridModel` of its own (`grid.rows`); `may_add` lets a paste below the last row add rows.

    `defaults` gives the values that new rows begin with. `name` keeps widths and hidden columns between starts.
    """

    current_changed = Signal(str)
    selection_told = Signal(str)
    row_activated = Signal(str)
    menu_wanted = Signal(object)

    def __init__(
        self,
        session: Session,
        query: TableQuery,
        parent: QWidget | None = None,
        *,
        name: str = "",
        may_add: bool = True,
        settings: Settings | None = None,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.rows = GridModel(session, query, self)
        self.may_add = may_add
        self.defaults: Callable[[], dict[str, Cell]] = dict
        self._wanted_row = self._wanted_field = ""
        self._dress()
        self.heading = GridHeader(self)
        self.setHorizontalHeader(self.heading)
        self.setModel(self.rows)
        self.setItemDelegate(GridDelegate(self, self))
        self.frozen = FrozenColumns(self)
        self.columns = GridColumns(self, name or query.schema.name, settings)
        self.editing = CellEditing(self, self.rows)
        self.blocks = GridBlocks(self)
        self._sum_timer = QTimer(self, singleShot=True, interval=60)
        self._sum_timer.timeout.connect(self._tell_selection)
        self._connect()
        self.rows.refresh(keep=False)

    def _dress(self) -> None:
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(vertical.ResizeMode.Fixed)
        vertical.setDefaultSectionSize(ROW_HEIGHT)
        vertical.setMinimumSectionSize(ROW_HEIGHT)

    def _connect(self) -> None:
        self.heading.sort_wanted.connect(self.sort_by)
        self.heading.filter_wanted.connect(self.columns.open_filter)
        self.rows.loaded.connect(self._loaded)
        self.rows.rows_arrived.connect(self._arrived)
        self.rows.query_changed.connect(self.heading.viewport().update)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(lambda _value: self.editing.place())
        self.heading.sectionResized.connect(lambda *_sizes: self.editing.place())
        self.selectionModel().selectionChanged.connect(lambda *_ranges: self._sum_timer.start())
        self.selectionModel().currentChanged.connect(self._moved)

    # -- order and window -------------------------------------------------------------------------------------

    def sort_by(self, column: int, more: bool = False) -> None:
        """Order by the column: upwards, downwards, not at all, in turn; with `more` beside those that order already."""
        if self.editing.finish():
            self.rows.set_sorts(self.rows.asked.turned(self.rows.fields[column].name, more=more))

    def _loaded(self, _count: int) -> None:
        self.frozen.fit()
        wanted, self._wanted_row = self._wanted_row, ""
        if wanted:
            self.reveal(wanted, self._wanted_field)
        self.editing.follow()
        self._scrolled()
        self._sum_timer.start()

    def _arrived(self) -> None:
        self.editing.follow()
        self._sum_timer.start()
        self._tell_current()

    def _scrolled(self) -> None:
        rows = self.visible_rows()
        self.rows.look_at(rows.start, rows.stop - 1)
        self.editing.place()

    def visible_rows(self) -> range:
        """Return the rows that are on the screen."""
        if not self.rows.rowCount():
            return range(0)
        top = self.rowAt(0)
        bottom = self.rowAt(self.viewport().height() - 1)
        return range(max(top, 0), (bottom if bottom >= 0 else self.rows.rowCount() - 1) + 1)

    def view_of(self, column: int) -> QTableView:
        """Return the view that shows the column: the frozen one or this."""
        return self.frozen if self.frozen.has(column) else self

    def reveal(self, row_id: str, field: str = "") -> None:
        """Put the cursor on a row, in the column `field` when given; waits for rows that are on their way."""
        if not self.rows.is_loaded:
            self._wanted_row, self._wanted_field = row_id, field
            return
        column = self.rows.column_of(field) if field in self.rows.query.schema else max(self.currentIndex().column(), 0)
        self.rows.find(row_id, lambda row: self.go_to(row, column))

    def go_to(self, row: int, column: int) -> None:
        """Put the cursor on a cell and show it."""
        index = self.rows.index(row, column)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    def add_row(self, values: dict[str, Cell] | None = None) -> None:
        """Add a row and put the cursor on it."""
        self.blocks.add({**self.defaults(), **(values or {})})

    # -- the cursor -------------------------------------------------------------------------------------------

    def _moved(self, _current: Index, previous: Index) -> None:
        for index in (self.currentIndex(), previous):
            if index.isValid():
                self.view_of(index.column()).update(index)
        self._tell_current()

    def _tell_current(self) -> None:
        row = self.currentIndex().row()
        self.current_changed.emit(self.rows.row_id(row) if row >= 0 else "")

    def step(self, down: int, right: int) -> None:
        """Move the cursor, over hidden columns, and from the last column to the next row."""
        current = self.currentIndex()
        if not current.isValid():
            if self.rows.rowCount():
                self.go_to(0, self._visible_columns()[0])
            return
        row, columns = current.row() + down, self._visible_columns()
        place = columns.index(current.column()) + right if current.column() in columns else 0
        if place >= len(columns):
            row, place = row + 1, 0
        elif place < 0:
            row, place = row - 1, len(columns) - 1
        if 0 <= row < self.rows.rowCount():
            self.go_to(row, columns[place])

    def _visible_columns(self) -> list[int]:
        return [column for column in range(len(self.rows.fields)) if not self.columns.is_hidden(column)]

    def _tell_selection(self) -> None:
        self.selection_told.emit(words_for(self.rows, ranges(self.selectionModel())))

    # -- keys and mouse ---------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self._block_key(event):
            return
        if key in _MOVES and not modifiers & ~Qt.KeyboardModifier.ShiftModifier:
            down, right = _MOVES[key]
            back = bool(modifiers & Qt.KeyboardModifier.ShiftModifier) and down
            self.step(-down if back else down, right)
        elif key == Qt.Key.Key_F2:
            self.editing.open(self.currentIndex())
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not modifiers:
            self.blocks.set_cells(None)
        elif self._is_typing(event):
            self.editing.open(self.currentIndex(), event.text())
        else:
            super().keyPressEvent(event)

    def _block_key(self, event: QKeyEvent) -> bool:
        """Carry out copy, cut, paste, fill down and select all; return whether it was one of them."""
        keys = QKeySequence.StandardKey
        if event.matches(keys.Copy):
            self.blocks.copy()
        elif event.matches(keys.Cut):
            self.blocks.cut()
        elif event.matches(keys.Paste):
            self.blocks.paste()
        elif event.matches(keys.SelectAll):
            self.selectAll()
        elif event.key() == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.blocks.fill_down()
        else:
            return False
        return True

    @staticmethod
    def _is_typing(event: QKeyEvent) -> bool:
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        return bool(event.text()) and event.text().isprintable() and not held

    def event(self, event: QEvent) -> bool:
        # Tab belongs to the cells, as in Excel.
        tabs = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in tabs:
            self.keyPressEvent(event)
            return True
        return super().event(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Begin a cell with an input method: its first letters go to the editor that opens."""
        if not (event.commitString() or event.preeditString()):
            super().inputMethodEvent(event)
        elif self.editing.open(self.currentIndex(), "") and self.editing.editor is not None:
            QApplication.sendEvent(self.editing.editor, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.editing.is_open and not self.editing.finish():
            if self.editing.editor is not None:
                self.editing.editor.setFocus()
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self.editing.open(index):
            self.row_activated.emit(self.rows.row_id(index.row()))

    def contextMenuEvent(self, event: QEvent) -> None:
        menu = self.blocks.menu()
        self.menu_wanted.emit(menu)
        self._popup(menu, event)

    @staticmethod
    def _popup(menu: QMenu, event: QEvent) -> None:
        place = getattr(event, "globalPos", None)
        if place is not None and menu.actions():
            menu.popup(place())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.rows.rowCount():
            self.go_to(0, self._visible_columns()[0])
        self._repaint_cursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint_cursor()

    def _repaint_cursor(self) -> None:
        current = self.currentIndex()
        if current.isValid():
            self.view_of(current.column()).update(current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        current, old = self.currentIndex(), QRect(QPoint(), event.oldSize())
        was_seen = current.isValid() and old.intersects(self.visualRect(current))
        super().resizeEvent(event)
        self.frozen.fit()
        if was_seen:  # the form may open beside a cell that was just gone to
            self.scrollTo(current)
        self._scrolled()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Show a cell; one behind the frozen columns is brought out."""
        if self.frozen.has(index.column()):
            bar = self.horizontalScrollBar()
            kept = bar.value()
            super().scrollTo(index, hint)
            bar.setValue(kept)
            return
        super().scrollTo(index, hint)
        hidden = self.frozen.width() - self.visualRect(index).left()
        if self.frozen.isVisible() and hidden > 0:
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - hidden)
