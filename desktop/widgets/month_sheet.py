"""The sheet of a month: as any sheet, but Ctrl+D takes last month's figures over and Enter says one was looked at."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from db.work.monthly.lamps import Lamp
from desktop.models.month_columns import FIGURE, LAMP, PINNED
from desktop.models.month_model import MonthModel
from desktop.widgets.lamp_note import LampNote
from desktop.widgets.sheet import Sheet

POPUP_WIDTH = 360


class LampPopup(QFrame):
    """A lamp's arithmetic over the sheet; a click anywhere or Esc takes it away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.note = LampNote()
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.note)

    def show_at(self, lamp: Lamp, place: QPoint) -> None:
        """Show the lamp with its upper left corner at this point of the screen."""
        self.note.show_lamp(lamp)
        self.setFixedWidth(POPUP_WIDTH)
        self.adjustSize()
        self.move(place)
        self.show()


class MonthSheet(Sheet):
    """Edits a `MonthModel`; `copy_wanted(rows)` and `seen(rows)` are the page's to carry out."""

    copy_wanted = Signal(object)
    seen = Signal(object)
    down_word = "沿用上月"

    def __init__(self, model: MonthModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.months = model
        self.popup: LampPopup | None = None
        self.setModel(model)
        self.setAccessibleName("本月填报")
        self.pin(PINNED)
        self.cell_actions = (("标为已核对", "Ctrl+E", self.mark_seen),)

    def chosen_rows(self) -> list[int]:
        """Return the rows in which anything is selected."""
        return sorted({index.row() for index in self.selectedIndexes()})

    def fill_down(self) -> None:
        """Take last month's figures and texts over in the selected rows."""
        self.copy_wanted.emit(self.chosen_rows())

    def mark_seen(self) -> None:
        """Say that the selected rows were looked at."""
        self.seen.emit(self.chosen_rows())

    def figure_column(self) -> int:
        """Return the column into which the month's figures are typed."""
        return next(place for place, column in enumerate(self.months.columns) if column.field == FIGURE)

    def column_of(self, field: str) -> int:
        """Return the column of an entry's field; where it has none of its own it is seen in the figure."""
        found = (place for place, column in enumerate(self.months.columns) if column.field == field)
        return next(found, self.figure_column())

    def _key(self, event: QKeyEvent) -> bool:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._is_unseen(index.row(), index.column()):
            self.seen.emit([index.row()])
        elif event.key() == Qt.Key.Key_Space and self._show_lamp(index.row(), index.column()):
            return True
        return super()._key(event)

    def _is_unseen(self, row: int, column: int) -> bool:
        return row >= 0 and column == self.figure_column() and not self.months.line(row).reviewed

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and not event.modifiers():
            self._show_lamp(index.row(), index.column())

    def _show_lamp(self, row: int, column: int) -> bool:
        """Show the arithmetic of the lamp in this cell; False where there is none."""
        if row < 0 or self.months.columns[column].field != LAMP:
            return False
        found = self.months.month_row(row)
        if found is not None:
            self.popup = self.popup or LampPopup(self)
            corner = self.visualRect(self.months.index(row, column)).bottomLeft()
            self.popup.show_at(found.lamp, self.viewport().mapToGlobal(corner))
        return True
