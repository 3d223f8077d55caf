"""One task's breakdown as a sheet: assignees × years, and what the chosen year's assignment says.

`AssignmentModel` holds the rows of assignees, `SummaryModel` the lines below them (小计, 县级目标, 余额). Both show one
`BreakdownGrid` that the page reads; sums and verdicts come with it.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont

from db.core.fields import Field, load_schema
from db.core.values import MICRO_DIGITS, Cell, State, from_micro, to_micro
from db.work.assignments import AssignmentEntry, clear_assignments, set_assignments
from db.work.breakdown import BreakdownCell, BreakdownGrid, BreakdownRow
from db.work.references import means_town
from db.work.row_names import row_name
from db.work.tasks import Duty
from desktop.cell_marks import Spot, marks_of
from desktop.models.amount_input import amount_reader, parse_amount, parse_tick
from desktop.models.locks import Lock, Locks
from desktop.models.sheet import (
    ALIGN_LEFT,
    ALIGN_RIGHT,
    MANY,
    CellLook,
    Edit,
    Index,
    Pasted,
    Place,
    Read,
    Refused,
    Saved,
    SheetModel,
    same,
)
from desktop.models.sheet_column import TEXTS, Column, Kind

if TYPE_CHECKING:
    from db.store.operation import Operation
    from desktop.session import Session

TEXT_NAMES = frozenset(name for name, _ in TEXTS)


def columns_of(grid: BreakdownGrid, year: int) -> tuple[Column, ...]:
    """Return the columns of the task's sheet; the texts are those of `year`'s assignments."""
    schema = load_schema("assignment")
    found = [Column(Kind.NAME, "责任主体", 112), Column(Kind.CLASS, "类别", 56)]
    wide = 78 if grid.duty is not Duty.COMPLETION else 72
    found += [Column(Kind.YEAR, f"{each}年", wide, "amount", each) for each in grid.years]
    if grid.overall is not None:
        found.append(Column(Kind.TOTAL, "合计", 84))
    for name, width in TEXTS:
        title = "电话" if name == "phone" else schema.field(name).title
        found.append(Column(Kind.TEXT, f"{year}年期限" if name == "deadline" else title, width, name))
    return tuple(found)


class AssignmentModel(SheetModel):
    """The assignees of one task; every entry is saved as it is made."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._schema = load_schema("assignment")
        self.grid: BreakdownGrid | None = None
        self.year = session.year
        self.columns: tuple[Column, ...] = ()
        self._amount: Field = self._schema.field("amount")
        self.locks = Locks()
        self.follow(marks_of(session))

    def show_grid(
        self, grid: BreakdownGrid | None, year: int, saves: frozenset[int] = frozenset()
    ) -> Sequence[int] | None:
        """Show a newly read grid; with the same rows and columns as before, selection and scroll position stay.

        Return the rows that are not as they were, None when they are many or all is new.
        """
        columns = columns_of(grid, year) if grid else ()
        same_shape = grid is not None and self._shape(self.grid, self.columns) == self._shape(grid, columns)
        self.settle(saves)
        before = self.rows
        if not same_shape:
            self.beginResetModel()
        self.grid, self.year, self.columns = grid, year, columns
        if grid is not None:
            self._amount = amount_reader(grid.task)
        if not same_shape:
            self.endResetModel()
            return None
        return self._tell_changed(before)

    def _tell_changed(self, before: Sequence[BreakdownRow]) -> Sequence[int] | None:
        """Tell of the rows that are not those of `before`; a grid that was only renewed has most of them still."""
        rows = [row for row, (old, new) in enumerate(zip(before, self.rows, strict=True)) if old is not new]
        if len(rows) > MANY:
            self.tell_all()
            return None
        for row in rows:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))
        return rows

    @staticmethod
    def _shape(grid: BreakdownGrid | None, columns: tuple[Column, ...]) -> object:
        return (grid.task_id, [row.assignee for row in grid.rows], columns) if grid else None

    @property
    def rows(self) -> tuple[BreakdownRow, ...]:
        """Return the rows of the grid."""
        return self.grid.rows if self.grid else ()

    def row_of(self, assignee_id: str) -> int:
        """Return the row of the assignee, -1 when it has none."""
        return next((row for row, each in enumerate(self.rows) if each.assignee.id == assignee_id), -1)

    def year_column(self, year: int) -> int:
        """Return the column of the year's amounts, -1 for none."""
        return next((c for c, column in enumerate(self.columns) if column.year == year), -1)

    def cell(self, row: int, column: int) -> BreakdownCell | None:
        """Return the assignment behind the cell, None when the assignee has none in that year."""
        return self.rows[row].cells.get(self.columns[column].year or self.year)

    def spot(self, row: int, column: int) -> Spot | None:
        found, cell = self.columns[column], self.cell(row, column)
        if cell is None or found.kind not in (Kind.YEAR, Kind.TEXT):
            return None
        return Spot(row_name("assignment", cell.assignment_id), found.field, found.kind is Kind.YEAR, TEXT_NAMES)

    def lock_of(self, row: int, column: int) -> Lock | None:
        """Return what locks the amount in this cell, None where 分配… has nothing to leave alone."""
        cell = self.cell(row, column) if self.columns[column].kind is Kind.YEAR and not self._ticks() else None
        if self.grid is None or cell is None or cell.micro is None:
            return None
        return (self.grid.task_id, self.columns[column].year, self.rows[row].assignee.id)

    def toggle_locks(self, indexes: Iterable[Index]) -> bool:
        """Lock the amounts in these cells, or let them go when all are locked; return whether there were any."""
        locks = [lock for index in indexes if (lock := self.lock_of(index.row(), index.column()))]
        self.locks.put(locks, not all(lock in self.locks for lock in locks))
        self.tell_all()
        return bool(locks)

    # -- SheetModel -------------------------------------------------------------------------------------------

    def key(self, row: int, column: int) -> Hashable:
        found = self.columns[column]
        task = self.grid.task_id if self.grid else ""
        return (task, self.rows[row].assignee.id, found.year or self.year, found.field or found.kind)

    def stored(self, row: int, column: int) -> Cell:
        found, line = self.columns[column], self.rows[row]
        if found.kind is Kind.NAME:
            return line.assignee.name
        if found.kind is Kind.CLASS:
            return line.assignee.kind_title
        if found.kind is Kind.TOTAL:
            return line.total
        cell = self.cell(row, column)
        if found.kind is Kind.YEAR:
            if self._ticks():
                return True if cell else None
            return cell.shown_amount if cell else None
        return cell.value(found.field) if cell else None

    def changing(self, edits: Iterable[Edit]) -> list[Edit]:
        """As in any sheet, but what the file holds is not made into thousands of decimals first."""
        if self._sent or self._ticks():
            return super().changing(edits)
        rows, years = self.rows, [column.year for column in self.columns]
        micros: dict[Decimal, int] = {}

        def changes(edit: Edit) -> bool:
            year, value = years[edit.column], edit.value
            if not year or not isinstance(value, Decimal):
                return not same(value, self.value(edit.row, edit.column))
            if value not in micros:
                micros[value] = to_micro(value)
            cell = rows[edit.row].cells.get(year)
            return cell is None or cell.micro != micros[value]

        return [edit for edit in edits if changes(edit)]

    def count_and_sum(self, places: Collection[Place]) -> tuple[int, Decimal]:
        """As in any sheet, but without making thousands of decimals."""
        years = {column: self.columns[column].year for _, column in places}
        if self._ticks() or not all(years.values()):
            return super().count_and_sum(places)
        rows, sent = self.rows, self._sent
        cells = [
            rows[row].cells.get(years[column])
            for row, column in places
            if not sent or self.key(row, column) not in sent
        ]
        amounts = [micro for cell in cells if cell is not None and (micro := cell.micro) is not None]
        if len(cells) == len(places):
            return len(amounts), from_micro(sum(amounts))
        on_the_way = [sent[key] for row, column in places if (key := self.key(row, column)) in sent]
        new = [cell for cell in on_the_way if isinstance(cell, Decimal)]
        return len(amounts) + len(new), from_micro(sum(amounts)) + sum(new, Decimal(0))

    def widest(self, column: int) -> str:
        """As in any sheet, found among the values: writing out a thousand figures to measure one takes too long."""
        found = self.columns[column]
        if found.kind is Kind.NAME:
            return max((line.assignee.name for line in self.rows), key=len, default="")
        if found.kind not in (Kind.YEAR, Kind.TOTAL) or self._ticks():
            return ""
        if found.kind is Kind.TOTAL:
            amounts = {line.micro for line in self.rows}
        else:
            amounts = {cell.micro for line in self.rows if (cell := line.cells.get(found.year))}
        longest = max(amounts - {None}, key=_length, default=None)
        return "" if longest is None else self.text(0, column, from_micro(longest))

    def has_text(self, column: int, rows: Iterable[int] | None = None) -> bool:
        field, lines = self.columns[column].field, self.rows
        chosen = lines if rows is None else [lines[row] for row in rows]
        return any(cell.has(field) for line in chosen if (cell := line.cells.get(self.year)))

    def _ticks(self) -> bool:
        return self.grid is not None and self.grid.duty is Duty.COMPLETION

    def is_open(self, row: int, column: int) -> bool:
        if self.grid is None or self._session.read_only or not (0 <= row < len(self.grid.rows)):
            return False
        return self.columns[column].kind in (Kind.YEAR, Kind.TEXT) and not self.grid.rows[row].assignee.deleted

    def _field(self, column: int) -> Field:
        found = self.columns[column]
        return self._schema.field(found.field) if found.kind is Kind.TEXT else self._amount

    def parse(self, row: int, column: int, text: str) -> Cell:
        if self.columns[column].kind is Kind.TEXT:
            return self._field(column).parse(text)
        assert self.grid is not None
        return parse_tick(text) if self._ticks() else parse_amount(self.grid.task, self._amount, text)

    def reads_alike(self, row: int, column: int) -> Hashable:
        return column

    def text(self, row: int, column: int, value: Cell, *, editing: bool = False) -> str:
        if self.columns[column].kind in (Kind.NAME, Kind.CLASS):
            return str(value)
        if value is True:
            return "√"
        field = self._field(column)
        return field.edit(value) if editing else field.show(value)

    def heading(self, column: int) -> str:
        return self.columns[column].title

    def field_of(self, column: int) -> Field | None:
        found = self.columns[column]
        return self._schema.field(found.field) if found.kind is Kind.TEXT else None

    def row_title(self, row: int) -> str:
        return self.rows[row].assignee.name

    def label(self, edits: Sequence[Edit]) -> str:
        words = super().label(edits)
        return f"{words}（{self.grid.title}）" if self.grid and len(edits) > 1 else words

    def store(self, label: str, edits: Sequence[Edit], done: Saved, failed: Refused) -> None:
        entries, cleared = self._entries(edits)

        def action(op: Operation) -> None:
            clear_assignments(op, cleared)
            set_assignments(op, entries)

        self._session.write(label, action, lambda _: done(), failed, rows=len(edits))

    def _entries(self, edits: Sequence[Edit]) -> tuple[list[AssignmentEntry], list[tuple[str, int, str]]]:
        """Return what to write and whose assignment to take away: a tick that goes takes the assignment with it."""
        assert self.grid is not None
        task_id, unit, ticks, rows = self.grid.task_id, self.grid.unit or None, self._ticks(), self.rows
        entries: list[AssignmentEntry] = []
        cleared: list[tuple[str, int, str]] = []
        for edit in edits:
            found, who = self.columns[edit.column], rows[edit.row].assignee
            year = found.year or self.year
            values: dict[str, Cell] = {found.field: edit.value}
            if found.year:
                if ticks and edit.value is None:
                    cleared.append((task_id, year, who.id))
                    continue
                values = {} if ticks else {"amount": edit.value, "unit": unit}
            entries.append(AssignmentEntry(task_id, year, who.kind, who.id, values))
        return entries, cleared

    def plan_cell(self, row: int, column: int, text: str, read: Read | None = None) -> Pasted:
        """As in any sheet; a line that begins with a name nobody here has is told at the name."""
        if row < 0:
            named = column < len(self.columns) and self.columns[column].kind is Kind.NAME
            problem = f"“{text}”不在责任主体里，请先添加，或改成表中的名称。" if named else ""
            return Pasted(text, row, column, problem=problem, ignored=not named)
        return super().plan_cell(row, column, text, read)

    def rows_of_block(self, row: int, column: int, block: Sequence[Sequence[str]]) -> list[int]:
        """Pasted onto the column of names, each line goes to the assignee it names, in whatever order they come."""
        if self.columns[column].kind is not Kind.NAME:
            return super().rows_of_block(row, column, block)
        titles = [self.row_title(place) for place in range(self.rowCount())]
        found = []
        for line in block:
            matches = [place for place, title in enumerate(titles) if means_town(title, line[0])]
            exact = [place for place in matches if titles[place] == line[0].strip()]
            only = exact or matches
            found.append(only[0] if len(only) == 1 else -1)
        return found

    # -- Qt ---------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def look(self, row: int, column: int) -> CellLook:
        found = self.columns[column]
        kind = found.kind
        line = self.rows[row]
        if kind is Kind.NAME:
            return CellLook(line.assignee.name)
        if kind is Kind.CLASS:
            return CellLook(line.assignee.kind_title, "secondary")
        text, reason = self._refused_at(row, column)
        refused = bool(reason)
        value = None if refused else self.value(row, column)
        doubtful = bool(self.doubt(row, column))
        if kind is Kind.YEAR and self._ticks() and not refused:
            return CellLook(tick=value is True, fixed=not self.is_open(row, column), doubtful=doubtful)
        if not refused and value is not None:
            text = self.text(row, column, value)
        return CellLook(
            text,
            "secondary" if isinstance(value, State) else "text",
            right=kind is not Kind.TEXT,
            bold=kind is Kind.TOTAL,
            refused=refused,
            doubtful=doubtful,
            locked=bool(self.locks) and self.lock_of(row, column) in self.locks,
        )

    def doubt(self, row: int, column: int) -> str:
        found, cell = self.columns[column], self.cell(row, column)
        return cell.doubt(found.field) if cell is not None and found.field else ""

    def is_multiline(self, row: int, column: int) -> bool:
        return self.columns[column].kind is Kind.TEXT and self._field(column).multiline

    def hint(self, row: int, column: int) -> str:
        found, cell = self.columns[column], self.cell(row, column)
        lines = [self.problem(row, column), self.doubt(row, column)]
        if self.lock_of(row, column) in self.locks:
            lines.append("已锁定：分配时保持这个数，关闭窗口前有效。")
        if found.kind is Kind.TEXT:
            lines.insert(0, self.shown(row, column))
        if cell and found.kind is Kind.YEAR and self.grid and not self._ticks():
            if cell.unit and cell.unit != self.grid.unit:
                lines.append(f"填写时是{cell.amount}{cell.unit}")
            city = self.grid.in_city_unit(cell.in_unit)
            if city is not None and self.grid.city_unit != self.grid.unit:
                lines.append(f"合{city:,f}{self.grid.city_unit}")
        if found.kind is Kind.NAME and self.rows[row].assignee.code:
            lines.append(f"{self.row_title(row)}　{self.rows[row].assignee.code}")
        return "\n".join(line for line in lines if line)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            found = self.columns[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                if found.kind is Kind.YEAR and self._ticks():
                    return Qt.AlignmentFlag.AlignCenter
                return ALIGN_RIGHT if found.kind in (Kind.YEAR, Kind.TOTAL) else ALIGN_LEFT
            if role == Qt.ItemDataRole.FontRole and found.year == self.year:
                bold = QFont()
                bold.setBold(True)
                return bold
            if role == Qt.ItemDataRole.ToolTipRole and found.kind is Kind.TEXT:
                return f"{self.year}年的{self._schema.field(found.field).title}；换年度请用窗口上方的年度按钮。"
        return super().headerData(section, orientation, role)


def _length(micro: int | None) -> int:
    """Return how many digits an amount given in millionths has when it is written out."""
    digits = str(micro)
    return max(len(digits), MICRO_DIGITS + 1) - min(len(digits) - len(digits.rstrip("0")), MICRO_DIGITS)
