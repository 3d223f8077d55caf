"""县级目标 as a sheet: every target that takes a quota × the plan's years, typed and pasted under one paper."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from db.core.values import Cell, State
from db.work.quotas import Quota, QuotaEntry, QuotaRow, clear_quota, set_quotas
from db.work.row_names import QUOTA, row_name
from db.work.tasks import title_of
from desktop.cell_marks import Spot, marks_of
from desktop.models.amount_input import amount_reader, parse_amount
from desktop.models.sheet import ALIGN_LEFT, ALIGN_RIGHT, CellLook, Edit, Index, Refused, Saved, SheetModel

if TYPE_CHECKING:
    from db.store.operation import Operation
    from desktop.session import Session

CODE, NAME, UNIT = 0, 1, 2
FIRST_YEAR = 3
PENDING = "省下达待定"


@dataclass(frozen=True)
class Paper:
    """The document that the amounts now typed come from; a changed amount needs its number and a reason."""

    number: str = ""
    issued_on: date | None = None
    reason: str = ""


class QuotaModel(SheetModel):
    """The rows of `quota_table`; every amount is saved as it is entered, with the paper that was given."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.years: tuple[int, ...] = session.catalogue.years
        self.rows: list[QuotaRow] = []
        self.paper = Paper()
        self.doubts: Mapping[str, Mapping[int, str]] = {}
        self.follow(marks_of(session))

    def show_rows(self, rows: list[QuotaRow], saves: frozenset[int] = frozenset()) -> None:
        """Show rows newly read; with the same targets as before, selection and scroll position stay."""
        same = [row.target.id for row in rows] == [row.target.id for row in self.rows]
        self.settle(saves)
        if not same:
            self.beginResetModel()
        self.rows = rows
        if same:
            self.tell_all()
        else:
            self.endResetModel()

    @property
    def paper_column(self) -> int:
        """Return the column of the document numbers, the last one."""
        return FIRST_YEAR + len(self.years)

    def year_of(self, column: int) -> int:
        """Return the column's year, 0 when it is not a year's."""
        place = column - FIRST_YEAR
        return self.years[place] if 0 <= place < len(self.years) else 0

    def row_of(self, target_id: str) -> int:
        """Return the row of the target, -1 when it is not shown."""
        return next((row for row, each in enumerate(self.rows) if each.target.id == target_id), -1)

    def quota(self, row: int, column: int) -> Quota | None:
        """Return the quota behind the cell."""
        return self.rows[row].quotas.get(self.year_of(column))

    def spot(self, row: int, column: int) -> Spot | None:
        year = self.year_of(column)
        return Spot(row_name(QUOTA, self.rows[row].target.id, year), "amount", home=True) if year else None

    # -- SheetModel -------------------------------------------------------------------------------------------

    def key(self, row: int, column: int) -> Hashable:
        return (self.rows[row].target.id, column)

    def stored(self, row: int, column: int) -> Cell:
        found = self.rows[row]
        if column == CODE:
            return found.target.id
        if column == NAME:
            return title_of(found.target)
        if column == UNIT:
            return found.unit
        if column == self.paper_column:
            numbers = dict.fromkeys(q.document_number for q in found.quotas.values() if q.document_number)
            return "、".join(numbers) or (PENDING if found.pending else "")
        quota = self.quota(row, column)
        if quota is None:
            return None
        return quota.in_unit if quota.in_unit is not None else quota.amount

    def is_open(self, row: int, column: int) -> bool:
        return bool(self.year_of(column)) and 0 <= row < len(self.rows) and not self._session.read_only

    def parse(self, row: int, column: int, text: str) -> Cell:
        target = self.rows[row].target
        return parse_amount(target, amount_reader(target), text)

    def text(self, row: int, column: int, value: Cell, *, editing: bool = False) -> str:
        if not self.year_of(column):
            return str(value or "")
        field = amount_reader(self.rows[row].target)
        return field.edit(value) if editing else field.show(value)

    def heading(self, column: int) -> str:
        year = self.year_of(column)
        if year:
            return f"{year}年"
        return {CODE: "编号", NAME: "目标指标", UNIT: "单位"}.get(column, "文号")

    def row_title(self, row: int) -> str:
        return f"{self.rows[row].target.id} {title_of(self.rows[row].target)}"

    def store(self, label: str, edits: Sequence[Edit], done: Saved, failed: Refused) -> None:
        paper, wanted = self.paper, [(self.rows[e.row], self.year_of(e.column), e.value) for e in edits]

        def action(op: Operation) -> None:
            entries = []
            for row, year, value in wanted:
                if value is None:
                    clear_quota(
                        op, target_id=row.target.id, year=year, document_number=paper.number, reason=paper.reason
                    )
                else:
                    entries.append(
                        QuotaEntry(
                            row.target.id,
                            year,
                            value,
                            row.unit,
                            paper.number or None,
                            paper.issued_on,
                            paper.reason or None,
                        )
                    )
            set_quotas(op, entries)

        self._session.write(label, action, lambda _: done(), failed)

    # -- Qt ---------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.paper_column + 1

    def look(self, row: int, column: int) -> CellLook:
        text, reason = self._refused_at(row, column)
        value = None if reason else self.value(row, column)
        dim = column in (CODE, UNIT, self.paper_column) or isinstance(value, State)
        return CellLook(
            text if reason else self.text(row, column, value),
            "secondary" if dim else "text",
            right=bool(self.year_of(column)),
            refused=bool(reason),
            doubtful=bool(self.doubt(row, column)),
        )

    def doubt(self, row: int, column: int) -> str:
        return self.doubts.get(self.rows[row].target.id, {}).get(self.year_of(column), "")

    def hint(self, row: int, column: int) -> str:
        found = self.rows[row]
        if column in (CODE, NAME):
            return f"{title_of(found.target)}\n方案原文：{found.target.quote}"
        if not self.year_of(column):
            return self.shown(row, column)
        quota = self.quota(row, column)
        lines = [self.problem(row, column), self.doubt(row, column)]
        if quota is not None:
            lines += [quota.document_number, quota.reason and f"理由：{quota.reason}"]
            lines.append(f"下达日期：{quota.issued_on}" if quota.issued_on else "")
            lines.append(f"文件上是{quota.amount}{quota.unit}" if quota.unit != found.unit else "")
        return "\n".join(line for line in lines if line)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGN_RIGHT if self.year_of(section) else ALIGN_LEFT
        return super().headerData(section, orientation, role)
