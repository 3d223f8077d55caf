"""A lamp with its arithmetic: shape, word, and the sum by which it is the one it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop import look
from desktop.widgets.basics import Tone, label, restyle

if TYPE_CHECKING:
    from db.work.monthly.lamps import Lamp

TONES: dict[str, Tone] = {"green": "good", "yellow": "caution", "red": "bad", "blue": "notice", "grey": "neutral"}
SIZE = 16


class LampNote(QFrame):
    """Shows one `Lamp` on a ground of its tone; the sentences of its arithmetic stand below each other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("lampnote", "neutral")
        self.picture = QLabel()
        self.heading = label("", "title")
        self.sentence = label("", wrap=True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = QHBoxLayout()
        head.setSpacing(5)
        head.addWidget(self.picture)
        head.addWidget(self.heading, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(self.sentence)

    def show_lamp(self, lamp: Lamp) -> None:
        """Show a lamp and its arithmetic."""
        self.picture.setPixmap(look.pixmap(f"lamp-{lamp.kind}", f"lamp_{lamp.kind}", SIZE))
        behind = lamp.behind
        lags = behind is not None and behind > 0 and lamp.kind in ("yellow", "red", "blue")
        self.heading.setText(f"{lamp.word}，落后 {behind} 个百分点" if lags else lamp.word)
        self.sentence.setText("\n".join(lamp.sentence.rstrip("。").split("；")))
        restyle(self, "lampnote", TONES[lamp.kind])
