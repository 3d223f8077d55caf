"""What can be decided about what was recognised in a plan; every decision is one step that is saved at once."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QPushButton

from db.plan import review as reviewing
from db.plan.corrections import Correction
from db.plan.model import Catalogue, Clause, Target
from db.plan.reading.model import Leftover
from db.store.operation import Operation
from db.work import plan_draft
from desktop.dialogs.reason import ReasonDialog
from desktop.session import Session
from desktop.widgets.basics import allow, button, primary_button
from desktop.widgets.review_desk import ReviewDesk

T = TypeVar("T", Clause, Target)
_LABEL = 40
"""How long the name of a step may be."""
_BETWEEN = "，、；。 "
TIPS = {
    "accept": "看过无误，到下一条（Enter）",
    "remove": "这几个字不是目标，去掉（Delete）",
    "split": "先在左边选中其中一段文字，再拆分成两个指标。",
    "merge": "在列表里按住 Ctrl 选中同一条款的几个指标，或相邻的几条条款。",
    "add": "先在左边选中写着目标的文字。",
    "explain": "选中没看懂的内容，说明它为什么不是目标。",
    "split_clause": "先在左边选中新的一条开头的文字。",
}


class ReviewActions(QObject):
    """Puts its buttons on the desk and keeps enabled what can be done with what is chosen there."""

    def __init__(self, session: Session, desk: ReviewDesk) -> None:
        super().__init__(desk)
        self._session = session
        self.desk = desk
        self.dialog: ReasonDialog | None = None
        self.buttons: dict[str, QPushButton] = {
            "add": button("作为指标", self.add),
            "explain": button("不是目标…", self.explain),
            "split_clause": button("从这里另起一条", self.split_clause),
            "accept": primary_button("认可", self.accept),
            "remove": button("不是指标", self.remove),
            "split": button("拆分", self.split),
            "merge": button("合并", self.merge),
        }
        for number, (name, made) in enumerate(self.buttons.items()):
            made.setToolTip(TIPS[name])
            (desk.document_tools if number < 3 else desk.list_tools).addWidget(made)
        desk.list_tools.addStretch(1)
        desk.form.entered.connect(self._change)
        desk.list.accepted.connect(self.accept)
        desk.list.removed.connect(self.remove)
        desk.line_changed.connect(self._offer)
        desk.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        desk.list.customContextMenuRequested.connect(self._show_menu)

    # -- deciding ---------------------------------------------------------------------------------------------

    def _decide(self, name: str, *corrections: Correction) -> None:
        """Keep these decisions as one step; each finds its place by the words around it when its turn comes."""

        def write(op: Operation) -> None:
            for correction in corrections:
                plan_draft.decide(op, correction)

        self._session.write(name, write)

    @property
    def _plan(self) -> Catalogue:
        review = self.desk.review
        assert review is not None
        return review.catalogue

    def _change(self, thing: Clause | Target, name: str, value: object) -> None:
        self._decide(f"修改识别结果：{_title(thing)}", reviewing.change(self._plan, thing, {name: value}))

    def accept(self) -> None:
        """Say that the target or clause is right, and go on to the next that nobody has looked at."""
        line = self.desk.line()
        if line is None or self._session.read_only:
            return
        if not isinstance(line.thing, Clause | Target):
            self.desk.go_to_next(unseen=True)
            return
        self.desk.form.commit()
        decision = reviewing.accept(self._plan, line.thing)
        self.desk.go_to_next(unseen=True)
        self._decide(f"核对：{_title(line.thing)}", decision)

    def remove(self) -> None:
        """Say that the selected targets are none."""
        targets = self._selected(Target)
        if targets and not self._session.read_only:
            # From the last: among targets with the same words, the earlier keep their number.
            decisions = [reviewing.remove(self._plan, target) for target in reversed(targets)]
            self._decide(f"不是指标：{'、'.join(map(_title, targets))}"[:_LABEL], *decisions)

    def add(self) -> None:
        """Make a target of the marked words."""
        piece, review = self._marked(), self.desk.review
        if piece is not None and review is not None:
            clause, start, end = piece
            like = reviewing.suggested(review, clause, start, end)
            self.desk.look_at(clause.start + start, clause.start + end)
            decision = reviewing.add(self._plan, clause, start, end, like)
            self._decide(f"增加指标：{clause.text[start:end]}"[:_LABEL], decision)

    def explain(self) -> None:
        """Ask why the marked words, or the leftover that is looked at, belong to no target."""
        piece = self._marked() or self._leftover()
        if piece is None:
            return
        clause, start, end = piece
        words = clause.text[start:end]
        question = f"“{words[:60]}”为什么不是目标？"
        self.dialog = ReasonDialog("not_a_target", "不是目标", question, "例如：供热半径，是限制条件", self.desk)
        self.dialog.given.connect(
            lambda reason: self._decide(f"不是目标：{words}"[:_LABEL], reviewing.explain(clause, start, end, reason))
        )
        self.dialog.open()

    def split(self) -> None:
        """Cut the target in two: the marked words, and the rest."""
        line, piece = self.desk.line(), self._marked()
        if line is None or piece is None or not isinstance(line.thing, Target):
            return
        clause, start, end = piece
        target, text = line.thing, clause.text
        first = start <= target.start
        rest = (text[end : target.end] if first else text[target.start : start]).strip(_BETWEEN)
        if rest:
            quotes = [text[start:end], rest] if first else [rest, text[start:end]]
            self._decide(f"拆分：{_title(target)}", reviewing.split(self._plan, target, quotes))

    def merge(self) -> None:
        """Make one of the selected targets, or of the selected clauses."""
        targets, clauses = self._selected(Target), self._selected(Clause)
        if len(targets) > 1:
            self._decide(f"合并{len(targets)}个指标", reviewing.merge(self._plan, targets))
        elif len(clauses) > 1:
            self._decide(f"合并{len(clauses)}条", reviewing.merge_clauses(self._plan, clauses))

    def split_clause(self) -> None:
        """Begin a clause of its own at the marked words."""
        piece = self._marked()
        if piece is not None:
            clause, start, _ = piece
            self._decide(f"拆分条款：{_title(clause)}", reviewing.split_clause(self._plan, clause, start))

    def _part_of(self, target: Target, whole: Target | None) -> None:
        fields = {"part_of": whole.quote if whole else None}
        self._decide(f"其中项：{_title(target)}", reviewing.change(self._plan, target, fields))

    # -- what can be done -------------------------------------------------------------------------------------

    def _marked(self) -> tuple[Clause, int, int] | None:
        """Return the clause and the place in its text of the words that are marked, None when they lie in none."""
        review = self.desk.review
        start, end = self.desk.document.marked_piece()
        clause = review.clause_at(start, end) if review is not None and end > start else None
        return None if clause is None else (clause, start - clause.start, end - clause.start)

    def _leftover(self) -> tuple[Clause, int, int] | None:
        line, review = self.desk.line(), self.desk.review
        if line is None or review is None or not isinstance(line.thing, Leftover):
            return None
        clause = review.clause_at(line.start, line.end)
        return None if clause is None else (clause, line.start - clause.start, line.end - clause.start)

    def _offer(self) -> None:
        """Enable what can be done with what is chosen."""
        line, marked = self.desk.line(), self._marked() is not None
        thing = line.thing if line is not None else None
        can = {
            "add": marked,
            "explain": marked or self._leftover() is not None,
            "split_clause": marked,
            "accept": isinstance(thing, Clause | Target),
            "remove": isinstance(thing, Target),
            "split": isinstance(thing, Target) and marked,
            "merge": len(self._selected(Target)) > 1 or len(self._selected(Clause)) > 1,
        }
        for name, possible in can.items():
            allow(self.buttons[name], not self._session.read_only, self.desk.review is not None and possible)

    def _selected(self, kind: type[T]) -> list[T]:
        return [line.thing for line in self.desk.list.lines() if isinstance(line.thing, kind)]

    def _show_menu(self, at: QPoint) -> None:
        line = self.desk.line()
        if line is None or not isinstance(line.thing, Target) or self._session.read_only:
            return
        target = line.thing
        menu = QMenu(self.desk)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("认可", self.accept)
        menu.addAction("不是指标", self.remove)
        others = [each for each in self._plan.targets_of(target.clause) if each.id != target.id]
        if others:
            inside = menu.addMenu("包含在…里面（其中）")
            for each in others:
                inside.addAction(each.indicator, partial(self._part_of, target, each))
            if target.part_of:
                inside.addSeparator()
                inside.addAction("不包含在别的指标里", partial(self._part_of, target, None))
        menu.popup(self.desk.list.viewport().mapToGlobal(at))


def _title(thing: Clause | Target) -> str:
    return thing.indicator if isinstance(thing, Target) else thing.title
