"""逾期与风险: what is late, will be late or has no figure, whom to telephone, what was done about it, and 督办单."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.core.period import Period
from db.reports.supervision_files import standing, supervised
from db.reports.task_sheet import SheetOwner
from db.work.monthly.grid import month_grid
from db.work.monthly.late import LateKind, LateLine, late
from db.work.monthly.measures import Measure, measures
from desktop.dialogs.measure import MeasureDialog
from desktop.session import Session
from desktop.widgets.basics import Card, Tone, allow, button, chip, label, primary_button
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.flow import ButtonRow
from desktop.widgets.month_filters import EVERYBODY, fill_list, filter_list
from desktop.widgets.simple_table import Column, MadeRows, SimpleTable, TextCell
from desktop.widgets.supervision_papers import SupervisionPapers

TABLES = ("progress", "assignment", "quota", "task_scope", "monthly_curve", "measure_taken", "town", "department")
NOTHING_LATE, WHY_NOT = "没有逾期和滞后的任务", "按这个月的数，各项任务都赶得上期限。"
TONES: dict[LateKind, Tone] = {
    LateKind.LATE: "bad",
    LateKind.WILL_BE_LATE: "caution",
    LateKind.AT_RISK: "bad",
    LateKind.NO_FIGURE: "neutral",
}
MEASURES_HEIGHT = 128


class MonthLate(QWidget):
    """Shows the list by the figures of the session's month; `line_wanted(key)` leads to the figure."""

    line_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.lines: list[LateLine] = []
        self.shown: list[LateLine] = []
        self._own: list[LateLine] = []
        self._owners: list[SheetOwner] = []
        self._measures: list[Measure] = []
        self.dialog: QWidget | None = None
        self.papers = SupervisionPapers(session, self)
        self._kind: LateKind | None = None
        self._owner = ""
        self.owners = filter_list("按责任主体看")
        fill_list(self.owners, EVERYBODY, ())
        self.chips = {
            kind: chip(kind.value if kind else "全部", TONES[kind] if kind else "") for kind in (None, *LateKind)
        }
        self.table = SimpleTable(
            [
                Column("情况", 86),
                Column("任务指标"),
                Column("责任主体"),
                Column("期限", 94),
                Column("差多少", 128),
                Column("责任人", 86),
                Column("电话", 122),
            ]
        )
        self.sentence = label("", "secondary", wrap=True)
        self.taken = SimpleTable(
            [Column("日期", 94), Column("措施", 76), Column("任务", 84), Column("结果"), Column("文号", 150)]
        )
        self.no_measure = label("还没有采取过措施。", "secondary")
        self.nothing = EmptyState("check-circle", NOTHING_LATE, WHY_NOT)
        self.paper_button = primary_button("督办单…", self.issue)
        self.measure_button = button("记录措施…", self.record)
        self.go_button = button("到填报行", self._go)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._group = QButtonGroup(self)
        tools = QHBoxLayout()
        tools.setSpacing(6)
        for number, made in enumerate(self.chips.values()):
            self._group.addButton(made, number)
            tools.addWidget(made)
        self.chips[None].setChecked(True)
        tools.addWidget(self.owners)
        tools.addSpacing(6)
        buttons = ButtonRow([self.paper_button, self.measure_button, self.go_button])
        if self._session.part is not None:
            buttons.offer([self.go_button])  # it is the county that supervises
        tools.addWidget(buttons, 1)
        upper = Card(flush=True)
        upper.body.addWidget(self.table, 1)
        self.below = Card("采取的措施")
        self.below.body.addWidget(self.sentence)
        self.below.body.addWidget(self.no_measure)
        self.taken.setFixedHeight(MEASURES_HEIGHT)
        self.below.body.addWidget(self.taken)
        list_ = QWidget()
        column = QVBoxLayout(list_)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(upper, 1)
        column.addWidget(self.below)
        self.stack = QStackedWidget()
        self.stack.addWidget(list_)
        self.stack.addWidget(self.nothing)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(tools)
        whole.addWidget(self.stack, 1)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.owners.activated.connect(lambda _: self.show_owner(str(self.owners.currentData() or "")))
        self._group.idClicked.connect(lambda number: self.narrow([None, *LateKind][number]))
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._current_changed())
        self.table.chosen.connect(lambda _: self._go())
        self.taken.chosen.connect(self._change_measure)

    # -- reading ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the list again."""
        if not self._session.is_open:
            return
        catalogue, period, today = self._session.catalogue, self._session.period, self._session.today()

        def query(conn: sqlite3.Connection) -> tuple[list[LateLine], list[SheetOwner]]:
            found = late(conn, catalogue, month_grid(conn, catalogue, period), today=today)
            return found, supervised(conn, found)

        self._session.read(query, lambda found: self._take(period, *found), owner=self, key="late")

    def _take(self, period: Period, lines: list[LateLine], owners: list[SheetOwner]) -> None:
        if period != self._session.period:
            return
        self.lines, self._owners = lines, owners
        self._count()

    def offer(self, owners: Sequence[tuple[str, str]]) -> None:
        """Offer whom the list can be narrowed to: kind:id and name; who was chosen stays."""
        fill_list(self.owners, EVERYBODY, owners)
        self.owners.setCurrentIndex(max(self.owners.findData(self._owner), 0))

    def show_owner(self, owner: str) -> None:
        """Show the lines of everybody (""), of a town with its enterprises (town:id), or of one department:id."""
        self._owner = owner
        self.owners.setCurrentIndex(max(self.owners.findData(owner), 0))
        self._count()

    def _count(self) -> None:
        """Write on each chip how many lines of the chosen owner are behind it."""
        self._own = [line for line in self.lines if _is_of(line, self._owner)]
        counts = Counter(line.kind for line in self._own)
        for kind, made in self.chips.items():
            number = len(self._own) if kind is None else counts[kind]
            made.setText(f"{kind.value if kind else '全部'} {number}")
        self.narrow(self._kind if self._kind is None or counts[self._kind] else None)

    def narrow(self, kind: LateKind | None) -> None:
        """Show all lines, or those that are there for one reason."""
        self._kind = kind
        self.chips[kind].setChecked(True)
        current = self._line()
        self.shown = [line for line in self._own if kind is None or line.kind is kind]
        self.table.show_rows(MadeRows(self.shown, _row))
        self.stack.setCurrentIndex(0 if self.shown else 1)
        if not self.shown:
            self.nothing.say(NOTHING_LATE, f"{self.owners.currentText()}：{WHY_NOT}" if self._owner else WHY_NOT)
        keys = [line.key for line in self.shown]
        if keys:
            self.table.selectRow(keys.index(current.key) if current is not None and current.key in keys else 0)
        writable = not self._session.read_only
        self.paper_button.setEnabled(bool(self._owners))
        self.paper_button.setToolTip("" if self._owners else "逾期、滞后的没有分给镇街、企业或部门，没有可以督办的")
        allow(self.measure_button, writable, bool(self.shown))
        self.go_button.setEnabled(bool(self.shown))
        self._current_changed()

    def _line(self) -> LateLine | None:
        row = self.table.currentIndex().row()
        return self.shown[row] if 0 <= row < len(self.shown) else None

    def _current_changed(self) -> None:
        line = self._line()
        self.sentence.setText(f"{line.person.assignee}　{line.title}：{line.sentence}" if line is not None else "")
        if line is None:
            self._show_measures([])
            return
        who = (line.key.assignee_kind, line.key.assignee_id)
        self._session.read(lambda conn: measures(conn, who), self._show_measures, owner=self, key="measures")

    def _show_measures(self, found: Sequence[Measure]) -> None:
        self._measures = list(found)
        self.taken.show_rows([_measure_row(each) for each in found])
        self.taken.setVisible(bool(found))
        self.no_measure.setVisible(not found and self._line() is not None)

    # -- what can be done -------------------------------------------------------------------------------------

    def issue(self) -> None:
        """Open 督办单… for all who are behind; proposed are those of the selected lines, else those who are late."""
        self.papers.issue(self._owners, self.proposed())

    def proposed(self) -> set[tuple[str, str]]:
        """Return who should get a paper: of several selected lines theirs, else of those shown who is late already."""
        chosen = [self.shown[index.row()] for index in self.table.selectionModel().selectedRows()]
        overdue = [line for line in self.shown if line.kind is LateKind.LATE]
        lines = chosen if len(chosen) > 1 else overdue or self.shown
        return {(line.key.assignee_kind, line.key.assignee_id) for line in lines}

    def record(self) -> None:
        """Record a measure against the one whose line is chosen."""
        line = self._line()
        if line is None:
            return
        heading = f"{line.person.assignee}　{line.title}（{standing(line)}）"
        whom = [(line.key.assignee_kind, line.key.assignee_id, line.key.task_id)]
        self._open(MeasureDialog(self._session, heading, whom, today=self._session.today(), parent=self.window()))

    def _change_measure(self, row: int) -> None:
        if not self._session.read_only:
            measure = self._measures[row]
            heading = f"{measure.assignee}　{measure.kind}"
            today = self._session.today()
            self._open(MeasureDialog(self._session, heading, measure=measure, today=today, parent=self.window()))

    def _open(self, dialog: MeasureDialog) -> None:
        self.dialog = dialog
        dialog.open()

    def _go(self) -> None:
        line = self._line()
        if line is not None:
            self.line_wanted.emit(line.key)


def _is_of(line: LateLine, owner: str) -> bool:
    kind, _, who = owner.partition(":")
    if kind == "town":
        return line.town == who
    return not owner or line.key[1:] == (kind, who)


def _row(line: LateLine) -> list[TextCell]:
    return [
        TextCell(line.kind.value, TONES[line.kind], badge=True),
        TextCell(line.title, tip=f"{line.key.task_id} {line.title}"),
        TextCell(line.person.assignee, tip=line.person.assignee),
        TextCell(line.deadline.isoformat() if line.deadline is not None else "—"),
        TextCell(standing(line), "bad" if line.kind is LateKind.LATE else "", tip=line.sentence),
        TextCell(line.person.responsible, tip=line.person.responsible),
        TextCell(line.person.phone, tip=line.person.phone),
    ]


def _measure_row(each: Measure) -> list[TextCell]:
    return [
        TextCell(each.taken_on.isoformat() if each.taken_on is not None else ""),
        TextCell(each.kind, "notice", badge=True),
        TextCell(each.task_id or "—"),
        TextCell(each.result or "还没有结果", "" if each.result else "neutral", tip=each.result),
        TextCell(each.document_number, tip=each.document_number),
    ]
