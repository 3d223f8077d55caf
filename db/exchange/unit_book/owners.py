"""Whose rows a table's are: which of them the sender may change, which it may add, and which did not come back.

Registers know their unit by a field; tasks and figures by the assignee. Only registers take new rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from db.core.errors import DataProblem
from db.core.fields import row_problems
from db.core.text import fold_choice, quote
from db.core.values import Cell
from db.exchange.cells.model import Raw
from db.exchange.unit_book.form import BookTable, Column
from db.exchange.unit_book.found import FoundTable
from db.exchange.unit_book.known import KnownRows, Spelling, Stored, select
from db.exchange.unit_book.parsed import Bad, Parsed, tidied
from db.exchange.unit_book.reading import CellProblem, Change, ReadRow, ReadTable
from db.exchange.unit_book.row_keys import Key, RowKeys
from db.exchange.unit_book.sheet_entry import Entry
from db.plan.catalogue import Catalogue
from db.store.cells import plain_columns
from db.store.connection import quoted
from db.store.records import chunks, in_list
from db.work.assignees import Assignee
from db.work.tasks import title_of

Fault = tuple[str, str, str]
"""Code, what is wrong, what to do."""


class Owner(Protocol):
    """Knows a sender's rows of one table; `base_seq` is the journal's number at which its workbook was written.

    Without one the rows' own numbers count, unless `has_base` says that they are another file's.
    """

    present: KnownRows
    base_seq: int | None
    has_base: bool
    title_code: str

    def as_written(self, names: Sequence[str]) -> Mapping[str, tuple[Raw, ...]]:
        """Return how rows that are the sender's beyond doubt stand in a workbook, by id, in these columns."""

    def find(self, found: FoundTable, entries: Sequence[Entry], same: AbstractSet[str]) -> None:
        """Look up the rows that the entries are about, also those whose id was lost; the rows `same` came back too."""

    def fault(self, found: FoundTable, entry: Entry) -> Fault | None:
        """Return why the row cannot be taken at all."""

    def review(self, read: ReadTable) -> None:
        """Say what only the whole row shows to be wrong."""

    def lost(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the names of rows that were sent out and are not among these, by id."""

    def complete(self, found: FoundTable, new: Sequence[Entry]) -> None:
        """Give new rows what the sender need not say, and say what is wrong with each as a whole."""

    def says_so(self, column: Column, raw: Raw, wanted: Raw, cell: Cell) -> bool:
        """Return whether a locked cell says what it should in another way."""

    def beside(self, entry: Entry) -> Mapping[str, Raw]:
        """Return what stands in columns of a line that are worked out and kept nowhere; nothing of a strange line."""


@dataclass
class UnitRows:
    """The rows of a unit in a register, or its tasks of a year: those whose field `own` names it."""

    conn: sqlite3.Connection
    table: BookTable
    unit: Assignee
    own: str
    base_seq: int | None = None
    has_base: bool = True
    title_code: str = "name"
    year: int = 0
    catalogue: Catalogue | None = None
    present: KnownRows = field(init=False)
    _mine: dict[str, str] = field(init=False)
    _spellings: dict[str, Spelling] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Read the unit's rows."""
        schema = self.table.schema
        asked = {self.own, self._name, *schema.key, *self.table.by_code}
        names = [name for name in schema.names if name in asked]
        mine = select(self.conn, schema, names, f"{quoted(self.own)} = ?", [self.unit.id])
        self.present = KnownRows(names, mine)
        place, year = self.present.positions.get(self._name, 0), self.present.positions.get("year", 0)
        self._mine = {
            row[0]: row[place] or "" for row in mine if row[1] is None and (not self.year or row[year] == self.year)
        }

    def prepare(self, step: Callable[[], None]) -> None:
        """Do ahead, while the workbook is being read, what takes long with many rows; `step` is called in between."""
        for name in self.present.positions:
            step()
            self._spelling(name)
        if self.table.takes_new_rows:
            _ = self._keys_in_use

    @property
    def _name(self) -> str:
        schema = self.table.schema
        return schema.initials_of or next((n for n in ("name", "task_id") if n in schema), "")

    def as_written(self, names: Sequence[str]) -> Mapping[str, tuple[Raw, ...]]:
        """Return how rows that are the sender's beyond doubt stand in a workbook, by id, in these columns."""
        columns = [self._spelling(name).written for name in names]
        return dict(zip(self._mine, zip(*columns, strict=True), strict=True))

    def find(self, found: FoundTable, entries: Sequence[Entry], same: AbstractSet[str]) -> None:
        """Look up the rows that the entries are about, also those whose id was lost; the rows `same` came back too."""
        self._match_by_key(found, entries, same)
        strange = dict.fromkeys(entry.id for entry in entries if entry.id and entry.id not in self.present)
        for chunk in chunks(strange):
            where = in_list("id", chunk)
            self.present.add(select(self.conn, self.table.schema, [*self.present.positions], where, chunk))

    def review(self, read: ReadTable) -> None:
        """Nothing more is to be said: what a row lacks is a matter of the checks."""

    def fault(self, found: FoundTable, entry: Entry) -> Fault | None:
        """Return why the row cannot be taken at all."""
        row_id = entry.id
        if not row_id:
            return self._new_fault(found, entry.line)
        if row_id not in self.present:
            what = "这一行的标识在程序里没有，可能是从别的工作簿粘贴来的。"
            return "row.unknown", what, "是新的一行，请清空这一行A列的标识。"
        if self.present.deleted(row_id):
            return "row.deleted", "这一行在程序里已经删除。", "要继续填报，请先从回收站恢复。"
        if str(self.present.stored(row_id, self.own) or "") != self.unit.id:
            what = f"这一行是别的单位的，不是{self.unit.name}的，没有采用。"
            return "row.foreign", what, "请由所属单位填报。"
        return None

    def lost(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the names of rows that were sent out and are not among these, by id."""
        base = self.base_seq
        if base is None:
            return {}
        back = set(ids)
        missing = [row_id for row_id in self._mine if row_id not in back]
        made = self._made_by(missing)
        return {row_id: self._mine[row_id] or "（未填名称）" for row_id in missing if made.get(row_id, 0) <= base}

    def complete(self, found: FoundTable, new: Sequence[Entry]) -> None:
        """Give new rows what the sender need not say, and say what is wrong with each as a whole."""
        schema, fixed = self.table.schema, self._fixed()
        defaults = {f.name: f.default for f in schema.fields if f.default is not None}
        rows = [entry.read for entry in new if entry.read is not None]
        for row in rows:
            for name, default in defaults.items():
                if row.values.get(name) is None and name not in row.changes:
                    row.values[name] = default
            row.values.update(fixed)
            self._check_name(found, row)
        self._tell_doubles(found, rows)

    def says_so(self, column: Column, raw: Raw, wanted: Raw, cell: Cell) -> bool:
        """Return whether a locked cell says what it should in another way."""
        if column.code == "unit" and cell is None:
            return True  # the task's own unit is written where the assignment has none
        if isinstance(wanted, str) and column.field.ref:
            return fold_choice(str(raw)) == fold_choice(wanted)
        try:
            return column.field.parse(raw) == cell
        except DataProblem:
            return False

    def beside(self, entry: Entry) -> Mapping[str, Raw]:
        """Return what stands in columns of a line that are worked out: of an assignment what its task is called."""
        if self.catalogue is None or entry.id not in self.present:
            return {}
        task = self.catalogue.task(str(self.present.stored(entry.id, "task_id")))
        return {} if task is None else {"task": title_of(task)}

    # -- parts ------------------------------------------------------------------------------------------------------

    def _new_fault(self, found: FoundTable, line: Sequence[Raw]) -> Fault | None:
        if not self.table.takes_new_rows:
            return "row.new", "这张表不能自己加行。", "任务由县里分解，要增加的请联系县里。"
        own = found.columns.get(self.own, -1)
        named = line[own] if own >= 0 else None
        if named is not None and named != self.unit.name and not self._is_mine(str(named)):
            what = f"这一行写的是{quote(named)}，不是{self.unit.name}的，没有采用。"
            return "row.foreign", what, "请由所属单位填报。"
        return None

    def _is_mine(self, name: str) -> bool:
        return fold_choice(name) in (fold_choice(self.unit.name), self.unit.code)

    def _fixed(self) -> dict[str, Cell]:
        known: dict[str, Cell] = {self.own: self.unit.id}
        if self.unit.kind == "enterprise" and self.unit.town_id:
            known["town_id"] = self.unit.town_id
        return {name: cell for name, cell in known.items() if name in self.table.schema}

    def _check_name(self, found: FoundTable, row: ReadRow) -> None:
        schema = self.table.schema
        name = schema.initials_of
        if name and row.values.get(name) is None and name not in row.changes:
            problem = row_problems(schema, row.values).get(name)
            if problem is not None:
                spot = (found.cells.name, row.row, found.columns.get(name, -1))
                told = CellProblem(*spot, "row.nameless", problem.message, problem.advice)
                row.changes[name] = Change(schema.field(name), spot[2], None, problem=told)

    def _tell_doubles(self, found: FoundTable, rows: Sequence[ReadRow]) -> None:
        """Refuse new rows with the key of one that there is, or of one above."""
        columns = {own.name: [row.values.get(own.name) for row in rows] for own in self._keys.fields}
        at = found.columns.get(self.table.schema.initials_of, -1)
        above: dict[Key, str] = {}
        for row, key in zip(rows, self._keys.of(columns, len(rows)), strict=True):
            ids = self._keys_in_use.get(key)
            twin = f"已有的“{self._mine.get(ids[0]) or key[-1]}”" if ids else above.get(key)
            if twin is None:
                if key:
                    above[key] = f"第{row.row + 1}行"
            elif key[0]:
                advice = "是同一个项目，请在原来那一行改；确是另一个，请改编号或名称。"
                said = f"与{twin}是同一个，不再新增。"
                row.problems.append(CellProblem(found.cells.name, row.row, at, "row.double", said, advice))

    @cached_property
    def _stored(self) -> dict[str, list[Stored]]:
        return self.present.columns([*self._mine])

    def _spelling(self, name: str) -> Spelling:
        if name not in self._spellings:
            plain = name in plain_columns(self.table.schema)
            own = self.table.schema.field(name)
            self._spellings[name] = Spelling(self.conn, own, self._stored[name], plain=plain)
        return self._spellings[name]

    @cached_property
    def _keys(self) -> RowKeys:
        return RowKeys(self.table.schema, self.own, self._name)

    @cached_property
    def _keys_in_use(self) -> dict[Key, list[str]]:
        """Return the ids of the unit's live rows by key."""
        columns = {own.name: self._spelling(own.name).cells for own in self._keys.fields}
        found: dict[Key, list[str]] = {}
        for row_id, key in zip(self._mine, self._keys.of(columns, len(self._mine)), strict=True):
            if key:
                found.setdefault(key, []).append(row_id)
        return found

    def _match_by_key(self, found: FoundTable, entries: Sequence[Entry], same: AbstractSet[str]) -> None:
        """Give entries without an id that of the unit's one row of the same key that the file does not name."""
        lacking = [entry for entry in entries if not entry.id]
        free = self._mine.keys() - {entry.id for entry in entries} - same
        if not lacking or not free:
            return
        columns: dict[str, list[Cell]] = {}
        for own in self._keys.fields:
            if own.name in found.columns:
                raws = tidied([entry.line[found.columns[own.name]] for entry in lacking])
                cells = Parsed(self.conn, own, raws).column(raws)
                columns[own.name] = [None if isinstance(cell, Bad) else cell for cell in cells]
        for entry, key in zip(lacking, self._keys.of(columns, len(lacking)), strict=True):
            ids = [row_id for row_id in self._keys_in_use.get(key, ()) if row_id in free]
            if key and len(ids) == 1:
                entry.id = ids[0]
                free.remove(entry.id)

    def _made_by(self, ids: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for chunk in chunks(ids):
            sql = (
                "SELECT row_id, min(seq) FROM change WHERE table_name = ? AND action = 'insert'"
                f" AND {in_list('row_id', chunk)} GROUP BY row_id"
            )
            found.update(self.conn.execute(sql, [self.table.schema.table, *chunk]))
        return found
