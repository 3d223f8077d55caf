"""What is done to whole rows of a grid: adding, copying, changing, deleting them and bringing them back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from db.core.errors import DataProblem
from db.core.fields import TableSchema
from db.store import records
from db.store.operation import Operation
from db.work.row_copies import copied_values
from desktop.dialogs.bulk_edit import BulkEditDialog
from desktop.models.grid_blocks import MOST_ROWS
from desktop.models.grid_rows import Edits
from desktop.models.selection import ranges
from desktop.session import Session
from desktop.widgets.dialog import ask
from desktop.widgets.grid import Grid

ASK_FROM = 20
"""From how many rows on deleting asks first; fewer are back with one 撤销."""

Remove = Callable[[Operation, Sequence[str]], int]


class TableActions(QObject):
    """Belongs to one `TablePanel`. `added` carries the id of a new row once it is saved.

    `remove` deletes rows (default: to the recycle bin, whatever points to them).
    """

    added = Signal(str)

    def __init__(
        self, session: Session, schema: TableSchema, grid: Grid, parent: QWidget, *, remove: Remove | None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._schema = schema
        self._grid = grid
        self._host = parent
        self.dialog: BulkEditDialog | None = None
        self._remove: Remove = remove or (lambda op, ids: records.delete(op, schema, ids))

    def add(self) -> None:
        """Add a row at the end."""
        edits = Edits(inserts=[self._grid.defaults()])
        self._grid.rows.write(f"新增「{self._schema.title}」", edits, lambda ids: self.added.emit(ids[0]))

    def copy(self) -> None:
        """Add a row like the current one, without what must be its own."""
        current = self._grid.currentIndex()
        row = self._grid.rows.row_at(current.row()) if current.isValid() else None
        if row is None or not self._may_change() or not self._grid.editing.finish():
            return
        edits = Edits(inserts=[copied_values(self._schema, row)])
        self._grid.rows.write(f"复制「{self._schema.title}」一行", edits, lambda ids: self.added.emit(ids[0]))

    def change_many(self) -> None:
        """Ask for a field and a value that all selected rows are to have."""
        current = self._grid.currentIndex()
        if current.isValid() and self._may_change() and self._grid.editing.finish():
            field = self._grid.rows.fields[current.column()].name
            self._with_ids(lambda ids: self._ask_for_value(ids, field))

    def _ask_for_value(self, ids: list[str], field: str) -> None:
        if len(ids) > MOST_ROWS:
            problem = DataProblem(f"一次最多修改 {MOST_ROWS:,} 行。", advice="请少选一些，或先筛选。")
            self._session.problem.emit(problem)
            return
        self.dialog = BulkEditDialog(self._session, self._schema, ids, field, self._host)
        self.dialog.open()

    def _may_change(self) -> bool:
        return not self._session.read_only and not self._grid.rows.query.deleted

    def _with_ids(self, then: Callable[[list[str]], object]) -> None:
        """Call `then` with the ids of all selected rows, also of those that are not in the window."""
        rows, query = self._grid.rows, self._grid.rows.query
        areas = ranges(self._grid.selectionModel())
        seqs = [seq for area in areas for seq in rows.seqs(area.top(), area.height())]
        chosen = list(dict.fromkeys(seqs)) or list(rows.seqs(max(self._grid.currentIndex().row(), 0), 1))

        def read(conn: sqlite3.Connection) -> list[str]:
            return [row.id for row in query.rows(conn, chosen)]

        self._session.read(read, then, owner=self, key="ids")

    def delete(self) -> None:
        """Move the selected rows to the recycle bin."""
        if self._session.read_only or self._grid.rows.query.deleted or not self._grid.currentIndex().isValid():
            return
        if self._grid.editing.finish():
            self._with_ids(self._delete)

    def _delete(self, ids: list[str]) -> None:
        if len(ids) < ASK_FROM:
            self._delete_now(ids)
        else:
            sentence = f"删除选中的 {len(ids):,} 行？"
            advice = "删除的行先到回收站，可以恢复，也可以撤销。"
            yes = f"删除 {len(ids):,} 行"
            ask(self._host, "删除", sentence, advice, yes=yes, on_yes=partial(self._delete_now, ids))

    def _delete_now(self, ids: list[str]) -> None:
        remove = self._remove
        self._session.write(
            f"删除「{self._schema.title}」{len(ids)}行",
            lambda op: remove(op, ids),
            lambda count: self._session.notice.emit(f"已删除{count}行，可以撤销，或到回收站恢复。"),
        )

    def restore(self) -> None:
        """Bring the selected rows back from the recycle bin."""
        rows = self._grid.rows
        if not self._session.read_only and rows.query.deleted and self._grid.currentIndex().isValid():
            self._with_ids(lambda ids: rows.restore_rows(ids, self._tell_restored))

    def _tell_restored(self, count: int) -> None:
        self._session.notice.emit(f"已恢复{count}行。")
