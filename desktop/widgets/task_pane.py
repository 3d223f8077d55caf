"""任务分解 by task: the grid of the chosen clause or target, and what can be done with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.plan.catalogue import Target
from db.work.assignments import clear_assignments
from db.work.breakdown import BreakdownGrid, grid, renewed
from db.work.quotas import takes_quota
from db.work.scope import DOES_NOT_APPLY, UNDECIDED
from db.work.tasks import Duty
from desktop.dialogs.assignees import AddAssigneesDialog
from desktop.dialogs.copy_year import CopyYearDialog
from desktop.dialogs.form_dialog import FormDialog
from desktop.dialogs.paste_preview import PastePreview
from desktop.dialogs.quota import QuotaDialog
from desktop.dialogs.scope import ScopeDialog
from desktop.dialogs.split import SplitDialog
from desktop.models.assignment_model import AssignmentModel
from desktop.models.pending import Pending
from desktop.models.sheet import Paste
from desktop.models.task_advice import Act, Advice, first_step, going_on
from desktop.session import Session
from desktop.widgets.assignment_grid import AssignmentGrid
from desktop.widgets.basics import ElidedLabel, allow, button, primary_button
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.flow import ButtonRow
from desktop.widgets.next_step import NextStep
from desktop.widgets.remark_note import RemarkNote

ASSIGNEE_TABLES = ("town", "enterprise", "department")
TABLES = ("assignment", "quota", "task_scope", *ASSIGNEE_TABLES)
REMOVE = ("remove", "移出这个责任主体")


class TaskPane(QWidget):
    """Reads one task's grid, shows it and tells it by `shown`; `tools` are the buttons for the page's tool line.

    `reading` says that rows are on their way. `next_wanted` asks for another task, `register_wanted` for where
    enterprises, departments or towns are registered.
    """

    summary = Signal(str)
    shown = Signal(str)
    next_wanted = Signal()
    register_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._task_id = ""
        self._extra: dict[str, dict[tuple[str, str], None]] = {}
        self._pending = Pending()
        self._after_read: Callable[[], None] | None = None
        self._others_first = False
        self._advised = ""
        self._awake, self._stale = True, False
        self.reading = False
        self.model = AssignmentModel(session, self)
        self.view = AssignmentGrid(self.model, self)
        self.next_step = NextStep(self)
        self.nothing = EmptyState("target", "")
        self.notes = ElidedLabel("", "small")
        self.remarks = RemarkNote(session, low=True)
        self.remarks.follow(self.view.sheet, self.model)
        self.dialog: FormDialog | None = None
        self.tools = self._make_tools()
        self.unit = ElidedLabel("", "secondary")
        self._lay_out()
        sheet = self.view.sheet
        sheet.row_actions = (REMOVE,)
        sheet.cell_actions = (("锁定或放开（分配时不动）", "Ctrl+L", self.toggle_locks),)
        sheet.row_action.connect(lambda row, _: self.remove(row))
        sheet.summary.connect(self.summary)
        sheet.told.connect(session.notice)
        sheet.preview_wanted.connect(self._preview)
        self.view.quota_wanted.connect(self.edit_quota)
        session.changed.connect(self._on_changed)

    def _make_tools(self) -> ButtonRow:
        self.split_button = primary_button("分配…", self.split)
        self.split_button.setToolTip("按平均、户数、人口或自填的权重，把一年的数分给各责任主体")
        self.copy_button = button("沿用上年…", self.copy_year)
        self.copy_button.setToolTip("把上一年的分解乘以倍数，写到下一年")
        self.add_button = button("添加…", self.add)
        self.add_button.setToolTip("添加责任主体：企业、部门或别的镇街")
        self.quota_button = button("县级目标…", lambda: self.edit_quota())
        self.scope_button = button("不涉及…", self.edit_scope)
        return ButtonRow([self.split_button, self.quota_button, self.add_button, self.copy_button, self.scope_button])

    def _lay_out(self) -> None:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.next_step)
        column.addWidget(self.view, 1)
        column.addWidget(self.remarks)
        column.addWidget(self.notes)
        self.stack = QStackedWidget()
        self.stack.addWidget(holder)
        self.stack.addWidget(self.nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)

    # -- what is shown ----------------------------------------------------------------------------------------

    @property
    def grid(self) -> BreakdownGrid | None:
        """Return the grid that is shown."""
        return self.model.grid

    def show_task(self, task_id: str, then: Callable[[], None] | None = None) -> None:
        """Read and show the task; `then` is called once it is there."""
        self._task_id, self._after_read = task_id, then
        self.reload()

    def set_awake(self, awake: bool) -> None:
        """Read what was missed, or read no more until somebody looks here again."""
        self._awake = awake
        if awake and self._stale:
            self._read()

    def reload(self, changes: Changes | None = None) -> None:
        """Read the task again, or after a write to assignments alone only those that it changed."""
        self._pending.add(changes)
        self._stale = not self._awake
        if self._awake:
            self._read()

    def _read(self) -> None:
        if not self._task_id or not self._session.is_open:
            return
        self._stale, self.reading = False, True
        catalogue, task_id = self._session.catalogue, self._task_id
        extra, saves = list(self._extra.get(task_id, {})), self.model.saves_done()
        before, rows = self.grid, self._pending.rows

        def query(conn: sqlite3.Connection) -> BreakdownGrid:
            found = None
            if rows is not None and before is not None and before.task_id == task_id:
                found = renewed(conn, catalogue, before, rows)
            return found or grid(conn, catalogue, task_id, extra=extra)

        self._session.read(query, lambda found: self._take(found, saves), owner=self)

    def _take(self, found: BreakdownGrid, saves: frozenset[int]) -> None:
        if found.task_id != self._task_id:
            return
        self.reading = False
        self._pending.settle()
        self._keep_rows(found)
        found = self._in_order(found)
        self.view.show_grid(found, self._session.year, saves)
        self._show_units(found)
        self._enable(found)
        self._say_next(found)
        self.notes.setText("　".join(found.notes))
        self.notes.setVisible(bool(found.notes))
        self._show_nothing(found)
        self.shown.emit(found.task_id)
        then, self._after_read = self._after_read, None
        if then is not None:
            then()

    def _keep_rows(self, found: BreakdownGrid) -> None:
        """Whoever was once in this sheet stays in it while the window is open, also with its last amount cleared."""
        kept = self._extra.setdefault(found.task_id, {})
        kept |= dict.fromkeys(row.assignee.key for row in found.rows if row.assignee.kind != "town")

    def _in_order(self, found: BreakdownGrid) -> BreakdownGrid:
        """Put departments and enterprises first in a task that no town had a part in when it was opened."""
        if self.grid is None or self.grid.task_id != found.task_id:
            with_part = {row.assignee.kind for row in found.rows if row.cells}
            self._others_first = bool(with_part) and "town" not in with_part
        if not self._others_first:
            return found
        return replace(found, rows=tuple(sorted(found.rows, key=lambda row: row.assignee.kind == "town")))

    def year_changed(self) -> None:
        """Show the texts of the year that was chosen."""
        if self.grid is not None:
            self.view.show_grid(self.grid, self._session.year)
            self._show_units(self.grid)

    def _show_units(self, found: BreakdownGrid) -> None:
        city = f"（市级{found.city_unit}）" if found.city_unit and found.city_unit != found.unit else ""
        self.unit.setText(f"单位：{found.unit}{city}" if found.unit and found.duty is not Duty.COMPLETION else "")

    def _enable(self, found: BreakdownGrid) -> None:
        writable = not self._session.read_only
        handed_out = found.duty is not Duty.NOTHING and not found.share
        amounts = found.duty in (Duty.QUANTITY, Duty.RATE)
        allow(self.split_button, writable, amounts and handed_out)
        allow(self.copy_button, writable, handed_out and len(found.years) > 1)
        allow(self.add_button, writable, handed_out)
        self.quota_button.setEnabled(self._takes_quota(found))
        allow(self.scope_button, writable, not found.share)
        words = {DOES_NOT_APPLY: "改为涉及…", UNDECIDED: "是否涉及…"}
        self.scope_button.setText(words.get(found.scope.applies, "不涉及…"))
        self.tools.fit()

    @staticmethod
    def _takes_quota(found: BreakdownGrid) -> bool:
        return isinstance(found.task, Target) and takes_quota(found.task) and not found.share

    def _say_next(self, found: BreakdownGrid) -> None:
        """Say what comes next; the strip stays while the task is shown, or the first entry would move the sheet."""
        advice = Advice() if self._session.read_only else first_step(found)
        if not advice.sentence and not self._session.read_only and self._advised == found.task_id:
            advice = going_on(found)
        self._advised = found.task_id if advice.sentence else ""
        acts = {
            Act.SCOPE: self.edit_scope,
            Act.ADD: self.add,
            Act.QUOTA: self.edit_quota,
            Act.SPLIT: self.split_rest,
            Act.GO_ON: self.next_wanted.emit,
        }
        self.next_step.say(advice.sentence, (advice.word, acts[advice.act]))

    def _show_nothing(self, found: BreakdownGrid) -> None:
        assigned = any(row.cells for row in found.rows)
        if found.duty is Duty.NOTHING:
            self.nothing.say("这一项不向下分解", "它是判定标准、参考内容或市级事项，列在这里供对照。")
        elif found.scope.excluded and not assigned:
            self.nothing.say("本县不涉及这项任务", f"理由：{found.scope.reason}")
        else:
            self.stack.setCurrentIndex(0)
            return
        self.stack.setCurrentIndex(1)

    def reveal(self, row_id: str, year: int, field: str = "") -> None:
        """Select the assignee or assignment with this id, in the column of its `field`."""
        if self.grid is None:
            return
        for row in self.grid.rows:
            years = [each for each, cell in row.cells.items() if cell.assignment_id == row_id]
            if years or row.assignee.id == row_id:
                self.view.select(row.assignee.id, years[0] if years else year, field)
                return

    # -- what can be done -------------------------------------------------------------------------------------

    def open_dialog(self, dialog: FormDialog) -> FormDialog:
        """Open a dialog over the page; it goes away by itself."""
        self.dialog = dialog
        dialog.open()
        return dialog

    def split(self) -> None:
        """Open 分配…."""
        if self.grid is not None and self.split_button.isEnabled():
            self._split(self.grid, self._session.year)

    def split_rest(self) -> None:
        """Open 分配… in a year that does not add up, the one shown before others; what is there keeps its amount."""
        if self.grid is None or not self.split_button.isEnabled():
            return
        shown = self._session.year
        wrong = [year for year, found in self.grid.summaries.items() if found.tone in ("bad", "warn")]
        year = shown if shown in wrong or not wrong else wrong[0]
        found, dialog = self.grid.summaries[year], self._split(self.grid, year)
        dialog.rest.setChecked(found.filled > 0 and found.balance is not None and found.balance > 0)

    def _split(self, grid: BreakdownGrid, year: int) -> SplitDialog:
        dialog = SplitDialog(self._session, grid, year, self, locks=self.model.locks)
        dialog.finished.connect(lambda _: self.model.tell_all())
        self.open_dialog(dialog)
        return dialog

    def toggle_locks(self) -> None:
        """Lock the selected amounts against 分配…, or let them go."""
        if not self.model.toggle_locks(self.view.sheet.chosen()):
            self._session.notice.emit("只有已填的任务量可以锁定。")

    def copy_year(self) -> None:
        """Open 沿用上年…."""
        if self.grid is not None and self.copy_button.isEnabled():
            self.open_dialog(CopyYearDialog(self._session, self.grid, self._session.year, self))

    def add(self) -> None:
        """Open 添加责任主体…."""
        if self.grid is None or not self.add_button.isEnabled():
            return
        dialog = AddAssigneesDialog(self._session, self.grid, self._session.year, self)
        dialog.added.connect(self._added)
        dialog.register_wanted.connect(self.register_wanted)
        self.open_dialog(dialog)

    def _added(self, keys: list[tuple[str, str]]) -> None:
        self._extra.setdefault(self._task_id, {}).update(dict.fromkeys(keys))
        self._after_read = lambda: self.view.select(keys[0][1], self._session.year)
        self.reload()

    def edit_quota(self, year: int = 0) -> None:
        """Open 县级目标… for the year, or for the one being looked at."""
        if self.grid is not None and isinstance(self.grid.task, Target) and self._takes_quota(self.grid):
            self.open_dialog(QuotaDialog(self._session, self.grid.task, year or self._session.year, self))

    def edit_scope(self) -> None:
        """Open 不涉及…."""
        if self.grid is None or self._session.read_only or self.grid.share:
            return
        found = self.grid
        whole = not isinstance(found.task, Target) and bool(self._session.catalogue.targets_of(found.clause_id))
        dialog = ScopeDialog(self._session, found.title, found.scope, whole_clause=whole, parent=self)
        if found.scope.applies != UNDECIDED:
            dialog.choose("涉及" if found.scope.excluded else "不涉及")
        self.open_dialog(dialog)

    def remove(self, row: int) -> None:
        """Take the task from the assignee in this row, in all years, as one step."""
        if self.grid is None or self._session.read_only:
            return
        line, task_id = self.grid.rows[row], self.grid.task_id
        self._extra.get(task_id, {}).pop(line.assignee.key, None)
        self._pending.add(None)  # the row itself goes, so the whole is read
        keys = [(task_id, year, line.assignee.id) for year in line.cells]
        if not keys:
            self.reload()
            return
        self._session.write(f"{self.grid.title}移出{line.assignee.name}", lambda op: clear_assignments(op, keys))

    def _preview(self, paste: Paste) -> None:
        dialog = PastePreview(paste, self.model, self)
        dialog.accepted.connect(lambda: self.view.sheet.land(paste))
        self.open_dialog(dialog)

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches(*TABLES):
            self.reload(None if changes.touches(*ASSIGNEE_TABLES) else changes)
