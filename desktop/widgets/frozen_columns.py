"""The frozen first columns: a second view over the left of the grid, on the same model and selection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView

from desktop.widgets.grid_delegate import GridDelegate
from desktop.widgets.grid_header import GridHeader

if TYPE_CHECKING:
    from desktop.widgets.grid import Grid

Index = QModelIndex | QPersistentModelIndex
MOST_SHARE = 0.6


class FrozenColumns(QTableView):
    """Shows the columns whose fields are frozen, when they leave room for others; keys and edits are the grid's."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self.setObjectName("frozen")
        # In this order: a policy set later would be handed on to the grid, which then no click could focus.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(grid)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.heading = GridHeader(self)
        self.setHorizontalHeader(self.heading)
        self.setModel(grid.rows)
        self.setSelectionModel(grid.selectionModel())
        self.setItemDelegate(GridDelegate(grid, self))
        vertical, own = grid.verticalHeader(), self.verticalHeader()
        own.hide()
        own.setSectionResizeMode(own.ResizeMode.Fixed)
        own.setMinimumSectionSize(vertical.minimumSectionSize())
        own.setDefaultSectionSize(vertical.defaultSectionSize())
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(grid.selectionMode())
        self.setSelectionBehavior(grid.selectionBehavior())
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(grid.verticalScrollMode())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._columns = [number for number, field in enumerate(grid.rows.fields) if field.frozen]
        for column in range(len(grid.rows.fields)):
            self.setColumnHidden(column, column not in self._columns)
        self._couple()
        self.hide()

    def _couple(self) -> None:
        grid = self._grid
        grid.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(grid.verticalScrollBar().setValue)
        grid.heading.sectionResized.connect(self._follow)
        self.heading.sectionResized.connect(self._lead)
        self.heading.sort_wanted.connect(grid.sort_by)
        self.heading.filter_wanted.connect(lambda column: grid.columns.open_filter(column))
        grid.rows.query_changed.connect(self.heading.viewport().update)

    def has(self, column: int) -> bool:
        """Return whether the column is shown here."""
        return column in self._columns and not self.isHidden()

    def _follow(self, column: int, _old: int, size: int) -> None:
        if column in self._columns and self.columnWidth(column) != size:
            self.setColumnWidth(column, size)
        self.fit()

    def _lead(self, column: int, _old: int, size: int) -> None:
        if column in self._columns and size and self._grid.columnWidth(column) != size:
            self._grid.setColumnWidth(column, size)

    def fit(self) -> None:
        """Lay the view over the grid's first columns; hide it where it would leave too little room."""
        grid = self._grid
        width = sum(grid.columnWidth(column) for column in self._columns if not grid.isColumnHidden(column))
        room = grid.viewport().width()
        if not width or width > room * MOST_SHARE or grid.horizontalScrollBar().maximum() == 0:
            self.hide()
            return
        for column in self._columns:
            self.setColumnHidden(column, grid.isColumnHidden(column))
            if not grid.isColumnHidden(column):
                self.setColumnWidth(column, grid.columnWidth(column))
        frame = grid.frameWidth()
        heading = grid.heading.height()
        self.setGeometry(frame, frame, width + 1, heading + grid.viewport().height())
        self.heading.setFixedHeight(heading)
        self.verticalScrollBar().setValue(grid.verticalScrollBar().value())
        self.show()
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        grid = self._grid
        if grid.editing.is_open and not grid.editing.finish():
            return
        super().mousePressEvent(event)
        grid.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self._grid.editing.open(index):
            self._grid.row_activated.emit(self._grid.rows.row_id(index.row()))

    def contextMenuEvent(self, event: QEvent) -> None:
        self._grid.contextMenuEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # The grid scrolls, sideways too; this view follows.
        self._grid.wheelEvent(event)
