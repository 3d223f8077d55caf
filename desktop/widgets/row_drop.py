"""Files dropped onto a row of a grid."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QTableView

from desktop.widgets.evidence_panel import dropped_files
from desktop.widgets.grid import Grid

Took = Callable[[int, list[Path]], object]
_DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove)


class RowDrop(QObject):
    """Calls `took(row, files)` when files are dropped onto one of the grid's rows."""

    def __init__(self, grid: Grid, took: Took) -> None:
        super().__init__(grid)
        self._grid = grid
        self._took = took
        self._views: tuple[QTableView, ...] = (grid, grid.frozen)
        for view in self._views:
            view.setAcceptDrops(True)
            view.viewport().setAcceptDrops(True)
            view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _DRAGS and isinstance(event, QDragMoveEvent):
            if self._row(watched, event) >= 0 and dropped_files(event):
                event.acceptProposedAction()
            else:
                event.ignore()
            return True
        if event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self.drop(self._row(watched, event), event)
            return True
        return super().eventFilter(watched, event)

    def drop(self, row: int, event: QDropEvent) -> None:
        """Take what was dropped on the row."""
        files = dropped_files(event)
        if row >= 0 and files:
            event.acceptProposedAction()
            self._took(row, files)

    def _row(self, watched: QObject, event: QDropEvent) -> int:
        if self._grid.session.read_only or self._grid.rows.query.deleted:
            return -1
        view = next((view for view in self._views if view.viewport() is watched), self._grid)
        return view.rowAt(round(event.position().y()))
