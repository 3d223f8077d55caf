"""The two halves of 核对方案: the document at the left, what was recognised in it at the right, and the form below."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSplitter, QWidget

from db.plan.model import Clause, Target
from db.plan.reading.model import LeftoverGroup
from db.plan.review import Look, MarkKind, Review
from desktop.models.review_model import Line, Show
from desktop.session import Session
from desktop.widgets.basics import Badge, Card, Tone, chip, label, restyle
from desktop.widgets.plan_document import PlanDocument
from desktop.widgets.review_form import ReviewForm
from desktop.widgets.review_list import ReviewList

CHIPS = ((Show.ALL, "全部"), (Show.UNSEEN, "未核对"), (Show.LEFTOVER, "没看懂"), (Show.CHANGED, "已改"))
LEGEND: tuple[tuple[str, Tone], ...] = (("指标", "caution"), ("已核对", "good"), ("已改", "notice"), ("没看懂", "bad"))


class _Legend(QWidget):
    """What the document's colours mean; left out where there is no room for all of it."""

    def __init__(self) -> None:
        super().__init__()
        self._badges = [Badge(words, tone) for words, tone in LEGEND]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        for each in self._badges:
            row.addWidget(each)
        row.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._badges[0].sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = sum(each.sizeHint().width() + 6 for each in self._badges) - 6
        for each in self._badges:
            each.setVisible(needed <= self.width())


class ReviewDesk(QSplitter):
    """Shows one review; `line_changed` says that another line is looked at or other text is marked."""

    line_changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.review: Review | None = None
        self._show = Show.ALL
        self._at = (0, 0)
        self._editable = True
        self.document = PlanDocument()
        self.list = ReviewList()
        self.form = ReviewForm(session)
        self.quote = label("", "small", wrap=True)
        self.nothing = label("没有这样的内容。", "secondary")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.chips = QButtonGroup(self)
        self.document_tools, self.list_tools = QHBoxLayout(), QHBoxLayout()
        self.setChildrenCollapsible(False)
        self.setHandleWidth(12)
        self.addWidget(self._left())
        self.addWidget(self._right())
        self.setStretchFactor(0, 11)
        self.setStretchFactor(1, 9)
        self.setSizes([700, 566])
        self.list.chosen.connect(self._line_chosen)
        self.list.several.connect(self.line_changed)
        self.document.clicked_at.connect(self._clicked)
        self.document.marked.connect(lambda _start, _end: self.line_changed.emit())
        self.chips.idClicked.connect(lambda number: self.show_only(CHIPS[number][0]))

    def _left(self) -> QWidget:
        card = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(14, 8, 12, 8)
        head.setSpacing(6)
        head.addWidget(_Legend(), 1)
        self.document_tools.setSpacing(8)
        head.addLayout(self.document_tools)
        card.body.addLayout(head)
        card.body.addWidget(self.document, 1)
        return card

    def _right(self) -> QWidget:
        top = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.setSpacing(6)
        for number, (_, words) in enumerate(CHIPS):
            made = chip(words, checked=number == 0)
            self.chips.addButton(made, number)
            head.addWidget(made)
        head.addStretch(1)
        top.body.addLayout(head)
        top.body.addWidget(self.nothing)
        top.body.addWidget(self.list, 1)
        below = Card()
        self.list_tools.setSpacing(8)
        below.body.addLayout(self.list_tools)
        below.body.addWidget(self.quote)
        below.body.addWidget(self.form, 1)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(12)
        halves.addWidget(top)
        halves.addWidget(below)
        halves.setStretchFactor(0, 5)
        halves.setStretchFactor(1, 6)
        halves.setSizes([290, 350])
        return halves

    # -- what is shown ----------------------------------------------------------------------------------------

    def show_review(self, review: Review, *, editable: bool) -> None:
        """Show a review; the line that was looked at stays where its text is."""
        if self.review is None or self.review.reading.document.sha256 != review.reading.document.sha256:
            self._at = (0, 0)
        self.review = review
        self.document.show_text(review.reading.document.text)
        self.document.show_marks(review.marks(), lambda target_id: review.looks.get(target_id, Look.UNSEEN))
        self._editable = editable
        self._count(review)
        if self._at == (0, 0) and review.unseen:
            self._at = review.catalogue.place(review.unseen[0])
        self._fill(review)

    def show_only(self, show: Show) -> None:
        """Show only these lines."""
        self._show = show
        self.chips.button([each for each, _ in CHIPS].index(show)).setChecked(True)
        if self.review is not None:
            self._fill(self.review)

    def _count(self, review: Review) -> None:
        changed = sum(look in (Look.CHANGED, Look.ADDED) for look in review.looks.values())
        counts = {Show.UNSEEN: len(review.unseen), Show.LEFTOVER: len(review.doubtful), Show.CHANGED: changed}
        for number, (show, words) in enumerate(CHIPS):
            made = self.chips.button(number)
            made.setText(f"{words} {counts[show]}" if show in counts else words)
            restyle(made, "tone", "bad" if show is Show.LEFTOVER and counts[show] else "")

    def _fill(self, review: Review) -> None:
        """Fill the list anew and go back to the line that was looked at, or to the next one after it."""
        self.list.review.show_review(review, self._show)
        lines = self.list.review.lines
        self.nothing.setVisible(not lines)
        self.list.setVisible(bool(lines))
        row = self.list.review.row_at(*self._at)
        if row < 0 or (self._show is not Show.ALL and isinstance(lines[row].thing, Clause)):
            later = [
                number
                for number, line in enumerate(lines)
                if line.start >= self._at[0] and not isinstance(line.thing, Clause)
            ]
            row = later[0] if later else 0
        self.list.open_row(row)
        if not lines:
            self._show_line(None)

    # -- going about ------------------------------------------------------------------------------------------

    def line(self) -> Line | None:
        """Return the line that is looked at."""
        return self.list.current()

    def go_to_next(self, *, unseen: bool) -> None:
        """Go to the next target, or the next one that nobody has looked at; after the last to the first."""
        lines, row = self.list.review.lines, self.list.currentIndex().row()
        order = [*range(row + 1, len(lines)), *range(row + 1)]
        for number in order:
            line = lines[number]
            if isinstance(line.thing, Target) and (not unseen or line.look is Look.UNSEEN):
                self.list.open_row(number)
                return

    def look_at(self, start: int, end: int) -> None:
        """Go to the line at this place of the document as soon as there is one."""
        self._at = (start, end)

    def _line_chosen(self, line: Line) -> None:
        self.form.commit()
        self._at = (line.start, line.end)
        self._show_line(line)

    def _show_line(self, line: Line | None) -> None:
        thing = line.thing if line is not None and isinstance(line.thing, Clause | Target) else None
        self.form.show_thing(thing, editable=self._editable)
        self.quote.setText(self._words_of(line))
        self.quote.setToolTip(self.quote.text())
        self.quote.setVisible(bool(self.quote.text()))
        if line is not None:
            self.document.point_at(line.start, line.start if isinstance(line.thing, Clause) else line.end)
        self.line_changed.emit()

    @staticmethod
    def _words_of(line: Line | None) -> str:
        if line is None:
            return ""
        if isinstance(line.thing, Target):
            return f"{line.thing.id}　{line.thing.quote}"
        if isinstance(line.thing, Clause):
            return f"{line.thing.id}　{line.thing.responsibility or '没有责任括号'}"
        if isinstance(line.thing, LeftoverGroup):
            return "这些文字一般不是任务；单击或按回车键展开、收起。"
        return "这里没有归入任何指标。可以在左边选中整句话，“作为指标”；与目标无关的，说明原因。"

    def _clicked(self, place: int) -> None:
        """Go to the innermost target or leftover at a place; a second click goes to the next one with these words."""
        if self.review is None:
            return
        kinds = (MarkKind.TARGET, MarkKind.LEFTOVER)
        here = [m for m in self.review.marks() if m.kind in kinds and m.start <= place < m.end]
        spans = sorted(here, key=lambda mark: mark.end - mark.start)
        if spans and spans[0].kind is MarkKind.LEFTOVER:
            self.list.review.unfold_at(spans[0].start, spans[0].end)
        own = {mark: "" if mark.kind is MarkKind.LEFTOVER else mark.id for mark in spans}
        rows = [row for mark, line in own.items() for row in self._rows(mark.start, mark.end, line)]
        if not rows:
            clauses = self.review.catalogue.clauses
            around = [c for c in clauses if c.start <= place < (c.responsibility_end or c.end)]
            rows = [row for clause in around for row in self._rows(clause.start, clause.end, clause.id)]
        if rows:
            now = self.list.currentIndex().row()
            self.list.open_row(rows[(rows.index(now) + 1) % len(rows)] if now in rows else rows[0])

    def _rows(self, start: int, end: int, line_id: str) -> list[int]:
        lines = enumerate(self.list.review.lines)
        return [row for row, line in lines if (line.start, line.end, line.id) == (start, end, line_id)]
