"""One table to work in: tools above, the grid, the current row's form and proof files beside it, counts below."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.fields import TableSchema
from db.core.text import titled
from db.store.query import TableQuery
from db.store.records import Row
from desktop.frame import NARROW
from desktop.session import Session
from desktop.settings import Settings
from desktop.widgets.basics import Card, allow, label, link_button
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.grid import Grid
from desktop.widgets.row_drop import RowDrop
from desktop.widgets.row_panel import RowPanel, row_title
from desktop.widgets.table_actions import Remove, TableActions
from desktop.widgets.table_tools import TableTools

PANEL_WIDTH = 348


class TablePanel(QWidget):
    """Works on the rows of `schema`. `remove` deletes rows (default: to the recycle bin, whatever points to them).

    `paste_wanted` asks for the dialog that adds copied rows; `summary` is for the status line.
    """

    summary = Signal(str)
    paste_wanted = Signal(object)
    counted = Signal(int)

    def __init__(
        self,
        session: Session,
        schema: TableSchema,
        purpose: str,
        parent: QWidget | None = None,
        *,
        with_evidence: bool = False,
        remove: Remove | None = None,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.schema = schema
        self._to_reveal = self._field = ""
        self._folded = False
        self.grid = Grid(session, TableQuery(schema), name=schema.name, settings=Settings())
        self.grid.setAccessibleName(schema.title)
        self.row_panel = RowPanel(session, schema, with_evidence=with_evidence)
        self.tools = TableTools(with_evidence=with_evidence)
        self.doing = TableActions(session, schema, self.grid, self, remove=remove)
        self.empty = EmptyState("projects", "", "", ("新增第一行", self.add), ("粘贴新增…", self._want_paste))
        self.nothing = EmptyState("search", "", "", ("显示全部", self.show_all))
        self.purpose = purpose
        self.count = label("", "secondary")
        self.clear_filter = link_button("显示全部", self.show_all)
        self.foot = QVBoxLayout()
        self.foot_tools = QHBoxLayout()
        self._lay_out()
        self._connect()
        self._tell_loaded(self.grid.rows.rowCount())

    def _lay_out(self) -> None:
        self.stack = QStackedWidget()
        for each in (self.grid, self.empty, self.nothing):
            self.stack.addWidget(each)
        card = Card(flush=True)
        card.body.addWidget(self.stack, 1)
        counts = QHBoxLayout()
        counts.setContentsMargins(13, 6, 13, 6)
        counts.setSpacing(10)
        counts.addWidget(self.count)
        counts.addWidget(self.clear_filter)
        counts.addStretch(1)
        counts.addLayout(self.foot_tools)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.addLayout(counts)
        card.body.addLayout(self.foot)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(12)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(card)
        self.splitter.addWidget(self.row_panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([1000 - PANEL_WIDTH, PANEL_WIDTH])
        self.row_panel.setMinimumWidth(260)
        card.setMinimumWidth(300)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.tools)
        column.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        tools, grid = self.tools, self.grid
        tools.add.clicked.connect(lambda _checked=False: self.add())
        tools.paste.clicked.connect(lambda _checked=False: self._want_paste())
        tools.delete.clicked.connect(lambda _checked=False: self.doing.delete())
        tools.restore.clicked.connect(lambda _checked=False: self.doing.restore())
        self.doing.added.connect(self._added)
        tools.bin.toggled.connect(self.show_bin)
        tools.columns.clicked.connect(lambda _checked=False: self._show_columns())
        tools.parts_changed.connect(self._show_parts)
        self._search_timer = QTimer(self, singleShot=True, interval=180)
        self._search_timer.timeout.connect(self._search)
        tools.search.textChanged.connect(lambda _text: self._search_timer.start())
        tools.search.returnPressed.connect(self._search)
        grid.current_changed.connect(self._row_chosen)
        grid.selection_told.connect(self.summary)
        grid.menu_wanted.connect(self._fill_menu)
        grid.rows.loaded.connect(self._tell_loaded)
        grid.selectionModel().selectionChanged.connect(lambda *_ranges: self._tell_tools())
        self.row_panel.led_to.connect(self.reveal)
        if self.row_panel.evidence is not None:
            RowDrop(grid, self._attach, self._paste_evidence)
            self.row_panel.evidence_counted.connect(tools.show_evidence_count)
        for keys, action in (
            ("Ctrl+N", self.add),
            ("Ctrl+Shift+D", self._copy_row),
            ("Ctrl+-", self.doing.delete),
            ("Ctrl+F", self._find),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold what stands beside the grid where there is no room for both; 表单 and 附件 unfold it."""
        super().resizeEvent(event)
        narrow = self.window().width() < NARROW
        if narrow == self._folded:
            return
        self._folded = narrow
        for toggle in (self.tools.form, self.tools.evidence):
            toggle.setChecked(not narrow)

    # -- what is shown ----------------------------------------------------------------------------------------

    def concerns(self, changes: Changes) -> bool:
        """Return whether the panel has to be told of changes: grid and form see to themselves."""
        return False

    def refresh(self) -> None:
        """Read the rows anew."""
        self.grid.rows.refresh()

    def reveal(self, row_id: str, field: str = "") -> None:
        """Put the cursor on the row with this id, in its `field`; out of the bin's view and past any filter."""
        self.tools.bin.setChecked(False)
        if self.grid.rows.asked.narrows:
            self.show_all()
        self._seek(row_id, field)

    def _seek(self, row_id: str, field: str = "") -> None:
        """Go to a row that may come only with the next order of rows."""
        self._to_reveal, self._field = row_id, field
        self.grid.reveal(row_id, field)

    def _row_chosen(self, row_id: str) -> None:
        if row_id and row_id == self._to_reveal:
            self._to_reveal = ""
        column = self.grid.currentIndex().column()
        self.row_panel.show_row(row_id, self.grid.rows.fields[column].name if column >= 0 else "")
        self._tell_tools()

    def _tell_loaded(self, count: int) -> None:
        rows = self.grid.rows
        narrows, deleted = rows.asked.narrows, rows.query.deleted
        if count or not rows.is_loaded:
            self.stack.setCurrentWidget(self.grid)
        elif narrows:
            self.nothing.say("没有符合条件的行", "换个词查找，或去掉列标题上的筛选。")
            self.stack.setCurrentWidget(self.nothing)
        elif deleted:
            self.nothing.say("这张表的回收站是空的", "删除的行会先到这里，可以随时恢复。")
            self.stack.setCurrentWidget(self.nothing)
        else:
            self.empty.say(f"{titled(self.schema.title)}还没有登记", self.purpose)
            self.stack.setCurrentWidget(self.empty)
        where = "回收站里有" if deleted else "筛选出" if narrows else "共"
        self.count.setText(f"{where} {count:,} 行")
        self.clear_filter.setVisible(narrows or deleted)
        if not count:
            self.row_panel.show_row("")
        self._show_parts(self.tools.form.isChecked(), self.tools.evidence.isChecked())
        if self._to_reveal:
            self.grid.reveal(self._to_reveal, self._field)
        elif count and not self.grid.currentIndex().isValid():
            self.grid.go_to(0, 0)
        self._tell_tools()
        self.counted.emit(count)

    def _tell_tools(self) -> None:
        chosen = self.grid.currentIndex().isValid() and self.grid.rows.rowCount() > 0
        writable = not self.session.read_only
        self.tools.show_state(writable=writable, chosen=chosen)
        for each in self.empty.buttons:
            allow(each, writable)

    def _show_parts(self, form: bool, evidence: bool) -> None:
        """Show what was asked for beside the grid, nothing beside an empty table."""
        some = self.grid.rows.rowCount() > 0
        self.row_panel.show_parts(form=form and some, evidence=evidence and some)

    def _show_columns(self) -> None:
        menu = self.grid.columns.menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.tools.columns.mapToGlobal(self.tools.columns.rect().bottomLeft()))

    # -- finding ----------------------------------------------------------------------------------------------

    def _search(self) -> None:
        self._search_timer.stop()
        self.grid.rows.set_search(self.tools.search.text().strip())

    def show_search(self, words: str) -> None:
        """Put words into the search box that the rows are already searched for."""
        self.tools.search.setText(words)
        self._search_timer.stop()

    def _find(self) -> None:
        self.tools.search.setFocus()
        self.tools.search.selectAll()

    def show_all(self) -> None:
        """Take away search and filters, and leave the recycle bin."""
        self.tools.search.clear()
        self._search_timer.stop()
        if self.tools.bin.isChecked():
            self.tools.bin.setChecked(False)
        else:
            self.grid.rows.clear_filters()

    def show_bin(self, shown: bool) -> None:
        """Show the deleted rows of the table, or the others again."""
        self.tools.search.clear()
        self._search_timer.stop()
        if self.grid.editing.finish():
            self.grid.rows.set_query(TableQuery(self.schema, deleted=shown))

    # -- doing ------------------------------------------------------------------------------------------------

    def add(self) -> None:
        """Add a row at the end and put the cursor on it; what is being typed is saved first."""
        if self.session.read_only or not self.row_panel.form.commit() or not self.grid.editing.finish():
            return
        if self.grid.rows.asked.narrows or self.tools.bin.isChecked():
            self.show_all()
        self.doing.add()

    def _copy_row(self) -> None:
        """Add a copy of the current row at the end; what is being typed is saved first."""
        if not self.session.read_only and self.row_panel.form.commit():
            self.doing.copy()

    def _added(self, row_id: str) -> None:
        self._seek(row_id)
        self.grid.setFocus()

    def _want_paste(self) -> None:
        if not self.session.read_only:
            self.paste_wanted.emit(self.schema)

    def _attach(self, row: int, files: list[Path]) -> None:
        found = self.grid.rows.row_at(row)
        if found is not None and self.row_panel.evidence is not None:
            self.grid.go_to(row, max(self.grid.currentIndex().column(), 0))
            self.row_panel.evidence.add_files(files, self._target(found))

    def _paste_evidence(self, row: int) -> bool:
        """Attach what the clipboard has for the row; return whether it had something."""
        found, panel = self.grid.rows.row_at(row), self.row_panel.evidence
        return found is not None and panel is not None and panel.paste(self._target(found))

    def _target(self, row: Row) -> tuple[str, str, str]:
        return self.schema.table, row.id, row_title(self.schema, row)

    def _fill_menu(self, menu: QMenu) -> None:
        if self.session.read_only:
            return
        menu.addSeparator()
        deleted = self.grid.rows.query.deleted
        doing = self.doing
        if not deleted:
            many = menu.addAction("批量修改选中的行…")
            many.triggered.connect(lambda _checked=False: doing.change_many())
            copy = menu.addAction("复制成新的一行")
            copy.setShortcut(QKeySequence("Ctrl+Shift+D"))
            copy.triggered.connect(lambda _checked=False: self._copy_row())
        word, action = ("恢复选中的行", doing.restore) if deleted else ("删除选中的行", doing.delete)
        menu.addAction(word).triggered.connect(lambda _checked=False: action())
