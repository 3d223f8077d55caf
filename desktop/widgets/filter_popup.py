"""The filter of one column: text it holds, a range, or choices; empty or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from db.core.errors import DataProblem
from db.core.field import Field
from db.core.values import UNREPORTED, Cell, State
from db.store.filters import Filter
from desktop.widgets.basics import button, label, primary_button, restyle

ALL, MATCHING, EMPTY, NOT_EMPTY, FIRST_STATE = range(5)
WORDS = {ALL: "全部", EMPTY: "空（未报）", NOT_EMPTY: "非空"}
RANGE = "范围"
SEARCHED_FROM = 10
"""From how many choices on they can be searched."""
Choices = list[tuple[Cell, str, int]]


class FilterPopup(QFrame):
    """`decided(filter or None)` when the clerk applies; it closes by itself when the mouse is pressed elsewhere."""

    decided = Signal(object)

    def __init__(self, field: Field, current: Filter | None, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(268)
        self.field = field
        self._ways = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(5)
        column.addWidget(label(f"筛选：{field.title}", "title"))
        self._add_way(column, ALL)
        unit = f"（{field.unit}）" if field.unit and self._matching_words() == RANGE else ""
        self._add_way(column, MATCHING, self._matching_words() + unit)
        self._body = QVBoxLayout()
        self._body.setContentsMargins(22, 0, 0, 0)
        self._body.setSpacing(5)
        column.addLayout(self._body)
        self.by_choice = bool(field.enum or field.ref or field.type in ("boolean", "year"))
        self.words = QLineEdit()
        self.choices = QListWidget()
        self.low, self.high = QLineEdit(), QLineEdit()
        self._build_body()
        self._add_way(column, EMPTY)
        self._add_way(column, NOT_EMPTY)
        if field.takes_states and not self.by_choice:
            for way, state in enumerate(State, FIRST_STATE):
                self._add_way(column, way, state.value)
        self.problem = label("", "problem", wrap=True)
        self.problem.hide()
        column.addWidget(self.problem)
        row = QHBoxLayout()
        row.addWidget(button("清除", lambda: self._decide(None)))
        row.addStretch(1)
        row.addWidget(primary_button("应用", self.apply))
        column.addSpacing(4)
        column.addLayout(row)
        self._show(current)

    def _matching_words(self) -> str:
        if self.field.type in ("number", "integer", "date"):
            return RANGE
        return "包含" if not (self.field.enum or self.field.ref or self.field.type == "boolean") else "选择"

    def _add_way(self, column: QVBoxLayout, way: int, words: str = "") -> None:
        made = QRadioButton(words or WORDS[way])
        self._ways.addButton(made, way)
        column.addWidget(made)

    def _build_body(self) -> None:
        if self.by_choice:
            self.words.setPlaceholderText("查找选项")
            self.words.setAccessibleName("查找选项")
            self.words.setClearButtonEnabled(True)
            self.words.textChanged.connect(self._narrow)
            self.words.hide()
            self._body.addWidget(self.words)
            self.choices.setFixedHeight(170)
            self.choices.itemChanged.connect(lambda _item: self._way(MATCHING))
            self._body.addWidget(self.choices)
            return
        ranged = self._matching_words() == RANGE
        row = QHBoxLayout()
        row.addWidget(self.low)
        if ranged:
            row.addWidget(label("至", "secondary"))
            row.addWidget(self.high)
            is_date = self.field.type == "date"
            self.low.setPlaceholderText("最早" if is_date else "最小")
            self.high.setPlaceholderText("最晚" if is_date else "最大")
        self._body.addLayout(row)
        for line in (self.low, self.high):
            line.textEdited.connect(lambda _text: self._way(MATCHING))

    def _way(self, way: int) -> None:
        self._ways.button(way).setChecked(True)
        self.problem.hide()

    def offer(self, choices: Choices) -> None:
        """Show the values that occur, each with its number of rows."""
        kept = self._checked()
        self.choices.blockSignals(True)
        self.choices.clear()
        for cell, words, count in choices:
            item = QListWidgetItem(f"{words or UNREPORTED}　{count}")
            item.setData(Qt.ItemDataRole.UserRole, (cell,))
            item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled)
            item.setCheckState(Qt.CheckState.Checked if cell in kept else Qt.CheckState.Unchecked)
            self.choices.addItem(item)
        self.choices.blockSignals(False)
        self.words.setVisible(len(choices) >= SEARCHED_FROM)

    def _narrow(self, words: str) -> None:
        """Show the choices that hold the words; those that are ticked stay ticked."""
        for row in range(self.choices.count()):
            item = self.choices.item(row)
            item.setHidden(words.strip() not in item.text().rpartition("　")[0])

    def _show(self, current: Filter | None) -> None:
        self._kept: list[Cell] = []
        way = ALL
        if current is not None:
            way = {"empty": EMPTY, "not_empty": NOT_EMPTY}.get(current.kind, MATCHING)
            if current.kind == "one_of":
                self._kept = list(current.cells)
                if not self.by_choice and isinstance(current.cells[0], State):
                    way = FIRST_STATE + list(State).index(current.cells[0])
            elif current.kind == "between":
                self.low.setText(self.field.edit(current.cells[0]))
                self.high.setText(self.field.edit(current.cells[1]))
            elif current.kind == "contains":
                self.low.setText(current.text)
        self._way(way)

    def _checked(self) -> list[Cell]:
        items = [self.choices.item(row) for row in range(self.choices.count())]
        if not items:
            return self._kept
        return [item.data(Qt.ItemDataRole.UserRole)[0] for item in items if item.checkState() == Qt.CheckState.Checked]

    def apply(self) -> None:
        """Make the filter of what is set; a range that cannot be read is said under it."""
        try:
            self._decide(self._filter())
        except DataProblem as problem:
            self.problem.setText(str(problem))
            self.problem.show()

    def _filter(self) -> Filter | None:
        name = self.field.name
        match self._ways.checkedId():
            case 2:
                return Filter.empty(name)
            case 3:
                return Filter.not_empty(name)
            case 0:
                return None
            case way if way >= FIRST_STATE:
                return Filter.state(name, list(State)[way - FIRST_STATE])
        if self.by_choice:
            return Filter.one_of(name, self._checked())
        if self._matching_words() == "包含":
            text = self.low.text().strip()
            return Filter.contains(name, text) if text else None
        low, high = self._end(self.low), self._end(self.high)
        return Filter.between(name, low, high) if low is not None or high is not None else None

    def _end(self, line: QLineEdit) -> Cell:
        restyle(line, "wrong", False)
        try:
            cell = replace(self.field, minimum=None, maximum=None).parse(line.text())
        except DataProblem:
            restyle(line, "wrong", True)
            raise
        if isinstance(cell, State):
            restyle(line, "wrong", True)
            raise DataProblem("这里请填写数或日期。", advice="要找“不涉及”“暂无数据”，请选下面的选项。")
        return cell

    def _decide(self, found: Filter | None) -> None:
        self.close()
        self.decided.emit(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply()
        else:
            super().keyPressEvent(event)

    def show_under(self, at: QPoint) -> None:
        """Open at a global position."""
        self.adjustSize()
        self.move(at)
        self.show()
        if not self.by_choice:
            self.low.setFocus()


def open_filter(
    field: Field, current: Filter | None, parent: QWidget, at: QPoint, decided: Callable[[Filter | None], object]
) -> FilterPopup:
    """Open the filter of a column at a global position."""
    popup = FilterPopup(field, current, parent)
    popup.decided.connect(decided)
    popup.show_under(at)
    return popup
