"""Rows copied from a spreadsheet, to become rows of a table: which column is which, what is wrong with which cell.

    pasted = read_rows(conn, schema, block)       nothing is written
    add_rows(op, pasted.schema, pasted.good())    all of them, as one step

A first line with the table's own headings says which column is which; without one the columns come in its order.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from db.core.errors import DataProblem
from db.core.fields import Field, TableSchema, row_problems
from db.core.text import fold_choice, quote
from db.core.values import Cell
from db.store import records
from db.store.connection import quoted
from db.store.operation import Operation

_KEYS = ("credit_code", "code")
_UNIT = re.compile(r"[（(].*?[）)]$")


@dataclass
class PastedRow:
    """A line of the block: `texts` as they were copied, the values read, problems by column, and what it repeats."""

    texts: list[str]
    values: dict[str, Cell] = field(default_factory=dict)
    problems: dict[int, str] = field(default_factory=dict)
    repeats: str = ""

    @property
    def good(self) -> bool:
        """Return whether the row can be added."""
        return not self.problems and not self.repeats and bool(self.values)


class Reader:
    """Reads lines for one table as it is at the moment: names of references, keys that are in use."""

    def __init__(self, conn: sqlite3.Connection, schema: TableSchema) -> None:
        self.schema = schema
        self._names = {f.ref: _names(conn, f.ref) for f in schema.fields if f.ref}
        self.key = next((name for name in _KEYS if name in schema), "")
        self._used = _used(conn, schema, self.key) if self.key else {}

    def read(self, columns: Sequence[Field | None], row: PastedRow) -> None:
        """Read the row's texts anew."""
        row.values, row.problems, row.repeats = {}, {}, ""
        for place, (own, text) in enumerate(zip(columns, row.texts, strict=False)):
            if own is None:
                continue
            try:
                cell = self.cell(own, text)
            except DataProblem as problem:
                row.problems[place] = str(problem)
                continue
            if cell is not None:
                row.values[own.name] = cell
        if row.values and not row.problems:
            self._check(columns, row)

    def cell(self, own: Field, text: str) -> Cell:
        """Return the value of `text`; a reference is read by name. DataProblem when it cannot be one."""
        if not own.ref:
            return own.parse(text)
        wanted = fold_choice(text)
        if not wanted:
            return None
        names = self._names[own.ref]
        found = names.get(wanted) or [i for name, ids in names.items() if name.startswith(wanted) for i in ids]
        if len(set(found)) == 1:
            return found[0]
        why = "有几个同名的" if found else "没有"
        raise DataProblem(
            f"「{own.title}」里{why}{quote(text)}。",
            advice="请改成基础信息里的全称，或留空以后再选。",
            code="reference",
        )

    def mark_repeats(self, rows: Iterable[PastedRow]) -> None:
        """Say of each row whose key the table or an earlier row already has."""
        seen: dict[Cell, int] = {}
        for number, row in enumerate(rows, 1):
            row.repeats = ""
            key = row.values.get(self.key) if self.key else None
            if key is None:
                continue
            if str(key) in self._used:
                row.repeats = f"已有“{self._used[str(key)]}”，不再新增"
            elif key in seen:
                row.repeats = f"与第{seen[key]}行重复，不再新增"
            else:
                seen[key] = number

    def _check(self, columns: Sequence[Field | None], row: PastedRow) -> None:
        """Only what names a row is asked for here; the rest may be filled in later."""
        problem = row_problems(self.schema, row.values).get(self.schema.initials_of)
        if problem is not None:
            places = [i for i, own in enumerate(columns) if own and own.name == self.schema.initials_of]
            row.problems[places[0] if places else 0] = problem.sentence()


@dataclass
class PastedRows:
    """A block read for one table; a column of which nothing is known is None and is left out."""

    schema: TableSchema
    columns: list[Field | None]
    headings: list[str]
    rows: list[PastedRow]
    reader: Reader

    def retype(self, row: int, place: int, text: str) -> None:
        """Replace one cell's text, and judge its row anew."""
        changed = self.rows[row]
        changed.texts[place] = text
        self.reader.read(self.columns, changed)
        self.reader.mark_repeats(self.rows)

    def good(self) -> list[dict[str, Cell]]:
        """Return the values of the rows that can be added."""
        return [row.values for row in self.rows if row.good]


def read_rows(conn: sqlite3.Connection, schema: TableSchema, block: Sequence[Sequence[str]]) -> PastedRows:
    """Return what the block would add to the table; empty lines are left out. DataProblem for a block without cells."""
    lines = [list(line) for line in block if any(cell.strip() for cell in line)]
    if not lines:
        advice = "请先在 Excel 或 WPS 中选中要新增的行并复制。"
        raise DataProblem("剪贴板里没有表格内容。", advice=advice, code="paste.empty")
    width = max(map(len, lines))
    columns = _header(schema, lines[0])
    if columns is None:
        own = [f for f in schema.fields if not f.read_only]
        columns = [own[place] if place < len(own) else None for place in range(width)]
        headings = [f.heading if f else "（没有对应的列）" for f in columns]
    else:
        columns += [None] * (width - len(columns))
        texts = _padded(lines[0], width)
        headings = [f.heading if f else text or "（无标题）" for f, text in zip(columns, texts, strict=True)]
        lines = lines[1:]
    rows = [PastedRow(_padded(line, width)) for line in lines]
    pasted = PastedRows(schema, columns, headings, rows, Reader(conn, schema))
    for row in rows:
        pasted.reader.read(columns, row)
    pasted.reader.mark_repeats(rows)
    return pasted


def add_rows(op: Operation, schema: TableSchema, rows: Sequence[Mapping[str, Cell]]) -> list[str]:
    """Add rows, all or none, and return their ids."""
    return records.insert_many(op, schema, rows)


def _header(schema: TableSchema, line: Sequence[str]) -> list[Field | None] | None:
    """Return the field of each cell when most of the line are headings of the table, None when it is no header."""
    known = {_folded(text): f for f in schema.fields for text in (f.title, f.heading, f.name)}
    found = [known.get(_folded(text)) for text in line]
    filled = sum(bool(text.strip()) for text in line)
    hits = sum(f is not None for f in found)
    return found if hits * 2 >= filled and hits else None


def _folded(text: str) -> str:
    return _UNIT.sub("", re.sub(r"[\s*]", "", fold_choice(text))).lower()


def _padded(line: Sequence[str], width: int) -> list[str]:
    return [*line, *[""] * (width - len(line))]


def _names(conn: sqlite3.Connection, table: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row_id, name in conn.execute(f"SELECT id, name FROM {quoted(table)} WHERE deleted_at IS NULL"):
        found.setdefault(fold_choice(name or ""), []).append(row_id)
    return found


def _used(conn: sqlite3.Connection, schema: TableSchema, key: str) -> dict[str, str]:
    rows = conn.execute(
        f"SELECT {quoted(key)}, coalesce(name, '未填名称') FROM {quoted(schema.table)}"
        f" WHERE deleted_at IS NULL AND {quoted(key)} IS NOT NULL"
    )
    return dict(rows.fetchall())
