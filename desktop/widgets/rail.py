"""The dark rail at the left: the pages, each with drawing and word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop import look
from desktop.frame import LOW_RAIL_WIDTH, RAIL_WIDTH

if TYPE_CHECKING:
    from desktop.pages import PageEntry

HEIGHT = 58
LOW_HEIGHT = 44


class Rail(QWidget):
    """Emits `chosen(name)` when the clerk presses a page."""

    chosen = Signal(str)

    def __init__(self, entries: Sequence[PageEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(RAIL_WIDTH)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(0)
        shown = [entry for entry in entries if not entry.under]
        for number, entry in enumerate(shown, 1):
            self._buttons[entry.name] = self._button(entry, number)
        self._under = {entry.name: entry.under for entry in entries if entry.under}
        for entry in shown:
            if not entry.at_bottom:
                column.addWidget(self._buttons[entry.name])
        column.addStretch(1)
        for entry in shown:
            if entry.at_bottom:
                column.addWidget(self._buttons[entry.name])

    def _button(self, entry: PageEntry, number: int) -> QToolButton:
        made = QToolButton()
        made.setText(entry.title)
        made.setIcon(look.icon(entry.icon, "on_rail", 24))
        made.setIconSize(QSize(24, 24))
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setCheckable(True)
        made.setToolTip(f"{entry.title}（Ctrl+{number}）")
        made.setFixedHeight(HEIGHT)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.clicked.connect(lambda _checked=False, name=entry.name: self.chosen.emit(name))
        self._group.addButton(made)
        return made

    def set_low(self, low: bool) -> None:
        """Leave the words out where there is little room; the tool tips tell them."""
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if low else Qt.ToolButtonStyle.ToolButtonTextUnderIcon
        self.setFixedWidth(LOW_RAIL_WIDTH if low else RAIL_WIDTH)
        for each in self._buttons.values():
            each.setToolButtonStyle(style)
            each.setFixedHeight(LOW_HEIGHT if low else HEIGHT)

    def retitle(self, name: str, title: str) -> None:
        """Call the page `name` otherwise, in what is open now."""
        button = self._buttons[name]
        button.setToolTip(button.toolTip().replace(button.text(), title))
        button.setText(title)

    def set_current(self, name: str) -> None:
        """Mark the page `name`, or the one it lies under, without emitting `chosen`."""
        self._buttons[self._under.get(name, name)].setChecked(True)

    def button(self, name: str) -> QToolButton:
        """Return the button of the page `name`."""
        return self._buttons[name]
