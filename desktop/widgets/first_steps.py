"""What to do first in a county that is still empty: a few steps, each with its place, ticked when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.places import Place
from desktop.widgets.basics import Badge, Card, button, label


@dataclass(frozen=True)
class Step:
    """One step: what to do, a remark, where it is done, whether it has been."""

    title: str
    remark: str
    place: Place
    done: bool


class FirstSteps(Card):
    """Shows the steps side by side; `chosen` carries the place of the one that was pressed."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("从这里开始", parent)
        self._holder = QWidget()
        QHBoxLayout(self._holder)
        self.body.addWidget(self._holder)
        self._shown: list[Step] = []

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Replace the steps."""
        if list(steps) == self._shown:
            return
        self._shown = list(steps)
        fresh = QWidget()
        row = QHBoxLayout(fresh)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        for number, step in enumerate(steps, 1):
            row.addLayout(self._step(number, step), 1)
        self.body.replaceWidget(self._holder, fresh)
        self._holder.deleteLater()
        self._holder = fresh

    def _step(self, number: int, step: Step) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(Badge("√" if step.done else str(number), "good" if step.done else "neutral"))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(button(step.title, lambda: self.chosen.emit(step.place)))
        words.addWidget(label(step.remark, "small"))
        line.addLayout(words, 1)
        return line
