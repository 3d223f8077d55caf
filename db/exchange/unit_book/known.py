"""What the program has of a workbook's rows, and how it would stand in the workbook: what is compared before parsing.

A hundred thousand rows are handled by column, each distinct value is spelt and each distinct cell is parsed once.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from unicodedata import is_normalized

from db.core.coercion import NO, YES
from db.core.errors import DataProblem
from db.core.field import Field
from db.core.fields import TableSchema
from db.core.values import UNREPORTED, Cell, State
from db.exchange.cells.model import Raw
from db.exchange.plain_table import sheet_value
from db.store import cells
from db.store.connection import quoted
from db.store.records import chunks, in_list
from db.work.references import resolve

Stored = int | str | None
_TRUE_DIGITS = 15
_MANY = 2_000
_WORDS = frozenset({"", UNREPORTED, *State})
"""Texts that are none."""
_HEAD = ("id", "deleted_at", "states")


@dataclass(frozen=True)
class Bad:
    """A cell that cannot be a value of its field."""

    problem: DataProblem


class KnownRows:
    """Rows of a table as they are stored: by id a tuple of id, deleted_at, states and the fields `names` in order."""

    def __init__(self, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        self.rows: dict[str, Sequence[Any]] = {row[0]: row for row in rows}
        self._states = {row_id: json.loads(row[2]) for row_id, row in self.rows.items() if row[2] != "{}"}
        self.positions = {name: place for place, name in enumerate(names, len(_HEAD))}

    def __contains__(self, row_id: object) -> bool:
        return row_id in self.rows

    def deleted(self, row_id: str) -> bool:
        """Return whether the row is in the recycle bin."""
        return self.rows[row_id][1] is not None

    def stored(self, row_id: str, name: str) -> Any:
        """Return what the field's column holds."""
        return self.rows[row_id][self.positions[name]]

    def column(self, ids: Sequence[str], name: str) -> list[Stored]:
        """Return what the field's column holds for these rows; the word of a state where there is one."""
        place, rows = self.positions[name], self.rows
        return self._with_states([rows[row_id][place] for row_id in ids], ids, name)

    def columns(self, ids: Sequence[str]) -> dict[str, list[Stored]]:
        """Return what `column` returns for every field."""
        whole = list(zip(*(self.rows[row_id] for row_id in ids), strict=True)) if ids else []
        held = {name: list(whole[place]) if ids else [] for name, place in self.positions.items()}
        return {name: self._with_states(column, ids, name) for name, column in held.items()}

    def _with_states(self, column: list[Stored], ids: Sequence[str], name: str) -> list[Stored]:
        if any(name in states for states in self._states.values()):
            for number, row_id in enumerate(ids):
                if column[number] is None and (word := self._states.get(row_id, {}).get(name)):
                    column[number] = State(word)
        return column


def rows_with_ids(
    conn: sqlite3.Connection, schema: TableSchema, names: Sequence[str], ids: Iterable[str], own: str, unit: str
) -> KnownRows:
    """Return the rows with these ids that there are, the recycle bin included; most are those whose `own` is `unit`."""
    wanted = dict.fromkeys(ids)
    found: list[Sequence[Any]] = []
    if len(wanted) > _MANY:
        # One way through the table is faster than looking each row up.
        found = [row for row in select(conn, schema, names, f"{quoted(own)} = ?", [unit]) if row[0] in wanted]
        for row in found:
            del wanted[row[0]]
    for chunk in chunks(wanted):
        found += select(conn, schema, names, in_list("id", chunk), chunk)
    return KnownRows(names, found)


def select(
    conn: sqlite3.Connection, schema: TableSchema, names: Sequence[str], where: str, parameters: Sequence[Any]
) -> list[Sequence[Any]]:
    """Return the rows for which the SQL `where` holds, as `KnownRows` takes them."""
    columns = ", ".join(map(quoted, (*_HEAD, *names)))
    return conn.execute(f"SELECT {columns} FROM {quoted(schema.table)} WHERE {where}", parameters).fetchall()


class Loaded(dict[Stored, Cell]):
    """Cells of a field by what its column holds."""

    def __init__(self, field: Field, *, plain: bool = False) -> None:
        super().__init__()
        self._field, self._plain = field, plain

    def __missing__(self, stored: Stored) -> Cell:
        cell = stored if isinstance(stored, State) else cells.load(self._field, stored, plain=self._plain)
        self[stored] = cell
        return cell


class Spelt(dict[Stored, Raw]):
    """What stands in a workbook's cell by what the column holds; a reference by its name."""

    def __init__(self, loaded: Loaded, field: Field, labels: Mapping[str, str]) -> None:
        super().__init__()
        self._loaded, self._field, self._labels = loaded, field, labels

    def __missing__(self, stored: Stored) -> Raw:
        cell = self._loaded[stored]
        if self._field.ref and isinstance(cell, str) and not isinstance(cell, State):
            spelt: Raw = self._labels.get(cell)
        else:
            spelt = sheet_value(self._field, cell)
        self[stored] = spelt
        return spelt


class Parsed(dict[Raw, Cell | Bad]):
    """Values of a field by what stands in the cell; `Bad` for what cannot be one.

    `labels` are the names by which references were found, by id.
    """

    def __init__(self, conn: sqlite3.Connection, field: Field, raws: Iterable[Raw]) -> None:
        super().__init__()
        self._field = field
        self._longest = _plain_length(field)
        self._is_amount = field.type in ("number", "integer")
        self.labels: dict[str, str] = {}
        if field.ref:
            self._resolve(conn, raws)

    def __missing__(self, raw: Raw) -> Cell | Bad:
        if isinstance(raw, str) and len(raw) <= self._longest and raw not in _WORDS and _is_clean(raw):
            self[raw] = raw
            return raw
        if isinstance(raw, float) and self._is_amount:
            exact = _exact(raw, self._field)
            if exact is not None:
                self[raw] = exact
                return exact
        try:
            cell: Cell | Bad = self._field.parse(raw)
        except DataProblem as problem:
            cell = Bad(problem)
        self[raw] = cell
        return cell

    def _resolve(self, conn: sqlite3.Connection, raws: Iterable[Raw]) -> None:
        own = self._field
        named: dict[Raw, str] = {}
        for raw in set(raws):
            read = self[raw]
            if isinstance(read, str) and not isinstance(read, State):
                named[raw] = read
        ids = resolve(conn, own.ref, set(named.values()))
        for raw, text in named.items():
            found = ids[text]
            if isinstance(found, DataProblem):
                said = f"「{own.title}」{found.message}"
                self[raw] = Bad(DataProblem(said, advice=found.advice, code=found.code))
            else:
                self[raw] = found
                self.labels[found] = text


def _plain_length(own: Field) -> int:
    """Return how long a text may be that the field keeps as it is; -1 where the field has more to say."""
    says_more = own.enum or own.check or own.pattern or own.ref or own.type not in ("string", "text")
    return -1 if says_more else own.max_length


def _exact(number: float, own: Field) -> Decimal | None:
    """Return the amount that a spreadsheet's number is, None for one that needs the field's own judgement."""
    text = repr(number)
    whole, _, rest = text.partition(".")
    if rest == "0":
        text, rest = whole, ""
    odd = number < 0 or "e" in text or len(text) > _TRUE_DIGITS or len(rest) > own.decimals
    if odd or own.maximum is not None or own.minimum not in (None, 0):
        return None
    return Decimal(text)


def _is_clean(text: str) -> bool:
    """Return whether reading the text would change nothing: no controls, no invisible marks, nothing to trim."""
    return text.isprintable() and text[0] != " " != text[-1] and is_normalized("NFC", text)


def tidied(column: list[Raw]) -> list[Raw]:
    """Return the column's cells with yes and no as words (True is 1 to a dictionary) and blank texts as nothing."""
    kinds = set(map(type, column))
    if bool in kinds:
        column = [(YES if cell else NO) if isinstance(cell, bool) else cell for cell in column]
    if str in kinds and any(isinstance(cell, str) and not cell.strip() for cell in set(column)):
        column = [None if isinstance(cell, str) and not cell.strip() else cell for cell in column]
    return column


def labels_of(conn: sqlite3.Connection, table: str, ids: Iterable[Stored]) -> dict[str, str]:
    """Return the names of referenced rows as a workbook has them, a deleted one marked, by id."""
    found: dict[str, str] = {}
    for chunk in chunks(sorted({str(each) for each in ids if each is not None})):
        name = "name || iif(deleted_at IS NULL, '', '（已删除）')"
        sql = f"SELECT id, {name} FROM {quoted(table)} WHERE {in_list('id', chunk)}"
        found.update(row for row in conn.execute(sql, chunk) if row[1] is not None)
    return found
