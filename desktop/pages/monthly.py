"""月调度: one month at a time: what is due of every task, of every project, and what is late."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QTableView, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.period import Period
from db.work.monthly.grid import MonthGrid
from db.work.monthly.model import Filing, RowKey
from db.work.monthly.months import REOPEN_EXAMPLE, close_month, closed_months, reopen_month
from db.work.monthly.projects import ProjectKey
from db.work.monthly.taking import not_of_then
from desktop.dialogs.reason import ReasonDialog
from desktop.paper_names import PAPER_TITLE
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.basics import Badge, allow, button, primary_button
from desktop.widgets.dialog import Dialog, ask
from desktop.widgets.flow import ButtonRow
from desktop.widgets.month_filters import county_chip
from desktop.widgets.month_late import TABLES as LATE_TABLES
from desktop.widgets.month_late import MonthLate
from desktop.widgets.month_papers import MonthPapers
from desktop.widgets.month_projects import TABLES as PROJECT_TABLES
from desktop.widgets.month_projects import MonthProjects
from desktop.widgets.month_switch import MonthSwitch
from desktop.widgets.month_tasks import TABLES, WIDE, MonthTasks
from desktop.widgets.segmented import Segmented

TASKS, PROJECTS, LATE = "tasks", "projects", "late"
VIEWS = ((TASKS, "任务"), (PROJECTS, "项目"), (LATE, "逾期与风险"))


class MonthlyPage(QWidget):
    """Shows the session's month; a closed one can be looked at, and opened again with a reason."""

    navigate = Signal(object)
    selection_told = Signal(str)
    title = "月调度"
    icon = "calendar"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._session = session
        self._stale = True
        self.month = MonthSwitch(session, self)
        self.state = Badge("填报中", "caution")
        self.views = Segmented(VIEWS)
        self.tasks = MonthTasks(session, self)
        self.projects = MonthProjects(session, self)
        self.late = MonthLate(session, self)
        self.copy_button = button("沿用上月…", self.copy_last)
        self.copy_button.setToolTip("把上月的数写进本月还没有报的任务，标为未核对（在表里按 Ctrl+D 只沿用所选的行）")
        self.take_button = button("取清单的数…", self.take_supplied)
        self.take_button.setToolTip("本月还没有报的任务，项目清单能汇总出数的，按清单填上")
        self.panel_button = button("详情", lambda: self.tasks.show_panel(not self.tasks.panel.isVisible()))
        self.papers = MonthPapers(session, self)
        self.papers.navigate.connect(self.navigate)
        for each in (self.tasks.panel.remarks, self.projects.remarks):
            each.led_to.connect(self.navigate)
        self.papers.table = self._table
        self.reopen_button = button("重新打开…", self.reopen)
        self.close_button = primary_button("完成本月填报", self.close_month)
        self.dialog: QWidget | None = None
        self._lay_out()
        self.tasks.shown.connect(self._show_state)
        self.tasks.owners_known.connect(self.late.offer)
        self.tasks.summary.connect(self.selection_told)
        self.projects.summary.connect(self.selection_told)
        self.projects.project_wanted.connect(
            lambda key: self.navigate.emit(Place("projects", register=key.register, row_id=key.row_id))
        )
        self.late.line_wanted.connect(self._go_to_line)
        self.views.changed.connect(lambda view: self.show_view(str(view)))
        session.changed.connect(self._on_changed)
        session.period_changed.connect(self.refresh)
        session.opened.connect(self.refresh)
        self.setFocusProxy(self.tasks)

    def _lay_out(self) -> None:
        offered = [self.close_button, self.reopen_button, self.copy_button, self.take_button, self.panel_button]
        self.buttons = ButtonRow(offered)
        tools = QHBoxLayout()
        tools.setSpacing(10)
        for each in (self.month, self.state, self.views):
            tools.addWidget(each)
        tools.addWidget(self.buttons, 1)
        tools.addWidget(self.papers)
        self.panes = QStackedWidget()
        for pane in (self.tasks, self.projects, self.late):
            self.panes.addWidget(pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addLayout(tools)
        column.addWidget(self.panes, 1)

    def sizeHint(self) -> QSize:
        return QSize(1280, 690)

    # -- reading ----------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def refresh(self) -> None:
        """Read the month again; what is not seen is read when it is."""
        self._stale = not self.isVisible()
        if self._stale or not self._session.is_open:
            return
        self.tasks.read_names()
        self.tasks.refresh()
        self._refresh_others()
        self._session.read(closed_months, self.month.show_closed, owner=self, key="closed")

    def _refresh_others(self) -> None:
        """Read what else is seen: the other views are read when they are shown."""
        if self.view == PROJECTS:
            self.projects.refresh()
        elif self.view == LATE:
            self.late.refresh()

    def _on_changed(self, changes: Changes) -> None:
        if not self.isVisible():
            self._stale = True
            return
        if changes.touches(*TABLES):
            self.tasks.refresh(changes)
        if changes.touches("month"):
            self._session.read(closed_months, self.month.show_closed, owner=self, key="closed")
        if self.view != TASKS and changes.touches(*(PROJECT_TABLES if self.view == PROJECTS else LATE_TABLES)):
            self._refresh_others()

    def _show_state(self, grid: MonthGrid) -> None:
        closed = grid.state.closed
        self.tasks.sheet.setProperty(PAPER_TITLE, f"{grid.period.title}任务进度")
        self.projects.sheet.setProperty(PAPER_TITLE, f"{grid.period.title}项目月报")
        self.state.show_state(grid.state.title, "good" if closed else "caution")
        self.state.setToolTip(f"完成时间：{grid.state.closed_at}" if closed else grid.state.reason)
        self._offer()

    def _offer(self) -> None:
        """Offer what can be done with the month in the view that is shown."""
        grid, read_only = self.tasks.model.grid, self._session.read_only
        closed = grid is not None and grid.state.closed
        allow(self.copy_button, not read_only)
        allow(self.take_button, not read_only)
        allow(self.close_button, not read_only, grid is not None and bool(grid.lines))
        allow(self.reopen_button, not read_only)
        offered = [self.reopen_button] if closed else [self.close_button]
        if self._session.part is not None:
            offered.clear()  # a month is finished by the county
        if not closed and self.view != LATE:
            offered.append(self.copy_button)
        if not closed and self.view == TASKS:
            offered.append(self.take_button)
        if self.view == TASKS and self.width() < WIDE:
            offered.append(self.panel_button)
        self.buttons.offer(offered)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._offer()

    # -- choosing ---------------------------------------------------------------------------------------------

    @property
    def view(self) -> str:
        """Return which of the views is shown."""
        return str(self.views.value)

    def _table(self) -> QTableView:
        """Return the table of the view that is shown."""
        tables: dict[str, QTableView] = {TASKS: self.tasks.sheet, PROJECTS: self.projects.sheet, LATE: self.late.table}
        return tables[self.view]

    def show_view(self, view: str) -> None:
        """Show the tasks, the projects, or what is late."""
        self.views.set_value(view)
        pane = {TASKS: self.tasks, PROJECTS: self.projects, LATE: self.late}[view]
        focused = QApplication.focusWidget()
        inside = focused is not None and self.panes.isAncestorOf(focused)
        self.panes.setCurrentWidget(pane)
        self.setFocusProxy(pane)
        if inside:
            pane.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selection_told.emit("")
        self._refresh_others()
        self._offer()

    def _go_to_line(self, key: RowKey, field: str = "") -> None:
        self.show_view(TASKS)
        self.tasks.filters.narrow()
        self.tasks.reveal_line(key, field)

    def _go_to_project(self, key: ProjectKey, field: str = "") -> None:
        self.show_view(PROJECTS)
        self.projects.reveal_project(key, field)

    def reveal(self, place: Place) -> None:
        """Show what `place` names: a view, a chip (missing, red …), town:id, part:id or part:id/lamp, who:kind/id, or a
        line.
        """
        kind, _, name = place.section.partition(":")
        if place.period:
            self._session.period = Period.parse(place.period)
        if kind in (PROJECTS, LATE):
            self.show_view(kind)
            if place.register:
                self.projects.reveal_project(ProjectKey(place.register, place.row_id), place.field)
            return
        self.show_view(TASKS)
        filters = self.tasks.filters
        if place.task_id and name:
            filters.narrow()
            self.tasks.reveal_line(RowKey(place.task_id, kind, name), place.field)
        elif place.task_id:
            filters.narrow(task_id=place.task_id)
        elif kind == "who":
            filters.narrow(owner=name.replace("/", ":", 1))
        elif kind == "part":
            part, _, lamp = name.partition("/")
            filters.narrow(county_chip(lamp), part=part)
        else:
            filters.narrow(kind, owner=place.section if kind == "town" else "")

    # -- what can be done -------------------------------------------------------------------------------------

    def copy_last(self) -> None:
        """Ask, and take last month's figures over for every line shown that has none."""
        by_task = self.view == TASKS
        number = len(self.tasks.copyable() if by_task else self.projects.copyable())
        words = f"把上月的数沿用到这里还没有报的{number}项？"
        advice = "沿用的数标为“未核对”，看过以后按回车才算数；上月没有数的不变。可以一步撤销。"

        def copy() -> None:
            if by_task:
                self.tasks.copy_last(self.tasks.copyable())
            else:
                self.projects.copy_last(self.projects.copyable())

        self.dialog = ask(self, "沿用上月", words, advice, yes="沿用", on_yes=copy)

    def take_supplied(self) -> None:
        """Ask, and file what the registers give for every line shown that has no figure."""
        keys = self.tasks.copyable()
        words = f"这里还没有报的{len(keys)}项，项目清单能汇总的按清单填上？"
        advice = "算式在右边“详情”里；清单里没有计入的行的不变。可以一步撤销。"
        if self.tasks.is_long_past:
            words = f"{not_of_then(self.tasks.period)}{words}"
            advice = f"清单从那以后变过的，请取消，按当时的报表填写。{advice}"
        take = partial(self.tasks.take_supplied, keys)
        self.dialog = ask(self, "取清单的数", words, advice, yes="填上", on_yes=take)

    def close_month(self) -> None:
        """Ask, saying what is missing or not looked at, with a way there, and lock the month."""
        grid = self.tasks.model.grid
        if grid is None:
            return
        missing, unseen = grid.filings.get(Filing.MISSING, 0), grid.unreviewed
        left = [f"{missing}项未报" if missing else "", f"{unseen}项沿用的数没有核对" if unseen else ""]
        refused = (*self.tasks.model.refused_cells(), *self.projects.model.refused_cells())
        wrong = sum(isinstance(cell, tuple) and cell[0] == grid.period for cell in refused)
        left.append(f"标红的{wrong}格填得不对、没有存上" if wrong else "")
        words = f"完成{grid.period.title}的填报？"
        told = "、".join(part for part in left if part)
        advice = f"还有{told}。" if told else "都已经填报、核对。"
        advice += "完成后这个月锁定，要改须重新打开并写明理由。"
        period = grid.period
        asked = self.dialog = ask(
            self,
            "完成本月填报",
            words,
            advice,
            yes="完成并锁定",
            on_yes=lambda: self._session.write(f"完成{period.title}填报", lambda op: close_month(op, period)),
        )
        for number, word, chip in ((unseen, "先核对这", "unreviewed"), (missing, "先填报这", "missing")):
            if number:
                asked.add_at_left(button(f"{word}{number}项", partial(self._leave_for, asked, chip)))
        if wrong:
            asked.add_at_left(button(f"先改标红的{wrong}格", partial(self._leave_for_refused, asked, period)))

    def _leave_for(self, asked: Dialog, chip: str) -> None:
        """Show what is still to be done before the month is closed."""
        asked.reject()
        self.reveal(Place("monthly", section=chip))
        self.tasks.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave_for_refused(self, asked: Dialog, period: Period) -> None:
        """Show the first cell of the month whose text could not be taken, whatever was narrowed."""
        asked.reject()
        for model, lead, sheet in (
            (self.tasks.model, self._go_to_line, self.tasks.sheet),
            (self.projects.model, self._go_to_project, self.projects.sheet),
        ):
            cells = (cell for cell in model.refused_cells() if isinstance(cell, tuple) and cell[0] == period)
            first = next(cells, None)
            if first is not None:
                lead(*first[1:])
                sheet.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def reopen(self) -> None:
        """Ask for a reason and open the month again."""
        period = self._session.period
        question = f"为什么重新打开{period.title}？"
        dialog = ReasonDialog("reopen", "重新打开", question, parent=self.window(), example=REOPEN_EXAMPLE)
        dialog.given.connect(
            lambda reason: self._session.write(f"重新打开{period.title}", lambda op: reopen_month(op, period, reason))
        )
        self.dialog = dialog
        dialog.open()
