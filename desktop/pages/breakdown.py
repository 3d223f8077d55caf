"""任务分解: the plan on the left; the chosen task, or one assignee's tasks, on the right."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.work.breakdown import Share, StateKind, TaskState, changed_tasks, renewed_states, shares, states
from db.work.tasks import clause_of, task_of
from desktop.models.pending import Pending
from desktop.models.plan_tree_model import Node, PlanTreeModel, spell_titles
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.assignee_pane import AssigneePane
from desktop.widgets.basics import Badge
from desktop.widgets.clause_panel import ClausePanel
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.papers_menu import PapersMenu
from desktop.widgets.plan_tree import PlanTree
from desktop.widgets.responsibility_line import ResponsibilityLine
from desktop.widgets.scrolled import Scrolled
from desktop.widgets.segmented import Segmented
from desktop.widgets.task_pane import TABLES, TaskPane

BY_TASK, BY_ASSIGNEE = "task", "assignee"
PATIENCE = 120
"""For how many ms other things wait for the sheet's rows: a clause's words, so that both are drawn together, and the
tree's marks, which are not what the clerk who has just typed looks at."""
SOON = 20
"""For how many ms they then wait for the rows to be drawn: reading beside it would make that twice as slow."""
OPEN = frozenset({StateKind.NOT_STARTED, StateKind.PARTLY, StateKind.UNBALANCED, StateKind.UNDECIDED})
SECTIONS = {
    "unbalanced": StateKind.UNBALANCED,
    "open": StateKind.NOT_STARTED,
    "undecided": StateKind.UNDECIDED,
    "pending": StateKind.PENDING,
    "done": StateKind.DONE,
    "excluded": StateKind.EXCLUDED,
}


class BreakdownPage(QWidget):
    """Breaks the plan's tasks down to towns, enterprises and departments."""

    navigate = Signal(object)
    selection_told = Signal(str)
    title = "任务分解"
    icon = "breakdown"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._session = session
        self._states: Mapping[str, TaskState] = {}
        self._heading: Node | None = None
        self._stale = True
        self._pending = Pending()
        self._begun = False
        self._words = QTimer(self, singleShot=True, interval=PATIENCE)
        self._marks = QTimer(self, singleShot=True)
        self.model = PlanTreeModel(session.catalogue, self)
        self.tree = PlanTree(self.model, self)
        self.clause = ClausePanel(session.catalogue, self)
        self.county = ResponsibilityLine(session, self)
        self.clause.add_line(self.county)
        self.modes = Segmented([(BY_TASK, "按任务"), (BY_ASSIGNEE, "按镇街、企业")])
        self.task = TaskPane(session, self)
        self.assignee = AssigneePane(session, self)
        self.heading = EmptyState("clause", "", "", ("到下一项没有分解完的任务", self.go_to_next))
        self.papers = PapersMenu(session, self)
        self.papers.table = lambda: self.task.view.sheet if self.mode == BY_TASK else self.assignee.sheet
        self.read_only = Badge("只读，不能修改", "caution")
        self.read_only.hide()
        self._lay_out()
        self.tree.chosen.connect(self._choose_task)
        self.tree.heading_chosen.connect(self._choose_heading)
        self.tree.view.entered_task.connect(self._go_to_sheet)
        self.tree.view.clicked.connect(self._clicked)
        self._words.timeout.connect(self._show_words)
        self._marks.timeout.connect(self._read_states)
        self.task.shown.connect(lambda _: self._settle())
        self.modes.changed.connect(lambda mode: self.set_mode(str(mode)))
        self.task.summary.connect(self.selection_told)
        self.task.next_wanted.connect(self.go_to_next)
        self.task.remarks.led_to.connect(self.navigate)
        self.task.register_wanted.connect(lambda kind: self.navigate.emit(Place("base", section=kind)))
        self.assignee.summary.connect(self.selection_told)
        self.assignee.task_wanted.connect(self._open_task)
        self.assignee.paper_wanted.connect(self.papers.task_sheet_of)
        session.changed.connect(self._on_changed)
        session.year_changed.connect(self._on_year)
        session.opened.connect(self.refresh)
        self.setFocusProxy(self.tree.view)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(6)
        self.tools = QStackedWidget()
        self.tools.addWidget(self.task.tools)
        self.tools.addWidget(self.assignee.tools)
        self.tools.addWidget(QWidget())
        self.side_words = QStackedWidget()
        for each in (self.task.unit, self.assignee.count):
            each.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.side_words.addWidget(each)
        tools.addWidget(self.modes)
        tools.addWidget(self.tools, 1)
        tools.addWidget(self.side_words)
        tools.addWidget(self.papers)
        tools.addWidget(self.read_only)
        self.panes = QStackedWidget()
        for pane in (self.task, self.assignee, self.heading):
            self.panes.addWidget(pane)
        right = QWidget()
        self._right = column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.clause)
        column.addLayout(tools)
        column.addWidget(self.panes, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(12)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.tree)
        self.splitter.addWidget(Scrolled(right, least_height=200))
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([286, 956])
        self.tree.setMinimumWidth(194)
        self._give_way()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.addWidget(self.splitter)

    def sizeHint(self) -> QSize:
        return QSize(1280, 690)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # On a low screen the rows of the sheet need the room more than the clause's words, which can be scrolled.
        high = self.height()
        self.clause.set_room(1 if high < 420 else 2 if high < 480 else 3 if high < 600 else 4)
        self._give_way()

    def _give_way(self) -> None:
        """Say less in the line of tools, and narrow the tree, where the page is not wide."""
        # When it is first shown, a page is for a moment as large as it would like to be.
        parent = self.parentWidget()
        width = min(self.width(), parent.width()) if parent is not None else self.width()
        wide, narrow = width >= 1040, width < 980
        self.task.unit.setMinimumWidth(150 if width >= 1200 else 0)
        self.papers.set_narrow(narrow)
        # Where there is no room the banner and the status line say it.
        self.read_only.setVisible(self._session.read_only and not narrow)
        self.splitter.setSizes([286 if wide else 212 if narrow else 240, max(width, 600)])

    # -- reading ----------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wake(True)
        if self._stale:
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._wake(False)

    def _wake(self, awake: bool) -> None:
        """Let only the pane that is looked at follow what is written."""
        by_task = self.mode == BY_TASK
        self.task.set_awake(awake and by_task)
        self.assignee.set_awake(awake and not by_task)

    def refresh(self) -> None:
        """Read the states again, and what is shown on the right."""
        if not self._session.is_open:
            return
        self._stale = False
        self._give_way()
        self._pending.add(None)
        self._read_states()
        self._read_letters()
        self.county.refresh()
        if self.mode == BY_ASSIGNEE:
            self.assignee.show_first()
            self.assignee.reload()
        self.task.reload()

    def _read_states(self) -> None:
        """Read the state of every task, or after writes only of those that they concerned."""
        self._marks.stop()
        if not self._session.is_open:
            return
        catalogue, before = self._session.catalogue, self._states
        rows = self._pending.rows

        def query(conn: sqlite3.Connection) -> tuple[dict[str, TaskState], dict[str, Share]]:
            if rows is None:
                found = states(conn, catalogue)
            else:
                found = renewed_states(conn, catalogue, before, changed_tasks(conn, rows))
            return found, shares(catalogue, found)

        self._session.read(query, self._take_states, owner=self, key="states")

    def _read_letters(self) -> None:
        titles = self.model.titles()
        self._session.read(lambda _: spell_titles(titles), self.model.spell, owner=self, key="letters")

    def _take_states(self, found: tuple[dict[str, TaskState], dict[str, Share]]) -> None:
        self._states, counted = found
        self._pending.settle()
        self.model.set_states(self._states, counted)
        self.tree.show_counts()
        if self._heading is not None:
            self._say_heading(self._heading)
        if not self._begun:
            # The tree makes its first line, a part, current when it gets the focus before the states are there; a task
            # is current by then only when the clerk has chosen it.
            self._begun = True
            if not self.tree.current_task():
                self.tree.select(self._first_task())

    def _first_task(self) -> str:
        """Return the first task that is not broken down completely, or the first of all."""
        leaves = [node for node in self.model.tasks() if not node.total and node.state is not None]
        still_open = [node.id for node in leaves if node.state is not None and node.state.kind in OPEN]
        closed = [node.id for node in leaves if node.state is not None and node.state.kind is not StateKind.NOTHING]
        return next(iter([*still_open, *closed]), "")

    def _on_changed(self, changes: Changes) -> None:
        if not self.isVisible():
            self._stale = True
        elif changes.touches(*TABLES):
            self._pending.add(changes)
            if self.task.reading:
                self._marks.start(PATIENCE)
            else:
                self._read_states()

    def _on_year(self, _year: int) -> None:
        self.task.year_changed()
        self.assignee.year_changed()

    # -- choosing ---------------------------------------------------------------------------------------------

    @property
    def mode(self) -> str:
        """Return whether one task or one assignee is shown on the right."""
        return str(self.modes.value)

    def set_mode(self, mode: str) -> None:
        """Show one task with all its assignees, or one assignee with all its tasks."""
        self.modes.set_value(mode)
        by_task = mode == BY_TASK
        self.clause.setVisible(by_task)
        place = 0 if by_task else 1
        for stack in (self.tools, self.side_words, self.panes):
            stack.setCurrentIndex(place)
        self._wake(True)
        if by_task:
            if self._heading is not None:
                self._choose_heading(self._heading)
        else:
            self.assignee.show_first()
            self.assignee.look_at(self.tree.current_task())
        self.selection_told.emit("")

    def _choose_task(self, task_id: str) -> None:
        self._heading = None
        if self.mode == BY_ASSIGNEE:
            self.task.show_task(task_id)
            self._show_words()
            self.assignee.look_at(task_id)
            return
        self._words.start()
        self.tools.setCurrentIndex(0)
        self.panes.setCurrentIndex(0)
        self.task.show_task(task_id)

    def _show_words(self) -> None:
        """Show what the plan says about the chosen task."""
        self._words.stop()
        task_id, catalogue = self.tree.current_task(), self._session.catalogue
        if task_id:
            self.clause.show_task(task_id)
            self.county.show_clause(clause_of(catalogue, task_of(catalogue, task_id)))

    def _settle(self) -> None:
        """Lay out at once what belongs to the task that has arrived: one after the other it would be drawn twice."""
        if self._words.isActive():
            self._show_words()
        self.clause.lay_out_now()
        self._right.activate()
        if self._marks.isActive():
            self._marks.start(SOON)

    def _clicked(self, index: QModelIndex) -> None:
        """A click on a task gives it to the assignee that is shown; going through the plan by arrow keys does not."""
        if self.mode == BY_ASSIGNEE and not self.tree.view.model().hasChildren(index):
            self._give_task()

    def _give_task(self) -> None:
        if self.assignee.add_button.isEnabled():
            self.assignee.offer(self.tree.current_task())

    def _choose_heading(self, node: Node) -> None:
        self._heading = node
        self._words.stop()
        self.county.show_clause(None)
        if self.mode == BY_ASSIGNEE:
            return
        catalogue = self._session.catalogue
        if node.level == "part":
            words = "、".join(article.title for article in catalogue.articles_of(node.id))
            self.clause.show_heading(node.title, f"本部分包括：{words}。")
        else:
            words = "、".join(clause.title for clause in catalogue.clauses_of(node.id))
            self.clause.show_heading(node.title, f"本条的任务条款：{words}。")
        self.task.unit.setText("")
        self.tools.setCurrentIndex(2)
        self.panes.setCurrentIndex(2)
        self._say_heading(node)

    def _say_heading(self, node: Node) -> None:
        left = node.total - node.done
        if not node.total:
            self.heading.say("这里没有要分解的任务", "请在左边选择其他任务。")
        elif left:
            words = f"{node.total}项任务，已完成{node.done}项，还有{left}项"
            self.heading.say(words, "在左边选择一项，或从下一项开始。")
        else:
            self.heading.say(f"{node.total}项任务都已分解完成", "分解数与县级目标一致。")

    def _open_task(self, task_id: str) -> None:
        self.set_mode(BY_TASK)
        self.tree.select(task_id)
        self._choose_task(task_id)

    def _go_to_sheet(self) -> None:
        """Go from the tree to the first cell that can be typed into."""
        if self.mode == BY_ASSIGNEE:
            self._give_task()
        sheet = self.task.view.sheet if self.mode == BY_TASK else self.assignee.sheet
        if not sheet.isVisible():
            return
        current, model = sheet.currentIndex(), sheet.sheet_model()
        sheet.setFocus(Qt.FocusReason.TabFocusReason)
        if model.rowCount() and not (current.isValid() and model.is_open(current.row(), current.column())):
            sheet.go_to_row(max(current.row(), 0))

    def go_to_next(self) -> None:
        """Choose the next task that is not broken down completely: below the chosen heading first, then after it."""
        below, every = list(self._heading.walk()) if self._heading is not None else [], list(self.model.tasks())
        shown = self.task.grid.task_id if self.task.grid is not None else ""
        after = next((place for place, node in enumerate(every, 1) if node.id == shown), 0)
        for node in [*below, *every[after:], *every[:after]]:
            if node.is_task and not node.total and node.state is not None and node.state.kind in OPEN:
                self.tree.select(node.id)
                return
        self._session.notice.emit("所有任务都已分解完成。")

    def reveal(self, place: Place) -> None:
        """Show the task of `place` with its assignee, a part of the plan, the tasks in one state, or one assignee."""
        if self._stale:
            self.refresh()
        self._begun = self._begun or bool(place.task_id or place.section)
        kind, _, name = place.section.partition(":")
        if place.task_id:
            self.set_mode(BY_TASK)
            if self.tree.select(place.task_id):
                self.task.show_task(place.task_id, lambda: self.task.reveal(place.row_id, place.year, place.field))
        elif kind == "part":
            self.set_mode(BY_TASK)
            self.tree.select_part(name)
        elif place.section in SECTIONS:
            self.set_mode(BY_TASK)
            self.tree.show_state(SECTIONS[place.section])
        elif kind in ("town", "enterprise", "department") and place.row_id:
            self.set_mode(BY_ASSIGNEE)
            self.assignee.show_by_id(kind, place.row_id)
