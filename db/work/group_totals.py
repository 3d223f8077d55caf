"""A register's rows in groups (by town, stage, any choice): how many there are of each, and what their amounts come to.

    totals = group_totals(conn, query, "town_id")       of the rows that the query finds

Only amounts that add up are summed: rates, shares and concentrations are not, nor what has no unit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from db.core.fields import Field, TableSchema
from db.core.units import family_of
from db.core.values import UNREPORTED, Cell, State, from_micro, plain
from db.store import cells
from db.store.connection import quoted
from db.store.filters import column
from db.store.query import TableQuery
from db.work.references import names_of

_RATES = ("percent", "percentage_point")
_MICRO = 1_000_000


@dataclass(frozen=True)
class Group:
    """The rows that have one value: what people call it, how many, and the sum of every field that is summed.

    A sum is None when no row of the group has a number there.
    """

    cell: Cell
    name: str
    rows: int
    sums: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class GroupTotals:
    """The groups in the order in which people know them, and all rows together."""

    by: Field
    summed: tuple[Field, ...]
    groups: tuple[Group, ...]
    whole: Group

    @property
    def heads(self) -> list[str]:
        """Return the headings of `lines`."""
        return [self.by.title, "行数", *(field.heading for field in self.summed)]

    def lines(self) -> list[list[str | Decimal | None]]:
        """Return the groups as they stand in a table, the whole last."""
        return [[each.name, Decimal(each.rows), *each.sums] for each in (*self.groups, self.whole)]


def group_fields(schema: TableSchema) -> list[Field]:
    """Return the fields that rows can be grouped by: references, choices, yes or no, years."""
    return [f for f in schema.fields if f.ref or f.enum or f.type in ("boolean", "year")]


def summed_fields(schema: TableSchema) -> list[Field]:
    """Return the fields whose amounts add up."""
    return [
        f
        for f in schema.fields
        if f.type in ("number", "integer") and f.unit and "/" not in f.unit and family_of(f.unit) not in _RATES
    ]


def group_totals(conn: sqlite3.Connection, query: TableQuery, by: str) -> GroupTotals:
    """Return the groups of the rows that `query` finds, by the field called `by`."""
    schema = query.schema
    field, summed = schema.field(by), summed_fields(schema)
    whole_numbers = cells.plain_columns(schema)
    found = [
        (State(word) if word else cells.load(field, raw, plain=by in whole_numbers), rows, sums)
        for raw, word, rows, *sums in _grouped(conn, query, field, summed)
    ]
    names = names_of(conn, field.ref, [cell for cell, _, _ in found if isinstance(cell, str)]) if field.ref else {}
    groups = [
        Group(cell, _name(field, cell, names), rows, tuple(_sums(summed, whole_numbers, sums)))
        for cell, rows, sums in found
    ]
    groups.sort(key=lambda group: _place(conn, field, group))
    return GroupTotals(field, tuple(summed), tuple(groups), _whole(groups, len(summed)))


def _grouped(
    conn: sqlite3.Connection, query: TableQuery, field: Field, summed: Sequence[Field]
) -> list[tuple[Any, ...]]:
    """Return the groups with two sums of each amount: whole units and millionths, or 0 and all of it.

    The second is faster; where the millionths of a great many rows do not fit into 63 bits it fails.
    """
    try:
        return query.grouped(conn, field, [term for each in summed for term in ("0", f"sum({column(each)})")])
    except sqlite3.OperationalError as error:
        if "overflow" not in str(error):
            raise
    halves = [(f"sum({column(each)} / {_MICRO})", f"sum({column(each)} % {_MICRO})") for each in summed]
    return query.grouped(conn, field, [term for pair in halves for term in pair])


def _sums(summed: Sequence[Field], whole: frozenset[str], raw: Sequence[int | None]) -> list[Decimal | None]:
    found: list[Decimal | None] = []
    for field, large, small in zip(summed, raw[::2], raw[1::2], strict=True):
        if large is None or small is None:
            found.append(None)
        else:
            units = large * _MICRO + small
            found.append(Decimal(units) if field.name in whole else from_micro(units))
    return found


def _name(field: Field, cell: Cell, names: dict[str, str]) -> str:
    if cell is None:
        return UNREPORTED
    if field.ref and not isinstance(cell, State):
        return names.get(str(cell), "（已删除）")
    return field.show(cell)


def _place(conn: sqlite3.Connection, field: Field, group: Group) -> tuple[bool, bool, int, str]:
    """Return where the group stands: choices as defined, references as entered, then states, 未报 last."""
    cell = group.cell
    is_state = isinstance(cell, State)
    rank = 0
    if cell is not None and not is_state:
        if field.ref:
            seq = conn.execute(f"SELECT seq FROM {quoted(field.ref)} WHERE id = ?", (cell,)).fetchone()
            rank = int(seq[0]) if seq else 0
        elif cell in field.enum:
            rank = field.enum.index(str(cell))
    return cell is None, is_state, rank, group.name


def _whole(groups: Sequence[Group], width: int) -> Group:
    sums: list[Decimal | None] = []
    for place in range(width):
        known = [total for group in groups if (total := group.sums[place]) is not None]
        sums.append(plain(sum(known, Decimal(0))) if known else None)
    return Group(None, "合计", sum(group.rows for group in groups), tuple(sums))
