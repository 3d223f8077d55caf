"""基础信息 › 回收站: what was deleted from any table, by whom; chosen rows come back in one step."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.work.recycle import SHOWN, BinRow, BinTable, bin_rows, bin_tables, restore_rows
from desktop.session import Session
from desktop.widgets.basics import Card, allow, label, primary_button
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.simple_table import Column, SimpleTable, TextCell


class RecyclePanel(QWidget):
    """Shows `db.work.recycle` for all tables or one."""

    summary = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.rows: list[BinRow] = []
        self.tables = QComboBox()
        self.tables.setMinimumWidth(190)
        self.tables.setAccessibleName("来自哪张表")
        self.tables.currentIndexChanged.connect(lambda _place: self._read_rows())
        self.table = SimpleTable(
            [Column("来自", 120), Column("内容"), Column("删除时间", 150), Column("经办人", 110), Column("操作", 190)]
        )
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.chosen.connect(lambda _row: self.restore())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell_selection())
        self.restore_button = primary_button("恢复", self.restore, icon="restore")
        self.count = label("", "secondary")
        self.empty = EmptyState("delete", "回收站是空的", "在表里删除的行会先到这里，随时可以恢复。")
        card = Card("回收站", flush=True)
        card.tools.addWidget(self.tables)
        card.tools.addWidget(self.restore_button)
        full = QWidget()
        inner = QVBoxLayout(full)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(13, 8, 13, 8)
        foot.addWidget(self.count)
        inner.addLayout(foot)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(full)
        card.body.addWidget(self.stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        self._tell_selection()

    def concerns(self, changes: Changes) -> bool:
        """Return whether the section shows something that changed: any table may have got a deleted row."""
        return True

    def refresh(self) -> None:
        """Read everything anew."""
        self._session.read(bin_tables, self._show_tables, owner=self, key="tables")

    def reveal(self, row_id: str) -> None:
        """Select the row with this id if it is shown."""
        for place, row in enumerate(self.rows):
            if row.id == row_id:
                self.table.selectRow(place)

    def _show_tables(self, tables: list[BinTable]) -> None:
        chosen = self.tables.currentData() or ""
        self.tables.blockSignals(True)
        self.tables.clear()
        self.tables.addItem(f"全部（{sum(entry.rows for entry in tables):,}）", "")
        for entry in tables:
            self.tables.addItem(f"{entry.title}（{entry.rows:,}）", entry.table)
        self.tables.setCurrentIndex(max(self.tables.findData(chosen), 0))
        self.tables.blockSignals(False)
        self._read_rows()

    def _read_rows(self) -> None:
        table = self.tables.currentData() or ""
        self._session.read(lambda conn: bin_rows(conn, table), self._show_rows, owner=self, key="rows")

    def _show_rows(self, rows: list[BinRow]) -> None:
        self.rows = rows
        self.table.show_rows([_cells(row) for row in rows])
        self.stack.setCurrentIndex(1 if rows else 0)
        self.tables.setEnabled(bool(rows))
        self.count.setText(
            f"最近删除的{SHOWN}行；更早的请选一张表查看。" if len(rows) >= SHOWN else f"共{len(rows)}行；双击一行恢复。"
        )
        self._tell_selection()

    def chosen(self) -> list[BinRow]:
        """Return the selected rows."""
        places = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.rows[place] for place in places if place < len(self.rows)]

    def _tell_selection(self) -> None:
        chosen = len(self.chosen())
        allow(self.restore_button, not self._session.read_only, chosen > 0)
        self.restore_button.setText(f"恢复{chosen}行" if chosen > 1 else "恢复")

    def restore(self) -> None:
        """Bring the selected rows back."""
        chosen = self.chosen()
        if not chosen:
            return
        keys = [(row.table, row.id) for row in chosen]
        what = f"“{chosen[0].title}”" if len(chosen) == 1 else f"{len(chosen)}行"
        self._session.write(
            f"恢复{what}",
            lambda op: restore_rows(op, keys),
            lambda count: self._session.notice.emit(f"已恢复{count}行，回到原来的表中。"),
        )


def _cells(row: BinRow) -> list[TextCell]:
    return [
        TextCell(row.table_title, "neutral", badge=True),
        TextCell(row.title, tip=row.title),
        TextCell(row.deleted_at.replace("T", " ")[:16]),
        TextCell(row.author),
        TextCell(row.label, tip=row.label),
    ]
