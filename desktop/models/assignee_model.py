"""One assignee's tasks as a sheet: tasks × years, and what the chosen year's assignments say."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from db.core.fields import Field, load_schema
from db.core.values import Cell, State
from db.work.assignee_tasks import AssigneeTask
from db.work.assignments import AssignmentEntry, clear_assignments, set_assignments
from db.work.breakdown import Assignee, BreakdownCell
from db.work.tasks import Duty
from desktop.models.amount_input import amount_reader, parse_amount, parse_tick
from desktop.models.sheet import ALIGN_LEFT, ALIGN_RIGHT, CellLook, Edit, Index, Refused, Saved, SheetModel
from desktop.models.sheet_column import TEXTS, Column, Kind

if TYPE_CHECKING:
    from db.store.operation import Operation
    from desktop.session import Session

CODE, TITLE, UNIT = "code", "title", "unit"


def columns_of(years: Sequence[int], year: int) -> tuple[Column, ...]:
    """Return the columns of an assignee's sheet; the texts are those of `year`'s assignments."""
    schema = load_schema("assignment")
    found = [Column(Kind.CLASS, "编号", 70, CODE), Column(Kind.NAME, "任务", 150, TITLE)]
    found.append(Column(Kind.CLASS, "单位", 60, UNIT))
    found += [Column(Kind.YEAR, f"{each}年", 80, "amount", each) for each in years]
    found.append(Column(Kind.TOTAL, "合计", 84))
    for name, width in TEXTS:
        title = "电话" if name == "phone" else schema.field(name).title
        found.append(Column(Kind.TEXT, f"{year}年期限" if name == "deadline" else title, width, name))
    return tuple(found)


class AssigneeModel(SheetModel):
    """The tasks of one assignee; every entry is saved as it is made."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._schema = load_schema("assignment")
        self.assignee: Assignee | None = None
        self.tasks: tuple[AssigneeTask, ...] = ()
        self.year = session.year
        self.columns: tuple[Column, ...] = ()

    def show_tasks(
        self, assignee: Assignee | None, tasks: Sequence[AssigneeTask], year: int, saves: frozenset[int] = frozenset()
    ) -> None:
        """Show newly read tasks; with the same rows and columns as before, selection and scroll position stay."""
        columns = columns_of(self._session.catalogue.years, year) if assignee else ()
        before = (self.assignee and self.assignee.id, [each.task.id for each in self.tasks], self.columns)
        same_shape = before == (assignee and assignee.id, [each.task.id for each in tasks], columns)
        self.settle(saves)
        if not same_shape:
            self.beginResetModel()
        self.assignee, self.tasks, self.year, self.columns = assignee, tuple(tasks), year, columns
        if same_shape:
            self.tell_all()
        else:
            self.endResetModel()

    def row_of(self, task_id: str) -> int:
        """Return the row of the task, -1 when it is not among them."""
        return next((row for row, each in enumerate(self.tasks) if each.task.id == task_id), -1)

    def cell(self, row: int, column: int) -> BreakdownCell | None:
        """Return the assignment behind the cell, None when there is none in that year."""
        return self.tasks[row].cells.get(self.columns[column].year or self.year)

    # -- SheetModel -------------------------------------------------------------------------------------------

    def key(self, row: int, column: int) -> Hashable:
        found = self.columns[column]
        who = self.assignee.id if self.assignee else ""
        return (who, self.tasks[row].task.id, found.year or self.year, found.field)

    def stored(self, row: int, column: int) -> Cell:
        found, line = self.columns[column], self.tasks[row]
        if found.kind in (Kind.NAME, Kind.CLASS):
            return {CODE: line.task.id, TITLE: line.title, UNIT: line.unit}[found.field]
        if found.kind is Kind.TOTAL:
            return line.total
        cell = self.cell(row, column)
        if cell is None:
            return None
        if found.kind is Kind.YEAR:
            if self._ticks(row):
                return True
            return cell.shown_amount
        return cell.value(found.field)

    def _ticks(self, row: int) -> bool:
        return self.tasks[row].duty is Duty.COMPLETION

    def is_open(self, row: int, column: int) -> bool:
        if self.assignee is None or self.assignee.deleted or self._session.read_only or not 0 <= row < len(self.tasks):
            return False
        return self.columns[column].kind in (Kind.YEAR, Kind.TEXT)

    def _field(self, row: int, column: int) -> Field:
        found = self.columns[column]
        return self._schema.field(found.field) if found.kind is Kind.TEXT else amount_reader(self.tasks[row].task)

    def parse(self, row: int, column: int, text: str) -> Cell:
        field = self._field(row, column)
        if self.columns[column].kind is Kind.TEXT:
            return field.parse(text)
        return parse_tick(text) if self._ticks(row) else parse_amount(self.tasks[row].task, field, text)

    def text(self, row: int, column: int, value: Cell, *, editing: bool = False) -> str:
        if self.columns[column].kind in (Kind.NAME, Kind.CLASS):
            return str(value)
        if value is True:
            return "√"
        if self.columns[column].kind is Kind.TOTAL and self.tasks[row].apart:
            return "" if editing else "—"
        field = self._field(row, column)
        return field.edit(value) if editing else field.show(value)

    def heading(self, column: int) -> str:
        return self.columns[column].title

    def field_of(self, column: int) -> Field | None:
        found = self.columns[column]
        return self._schema.field(found.field) if found.kind is Kind.TEXT else None

    def row_title(self, row: int) -> str:
        return self.tasks[row].title

    def label(self, edits: Sequence[Edit]) -> str:
        return f"{self.assignee.name if self.assignee else ''}：{super().label(edits)}"

    def store(self, label: str, edits: Sequence[Edit], done: Saved, failed: Refused) -> None:
        assert self.assignee is not None
        who, entries, cleared = self.assignee, [], []
        for edit in edits:
            found, line = self.columns[edit.column], self.tasks[edit.row]
            year = found.year or self.year
            values: dict[str, Cell] = {found.field: edit.value}
            if found.kind is Kind.YEAR and self._ticks(edit.row):
                if edit.value is None:
                    cleared.append((line.task.id, year, who.id))
                    continue
                values = {}
            elif found.kind is Kind.YEAR:
                values["unit"] = line.unit or None
            entries.append(AssignmentEntry(line.task.id, year, who.kind, who.id, values))

        def action(op: Operation) -> None:
            clear_assignments(op, cleared)
            set_assignments(op, entries)

        self._session.write(label, action, lambda _: done(), failed, rows=len(edits))

    # -- Qt ---------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.tasks)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def look(self, row: int, column: int) -> CellLook:
        found = self.columns[column]
        text, reason = self._refused_at(row, column)
        refused = bool(reason)
        value = None if refused else self.value(row, column)
        doubtful = bool(self.doubt(row, column))
        if found.kind is Kind.YEAR and self._ticks(row) and not refused:
            return CellLook(tick=value is True, fixed=not self.is_open(row, column), doubtful=doubtful)
        total = found.kind is Kind.TOTAL
        dim = (total and bool(self.tasks[row].apart)) or found.field in (CODE, UNIT) or isinstance(value, State)
        return CellLook(
            text if refused else self.text(row, column, value),
            "secondary" if dim else "text",
            right=found.kind in (Kind.YEAR, Kind.TOTAL),
            bold=total,
            refused=refused,
            doubtful=doubtful,
        )

    def doubt(self, row: int, column: int) -> str:
        found, cell = self.columns[column], self.cell(row, column)
        return cell.doubt(found.field) if cell is not None and found.field else ""

    def is_multiline(self, row: int, column: int) -> bool:
        return self.columns[column].kind is Kind.TEXT and self._field(row, column).multiline

    def hint(self, row: int, column: int) -> str:
        apart = self.tasks[row].apart if self.columns[column].kind is Kind.TOTAL else ""
        lines = [apart, self.shown(row, column), self.problem(row, column), self.doubt(row, column)]
        return "\n".join(line for line in lines if line)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        right = section < len(self.columns) and self.columns[section].kind in (Kind.YEAR, Kind.TOTAL)
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGN_RIGHT if right else ALIGN_LEFT
        return super().headerData(section, orientation, role)
