"""A row of choices of which one holds: years, 按任务 / 按镇街."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget


class Segmented(QFrame):
    """Shows `options` (key, word) side by side; `changed` carries the key that was chosen by hand."""

    changed = Signal(object)

    def __init__(self, options: Sequence[tuple[object, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("segmented")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._keys: list[object] = []
        self._group.idClicked.connect(lambda number: self.changed.emit(self._keys[number]))
        self.set_options(options)

    def set_options(self, options: Sequence[tuple[object, str]]) -> None:
        """Offer these choices instead; the first is chosen."""
        row = self.layout()
        assert row is not None
        for old in self._group.buttons():
            self._group.removeButton(old)
            row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._keys = [key for key, _ in options]
        for number, (_, word) in enumerate(options):
            made = QPushButton(word)
            made.setCheckable(True)
            made.setAutoDefault(False)
            # Room for the bold word of the chosen one, so that nothing moves.
            made.setMinimumWidth(made.fontMetrics().horizontalAdvance(word) + 32)
            place = "first" if number == 0 else "last" if number == len(options) - 1 else "middle"
            made.setProperty("place", place)
            self._group.addButton(made, number)
            row.addWidget(made)
        if options:
            self._group.button(0).setChecked(True)

    @property
    def value(self) -> object:
        """Return the key that is chosen."""
        return self._keys[self._group.checkedId()]

    def set_value(self, key: object) -> None:
        """Choose `key` without emitting `changed`; ValueError when there is no such option."""
        self._group.button(self._keys.index(key)).setChecked(True)

    def button(self, key: object) -> QPushButton:
        """Return the button of `key`."""
        found = self._group.button(self._keys.index(key))
        assert isinstance(found, QPushButton)
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        number = self._group.checkedId() + step
        if 0 <= number < len(self._keys):
            self._group.button(number).click()
            self._group.button(number).setFocus()
