"""A dialog that saves what was typed in it: it closes when that is done, and stays as it is when it is refused."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from db.core.errors import SijianError
from desktop.widgets.basics import label
from desktop.widgets.dialog import Dialog

Done = Callable[[object], None]
Failed = Callable[[Exception], None]
WIDTH = 480


class FormDialog(Dialog):
    """Has 取消 and one button that saves; subclasses fill `body` and say in `save` what saving means."""

    def __init__(
        self, title: str, heading: str, accept: str, parent: QWidget | None = None, *, width: int = WIDTH
    ) -> None:
        super().__init__(title, heading, parent)
        self.setMinimumWidth(width)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.trouble = label("", wrap=True, tone="bad")
        self.trouble.hide()
        self.add_at_left(self.trouble)
        self._foot.setStretch(0, 1)
        self._foot.setStretch(1, 0)
        self.cancel_button = self.add_button("取消", self.reject)
        self.accept_button = self.add_button(accept, self.accept, primary=True)

    def save(self, done: Done, failed: Failed) -> None:
        """Save what was typed, then call one of the two; dialogs that write nothing themselves are simply done."""
        done(None)

    def tell(self, sentence: str) -> None:
        """Show what is wrong, with room for all of it; "" takes the line away."""
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))
        if sentence:
            self.resize(self.width(), max(self.height(), self.heightForWidth(self.width())))

    def accept(self) -> None:
        self.tell("")
        self.accept_button.setEnabled(False)
        self.save(self._saved, self._refused)

    def _saved(self, _result: object) -> None:
        self.accept_button.setEnabled(True)
        super().accept()

    def _refused(self, failure: Exception) -> None:
        self.accept_button.setEnabled(True)
        self.tell(str(failure) if isinstance(failure, SijianError) else "没有保存，原因见提示。")
