"""The model of a large table: the ordered numbers of all rows, and a window of the rows that are looked at.

Nothing here fetches while it is asked: `data` answers from the window and notes what is missing; the missing rows are
read off the GUI thread and arrive by `dataChanged`. Sorting, filters and search are the query's.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from db.core.changes import Changes
from db.core.fields import Field, TableSchema, row_problems
from db.core.values import Cell
from db.store import records
from db.store.filters import Filter
from db.store.query import Row, Sort, TableQuery
from desktop.cell_marks import CellMark, Spot, marks_of
from desktop.models.grid_query import GridQuery
from desktop.models.grid_rows import Edits, GridRow, read_rows, text_of
from desktop.session import Session

if TYPE_CHECKING:
    from db.store.operation import Operation

Index = QModelIndex | QPersistentModelIndex
CHUNK = 100
KEPT_CHUNKS = 24
MOST_AT_ONCE = 4

CELL_ROLE = Qt.ItemDataRole.UserRole
PROBLEM_ROLE = Qt.ItemDataRole.UserRole + 1
FIELD_ROLE = Qt.ItemDataRole.UserRole + 2
MARK_ROLE = Qt.ItemDataRole.UserRole + 3
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class _Loaded:
    seqs: array[int]
    first: int
    rows: list[GridRow]


class GridModel(QAbstractTableModel):
    """Rows of `query`, columns the schema's fields, frozen ones first.

    `loaded(count)` follows every new order of rows, `rows_arrived` every window of them. A row changed in the grid
    keeps its place until the order is asked for anew, so that nothing jumps while the clerk types.
    """

    loaded = Signal(int)
    rows_arrived = Signal()
    query_changed = Signal()

    def __init__(self, session: Session, query: TableQuery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.schema: TableSchema = query.schema
        self.fields: list[Field] = sorted(query.schema.fields, key=lambda each: not each.frozen)
        self.asked = GridQuery(query)
        self.query = query
        self.editable = True
        self.is_loaded = False
        self._seqs: array[int] = array("q")
        self._chunks: OrderedDict[int, list[GridRow | None]] = OrderedDict()
        self._missing: list[int] = []
        self._pending: list[int] = []
        self._generation = 0
        self._own_operations: set[int] = set()
        self._top = self._bottom = 0
        self._columns = {each.name: number for number, each in enumerate(self.fields)}
        self._fetch_timer = QTimer(self, singleShot=True, interval=0)
        self._fetch_timer.timeout.connect(self._fetch)
        session.changed.connect(self._on_changed)
        self._marks = marks_of(session)
        self._marks.renewed.connect(self._all_changed)

    # -- the query --------------------------------------------------------------------------------------------

    def set_query(self, query: TableQuery) -> None:
        """Show another query of the same schema; filters, sort and search set by hand are dropped."""
        self.asked = GridQuery(query)
        self._compose()

    def set_search(self, text: str) -> None:
        """Show the rows that hold `text`."""
        if text != self.asked.search:
            self.asked.search = text
            self._compose()

    def set_filter(self, name: str, condition: Filter | None) -> None:
        """Set or take away the condition on a column."""
        if condition is None:
            self.asked.filters.pop(name, None)
        else:
            self.asked.filters[name] = condition
        self._compose()

    def clear_filters(self) -> None:
        """Take away search and all conditions on columns."""
        self.asked.filters, self.asked.search = {}, ""
        self._compose()

    def set_sorts(self, sorts: tuple[Sort, ...]) -> None:
        """Order by these columns, the first one first; by none, as the page orders."""
        self.asked.sorts = sorts
        self._compose()

    def ask(self, filters: Iterable[Filter], sorts: tuple[Sort, ...], search: str) -> None:
        """Show what a saved view says."""
        self.asked.filters = {each.field: each for each in filters}
        self.asked.sorts, self.asked.search = sorts, search
        self._compose()

    def _compose(self) -> None:
        self.query = self.asked.composed()
        self.query_changed.emit()
        self.refresh(keep=False)

    def refresh(self, *, keep: bool = True) -> None:
        """Ask for the order of rows anew; the window around the rows now shown comes with it."""
        query, schema, top = self.query, self.schema, self._top if keep else 0

        def read(conn: sqlite3.Connection) -> _Loaded:
            seqs = query.seqs(conn)
            first = min(top, max(len(seqs) - 1, 0)) // CHUNK * CHUNK
            return _Loaded(seqs, first, read_rows(conn, query, schema, seqs[first : first + CHUNK]))

        self.session.read(read, self._take, owner=self, key="order")

    def _take(self, loaded: _Loaded) -> None:
        self._generation += 1
        self.is_loaded = True
        self._missing.clear()
        self._pending.clear()
        if loaded.seqs == self._seqs:
            self._chunks.clear()
            self._keep(loaded.first // CHUNK, loaded.rows)
            self._all_changed()
        else:
            self.beginResetModel()
            self._seqs = loaded.seqs
            self._chunks.clear()
            self._keep(loaded.first // CHUNK, loaded.rows)
            self.endResetModel()
        self.loaded.emit(len(self._seqs))

    def _all_changed(self) -> None:
        if self._seqs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._seqs) - 1, len(self.fields) - 1))

    # -- the window -------------------------------------------------------------------------------------------

    def look_at(self, first: int, last: int) -> None:
        """Say which rows are on the screen; the window is kept around them."""
        self._top, self._bottom = max(first, 0), max(last, 0)
        for chunk in range(self._top // CHUNK, min(last, len(self._seqs) - 1) // CHUNK + 1):
            if chunk in self._chunks:
                self._chunks.move_to_end(chunk)

    def _need(self, chunk: int) -> None:
        if chunk not in self._missing and chunk not in self._pending:
            self._missing.append(chunk)
            if not self._fetch_timer.isActive():
                self._fetch_timer.start()

    def _fetch(self) -> None:
        if not self._missing or not self.session.is_open:
            return
        # What was asked for last is what is on the screen; a newer read replaces the one on its way.
        wanted = list(dict.fromkeys(reversed(self._pending + self._missing)))[:MOST_AT_ONCE]
        self._missing, self._pending = [], wanted
        generation, query, schema = self._generation, self.query, self.schema
        parts = {chunk: self._seqs[chunk * CHUNK : (chunk + 1) * CHUNK] for chunk in wanted}

        def read(conn: sqlite3.Connection) -> dict[int, list[GridRow]]:
            return {chunk: read_rows(conn, query, schema, seqs) for chunk, seqs in parts.items()}

        def take(read_rows: dict[int, list[GridRow]]) -> None:
            if generation != self._generation:
                return
            self._pending = [chunk for chunk in self._pending if chunk not in read_rows]
            for chunk, rows in read_rows.items():
                self._keep(chunk, rows)
                end = min((chunk + 1) * CHUNK, len(self._seqs)) - 1
                self.dataChanged.emit(self.index(chunk * CHUNK, 0), self.index(end, len(self.fields) - 1))
            self.rows_arrived.emit()

        def failed(error: Exception) -> None:
            self._pending.clear()
            self.session.problem.emit(error)

        self.session.read(read, take, owner=self, key="window", failed=failed)

    def _keep(self, chunk: int, rows: Iterable[GridRow]) -> None:
        by_seq = {each.row.seq: each for each in rows}
        seqs = self._seqs[chunk * CHUNK : (chunk + 1) * CHUNK]
        self._chunks[chunk] = [by_seq.get(seq) for seq in seqs]
        self._chunks.move_to_end(chunk)
        while len(self._chunks) > KEPT_CHUNKS:
            self._chunks.popitem(last=False)

    def _grid_row(self, row: int) -> GridRow | None:
        chunk = self._chunks.get(row // CHUNK)
        if chunk is None:
            self._need(row // CHUNK)
            return None
        place = row % CHUNK
        return chunk[place] if place < len(chunk) else None

    def row_at(self, row: int) -> Row | None:
        """Return the row when it is in the window, else None (it is then asked for)."""
        found = self._grid_row(row)
        return found.row if found is not None else None

    def row_id(self, row: int) -> str:
        """Return the id of a row in the window, "" when it is not there yet."""
        found = self.row_at(row)
        return found.id if found is not None else ""

    def seqs(self, first: int, count: int) -> array[int]:
        """Return the row numbers of `count` rows from `first` on."""
        return self._seqs[first : first + count]

    def find(self, row_id: str, then: Callable[[int], object], absent: Callable[[], object] | None = None) -> None:
        """Call `then` with the place of the row with this id, or `absent` when it is not among those shown."""
        query, seqs = self.query, self._seqs

        def take(place: int | None) -> None:
            if place is None:
                if absent is not None:
                    absent()
            elif seqs is self._seqs:
                then(place)

        self.session.read(lambda conn: query.position(conn, row_id, seqs), take, owner=self, key=f"find {row_id}")

    # -- what Qt asks -----------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._seqs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.fields)

    def column_of(self, name: str) -> int:
        """Return the column of the field `name`."""
        return self._columns[name]

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return base | Qt.ItemFlag.ItemIsEditable if self.can_edit(index.column()) else base

    def can_edit(self, column: int) -> bool:
        """Return whether cells of this column can be changed now."""
        frozen_data = self.session.read_only or not self.editable or self.query.deleted
        return not frozen_data and not self.fields[column].read_only

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.fields):
            return None
        own = self.fields[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return own.heading
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{own.heading}\n{own.help}" if own.help else own.heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if own.is_number else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        own = self.fields[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if own.is_number else _LEFT
        if role == FIELD_ROLE:
            return own
        found = self._grid_row(index.row())
        if found is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return text_of(own, found.row)
        if role == CELL_ROLE:
            return found.row.values.get(own.name)
        if role == PROBLEM_ROLE:
            return found.problems.get(own.name)
        if role == MARK_ROLE:
            return self._mark(found, own)
        if role == Qt.ItemDataRole.ToolTipRole:
            problem, mark = found.problems.get(own.name), self._mark(found, own)
            lines = (problem.sentence() if problem is not None else "", mark.words if mark is not None else "")
            return "\n".join(filter(None, lines)) or None
        return None

    def _mark(self, found: GridRow, own: Field) -> CellMark | None:
        if self._marks.is_empty or found.row.deleted_at is not None:
            return None
        home = own is self.fields[0]  # what is said of the whole row, or of a field that is no more
        return self._marks.at(Spot((self.schema.table, found.row.id), own.name, home, self.schema.by_name))

    # -- changing ---------------------------------------------------------------------------------------------

    def write(
        self,
        label: str,
        edits: Edits,
        done: Callable[[list[str]], object] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Save `edits` in one step called `label`; `done` gets the ids of the new rows."""
        schema, own = self.schema, self._own_operations

        def action(op: Operation) -> list[str]:
            own.add(op.id)
            records.update_many(op, schema, edits.updates)
            return records.insert_many(op, schema, edits.inserts) if edits.inserts else []

        def fail(error: Exception) -> None:
            self._forget_rows({row_id for row_id, _ in edits.updates})
            if failed is not None:
                failed(error)
            else:
                self.session.problem.emit(error)

        self.session.write(label, action, done, fail, rows=len(edits.updates) + len(edits.inserts))

    def set_cell(self, row_id: str, column: int, cell: Cell, label: str, row: int = -1) -> None:
        """Save one cell; it is shown at once when its place `row` is in the window. `label`: a reference's name."""
        own = self.fields[column]
        found = self._grid_row(row) if row >= 0 else None
        if found is not None and found.row.id == row_id:
            if found.row.values.get(own.name) == cell:
                return
            self.show_at_once(found, own, cell, label)
            changed = self.index(row, column)
            self.dataChanged.emit(changed, changed)
        self.write(f"修改「{self.schema.title}」的{own.title}", Edits(updates=[(row_id, {own.name: cell})]))

    def show_at_once(self, found: GridRow, own: Field, cell: Cell, label: str) -> None:
        """Put a value into the window ahead of its being saved."""
        found.row.values[own.name] = cell
        if own.ref:
            found.row.labels[own.name] = label
        found.problems = row_problems(self.schema, found.row.values)

    def delete_rows(self, row_ids: Sequence[str], done: Callable[[int], None] | None = None) -> None:
        """Move rows to the recycle bin."""
        label = f"删除「{self.schema.title}」{len(row_ids)}行"
        self.session.write(label, lambda op: records.delete(op, self.schema, row_ids), done)

    def restore_rows(self, row_ids: Sequence[str], done: Callable[[int], None] | None = None) -> None:
        """Bring rows back from the recycle bin."""
        label = f"恢复「{self.schema.title}」{len(row_ids)}行"
        self.session.write(label, lambda op: records.restore(op, self.schema, row_ids), done)

    def _on_changed(self, changes: Changes) -> None:
        if not self.is_loaded:
            return
        if changes.touches(self.schema.table):
            ids: Mapping[str, frozenset[str]] = changes.rows
            if changes.operation_id in self._own_operations and not self._adds_rows(ids.get(self.schema.table)):
                self._own_operations.discard(changes.operation_id)
                self._forget_rows(ids.get(self.schema.table, frozenset()))
            else:
                self.refresh()
        elif changes.touches(*(each.ref for each in self.fields if each.ref)):
            self._chunks.clear()
            self._all_changed()

    def _adds_rows(self, ids: frozenset[str] | None) -> bool:
        """Return whether a step of ours changed rows that are not in the window: new ones, or many pasted far away."""
        known = {each.row.id for chunk in self._chunks.values() for each in chunk if each is not None}
        return not (ids or frozenset()) <= known

    def _forget_rows(self, ids: Iterable[str]) -> None:
        """Read the rows with these ids anew: those on the screen now (they stay until then), others when looked at."""
        wanted = set(ids)
        on_screen = range(self._top // CHUNK, self._bottom // CHUNK + 1)
        for chunk, rows in list(self._chunks.items()):
            if not any(each is not None and each.row.id in wanted for each in rows):
                continue
            if chunk not in on_screen:
                del self._chunks[chunk]
            elif chunk not in self._missing:
                # Even when it is on its way: what comes may have been read before the change.
                self._missing.append(chunk)
                self._fetch_timer.start()
