"""An entry of a workbook's table as it is written, and what every table's entries have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from db.core.values import Cell
from db.exchange.plain_table import sheet_value
from db.exchange.unit_book.entries import Value
from db.exchange.unit_book.form import BookTable
from db.work.assignees import Assignee


@dataclass(frozen=True)
class BookRow:
    """An entry: the row's id ("" for one that does not exist yet), its `@base`, and a value for each column.

    `closed` are entry columns that this row does not ask for.
    """

    id: str
    base: int
    values: Sequence[Value]
    closed: frozenset[str] = frozenset()


RowsOf = Callable[[Assignee], list[BookRow]]
"""Reads the rows that a unit has in one table."""


def values_of(table: BookTable, values: Mapping[str, Cell], labels: Mapping[str, str]) -> Sequence[Value]:
    """Return what stands in the columns; a reference is told by its label."""
    return [
        labels.get(column.code) if column.field.ref else sheet_value(column.field, values.get(column.code))
        for column in table.columns
    ]
