"""月调度 by task: what is due in the month as a sheet, narrowed by chips and lists, with the chosen line beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.period import Period
from db.core.values import Cell
from db.work.assignees import Assignee, assignees
from db.work.county_settings import county_facts
from db.work.monthly.entries import EntryChange, copy_last_month, review, set_entries
from db.work.monthly.grid import MonthFilter, MonthGrid, changed_lines, month_grid, renewed
from db.work.monthly.model import COUNTY, Filing, RowKey, long_past
from db.work.monthly.rows import MonthRow, month_rows
from db.work.monthly.taking import not_of_then, take_supplied
from desktop.dialogs.paste_preview import PastePreview
from desktop.dialogs.reason import ReasonDialog
from desktop.dialogs.year_plan import YearPlanDialog
from desktop.models.month_columns import STRETCHED, short_name
from desktop.models.month_model import MonthModel
from desktop.models.pending import Pending
from desktop.models.sheet import Paste
from desktop.session import Session
from desktop.settings import Settings
from desktop.widgets.basics import Card
from desktop.widgets.dialog import ask
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.month_charts import short_part
from desktop.widgets.month_curves import read_curve
from desktop.widgets.month_filters import MonthFilters
from desktop.widgets.month_panel import MonthPanel
from desktop.widgets.month_sheet import MonthSheet
from desktop.widgets.sheet_columns import SheetColumns

FIGURES = ("progress",)
TABLES = ("progress", "assignment", "quota", "task_scope", "monthly_curve", "month", "town", "enterprise", "department")
FEW_TASKS = 8
"""Up to how many changed tasks are read anew by themselves."""

FIRST_ROWS = 40
PAUSE = 90
PANEL_WIDTH, WIDE = 330, 1080
NO_DEEDS = "没有到期的填报"


class _Read(NamedTuple):
    """A month as it was read: see `MonthModel.show_month`."""

    grid: MonthGrid
    places: list[int]
    fresh: dict[RowKey, MonthRow]
    written: frozenset[RowKey] | None = None


class MonthTasks(QWidget):
    """Shows the session's month; `shown(grid)` follows every read, `summary` tells what is selected.

    `owners_known` carries whom the lines can be narrowed to: kind:id and name.
    """

    shown = Signal(object)
    owners_known = Signal(object)
    summary = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._pending = Pending()
        self._wanted_key: RowKey | None = None
        self._wanted_field = ""
        self._drawn: tuple[MonthGrid | None, RowKey | None] = (None, None)
        self._panel_asked: bool | None = None
        self.dialog: QWidget | None = None
        self.model = MonthModel(session, self)
        self.sheet = MonthSheet(self.model, self)
        self.columns = SheetColumns(self.sheet, name="month", settings=Settings(), stretched=STRETCHED, spare="")
        self.filters = MonthFilters()
        self.panel = MonthPanel(session)
        self.nothing = EmptyState("calendar", "", "")
        self._curve_timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._curve_timer.timeout.connect(self._read_curve)
        self._lay_out()
        self.filters.changed.connect(self._narrow)
        self.model.rows_arrived.connect(self._show_current)
        self.model.reason_wanted.connect(self._ask_reason)
        self.sheet.selectionModel().currentRowChanged.connect(lambda *_: self._show_current())
        self.sheet.summary.connect(self.summary)
        self.sheet.told.connect(session.notice)
        self.sheet.preview_wanted.connect(self._preview)
        self.sheet.copy_wanted.connect(lambda rows: self.copy_last(self._keys_of(rows)))
        self.sheet.seen.connect(lambda rows: self.mark_seen(self._keys_of(rows)))
        self.panel.entered.connect(self._enter_text)
        self.panel.supplied_wanted.connect(self._take_supplied)
        self.panel.plan_wanted.connect(self.open_plan)
        self.panel.remarks.follow(self.sheet, self.model)
        self.setFocusProxy(self.sheet)

    def _lay_out(self) -> None:
        card = Card(flush=True)
        card.body.addWidget(self.sheet, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(card)
        self.stack.addWidget(self.nothing)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.filters)
        column.addWidget(self.stack, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(12)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setSizes([900, PANEL_WIDTH])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.splitter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()

    def show_panel(self, shown: bool) -> None:
        """Show or hide what stands beside the sheet, whatever room there is."""
        self._panel_asked = shown
        self._give_way()
        QTimer.singleShot(0, self, lambda: self.sheet.scrollTo(self.sheet.currentIndex()))

    def _give_way(self) -> None:
        wide = self.width() >= WIDE
        self.panel.setVisible(wide if self._panel_asked is None else self._panel_asked)
        self.splitter.setSizes([max(self.width() - PANEL_WIDTH - 12, 300), PANEL_WIDTH])

    @property
    def period(self) -> Period:
        """Return the month that is shown, to which entries belong; one chosen just now has to be read first."""
        return self._session.period if self.model.grid is None else self.model.grid.period

    @property
    def is_long_past(self) -> bool:
        """Return whether what the registers say today tells nothing of the month that is shown."""
        return long_past(self.period, self._session.today())

    # -- reading ----------------------------------------------------------------------------------------------

    def refresh(self, changes: Changes | None = None) -> None:
        """Read the month again, or after a write of figures alone only the tasks that it concerned."""
        if not self._session.is_open:
            return
        if self.period != self._session.period:
            self.panel.commit()
        self._pending.add(changes)
        catalogue, period, before = self._session.catalogue, self._session.period, self.model.grid
        saves, rows, wanted = self.model.saves_done(), self._pending.rows, self.filters.wanted
        shown = self.model.keys() if before is not None and before.period == period else []
        present, seen = self.model.window.places, self._keys_in_sight()
        today = self._session.today()
        partly = rows is not None and bool(shown) and set(rows) <= set(FIGURES)

        def query(conn: sqlite3.Connection) -> _Read:
            written = changed_lines(conn, rows.get("progress", ())) if partly and rows is not None else frozenset()
            tasks = {key.task_id for key in written}
            known: frozenset[RowKey] | None = None
            if partly and before is not None and len(tasks) <= FEW_TASKS:
                found = renewed(conn, catalogue, before, tasks)
                if found.place_of is before.place_of:
                    known, places = written, present
                else:
                    places = [found.place_of[key] for key in shown if key in found.place_of]
                anew = [key for key in seen if key in found.place_of and key.task_id in tasks]
                looked = [found.place_of[key] for key in anew if known is None or key in known]
            else:
                found = month_grid(conn, catalogue, period)
                places = found.places(wanted)
                inside = set(places)
                again = [found.place_of[key] for key in seen if key in found.place_of]
                looked = [place for place in again if place in inside] or places[:FIRST_ROWS]
            fresh = {row.key: row for row in month_rows(conn, catalogue, found, looked, today=today)}
            return _Read(found, places, fresh, known)

        self._session.read(query, lambda read: self._take(read, saves, wanted), owner=self, key="month")

    def read_names(self) -> None:
        """Offer the towns and the parts of the plan to narrow by."""
        self._session.read(
            lambda conn: (county_facts(conn).name, assignees(conn, ("town", "department"))),
            lambda found: self._offer(*found),
            owner=self,
            key="names",
        )

    def _offer(self, county: str, owners: Sequence[Assignee]) -> None:
        self.model.county = county
        parts = [(part.id, short_part(part.title)) for part in self._session.catalogue.parts]
        own = [(f"{who.kind}:{who.id}", short_name(who.name, county)) for who in owners if who.own]
        everybody = [*own, (f"{COUNTY}:{COUNTY}", "本县")]
        self.filters.offer(everybody, parts)
        self.owners_known.emit(everybody)

    def _keys_of(self, rows: Sequence[int]) -> list[RowKey]:
        return [self.model.keys()[row] for row in rows]

    def _keys_in_sight(self) -> list[RowKey]:
        """Return the lines on the screen, whose rows are read together with the month."""
        count = self.model.rowCount()
        first = self.sheet.rowAt(0)
        if first < 0 or not count:
            return []
        last = self.sheet.rowAt(self.sheet.viewport().height() - 1)
        last = count - 1 if last < 0 else last
        return self.model.keys()[first : min(last + 1, first + FIRST_ROWS)]

    def _take(self, read: _Read, saves: frozenset[int], wanted: MonthFilter) -> None:
        if read.grid.period != self._session.period:
            return
        self._pending.settle()
        self._show(read, saves)
        self.filters.show_counts(read.grid)
        self.shown.emit(read.grid)
        if wanted != self.filters.wanted:
            self._narrow()  # something else was asked for while the month was on its way

    def _narrow(self) -> None:
        """Show other lines of the month that was read; among 20,000 they are not found at once."""
        grid, wanted = self.model.grid, self.filters.wanted
        if grid is None:
            return

        def take(places: list[int]) -> None:
            if grid is self.model.grid:
                self._show(_Read(grid, places, {}), frozenset())

        self._session.read(lambda _: grid.places(wanted), take, owner=self, key="narrow")

    def _show(self, read: _Read, saves: frozenset[int]) -> None:
        """Show the lines; the current cell stays with its line, where it is still there."""
        grid, places = read.grid, read.places
        index = self.sheet.currentIndex()
        first = self.model.grid is None
        key = self._wanted_key or (self.model.keys()[index.row()] if index.isValid() else None)
        stays = index.isValid() and self._wanted_key is None
        column = index.column() if stays else self.sheet.column_of(self._wanted_field)
        self.model.show_month(grid, places, saves, read.fresh, read.written)
        if first:
            self.columns.show_columns(self.model.columns)
        self.stack.setCurrentIndex(0 if places else 1)
        if not places:
            self._say_nothing(grid)
        row = self.model.row_of(key) if key is not None else -1
        elsewhere = self._wanted_key is not None or self.sheet.currentIndex().row() != max(row, 0)
        self._wanted_key = None
        if places and elsewhere:
            self.sheet.go(self.model.index(max(row, 0), column))
        self._show_current()

    def _say_nothing(self, grid: MonthGrid) -> None:
        if grid.lines:
            self.nothing.say("这里没有符合的任务", "换一个筛选条件，或点“全部”。")
        else:
            self.nothing.say(f"{grid.period.title}{NO_DEEDS}", "把任务分解到镇街、企业或部门以后，就在这里逐月填报。")

    # -- the chosen line --------------------------------------------------------------------------------------

    def _show_current(self) -> None:
        """Show the chosen line as soon as its row is there, and draw its curve a little later."""
        row, grid = self.sheet.currentIndex().row(), self.model.grid
        if grid is None or not 0 <= row < self.model.rowCount():
            self.panel.show_row(None, None, open_=False)
            return
        found = self.model.month_row(row)
        if found is None:
            return
        open_ = not grid.state.closed and not self._session.read_only
        self.panel.show_row(found, grid.totals.get(found.key.task_id), open_=open_)
        if self._drawn[0] is not grid or self._drawn[1] != found.key:
            self._curve_timer.start()

    def _read_curve(self) -> None:
        key = self.panel.key
        if key is None or not self.panel.isVisible() or not self._session.is_open:
            return
        self._drawn = (self.model.grid, key)
        catalogue, period = self._session.catalogue, self._session.period
        self._session.read(
            lambda conn: read_curve(conn, catalogue, key, period), self.panel.show_curve, owner=self, key="curve"
        )

    def reveal_line(self, key: RowKey, field: str = "") -> None:
        """Go to a line, in the column of its `field`, now or as soon as the month has been read."""
        self._wanted_key, self._wanted_field = key, field
        row = self.model.row_of(key) if self.model.grid is not None else -1
        if row >= 0:
            self._wanted_key = None
            self.sheet.go(self.model.index(row, self.sheet.column_of(field)))

    # -- what can be done -------------------------------------------------------------------------------------

    def copy_last(self, keys: Sequence[RowKey]) -> None:
        """Take last month's figures over for the lines that have none."""
        period = self.period

        def done(count: int) -> None:
            words = f"沿用了上月的{count}项，标为未核对：看过后按回车，或直接改。"
            self._session.notice.emit(words if count else "这里没有可以沿用的：已经填了，或上月也没有数。")

        self._write(f"沿用上月{len(keys)}项", lambda op: copy_last_month(op, period, keys), done, rows=len(keys))

    def take_supplied(self, keys: Sequence[RowKey]) -> None:
        """File what the registers give for these lines; for a month long past the clerk was asked before."""
        period, knowingly = self.period, self.is_long_past

        def done(count: int) -> None:
            words = f"按项目清单填了{count}项。"
            self._session.notice.emit(words if count else "这里没有项目清单能汇总的：清单里还没有计入这些任务的行。")

        self._write(
            f"取清单的数{len(keys)}项",
            lambda op: take_supplied(op, period, keys, knowingly=knowingly),
            done,
            rows=len(keys),
        )

    def copyable(self) -> list[RowKey]:
        """Return the lines shown that have no figure yet."""
        grid = self.model.grid
        if grid is None:
            return []
        missing = set(grid.places(MonthFilter(filing=Filing.MISSING)))
        return [key for key, place in zip(self.model.keys(), self.model.window.places, strict=True) if place in missing]

    def mark_seen(self, keys: Sequence[RowKey]) -> None:
        """Say that these figures were looked at."""
        period, grid = self.period, self.model.grid
        unseen = [key for key in keys if grid is not None and not grid.lines[grid.place_of[key]].reviewed]
        if unseen:
            self._write(f"核对{len(unseen)}项", lambda op: review(op, period, unseen), None, rows=len(unseen))

    def _enter_text(self, key: RowKey, name: str, cell: Cell) -> None:
        period, title = self.period, self.panel.fields[name].field.title
        change = EntryChange(key, {name: cell})
        self._write(f"{period.month}月{title}", lambda op: set_entries(op, period, [change]), None)

    def open_plan(self, target_id: str) -> None:
        """Open the county's own plan of a target, month by month."""
        target = self._session.catalogue.target(target_id)
        dialog = YearPlanDialog(self._session, target, self.period.year, self.window())
        self.dialog = dialog
        dialog.open()

    def _take_supplied(self, row: MonthRow) -> None:
        period, knowingly = self.period, self.is_long_past

        def take() -> None:
            action = lambda op: take_supplied(op, period, [row.key], knowingly=knowingly)  # noqa: E731
            self._write(f"{row.title}采用清单汇总的数", action, None)

        if not knowingly:
            take()
            return
        words, advice = not_of_then(period), "清单从那以后变过的，请取消，按当时的报表填写。可以一步撤销。"
        self.dialog = ask(self, "采用汇总的数", f"{words}仍然采用？", advice, yes="采用", on_yes=take)

    def _write(self, label: str, action: Callable, done: Callable | None, *, rows: int = 0) -> None:
        self._session.write(label, action, done, rows=rows)

    def _ask_reason(self, again: Callable[[str], None], sentence: str) -> None:
        question = f"{sentence}\n确需另填的，请写明改数理由："
        dialog = ReasonDialog(
            "other_than_summed", "与项目清单汇总的数不同", question, "例如：清单还有两个项目没有登记", self.window()
        )
        dialog.given.connect(again)
        self.dialog = dialog
        dialog.open()

    def _preview(self, paste: Paste) -> None:
        dialog = PastePreview(paste, self.model, self)
        dialog.accepted.connect(lambda: self.sheet.land(paste))
        self.dialog = dialog
        dialog.open()


__all__ = ["TABLES", "MonthTasks"]
