"""总览: the county's state at a glance; every figure is a link to the rows behind it."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.work.arithmetic import figure
from db.work.overview import Deadline, Overview, RegisterShare, overview
from db.work.task_states import StateKind
from db.work.tasks import leaf_tasks, task_of, title_of
from desktop.frame import NARROW
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.basics import Card, FigureCard, Tone, label
from desktop.widgets.charts.bars import StackedBars
from desktop.widgets.charts.card import ChartCard
from desktop.widgets.charts.data import ChartData, Mark, Row, Series
from desktop.widgets.first_steps import FirstSteps, Step
from desktop.widgets.scrolled import Scrolled
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

STATES: dict[StateKind, tuple[str, Mark]] = {
    StateKind.DONE: ("lamp_green", "circle"),
    StateKind.PARTLY: ("lamp_yellow", "triangle"),
    StateKind.UNBALANCED: ("lamp_red", "square"),
    StateKind.NOT_STARTED: ("control", "ring"),
    StateKind.UNDECIDED: ("lamp_blue", "diamond"),
    StateKind.PENDING: ("lamp_grey", "ring"),
    StateKind.EXCLUDED: ("line", "square"),
}
OPEN_STATES: dict[StateKind, Tone] = {
    StateKind.UNBALANCED: "bad",
    StateKind.PARTLY: "caution",
    StateKind.NOT_STARTED: "neutral",
    StateKind.UNDECIDED: "notice",
}
MOST_REGISTERS = 5
"""How many registers are seen at once; the others are scrolled to."""

KIND_TITLES = {"plan": "任务分解", "registers": "项目清单", "monthly": "月调度"}


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
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(12)
        self.first_steps = FirstSteps(self)
        self.first_steps.chosen.connect(self.navigate)
        self.first_steps.hide()
        column.addWidget(self.first_steps)
        column.addLayout(self._figures())
        lower = self._lower = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        lower.setSpacing(12)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self._parts())
        left.addWidget(self._due(), 1)
        lower.addLayout(left, 53)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self._lists())
        right.addWidget(self._open_tasks(), 1)
        lower.addLayout(right, 47)
        column.addLayout(lower, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scrolled(inner))
        # The page itself takes the keyboard: else the first button of the bar above would look chosen.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        session.changed.connect(self._on_changed)
        session.opened.connect(self.refresh)
        if session.is_open:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards below each other where side by side their tables would show no names."""
        super().resizeEvent(event)
        beside = self.width() >= NARROW
        self._lower.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def _figures(self) -> QGridLayout:
        row = QGridLayout()
        row.setSpacing(12)
        self.broken_down = FigureCard("任务已分解")
        self.unbalanced = FigureCard("余额不为零")
        self.quotas = FigureCard("县级目标已下达")
        self.projects = FigureCard("项目")
        self.submitted = FigureCard("最近上报")
        places = (
            (self.broken_down, Place("breakdown")),
            (self.unbalanced, Place("breakdown", section="unbalanced")),
            (self.quotas, Place("base", section="quotas")),
            (self.projects, Place("projects")),
            (self.submitted, Place("submit")),
        )
        for number, (card, place) in enumerate(places):
            card.clicked.connect(lambda place=place: self.navigate.emit(place))
            row.addWidget(card, 0, number)
            row.setColumnStretch(number, 1)
        return row

    def _parts(self) -> ChartCard:
        self.bars = StackedBars()
        self.bars.chosen.connect(lambda part: self.navigate.emit(Place("breakdown", section=f"part:{part}")))
        self.bars.told.connect(self._session.notice)
        self.parts = ChartCard("各部分任务分解", self.bars)
        return self.parts

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
        self.invested = label("", "secondary")
        card.tools.addWidget(self.invested)
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
        return card

    def _open_tasks(self) -> Card:
        card = Card("还要处理的任务", flush=True)
        self.todo_count = label("", "secondary")
        card.tools.addWidget(self.todo_count)
        self.todo = SimpleTable([Column("编号", 82), Column("任务"), Column("状态", 108), Column("差多少", 116)])
        self.todo.chosen.connect(lambda row: self.navigate.emit(Place("breakdown", task_id=self._todo[row])))
        self.nothing_open = label("所有任务都已分解，分解数与县级目标一致。", "secondary")
        self.nothing_open.setContentsMargins(14, 10, 14, 14)
        card.body.addWidget(self.todo, 1)
        card.body.addWidget(self.nothing_open)
        card.body.addStretch(0)
        return card

    def refresh(self) -> None:
        """Read everything again."""
        if not self._session.is_open:
            return
        catalogue, today = self._session.catalogue, self._session.today()
        self._session.read(lambda conn: overview(conn, catalogue, today=today), self._show, owner=self)

    def reveal(self, place: Place) -> None:
        """Show the page; it has no parts to go to."""
        self.refresh()

    def _on_changed(self, changes: Changes) -> None:
        self.refresh()

    def _show(self, found: Overview) -> None:
        self._show_figures(found)
        self.parts.show_data(_states_by_part(found))
        self._show_deadlines(found)
        self._registers = tuple(register for register in found.registers if register.rows) or found.registers
        self.registers.show_rows([_register_row(register) for register in self._registers])
        self.registers.fit_height(MOST_REGISTERS)
        self._show_open_tasks(found)
        self.invested.setText(f"总投资 {figure(found.total_investment)} 万元" if found.total_investment else "")
        self._show_first_steps(found)

    def _show_figures(self, found: Overview) -> None:
        whole = found.whole
        waiting = whole.of(StateKind.PENDING)
        excluded = whole.of(StateKind.EXCLUDED)
        self.broken_down.show_figure(f"{whole.done} / {whole.total}", f"{waiting} 项待省下达　{excluded} 项不涉及")
        bad = found.unbalanced
        usual = "分解完的都对得上" if whole.done else "还没有分解完的任务"
        remark = "分解数与县级目标不一致" if bad else usual
        self.unbalanced.show_figure(str(bad), remark, "bad" if bad else "")
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
            kind = KIND_TITLES.get(last.kind, last.kind)
            self.submitted.show_figure(f"{last.period} 第{last.sequence}次", f"{kind}　{last.status}")

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
        self.todo.setVisible(bool(self._todo))
        self.nothing_open.setVisible(not self._todo)
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
        fresh = not begun and found.last_submission is None
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


def _states_by_part(found: Overview) -> ChartData:
    series = tuple(Series(kind.value, *looks) for kind, looks in STATES.items())
    rows = tuple(
        Row(part.part, _short(part.title), tuple(Decimal(part.share.of(kind)) for kind in STATES))
        for part in found.parts
        if part.share.kinds
    )
    return ChartData("各部分任务分解", "部分", "项", series, rows)


def _short(title: str) -> str:
    return title.removeprefix("深入调整")


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
