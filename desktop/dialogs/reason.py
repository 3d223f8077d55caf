"""Asks for one line of words: why something is as the clerk says; where it will be read by others, not for 核实无误."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from db.core.reasons import advice_for, fault_of
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.manual_places import reasons


class ReasonDialog(FormDialog):
    """`given(words)` when something was written and the button pressed; an `example` asks for a reason like it.

    `about` is what the reason is asked about, which F1 opens the manual at: a name under `reasons` in places.toml.
    """

    given = Signal(str)

    def __init__(
        self, about: str, title: str, question: str, hint: str = "", parent: QWidget | None = None, *, example: str = ""
    ) -> None:
        super().__init__(title, question, "确定", parent)
        self.manual_place = reasons()[about]
        self._example = example
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(hint or f"例如：{example}")
        self.reason.setAccessibleName(question)
        self.reason.setMaxLength(200)
        self.body.addWidget(self.reason)
        self.reason.setFocus()

    def accept(self) -> None:
        words = self.reason.text().strip()
        fault = fault_of(words) + advice_for(self._example) if self._example and fault_of(words) else ""
        if fault or not words:
            self.tell(fault or "请写明原因。")
            return
        super().accept()

    def save(self, done: Done, failed: Failed) -> None:
        done(None)
        self.given.emit(self.reason.text().strip())
