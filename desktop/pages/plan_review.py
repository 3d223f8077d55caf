"""核对方案: a document that was read, looked through piece by piece before it becomes the county's plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.progress import Progress
from db.plan.reading.document import open_document, pasted_document
from db.plan.reading.model import Document
from db.plan.review import Review
from db.work import plan_draft
from desktop.file_choice import choose_file
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.basics import ElidedLabel, allow, button, label, link_button, primary_button
from desktop.widgets.dialog import ask
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.review_actions import ReviewActions
from desktop.widgets.review_desk import ReviewDesk

KINDS = "方案文件 (*.docx *.txt);;所有文件 (*)"


class PlanReviewPage(QWidget):
    """Every decision is saved at once, as one step that can be undone."""

    navigate = Signal(object)
    title = "核对方案"
    icon = "clause"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._session = session
        self._stale = True
        self.desk = ReviewDesk(session)
        self.nothing = EmptyState(
            "clause",
            "还没有打开方案",
            "可以是正式印发的方案、本县的落实方案、下一年的工作要点（Word、文本）。程序认出条款和指标，核对后采用。",
            ("打开方案文件…", self.choose_file),
            ("粘贴文字", self.paste),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.nothing)
        self.stack.addWidget(self.desk)
        self.name = ElidedLabel("", "page-title")
        self.state = label("", "secondary")
        self.decisions = ReviewActions(session, self.desk)
        self._lay_out()
        self.setFocusProxy(self.desk.list)
        session.changed.connect(self._on_changed)

    def sizeHint(self) -> QSize:
        return QSize(1280, 690)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(link_button("← 基础信息", lambda: self.navigate.emit(Place("base", section="plan"))))
        head.addWidget(self.name, 1)
        head.addWidget(self.state)
        self.open_button = button("打开…", self.choose_file, icon="open")
        self.discard_button = button("放弃", self.ask_discard)
        self.compare_button = primary_button("比较与采用…", self._compare)
        for each in (self.open_button, self.discard_button, self.compare_button):
            head.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addWidget(self.stack, 1)

    # -- reading ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read what is being looked through."""
        self._stale = True
        self._freshen()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._freshen()

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches(plan_draft.TABLE):
            self.refresh()

    def _freshen(self) -> None:
        if self._stale and self._session.is_open and self.isVisible():
            self._stale = False
            self._session.read(plan_draft.draft, self._show, owner=self, key="draft")

    def _show(self, review: Review | None) -> None:
        self.stack.setCurrentWidget(self.nothing if review is None else self.desk)
        self.name.setText(f"核对方案　{review.reading.document.name}" if review else "核对方案")
        self.state.setText(_state(review) if review else "")
        for each in (self.open_button, self.discard_button, self.compare_button):
            each.setVisible(review is not None)
            allow(each, not self._session.read_only)
        if review is not None:
            self.desk.show_review(review, editable=not self._session.read_only)

    # -- opening ----------------------------------------------------------------------------------------------

    def choose_file(self) -> None:
        """Let the clerk choose a file and read it."""
        file = choose_file(self, "打开方案文件", KINDS)
        if file is not None:
            self.open_file(file)

    def open_file(self, file: Path) -> None:
        """Read the file and begin to look it through."""
        self._begin(f"读取{file.name}", lambda: open_document(file))

    def paste(self) -> None:
        """Begin to look the text on the clipboard through."""
        text = QGuiApplication.clipboard().text()
        self._begin("读取粘贴的文字", lambda: pasted_document(text))

    def _begin(self, title: str, read: Callable[[], Document]) -> None:
        county = self._session.county

        def work(progress: Progress) -> None:
            document = read()
            progress.step(0, 0, "正在识别条款和指标")
            with county.operation(f"打开方案：{document.name}") as op:
                plan_draft.begin(op, document)
            with county.reading() as conn:
                plan_draft.draft(conn)

        self._session.job(title, work)

    def ask_discard(self) -> None:
        """Ask before the plan is put away."""
        ask(
            self,
            "放弃核对",
            "放弃这份方案的核对？",
            "现行方案和分解数据不受影响；放弃后可以用“撤销”恢复。",
            yes="放弃",
            on_yes=lambda: self._session.write("放弃核对方案", plan_draft.discard),
        )

    def _compare(self) -> None:
        self.desk.form.commit()
        self.navigate.emit(Place("base", section="plan", row_id="compare"))


def _state(review: Review) -> str:
    done = len(review.catalogue.targets) - len(review.unseen)
    words = f"条款 {len(review.catalogue.clauses)}　指标 {len(review.catalogue.targets)}，已核对 {done}"
    return f"{words}　没有找到位置的修改 {len(review.unplaced)}" if review.unplaced else words
