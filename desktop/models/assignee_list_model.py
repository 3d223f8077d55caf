"""A list of towns, enterprises or departments to choose from, found by name, pinyin initials or code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QObject, Qt

from db.work.breakdown import Assignee
from desktop.models.sheet import Index


class AssigneeRole(IntEnum):
    """What can be asked of a line besides its words."""

    ASSIGNEE = Qt.ItemDataRole.UserRole + 1


class AssigneeListModel(QAbstractListModel):
    """The assignees of one kind that match; with `checkable` each line has a box. Those in `taken` cannot be chosen."""

    def __init__(self, *, checkable: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._checkable = checkable
        self._everybody: list[Assignee] = []
        self._taken: frozenset[str] = frozenset()
        self._kind = "town"
        self._words: tuple[str, ...] = ()
        self._shown: list[Assignee] = []
        self._checked: dict[str, Assignee] = {}

    def set_assignees(self, everybody: Sequence[Assignee], taken: Iterable[str] = ()) -> None:
        """Offer these; the ids in `taken` are shown as there already."""
        self._everybody, self._taken = list(everybody), frozenset(taken)
        self._narrow()

    def show_kind(self, kind: str) -> None:
        """Show only this kind."""
        self._kind = kind
        self._narrow()

    def search(self, text: str) -> None:
        """Show only those whose name, initials or code contain every word of `text`."""
        self._words = tuple(text.lower().split())
        self._narrow()

    def _narrow(self) -> None:
        self.beginResetModel()
        self._shown = [who for who in self._everybody if who.kind == self._kind and who.own and self._matches(who)]
        self.endResetModel()

    def _matches(self, who: Assignee) -> bool:
        return all(w in who.name.lower() or w in who.initials or w in who.code.lower() for w in self._words)

    @property
    def checked(self) -> list[Assignee]:
        """Return who has been checked, of every kind."""
        return list(self._checked.values())

    def check_all(self, checked: bool = True) -> None:
        """Check everybody that is shown and not there already, or nobody of them."""
        for who in self._shown:
            if who.id not in self._taken:
                self._set(who, checked)
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def check(self, keys: Collection[tuple[str, str]]) -> None:
        """Check these (kind, id) and nobody else, of every kind."""
        self._checked = {who.id: who for who in self._everybody if who.key in keys and who.id not in self._taken}
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def assignee(self, index: Index) -> Assignee | None:
        """Return who stands at `index`."""
        return self._shown[index.row()] if index.isValid() else None

    def _set(self, who: Assignee, checked: bool) -> None:
        if checked:
            self._checked[who.id] = who
        else:
            self._checked.pop(who.id, None)

    # -- Qt ---------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def flags(self, index: Index) -> Qt.ItemFlag:
        who = self.assignee(index)
        if who is None or who.id in self._taken:
            return Qt.ItemFlag.ItemNeverHasChildren
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsUserCheckable if self._checkable else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        who = self.assignee(index)
        if who is None:
            return None
        there = who.id in self._taken
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{who.name}（已在表中）" if there else who.name
        if role == Qt.ItemDataRole.CheckStateRole and self._checkable:
            return Qt.CheckState.Checked if there or who.id in self._checked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{who.name}　{who.code}".strip()
        if role == AssigneeRole.ASSIGNEE:
            return who
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        who = self.assignee(index)
        if who is None or role != Qt.ItemDataRole.CheckStateRole or who.id in self._taken:
            return False
        self._set(who, Qt.CheckState(value) == Qt.CheckState.Checked)
        self.dataChanged.emit(index, index)
        return True
