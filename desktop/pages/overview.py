"""总览: the county's state at a glance; every figure is a link to the rows behind it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.period import Period
from db.exchange.statuses import Statuses, statuses
from db.work.arithmetic import figure
from db.work.monthly.days import Reminder, reminders
from db.work.monthly.lamps import LampKind
from db.work.monthly.overview import MonthOverview, month_overview
from db.work.monthly.projects import investments_by_month
from db.work.overview import Deadline, Overview, RegisterShare, overview
from db.work.remarks import open_remarks
from db.work.task_states import StateKind
from db.work.tasks import leaf_tasks, task_of, title_of
from desktop.checking import checking_of
from desktop.frame import NARROW
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.basics import Card, FigureCard, Tone, label
from desktop.widgets.first_steps import FirstSteps, Step
from desktop.widgets.issues_card import IssuesCard
from desktop.widgets.next_step import NextStep
from desktop.widgets.overview_cards import CurveCard, FilingCard, InvestedCard, InvestmentCard, PartsCard, TownsCard
from desktop.widgets.scrolled import Scrolled
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

OPEN_STATES: dict[StateKind, Tone] = {
    StateKind.UNBALANCED: "bad",
    StateKind.PARTLY: "caution",
    StateKind.NOT_STARTED: "neutral",
    StateKind.UNDECIDED: "notice",
}
MOST_REGISTERS = 5
"""How many registers are seen at once; the others are scrolled to."""

KIND_TITLES = {
    "plan": "任务分解",
    "registers": "项目清单",
    "monthly": "月调度",
    "annual": "年度自评",
    "final": "全面评估",
}


class OverviewPage(QWidget):
    """Shows `db.work.overview` and leads to the pages behind its figures."""

    navigate = Signal(object)
    title = "总览"
    icon = "overview"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._deadlines: tuple[Deadline, ...] = ()
        self._registers: tuple[RegisterShare, ...] = ()
        self._todo: list[str] = []
        self._told, self._fresh = "", True
        self._stale = True
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(12)
        self.first_steps = FirstSteps(self)
        self.first_steps.chosen.connect(self.navigate)
        self.first_steps.hide()
        column.addWidget(self.first_steps)
        self.reminder = NextStep(self)
        column.addWidget(self.reminder)
        self.remarked = NextStep(self)
        column.addWidget(self.remarked)
        column.addLayout(self._figures())
        self.parts, self.filing = PartsCard(session), FilingCard()
        self.curve, self.towns = CurveCard(session), TownsCard(session)
        self.investment, self.invested = InvestmentCard(session), InvestedCard(session)
        self._pairs: list[QBoxLayout] = []
        for left, right in (
            (self.parts, self.filing),
            (self._due(), self._open_tasks()),
            (self.curve, self.towns),
            (self._lists(), self.investment),
        ):
            column.addLayout(self._beside(left, right))
        column.addWidget(self.invested)
        for each in (self.parts, self.filing, self.curve, self.towns, self.investment):
            each.wanted.connect(self.navigate)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scrolled(inner))
        # The page itself takes the keyboard: else the first button of the bar above would look chosen.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        session.changed.connect(self._on_changed)
        session.period_changed.connect(self.refresh)
        session.opened.connect(self.refresh)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards below each other where side by side their tables would show no names."""
        super().resizeEvent(event)
        beside = self.width() >= NARROW
        for pair in self._pairs:
            pair.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self._lay_figures(len(self._cards) if beside else 4)

    def _beside(self, left: QWidget, right: QWidget) -> QBoxLayout:
        """Put two cards beside each other, where there is room."""
        pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        pair.setSpacing(12)
        pair.addWidget(left, 53)
        pair.addWidget(right, 47)
        self._pairs.append(pair)
        return pair

    def _figures(self) -> QGridLayout:
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self.broken_down = FigureCard("任务已分解")
        self.filed = FigureCard("本月已报")
        self.red = FigureCard("红灯")
        self.quotas = FigureCard("县级目标已下达")
        self.projects = FigureCard("项目")
        self.submitted = FigureCard("最近上报")
        self.issues = IssuesCard(checking_of(self._session))
        self._cards: tuple[FigureCard | IssuesCard, ...] = (
            *(self.broken_down, self.filed, self.red, self.issues),
            *(self.quotas, self.projects, self.submitted),
        )
        places = ("breakdown", "monthly:missing", "monthly:red", "check:open", "base:quotas", "projects", "submit")
        for card, place in zip(self._cards, places, strict=True):
            page, _, section = place.partition(":")
            card.clicked.connect(lambda page=page, section=section: self.navigate.emit(Place(page, section=section)))
        if self._session.part is not None:
            # A work package is neither given quotas nor submitted: lacking them is no lack.
            for card in (self.quotas, self.submitted):
                card.setParent(self)
                card.hide()
            self._cards = tuple(card for card in self._cards if card not in (self.quotas, self.submitted))
        self._lay_figures(len(self._cards))
        return self._grid

    def _lay_figures(self, columns: int) -> None:
        """Put the figures side by side, so many in a row."""
        for number, card in enumerate(self._cards):
            self._grid.addWidget(card, number // columns, number % columns)
        for column in range(len(self._cards)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def _due(self) -> Card:
        card = Card("三十天内到期与逾期", flush=True)
        self.due_count = label("", "secondary")
        card.tools.addWidget(self.due_count)
        self.due = SimpleTable([Column("事项"), Column("责任主体", 150), Column("期限", 96), Column("还有", 104)])
        self.due.chosen.connect(self._open_deadline)
        self.nothing_due = label("三十天内没有到期的任务，也没有逾期的项目。", "secondary")
        self.nothing_due.setContentsMargins(14, 10, 14, 14)
        card.body.addWidget(self.due, 1)
        card.body.addWidget(self.nothing_due)
        card.body.addStretch(0)
        return card

    def _lists(self) -> Card:
        card = Card("项目清单", flush=True)
        self.total = label("", "secondary")
        card.tools.addWidget(self.total)
        self.registers = SimpleTable(
            [
                Column("清单"),
                Column("项目", 60, number=True),
                Column("已完成", 66, number=True),
                Column("总投资（万元）", 118, number=True),
                Column("完成投资", 86, number=True),
            ]
        )
        self.registers.chosen.connect(self._open_register)
        card.body.addWidget(self.registers)
        card.body.addStretch(1)
        return card

    def _open_tasks(self) -> Card:
        card = Card("还要处理的任务", flush=True)
        self.todo_count = label("", "secondary")
        card.tools.addWidget(self.todo_count)
        self.todo = SimpleTable([Column("编号", 82), Column("任务"), Column("状态", 108), Column("差多少", 116)])
        self.todo.chosen.connect(lambda row: self.navigate.emit(Place("breakdown", task_id=self._todo[row])))
        card.body.addWidget(self.todo, 1)
        self.open_card = card
        return card

    def refresh(self) -> None:
        """Read everything again; what is not seen is read when it is."""
        self._stale = not self.isVisible()
        if self._stale or not self._session.is_open:
            return
        catalogue, today = self._session.catalogue, self._session.today()
        self._session.read(lambda conn: overview(conn, catalogue, today=today), self._show, owner=self)
        self._read_month()

    def _read_month(self) -> None:
        """Read the month that is looked at, and what there is to be reminded of."""
        catalogue, today, period = self._session.catalogue, self._session.today(), self._session.period

        def query(conn: sqlite3.Connection) -> tuple[MonthOverview, list[Reminder], dict[Period, Decimal]]:
            found = month_overview(conn, catalogue, period)
            missing, closed = found.lines - found.filed, found.state.closed
            told = reminders(conn, period, today=today, missing=missing, unreviewed=found.unreviewed, closed=closed)
            return found, told, investments_by_month(conn, period)

        self._session.read(query, lambda found: self._show_month(*found), owner=self, key="month")
        self._session.read(open_remarks, self._show_remarks, owner=self, key="remarks")

    def _show_remarks(self, waiting: int) -> None:
        sentence = f"市里有{waiting}条意见等县里办理。" if waiting else ""
        self.remarked.say(sentence, ("看意见", lambda: self.navigate.emit(Place("submit", section="remarks"))))

    def _show_month(self, found: MonthOverview, told: Sequence[Reminder], invested: Mapping[Period, Decimal]) -> None:
        if found.period != self._session.period:
            return
        for card in (self.parts, self.filing, self.curve, self.towns):
            card.show_month(found)
        self.invested.show_months(invested)
        left = found.lines - found.filed
        self.filed.show_figure(f"{found.filed} / {found.lines}", _left_words(found, left))
        red = found.line_lamps.get(LampKind.RED, 0)
        others = (LampKind.YELLOW, LampKind.BLUE)
        remark = "　".join(f"{kind.word} {found.line_lamps.get(kind, 0)}" for kind in others)
        self.red.show_figure(str(red), remark, "bad" if red else "")
        self._told = "".join(each.text for each in told)
        self._remind()

    def _remind(self) -> None:
        """Say what the clerk should be reminded of; where nothing has begun yet, the first steps say enough."""
        sentence = "" if self._fresh else self._told
        self.reminder.say(sentence, ("去填报", lambda: self.navigate.emit(Place("monthly", section="missing"))))

    def reveal(self, place: Place) -> None:
        """Show the page; it has no parts to go to."""
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _on_changed(self, changes: Changes) -> None:
        self.refresh()

    def _show(self, found: Overview) -> None:
        self._show_figures(found)
        self.parts.show_states(found)
        self.investment.show_registers(found)
        self._show_deadlines(found)
        self._registers = tuple(register for register in found.registers if register.rows) or found.registers
        self.registers.show_rows([_register_row(register) for register in self._registers])
        self.registers.fit_height(MOST_REGISTERS)
        self._show_open_tasks(found)
        self.total.setText(f"总投资 {figure(found.total_investment)} 万元" if found.total_investment else "")
        self._show_first_steps(found)

    def _show_figures(self, found: Overview) -> None:
        whole = found.whole
        bad, waiting = found.unbalanced, whole.of(StateKind.PENDING)
        remark = f"{bad} 项余额不为零" if bad else f"{waiting} 项待省下达"
        self.broken_down.show_figure(f"{whole.done} / {whole.total}", remark, "bad" if bad else "")
        missing = found.quotas_wanted - found.quotas_told
        self.quotas.show_figure(
            f"{found.quotas_told} / {found.quotas_wanted}", f"还有 {missing} 项没有录入" if missing > 0 else "都已录入"
        )
        percent = _percent(found.completed_investment, found.total_investment)
        self.projects.show_figure(str(found.projects), f"完成投资 {percent}" if percent else "还没有投资数")
        last = found.last_submission
        if last is None:
            self.submitted.show_figure("—", "还没有导出过上报包")
        else:
            kind, period = last.kind, last.period
            self._session.read(lambda conn: statuses(conn, kind, period), self._show_sent, owner=self, key="sent")

    def _show_sent(self, found: Statuses) -> None:
        last = found.last
        if last is not None:
            parts = [KIND_TITLES.get(last.kind, last.kind), found.sending, found.review]
            parts += [f"报送后修改{found.modified:,}处"] if found.modified else []
            self.submitted.show_figure(f"{last.period} 第{last.sequence}次", "　".join(filter(None, parts)))

    def _show_deadlines(self, found: Overview) -> None:
        self._deadlines = found.deadlines
        self.due.show_rows([_deadline_row(deadline) for deadline in found.deadlines])
        self.due.setVisible(bool(found.deadlines))
        self.nothing_due.setVisible(not found.deadlines)
        counts = f"逾期 {found.overdue}　三十天内 {found.due_soon}"
        self.due_count.setText(counts if found.deadlines else "")

    def _show_open_tasks(self, found: Overview) -> None:
        catalogue = self._session.catalogue
        order = list(OPEN_STATES)
        leaves = [task_id for task_id in leaf_tasks(catalogue) if found.states[task_id].kind in OPEN_STATES]
        self._todo = sorted(leaves, key=lambda task_id: order.index(found.states[task_id].kind))
        self.todo.show_rows([self._todo_row(found, task_id) for task_id in self._todo])
        self.open_card.setVisible(bool(self._todo))
        self.todo_count.setText(f"{len(self._todo)} 项" if self._todo else "")

    def _todo_row(self, found: Overview, task_id: str) -> list[TextCell]:
        task, state = task_of(self._session.catalogue, task_id), found.states[task_id]
        remark = "" if state.label == state.kind.value else state.label
        return [
            TextCell(task_id, "neutral"),
            TextCell(title_of(task), tip=title_of(task)),
            TextCell(state.kind.value, OPEN_STATES[state.kind], badge=True),
            TextCell(remark, tip=remark),
        ]

    def _show_first_steps(self, found: Overview) -> None:
        begun = found.quotas_told and found.whole.done and found.projects
        fresh = not begun and found.last_submission is None and self._session.part is None
        self._fresh = fresh
        self._remind()
        self.first_steps.setVisible(fresh)
        if fresh:
            steps = [
                Step("核对镇街和经办人", "镇街、部门已按区划填好", Place("base"), False),
                Step("录入县级目标", "按市里的文件逐项录入", Place("base", section="quotas"), found.quotas_told > 0),
                Step("分解到镇街、企业", "方案条款和目标已经在里面", Place("breakdown"), found.whole.done > 0),
                Step("登记项目清单", "按清单逐项登记", Place("projects"), found.projects > 0),
            ]
            self.first_steps.show_steps(steps)

    def _open_deadline(self, row: int) -> None:
        due = self._deadlines[row]
        if due.register:
            self.navigate.emit(Place("projects", register=due.register, row_id=due.row_id))
        else:
            self.navigate.emit(Place("breakdown", task_id=due.task_id, year=due.year, row_id=due.row_id))

    def _open_register(self, row: int) -> None:
        self.navigate.emit(Place("projects", register=self._registers[row].name))


def _left_words(found: MonthOverview, left: int) -> str:
    if not found.lines:
        return "还没有要填报的任务"
    return "已完成并锁定" if found.state.closed else f"还有 {left} 项未报" if left else "都已填报"


def _percent(done: Decimal, total: Decimal) -> str:
    return f"{done / total * 100:.0f}%" if total else ""


def _register_row(register: RegisterShare) -> list[TextCell]:
    percent = _percent(register.completed_investment, register.total_investment)
    return [
        TextCell(register.title),
        TextCell(str(register.rows), "" if register.rows else "neutral"),
        TextCell(str(register.finished)),
        TextCell(figure(register.total_investment) if register.total_investment else "—"),
        TextCell(percent or "—"),
    ]


def _deadline_row(due: Deadline) -> list[TextCell]:
    tone: Tone = "bad" if due.overdue else "notice"
    left = f"逾期 {-due.days} 天" if due.overdue else "今天" if due.days == 0 else f"{due.days} 天"
    return [
        TextCell(due.title, tip=due.title),
        TextCell(due.who, tip=due.who),
        TextCell(due.due.isoformat()),
        TextCell(left, tone),
    ]
