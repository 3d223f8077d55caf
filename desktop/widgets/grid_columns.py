"""A grid's columns: widths, which are hidden, and their filters; widths and hiding outlive the program."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QMenu, QWidget

from db.core.field import Field
from db.core.values import Cell, State
from db.store.filters import Filter
from desktop.settings import Settings
from desktop.widgets.filter_popup import Choices, FilterPopup, open_filter

if TYPE_CHECKING:
    from desktop.widgets.grid import Grid

CHARACTER = 7.6
PADDING = 22
WIDEST = 380
NARROWEST = 76


class GridColumns(QObject):
    """Belongs to one grid; `name` is what the columns are remembered by."""

    def __init__(self, grid: Grid, name: str, settings: Settings | None) -> None:
        super().__init__(grid)
        self._grid = grid
        self._name = f"grid.{name}"
        self._settings = settings
        self._save_timer = QTimer(self, singleShot=True, interval=800)
        self._save_timer.timeout.connect(self.save)
        self._restore()
        grid.heading.sectionResized.connect(lambda *_sizes: self._save_timer.start())

    def _restore(self) -> None:
        known = self._settings.view(self._name) if self._settings is not None else {}
        widths, hidden = known.get("widths"), known.get("hidden")
        for column, own in enumerate(self._grid.rows.fields):
            kept = widths.get(own.name) if isinstance(widths, dict) else None
            self._grid.setColumnWidth(column, kept if isinstance(kept, int) and kept > 20 else self._width(own))
            if isinstance(hidden, list) and own.name in hidden:
                self._grid.setColumnHidden(column, True)

    def _width(self, own: Field) -> int:
        """Return room for the field's usual width and, within reason, for its heading."""
        heading = self._grid.heading.fontMetrics().horizontalAdvance(own.heading) + 44
        usual = round((own.width or 12) * CHARACTER) + PADDING
        return max(NARROWEST, min(usual, WIDEST), min(heading, 170))

    def save(self) -> None:
        """Remember widths and hidden columns."""
        self._save_timer.stop()
        if self._settings is None:
            return
        grid, fields = self._grid, self._grid.rows.fields
        hidden = [own.name for column, own in enumerate(fields) if grid.isColumnHidden(column)]
        widths = {
            own.name: grid.columnWidth(column) for column, own in enumerate(fields) if not grid.isColumnHidden(column)
        }
        self._settings.remember_view(self._name, {"widths": widths, "hidden": hidden})

    def is_hidden(self, column: int) -> bool:
        """Return whether the column was taken away."""
        return self._grid.isColumnHidden(column)

    def show_column(self, column: int, shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        visible = [each for each in range(len(self._grid.rows.fields)) if not self.is_hidden(each)]
        if not shown and visible == [column]:
            return
        self._grid.setColumnHidden(column, not shown)
        self._grid.frozen.fit()
        self._save_timer.start()

    def menu(self, parent: QWidget) -> QMenu:
        """Return the menu with a tick for every column that is shown."""
        menu = QMenu(parent)
        group = ""
        for column, own in enumerate(self._grid.rows.fields):
            if own.group != group and column:
                menu.addSeparator()
            group = own.group
            action = menu.addAction(own.title)
            action.setCheckable(True)
            action.setChecked(not self.is_hidden(column))
            action.toggled.connect(lambda shown, column=column: self.show_column(column, shown))
        return menu

    # -- filters ----------------------------------------------------------------------------------------------

    def open_filter(self, column: int) -> FilterPopup | None:
        """Open the filter of a column under its heading."""
        grid = self._grid
        if not grid.editing.finish():
            return None
        own = grid.rows.fields[column]
        heading = (grid.frozen if grid.frozen.has(column) else grid).horizontalHeader()
        at = heading.viewport().mapToGlobal(QPoint(heading.sectionViewportPosition(column), heading.height()))
        current = grid.rows.asked.filters.get(own.name)
        popup = open_filter(own, current, grid, at, lambda found: self._apply(own, found))
        if popup.by_choice:
            self._offer(popup, own)
        return popup

    def _apply(self, own: Field, found: Filter | None) -> None:
        self._grid.rows.set_filter(own.name, found)

    def _offer(self, popup: FilterPopup, own: Field) -> None:
        query = self._grid.rows.asked.without(own.name)

        def read(conn: sqlite3.Connection) -> Choices:
            counted = query.choices(conn, own.name)
            names: dict[str, str] = {}
            if own.ref:
                from db.work.references import names_of

                names = names_of(conn, own.ref, [cell for cell, _ in counted if isinstance(cell, str)])
            return [(cell, _words(own, cell, names), count) for cell, count in counted]

        self._grid.session.read(read, popup.offer, owner=popup)


def _words(own: Field, cell: Cell, names: dict[str, str]) -> str:
    if own.ref and isinstance(cell, str) and not isinstance(cell, State):
        return names.get(cell, "（已删除）")
    return own.show(cell)
