"""What a grid does with blocks of cells: copy, paste, fill down, clear, and the menu that offers it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from db.core.errors import DataProblem
from db.core.values import Cell, State
from desktop import look
from desktop.dialogs.problems import show_problems
from desktop.models.block import parse_block, spread
from desktop.models.grid_blocks import (
    MOST_ROWS,
    Area,
    Plan,
    copied,
    describe,
    plan_fill_down,
    plan_paste,
    plan_set,
)
from desktop.models.grid_rows import Edits
from desktop.models.selection import ranges
from desktop.widgets.table_printer import add_print_entry

if TYPE_CHECKING:
    from desktop.widgets.grid import Grid


class GridBlocks(QObject):
    """Belongs to one grid. Everything is worked out off the GUI thread and saved as one step, or not at all."""

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid

    # -- which cells ------------------------------------------------------------------------------------------

    def _visible(self, left: int, right: int) -> list[int]:
        return [column for column in range(left, right + 1) if not self._grid.columns.is_hidden(column)]

    def _area(self, top: int, bottom: int, columns: Sequence[int]) -> Area:
        rows = self._grid.rows
        return Area(rows.seqs(top, bottom - top + 1), top, [rows.fields[column] for column in columns])

    def _areas(self) -> list[Area]:
        """Return what is selected; nothing (and a sentence) when it is too much for one step."""
        selection = ranges(self._grid.selectionModel())
        if sum(area.height() for area in selection) > MOST_ROWS:
            self._refuse(f"一次最多处理 {MOST_ROWS:,} 行。", "请少选一些，或先筛选。")
            return []
        return [
            self._area(area.top(), area.bottom(), columns)
            for area in selection
            if (columns := self._visible(area.left(), area.right()))
        ]

    def _corner(self) -> tuple[int, int] | None:
        """Return the upper left cell of the selection."""
        selection = ranges(self._grid.selectionModel())
        if not selection:
            current = self._grid.currentIndex()
            return (current.row(), current.column()) if current.isValid() else None
        return min(area.top() for area in selection), min(area.left() for area in selection)

    def _refuse(self, message: str, advice: str = "") -> None:
        self._grid.session.problem.emit(DataProblem(message, advice=advice))

    def _may_change(self) -> bool:
        rows = self._grid.rows
        if rows.session.read_only or not rows.editable or rows.query.deleted:
            self._refuse("这里现在不能修改。")
            return False
        return self._grid.editing.finish()

    # -- copy and paste ---------------------------------------------------------------------------------------

    def copy(self, then: Callable[[], object] | None = None) -> None:
        """Put the selected block on the clipboard, as Excel and WPS understand it; call `then` when it is there."""
        areas = self._areas()
        if len(areas) > 1:
            self._refuse("选中的不是一整块。", "请只选一个连续的区域再复制。")
        elif areas:
            query, area = self._grid.rows.query, areas[0]

            def take(text: str) -> None:
                QGuiApplication.clipboard().setText(text)
                if then is not None:
                    then()

            self._grid.session.read(lambda conn: copied(conn, query, area), take, owner=self, key="copy")

    def cut(self) -> None:
        """Copy, then clear."""
        self.copy(lambda: self.set_cells(None))

    def paste(self) -> None:
        """Read the clipboard's block into the cells from the upper left of the selection on."""
        corner, text = self._corner(), QGuiApplication.clipboard().text()
        if not text or not self._may_change():
            return
        rows = self._grid.rows
        row, column = corner if corner is not None else (0, 0)
        chosen = ranges(self._grid.selectionModel())
        height = chosen[0].height() if len(chosen) == 1 else 1
        width = len(self._visible(chosen[0].left(), chosen[0].right())) if len(chosen) == 1 else 1
        block = spread(parse_block(text), height, width)
        if len(block) > MOST_ROWS:
            self._refuse(
                f"一次最多粘贴 {MOST_ROWS:,} 行，剪贴板里有 {len(block):,} 行。", "请少复制一些，或用“导入…”。"
            )
            return
        columns = self._visible(column, len(rows.fields) - 1)
        area = self._area(row, row + len(block) - 1, columns)
        query, may_add, defaults = rows.query, self._grid.may_add, self._grid.defaults()

        def read(conn: sqlite3.Connection) -> Plan:
            return plan_paste(conn, query, area, block, may_add=may_add, defaults=defaults)

        self._carry_out("粘贴", read, lambda: self._select(row, columns, block))

    def _select(self, row: int, columns: Sequence[int], block: Sequence[Sequence[str]]) -> None:
        """Mark what was pasted."""
        rows, width = self._grid.rows, max(len(line) for line in block)
        bottom = min(row + len(block), rows.rowCount()) - 1
        if bottom >= row:
            selection = self._grid.selectionModel()
            flags = QItemSelectionModel.SelectionFlag
            corner = rows.index(row, columns[0])
            selection.setCurrentIndex(corner, flags.ClearAndSelect)
            selection.select(QItemSelection(corner, rows.index(bottom, columns[width - 1])), flags.Select)

    def fill_down(self) -> None:
        """Copy the first selected row into those below it."""
        areas = self._areas() if self._may_change() else []
        if len(areas) == 1 and len(areas[0].seqs) > 1:
            query, area = self._grid.rows.query, areas[0]
            self._carry_out("向下填充", lambda conn: plan_fill_down(conn, query, area))
        elif areas:
            self._refuse("请先选中要填充的几行。", "第一行的内容会填到下面各行。")

    def set_cells(self, cell: Cell) -> None:
        """Write `cell` into all selected cells: None clears them."""
        areas = self._areas() if self._may_change() else []
        if areas:
            query = self._grid.rows.query
            only_states = isinstance(cell, State)
            word = "清空" if cell is None else f"标为{cell}"
            self._carry_out(word, lambda conn: plan_set(conn, query, areas, cell, only_states=only_states))

    def _carry_out(
        self, word: str, read: Callable[[sqlite3.Connection], Plan], then: Callable[[], object] | None = None
    ) -> None:
        rows = self._grid.rows

        def take(plan: Plan) -> None:
            if plan.problems:
                heading = f"没有{word}：有 {len(plan.problems)} 处需要改正。"
                remark = "表格没有任何改动。请在原来的表格中改好后，再复制粘贴一次。"
                show_problems(self._grid.window(), word, heading, plan.problems, remark)
            elif plan.edits:
                rows.write(
                    describe(rows.schema, word, plan), plan.edits, lambda _ids: then() if then is not None else None
                )

        rows.session.read(read, take, owner=self, key="plan")

    def add(self, values: dict[str, Cell]) -> None:
        """Add a row and put the cursor on it."""
        grid = self._grid
        if self._may_change():
            label = f"新增「{grid.rows.schema.title}」"
            grid.rows.write(label, Edits(inserts=[values]), lambda ids: grid.reveal(ids[0]))

    # -- the menu ---------------------------------------------------------------------------------------------

    def menu(self) -> QMenu:
        """Return the menu of the right mouse button."""
        menu = QMenu(self._grid)
        keys = QKeySequence.StandardKey
        may_change = not self._grid.session.read_only and self._grid.rows.editable

        def add(word: str, slot: Callable[[], object], icon: str = "", shortcut: object = None) -> None:
            action = menu.addAction(word)
            if icon:
                action.setIcon(look.icon(icon))
            if isinstance(shortcut, QKeySequence.StandardKey | str):
                action.setShortcut(QKeySequence(shortcut))
            action.triggered.connect(lambda _checked=False: slot())

        add("复制", self.copy, "copy", keys.Copy)
        if may_change:
            add("粘贴", self.paste, "paste", keys.Paste)
            add("向下填充", self.fill_down, "fill-down", "Ctrl+D")
            menu.addSeparator()
            add("清空（未报）", lambda: self.set_cells(None), shortcut="Del")
            for state in State:
                add(f"标为{state.value}", partial(self.set_cells, state))
        add_print_entry(menu, self._grid)
        return menu
