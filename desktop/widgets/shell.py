"""The frame of the window: rail, top bar, status line, and the stack of pages between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.frame import NARROW, is_cramped
from desktop.session import Session
from desktop.widgets.part_line import PartLine
from desktop.widgets.rail import Rail
from desktop.widgets.status_line import StatusLine
from desktop.widgets.toast import Banner
from desktop.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from desktop.pages import PageEntry


class Shell(QWidget):
    """Lays the parts of the window out; the window itself gives them their meaning."""

    def __init__(self, session: Session, entries: Sequence[PageEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.top = TopBar(session)
        self.rail = Rail(entries)
        self.status = StatusLine()
        self.banner = Banner()
        self.part_line = PartLine(session)
        self._session, self._entries = session, entries
        self.stack = QStackedWidget()
        self.stack.setObjectName("page")
        # A page that has not been laid out yet asks for more than it needs; the window must not grow for it.
        self.stack.setMinimumSize(1, 1)
        self.stack.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.part_line)
        middle.addWidget(self.banner)
        middle.addWidget(self.stack, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.top, 0, 0, 1, 2)
        grid.addWidget(self.rail, 1, 0)
        grid.addLayout(middle, 1, 1)
        grid.addWidget(self.status, 2, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)
        self.rail.hide()
        session.opened.connect(self._show_part)

    def _show_part(self) -> None:
        """Call pages by what they are in a work package, or in a county again."""
        for entry in self._entries:
            if entry.in_part:
                self.rail.retitle(entry.name, entry.title if self._session.part is None else entry.in_part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rail.set_low(is_cramped(self.width(), self.height()))
        self.top.set_narrow(self.width() < NARROW)
