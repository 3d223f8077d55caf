"""What carrying a year over would write, line by line, for looking at before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import IntEnum

from PySide6.QtCore import QObject, Qt

from db.core.values import Cell, State
from db.work.arithmetic import figure
from db.work.next_year import Carried
from desktop.models.drawn import ALIGN_LEFT, ALIGN_RIGHT, CellLook, DrawnModel, Index


class Col(IntEnum):
    """The columns."""

    TASK = 0
    WHO = 1
    SOURCE = 2
    PRESENT = 3
    AFTER = 4


class CarriedModel(DrawnModel):
    """The lines of a plan made by `db.work.next_year.plan_year`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Carried] = []
        self._years = (0, 0)

    def show_lines(self, lines: Sequence[Carried], source: int, year: int) -> None:
        """Show another plan."""
        self.beginResetModel()
        self.lines, self._years = list(lines), (source, year)
        self.endResetModel()

    def sentence(self) -> str:
        """Return in words how much would be written, and how much is kept."""
        written = [line for line in self.lines if not line.kept]
        tasks = len({line.task_id for line in written})
        kept = len(self.lines) - len(written)
        if not self.lines:
            return f"{self._years[0]}年还没有分解，没有可以沿用的。"
        words = f"将写入{tasks}项任务、{len(written)}格"
        return words + (f"；{kept}格在{self._years[1]}年已有，不改。" if kept else "。")

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(Col)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        source, year = self._years
        if role == Qt.ItemDataRole.DisplayRole:
            return ("任务", "责任主体", f"{source}年", f"{year}年原来", f"{year}年沿用后")[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGN_LEFT if section <= Col.WHO else ALIGN_RIGHT
        return None

    def look(self, row: int, column: int) -> CellLook:
        line = self.lines[row]
        return CellLook(
            self._text(line, column),
            "secondary" if line.kept or column == Col.PRESENT else "text",
            right=column > Col.WHO,
            bold=column == Col.AFTER and not line.kept,
        )

    def hint(self, row: int, column: int) -> str:
        return self._text(self.lines[row], column)

    def _text(self, line: Carried, column: int) -> str:
        match column:
            case Col.TASK:
                return f"{line.task_id} {line.title}"
            case Col.WHO:
                return line.assignee.name
            case Col.SOURCE:
                return _shown(line.source, line.unit)
            case Col.PRESENT:
                return _shown(line.present, line.unit) if line.present is not None or line.kept else ""
        return "不改" if line.kept else _shown(line.amount, line.unit)


def _shown(cell: Cell, unit: str) -> str:
    if isinstance(cell, Decimal):
        return figure(cell)
    if isinstance(cell, State):
        return cell.value
    return "" if unit else "√"
