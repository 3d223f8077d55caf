"""上报: a short wizard that writes one package, and the history of all that were written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from db.checks.model import Findings, Issue
from db.checks.runner import run
from db.checks.whereabouts import Whereabouts, whereabouts
from db.core.changes import Changes
from db.core.period import Period
from db.core.progress import Progress
from db.exchange.contents import Contents, contents
from db.exchange.package_kinds import kinds
from db.exchange.readiness import in_the_way
from db.exchange.sending import settle_evaluation, settling
from desktop.export_job import export_package
from desktop.frame import NARROW
from desktop.issue_places import issue_place
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.basics import Card, allow, button, label, primary_button, rule
from desktop.widgets.letter_opener import LetterOpener
from desktop.widgets.scrolled import Scrolled
from desktop.widgets.steps import Steps
from desktop.widgets.submission_history import SubmissionHistory
from desktop.widgets.submit_contents import ContentsStep
from desktop.widgets.submit_folder import FolderStep
from desktop.widgets.submit_issues import IssuesStep
from desktop.widgets.submit_steps import ChooseStep, DoneStep

if TYPE_CHECKING:
    from db.exchange.submissions import PackageResult

STEPS = ("上报内容", "审核问题", "核对清单", "保存位置", "完成")
_ALL, _NARROW_HISTORY = 16_777_215, 380
"""Widths of the history: as much as it gets, and where the steps need the room."""
CHOOSE, ISSUES, CHECK, FOLDER, DONE = range(5)
REMARKS = "remarks"
"""The section that is the city's remarks."""


class SubmitPage(QWidget):
    """Leads through kind → issues → contents → folder → package; on the right, what was exported before."""

    navigate = Signal(object)
    title = "上报"
    icon = "submit"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._contents: Contents | None = None
        self._findings: Findings | None = None
        self._made: tuple[Path, str, str] | None = None
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(12)
        row.addWidget(self._wizard(), 57)
        self.history = SubmissionHistory(session)
        self.history.answers.led_to.connect(self.navigate)
        self.history.answers.take_drops_on(self)
        row.addWidget(self.history, 43)
        session.changed.connect(self._on_changed)
        session.opened.connect(self.restart)
        session.period_changed.connect(self._on_period)
        if session.is_open:
            self.restart()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, leave the history only what it needs: the steps hold tables."""
        super().resizeEvent(event)
        wide = self.width() >= NARROW
        self._row.setStretch(0, 57 if wide else 1)
        self._row.setStretch(1, 43 if wide else 0)
        self.history.setMaximumWidth(_ALL if wide else _NARROW_HISTORY)
        self.history.set_narrow(not wide)

    def _wizard(self) -> Card:
        card = Card(flush=True)
        head = QVBoxLayout()
        head.setContentsMargins(18, 14, 18, 12)
        head.setSpacing(12)
        self.heading = label("导出上报包", "page-title")
        self.steps = Steps(STEPS)
        head.addWidget(self.heading)
        head.addWidget(self.steps)
        card.body.addLayout(head)
        card.body.addWidget(rule())
        titles = {name: kind.title for name, kind in kinds().items()}
        monthly = [name for name, kind in kinds().items() if kind.monthly]
        closing = [name for name, kind in kinds().items() if kind.evaluation == "final"]
        years, period = self._session.catalogue.years, self._session.period
        self.choose = ChooseStep(titles, years, period, monthly=monthly, closing=closing)
        self.choose.changed.connect(lambda: self._retitle())
        self.issues = IssuesStep()
        self.issues.chosen.connect(self._lead)
        self.issues.queue.clicked.connect(
            lambda _checked=False: self.navigate.emit(Place("check", section=f"open {self.choose.kind}"))
        )
        self.contents = ContentsStep()
        self.folder = FolderStep()
        self.done = DoneStep()
        self.letters = LetterOpener(self._session, self)
        self.done.letter_wanted.connect(self._open_letter)
        self.pages = QStackedWidget()
        for page in (self.choose, self.issues, self.contents, self.folder, self.done):
            self.pages.addWidget(Scrolled(page))
        card.body.addWidget(self.pages, 1)
        card.body.addWidget(rule())
        card.body.addLayout(self._foot())
        return card

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(18, 12, 18, 12)
        row.setSpacing(8)
        self.remark = label("", "secondary", wrap=True)
        self.remark.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.back = button("上一步", self.go_back)
        self.forward = primary_button("下一步", self.go_on)
        row.addWidget(self.remark, 1)
        row.addWidget(self.back, 0, Qt.AlignmentFlag.AlignRight)
        row.addWidget(self.forward)
        return row

    def showEvent(self, event: QShowEvent) -> None:
        """Count again what was modified after a package went, and what is in the way: both change on other pages."""
        super().showEvent(event)
        self.refresh()

    # -- going through the steps ------------------------------------------------------------------------------

    def restart(self) -> None:
        """Begin anew at the first step, with the month that is being looked at."""
        self._contents = self._findings = self._made = None
        self.folder.secret.forget()
        self.folder.set_default(self._session.folder / "exports" if self._session.is_open else Path())
        self._show(CHOOSE)
        if self._session.is_open:
            self.choose.set_period(self._session.period)
        self.history.refresh()

    def refresh(self) -> None:
        """Read the history again, and on the step that tells it what is in the way."""
        self.history.refresh()
        if self.steps.current == ISSUES:
            self._check()

    def reveal(self, place: Place) -> None:
        """Choose the kind that `section` names, or show what the city remarked."""
        if place.section == REMARKS:
            self.history.answers.show_remarks()
        elif place.section in kinds():
            self.restart()
            self.choose.set_kind(place.section)

    def go_on(self) -> None:
        """Take the next step, or start over after the last."""
        step = self.steps.current
        if step == CHOOSE:
            self._begin()
        elif step == ISSUES:
            if self._findings is not None and self._findings.may_export:
                self._read_contents()
        elif step == CHECK:
            self._show(FOLDER)
        elif step == FOLDER:
            self._export()
        else:
            self.restart()

    def go_back(self) -> None:
        """Go one step back."""
        self._show(max(CHOOSE, self.steps.current - 1))

    def _begin(self) -> None:
        """Go on to the issues; of an evaluation the results are worked out first, for the rules to look at."""
        kind, period = self.choose.kind, self.choose.period
        label = settling(kind)
        if label and not self._session.read_only:
            self._session.write(label, lambda op: settle_evaluation(op, kind, period), lambda _: self._check())
        else:
            self._check()

    def _check(self) -> None:
        kind, period, catalogue = self.choose.kind, Period.parse(self.choose.period), self._session.catalogue
        today = self._session.today()
        self._findings = None
        self.issues.wait()
        self._show(ISSUES)
        self._session.read(
            lambda conn: run(conn, catalogue, kind=kind, period=period, today=today),
            self._show_findings,
            owner=self,
            key="issues",
        )

    def _show_findings(self, found: Findings) -> None:
        if self.steps.current == ISSUES:
            self._findings = found
            self.issues.show_findings(found)
            self._enable(True)

    def _lead(self, issue: Issue) -> None:
        def go(at: Whereabouts) -> None:
            self.navigate.emit(issue_place(issue, at))

        self._session.read(lambda conn: whereabouts(conn, issue), go, owner=self, key="lead")

    def _read_contents(self) -> None:
        kind, period, catalogue = self.choose.kind, self.choose.period, self._session.catalogue
        self._session.read(
            lambda conn: contents(conn, catalogue, kind=kind, period=period), self._show_contents, owner=self
        )

    def _show_contents(self, found: Contents) -> None:
        self._contents = found
        self.contents.show_contents(found)
        self.folder.show_file(found.file_name)
        self._show(CHECK)

    def _export(self) -> None:
        fault = self.folder.problem()
        self.folder.tell(fault)
        if fault:
            return
        county, kind, period, out = self._session.county, self.choose.kind, self.choose.period, self.folder.path
        password, today = self.folder.secret.password, self._session.today()
        self._enable(False)

        def work(progress: Progress) -> PackageResult:
            return export_package(
                county, kind=kind, period=period, out=out, password=password, today=today, progress=progress
            )

        self._session.job(
            f"导出{self.choose.kind_title}", work, lambda result: self._finish(result, password), self._failed
        )

    def _finish(self, result: PackageResult, password: str) -> None:
        self._made = result.path, result.data_sha256, password  # of the letter; forgotten when the step is left
        self._enable(True)
        self.folder.secret.forget()
        self.done.show_result(result)
        self._show(DONE)
        self._retitle(result.sequence)
        self.history.refresh()

    def _open_letter(self) -> None:
        if self._made is not None:
            self.letters.open(*self._made)

    def _failed(self, failure: Exception) -> None:
        self._enable(True)
        self.folder.tell(str(failure))

    # -- what is shown ----------------------------------------------------------------------------------------

    def _show(self, step: int) -> None:
        self.steps.go_to(step)
        self.pages.setCurrentIndex(step)
        self.back.setVisible(step in (ISSUES, CHECK, FOLDER))
        words = {
            CHOOSE: "下一步：审核",
            ISSUES: "下一步：核对清单",
            CHECK: "下一步：保存位置",
            FOLDER: "导出并校验",
            DONE: "再导出一份",
        }
        self.forward.setText(words[step])
        self._enable(True)
        self._retitle()

    def _enable(self, idle: bool) -> None:
        writable = self._session.is_open and not self._session.read_only
        ready = self.steps.current != ISSUES or (self._findings is not None and self._findings.may_export)
        allow(self.forward, writable or self.steps.current != FOLDER, idle and ready)
        self.back.setEnabled(idle)
        self.remark.setText(self._remark(writable))

    def _remark(self, writable: bool) -> str:
        if not writable:
            return "这个填报文件以只读方式打开，不能导出。"
        if self.steps.current == ISSUES:
            return in_the_way(self._findings) if self._findings else ""
        remarks = {
            CHOOSE: "上报包是这一期全部数据的完整快照，不是增量。",
            CHECK: "数据如有缺漏，可以先回到相应页面补齐再导出。",
            FOLDER: "写好后会重新打开、逐项校验；中途取消不会留下半个文件。",
        }
        return remarks.get(self.steps.current, "")

    def _retitle(self, sequence: int = 0) -> None:
        """Say what is exported; how often, is known for certain when it is: a folder may hold later packages."""
        sequence = sequence or (self._contents.sequence if self._contents and self.steps.current else 0)
        times = f"（第{sequence}次）" if sequence else ""
        self.heading.setText(f"导出上报包：{self.choose.period_title} {self.choose.kind_title}{times}")

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches("submission", "remark", "month"):
            self.history.refresh()
        if self.steps.current == ISSUES and self.isVisible():
            self._check()

    def _on_period(self, period: Period) -> None:
        if self.steps.current == CHOOSE:
            self.choose.set_period(period)
