"""The line that stands over every page of a work package: whose part it is, and to whom it goes back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.session import Session
from desktop.widgets.basics import ElidedLabel, label, link_button

TOLD = "只列出、只统计包里的内容"


class PartLine(QFrame):
    """Hidden in a whole county; `wanted` when the clerk wants to give the part back."""

    wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("partline")
        self._session = session
        self.line = ElidedLabel("")
        self.told = label(TOLD, "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 14, 4)
        row.setSpacing(12)
        row.addWidget(self.line, 1)
        row.addWidget(self.told)
        row.addWidget(link_button("回交…", self.wanted.emit))
        session.opened.connect(self._show_part)
        session.closed.connect(self._show_part)
        self._show_part()

    def _show_part(self) -> None:
        part = self._session.part
        self.line.setText("" if part is None else part.line())
        self.setVisible(part is not None)
