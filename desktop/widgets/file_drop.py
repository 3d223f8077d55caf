"""Files dropped anywhere on the window or a page, unless what they were dropped onto takes them itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from db.exchange.cells.kinds import ENDINGS
from db.exchange.part.names import ENDING

Took = Callable[[list[Path]], object]


def spreadsheets_in(mime: QMimeData) -> list[Path]:
    """Return the folders and the files called like spreadsheets, or work packages, that are dragged."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.is_dir() or path.suffix.lower() in (*ENDINGS, ENDING)]


class FileDrop(QObject):
    """Calls `took(files)` when files that `wanted` finds in the dragged are dropped on `window` while `may_take()`.

    By default those are spreadsheets and folders.
    """

    def __init__(
        self,
        window: QWidget,
        took: Took,
        may_take: Callable[[], bool],
        wanted: Callable[[QMimeData], list[Path]] = spreadsheets_in,
    ) -> None:
        super().__init__(window)
        self._took, self._may_take, self._wanted = took, may_take, wanted
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.DragMove) and isinstance(event, QDragMoveEvent):
            if self._may_take() and self._wanted(event.mimeData()):
                event.acceptProposedAction()
            else:
                event.ignore()
            return True
        if event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self.drop(event)
            return True
        return super().eventFilter(watched, event)

    def drop(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        files = self._wanted(event.mimeData())
        if files and self._may_take():
            event.acceptProposedAction()
            self._took(files)
