"""任务分解 by assignee: one town, enterprise or department with all its tasks of the plan."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.work.assignee_tasks import AssigneeTask, tasks_of_assignee
from db.work.assignees import Assignee, assignees, find_assignees
from db.work.tasks import Duty, duty_of
from desktop.dialogs.assignees import ChooseAssigneeDialog
from desktop.dialogs.form_dialog import FormDialog
from desktop.dialogs.paste_preview import PastePreview
from desktop.models.assignee_model import AssigneeModel
from desktop.models.sheet import Paste
from desktop.session import Session
from desktop.settings import Settings
from desktop.widgets.basics import Card, button, icon_button, label
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.flow import ButtonRow, ElidedButton
from desktop.widgets.sheet import Sheet
from desktop.widgets.sheet_columns import SheetColumns
from desktop.widgets.task_pane import TABLES

OPEN_TASK = ("open", "按任务查看")
MOST_NAME = 170
"""How many pixels the name of the one shown may take; what is longer is cut in the middle."""


class AssigneePane(QWidget):
    """Shows one assignee's tasks; `task_wanted` names the task to be shown by itself, `paper_wanted` whose 任务书."""

    summary = Signal(str)
    task_wanted = Signal(str)
    paper_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._everybody: list[Assignee] = []
        self.assignee: Assignee | None = None
        self._awake, self._stale = True, False
        self._chosen = ""
        self._offered: list[str] = []
        self._wanted_row = ""
        self.dialog: FormDialog | None = None
        self.model = AssigneeModel(session, self)
        self.sheet = Sheet(self)
        self.sheet.setModel(self.model)
        self.sheet.setAccessibleName("责任主体的任务")
        self.sheet.row_actions = (OPEN_TASK,)
        self.columns = SheetColumns(self.sheet, name="assignee", settings=Settings())
        self.sheet.pin(2)
        self.nothing = EmptyState(
            "person", "还没有任务", "在左边点一项任务，就可以在这里填写。", ("选择责任主体…", self.choose)
        )
        self.tools = self._make_tools()
        self.count = label("", "secondary")
        card = Card(flush=True)
        card.body.addWidget(self.sheet, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(card)
        self.stack.addWidget(self.nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self.sheet.summary.connect(self.summary)
        self.sheet.told.connect(session.notice)
        self.sheet.preview_wanted.connect(self._preview)
        self.sheet.row_action.connect(lambda row, _: self.task_wanted.emit(self.model.tasks[row].task.id))
        session.changed.connect(self._on_changed)

    def _make_tools(self) -> QWidget:
        tools = QFrame()
        row = QHBoxLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.back = icon_button("chevron-left", "上一个", lambda: self.walk(-1))
        self.who = ElidedButton("选择责任主体…", self.choose, icon="town")
        self.forth = icon_button("chevron-right", "下一个", lambda: self.walk(1))
        self.add_button = button("添加所选任务", lambda: self.offer(self._chosen), icon="add")
        self.add_button.setToolTip("先在左边选一项任务；在左边单击任务或按回车，也会添加到这里")
        self.paper_button = button("任务书", self._want_paper, icon="print")
        for each in (self.back, self.who, self.forth):
            row.addWidget(each)
        buttons = ButtonRow([self.add_button, self.paper_button])
        if self._session.part is not None:
            buttons.offer([self.add_button])  # 任务书 are the county's to give out
        row.addWidget(buttons, 1)
        return tools

    # -- what is shown ----------------------------------------------------------------------------------------

    def set_awake(self, awake: bool) -> None:
        """Read what was missed, or read no more until somebody looks here again."""
        self._awake = awake
        if awake and self._stale:
            self.show_first()
            self.reload()

    def show_first(self) -> None:
        """Read everybody; show the first town when nobody has been chosen yet."""
        if not self._session.is_open:
            return
        self._session.read(assignees, self._take_everybody, owner=self, key="everybody")

    def _take_everybody(self, found: list[Assignee]) -> None:
        self._everybody = [who for who in found if who.own]
        if self.assignee is None and self._everybody:
            self.show_assignee(self._everybody[0])
        elif not self._everybody:
            self.nothing.say("还没有镇街和企业", "请先到“基础信息”登记。")
            self.stack.setCurrentIndex(1)

    def show_assignee(self, who: Assignee) -> None:
        """Show all tasks of `who`."""
        if self.assignee is None or who.id != self.assignee.id:
            self._offered = []
        self.assignee = who
        name = f"{who.name}（{who.kind_title}）"
        self.who.setText(self.who.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, MOST_NAME))
        self.who.setToolTip(name)
        self.reload()

    def show_by_id(self, kind: str, assignee_id: str) -> None:
        """Show the assignee with this id."""
        self._session.read(
            lambda conn: find_assignees(conn, [(kind, assignee_id)]),
            lambda found: self.show_assignee(found[0]) if found else None,
            owner=self,
            key="find",
        )

    def walk(self, step: int) -> None:
        """Go to the next or last one of the same kind."""
        if self.assignee is None:
            return
        same = [who for who in self._everybody if who.kind == self.assignee.kind]
        ids = [who.id for who in same]
        if self.assignee.id in ids:
            self.show_assignee(same[(ids.index(self.assignee.id) + step) % len(same)])

    def look_at(self, task_id: str) -> None:
        """Go to the row of the task that was chosen in the plan, if the assignee has it."""
        self._chosen = task_id
        self._enable()
        self._go_to(task_id)

    def _enable(self) -> None:
        task = self._session.catalogue.task(self._chosen) if self._session.is_open else None
        new = task is not None and duty_of(task) is not Duty.NOTHING and self.model.row_of(self._chosen) < 0
        able = new and self.assignee is not None and not self._session.read_only
        self.add_button.setEnabled(able)
        self.paper_button.setEnabled(any(each.cells for each in self.model.tasks))

    def _want_paper(self) -> None:
        if self.assignee is not None:
            self.paper_wanted.emit(self.assignee)

    def offer(self, task_id: str) -> None:
        """Go to the task's row; when the assignee has none of it, add an empty one to be filled in."""
        self._wanted_row = task_id
        if task_id not in self._offered and self.model.row_of(task_id) < 0:
            self._offered.append(task_id)
        self.reload()

    def reload(self) -> None:
        """Read the assignee's tasks again."""
        self._stale = not self._awake
        if self.assignee is None or not self._session.is_open or self._stale:
            return
        catalogue, who, offered = self._session.catalogue, self.assignee, list(self._offered)
        saves = self.model.saves_done()
        self._session.read(
            lambda conn: tasks_of_assignee(conn, catalogue, who.id, extra=offered),
            lambda found: self._take(who, found, saves),
            owner=self,
        )

    def _take(self, who: Assignee, found: list[AssigneeTask], saves: frozenset[int]) -> None:
        if self.assignee is None or who.id != self.assignee.id:
            return
        # What once was in the sheet stays in it while this assignee is shown, also with its last amount cleared.
        self._offered = list(dict.fromkeys([*self._offered, *(each.task.id for each in found)]))
        self.model.show_tasks(who, found, self._session.year, saves)
        self.columns.show_columns(self.model.columns)
        self.count.setText(f"{sum(bool(each.cells) for each in found)}项任务")
        self.nothing.say(f"{who.name}还没有任务", "在左边点一项任务，就可以在这里填写；或换一个责任主体。")
        self.stack.setCurrentIndex(0 if found else 1)
        self._enable()
        self._go_to(self._wanted_row)
        self._wanted_row = ""

    def _go_to(self, task_id: str) -> None:
        row = self.model.row_of(task_id)
        if row >= 0:
            column = next(c for c, each in enumerate(self.model.columns) if each.year == self._session.year)
            self.sheet.go(self.model.index(row, column))

    def year_changed(self) -> None:
        """Show the texts of the year that was chosen."""
        if self.assignee is not None:
            self.model.show_tasks(self.assignee, self.model.tasks, self._session.year)
            self.columns.show_columns(self.model.columns)

    # -- what can be done -------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Open the list of everybody."""
        dialog = ChooseAssigneeDialog(self._session, self.assignee.kind if self.assignee else "town", self)
        dialog.chosen.connect(self.show_assignee)
        self.dialog = dialog
        dialog.open()

    def _preview(self, paste: Paste) -> None:
        dialog = PastePreview(paste, self.model, self)
        dialog.accepted.connect(lambda: self.sheet.land(paste))
        self.dialog = dialog
        dialog.open()

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches(*TABLES):
            self.reload()
            if self._awake and changes.touches("town", "enterprise", "department"):
                self.show_first()
