"""The sheet of 月度计划…: twelve months, what is due by the end of each, and what is wrong with it where it stands."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from decimal import Decimal
from enum import IntEnum

from PySide6.QtCore import QObject, Qt, Signal

from db.core.calculation import calculated
from db.core.fields import Field
from db.core.values import Cell
from db.work.arithmetic import figure
from db.work.monthly.year_plan import MONTHS, Draft
from desktop.models.edits import Paste
from desktop.models.sheet import (
    ALIGN_LEFT,
    ALIGN_RIGHT,
    NOTHING,
    CellLook,
    Edit,
    Index,
    Refused,
    Saved,
    SheetModel,
)


class Col(IntEnum):
    """The columns."""

    MONTH = 0
    DUE = 1
    STEP = 2
    CALENDAR = 3


HEADINGS = ("月份", "月底累计应达", "当月", "按日子平均")


class YearPlanModel(SheetModel):
    """Holds a `Draft`; `drafted` follows everything that changes it. Nothing is saved before the dialog is."""

    drafted = Signal()

    def __init__(self, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.draft = draft

    def change(self, draft: Draft) -> None:
        """Show another plan of the year; what was refused in this one is forgotten."""
        for month in MONTHS:
            self._refused.pop((draft.plan.year, month), None)
        self.show_draft(draft)

    def show_draft(self, draft: Draft) -> None:
        """Show the plan of another year; what was refused in this one waits there."""
        self.draft = draft
        self.tell_all()
        self.drafted.emit()

    def first_fault(self, draft: Draft) -> tuple[int, str] | None:
        """Return the first month of a plan that cannot stay as it is, and why: what was refused, or does not fit."""
        found = ((month, self._fault(draft, month)) for month in MONTHS)
        return next(((month, why) for month, why in found if why), None)

    def is_touched(self, draft: Draft) -> bool:
        """Return whether something was typed into the plan, or it was changed otherwise."""
        return draft.changed or any((draft.plan.year, month) in self._refused for month in MONTHS)

    def _fault(self, draft: Draft, month: int) -> str:
        return self._refused.get((draft.plan.year, month), NOTHING)[1] or draft.faults.get(month, "")

    # -- SheetModel -------------------------------------------------------------------------------------------

    def key(self, row: int, column: int) -> Hashable:
        return (self.draft.plan.year, row + 1) if column == Col.DUE else (row, column, "")

    def stored(self, row: int, column: int) -> Cell:
        month = row + 1
        match column:
            case Col.DUE:
                return self.draft.figures.get(month)
            case Col.STEP:
                now, before = self.draft.due(month), self.draft.due(month - 1) if row else Decimal(0)
                return None if now is None or before is None else now - before
            case Col.CALENDAR:
                return self.draft.by_calendar(month)
        return f"{month}月"

    def is_open(self, row: int, column: int) -> bool:
        return column == Col.DUE

    def parse(self, row: int, column: int, text: str) -> Cell:
        return self._field().parse(calculated(text))

    def _field(self) -> Field:
        draft = self.draft
        return Field("due", "应完成", "number", minimum=Decimal(0), unit=draft.unit, decimals=draft.decimals)

    def problem(self, row: int, column: int) -> str:
        return self._fault(self.draft, row + 1) if column == Col.DUE else ""

    def text(self, row: int, column: int, value: Cell, *, editing: bool = False) -> str:
        if not isinstance(value, Decimal):
            return str(value or "")
        return self._field().edit(value) if editing else figure(value)

    def heading(self, column: int) -> str:
        return HEADINGS[column]

    def row_title(self, row: int) -> str:
        return f"{row + 1}月"

    def store(self, label: str, edits: Sequence[Edit], done: Saved, failed: Refused) -> None:
        figures = {e.row + 1: e.value if isinstance(e.value, Decimal) else None for e in edits}
        self.draft = self.draft.with_figures(figures)
        done()
        self.settle(self.saves_done())
        self.tell_all()
        self.drafted.emit()

    def plan_paste(self, row: int, column: int, block: Sequence[Sequence[str]]) -> Paste:
        """As in any sheet; a line of months as Excel has them side by side goes down the column."""
        if len(block) == 1 and len(block[0]) > 1:
            block = [[text] for text in block[0]]
        return super().plan_paste(row, Col.DUE, block)

    # -- Qt ---------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(MONTHS)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(Col)

    def look(self, row: int, column: int) -> CellLook:
        return CellLook(
            self.shown(row, column),
            "text" if column == Col.DUE else "secondary",
            right=column != Col.MONTH,
            refused=bool(self.problem(row, column)),
        )

    def hint(self, row: int, column: int) -> str:
        gap = column == Col.DUE and row + 1 not in self.draft.figures and bool(self.draft.figures)
        return self.problem(row, column) or ("没有填的月份，要求和前一个月相同。" if gap else "")

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGN_LEFT if section == Col.MONTH else ALIGN_RIGHT
        return super().headerData(section, orientation, role)
