"""The plan as a tree for the window: part → article → clause → target, each with its state and counts.

`PlanTreeModel` holds the tree, `PlanTreeFilter` shows the tasks of one state or those that match a search. What a
task's state is, is decided in `db.work`; here it is only counted and shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from db.store.initials import initials
from db.work.task_states import Share, StateKind, TaskState

if TYPE_CHECKING:
    from db.plan.catalogue import Catalogue

Index = QModelIndex | QPersistentModelIndex
Level = Literal["part", "article", "clause", "target"]


class PlanRole(IntEnum):
    """What the tree's delegate and its filter ask for."""

    NODE = Qt.ItemDataRole.UserRole + 1
    TASK_ID = Qt.ItemDataRole.UserRole + 2


@dataclass(eq=False)
class Node:
    """One line of the tree; `state` is the task's own, None for parts and articles; `done` of `total` is below it."""

    level: Level
    id: str
    title: str
    parent: Node | None = None
    row: int = 0
    children: list[Node] = field(default_factory=list)
    state: TaskState | None = None
    done: int = 0
    total: int = 0
    letters: str = ""

    @property
    def is_task(self) -> bool:
        """Return whether the line is opened in the grid: a target, or a clause."""
        return self.level in ("clause", "target")

    def walk(self) -> Iterator[Node]:
        """Yield the node and everything below it, in the order of the plan."""
        yield self
        for child in self.children:
            yield from child.walk()


def build(catalogue: Catalogue) -> list[Node]:
    """Return the parts of the plan with all that is below them."""
    parts: list[Node] = []
    for part in catalogue.parts:
        top = Node("part", part.id, f"{part.numeral}、{part.title}")
        for article in catalogue.articles_of(part.id):
            middle = _add(top, Node("article", article.id, f"（{article.numeral}）{article.title}"))
            for clause in catalogue.clauses_of(article.id):
                leaf = _add(middle, Node("clause", clause.id, f"{clause.id} {clause.title}"))
                for target in catalogue.targets_of(clause.id):
                    _add(leaf, Node("target", target.id, target.indicator))
        top.row = len(parts)
        parts.append(top)
    return parts


def _add(parent: Node, child: Node) -> Node:
    child.parent, child.row = parent, len(parent.children)
    parent.children.append(child)
    return child


class PlanTreeModel(QAbstractItemModel):
    """The tree of one plan; `set_states` puts the states in and counts them upwards."""

    def __init__(self, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = build(catalogue)
        self._by_id = {(node.level, node.id): node for part in self._parts for node in part.walk()}
        self._whole = Share()

    def set_states(self, states: Mapping[str, TaskState], shares: Mapping[str, Share]) -> None:
        """Show the states by task id and the shares by part and article; the lines stay as they are."""
        self._whole = shares.get("", Share())
        for node in self._by_id.values():
            before = (node.state, node.done, node.total)
            if node.is_task:
                node.state = states.get(node.id)
                node.done, node.total = (node.state.done, node.state.total) if node.state else (0, 0)
            else:
                share = shares.get(node.id, Share())
                node.done, node.total = share.done, share.total
            if before != (node.state, node.done, node.total):
                index = self.createIndex(node.row, 0, node)
                self.dataChanged.emit(index, index)

    def spell(self, letters: Mapping[str, str]) -> None:
        """Take in the pinyin initials of the titles, which are slow to find the first time (see `spell_titles`)."""
        for node in self._by_id.values():
            node.letters = letters.get(node.title, "")

    def titles(self) -> list[str]:
        """Return the title of every line."""
        return [node.title for node in self._by_id.values()]

    def count_of(self, kind: StateKind) -> int:
        """Return how many of the tasks that have to be broken down are in this state."""
        return self._whole.of(kind)

    def node(self, index: Index) -> Node | None:
        """Return the line at `index`, None for the invisible root."""
        found = index.internalPointer() if index.isValid() else None
        return found if isinstance(found, Node) else None

    def index_of(self, task_id: str) -> QModelIndex:
        """Return the index of the clause or target with this id, an invalid one when the plan has none."""
        node = self._by_id.get(("target", task_id)) or self._by_id.get(("clause", task_id))
        return self.createIndex(node.row, 0, node) if node else QModelIndex()

    def tasks(self) -> Iterator[Node]:
        """Yield every line that can be opened in the grid, in the order of the plan."""
        for part in self._parts:
            for node in part.walk():
                if node.is_task:
                    yield node

    # -- Qt ---------------------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        above = self.node(parent) if parent is not None else None
        nodes = above.children if above else self._parts
        if column != 0 or not 0 <= row < len(nodes):
            return QModelIndex()
        return self.createIndex(row, 0, nodes[row])

    def parent(self, index: Index | None = None) -> QModelIndex:  # type: ignore[override]
        node = self.node(index) if index is not None else None
        if node is None or node.parent is None:
            return QModelIndex()
        return self.createIndex(node.parent.row, 0, node.parent)

    def rowCount(self, parent: Index | None = None) -> int:
        node = self.node(parent) if parent is not None else None
        return len(node.children) if node else len(self._parts)

    def columnCount(self, parent: Index | None = None) -> int:
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        node = self.node(index)
        if node is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return node.title
        if role == PlanRole.NODE:
            return node
        if role == PlanRole.TASK_ID:
            return node.id if node.is_task else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return _hint(node)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{node.title} {_hint(node)}"
        return None


def _hint(node: Node) -> str:
    if node.state is not None and not node.total:
        words = node.state.kind.value
        return f"{node.title}：{words}" + (f"，{node.state.label}" if node.state.label not in ("", words) else "")
    if node.total:
        return f"{node.title}：{node.total}项任务，已完成{node.done}项"
    return f"{node.title}：没有要分解的任务"


def spell_titles(titles: list[str]) -> dict[str, str]:
    """Return the pinyin initials of each title; the first call loads the readings (0.2 s)."""
    return {title: initials(title) for title in titles}


class PlanTreeFilter(QSortFilterProxyModel):
    """Shows the tasks in the chosen states whose title, number or initials match, and what stands above them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kinds: frozenset[StateKind] = frozenset()
        self._words: tuple[str, ...] = ()
        self.setRecursiveFilteringEnabled(True)

    def show_states(self, kinds: frozenset[StateKind]) -> None:
        """Show only tasks in these states; an empty set shows the whole plan."""
        if kinds != self._kinds:
            self.beginFilterChange()
            self._kinds = kinds
            self.endFilterChange()

    def search(self, text: str) -> None:
        """Show only lines that contain every word of `text` (Chinese, pinyin initials, or a clause's number)."""
        words = tuple(text.lower().split())
        if words != self._words:
            self.beginFilterChange()
            self._words = words
            self.endFilterChange()

    def refresh(self) -> None:
        """Filter again: the states have changed."""
        self.beginFilterChange()
        self.endFilterChange()

    @property
    def is_narrowed(self) -> bool:
        """Return whether some lines may be hidden."""
        return bool(self._kinds or self._words)

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        source = self.sourceModel()
        node = source.data(source.index(row, 0, parent), PlanRole.NODE)
        return isinstance(node, Node) and self._accepts_state(node) and self._accepts_words(node)

    def _accepts_state(self, node: Node) -> bool:
        if not self._kinds:
            return True
        # A clause that has tasks under it is shown for their sake, not for what they come to together.
        return node.state is not None and not node.total and node.state.kind in self._kinds

    def _accepts_words(self, node: Node) -> bool:
        """A line matches by its own words or by those of the lines above it: searching an article shows its tasks."""
        remaining = set(self._words)
        line: Node | None = node
        while line is not None and remaining:
            remaining = {word for word in remaining if not _matches(line, word)}
            line = line.parent
        return not remaining


def _matches(node: Node, word: str) -> bool:
    return word in node.title.lower() or word in node.letters or node.id.startswith(word)
