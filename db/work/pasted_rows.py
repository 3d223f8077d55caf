"""Rows copied from a spreadsheet, to become rows of a table: which column is which, what is wrong with which cell.

    pasted = read_rows(conn, schema, block)       nothing is written
    judge(conn, pasted)                           anew, after texts were changed
    add_rows(op, schema, pasted.good())           all of them, as one step

A first line with the table's own headings says which column is which; without one the columns come in its order.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from db.core.errors import DataProblem
from db.core.fields import Field, TableSchema, row_problems
from db.core.text import fold_choice
from db.core.values import Cell
from db.store import records
from db.store.connection import quoted
from db.store.operation import Operation
from db.work.references import resolve

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


@dataclass
class PastedRows:
    """A block read for one table; a column of which nothing is known is None and is left out."""

    schema: TableSchema
    columns: list[Field | None]
    headings: list[str]
    rows: list[PastedRow]

    def good(self) -> list[dict[str, Cell]]:
        """Return the values of the rows that can be added."""
        return [row.values for row in self.rows if row.good]


def read_rows(conn: sqlite3.Connection, schema: TableSchema, block: Sequence[Sequence[str]]) -> PastedRows:
    """Return what the block would add to the table; empty lines are left out. DataProblem for a block without cells."""
    lines = [list(line) for line in block if any(cell.strip() for cell in line)]
    width = max(map(len, lines), default=0)
    columns = _header(schema, lines[0]) if lines else None
    if columns is None:
        own = [f for f in schema.fields if not f.read_only]
        columns = [own[place] if place < len(own) else None for place in range(width)]
        headings = [f.heading if f else "（没有对应的列）" for f in columns]
    else:
        columns += [None] * (width - len(columns))
        texts = _padded(lines[0], width)
        headings = [f.heading if f else text or "（无标题）" for f, text in zip(columns, texts, strict=True)]
        lines = lines[1:]
    if not lines:
        advice = "请先在 Excel 或 WPS 中选中要新增的行并复制，可以带标题行。"
        raise DataProblem("剪贴板里没有可以新增的行。", advice=advice, code="paste.empty")
    pasted = PastedRows(schema, columns, headings, [PastedRow(_padded(line, width)) for line in lines])
    judge(conn, pasted)
    return pasted


def judge(conn: sqlite3.Connection, pasted: PastedRows) -> None:
    """Read all texts: set each row's values, its problems, and what it repeats."""
    for row in pasted.rows:
        row.values, row.problems = {}, {}
    for place, own in enumerate(pasted.columns):
        if own is not None:
            _read_column(conn, pasted.rows, place, own)
    name = next((p for p, f in enumerate(pasted.columns) if f and f.name == pasted.schema.initials_of), 0)
    for row in pasted.rows:
        # Only what names a row is asked for here; the rest may be filled in later.
        problem = row_problems(pasted.schema, row.values).get(pasted.schema.initials_of)
        if problem is not None and name not in row.problems:
            row.problems[name] = problem.sentence()
    _mark_repeats(conn, pasted)


def add_rows(op: Operation, schema: TableSchema, rows: Sequence[Mapping[str, Cell]]) -> list[str]:
    """Add rows, all or none, and return their ids."""
    return records.insert_many(op, schema, rows)


def _read_column(conn: sqlite3.Connection, rows: Sequence[PastedRow], place: int, own: Field) -> None:
    ids: dict[str, str | DataProblem] = {}
    if own.ref:
        ids = resolve(conn, own.ref, {row.texts[place] for row in rows if row.texts[place].strip()})
    for row in rows:
        text = row.texts[place]
        try:
            found = ids.get(text)
            if isinstance(found, DataProblem):
                raise DataProblem(f"「{own.title}」{found.message}", advice=found.advice, code=found.code)
            cell = own.parse(text) if found is None else found
        except DataProblem as problem:
            row.problems[place] = str(problem)
            continue
        if cell is not None:
            row.values[own.name] = cell


def _mark_repeats(conn: sqlite3.Connection, pasted: PastedRows) -> None:
    """Say of each row whose key the table or an earlier row already has."""
    key = next((name for name in _KEYS if name in pasted.schema), "")
    used = _used(conn, pasted.schema, key) if key else {}
    seen: dict[str, int] = {}
    for number, row in enumerate(pasted.rows, 1):
        row.repeats = ""
        value = str(row.values.get(key) or "")
        if not value:
            continue
        if value in used:
            row.repeats = f"已有“{used[value]}”，不再新增"
        elif value in seen:
            row.repeats = f"与第{seen[value]}行重复，不再新增"
        else:
            seen[value] = number


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


def _used(conn: sqlite3.Connection, schema: TableSchema, key: str) -> dict[str, str]:
    rows = conn.execute(
        f"SELECT {quoted(key)}, coalesce(name, '未填名称') FROM {quoted(schema.table)}"
        f" WHERE deleted_at IS NULL AND {quoted(key)} IS NOT NULL"
    )
    return dict(rows.fetchall())
