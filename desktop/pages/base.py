"""基础信息: the county and its clerk, units, towns, departments, enterprises, quotas, backups, recycle bin, history."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.fields import TableSchema, load_schema
from db.exchange.arriving import refuse_part
from db.plan.catalogue import Target
from db.store.backup import BackupInfo, describe
from db.store.query import TableQuery
from db.work.adoption import AdoptionPlan, adoption
from db.work.county_settings import county_facts
from db.work.directory import TABLES
from db.work.evidence_check import FilesChecked
from db.work.holdings import Holding, compare
from db.work.pasted_rows import PastedRows, read_rows
from db.work.plan_offer import Offer
from db.work.recycle import bin_tables
from desktop.dialogs.adoption import AdoptionDialog
from desktop.dialogs.files_checked import FilesCheckedDialog
from desktop.dialogs.paste_preview import PastePreview
from desktop.dialogs.paste_rows import PasteRowsDialog, clipboard_block
from desktop.dialogs.quota import QuotaDialog
from desktop.dialogs.rehouse import RehouseDialog
from desktop.dialogs.restore import RestoreDialog
from desktop.models.sheet import Paste
from desktop.places import Place
from desktop.restoring import restore_county
from desktop.session import Session
from desktop.settings import Settings
from desktop.widgets.base_backup import BackupPanel
from desktop.widgets.base_county import CountyPanel
from desktop.widgets.base_history import HistoryPanel
from desktop.widgets.base_plan import PlanPanel
from desktop.widgets.base_quotas import QuotaPanel
from desktop.widgets.base_recycle import RecyclePanel
from desktop.widgets.base_section import OF_PARTS, OTHER_NAMES, SECTIONS, Section, directory_panel
from desktop.widgets.side_list import SideCard, SideEntry, SideList
from desktop.widgets.table_panel import TablePanel

SIDE_WIDTHS = (164, 202)


class BasePage(QWidget):
    """Sections at the left, the open one at the right; a section is made when it is first opened."""

    navigate = Signal(object)
    selection_told = Signal(str)
    title = "基础信息"
    icon = "base"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._session = session
        self._made: dict[str, QWidget] = {}
        self._stale: set[str] = set()
        self._counts_stale = True
        self.dialog: QDialog | None = None
        self.list = SideList()
        self.list.setAccessibleName("基础信息的各部分")
        self.stack = QStackedWidget()
        side = SideCard(self, SIDE_WIDTHS)
        side.body.setContentsMargins(0, 6, 0, 6)
        side.body.addWidget(self.list)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(12)
        row.addWidget(side)
        right = QVBoxLayout()
        right.addWidget(self.stack)
        row.addLayout(right, 1)
        self._show_entries({})
        self.list.chosen.connect(self.open_section)
        self.setFocusProxy(self.list)
        session.changed.connect(self._on_changed)
        self.open_section(self._sections[0][0])

    @property
    def _sections(self) -> Sequence[tuple[str, str, str]]:
        """Return the sections: of a work package those alone of which something comes home, or that are its own."""
        return [each for each in SECTIONS if self._session.part is None or each[0] in OF_PARTS]

    def sizeHint(self) -> QSize:
        return QSize(1280, 690)

    # -- sections ---------------------------------------------------------------------------------------------

    @property
    def section(self) -> str:
        """Return the name of the open section."""
        return self.list.current_key

    def open_section(self, name: str) -> QWidget:
        """Open the section called `name` and return its widget; KeyError when there is none."""
        name = OTHER_NAMES.get(name, name)
        if self._session.part is not None and name not in OF_PARTS:
            name = self._sections[0][0]
        widget = self._made.get(name)
        if widget is None:
            widget = self._make(name)
            self._made[name] = widget
            self._stale.add(name)
            self.stack.addWidget(widget)
        self.list.open_entry(name)
        self.stack.setCurrentWidget(widget)
        self.selection_told.emit("")
        self._freshen()
        return widget

    def _make(self, name: str) -> QWidget:
        makers: dict[str, Callable[[], QWidget]] = {
            "county": self._make_county,
            "plan": self._make_plan,
            "quotas": self._make_quotas,
            "backup": self._make_backup,
            "recycle": lambda: RecyclePanel(self._session),
            "history": lambda: HistoryPanel(self._session),
        }
        widget = makers[name]() if name in makers else self._make_table(name)
        cast(Section, widget).summary.connect(lambda words: self._tell_selection(widget, words))
        return widget

    def _tell_selection(self, section: QWidget, words: str) -> None:
        if section is self.stack.currentWidget():
            self.selection_told.emit(words)

    def _make_table(self, name: str) -> QWidget:
        panel = directory_panel(self._session, name)
        panel.paste_wanted.connect(self._paste_rows)
        panel.row_panel.remarks.led_to.connect(self.navigate)
        return panel

    def _make_county(self) -> QWidget:
        panel = CountyPanel(self._session)
        panel.author_changed.connect(self._rename_author)
        return panel

    def _make_plan(self) -> QWidget:
        panel = PlanPanel(self._session)
        panel.opened.connect(self.offer_plan)
        panel.review_wanted.connect(lambda: self.navigate.emit(Place("plan_review")))
        panel.rehouse_wanted.connect(lambda entry: self._open_dialog(RehouseDialog(self._session, entry, self)))
        return panel

    def _make_quotas(self) -> QWidget:
        panel = QuotaPanel(self._session)
        panel.quota_wanted.connect(self._edit_quota)
        panel.remarks.led_to.connect(self.navigate)
        panel.sheet.preview_wanted.connect(self._preview_quotas)
        return panel

    def _make_backup(self) -> QWidget:
        panel = BackupPanel(self._session)
        panel.restore_wanted.connect(self.ask_restore)
        panel.files_checked.connect(self._tell_files)
        return panel

    def _tell_files(self, found: FilesChecked) -> None:
        dialog = FilesCheckedDialog(found, self)
        dialog.led_to.connect(self.navigate)
        self._open_dialog(dialog)

    # -- reading ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the open section and the counts anew; the others when they are opened."""
        self._stale = set(self._made)
        self._counts_stale = True
        self._freshen()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._freshen()

    def _freshen(self) -> None:
        if not self._session.is_open or not self.isVisible():
            return
        if self._counts_stale:
            self._counts_stale = False
            self._session.read(_counts, self._show_entries, owner=self, key="counts")
        name = self.section
        if name in self._stale:
            self._stale.discard(name)
            cast(Section, self._made[name]).refresh()

    def _on_changed(self, changes: Changes) -> None:
        self._counts_stale = True
        self._stale |= {name for name, widget in self._made.items() if cast(Section, widget).concerns(changes)}
        self._freshen()

    def _show_entries(self, counts: dict[str, int]) -> None:
        self.list.show_entries(
            [
                SideEntry(name, title, icon, f"{counts[name]:,}" if counts.get(name) else "")
                for name, title, icon in self._sections
            ]
        )

    def reveal(self, place: Place) -> None:
        """Open the section of `place` and show its row."""
        if place.section:
            widget = self.open_section(place.section)
            if isinstance(widget, TablePanel) and place.row_id:
                widget.reveal(place.row_id, place.field)
            elif place.row_id or place.task_id:
                cast(Section, widget).reveal(place.row_id or place.task_id)

    # -- what the sections ask for ----------------------------------------------------------------------------

    def _rename_author(self, name: str) -> None:
        self._session.author = name
        Settings().author = name

    def _open_dialog(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(lambda _code: self._forget_dialog(dialog))
        dialog.open()

    def _forget_dialog(self, dialog: QDialog) -> None:
        self.dialog = None
        dialog.deleteLater()

    def _edit_quota(self, target: Target, year: int) -> None:
        self._open_dialog(QuotaDialog(self._session, target, year, self))

    def _preview_quotas(self, paste: Paste) -> None:
        panel = self._made["quotas"]
        assert isinstance(panel, QuotaPanel)
        dialog = PastePreview(paste, panel.model, self)
        dialog.accepted.connect(lambda: panel.sheet.land(paste))
        self._open_dialog(dialog)

    def _paste_rows(self, schema: TableSchema) -> None:
        block = clipboard_block()

        def show(pasted: PastedRows) -> None:
            self._open_dialog(PasteRowsDialog(self._session, pasted, self))

        self._session.read(lambda conn: read_rows(conn, schema, block), show, owner=self, key="paste")

    def offer_plan(self, offer: Offer) -> None:
        """Show what taking up a plan would do; it is taken up when the clerk says so."""

        def show(plan: AdoptionPlan) -> None:
            self._open_dialog(AdoptionDialog(self._session, offer, plan, self))

        self._session.read(lambda conn: adoption(conn, offer.catalogue), show, owner=self, key="adoption")

    def ask_restore(self, file: Path) -> None:
        """Show what the backup `file` holds beside what there is, and restore it when the clerk says so."""

        whole = self._session.part is None

        def query(conn: sqlite3.Connection) -> tuple[BackupInfo, list[Holding], str]:
            if whole:
                refuse_part(file)
            info = describe(file)
            return info, compare(conn, info.counts), county_facts(conn).code

        def show(found: tuple[BackupInfo, list[Holding], str]) -> None:
            dialog = RestoreDialog(*found, parent=self)
            session = self._session
            dialog.accepted.connect(lambda: restore_county(session, file))
            self._open_dialog(dialog)

        self._session.read(query, show, owner=self, key="restore")


def _counts(conn: sqlite3.Connection) -> dict[str, int]:
    counts = {name: TableQuery(load_schema(name)).count(conn) for name in TABLES}
    counts["recycle"] = sum(entry.rows for entry in bin_tables(conn))
    return counts
