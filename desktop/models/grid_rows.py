"""Rows of a grid as its model holds them, what they show, and what one step changes in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from db.core.errors import Problem
from db.core.fields import Field, TableSchema, row_problems
from db.core.values import Cell, State
from db.store.query import Row, TableQuery


@dataclass
class GridRow:
    """A row with what is wrong in it, by field name."""

    row: Row
    problems: dict[str, Problem] = field(default_factory=dict)


@dataclass
class Edits:
    """What one step changes: cells of existing rows by id, and new rows."""

    updates: list[tuple[str, dict[str, Cell]]] = field(default_factory=list)
    inserts: list[dict[str, Cell]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.updates or self.inserts)


def read_rows(conn: sqlite3.Connection, query: TableQuery, schema: TableSchema, seqs: Sequence[int]) -> list[GridRow]:
    """Return the rows with these numbers, each with its problems."""
    return [GridRow(row, row_problems(schema, row.values)) for row in query.rows(conn, seqs)]


def text_of(own: Field, row: Row) -> str:
    """Return what the cell shows: names for references, thousands separators for numbers, one line for long text."""
    cell = row.values.get(own.name)
    if own.ref and cell is not None and not isinstance(cell, State):
        return row.labels.get(own.name, "")
    return own.show(cell).replace("\n", " ")
