"""Which rows, in which order: first the ordered numbers of all of them, then only the rows that are looked at.

    query = TableQuery(schema, search="清洁", filters=(Filter.equals("stage", "实施中"),), sorts=(Sort("name"),))
    seqs = query.seqs(conn)                 # array('q'), one number per row, in order
    rows = query.rows(conn, seqs[100:160])  # the visible ones, in the same order

Order of texts: a table's name (`x-initials-of`) and the names of references go by their pinyin initials and then by
character code; choices go in the order in which the definition lists them; other texts by character code. Cells without
a value come last in both directions; equal rows stay in the order in which they were entered.

A query is stopped by `conn.interrupt()` from another thread or a progress handler; it then raises `Cancelled`.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from db.core.errors import Cancelled
from db.core.fields import Field, TableSchema
from db.core.values import Cell, State, from_micro
from db.store import cells, records
from db.store.connection import quoted
from db.store.exact_sum import exact_sum, read_sum
from db.store.filters import Condition, Filter, column, searched
from db.store.records import Row

__all__ = ["Filter", "Row", "Sort", "TableQuery"]

_FETCH = 20_000


@dataclass(frozen=True)
class Sort:
    """Order by a field, or by `created_at` or `deleted_at`."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class TableQuery:
    """The live rows of a table (`deleted=True`: those in its recycle bin) that match, in order."""

    schema: TableSchema
    search: str = ""
    filters: tuple[Filter, ...] = ()
    sorts: tuple[Sort, ...] = ()
    deleted: bool = False

    def seqs(self, conn: sqlite3.Connection) -> array[int]:
        """Return the row numbers of all matching rows in order (8 bytes each)."""
        where, parameters = self._where()
        found = array("q")
        with _cancellable():
            sql = f"SELECT t.seq FROM {self._from()} WHERE {where} {self._order(ranked=True)}"
            cursor = conn.execute(sql, parameters)
            while block := cursor.fetchmany(_FETCH):
                found.extend([seq for (seq,) in block])
        return found

    def rows(self, conn: sqlite3.Connection, seqs: Sequence[int]) -> list[Row]:
        """Return the rows with these numbers in their order, matching or not; those that are gone are left out."""
        found: dict[int, Row] = {}
        with _cancellable():
            for start in range(0, len(seqs), records.BATCH):
                chunk = list(seqs[start : start + records.BATCH])
                for row in records.select(conn, self.schema, records.in_list("t.seq", chunk), chunk):
                    found[row.seq] = row
        return [found[seq] for seq in seqs if seq in found]

    def each(self, conn: sqlite3.Connection) -> Iterator[Row]:
        """Yield every matching row in order, one at a time."""
        where, parameters = self._where()
        with _cancellable():
            yield from records.select(conn, self.schema, where, parameters, self._order())

    def count(self, conn: sqlite3.Connection) -> int:
        """Return how many rows match."""
        return int(self._one(conn, "count(*)"))

    def ids(self, conn: sqlite3.Connection) -> list[str]:
        """Return the ids of all matching rows in order."""
        where, parameters = self._where()
        with _cancellable():
            sql = f"SELECT t.id FROM {self._from()} WHERE {where} {self._order(ranked=True)}"
            cursor = conn.execute(sql, parameters)
            return [row_id for (row_id,) in cursor]

    def position(self, conn: sqlite3.Connection, row_id: str, seqs: array[int] | None = None) -> int | None:
        """Return the place of the row with this id in `seqs` (default: fetched now), None when it is not among them."""
        found = conn.execute(f"SELECT seq FROM {quoted(self.schema.table)} WHERE id = ?", (row_id,)).fetchone()
        if found is None:
            return None
        try:
            return (self.seqs(conn) if seqs is None else seqs).index(found[0])
        except ValueError:
            return None

    def total(self, conn: sqlite3.Connection, field: str) -> Decimal:
        """Return the sum of a number field over the matching rows, exactly; cells without a number add nothing."""
        plain = field in cells.plain_columns(self.schema)
        summed = read_sum(self._one(conn, exact_sum(column(self.schema.field(field)))))
        return Decimal(summed) if plain else from_micro(summed)

    def choices(self, conn: sqlite3.Connection, field: str, limit: int = 1000) -> list[tuple[Cell, int]]:
        """Return the different values of a field with their numbers of rows, the most frequent first; None: 未报."""
        own = self.schema.field(field)
        plain = field in cells.plain_columns(self.schema)
        counted = self.grouped(conn, own, limit=limit)
        return [(State(word) if word else cells.load(own, raw, plain=plain), n) for raw, word, n in counted]

    def grouped(
        self, conn: sqlite3.Connection, field: Field, terms: Sequence[str] = (), limit: int = 100_000
    ) -> list[tuple[Any, ...]]:
        """Return for each value of a field: as stored, state's word or None, number of rows, and the SQL `terms`."""
        where, parameters = self._where()
        # A state is looked for only in rows that have one: taking JSON apart is what would cost.
        state = f"CASE WHEN t.states <> '{{}}' AND {column(field)} IS NULL"
        state += f" THEN json_extract(t.states, '$.\"{field.name}\"') END"
        with _cancellable():
            return conn.execute(
                f"SELECT {', '.join([column(field), state, 'count(*)', *terms])}"
                f" FROM {quoted(self.schema.table)} t WHERE {where} GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT ?",
                [*parameters, limit],
            ).fetchall()

    def _one(self, conn: sqlite3.Connection, expression: str) -> Any:
        where, parameters = self._where()
        with _cancellable():
            sql = f"SELECT {expression} FROM {quoted(self.schema.table)} t WHERE {where}"
            return conn.execute(sql, parameters).fetchone()[0]

    def _where(self) -> Condition:
        conditions = [f"t.deleted_at IS {'NOT ' if self.deleted else ''}NULL"]
        parameters: list[Any] = []
        for condition, values in [f.sql(self.schema) for f in self.filters]:
            conditions.append(condition)
            parameters += values
        if self.search.strip():
            condition, values = searched(self.schema, self.search)
            conditions.append(condition)
            parameters += values
        return " AND ".join(conditions), parameters

    def _from(self) -> str:
        """Return the table with the references that the order needs; those the rows show are joined for them alone.

        Of each only its rank is joined: sorting a million rows by a number takes half as long as by two texts.
        """
        joins = []
        for sort in self.sorts:
            field = self.schema.field(sort.field) if sort.field in self.schema else None
            if field is not None and field.ref:
                alias, way = records.ref_alias(field), _direction(sort)
                ranks = f"SELECT id, dense_rank() OVER (ORDER BY initials {way}, name {way}) AS rank"
                joins.append(
                    f" LEFT JOIN ({ranks} FROM {quoted(field.ref)}) {alias} ON {alias}.id = t.{quoted(field.name)}"
                )
        return f"{quoted(self.schema.table)} t{''.join(dict.fromkeys(joins))}"

    def _order(self, *, ranked: bool = False) -> str:
        """Return the order, by the ranks that `_from` joins or by the references themselves."""
        terms = [term for sort in self.sorts for term in self._terms(sort, ranked=ranked)]
        return "ORDER BY " + ", ".join([*terms, "t.seq"])

    def _terms(self, sort: Sort, *, ranked: bool) -> list[str]:
        direction = _direction(sort)
        if sort.field in ("created_at", "deleted_at"):
            return [f"t.{sort.field} {direction}"]
        field = self.schema.field(sort.field)
        if field.ref:
            alias = records.ref_alias(field)
            if ranked:
                return [f"{alias}.rank NULLS LAST"]
            return [f"{alias}.initials {direction}", f"{alias}.name {direction}"]
        if field.enum:
            ranks = " ".join(f"WHEN {_literal(choice)} THEN {rank}" for rank, choice in enumerate(field.enum))
            return [f"CASE {column(field)} {ranks} END {direction}"]
        if field.name == self.schema.initials_of:
            return [f"t.initials {direction}", f"{column(field)} {direction}"]
        return [f"{column(field)} {direction}"]


def _direction(sort: Sort) -> str:
    return f"{'DESC' if sort.descending else 'ASC'} NULLS LAST"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def _cancellable() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise Cancelled from None
        raise
