"""项目清单: the registers at the left; the open one's rows, the current row's form and proof files at the right."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.fields import TableSchema
from db.exchange.register_file import read_register
from db.exchange.register_sheet import RegisterDraft
from db.exchange.rows_read import RowsImport
from db.plan.catalogue import Catalogue, Clause
from db.store.initials import initials
from db.store.records import Row
from db.work.duplicates import Double, double_of
from db.work.pasted_rows import PastedRows, read_rows
from db.work.registers import counts, registers
from db.work.row_changes import FieldChange, row_changes
from db.work.target_figures import TargetFigure, target_figures
from desktop.dialogs.clause_registers import ClauseRegistersDialog
from desktop.dialogs.doubles import DoublesDialog
from desktop.dialogs.group_totals import GroupTotalsDialog
from desktop.dialogs.load_register import LoadRegisterDialog, problems_of
from desktop.dialogs.paste_rows import PasteRowsDialog, clipboard_block
from desktop.dialogs.register_rows import ExportRowsDialog, choose_rows_file, import_dialog, read_in
from desktop.dialogs.row_changes import RowChangesDialog
from desktop.file_choice import choose_file
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.basics import icon_button, label, link_button
from desktop.widgets.doubles_link import DoublesLink
from desktop.widgets.register_figures import RegisterFigures
from desktop.widgets.side_list import SideCard, SideEntry, SideList
from desktop.widgets.table_panel import TablePanel
from desktop.widgets.view_menu import ViewMenu

KINDS = "清单定义 (*.xlsx *.json)"
GENERAL, OTHER = "通用", "其他"
SIDE_WIDTHS = (172, 226)


@dataclass(frozen=True)
class _Registers:
    schemas: list[TableSchema]
    entries: list[SideEntry]
    counts: dict[str, int]
    figures: list[TargetFigure]


class ProjectsPage(QWidget):
    """Shows the registers of the county file; a register's table is made when it is first opened."""

    navigate = Signal(object)
    selection_told = Signal(str)
    title = "项目清单"
    icon = "projects"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._session = session
        self._schemas: dict[str, TableSchema] = {}
        self._figures: list[TargetFigure] = []
        self._counts: dict[str, int] = {}
        self._panels: dict[str, TablePanel] = {}
        self._lines: dict[str, RegisterFigures] = {}
        self._wanted = Place("projects")
        self._stale = True
        self.dialog: QDialog | None = None
        self.list = SideList()
        self.list.setAccessibleName("项目清单")
        self.stack = QStackedWidget()
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找清单")
        self.search.setToolTip("按清单名称、拼音首字母或条款编号查找")
        self.search.setAccessibleName("查找清单")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(self._open_found)
        self.search.installEventFilter(self)
        self.nothing = label("没有找到这样的清单。", "small", wrap=True)
        self.nothing.hide()
        side = SideCard(self, SIDE_WIDTHS)
        top = QVBoxLayout()
        top.setContentsMargins(10, 10, 10, 6)
        top.addWidget(self.search)
        top.addWidget(self.nothing)
        side.body.addLayout(top)
        side.body.addWidget(self.list, 1)
        self.load = link_button("载入清单…", self.choose_file)
        self.load.setToolTip("市里发来的清单（.xlsx 或 .json），先看内容再载入")
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 6, 12, 8)
        foot.addWidget(self.load)
        foot.addStretch(1)
        foot.addWidget(link_button("对照…", self.show_clauses))
        side.body.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(12)
        row.addWidget(side)
        row.addWidget(self.stack, 1)
        self.list.chosen.connect(self.open_register)
        self.setFocusProxy(self.list)
        session.changed.connect(self._on_changed)

    def sizeHint(self) -> QSize:
        return QSize(1280, 690)

    # -- finding a register -----------------------------------------------------------------------------------

    def _find(self, words: str) -> None:
        self.nothing.setVisible(self.list.show_only(words) == 0)

    def _open_found(self) -> None:
        """Open the first register that is found, and leave the box."""
        found = self.list.found_keys
        if self.search.text().strip() and found:
            self.open_register(self.register if self.register in found else found[0])
            self.list.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc empties the box; ↓ goes from it into the list."""
        if watched is self.search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
            if event.key() == Qt.Key.Key_Down:
                self._open_found()
                self.list.setFocus()
                return True
        return super().eventFilter(watched, event)

    # -- reading ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the registers, their counts and figures anew; the open table sees to itself."""
        if not self._session.is_open:
            return
        self._stale = False
        catalogue = self._session.catalogue
        self._session.read(lambda conn: _read(conn, catalogue), self._show, owner=self, key="registers")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _on_changed(self, changes: Changes) -> None:
        if not changes.touches("register_definition", *(schema.table for schema in self._schemas.values())):
            return
        self._stale = True
        if self.isVisible():
            self.refresh()

    def _show(self, found: _Registers) -> None:
        self._schemas = {schema.name: schema for schema in found.schemas}
        self._figures, self._counts = found.figures, found.counts
        self.list.show_entries(found.entries)
        for name in self._lines:
            self._show_figures(name)
        place, self._wanted = self._wanted, Place("projects")
        if place.register in self._schemas:
            self.open_register(place.register)
            self._reveal_row(place)
        elif self.list.current_key not in self._panels and self._schemas:
            filled = [name for name in self._schemas if found.counts[name]]
            self.open_register(next(iter([*filled, *self._schemas])))

    def _show_figures(self, name: str) -> None:
        counted = self._counts.get(name, 0) > 0
        self._lines[name].show_figures([each for each in self._figures if counted and each.register == name])

    # -- the open register ------------------------------------------------------------------------------------

    @property
    def registers(self) -> tuple[str, ...]:
        """Return the names of all registers that were read, in their order."""
        return tuple(self._schemas)

    @property
    def register(self) -> str:
        """Return the name of the open register, "" before any was read."""
        return self.list.current_key

    @property
    def panel(self) -> TablePanel | None:
        """Return the open register's table."""
        return self._panels.get(self.register)

    def open_register(self, name: str) -> None:
        """Open the register called `name`."""
        panel = self._panels.get(name) or self._make(name)
        self.list.open_entry(name)
        self.stack.setCurrentWidget(panel)
        self.selection_told.emit("")

    def _make(self, name: str) -> TablePanel:
        schema = self._schemas[name]
        panel = TablePanel(self._session, schema, self._purpose(schema), with_evidence=True)
        panel.paste_wanted.connect(self._paste)
        panel.summary.connect(lambda words: self.selection_told.emit(words) if panel is self.panel else None)
        panel.row_panel.remarks.led_to.connect(self.navigate)
        panel.row_panel.form.row_loaded.connect(lambda row: self._look_for_double(panel, row))
        figures = RegisterFigures()
        figures.chosen.connect(lambda task_id: self.navigate.emit(Place("breakdown", task_id=task_id)))
        panel.foot.insertWidget(0, figures)
        head = panel.row_panel.head
        head.addWidget(icon_button("history", "修改记录", lambda: self.show_changes(panel)))
        head.addWidget(icon_button("chevron-up", "上一行", lambda: _step(panel, -1)))
        head.addWidget(icon_button("chevron-down", "下一行", lambda: _step(panel, 1)))
        panel.foot_tools.setSpacing(14)
        double = DoublesLink(self._session, schema)
        double.clicked.connect(lambda _checked=False: self.show_doubles(panel))
        panel.foot_tools.addWidget(double)
        panel.foot_tools.addWidget(link_button("汇总…", lambda: self.show_totals(panel)))
        panel.foot_tools.addWidget(link_button("导入…", lambda: self.choose_rows(panel.schema)))
        panel.foot_tools.addWidget(link_button("导出…", lambda: self.export_rows(panel)))
        views = ViewMenu(self._session, schema, panel.grid, panel.tools.views, panel)
        views.search_wanted.connect(panel.show_search)
        self._panels[name], self._lines[name] = panel, figures
        self.stack.addWidget(panel)
        self._show_figures(name)
        return panel

    def _purpose(self, schema: TableSchema) -> str:
        """Return what the register is for, and the plan's clauses that ask for it."""
        catalogue = self._session.catalogue
        clauses = [clause for task_id in schema.clauses if isinstance(clause := catalogue.task(task_id), Clause)]
        asked = "、".join(f"{clause.id} {clause.title}" for clause in clauses)
        return f"{schema.help}\n方案依据：{asked}。" if asked else schema.help

    def reveal(self, place: Place) -> None:
        """Open the register of `place` and put the cursor on its row."""
        name = place.register.removeprefix("register_")
        if not self._schemas or self._stale:
            self._wanted = replace(place, register=name)
            self.refresh()
        elif name in self._schemas:
            self.open_register(name)
            self._reveal_row(place)

    def _reveal_row(self, place: Place) -> None:
        if place.row_id and self.panel is not None:
            self.panel.reveal(place.row_id, place.field)

    # -- doubles ----------------------------------------------------------------------------------------------

    def _look_for_double(self, panel: TablePanel, row: Row | None) -> None:
        """Warn beside a row that may be another one entered twice; nothing is refused."""
        panel.row_panel.warn("")
        if row is None or row.deleted_at is not None or self._session.read_only:
            return
        schema, row_id = panel.schema, row.id

        def tell(found: Double | None) -> None:
            if found is not None and panel.row_panel.form.row_id == row_id:
                panel.row_panel.warn(found.sentence, found.row_id)

        self._session.read(lambda conn: double_of(conn, schema, row_id), tell, owner=panel, key="double")

    def show_doubles(self, panel: TablePanel) -> None:
        """List the rows that may be there twice, to be looked at and merged."""
        self.dialog = dialog = DoublesDialog(self._session, panel.schema, self)
        dialog.led_to.connect(panel.reveal)
        dialog.open()

    # -- a register from outside ------------------------------------------------------------------------------

    def choose_file(self) -> None:
        """Let the clerk choose a register's definition and show what it is."""
        file = choose_file(self, "载入清单", KINDS)
        if file is not None:
            self.load_file(file)

    def show_clauses(self) -> None:
        """Show which registers the plan's clauses ask for."""
        self.dialog = made = ClauseRegistersDialog(self._session, self._session.catalogue, self._schemas.values(), self)
        made.chosen.connect(self.open_register)
        made.open()

    def load_file(self, file: Path) -> None:
        """Read a register's definition and show it, or what is wrong with it."""
        self._session.job(f"读取{file.name}", lambda _progress: read_register(file), self._preview_register)

    def _preview_register(self, draft: RegisterDraft) -> None:
        schema = draft.schema
        if schema is None:
            self.dialog = problems_of(draft, self)
        else:
            self.dialog = LoadRegisterDialog(self._session, draft, self._schemas.get(schema.name), self)
            self.dialog.accepted.connect(lambda: self._loaded(schema.name))
        self.dialog.open()

    def _loaded(self, name: str) -> None:
        """Open the register that was loaded; a table made from its older edition is made anew."""
        panel = self._panels.pop(name, None)
        if panel is not None:
            self._lines.pop(name)
            self.stack.removeWidget(panel)
            panel.deleteLater()
        self.reveal(Place("projects", register=name))

    # -- the open row -----------------------------------------------------------------------------------------

    def show_changes(self, panel: TablePanel) -> None:
        """Show what happened to the fields of the row beside the table."""
        schema, row_id, title = panel.schema, panel.row_panel.form.row_id, panel.row_panel.title.text()

        def show(changes: list[FieldChange]) -> None:
            self.dialog = RowChangesDialog(title, changes, self)
            self.dialog.open()

        if row_id:
            self._session.read(lambda conn: row_changes(conn, schema, row_id), show, owner=self, key="changes")

    def show_totals(self, panel: TablePanel) -> None:
        """Show what the rows in the table come to by town, stage or another choice."""
        self.dialog = GroupTotalsDialog(self._session, panel.grid.rows.query, panel.count.text(), self)
        self.dialog.open()

    # -- rows out and in --------------------------------------------------------------------------------------

    def export_rows(self, panel: TablePanel) -> None:
        """Ask where the register's rows are to be written to."""
        rows = panel.grid.rows
        found = rows.query if rows.asked.narrows else None
        self.dialog = dialog = ExportRowsDialog(self._session, panel.schema, found, rows.rowCount(), self)
        dialog.accepted.connect(lambda: self.selection_told.emit(dialog.written.sentence() if dialog.written else ""))
        dialog.open()

    def choose_rows(self, schema: TableSchema) -> None:
        """Let the clerk choose a file with rows and show what it would do."""
        name = choose_rows_file(self)
        if name:
            self.read_rows_from(schema, Path(name))

    def read_rows_from(self, schema: TableSchema, file: Path) -> None:
        """Read a file with rows of the register and show what it would do."""

        def show(found: object) -> None:
            assert isinstance(found, RowsImport)
            self.dialog = import_dialog(self._session, schema, file, found, self)
            self.dialog.open()

        read_in(self._session, schema, file, show)

    # -- pasting rows -----------------------------------------------------------------------------------------

    def _paste(self, schema: TableSchema) -> None:
        block = clipboard_block()
        self._session.read(lambda conn: read_rows(conn, schema, block), self._preview, owner=self, key="paste")

    def _preview(self, pasted: PastedRows) -> None:
        self.dialog = PasteRowsDialog(self._session, pasted, self)
        self.dialog.open()


def _step(panel: TablePanel, rows: int) -> None:
    """Go to the row above or below; at the ends nothing happens."""
    at = panel.grid.currentIndex()
    wanted = at.row() + rows
    if at.isValid() and 0 <= wanted < panel.grid.rows.rowCount() and panel.row_panel.form.commit():
        panel.grid.go_to(wanted, at.column())


def _read(conn: sqlite3.Connection, catalogue: Catalogue) -> _Registers:
    schemas, counted = registers(conn), counts(conn)
    named = [(_group(schema, catalogue), schema) for schema in schemas]
    # Each group stands where its first register does, so that one the city sent joins those of its part of the plan.
    order = list(dict.fromkeys(group for group, _ in named))
    entries = [
        SideEntry(
            key=schema.name,
            title=schema.title,
            count=f"{counted[schema.name]:,}" if counted[schema.name] else "",
            tip=schema.help,
            group=group,
            words=" ".join((initials(schema.title), *schema.clauses)),
        )
        for group, schema in sorted(named, key=lambda each: order.index(each[0]))
    ]
    return _Registers(schemas, entries, counted, target_figures(conn, catalogue))


def _group(schema: TableSchema, catalogue: Catalogue) -> str:
    """Return the heading under which the register stands: the part of the plan that asks for it."""
    if schema.general:
        return GENERAL
    clause = next((found for each in schema.clauses if isinstance(found := catalogue.task(each), Clause)), None)
    return catalogue.part(clause.part).title if clause is not None else OTHER
