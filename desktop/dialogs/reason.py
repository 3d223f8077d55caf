"""Asks for one line of words: why something is as the clerk says."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.dialogs.form_dialog import Done, Failed, FormDialog


class ReasonDialog(FormDialog):
    """`given(words)` when something was written and the button pressed."""

    given = Signal(str)

    def __init__(self, title: str, question: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(title, question, "确定", parent)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(hint)
        self.reason.setAccessibleName(question)
        self.reason.setMaxLength(200)
        self.body.addWidget(self.reason)
        self.reason.setFocus()

    def accept(self) -> None:
        if not self.reason.text().strip():
            self.tell("请写明原因。")
            return
        super().accept()

    def save(self, done: Done, failed: Failed) -> None:
        done(None)
        self.given.emit(self.reason.text().strip())
