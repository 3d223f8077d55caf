"""What the county replies to a remark of the city: the words, and whether it asks for the remark to be closed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from db.core.errors import SijianError
from db.work.remarks import CLOSED, EXAMPLE, Thread, reply
from desktop.session import Session
from desktop.widgets.basics import allow, button, label, primary_button

LABEL = "回复市级意见"
HEIGHT, BESIDE_HEIGHT = 58, 68
"""How high the words are above the buttons, and beside the two of them."""


class ReplyBox(QWidget):
    """Replies to the remark it is shown; `replied` once that is saved. `beside` puts its buttons beside the words."""

    replied = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None, *, beside: bool = True) -> None:
        super().__init__(parent)
        self._session = session
        self._thread: Thread | None = None
        self._id = ""
        self._drafts: dict[str, str] = {}
        self.words = QPlainTextEdit()
        self.words.setPlaceholderText(f"写给市里的回复，例如：{EXAMPLE}")
        self.words.setAccessibleName("回复")
        self.words.setFixedHeight(BESIDE_HEIGHT if beside else HEIGHT)
        self.words.setTabChangesFocus(True)
        self.words.textChanged.connect(self._allow)
        self.solved_button = primary_button("回复，提请关闭", lambda: self.send(solved=True))
        self.solved_button.setToolTip("已经办好的，状态变成拟解决；下次上报时带给市里，由市里关闭。")
        self.reply_button = button("只回复", lambda: self.send(solved=False))
        self.trouble = label("", wrap=True, tone="bad")
        self.trouble.hide()
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        row, buttons = QBoxLayout(across if beside else down), QBoxLayout(down if beside else across)
        row.setSpacing(8)
        buttons.setSpacing(8)
        row.addWidget(self.words, 1)
        for each in (self.solved_button, self.reply_button):
            each.setAutoDefault(False)
            buttons.addWidget(each)
        if not beside:
            buttons.addStretch(1)
        row.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.trouble)
        self.setFocusProxy(self.words)

    def show_thread(self, thread: Thread | None) -> None:
        """Reply to this remark from now on; what was typed for one is there again when it is shown again."""
        self._thread = thread
        if thread is not None and thread.id != self._id:
            self._drafts[self._id], self._id = self.words.toPlainText(), thread.id
            self.words.setPlainText(self._drafts.pop(thread.id, ""))
            self._tell("")
        self._allow()

    def _allow(self) -> None:
        writable = not self._session.read_only
        open_one = self._thread is not None and self._thread.status != CLOSED
        self.words.setEnabled(open_one and writable)
        for each in (self.solved_button, self.reply_button):
            allow(each, writable, open_one and bool(self.words.toPlainText().strip()))

    def send(self, *, solved: bool) -> None:
        """Save the reply; `solved` proposes that the remark is settled."""
        if self._thread is None:
            return
        remark_id, text = self._thread.id, self.words.toPlainText()
        self._session.write(
            LABEL,
            lambda op: reply(op, remark_id, text, solved=solved),
            lambda _: self._replied(remark_id),
            self._refused,
        )

    def _replied(self, remark_id: str) -> None:
        self._drafts.pop(remark_id, None)
        if remark_id != self._id:
            return  # another one is shown meanwhile, for which something may have been typed
        self._tell("")
        self.words.clear()
        self.replied.emit()

    def _refused(self, failure: Exception) -> None:
        self._tell(str(failure) if isinstance(failure, SijianError) else "没有保存，原因见提示。")

    def _tell(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.trouble.setVisible(bool(sentence))
