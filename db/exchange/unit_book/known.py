"""What the program has of a workbook's rows, and how it would stand in the workbook: what is compared before parsing.

A hundred thousand rows are handled by column, and each distinct value is spelt once.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from db.core.field import Field
from db.core.fields import TableSchema
from db.core.values import MICRO, Cell, State
from db.exchange.cells.model import Raw
from db.exchange.plain_table import sheet_value
from db.store import cells
from db.store.cells import plain_columns
from db.store.connection import quoted
from db.store.records import chunks, in_list

Stored = int | str | None
_HEAD = ("id", "deleted_at", "states")
_TRUE_NUMBERS = 10**15
"""Stored amounts below it have fewer digits than a spreadsheet keeps."""


class KnownRows:
    """Rows of a table as they are stored: by id a tuple of id, deleted_at, states and the fields `names` in order."""

    def __init__(self, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        self.rows: dict[str, Sequence[Any]] = {}
        self._states: dict[str, dict[str, str]] = {}
        self.positions = {name: place for place, name in enumerate(names, len(_HEAD))}
        self.add(rows)

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Take more rows."""
        for row in rows:
            self.rows[row[0]] = row
            if row[2] != "{}":
                self._states[row[0]] = json.loads(row[2])

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
        """Return what `column` returns, for every field."""
        whole = list(zip(*map(self.rows.__getitem__, ids), strict=True))
        held = {name: list(whole[place]) if whole else [] for name, place in self.positions.items()}
        return {name: self._with_states(column, ids, name) for name, column in held.items()}

    def _with_states(self, column: list[Stored], ids: Sequence[str], name: str) -> list[Stored]:
        if any(name in states for states in self._states.values()):
            for number, row_id in enumerate(ids):
                if column[number] is None and (word := self._states.get(row_id, {}).get(name)):
                    column[number] = State(word)
        return column


def select(
    conn: sqlite3.Connection, schema: TableSchema, names: Sequence[str], where: str, parameters: Sequence[Any]
) -> list[Sequence[Any]]:
    """Return the rows for which the SQL `where` holds, as `KnownRows` takes them, in the county file's order."""
    columns = ", ".join(map(quoted, (*_HEAD, *names)))
    sql = f"SELECT {columns} FROM {quoted(schema.table)} WHERE {where} ORDER BY seq"
    return conn.execute(sql, parameters).fetchall()


class Loaded(dict[Stored, Cell]):
    """Cells of a field by what its column holds."""

    def __init__(self, field: Field, *, plain: bool = False) -> None:
        super().__init__()
        self._field, self._plain = field, plain
        self.in_micro = field.is_number and field.type != "year" and not plain

    def __missing__(self, stored: Stored) -> Cell:
        cell = stored if isinstance(stored, State) else cells.load(self._field, stored, plain=self._plain)
        self[stored] = cell
        return cell


class Spelt(dict[Stored, Raw]):
    """What stands in a workbook's cell by what the column holds; a reference by its name."""

    def __init__(self, loaded: Loaded, field: Field, labels: Mapping[str, str]) -> None:
        super().__init__()
        self._loaded, self._field, self._labels = loaded, field, labels
        self._is_amount = loaded.in_micro

    def __missing__(self, stored: Stored) -> Raw:
        if self._is_amount and isinstance(stored, int) and abs(stored) < _TRUE_NUMBERS:
            # What `sheet_value` comes to, without the decimal number between.
            whole, rest = divmod(stored, MICRO)
            self[stored] = number = stored / MICRO if rest else whole
            return number
        cell = self._loaded[stored]
        if self._field.ref and isinstance(cell, str) and not isinstance(cell, State):
            spelt: Raw = self._labels.get(cell)
        else:
            spelt = sheet_value(self._field, cell)
        self[stored] = spelt
        return spelt


class Spelling:
    """How rows stand in a workbook, by column: `stored` and the `loaded` cells beside what is `written`, one a row."""

    def __init__(self, conn: sqlite3.Connection, own: Field, stored: list[Stored], *, plain: bool = False) -> None:
        self.stored, self.loaded = stored, Loaded(own, plain=plain)
        self._is_text = own.type in ("string", "text")
        self.labels = labels_of(conn, own.ref, stored) if own.ref else {}
        if self._is_text and not own.ref:
            self.written: Sequence[Raw] = stored  # a text stands in the workbook as it is stored
        else:
            self.written = list(map(Spelt(self.loaded, own, self.labels).__getitem__, stored))

    @property
    def cells(self) -> Sequence[Cell]:
        """Return the rows' cells."""
        return cast("Sequence[Cell]", self.stored) if self._is_text else list(map(self.loaded.__getitem__, self.stored))


def spelling(
    conn: sqlite3.Connection, schema: TableSchema, present: KnownRows, ids: Sequence[str], name: str
) -> Spelling:
    """Return how the field stands in a workbook for these rows."""
    plain = name in plain_columns(schema)
    return Spelling(conn, schema.field(name), present.column(ids, name), plain=plain)


def labels_of(conn: sqlite3.Connection, table: str, ids: Iterable[Stored]) -> dict[str, str]:
    """Return the names of referenced rows as a workbook has them, a deleted one marked, by id."""
    found: dict[str, str] = {}
    for chunk in chunks(sorted({str(each) for each in ids if each is not None})):
        name = "name || iif(deleted_at IS NULL, '', '（已删除）')"
        sql = f"SELECT id, {name} FROM {quoted(table)} WHERE {in_list('id', chunk)}"
        found.update(row for row in conn.execute(sql, chunk) if row[1] is not None)
    return found
