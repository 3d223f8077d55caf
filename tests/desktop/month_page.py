"""月调度 as a person at the keyboard meets it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.core.period import Period
from db.core.values import Cell
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.grid import month_grid
from db.work.monthly.model import Filed, RowKey
from db.work.monthly.rows import row_of
from desktop.models.month_columns import FIGURE
from desktop.pages.monthly import MonthlyPage
from desktop.session import Session

HEATING, MARCH, FEBRUARY = "08-06-1", Period(2022, 3), Period(2022, 2)
CTRL = Qt.KeyboardModifier.ControlModifier


class Month:
    """The page with short ways to see and type."""

    def __init__(self, qtbot: QtBot, session: Session) -> None:
        self.qtbot, self.session = qtbot, session
        self.page = MonthlyPage(session)
        qtbot.addWidget(self.page)
        self.page.resize(1282, 640)
        with qtbot.waitActive(self.page):
            self.page.show()
            self.page.activateWindow()
        self.model, self.sheet = self.page.tasks.model, self.page.tasks.sheet
        self.settle()

    def settle(self) -> None:
        """Let rows that are on their way arrive."""
        timer = self.model.window._timer
        self.qtbot.waitUntil(lambda: not timer.isActive() and not self.page.tasks._curve_timer.isActive())

    def keys(self, task_id: str) -> list[RowKey]:
        assert self.model.grid is not None
        return [line.key for line in self.model.grid.lines if line.key.task_id == task_id]

    def column(self, field: str) -> int:
        return next(place for place, column in enumerate(self.model.columns) if column.field == field)

    def go(self, key: RowKey, field: str = FIGURE) -> None:
        self.sheet.go(self.model.index(self.model.row_of(key), self.column(field)))
        self.sheet.setFocus()
        self.settle()

    def type(self, text: str) -> None:
        """Type onto the current cell and press Enter."""
        QTest.keyClicks(self.sheet, text[0])
        editor = QApplication.focusWidget()
        assert editor is not None and editor is not self.sheet
        if text[1:]:
            QTest.keyClicks(editor, text[1:])
        QTest.keyClick(editor, Qt.Key.Key_Return)
        self.settle()

    def enter(self, key: RowKey, text: str, field: str = FIGURE) -> bool:
        done = self.model.enter(self.model.row_of(key), self.column(field), text)
        self.settle()
        return done

    def shown(self, key: RowKey, field: str) -> str:
        self.settle()
        return str(self.model.index(self.model.row_of(key), self.column(field)).data())

    def filed(self, key: RowKey, period: Period = MARCH) -> Filed:
        catalogue = self.session.catalogue
        with self.session.county.reading() as conn:
            row = row_of(conn, catalogue, month_grid(conn, catalogue, period), key)
        assert row is not None
        return row.now

    def file(self, period: Period, key: RowKey, **values: Cell) -> None:
        change = EntryChange(key, values)
        self.session.write("填报", lambda op: set_entries(op, period, [change]))
        self.settle()
