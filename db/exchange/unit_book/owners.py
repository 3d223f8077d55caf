"""Whose rows a table's are: which of them the sender may change, which it may add, and which did not come back.

Registers know their unit by a field; tasks and figures by the assignee. Only registers take new rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from db.core.errors import DataProblem
from db.core.field import Field
from db.core.fields import row_problems
from db.core.text import fold_choice, quote
from db.core.values import Cell
from db.exchange.cells.model import Raw
from db.exchange.unit_book.form import BookTable, Column
from db.exchange.unit_book.found import FoundTable
from db.exchange.unit_book.known import Bad, KnownRows, Loaded, Parsed, rows_with_ids, tidied
from db.exchange.unit_book.reading import CellProblem, Change, ReadRow, ReadTable
from db.store.cells import plain_columns
from db.store.connection import quoted
from db.store.records import chunks, in_list
from db.work.assignees import Assignee

Fault = tuple[str, str, str]
"""Code, what is wrong, what to do."""


class Entry(Protocol):
    """What is asked of a row of the sheet here."""

    row: int
    id: str
    line: list[Raw]
    read: ReadRow | None


class Owner(Protocol):
    """Knows a sender's rows of one table; `base_seq` is the journal's number at which its workbook was written.

    Without one the rows' own numbers count, unless `has_base` says that they are another file's.
    """

    present: KnownRows
    base_seq: int | None
    has_base: bool
    title_code: str

    def find(self, found: FoundTable, entries: Sequence[Entry]) -> None:
        """Look up the rows that the entries are about, also those whose id was lost."""

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
    present: KnownRows = field(init=False)
    _mine: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Read which rows are the unit's."""
        self.present = KnownRows((), ())
        name = quoted(self._name) if self._name else "id"
        year = f" AND year = {self.year:d}" if self.year else ""
        rows = self.conn.execute(
            f"SELECT id, coalesce({name}, '') FROM {quoted(self.table.schema.table)}"
            f" WHERE {quoted(self.own)} = ? AND deleted_at IS NULL{year} ORDER BY seq",
            [self.unit.id],
        )
        self._mine = dict(rows.fetchall())

    @property
    def _name(self) -> str:
        schema = self.table.schema
        return schema.initials_of or next((n for n in ("name", "task_id") if n in schema), "")

    def find(self, found: FoundTable, entries: Sequence[Entry]) -> None:
        """Look up the rows that the entries are about, also those whose id was lost."""
        self._match_by_key(found, entries)
        schema = self.table.schema
        names = [name for name in schema.names if name in found.columns or name == self.own]
        ids = [entry.id for entry in entries if entry.id]
        self.present = rows_with_ids(self.conn, schema, names, ids, self.own, self.unit.id)

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
        keys = {key: f"已有的“{self._mine.get(ids[0]) or key[-1]}”" for key, ids in self._keys_in_use.items()}
        for entry in new:
            row = entry.read
            assert row is not None
            for name, default in defaults.items():
                if row.values.get(name) is None and name not in row.changes:
                    row.values[name] = default
            row.values.update(fixed)
            self._check(found, entry, row, keys)

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

    # -- parts ------------------------------------------------------------------------------------------------------

    def _new_fault(self, found: FoundTable, line: Sequence[Raw]) -> Fault | None:
        if not self.table.takes_new_rows:
            return "row.new", "这张表不能自己加行。", "任务由县里分解，要增加的请联系县里。"
        own = found.columns.get(self.own, -1)
        named = line[own] if own >= 0 else None
        if named is not None and fold_choice(str(named)) not in (fold_choice(self.unit.name), self.unit.code):
            what = f"这一行写的是{quote(named)}，不是{self.unit.name}的，没有采用。"
            return "row.foreign", what, "请由所属单位填报。"
        return None

    def _fixed(self) -> dict[str, Cell]:
        known: dict[str, Cell] = {self.own: self.unit.id}
        if self.unit.kind == "enterprise" and self.unit.town_id:
            known["town_id"] = self.unit.town_id
        return {name: cell for name, cell in known.items() if name in self.table.schema}

    def _check(self, found: FoundTable, entry: Entry, row: ReadRow, keys: dict[tuple[str, ...], str]) -> None:
        schema = self.table.schema
        name = schema.initials_of
        if name and row.values.get(name) is None and name not in row.changes:
            problem = row_problems(schema, row.values).get(name)
            if problem is not None:
                spot = (found.cells.name, entry.row, found.columns.get(name, -1))
                told = CellProblem(*spot, "row.nameless", problem.message, problem.advice)
                row.changes[name] = Change(schema.field(name), spot[2], None, problem=told)
        key = self._key(row.values)
        if key and key in keys:
            spot = (found.cells.name, entry.row, found.columns.get(name, -1))
            if key[0]:
                advice = "是同一个项目，请在原来那一行改；确是另一个，请改编号或名称。"
                row.problems.append(CellProblem(*spot, "row.double", f"与{keys[key]}是同一个，不再新增。", advice))
        elif key:
            keys[key] = f"第{entry.row + 1}行"

    def _key(self, values: Mapping[str, Cell]) -> tuple[str, ...]:
        """Return what the register calls a row by: its whole key, else the row's name alone; () without either."""
        cells = [values.get(own.name) for own in self._key_fields]
        if cells and None not in cells:
            return tuple(fold_choice(own.csv(cell)) for own, cell in zip(self._key_fields, cells, strict=True))
        name = fold_choice(str(values.get(self._name) or ""))
        return ("", name) if name else ()

    @cached_property
    def _key_fields(self) -> list[Field]:
        schema = self.table.schema
        return [schema.field(name) for name in schema.key if name != self.own]

    @property
    def _naming(self) -> list[Field]:
        schema = self.table.schema
        return [*self._key_fields, *(schema.field(name) for name in (self._name,) if name in schema)]

    @cached_property
    def _keys_in_use(self) -> dict[tuple[str, ...], list[str]]:
        """Return the ids of the unit's live rows by key."""
        schema, plain = self.table.schema, plain_columns(self.table.schema)
        names = ", ".join(quoted(own.name) for own in self._naming)
        rows = self.conn.execute(
            f"SELECT id, {names} FROM {quoted(schema.table)} WHERE {quoted(self.own)} = ? AND deleted_at IS NULL",
            [self.unit.id],
        ).fetchall()
        columns: dict[str, list[Cell]] = {}
        for place, own in enumerate(self._naming, 1):
            loaded = Loaded(own, plain=own.name in plain)
            columns[own.name] = [loaded[row[place]] for row in rows]
        return self._by_key([row[0] for row in rows], columns)

    def _by_key(self, ids: Sequence[str], columns: Mapping[str, Sequence[Cell]]) -> dict[tuple[str, ...], list[str]]:
        found: dict[tuple[str, ...], list[str]] = {}
        for number, row_id in enumerate(ids):
            key = self._key({name: cells[number] for name, cells in columns.items()})
            if key:
                found.setdefault(key, []).append(row_id)
        return found

    def _match_by_key(self, found: FoundTable, entries: Sequence[Entry]) -> None:
        """Give entries without an id that of the unit's one row of the same key that the file does not name."""
        lacking = [entry for entry in entries if not entry.id]
        taken = {entry.id for entry in entries if entry.id}
        free = {row_id for row_id in self._mine if row_id not in taken}
        if not lacking or not free:
            return
        columns: dict[str, list[Cell]] = {}
        for own in self._naming:
            if own.name in found.columns:
                raws = tidied([entry.line[found.columns[own.name]] for entry in lacking])
                parsed = Parsed(self.conn, own, raws)
                cells = (parsed[raw] for raw in raws)
                columns[own.name] = [None if isinstance(cell, Bad) else cell for cell in cells]
        for number, entry in enumerate(lacking):
            key = self._key({name: cells[number] for name, cells in columns.items()})
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
