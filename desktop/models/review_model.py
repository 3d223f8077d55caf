"""The list beside the document in 核对方案: clauses, the targets under them, and what was not understood."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from db.core.values import plain
from db.plan.model import Clause, Target
from db.plan.reading.model import Leftover, LeftoverGroup
from db.plan.review import Look, Review
from db.plan.vocabulary import Comparator, Nature, ValueKind
from db.plan.words import word

LINE_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
Thing = Clause | Target | Leftover | LeftoverGroup


class Show(StrEnum):
    """Which lines are shown."""

    ALL = "all"
    UNSEEN = "unseen"
    LEFTOVER = "leftover"
    CHANGED = "changed"


@dataclass(frozen=True)
class Line:
    """A line: what it is, its words and what stands at its right; `start`, `end` in the document."""

    thing: Thing
    title: str
    detail: str
    start: int
    end: int
    look: Look | None = None

    @property
    def id(self) -> str:
        """Return the id of the clause or target, "" for what was not understood."""
        return self.thing.id if isinstance(self.thing, Clause | Target) else ""


class ReviewModel(QAbstractListModel):
    """The lines of one review."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []
        self._open: set[LeftoverGroup] = set()
        self._shown: tuple[Review, Show] | None = None

    def show_review(self, review: Review, show: Show) -> None:
        """Show the lines of `review` that `show` asks for."""
        self.beginResetModel()
        self._shown = review, show
        self.lines = list(lines_of(review, show, frozenset(self._open)))
        self.endResetModel()

    def fold(self, group: LeftoverGroup) -> None:
        """Show what is in a group at the end of the list, or show it no longer."""
        self._open ^= {group}
        if self._shown is not None:
            self.show_review(*self._shown)

    def unfold_at(self, start: int, end: int) -> None:
        """Unfold the group that has something at this place of the document."""
        if self._shown is None:
            return
        here = [one.group for one in self._shown[0].leftovers if (one.start, one.end) == (start, end)]
        if here and here[0] in _GROUPS and here[0] not in self._open:
            self.fold(here[0])

    def row_at(self, start: int, end: int) -> int:
        """Return the row of the line at this place of the document, else of the one around it, -1 for none."""
        exact = [row for row, line in enumerate(self.lines) if (line.start, line.end) == (start, end)]
        around = [row for row, line in enumerate(self.lines) if line.start <= start < end <= line.end]
        return (exact or around[::-1] or [-1])[0]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{line.title} {line.detail}".strip()
        return None


def lines_of(review: Review, show: Show, unfolded: Collection[LeftoverGroup] = ()) -> Iterator[Line]:
    """Yield the lines in the order of the document; a clause is there with all of its own, or for the sake of one.

    What stands before the plan and remarks in brackets come last, each a line for all unless their group is unfolded.
    """
    left: dict[str, list[Leftover]] = {}
    for leftover in review.doubtful:
        left.setdefault(leftover.clause, []).append(leftover)
    if show in (Show.ALL, Show.LEFTOVER):
        yield from map(_leftover, left.get("", ()))
    for clause in review.catalogue.clauses:
        under = [_target(target, review) for target in review.catalogue.targets_of(clause.id)]
        under += map(_leftover, left.get(clause.id, ()))
        kept = [line for line in sorted(under, key=lambda line: line.start) if _wanted(line, show)]
        if kept or show is Show.ALL:
            yield Line(clause, f"{clause.id} {clause.title}", _responsible(clause), clause.start, clause.end)
            yield from kept
    if show in (Show.ALL, Show.LEFTOVER):
        yield from _grouped(review, unfolded)


def figure_of(target: Target) -> str:
    """Return a target's figure in a few words: 不低于40万户, 降10%以上, 省下达, 禁止事项."""
    if target.nature is not Nature.TARGET:
        return word(target.nature)
    if target.value is None:
        return "省下达" if target.set_by_province else word(target.allocation)
    amount = f"{plain(target.value):,f}{target.unit}"
    if target.value_kind is ValueKind.CHANGE:
        return f"{word(target.direction)}{amount}{_AFTER.get(target.comparator, '')}"
    if target.comparator is Comparator.ABOUT:
        return amount + word(target.comparator)
    return amount if target.comparator is Comparator.EQUAL else word(target.comparator) + amount


_GROUPS = {LeftoverGroup.BEFORE_PLAN: "方案正文之前的文字", LeftoverGroup.REMARK: "括号里的说明"}
_AFTER = {Comparator.AT_LEAST: "以上", Comparator.AT_MOST: "以内", Comparator.ABOUT: "左右"}


def _wanted(line: Line, show: Show) -> bool:
    match show:
        case Show.ALL:
            return True
        case Show.LEFTOVER:
            return isinstance(line.thing, Leftover)
        case Show.UNSEEN:
            return line.look is Look.UNSEEN
        case Show.CHANGED:
            return line.look in (Look.CHANGED, Look.ADDED)


def _target(target: Target, review: Review) -> Line:
    start, end = review.catalogue.place(target)
    return Line(target, target.indicator, figure_of(target), start, end, review.looks[target.id])


def _grouped(review: Review, unfolded: Collection[LeftoverGroup]) -> Iterator[Line]:
    for group, title in _GROUPS.items():
        own = [one for one in review.leftovers if one.group is group]
        if own:
            sign = "－" if group in unfolded else "＋"
            yield Line(group, f"{sign} {title}", f"{len(own)}处", own[0].start, own[0].start)
        if group in unfolded:
            yield from (Line(one, " ".join(one.text.split()), "", one.start, one.end) for one in own)


def _leftover(leftover: Leftover) -> Line:
    words = " ".join(leftover.text.split())
    return Line(leftover, f"没看懂：{words}", "", leftover.start, leftover.end)


def _responsible(clause: Clause) -> str:
    names: Iterable[str] = clause.leads or clause.cooperators
    return "、".join(names) or word(clause.mode)
