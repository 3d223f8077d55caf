"""A month as a sheet: one line for each task and assignee that something is due of; every entry is saved as it is made.

The lines of the whole month are known at once, with figure and lamp; what else stands in a row (names, last month,
texts) comes by `RowWindow` for the rows that are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from db.core.errors import DataProblem
from db.core.field import Field
from db.core.fields import load_schema
from db.core.values import Cell, State
from db.plan.words import tip, word
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.grid import MonthGrid
from db.work.monthly.lines import Line
from db.work.monthly.model import FigureKind, Filing, RowKey
from db.work.monthly.rows import MonthRow
from db.work.row_names import ENTRY, row_name
from desktop.cell_marks import Spot, marks_of
from desktop.models.month_columns import (
    CHANGE,
    FIGURE,
    LAMP,
    LAST,
    SINCE,
    TEXTS,
    TITLE,
    UNIT,
    WHO,
    YEAR_AGO,
    beside_text,
    figure_cell,
    month_columns,
)
from desktop.models.month_input import FigureReader, figure_reader
from desktop.models.month_window import CHUNK, MOST_ROWS, RowWindow
from desktop.models.sheet import ALIGN_LEFT, ALIGN_RIGHT, CellLook, Edit, Index, Refused, Saved, SheetModel
from desktop.models.sheet_column import Column, Kind

if TYPE_CHECKING:
    from desktop.session import Session

OVERRIDE = "entry.override"
DIM = (LAST, CHANGE, UNIT, YEAR_AGO, SINCE)
COUNTED = (Kind.YEAR, Kind.TOTAL)
TEXT_NAMES = frozenset(name for name, _ in TEXTS)


class MonthModel(SheetModel):
    """Shows the lines at `places` of a `MonthGrid`.

    `reason_wanted(again, sentence)` when a figure differs from what the registers give; `again(reason)` saves it.
    """

    rows_arrived = Signal()
    reason_wanted = Signal(object, str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._schema = load_schema("progress")
        self.columns: tuple[Column, ...] = month_columns()
        self.window = RowWindow(session, self)
        self.window.arrived.connect(self._tell_arrived)
        self.county = ""
        self._readers: dict[str, FigureReader] = {}
        self._lines: dict[int, Line] = {}
        self.follow(marks_of(session))

    # -- what is shown ----------------------------------------------------------------------------------------

    @property
    def grid(self) -> MonthGrid | None:
        """Return the month that is shown."""
        return self.window.grid

    def show_month(
        self,
        grid: MonthGrid,
        places: Sequence[int],
        saves: frozenset[int] = frozenset(),
        fresh: Mapping[RowKey, MonthRow] | None = None,
        written: Collection[RowKey] | None = None,
    ) -> None:
        """Show these lines of a newly read month; with the same lines as before, selection and scroll position stay.

        `fresh` are rows read together with the grid; others are read when they are looked at. `written` are the lines
        whose entries were written since the last read, where it is known that nothing else was.
        """
        same = self.window.is_same(grid, places)
        self.settle(saves)
        if same:
            changed = self.window.changed(grid, written)
            self._take(grid, places, fresh or {}, written)
            if changed:
                self._tell_rows(changed[0], changed[-1])
            return
        self.beginResetModel()
        self._take(grid, places, fresh or {}, None)
        self.endResetModel()

    def _take(
        self,
        grid: MonthGrid,
        places: Sequence[int],
        fresh: Mapping[RowKey, MonthRow],
        written: Collection[RowKey] | None,
    ) -> None:
        self.window.show(grid, places, fresh, written)
        self._lines.clear()

    def line(self, row: int) -> Line:
        """Return the line shown in a row; each is asked for many times while it is drawn."""
        found = self._lines.get(row)
        if found is None:
            assert self.grid is not None
            if len(self._lines) > MOST_ROWS:
                self._lines.clear()
            found = self._lines[row] = self.grid.lines[self.window.places[row]]
        return found

    def spot(self, row: int, column: int) -> Spot | None:
        found, key = self.columns[column], self.window.keys[row]
        if self.grid is None or found.kind not in (Kind.YEAR, Kind.TEXT):
            return None
        name = row_name(ENTRY, self.grid.period, key.task_id, key.assignee_id)
        return Spot(name, found.field, found.kind is Kind.YEAR, TEXT_NAMES)

    def month_row(self, row: int) -> MonthRow | None:
        """Return all that is known of a row; None while it is being read."""
        return self.window.row(row)

    def row_of(self, key: RowKey) -> int:
        """Return the row of a line, -1 when it is not shown."""
        return self.window.row_of(key)

    def keys(self) -> list[RowKey]:
        """Return the lines that are shown, in order."""
        return self.window.keys

    def _tell_arrived(self, first: int, last: int) -> None:
        self._tell_rows(first, last)
        self.rows_arrived.emit()

    def _tell_rows(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def when_whole(self, then: Callable[[], object]) -> None:
        self.window.read_all(then)

    # -- SheetModel -------------------------------------------------------------------------------------------

    def key(self, row: int, column: int) -> Hashable:
        """Return the month, the line and the field: what was refused in one month is none of another's."""
        period = self.grid.period if self.grid is not None else None
        return (period, self.window.keys[row], self.columns[column].field)

    def stored(self, row: int, column: int) -> Cell:
        found, line = self.columns[column], self.line(row)
        match found.field:
            case "figure":
                return figure_cell(line)
            case "title":
                return line.due.title
            case "unit":
                return line.due.unit
            case "lamp":
                return line.lamp.word
        shown = self.month_row(row)
        if shown is None:
            return None
        if found.kind is Kind.TEXT:
            return getattr(shown.now, found.field) or None
        return beside_text(shown, found.field, self.county)

    def is_open(self, row: int, column: int) -> bool:
        if self.grid is None or self.grid.state.closed or self._session.read_only or not 0 <= row < self.rowCount():
            return False
        return self.columns[column].kind in (Kind.YEAR, Kind.TEXT)

    def why_closed(self) -> str:
        if self.grid is not None and self.grid.state.closed:
            return f"{self.grid.period.title}已经完成、锁定。要改请点“重新打开…”。"
        return super().why_closed()

    def reader(self, row: int) -> FigureReader:
        """Return what reads the figures of a row."""
        due = self.line(row).due
        if due.id not in self._readers:
            self._readers[due.id] = figure_reader(due.task, due.kind)
        return self._readers[due.id]

    def parse(self, row: int, column: int, text: str) -> Cell:
        found = self.columns[column]
        return self._schema.field(found.field).parse(text) if found.kind is Kind.TEXT else self.reader(row).parse(text)

    def text(self, row: int, column: int, value: Cell, *, editing: bool = False) -> str:
        found = self.columns[column]
        if found.kind is Kind.YEAR:
            return self.reader(row).show(value, editing=editing)
        if found.kind is Kind.TEXT:
            field = self._schema.field(found.field)
            return field.edit(value) if editing else field.show(value)
        return "" if value is None else str(value)

    def heading(self, column: int) -> str:
        return self.columns[column].title

    def row_title(self, row: int) -> str:
        shown = self.month_row(row)
        return f"{shown.assignee} {shown.title}" if shown is not None else self.line(row).due.title

    def label(self, edits: Sequence[Edit]) -> str:
        month = f"{self.grid.period.month}月" if self.grid is not None else ""
        return f"{month}{super().label(edits)}"

    def widest(self, column: int) -> str:
        """As in any sheet, of the rows that have been looked at: nobody waits for a year's lines to be measured."""
        known = [row for row in range(min(self.rowCount(), CHUNK)) if self.window.has(row)]
        return max((self.shown(row, column) for row in known), key=len, default="")

    def has_text(self, column: int, rows: Iterable[int] | None = None) -> bool:
        return rows is None or super().has_text(column, rows)

    def store(self, label: str, edits: Sequence[Edit], done: Saved, failed: Refused) -> None:
        assert self.grid is not None
        period, changes = self.grid.period, self._changes(edits)
        keys = [self.key(edit.row, edit.column) for edit in edits]

        def again(reason: str) -> None:
            """Save them all the same, with the reason why they differ from the registers."""
            given = [replace(each, values={**each.values, "override_reason": reason}) for each in changes]
            self._session.write(label, lambda op: set_entries(op, period, given), lambda _: self.forgive(keys))

        def refused(failure: Exception) -> None:
            failed(failure)
            if isinstance(failure, DataProblem) and failure.code == OVERRIDE:
                self.reason_wanted.emit(again, failure.message)

        self._session.write(label, lambda op: set_entries(op, period, changes), lambda _: done(), refused)

    def _changes(self, edits: Sequence[Edit]) -> list[EntryChange]:
        """Return one change for each line."""
        values: dict[RowKey, dict[str, Cell]] = {}
        for edit in edits:
            found, own = self.columns[edit.column], values.setdefault(self.line(edit.row).key, {})
            if found.kind is Kind.YEAR:
                own |= self.reader(edit.row).cells(edit.value)
            else:
                own[found.field] = edit.value
        return [EntryChange(key, own) for key, own in values.items()]

    # -- Qt ---------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.window.places)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def look(self, row: int, column: int) -> CellLook:
        found = self.columns[column]
        return CellLook(
            self.shown(row, column) or self._stand_in(row, found),
            self._tone(row, column),
            right=found.kind in COUNTED,
            bold=found.kind is Kind.YEAR,
            refused=bool(self.problem(row, column)),
            doubtful=bool(self.doubt(row, column)),
            lamp=self.line(row).lamp.value if found.field == LAMP else "",
        )

    def doubt(self, row: int, column: int) -> str:
        shown = self.month_row(row) if self.columns[column].kind is Kind.YEAR else None
        return "\n".join(shown.doubts) if shown is not None else ""

    def choices(self, row: int, column: int) -> Field | None:
        if self.columns[column].kind is not Kind.YEAR or self.line(row).due.kind is not FigureKind.STAGE:
            return None
        stages = self._schema.field("stage")
        return replace(stages, enum=(*stages.enum, *(state.value for state in State)))

    def is_multiline(self, row: int, column: int) -> bool:
        return self.columns[column].kind is Kind.TEXT

    def _stand_in(self, row: int, found: Column) -> str:
        """Return what stands, grey, where nothing was filed."""
        filing = self.line(row).filing
        return filing.value if found.kind is Kind.YEAR and filing in (Filing.MISSING, Filing.FINISHED) else ""

    def _tone(self, row: int, column: int) -> str:
        found = self.columns[column]
        if found.field in DIM:
            return "secondary"
        value = self.value(row, column)
        return "secondary" if found.kind is Kind.YEAR and (value is None or isinstance(value, State)) else "text"

    def hint(self, row: int, column: int) -> str:
        found = self.columns[column]
        shown = self.month_row(row)
        if shown is not None and found.field in (LAMP, WHO):
            return shown.lamp.sentence if found.field == LAMP else shown.assignee
        lines = [self.shown(row, column) if found.kind in (Kind.TEXT, Kind.NAME) else "", self.problem(row, column)]
        lines.append(self.doubt(row, column))
        if found.field == TITLE:
            due = self.line(row).due
            lines.append(f"{due.id}　{word(due.measure)}。{tip(due.measure)}")
        return "\n".join(line for line in lines if line)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return ALIGN_RIGHT if self.columns[section].kind in COUNTED else ALIGN_LEFT
            if role == Qt.ItemDataRole.ToolTipRole and self.columns[section].field == FIGURE:
                return self._schema.field("amount").help
        return super().headerData(section, orientation, role)
