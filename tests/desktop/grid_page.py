"""A grid as a person at the keyboard meets it."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.core.values import Cell
from desktop.widgets.grid import Grid


class GridPage:
    """Drives `grid`; columns are named by field, rows counted from 0."""

    def __init__(self, qtbot: QtBot, grid: Grid) -> None:
        self.qtbot = qtbot
        self.grid = grid
        qtbot.addWidget(grid)
        grid.resize(1000, 500)
        grid.show()
        grid.activateWindow()
        grid.setFocus()
        qtbot.waitUntil(lambda: grid.rows.is_loaded)
        self.settle()

    def settle(self) -> None:
        """Let rows that are on their way arrive."""
        rows = self.grid.rows
        self.qtbot.waitUntil(lambda: not (rows._missing or rows._pending or rows._fetch_timer.isActive()))

    def go(self, row: int, field: str) -> None:
        self.grid.go_to(row, self.grid.rows.column_of(field))
        self.settle()

    def select(self, top: int, first: str, bottom: int, last: str) -> None:
        rows = self.grid.rows
        corner = rows.index(top, rows.column_of(first))
        selection = self.grid.selectionModel()
        selection.setCurrentIndex(corner, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        area = QItemSelection(corner, rows.index(bottom, rows.column_of(last)))
        selection.select(area, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.settle()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focused(), key, modifier)
        self.settle()

    def type(self, text: str) -> None:
        """Type ASCII; the first letter may open an editor."""
        for letter in text:
            QTest.keyClicks(self.focused(), letter)

    def focused(self) -> QWidget:
        return self.grid.editing.editor or self.grid

    def paste(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def copied(self) -> str:
        self.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        return QGuiApplication.clipboard().text()

    def shown(self, row: int, field: str) -> str:
        index = self.grid.rows.index(row, self.grid.rows.column_of(field))
        index.data()
        self.settle()
        value = index.data()
        return "" if value is None else str(value)

    def column(self, field: str) -> list[str]:
        return [self.shown(row, field) for row in range(self.grid.rows.rowCount())]

    def cell(self, row: int, field: str) -> Cell:
        self.grid.rows.row_at(row)
        self.settle()
        found = self.grid.rows.row_at(row)
        assert found is not None
        return found.values.get(field)

    @property
    def cursor(self) -> tuple[int, str]:
        index = self.grid.currentIndex()
        return index.row(), self.grid.rows.fields[index.column()].name

    @property
    def bubble(self) -> str:
        bubble = self.grid.editing.bubble
        return bubble.sentence.text() if bubble.isVisible() else ""
