"""The line at the bottom: saved when, last backup, issues; at the right the selection's sum and the clerk's name."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.frame import STATUS_HEIGHT
from desktop.widgets.basics import Tone, label, restyle


class StatusLine(QWidget):
    """Pairs of a grey word and a dark value; a pair without a value is not shown."""

    author_clicked = Signal()
    issues_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusline")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(STATUS_HEIGHT)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 1, 0, 0)
        self._row.setSpacing(5)
        self._pairs: dict[str, tuple[QLabel, QLabel]] = {}
        for name, word in (("saved", "已保存"), ("backup", "备份"), ("issues", "审核"), ("mode", "")):
            self._add(name, word)
        self._row.addStretch(1)
        for name, word in (("selection", ""), ("author", "经办人")):
            self._add(name, word)
        for name, tip in (("author", "点击修改经办人姓名"), ("issues", "点击看还要处理的问题")):
            value = self._pairs[name][1]
            value.setCursor(Qt.CursorShape.PointingHandCursor)
            value.setToolTip(tip)

    def _add(self, name: str, word: str) -> None:
        pair = (label(word), label(""))
        pair[1].setProperty("strong", True)
        pair[1].setContentsMargins(0, 0, 16, 0)
        for part in pair:
            part.hide()
            self._row.addWidget(part)
        self._pairs[name] = pair

    def show_value(self, name: str, value: str, tone: Tone = "") -> None:
        """Show the value of saved, backup, issues, mode, selection or author; an empty one hides the pair."""
        word, shown = self._pairs[name]
        shown.setText(value)
        restyle(shown, "tone", tone)
        shown.setVisible(bool(value))
        word.setVisible(bool(value) and bool(word.text()))

    def value(self, name: str) -> str:
        """Return what is shown, for tests and screen readers."""
        return self._pairs[name][1].text()

    def show_saved(self, moment: datetime | None) -> None:
        """Show when the last change was saved."""
        self.show_value("saved", f"{moment:%H:%M}" if moment else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for name, clicked in (("author", self.author_clicked), ("issues", self.issues_clicked)):
            value = self._pairs[name][1]
            if value.isVisible() and value.geometry().contains(event.position().toPoint()):
                clicked.emit()
