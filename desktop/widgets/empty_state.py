"""What a page shows when it has nothing yet: what to do next, with a button for it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop import look
from desktop.widgets.basics import button, label, primary_button


class EmptyState(QWidget):
    """A drawing, one sentence what is missing, one what to do, and up to two buttons (word, action)."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str = "",
        action: tuple[str, Callable[[], object]] | None = None,
        second: tuple[str, Callable[[], object]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 4, 24, 4)
        column.setSpacing(8)
        column.addStretch(2)
        picture = QLabel()
        picture.setPixmap(look.pixmap(icon, "disabled", 44))
        self.title = label(title, "title", wrap=True)
        self.text = label(text, "secondary", wrap=True)
        for part in (picture, self.title, self.text):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        self.text.setVisible(bool(text))
        row = QHBoxLayout()
        row.addStretch(1)
        self.buttons = [primary_button(*action)] if action is not None else []
        if second is not None:
            self.buttons.append(button(*second))
        for each in self.buttons:
            row.addWidget(each)
        row.addStretch(1)
        column.addSpacing(6)
        column.addLayout(row)
        column.addStretch(3)

    def say(self, title: str, text: str = "") -> None:
        """Change the sentences."""
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
