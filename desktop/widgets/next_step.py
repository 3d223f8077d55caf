"""A strip above a grid: one sentence on what to do next, and a link that does it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.widgets.basics import label, link_button


class NextStep(QFrame):
    """Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nextstep")
        self.sentence = label("", tone="notice", wrap=True)
        self.link = link_button("")
        self._act: Callable[[], object] | None = None
        self.link.clicked.connect(self._do)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(10)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.link)
        self.hide()

    def say(self, sentence: str, action: tuple[str, Callable[[], object]] | None = None) -> None:
        """Show `sentence` with a link (word, what it does); an empty one hides the strip."""
        word, self._act = action if action is not None else ("", None)
        self.sentence.setText(sentence)
        self.link.setText(word)
        self.link.setVisible(bool(word))
        self.setVisible(bool(sentence))

    def _do(self) -> None:
        if self._act is not None:
            self._act()
