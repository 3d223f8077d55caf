"""审核: one queue of what is wrong or doubtful, by class and rule; each leads to its cell or is explained in place."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.checks.explanations import explain, live_explanations, withdraw
from db.checks.model import Explanation, Findings, Issue, IssueKey, Level, NotChecked
from db.checks.queue import Narrowing, Queue, RuleCount, Standing, Unit, concerned, narrowed, standing_of
from db.checks.whereabouts import Whereabouts, whereabouts
from db.store.operation import Operation
from db.work.county_settings import CountyFacts, county_facts
from desktop.checking import checking_of
from desktop.frame import NARROW
from desktop.issue_places import issue_place
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.basics import Card, ElidedLabel, Tone
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.issue_filters import IssueFilters
from desktop.widgets.issue_panel import IssuePanel
from desktop.widgets.issue_tones import TONES
from desktop.widgets.issue_tools import IssueTools
from desktop.widgets.side_list import SideCard, SideEntry, SideList
from desktop.widgets.simple_table import Column, MadeRows, SimpleTable, TextCell

ALL, UNCHECKED = "", "unchecked"
COLUMNS = (Column("类别", 84), Column("位置", 230, both_ends=True), Column("问题"), Column("状态", 78))
PANEL, LOW_PANEL, LEAST_LIST, UNBOUND = 330, 176, 96, (1 << 24) - 1
_STANDING_TONES: dict[Standing, Tone] = {Standing.OPEN: "bad", Standing.EXPLAINED: "good", Standing.NOTED: "neutral"}


class CheckPage(QWidget):
    """Shows what `Checking` found last; what is chosen stays chosen while the findings are renewed."""

    navigate = Signal(object)
    selection_told = Signal(str)
    title = "审核"
    icon = "check-circle"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._session = session
        self.checking = checking_of(session)
        self.queue: Queue | None = None
        self._level: Level | None = None
        self._rule = ALL
        self._shown: Narrowing | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(12)
        row.addWidget(self._rules())
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside.setSpacing(12)
        self._beside.addWidget(self._list(), 1)
        self._beside.addWidget(self._side())
        row.addLayout(self._beside, 1)
        self.setFocusProxy(self.table)
        self.checking.renewed.connect(self._renewed)
        self.checking.began.connect(self._tell)
        session.opened.connect(self.checking.want)
        self._tell()

    # -- parts ------------------------------------------------------------------------------------------------

    def _rules(self) -> Card:
        card = SideCard(self, (190, 232))
        self.rules = SideList()
        self.rules.setAccessibleName("审核规则")
        self.rules.chosen.connect(self._choose)
        card.body.addWidget(self.rules)
        return card

    def _list(self) -> Card:
        card = Card(flush=True)
        head = QVBoxLayout()
        head.setContentsMargins(13, 9, 13, 8)
        head.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(8)
        self.sentence = ElidedLabel("")
        self.tools = IssueTools(self._session, self)
        self.tools.again.connect(self.checking.again)
        self.tools.led_to.connect(self.navigate)
        top.addWidget(self.sentence, 1)
        top.addWidget(self.tools)
        self.filters = IssueFilters()
        self.filters.changed.connect(self._narrow)
        head.addLayout(top)
        head.addWidget(self.filters)
        card.body.addLayout(head)
        self.table = SimpleTable(COLUMNS)
        self.table.setAccessibleName("审核问题")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.chosen.connect(self.lead)
        self.table.selectionModel().selectionChanged.connect(lambda *_ranges: self._show_chosen())
        self.tools.table = self.table
        self.unchecked = SimpleTable((Column("规则", 230), Column("为什么没有审核")))
        self.unchecked.setAccessibleName("没有审核的规则")
        self.empty = EmptyState("check-circle", "", "", ("重新审核", self.checking.again))
        self.stack = QStackedWidget()
        for each in (self.empty, self.table, self.unchecked):
            self.stack.addWidget(each)
        self.stack.setMinimumHeight(LEAST_LIST)
        card.body.addWidget(self.stack, 1)
        return card

    def _side(self) -> Card:
        self.side = Card(flush=True)
        self.panel = IssuePanel()
        self.panel.led_to.connect(self._lead_current)
        self.panel.clause_wanted.connect(lambda clause: self.navigate.emit(Place("breakdown", task_id=clause)))
        self.panel.doubles_wanted.connect(self._show_doubles)
        self.panel.explained.connect(self._explain)
        self.panel.withdrawn.connect(self._withdraw)
        self.side.body.addWidget(self.panel)
        return self.side

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, have the chosen issue under the list."""
        super().resizeEvent(event)
        wide = self.width() >= NARROW
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._beside.setDirection(across if wide else down)
        self.side.setMaximumSize(*((PANEL, UNBOUND) if wide else (UNBOUND, LOW_PANEL)))
        self.side.setMinimumWidth(PANEL if wide else 0)

    def showEvent(self, event: QShowEvent) -> None:
        """The first time it is looked at, have everything checked."""
        super().showEvent(event)
        self.checking.want()
        self._renewed()

    # -- what was found ---------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Hold everything anew."""
        self.checking.again()

    def reveal(self, place: Place) -> None:
        """Show the class or rule that `section` names; for "open" what waits, for "open monthly" in that package."""
        level, self._rule = place.section, ALL
        self._level = Level(level) if level in list(Level) else None
        self.filters.clear()
        waiting, _, kind = place.section.partition(" ")
        if waiting == "open":
            self.filters.choose(Standing.OPEN, kind)
        self._renewed()

    def _renewed(self) -> None:
        findings = self.checking.findings
        self._tell()
        if findings is None or not self._session.is_open or not self.isVisible():
            return
        self._session.read(lambda conn: concerned(conn, findings), self._offer, owner=self, key="units")
        self._session.read(county_facts, self._offer_leader, owner=self, key="leader")
        self._narrow()

    def _offer(self, units: list[Unit]) -> None:
        self.filters.offer(self._session.catalogue, units)

    def _offer_leader(self, facts: CountyFacts) -> None:
        self.panel.offer_leader(facts.contacts["leader"])

    def _narrow(self) -> None:
        findings, catalogue, wanted = self.checking.findings, self._session.catalogue, self.wanted
        if findings is None or not self._session.is_open:
            return

        def query(_conn: sqlite3.Connection) -> Queue:
            return narrowed(catalogue, findings, wanted)

        self._session.read(query, lambda queue: self._show(findings, queue, wanted), owner=self, key="queue")

    @property
    def wanted(self) -> Narrowing:
        """Return which issues are asked for."""
        return replace(self.filters.wanted, level=self._level, rule="" if self._rule == UNCHECKED else self._rule)

    def _show(self, findings: Findings, queue: Queue, wanted: Narrowing) -> None:
        done = bool(self.queue and self.queue.issues) and wanted == self._shown and not queue.issues
        self._shown = wanted
        if done and self._rule and wanted == self.wanted:
            self._go_on(queue)
            return
        chosen = {issue.key for issue in self.chosen}
        current = self.table.currentIndex().row()
        self.queue = queue
        self.tools.show_issues(queue.issues)
        self._show_rules(findings, queue)
        self.filters.show_counts(queue.standings)
        self.table.show_rows(MadeRows(queue.issues, _cells))
        self.unchecked.show_rows([_unchecked_cells(each) for each in findings.not_checked])
        self._choose_again(chosen, current)
        self._show_page(findings, queue)
        self._show_chosen()

    def _go_on(self, queue: Queue) -> None:
        """Of the rule that is shown the last issue was dealt with: show the next that has any, all where none has."""
        keys = [_rule_key(each) for each in queue.rules]
        here = keys.index(self._key) if self._key in keys else -1
        left = [_rule_key(each) for each in (*queue.rules[here + 1 :], *queue.rules[: here + 1]) if each.count]
        self.queue = None
        self._choose(left[0] if left else ALL)

    def _choose_again(self, chosen: set[IssueKey], current: int) -> None:
        """Choose what was chosen; where it was dealt with, what took its place."""
        assert self.queue is not None
        rows = [row for row, issue in enumerate(self.queue.issues) if issue.key in chosen] if chosen else []
        if not rows and self.queue.issues:
            rows = [min(max(current, 0), len(self.queue.issues) - 1)]
        model, selection = self.table.rows_model, self.table.selectionModel()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for row in rows:
            selection.select(model.index(row, 0), flags)
        if rows:
            selection.setCurrentIndex(model.index(rows[0], 0), QItemSelectionModel.SelectionFlag.NoUpdate)
            self.table.scrollTo(model.index(rows[0], 0))

    def _show_page(self, findings: Findings, queue: Queue) -> None:
        if self._rule == UNCHECKED:
            self.stack.setCurrentWidget(self.unchecked)
        elif queue.issues:
            self.stack.setCurrentWidget(self.table)
        else:
            narrowed_away = bool(findings.issues)
            title = "这样筛选没有问题" if narrowed_away else "没有发现问题"
            words = "换一个条件看看，或者点“全部”。" if narrowed_away else findings.sentence()
            self.empty.say(title, words)
            self.stack.setCurrentWidget(self.empty)

    def _show_rules(self, findings: Findings, queue: Queue) -> None:
        entries = [SideEntry(ALL, "全部问题", count=str(queue.total))]
        for level in Level:
            of_level = [each for each in queue.rules if each.level is level]
            if not of_level and level is not self._level:
                continue
            group = f"{level.title}　{level.effect}"
            count = sum(each.count for each in of_level)
            entries.append(SideEntry(level.value, f"全部{level.title}", count=str(count), group=group))
            entries += [_rule_entry(each, group) for each in of_level]
        if findings.not_checked:
            entries.append(_unchecked_entry(len(findings.not_checked)))
        self.rules.show_entries(entries)
        self.rules.open_entry(self._key)

    @property
    def _key(self) -> str:
        if self._rule in (ALL, UNCHECKED):
            return self._rule or (self._level.value if self._level else ALL)
        return f"{self._level}:{self._rule}"

    def _choose(self, key: str) -> None:
        level, _, rule = key.partition(":")
        self._rule = UNCHECKED if key == UNCHECKED else rule
        self._level = Level(level) if level in list(Level) else None
        self._narrow()

    def _tell(self) -> None:
        findings = self.checking.findings
        self.tools.show_state(self.checking)
        if self.checking.failed:
            self.sentence.setText("审核没有做完。")
            self.empty.say("审核没有做完", "数据没有变动。点“重新审核”再来一次。")
        elif findings is None:
            self.sentence.setText("正在审核…")
            self.empty.say("正在审核", "按规则把全部数据看一遍，数据多时要几秒钟，可以先做别的。")
        else:
            self.sentence.setText(findings.headline())
        if findings is None or self.checking.failed:
            self.stack.setCurrentWidget(self.empty)
            self.empty.buttons[0].setVisible(self.checking.failed)

    # -- what is chosen ---------------------------------------------------------------------------------------

    @property
    def chosen(self) -> list[Issue]:
        """Return the chosen issues, the current one first."""
        if self.queue is None:
            return []
        current = self.table.currentIndex().row()
        selected = {index.row() for index in self.table.selectionModel().selectedRows()}
        rows = sorted(selected, key=lambda row: (row != current, row))
        return [self.queue.issues[row] for row in rows if row < len(self.queue.issues)]

    def _show_chosen(self) -> None:
        issues = self.chosen
        self._show_panel(issues, None)
        self.selection_told.emit(f"选中{len(issues)}个问题" if len(issues) > 1 else "")
        if len(issues) == 1 and issues[0].explainable and issues[0].explanation is None:
            key = issues[0].key

            def lapsed(conn: sqlite3.Connection) -> Explanation | None:
                return live_explanations(conn).get(key)

            self._session.read(lapsed, lambda told: self._show_lapsed(key, told), owner=self, key="told")

    def _show_lapsed(self, key: IssueKey, told: Explanation | None) -> None:
        if told is not None and [issue.key for issue in self.chosen] == [key]:
            self._show_panel(self.chosen, told)

    def _show_panel(self, issues: Sequence[Issue], lapsed: Explanation | None) -> None:
        self.panel.show_issues(issues, self._session.catalogue, writable=not self._session.read_only, lapsed=lapsed)

    # -- what is done -----------------------------------------------------------------------------------------

    def lead(self, row: int) -> None:
        """Go to the cell of the issue in this row."""
        if self.queue is None or not 0 <= row < len(self.queue.issues):
            return
        issue = self.queue.issues[row]

        def go(at: Whereabouts) -> None:
            self.navigate.emit(issue_place(issue, at))

        self._session.read(lambda conn: whereabouts(conn, issue), go, owner=self, key="lead")

    def _lead_current(self) -> None:
        self.lead(self.table.currentIndex().row())

    def _explain(self, reason: str, approved_by: str) -> None:
        issues = self.panel.issues

        def action(op: Operation) -> None:
            for issue in issues:
                explain(op, issue, reason=reason, approved_by=approved_by)

        label = "写审核说明" if len(issues) == 1 else f"写审核说明（{len(issues)}处）"
        self._session.write(label, action, lambda _: self.panel.tell(""), self.panel.refused)

    def _withdraw(self) -> None:
        issues = self.panel.issues

        def action(op: Operation) -> None:
            for issue in issues:
                withdraw(op, issue)

        self._session.write("撤销审核说明", action)

    def _show_doubles(self) -> None:
        if self.panel.issues:
            self.tools.show_doubles(self.panel.issues[0])


def _rule_key(count: RuleCount) -> str:
    return f"{count.level}:{count.rule}"


def _rule_entry(count: RuleCount, group: str) -> SideEntry:
    tip = f"{count.rule} {count.title}"
    return SideEntry(_rule_key(count), count.title, count=str(count.count), tip=tip, group=group, words=count.rule)


def _unchecked_entry(count: int) -> SideEntry:
    return SideEntry(UNCHECKED, "没有审核的规则", count=str(count), group="另外")


def _unchecked_cells(told: NotChecked) -> list[TextCell]:
    return [TextCell(f"{told.rule} {told.title}"), TextCell(told.why, tip=told.why)]


def _cells(issue: Issue) -> list[TextCell]:
    standing = standing_of(issue)
    return [
        TextCell(issue.level.title, TONES[issue.level], badge=True),
        TextCell(issue.place, tip=issue.place),
        TextCell(issue.what, tip=f"{issue.what}\n{issue.advice}"),
        TextCell(standing.value, _STANDING_TONES[standing], badge=standing is not Standing.NOTED),
    ]
