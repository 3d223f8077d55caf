"""The card above the grid: what the plan says about the chosen task, in its own words, and who is responsible."""

from __future__ import annotations

from enum import StrEnum
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QTextBrowser, QVBoxLayout, QWidget

from db.plan.vocabulary import Allocation, Comparator, Measure, Mode, Nature, ValueKind
from db.plan.words import tip, word
from desktop import look
from desktop.palette import palette
from desktop.widgets.basics import Badge, ElidedLabel, icon_button, label

if TYPE_CHECKING:
    from db.plan.catalogue import Catalogue, Clause, Fault, Target

MOST_LINES, LOW_LINES = 4, 2
MARGIN = 14
HEAD_SPACING = 10
_COUNTED = (Measure.CUMULATIVE, Measure.FLOW, Measure.STOCK)


def chips_of(target: Target) -> list[tuple[str, str]]:
    """Return the short words that say what kind of target it is, each with a tip that explains it."""
    chips = [
        _chip(target.nature, shown=target.nature is not Nature.TARGET),
        _chip(target.allocation, shown=target.allocation is not Allocation.NONE),
        _chip(target.measure, shown=target.measure in _COUNTED),
        _chip(target.comparator, shown=target.comparator not in (Comparator.EQUAL, Comparator.NONE)),
        _chip(target.value_kind, shown=target.value_kind is ValueKind.CHANGE),
    ]
    if target.soft:
        chips.append(("力争", "方案用“力争”，是努力方向。"))
    if target.set_by_province:
        chips.append(("省下达", "数值由省里下达；没有下达以前不算未完成。"))
    if target.part_of:
        chips.append(("其中项", f"包含在{target.part_of}里，不重复相加。"))
    if target.deadline is not None:
        chips.append((f"{target.deadline.isoformat()}前", f"{target.deadline_text}：{tip(target.deadline_basis)}"))
    return [chip for chip in chips if chip[0]]


def _chip(value: StrEnum, *, shown: bool) -> tuple[str, str]:
    return (word(value), tip(value)) if shown else ("", "")


def responsibility_of(clause: Clause) -> str:
    """Return who is responsible as one line: the leads, the cooperating departments, and how they share the work."""
    if not clause.leads and not clause.cooperators:
        return "县市区落实" if clause.mode is Mode.COUNTIES else "方案没有写明责任单位"
    alone = clause.mode in (Mode.LEAD, Mode.LEAD_AND_COOPERATE)
    words = f"{'牵头' if alone else '责任单位'}：{'、'.join(clause.leads)}"
    if clause.list_open and not clause.cooperators:
        words += "等"
    if not alone:
        words += "（按职责分工）"
    if clause.cooperators:
        words += f"　配合：{'、'.join(clause.cooperators)}{'等' if clause.list_open else ''}"
    return words


class ClausePanel(QFrame):
    """Shows one clause, with one target's words marked; as high as the text needs, up to four lines."""

    def __init__(self, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self.setProperty("card", True)
        self.title = ElidedLabel("", "title")
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.responsibility = label("", "secondary")
        self.responsibility.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.responsibility.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.responsibility_below = label("", "secondary")
        self.responsibility_below.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._responsible = ""
        self._folded = False
        self.fold_button = icon_button("chevron-down", "展开条款原文和分工", self._turn_fold)
        self.fold_button.hide()
        self.chips: list[Badge] = []
        self.text = _Words()
        self.faults = ElidedLabel("", "small")
        self.faults.setProperty("tone", "caution")
        self.faults.hide()
        self._chips = QHBoxLayout()
        self._chips.setSpacing(6)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(HEAD_SPACING)
        head.addWidget(self.title)
        head.addLayout(self._chips)
        head.addWidget(self.responsibility, 1)
        head.addWidget(self.fold_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 10, MARGIN, 10)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.responsibility_below)
        layout.addWidget(self.text)
        self._below = QWidget()
        below = QVBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(4)
        below.addWidget(self.faults)
        layout.addWidget(self._below)

    def lay_out_now(self) -> None:
        """Take the height that what is shown needs, without waiting for the next turn of the events."""
        for inner in (self._below, self):
            layout = inner.layout()
            assert layout is not None
            layout.activate()

    def add_line(self, line: QWidget) -> None:
        """Put a line that the page makes below the clause's words."""
        layout = self._below.layout()
        assert layout is not None
        layout.addWidget(line)

    def show_task(self, task_id: str) -> None:
        """Show the clause or target with this id; KeyError when the plan has none."""
        target = next((found for found in self._catalogue.targets if found.id == task_id), None)
        clause = self._catalogue.clause(target.clause if target else task_id)
        self._set_head(target.indicator if target else clause.title, clause, chips_of(target) if target else [])
        marked = (target.start, target.end) if target else (0, 0)
        self.text.show_clause(self._lead_in(clause), clause.text, marked)
        self._set_faults(clause, target)

    def show_heading(self, title: str, text: str) -> None:
        """Show a part or an article: its heading and a sentence."""
        self._set_head(title, None, [])
        self.text.show_clause("", text, (0, 0))
        self.faults.hide()

    def _set_head(self, title: str, clause: Clause | None, chips: list[tuple[str, str]]) -> None:
        self.title.setText(title)
        for old in self.chips:
            old.hide()
            self._chips.removeWidget(old)
            old.deleteLater()
        self.chips = [Badge(words) for words, _ in chips]
        for chip, (_, hint) in zip(self.chips, chips, strict=True):
            chip.setToolTip(hint)
            self._chips.addWidget(chip)
        self.title.setToolTip("　".join(words for words, _ in chips))
        self._responsible = responsibility_of(clause) if clause else ""
        hint = f"{self._responsible}\n方案原文：{clause.responsibility}" if clause and clause.responsibility else ""
        for line in (self.responsibility, self.responsibility_below):
            line.setToolTip(hint)
        self._place_responsibility()

    def _place_responsibility(self) -> None:
        """Put who is responsible beside the title where there is room, else on a line of its own, elided if need be.

        The room is reckoned, not asked of the layout once it has run: all below the card would be drawn twice.
        """
        left = self._show_chips_that_fit()
        beside = self.responsibility.fontMetrics().horizontalAdvance(self._responsible) <= left
        self.responsibility_below.setVisible(not beside and not self._folded)
        self.responsibility.setText(self._responsible if beside else "")
        width = self.width() - 2 * MARGIN
        metrics = self.responsibility_below.fontMetrics()
        self.responsibility_below.setText(metrics.elidedText(self._responsible, Qt.TextElideMode.ElideRight, width))

    def _show_chips_that_fit(self) -> int:
        """Leave out the last chips where there is no room for them (the title's tip names them all); return the rest.

        That is how many pixels of the line are left for who is responsible.
        """
        fold = 0 if self.fold_button.isHidden() else self.fold_button.sizeHint().width() + HEAD_SPACING
        left = self.width() - 2 * MARGIN - self.title.sizeHint().width() - 2 * HEAD_SPACING - fold
        rest = left
        for chip in self.chips:
            left -= chip.sizeHint().width() + self._chips.spacing()
            chip.setVisible(left >= 24)
            rest = left if left >= 24 else rest
        return rest

    def set_room(self, lines: int) -> None:
        """Let the text take at most so many lines; with only one, all but the head is folded away until asked for."""
        low = lines == 1
        if low != self.fold_button.isVisibleTo(self):
            self.fold_button.setVisible(low)
            self._fold(low)
        self.text.set_most_lines(lines if self._folded else max(lines, LOW_LINES))

    def _turn_fold(self) -> None:
        self._fold(not self._folded)
        self.text.set_most_lines(1 if self._folded else LOW_LINES)

    def _fold(self, folded: bool) -> None:
        self._folded = folded
        self._below.setVisible(not folded)
        tip = "展开条款原文和分工" if folded else "收起"
        self.fold_button.setIcon(look.icon("chevron-down" if folded else "chevron-up", "secondary"))
        self.fold_button.setToolTip(tip)
        self.fold_button.setAccessibleName(tip)
        self._place_responsibility()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_responsibility()

    def _lead_in(self, clause: Clause) -> str:
        """Return the article's number, which stands before the clause's words: the first clause follows its heading."""
        article = self._catalogue.article(clause.article)
        first = self._catalogue.clauses_of(article.id)[0].id == clause.id
        return article.heading if first else f"（{article.numeral}）……"

    def _set_faults(self, clause: Clause, target: Target | None) -> None:
        notes = [fault.note for fault in self._catalogue.faults_of(clause.id) if self._concerns(fault, target)]
        if target is not None and target.note:
            notes.append(target.note)
        self.faults.setText(f"说明：{' '.join(notes)}" if notes else "")
        self.faults.setVisible(bool(notes))

    def _concerns(self, fault: Fault, target: Target | None) -> bool:
        """Return whether a fault of the clause lies in this target's words, or in those of no target at all."""
        if target is None:
            return True
        places = {each.id: self._catalogue.place(each) for each in self._catalogue.targets_of(target.clause)}
        touched = {key for key, (start, end) in places.items() if fault.start < end and start < fault.end}
        return not touched or target.id in touched


class _Words(QTextBrowser):
    """The clause's words: no frame, no links, four lines at most and then a scroll bar."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("clauseText")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self._marked = 0
        self._height = 0
        self._most_lines = MOST_LINES

    def show_clause(self, lead_in: str, text: str, marked: tuple[int, int]) -> None:
        """Show `text` after `lead_in`, with the characters from `marked[0]` to `marked[1]` highlighted and in view."""
        colours = palette()
        start, end = marked
        style = f"background-color:{colours['highlight']}; color:{colours['text']}"
        quote = f'<span style="{style}">{escape(text[start:end])}</span>'
        body = escape(text[:start]) + (quote if end > start else "") + escape(text[end:])
        self.setHtml(f'<p style="line-height:118%; margin:0; color:{colours["secondary"]}">{escape(lead_in)}{body}</p>')
        self._marked = len(lead_in) + start if end > start else 0
        self._fit()

    def set_most_lines(self, lines: int) -> None:
        """See `ClausePanel.set_most_lines`."""
        if lines != self._most_lines:
            self._most_lines = lines
            self._fit()

    def _fit(self) -> None:
        """Take the height the text needs at this width and bring the marked words into view."""
        line = self.fontMetrics().lineSpacing() * 6 // 5
        self.document().setTextWidth(max(self.viewport().width(), 1))
        self._height = min(round(self.document().size().height()) + 2, line * self._most_lines)
        self.setFixedHeight(max(self._height, line))
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(self._marked, max(self.document().characterCount() - 1, 0)))
        self.setTextCursor(cursor)
        top = self.cursorRect(cursor).top()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + top if self._marked else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height)


__all__ = ["ClausePanel", "chips_of", "responsibility_of"]
