"""One row of a workbook that came back, cell by cell: what the program has, what the sheet says, which is taken."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QWidget,
)

from db.exchange.cells.model import place
from db.exchange.unit_book.reading import Change, ReadRow, ReadTable
from desktop.widgets.basics import label

LONGEST = 80
_OURS, _THEIRS = 0, 1


class ReturnedRow(QScrollArea):
    """Shows `row`; `chosen` follows every choice, `retyped` carries the field and the text typed for a wrong cell."""

    chosen = Signal()
    retyped = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("returnedrow")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.row: ReadRow | None = None
        self.editors: dict[str, QLineEdit] = {}
        self.groups: dict[str, QButtonGroup] = {}
        self.leave_out = QCheckBox()
        self._troubles: dict[str, QLabel] = {}

    def show_row(self, table: ReadTable | None, row: ReadRow | None) -> None:
        """Show another row, or none."""
        self.row = row
        self.editors, self.groups, self._troubles = {}, {}, {}
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        if table is not None and row is not None:
            self._fill(grid, table, row)
        grid.setRowStretch(grid.rowCount(), 1)
        self.setWidget(inner)

    def tell(self, name: str, sentence: str) -> None:
        """Say what is wrong with the text that was typed for a field."""
        line = self._troubles.get(name)
        if line is not None:
            line.setText(sentence)

    def trouble(self, name: str) -> str:
        """Return what is said to be wrong with a field."""
        return self._troubles[name].text()

    def _fill(self, grid: QGridLayout, table: ReadTable, row: ReadRow) -> None:
        self.leave_out = QCheckBox("略过这一行")
        self.leave_out.setChecked(row.left_out)
        self.leave_out.toggled.connect(self._leave_out)
        grid.addWidget(label(f"第{row.row + 1}行 {row.title}", "title", wrap=True), 0, 0, 1, 2)
        grid.addWidget(self.leave_out, 0, 2, Qt.AlignmentFlag.AlignRight)
        line = 1
        for problem in row.problems:
            grid.addWidget(label(problem.message + problem.advice, "problem", wrap=True), line, 0, 1, 3)
            line += 1
        for doubt in row.doubts:
            grid.addWidget(label(doubt.message, wrap=True, tone="caution"), line, 0, 1, 3)
            line += 1
        if row.changes:
            for column, words in enumerate(("", "" if row.new else "程序里的", "表里的")):
                grid.addWidget(label(words, "small"), line, column)
            line += 1
        for name, change in row.changes.items():
            line = self._add(grid, line, row, name, change)
        for name, cell in row.values.items():
            own = table.table.schema.field(name)
            if cell is not None and not own.read_only and own.name not in table.table.fixed:
                shown = Change(own, -1, None, labels=row.labels).shown(cell)
                grid.addWidget(label(own.heading, "field", wrap=True), line, 0)
                grid.addWidget(label(shown, wrap=True), line, 1, 1, 2)
                line += 1

    def _add(self, grid: QGridLayout, line: int, row: ReadRow, name: str, change: Change) -> int:
        where = f"（{place(row.row, change.column)}）" if change.column >= 0 else ""
        grid.addWidget(label(f"{change.own.heading}{where}", "field", wrap=True), line, 0)
        if change.problem is not None:
            if not row.new:
                grid.addWidget(label(_short(change.shown(change.ours)), wrap=True), line, 1)
            editor = QLineEdit("" if change.raw is None else str(change.raw))
            editor.setAccessibleName(change.own.title)
            editor.editingFinished.connect(partial(self._typed, name, editor))
            grid.addWidget(editor, line, 2)
            told = label(change.problem.message + change.problem.advice, "problem", wrap=True)
            grid.addWidget(told, line + 1, 1, 1, 2)
            self.editors[name], self._troubles[name] = editor, told
            return line + 2
        group = QButtonGroup(self)
        for side, cell in ((_OURS, change.ours), (_THEIRS, change.theirs)):
            words = change.shown(cell)
            made = QRadioButton(_short(words))
            made.setToolTip(words)
            made.setAccessibleName(f"{change.own.title}：{_short(words)}")
            made.setChecked(change.take is not None and change.take == (side == _THEIRS))
            group.addButton(made, side)
            grid.addWidget(made, line, side + 1)
        group.idToggled.connect(lambda side, on: self._choose(change, side) if on else None)
        self.groups[name] = group
        if change.clash and change.base != change.ours:
            was = f"发出时是“{_short(change.shown(change.base))}”，发出以后两边都改了。"
            grid.addWidget(label(was, "small", wrap=True), line + 1, 1, 1, 2)
            return line + 2
        return line + 1

    def _typed(self, name: str, editor: QLineEdit) -> None:
        if editor.isModified():
            editor.setModified(False)
            self.retyped.emit(name, editor.text())

    def _choose(self, change: Change, side: int) -> None:
        change.take = side == _THEIRS
        self.chosen.emit()

    def _leave_out(self, on: bool) -> None:
        if self.row is not None:
            self.row.left_out = on
            self.chosen.emit()


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST else one_line[: LONGEST - 1] + "…"
