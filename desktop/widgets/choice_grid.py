"""Values side by side, one of two to be chosen in every line: for merging rows and for conflicts of an import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QRadioButton, QScrollArea, QWidget

from desktop.widgets.basics import label

LONGEST, MOST_LINES, TALLEST = 60, 200, 360


@dataclass(frozen=True)
class ChoiceLine:
    """What is chosen about, the two values, and which is chosen at first: 0, 1 or None for neither."""

    name: str
    left: str
    right: str
    chosen: int | None = None


class ChoiceGrid(QScrollArea):
    """Shows at most 200 lines; what was chosen for all of them is `chosen`, by line. `changed` follows every choice."""

    changed = Signal()

    def __init__(self, left: str, right: str, lines: Sequence[ChoiceLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen: list[int | None] = [line.chosen for line in lines]
        self.groups: list[QButtonGroup] = []
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        for column, words in enumerate(("", left, right)):
            grid.addWidget(label(words, "title", wrap=True), 0, column)
        for place, line in enumerate(lines[:MOST_LINES]):
            self._add(grid, place, line)
        if len(lines) > MOST_LINES:
            rest = f"还有{len(lines) - MOST_LINES:,}项没有列出，只能一并选择。"
            grid.addWidget(label(rest, "small"), MOST_LINES + 1, 0, 1, 3)
        for column in (1, 2):
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(MOST_LINES + 2, 1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inner)
        self.setMinimumHeight(min(TALLEST, 70 + 34 * len(lines)))

    def _add(self, grid: QGridLayout, place: int, line: ChoiceLine) -> None:
        grid.addWidget(label(line.name, "field", wrap=True), place + 1, 0)
        group = QButtonGroup(self)
        for column, words in enumerate((line.left, line.right)):
            one_line = " ".join(words.split())
            made = QRadioButton(one_line if len(one_line) <= LONGEST else one_line[: LONGEST - 1] + "…")
            made.setToolTip(words)
            made.setAccessibleName(f"{line.name}：{one_line}")
            made.setChecked(line.chosen == column)
            group.addButton(made, column)
            grid.addWidget(made, place + 1, column + 1)
        group.idToggled.connect(lambda column, checked: self._choose(place, column) if checked else None)
        self.groups.append(group)

    def _choose(self, place: int, column: int) -> None:
        self.chosen[place] = column
        self.changed.emit()

    def choose_all(self, column: int) -> None:
        """Choose the left (0) or right (1) value in every line, shown or not."""
        self.chosen = [column] * len(self.chosen)
        for group in self.groups:
            group.button(column).setChecked(True)
        self.changed.emit()
