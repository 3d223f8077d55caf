"""采用新方案: two editions side by side, what follows its task and what has no place, before anything is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from db.plan.compare import Change, Difference
from db.plan.difference_words import numbers, title_of
from db.work import plan_draft
from db.work.adoption import LABEL, AdoptionPlan, adopt, adoption
from db.work.plan_offer import Offer
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.session import Session
from desktop.widgets.basics import Tone, button, chip, label
from desktop.widgets.difference_pane import DifferencePane
from desktop.widgets.flow import FlowLayout
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

if TYPE_CHECKING:
    from db.store.operation import Operation

WIDTH, HEIGHT = 1180, 640
LEAST_WIDTH = 820
MOST_SENTENCES = 4
COLUMNS = (Column("变化", 84), Column("编号", 146), Column("任务"), Column("已有内容", 96))
TONES: dict[Change, Tone] = {
    Change.SAME: "neutral",
    Change.MOVED: "notice",
    Change.REWORDED: "caution",
    Change.CHANGED: "caution",
    Change.ADDED: "good",
    Change.REMOVED: "bad",
}
EVERYTHING, WITHOUT_PLACE = "有变化", "没有去处"
Filter = str
"""A kind of change, or one of the two above."""
FILTERS: tuple[Filter, ...] = (EVERYTHING, WITHOUT_PLACE, *(change.value for change in reversed(TONES)))


class AdoptionDialog(FormDialog):
    """Shows what taking up `offer` would do, as `plan` says; the clerk confirms which changed tasks go on."""

    def __init__(self, session: Session, offer: Offer, plan: AdoptionPlan, parent: QWidget | None = None) -> None:
        super().__init__(LABEL, f"{LABEL}：{offer.catalogue.title}", "采用", parent, width=LEAST_WIDTH)
        self._session = session
        self._offer = offer
        self.plan = plan
        self.shown: list[Difference] = []
        self._filter: Filter = EVERYTHING
        self.chips = {name: chip(str(name), _tone(name)) for name in FILTERS}
        self.sentences = label("", "secondary", wrap=True)
        self.table = SimpleTable(COLUMNS)
        self.pane = DifferencePane()
        self.confirm_all = button("改过的都是同一任务", self._confirm_all)
        self.summary = label("", "secondary")
        self.body.addLayout(self._top_row())
        middle = QSplitter(Qt.Orientation.Horizontal)
        middle.setChildrenCollapsible(False)
        middle.addWidget(self.table)
        middle.addWidget(self.pane)
        middle.setSizes([WIDTH * 45 // 100, WIDTH * 55 // 100])
        self.body.addWidget(middle, 1)
        self.body.addWidget(self.sentences)
        self.add_at_left(self.summary)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_chosen())
        self.pane.confirmed.connect(self._confirm)
        room = self.screen().availableSize()
        self.resize(min(WIDTH, room.width() - 40), min(HEIGHT, room.height() - 60))
        self._show_plan(plan)

    def _top_row(self) -> QHBoxLayout:
        chips = FlowLayout()
        for name, made in self.chips.items():
            made.clicked.connect(lambda _checked=False, name=name: self.choose_filter(name))
            chips.addWidget(made)
        row = QHBoxLayout()
        row.addLayout(chips, 1)
        row.addWidget(self.confirm_all, 0, Qt.AlignmentFlag.AlignTop)
        return row

    # -- showing ----------------------------------------------------------------------------------------------

    def choose_filter(self, name: Filter) -> None:
        """Show the differences of one kind, everything that changed, or what has no place."""
        self._filter = name
        for key, made in self.chips.items():
            made.setChecked(key == name)
        self._show_rows()

    def _show_plan(self, plan: AdoptionPlan) -> None:
        self.plan = plan
        counts: dict[Filter, int] = {str(change): count for change, count in plan.comparison.counts().items()}
        counts[EVERYTHING] = len(plan.comparison.changed)
        counts[WITHOUT_PLACE] = len(plan.homeless)
        for name, made in self.chips.items():
            made.setText(f"{name} {counts[name]}")
            made.setVisible(bool(counts[name]) or name in (EVERYTHING, self._filter))
        lost = f"{plan.stayed}条没有去处，保留待处理，不会删除" if plan.stayed else "没有内容失去去处"
        self.summary.setText(f"已有内容{plan.followed}条跟随任务，{lost}。采用后可以撤销。")
        unread = f"读取时有{self._offer.leftovers}处数字、日期或括号没有看懂，采用前请核对原文。"
        sentences = [unread] if self._offer.leftovers else []
        sentences += [*plan.notes, *(change.sentence for change in plan.units)]
        sentences += plan.year_sentences()
        more = len(sentences) - MOST_SENTENCES
        shown = [*sentences[:MOST_SENTENCES], *([f"还有{more}条说明，鼠标停在这里可以看到。"] if more > 0 else [])]
        self.sentences.setText("\n".join(shown))
        self.sentences.setToolTip("\n".join(sentences))
        self.sentences.setVisible(bool(shown))
        self.confirm_all.setEnabled(any(old not in plan.confirmed for old in plan.comparison.likely()))
        self.choose_filter(self._filter)

    def _show_rows(self) -> None:
        chosen = self.chosen()
        self.shown = list(self._filtered())
        self.table.show_rows([self._cells(difference) for difference in self.shown])
        places = [n for n, each in enumerate(self.shown) if chosen and _same_task(each, chosen)]
        if self.shown:
            self.table.selectRow(places[0] if places else 0)
        self._show_chosen()

    def _filtered(self) -> Iterable[Difference]:
        lost = {entry.task_id for entry in self.plan.homeless}
        for difference in self.plan.comparison.all:
            if self._filter == EVERYTHING:
                fits = difference.change is not Change.SAME
            elif self._filter == WITHOUT_PLACE:
                fits = difference.old is not None and difference.old.id in lost
            else:
                fits = difference.change == self._filter
            if fits:
                yield difference

    def _cells(self, difference: Difference) -> list[TextCell]:
        thing = difference.new or difference.old
        assert thing is not None
        indent = "" if difference.is_clause else "　"
        word, tone = self._fate(difference)
        return [
            TextCell(str(difference.change), TONES[difference.change], badge=True),
            TextCell(numbers(difference)),
            TextCell(indent + title_of(thing), tip=title_of(thing)),
            TextCell(word, tone),
        ]

    def _fate(self, difference: Difference) -> tuple[str, Tone]:
        """Return where what is stored for the task goes, "" when there is nothing."""
        if difference.old is None:
            return "", ""
        task_id = difference.old.id
        entry = next((each for each in self.plan.homeless if each.task_id == task_id), None)
        if entry is not None:
            return ("待确认", "caution") if entry.likely and task_id not in self.plan.confirmed else ("没有去处", "bad")
        return ("跟随", "good") if task_id in self.plan.held else ("", "")

    def chosen(self) -> Difference | None:
        """Return the difference in the current row."""
        row = self.table.currentIndex().row()
        return self.shown[row] if 0 <= row < len(self.shown) else None

    def _show_chosen(self) -> None:
        difference = self.chosen()
        old = difference.old if difference else None
        entry = next((each for each in self.plan.homeless if old is not None and each.task_id == old.id), None)
        self.pane.show_difference(difference, entry, follows=old is not None and old.id in self.plan.homes)

    # -- confirming -------------------------------------------------------------------------------------------

    def _confirm(self, old: str, new: str) -> None:
        """Take the two for the same task, or with `new` "" for different ones, and ask again what that does."""
        self._ask_anew({**self.plan.confirmed, old: new or None})

    def _confirm_all(self) -> None:
        self._ask_anew({**self.plan.comparison.likely(), **self.plan.confirmed})

    def _ask_anew(self, confirmed: dict[str, str | None]) -> None:
        new = self._offer.catalogue

        def query(conn: sqlite3.Connection) -> AdoptionPlan:
            return adoption(conn, new, confirmed)

        self._session.read(query, self._show_plan, owner=self)

    def save(self, done: Done, failed: Failed) -> None:
        plan, offer = self.plan, self._offer

        def told(made: AdoptionPlan) -> None:
            lost = f"，{made.stayed}条没有去处，见基础信息的“方案”" if made.stayed else ""
            self._session.notice.emit(f"已采用新方案，{made.followed}条内容跟随任务{lost}。")
            done(made)

        def action(op: Operation) -> AdoptionPlan:
            made = adopt(
                op,
                plan,
                document=offer.document,
                document_name=offer.document_name,
                corrections=offer.corrections,
            )
            if offer.is_draft:
                plan_draft.discard(op)
            return made

        self._session.write(LABEL, action, told, failed)


def _tone(name: Filter) -> Tone:
    tones: dict[str, Tone] = {change.value: tone for change, tone in TONES.items()}
    return tones.get(name, "bad" if name == WITHOUT_PLACE else "")


def _same_task(one: Difference, other: Difference) -> bool:
    return (one.old, one.new) == (other.old, other.new)
