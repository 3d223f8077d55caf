"""可能重复: the pairs of a register's rows that may be one thing, and merging the two of a pair."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from db.core.changes import Changes
from db.core.fields import TableSchema
from db.work.duplicates import MOST_PAIRS, Pair, pairs
from db.work.merging import MergeChoice, merge_choices
from desktop.dialogs.merge_rows import MergeDialog
from desktop.session import Session
from desktop.widgets.basics import allow, label
from desktop.widgets.dialog import Dialog
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

WIDTH, HEIGHT = 780, 440
COLUMNS = (Column("先录入的"), Column("后录入的"), Column("为什么", 240))


class DoublesDialog(Dialog):
    """Lists the pairs and follows what is done to the rows; `led_to` carries the id of a row to be looked at."""

    led_to = Signal(str)

    def __init__(self, session: Session, schema: TableSchema, parent: QWidget | None = None) -> None:
        super().__init__("可能重复", f"可能重复：{schema.title}", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(WIDTH, HEIGHT)
        self._session, self._schema = session, schema
        self.pairs: list[Pair] = []
        self.merging: MergeDialog | None = None
        self.words = label("", "secondary", wrap=True)
        self.table = SimpleTable(COLUMNS)
        self.table.setAccessibleName("可能重复的行")
        self.body.addWidget(self.words)
        self.body.addWidget(self.table, 1)
        self.look = self.add_button("看后录入的一行", self._look)
        self.merge = self.add_button("合并…", self._ask)
        self.add_button("关闭", self.accept, primary=True)
        self.table.chosen.connect(lambda _row: self._ask())
        self.table.selectionModel().selectionChanged.connect(lambda *_ranges: self._tell())
        session.changed.connect(self._on_changed)
        self.refresh()

    def refresh(self) -> None:
        """Look for pairs anew."""
        schema = self._schema
        self.words.setText("正在查重…")
        self._session.read(lambda conn: pairs(conn, schema), self._show, owner=self, key="pairs")

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches(self._schema.table):
            self.refresh()

    def _show(self, found: list[Pair]) -> None:
        self.pairs = found
        self.table.show_rows(
            [
                [
                    TextCell(pair.first_title, tip=pair.first_title),
                    TextCell(pair.second_title, tip=pair.second_title),
                    TextCell(pair.why, tip=pair.why),
                ]
                for pair in found
            ]
        )
        most = f"只列出前{MOST_PAIRS}对。" if len(found) >= MOST_PAIRS else ""
        self.words.setText(
            f"有{len(found)}对可能是同一件事填了两次；确实是两件事的不用管。{most}"
            if found
            else "没有找到可能重复的行。"
        )
        if found:
            self.table.selectRow(0)
        self._tell()

    @property
    def pair(self) -> Pair | None:
        """Return the pair that is selected."""
        chosen = self.table.selectionModel().selectedRows()
        row = chosen[0].row() if chosen else -1
        return self.pairs[row] if 0 <= row < len(self.pairs) else None

    def _tell(self) -> None:
        allow(self.merge, not self._session.read_only, self.pair is not None)
        self.look.setEnabled(self.pair is not None)

    def _look(self) -> None:
        if self.pair is not None:
            self.led_to.emit(self.pair.second)
            self.accept()

    def _ask(self) -> None:
        """Show the two rows side by side."""
        pair, schema = self.pair, self._schema
        if pair is None or self._session.read_only:
            return

        def show(choices: list[MergeChoice]) -> None:
            self.merging = MergeDialog(self._session, schema, pair, choices, self)
            self.merging.open()

        self._session.read(
            lambda conn: merge_choices(conn, schema, pair.first, pair.second), show, owner=self, key="choices"
        )
