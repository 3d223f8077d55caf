"""Files dropped onto a row of a grid, and files or a picture pasted on the current one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTableView

from desktop.widgets.evidence_sources import files_in
from desktop.widgets.grid import Grid

Took = Callable[[int, list[Path]], object]
Paste = Callable[[int], bool]
_DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove)


class RowDrop(QObject):
    """Calls `took(row, files)` when files are dropped onto one of the grid's rows.

    Ctrl+V asks `paste(row)` first; when it says that there was no proof on the clipboard, cells are pasted as ever.
    """

    def __init__(self, grid: Grid, took: Took, paste: Paste) -> None:
        super().__init__(grid)
        self._grid = grid
        self._took = took
        self._paste = paste
        self._views: tuple[QTableView, ...] = (grid, grid.frozen)
        for view in self._views:
            view.setAcceptDrops(True)
            view.viewport().setAcceptDrops(True)
            view.viewport().installEventFilter(self)
            view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _DRAGS and isinstance(event, QDragMoveEvent):
            if self._row(watched, event) >= 0 and files_in(event.mimeData()):
                event.acceptProposedAction()
            else:
                event.ignore()
            return True
        if event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self.drop(self._row(watched, event), event)
            return True
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Paste)
        ):
            row = self._grid.currentIndex().row()
            return row >= 0 and self._may_take and self._paste(row)
        return super().eventFilter(watched, event)

    @property
    def _may_take(self) -> bool:
        return not (self._grid.session.read_only or self._grid.rows.query.deleted)

    def drop(self, row: int, event: QDropEvent) -> None:
        """Take what was dropped on the row."""
        files = files_in(event.mimeData())
        if row >= 0 and files:
            event.acceptProposedAction()
            self._took(row, files)

    def _row(self, watched: QObject, event: QDropEvent) -> int:
        if not self._may_take:
            return -1
        view = next((view for view in self._views if view.viewport() is watched), self._grid)
        return view.rowAt(round(event.position().y()))
