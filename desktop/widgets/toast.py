"""Sentences that do not stop anybody: a strip over the status line that goes by itself, errors when closed.

Higher up it would cover the last rows of a sheet, where its sums stand.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from desktop.widgets.basics import Tone, icon_button, label, link_button, restyle

STAYS = 6000
MARGIN = 3
WIDEST = 720


class Toast(QFrame):
    """One strip over the lower edge of `host`; a newer sentence replaces an older one."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("toast")
        self._host = host
        self.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(12)
        self.sentence = label("", wrap=True)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.action = link_button("")
        self._act: Callable[[], object] | None = None
        self.action.clicked.connect(self._do)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.action)
        row.addWidget(icon_button("close", "关闭", self.hide, tint="on_rail"))
        self._timer = QTimer(self, singleShot=True, interval=STAYS)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)

    def say(
        self,
        sentence: str,
        tone: Tone = "",
        action: tuple[str, Callable[[], object]] | None = None,
        *,
        stays: bool = False,
    ) -> None:
        """Show `sentence`; with tone bad it stays until it is closed, with `stays` until another or `hide` follows."""
        restyle(self, "tone", tone)
        self.sentence.setText(sentence)
        word, self._act = action if action is not None else ("", None)
        self.action.setText(word)
        self.action.setVisible(bool(word))
        self._place()
        self.show()
        self.raise_()
        if tone == "bad" or stays:
            self._timer.stop()
        else:
            self._timer.start()

    def _do(self) -> None:
        self.hide()
        if self._act is not None:
            self._act()

    def _place(self) -> None:
        host = self._host
        extra = 70 + (self.action.sizeHint().width() + 12 if self.action.text() else 0)
        wanted = self.sentence.fontMetrics().horizontalAdvance(self.sentence.text()) + extra
        self.setFixedWidth(max(220, min(wanted, WIDEST, host.width() - 40)))
        self.setFixedHeight(max(self.sentence.heightForWidth(self.width() - extra), 26) + 14)
        self.move((host.width() - self.width()) // 2, host.height() - self.height() - MARGIN)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)


class Banner(QFrame):
    """A lasting sentence across the top of the pages: opened read-only, the folder is gone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 7, 10, 7)
        self.sentence = label("", wrap=True)
        row.addWidget(self.sentence, 1)
        self.close_button = icon_button("close", "关闭", self.hide, tint="caution")
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(self, sentence: str, *, closable: bool = True) -> None:
        """Show `sentence`; an empty one hides the banner."""
        self.sentence.setText(sentence)
        self.close_button.setVisible(closable)
        self.setVisible(bool(sentence))
