"""What is scrolled where there is little room, so that a low screen never takes a part of the page away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

LEAST_HEIGHT = 80


class Scrolled(QScrollArea):
    """Gives `content` all the room there is; where that is less than it needs, it is scrolled up and down.

    It is never narrower than its content, and takes the keyboard only through what is in it.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None, *, least_height: int = LEAST_HEIGHT) -> None:
        super().__init__(parent)
        self._least_height = least_height
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._content = content
        self.setWidget(content)

    def minimumSizeHint(self) -> QSize:
        needed = self._content.minimumSizeHint()
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(needed.width() + bar, min(needed.height(), self._least_height))

    def sizeHint(self) -> QSize:
        return self._content.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._content and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go on to the next field and bring it into view."""
        moved = super().focusNextPrevChild(forward)
        focused = self.window().focusWidget()
        if moved and focused is not None and self.isAncestorOf(focused):
            self.ensureWidgetVisible(focused, 0, 12)
        return moved
