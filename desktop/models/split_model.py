"""The sheet of 分配…: who takes part with what weight, what is locked, and what each would get."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from PySide6.QtCore import QObject, Qt, Signal

from db.core.calculation import calculated
from db.core.errors import DataProblem
from db.core.fields import Field
from db.core.values import Cell
from db.work.arithmetic import figure
from db.work.breakdown import Assignee
from db.work.sharing import Part, share_out
from desktop.models.sheet import ALIGN_LEFT, ALIGN_RIGHT, CellLook, Edit, Index, Refused, Saved, SheetModel


class Col(IntEnum):
    """The columns."""

    NAME = 0
    WEIGHT = 1
    BEFORE = 2
    LOCKED = 3
    SHARE = 4


HEADINGS = ("责任主体", "权重", "原来", "锁定", "分配后")
_WEIGHT = Field("weight", "权重", "number", minimum=Decimal(0))


@dataclass
class Recipient:
    """One line: `before` is what the assignee has now, `share` what it would get (None: nothing is written)."""

    assignee: Assignee
    before: Decimal | None
    weight: Decimal | None = None
    locked: bool = False
    share: Decimal | None = None


class SplitModel(SheetModel):
    """Shares `total` out again whenever a weight or a lock changes; `trouble` says why it cannot be done.

    `locked` tells of each lock that is set or taken away: assignee id, and which.
    """

    locked = Signal(str, bool)

    def __init__(self, amount: Field, *, same_for_all: bool = False, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._amount = amount
        self._same_for_all = same_for_all
        self.total: Decimal | None = None
        self.only_rest = False
        self.recipients: list[Recipient] = []
        self.trouble = ""

    def set_recipients(self, recipients: Sequence[Recipient]) -> None:
        """Offer these lines."""
        self.beginResetModel()
        self.recipients = list(recipients)
        self.endResetModel()
        self.share_out()

    def set_total(self, total: Decimal | None) -> None:
        """Share out another amount."""
        self.total = total
        self.share_out()

    def weigh(self, weights: Mapping[str, Decimal | None]) -> None:
        """Give the lines these weights by assignee id; those not named take no part."""
        for line in self.recipients:
            line.weight = weights.get(line.assignee.id)
        self.share_out()

    @property
    def kept(self) -> Decimal:
        """Return what the locked lines have together."""
        return sum((line.before for line in self.recipients if line.locked and line.before is not None), Decimal(0))

    def keep_what_is_there(self, only_rest: bool) -> None:
        """Share out only what is left, or the whole anew."""
        self.only_rest = only_rest
        self.share_out()

    def share_out(self) -> None:
        """Compute every line's share; with `trouble` nobody gets anything."""
        self.trouble = ""
        shares: Sequence[Decimal | None] = [None] * len(self.recipients)
        if self.total is None:
            self.trouble = "请填写要分配的总数。"
        else:
            try:
                shares = self._shares(self.total)
            except DataProblem as problem:
                self.trouble = str(problem)
        for line, share in zip(self.recipients, shares, strict=True):
            line.share = share
        self.tell_all()

    def _shares(self, total: Decimal) -> list[Decimal | None]:
        if self._same_for_all:
            return [
                line.before if line.locked or (self.only_rest and line.before is not None) else total
                for line in self.recipients
            ]
        parts = [Part(line.weight, line.before, line.locked) for line in self.recipients]
        return share_out(total, parts, self._amount.decimals, only_rest=self.only_rest)

    # -- SheetModel -------------------------------------------------------------------------------------------

    def key(self, row: int, column: int) -> Hashable:
        return (self.recipients[row].assignee.id, column)

    def stored(self, row: int, column: int) -> Cell:
        line = self.recipients[row]
        cells: dict[int, Cell] = {
            Col.NAME: line.assignee.name,
            Col.WEIGHT: line.weight,
            Col.BEFORE: line.before,
            Col.LOCKED: line.locked or None,
            Col.SHARE: line.share,
        }
        return cells[column]

    def is_open(self, row: int, column: int) -> bool:
        line = self.recipients[row]
        return column == Col.WEIGHT or (column == Col.LOCKED and line.before is not None)

    def parse(self, row: int, column: int, text: str) -> Cell:
        if column == Col.LOCKED:
            return bool(text.strip()) or None
        value = _WEIGHT.parse(calculated(text))
        if value is not None and not isinstance(value, Decimal):
            raise DataProblem("权重要填数字。", advice="不参加分配请留空。")
        return value

    def text(self, row: int, column: int, value: Cell, *, editing: bool = False) -> str:
        if column == Col.NAME or value is None:
            return str(value or "")
        if value is True:
            return "√"
        field = _WEIGHT if column == Col.WEIGHT else self._amount
        return field.edit(value) if editing else field.show(value)

    def heading(self, column: int) -> str:
        return HEADINGS[column]

    def row_title(self, row: int) -> str:
        return self.recipients[row].assignee.name

    def store(self, label: str, edits: Sequence[Edit], done: Saved, failed: Refused) -> None:
        for edit in edits:
            line = self.recipients[edit.row]
            if edit.column == Col.LOCKED:
                line.locked = edit.value is True
                self.locked.emit(line.assignee.id, line.locked)
            elif edit.value is None or isinstance(edit.value, Decimal):
                line.weight = edit.value
        done()
        self.settle(self.saves_done())
        self.share_out()

    # -- Qt ---------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.recipients)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(HEADINGS)

    def look(self, row: int, column: int) -> CellLook:
        line = self.recipients[row]
        if column == Col.LOCKED and line.before is not None:
            return CellLook(tick=line.locked)
        return CellLook(
            self.shown(row, column),
            "secondary" if column == Col.BEFORE else "text",
            right=column != Col.NAME,
            bold=column == Col.SHARE and line.share != line.before,
            refused=bool(self.problem(row, column)),
        )

    def hint(self, row: int, column: int) -> str:
        return "锁定的保持原来的数，其余的分剩下的。" if column == Col.LOCKED else ""

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            centred = section == Col.LOCKED
            return Qt.AlignmentFlag.AlignCenter if centred else (ALIGN_LEFT if section == Col.NAME else ALIGN_RIGHT)
        return super().headerData(section, orientation, role)

    def sentence(self, unit: str) -> str:
        """Return in words what would be written: the sum of all shares and how much of it was locked."""
        total = sum((line.share for line in self.recipients if line.share is not None), Decimal(0))
        count = sum(line.share is not None for line in self.recipients)
        if self._same_for_all:
            return f"{count}个责任主体都填{figure(self.total, unit)}（锁定的除外）。" if self.total is not None else ""
        if self.only_rest:
            before = sum((line.before for line in self.recipients if line.before is not None), Decimal(0))
            changed = sum(line.share != line.before for line in self.recipients)
            return f"余下的{figure(total - before, unit)}分给{changed}个责任主体，合计{figure(total, unit)}。"
        words = f"分给{count}个责任主体，合计{figure(total, unit)}"
        return words + (f"，其中锁定{figure(self.kept, unit)}。" if self.kept else "。")
