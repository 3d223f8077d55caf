"""A unit's month that comes back: its tasks' figures and its projects' reports, known by what they are about.

An entry need not exist yet, and its id says little: `task_id`, or `register` and `row_id`, say which it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from db.core.errors import DataProblem
from db.core.period import Period
from db.core.text import fold_choice, quote
from db.core.values import Cell
from db.exchange.cells.model import Raw
from db.exchange.unit_book.form import PROGRESS, BookTable, Column
from db.exchange.unit_book.found import FoundTable
from db.exchange.unit_book.known import KnownRows, select
from db.exchange.unit_book.monthly_rows import Month
from db.exchange.unit_book.owners import Fault
from db.exchange.unit_book.reading import CellProblem, Change, Fate, ReadRow, ReadTable
from db.exchange.unit_book.row_keys import Key
from db.exchange.unit_book.rows import BookRow
from db.exchange.unit_book.sheet_entry import Entry
from db.plan.catalogue import Catalogue
from db.store.records import get_many
from db.work.amounts import check_amount
from db.work.assignees import Assignee
from db.work.monthly.model import Filed, RowKey, unit_shown
from db.work.monthly.rows import filed_from
from db.work.tasks import task_of

_FIGURES = ("amount", "numerator", "denominator", "stage")


@dataclass
class MonthRows:
    """The lines that a unit has to fill in for a month, with what it has filed so far."""

    conn: sqlite3.Connection
    catalogue: Catalogue
    table: BookTable
    unit: Assignee
    period: Period
    base_seq: int | None = None
    has_base: bool = True
    present: KnownRows = field(init=False)
    title_code: str = field(init=False)
    _due: dict[Key, BookRow] = field(init=False)
    _keys: dict[int, Key] = field(init=False, default_factory=dict)
    _units: dict[int, str] = field(init=False, default_factory=dict)
    _ids: dict[str, Key] = field(init=False)
    _month: Month = field(init=False)

    def __post_init__(self) -> None:
        """Read which lines are due, and what there is of them."""
        is_figures = self.table.code == PROGRESS
        self.title_code = "indicator" if is_figures else "project"
        self._names = ("task_id",) if is_figures else ("register", "row_id")
        self._month = Month(self.conn, self.catalogue, self.period)
        reader = self._month.progress(self.table) if is_figures else self._month.reports(self.table, self.unit.kind)
        rows = reader(self.unit)
        places = {column.code: place for place, column in enumerate(self.table.columns)}
        self._title = places[self.title_code]
        self._due = {tuple(str(row.values[places[name]]) for name in self._names): row for row in rows}
        where, parameters = "period = ? AND deleted_at IS NULL", [str(self.period)]
        if is_figures:
            where, parameters = f"{where} AND assignee_id = ?", [*parameters, self.unit.id]
        names = self.table.schema.names
        known = KnownRows(names, select(self.conn, self.table.schema, names, where, parameters))
        keys = {row_id: tuple(str(known.stored(row_id, name)) for name in self._names) for row_id in known.rows}
        self._ids = {row_id: key for row_id, key in keys.items() if key in self._due}
        self.present = known

    def as_written(self, names: Sequence[str]) -> Mapping[str, tuple[Raw, ...]]:
        """Return nothing: which row a line is about, its id does not say."""
        return {}

    def find(self, found: FoundTable, entries: Sequence[Entry], same: AbstractSet[str]) -> None:
        """Look up which line each entry is about."""
        by_key = {key: row_id for row_id, key in self._ids.items()}
        columns = [found.columns.get(name, -1) for name in self._names]
        unit = found.columns.get("unit", -1)
        for entry in entries:
            texts = [fold_choice(str(entry.line[c])) if c >= 0 and entry.line[c] is not None else "" for c in columns]
            key = tuple(texts) if any(texts) else self._ids.get(entry.id, ())
            self._keys[entry.row] = key
            entry.id = by_key.get(key, "")
            beside = entry.line[unit] if unit >= 0 else None
            self._units[entry.row] = fold_choice(str(beside)) if beside is not None else ""

    def fault(self, found: FoundTable, entry: Entry) -> Fault | None:
        """Return why the row cannot be taken at all."""
        if self._keys.get(entry.row, ()) in self._due:
            return None
        what = "任务" if self.table.code == PROGRESS else "项目"
        return (
            "row.new",
            f"{self.unit.name}这个月没有这项{what}，没有采用。",
            "表里的编号请不要改；要增加的请联系县里。",
        )

    def lost(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the names of lines that were sent out and have no row, by what they are about."""
        if self.base_seq is None:
            return {}
        back = set(self._keys.values())
        return {"/".join(key): str(row.values[self._title]) for key, row in self._due.items() if key not in back}

    def complete(self, found: FoundTable, new: Sequence[Entry]) -> None:
        """Refuse new entries that are about the same line: which of them counts, nobody knows."""
        same: dict[Key, list[ReadRow]] = {}
        for entry in new:
            if entry.read is not None:
                same.setdefault(self._keys[entry.row], []).append(entry.read)
        column = found.columns.get(self.title_code, -1)
        for row, other in (pair for rows in same.values() if len(rows) > 1 for pair in _with_another(rows)):
            said = f"与第{other.row + 1}行编号相同，不知道以哪一行为准。"
            advice = "请只留一行；编号被改过的，请改回发出去时的编号。"
            row.problems.append(CellProblem(found.cells.name, row.row, column, "row.twice", said, advice))

    def says_so(self, column: Column, raw: Raw, wanted: Raw, cell: Cell) -> bool:
        """Return whether a locked cell says what it should in another way."""
        if cell is None:
            return True  # the task's own unit is written where the entry has none
        try:
            return column.field.parse(raw) == cell
        except DataProblem:
            return False

    def beside(self, entry: Entry) -> Mapping[str, Raw]:
        """Return what stands in columns of a line that are worked out: what it is about, earlier months."""
        line = self._due.get(self._keys.get(entry.row, ()))
        return {} if line is None else dict(zip(self.table.by_code, line.values, strict=True))

    def review(self, read: ReadTable) -> None:
        """Say which line each row is about, and refuse figures that its task cannot have."""
        for row in read.rows:
            row.key = self._keys.get(row.row, ())
            line = self._due.get(row.key)
            if line is not None:
                self._check(read, row, line)
        if self.table.code == PROGRESS:
            self._doubt(read)

    def _doubt(self, read: ReadTable) -> None:
        """Say what of the figures is to be asked about: it fell, it jumped, the registers say otherwise."""
        asked: dict[RowKey, tuple[ReadRow, str]] = {}
        filed: dict[RowKey, Filed] = {}
        known = [row.id for row in read.rows if row.id]
        earlier = {row.id: row.values for row in get_many(self.conn, self.table.schema, known)}
        for row in read.rows:
            says = row.values | {name: change.theirs for name, change in row.changes.items()}
            name = next((name for name in _FIGURES if says.get(name) is not None), "")
            if name and row.fate is not Fate.REFUSED:
                key = RowKey(row.key[0], *self.unit.key)
                values = earlier.get(row.id) or dict.fromkeys(self.table.schema.names)
                unit = values["unit"] or unit_shown(task_of(self.catalogue, row.key[0]))
                filed[key], asked[key] = filed_from(row.id, values | says | {"unit": unit}), (row, name)
        for key, said in (self._month.doubts(filed) if filed else {}).items():
            row, name = asked[key]
            spot = (read.sheet, row.row, read.columns.get(name, -1))
            row.doubts = tuple(CellProblem(*spot, "entry.doubt", each, stops=False) for each in said)

    def _check(self, read: ReadTable, row: ReadRow, line: BookRow) -> None:
        for name, cell in list(row.taken.items()):
            problem = self._problem(row, name, cell, line)
            if problem is None:
                continue
            place = read.columns.get(name, -1)
            told = CellProblem(read.sheet, row.row, place, problem.code, problem.message, problem.advice)
            own = self.table.schema.field(name)
            change = row.changes.setdefault(name, Change(own, place, own.csv(cell)))
            change.problem = told
            row.values.pop(name, None)

    def _problem(self, row: ReadRow, name: str, cell: Cell, line: BookRow) -> DataProblem | None:
        title = self.table.schema.field(name).title
        if name in line.closed and cell is not None:
            return DataProblem(f"「{title}」这项任务不填。", advice="请清空这一格，填在白底的格里。", code="entry.kind")
        if name == "amount" and self.table.code == PROGRESS:
            task = task_of(self.catalogue, row.key[0])
            unit = (str(self.present.stored(row.id, "unit") or "") if row.id else "") or unit_shown(task)
            beside = self._units.get(row.row, "")
            if beside and beside != fold_choice(unit) and cell is not None:
                said = f"「{title}」旁边的单位写的是{quote(beside)}，程序里是{quote(unit)}，没有采用。"
                return DataProblem(said, advice=f"请换算成{unit}填写，单位不要改。", code="entry.unit")
            try:
                check_amount(task, cell, unit)
            except DataProblem as problem:
                return DataProblem(f"「{title}」{problem.message}", advice=problem.advice, code=problem.code)
        return None


def _with_another(rows: Sequence[ReadRow]) -> Iterator[tuple[ReadRow, ReadRow]]:
    """Yield each of several rows with another of them: the first, and for the first the second."""
    yield rows[0], rows[1]
    for row in rows[1:]:
        yield row, rows[0]
