"""Rows of packages in the ledger: loading them as they are verified, holding them against what was verified, reading.

Rows of one table of one package lie together, so that where they begin and end is all that is needed to find them.
A table that came before, byte for byte, is not loaded again: a county's assignments are the same in most months.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from db.core.errors import DataProblem
from db.core.fields import TableSchema
from db.core.values import from_micro
from db.exchange.package_tables import PackageTable, described, schema_of
from db.exchange.table_check import TableContent
from db.exchange.verdict import TableFacts
from db.store.connection import quoted
from db.store.exact_sum import exact_sum, read_sum

_MOST_COLUMNS = 1_900
"""SQLite's tables have at most 2,000 columns."""
_BATCH = 2_000
_BLOCK, _MOST_VALUES = 60, 30_000
"""Rows that are written by one statement, and the values that one statement may have."""
_VALUES = " VALUES "


def rows_table(table: str) -> str:
    """Return what the ledger calls the rows of the county's table `table`."""
    return f"rows_{table}"


@dataclass(frozen=True)
class LoadedTable:
    """One table of one package in the ledger: `name` in the package, `table` in the county, rows from first to last."""

    package: int
    table: str
    name: str
    title: str
    rows: int
    first_seq: int
    last_seq: int
    descriptor: str

    @property
    def schema(self) -> TableSchema:
        """Return the definition that came with the package."""
        return schema_of(json.loads(self.descriptor))


class _Kept(NamedTuple):
    """Rows that are in the ledger already: where they begin and end, and their definition's number."""

    rows: int
    first: int
    last: int
    definition: int
    totals: str


class Loading:
    """What is known of the ledger's tables during one call, so that it is not asked for with every package.

    Packages are small and many: asking again would take longer than loading their rows.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self._columns: dict[str, set[str]] = {}
        self._last: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self._kept: dict[tuple[str, int, str], _Kept] = {}

    def forget(self) -> None:
        """Know nothing any more: what a package brought was taken back."""
        self._columns.clear()
        self._last.clear()
        self._numbers.clear()
        self._kept.clear()

    def begin(self, table: PackageTable) -> int:
        """Have a place for the rows of the table and return the number that the first of them gets."""
        name = table.schema.table
        columns = self._columns.get(name)
        if columns is None:
            columns = self._columns[name] = self._create(name, table.header)
            rows = quoted(rows_table(name))
            (self._last[name],) = self.conn.execute(f"SELECT coalesce(max(seq), 0) FROM {rows}").fetchone()
        missing = [field for field in table.header if field not in columns]
        # Several counties may send registers of their own under one name; their columns lie side by side.
        if len(columns) + len(missing) > _MOST_COLUMNS:
            fields = f"《{table.schema.title}》有{len(table.schema.fields)}个字段，台账存不下。"
            raise DataProblem(fields, advice="请对方减少字段，或换一个表名。", code="ledger.wide")
        for field in missing:
            self.conn.execute(
                f"ALTER TABLE {quoted(rows_table(name))} ADD COLUMN {quoted(field)} TEXT NOT NULL DEFAULT ''"
            )
            columns.add(field)
        return self._last[name] + 1

    def ended(self, table: PackageTable, last: int) -> None:
        """Note the number of the last row."""
        self._last[table.schema.table] = last

    def definition(self, table: PackageTable) -> int:
        """Return the number of the table's definition in the ledger, where each is kept once."""
        own = described(table)
        if own.sha256 not in self._numbers:
            self.conn.execute(
                "INSERT OR IGNORE INTO definition (sha256, descriptor) VALUES (?, ?)", (own.sha256, own.text)
            )
            found = self.conn.execute("SELECT number FROM definition WHERE sha256 = ?", (own.sha256,)).fetchone()
            self._numbers[own.sha256] = int(found[0])
        return self._numbers[own.sha256]

    def kept(self, table: PackageTable, sha256: str) -> _Kept | None:
        """Return where the rows of such a CSV lie, None when the ledger has none of this content and definition."""
        key = (table.schema.table, self.definition(table), sha256)
        if key not in self._kept:
            found = self.conn.execute(
                "SELECT package FROM package_table WHERE table_name = ? AND definition = ? AND content = ? LIMIT 1", key
            ).fetchone()
            if found is None:
                return None
            # Where one table of a package recurs, its others will.
            self._kept = {
                (name, definition, content): _Kept(rows, first, last, definition, totals)
                for name, content, rows, first, last, definition, totals in self.conn.execute(
                    "SELECT table_name, content, row_count, first_seq, last_seq, definition, totals FROM package_table"
                    " WHERE package = ? AND content <> ''",
                    found,
                )
            }
        return self._kept[key]

    def _create(self, name: str, header: Sequence[str]) -> set[str]:
        rows = quoted(rows_table(name))
        spelt = ", ".join(f"{quoted(field)} TEXT NOT NULL DEFAULT ''" for field in header[:_MOST_COLUMNS])
        self.conn.execute(
            f"CREATE TABLE IF NOT EXISTS {rows} (seq INTEGER PRIMARY KEY, _package INTEGER NOT NULL, {spelt}) STRICT"
        )
        return {row[1] for row in self.conn.execute(f"PRAGMA table_info({rows})")}


class RowLoader:
    """Takes the rows of one package; nothing of them is there for others before the transaction ends."""

    def __init__(self, loading: Loading, package: int) -> None:
        self._loading = loading
        self._conn = loading.conn
        self._package = package
        self._insert: dict[str, str] = {}
        self._tables: dict[str, PackageTable] = {}
        self._first: dict[str, int] = {}
        self._known: dict[str, tuple[PackageTable, _Kept]] = {}

    def known(self, table: PackageTable, sha256: str) -> TableContent | None:
        """Return what the ledger has of such a table already, None for nothing: then its rows have to be taken."""
        kept = self._loading.kept(table, sha256)
        if kept is None:
            return None
        self._known[table.name] = (table, kept)
        totals = {name: Decimal(text) for name, text in json.loads(kept.totals).items()}
        return TableContent(kept.rows, totals, complete=True)

    def take(self, table: PackageTable, rows: list[list[str]]) -> None:
        """Take the next rows of a table; DataProblem for one that is too wide to be kept."""
        insert = self._insert.get(table.name)
        if insert is None:
            insert = self._insert[table.name] = self._begin(table)
        # A statement for each row gives the interpreter away and asks for it back every time, while the thread that
        # hashes the package wants it too.
        block = min(_BLOCK, _MOST_VALUES // len(table.header))
        whole = len(rows) - len(rows) % block if block > 1 else 0
        if whole:
            head, _, values = insert.rpartition(_VALUES)
            many = f"{head}{_VALUES}{', '.join([values] * block)}"
            for first in range(0, whole, block):
                self._conn.execute(many, list(chain.from_iterable(rows[first : first + block])))
        self._conn.executemany(insert, rows[whole:])

    def finish(self, facts: Sequence[TableFacts]) -> list[str]:
        """Record the tables and return a sentence for every count or total that is not what was verified."""
        found: list[str] = []
        notes = []
        for each in facts:
            if each.name in self._tables:
                table = self._tables[each.name]
                kept, wrong = self._loaded(table, each)
                found += wrong
            else:
                table, kept = self._known[each.name]
            notes.append((self._package, table.schema.table, table.name, table.schema.title, *kept, each.sha256))
        self._conn.executemany(
            "INSERT INTO package_table (package, table_name, name, title, row_count, first_seq, last_seq, definition,"
            " totals, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            notes,
        )
        return found

    def _begin(self, table: PackageTable) -> str:
        schema = table.schema
        self._first[table.name] = self._loading.begin(table)
        self._tables[table.name] = table
        columns = ", ".join(map(quoted, table.header))
        marks = ", ".join("?" * len(table.header))
        rows = quoted(rows_table(schema.table))
        return f"INSERT INTO {rows} (_package, {columns}){_VALUES}({self._package:d}, {marks})"

    def _loaded(self, table: PackageTable, facts: TableFacts) -> tuple[_Kept, list[str]]:
        """Return where the table's rows lie, and a sentence for each count or total that is not what was verified."""
        schema, name = table.schema, quoted(rows_table(table.schema.table))
        first = self._first[table.name]
        amounts = [field.name for field in schema.fields if field.name in facts.totals]
        sums = "".join(f", {exact_sum(_whole(each))}, coalesce(sum({_fraction(each)}), 0)" for each in amounts)
        count, last, *found = self._conn.execute(
            f"SELECT count(*), coalesce(max(seq), {first - 1}){sums} FROM {name} WHERE seq >= {first}"
        ).fetchone()
        self._loading.ended(table, last)
        wrong = []
        if count != facts.rows:
            wrong.append(f"《{schema.title}》入库{count}行，包里是{facts.rows}行。")
        for place, each in enumerate(amounts):
            total = read_sum(found[2 * place]) + from_micro(found[2 * place + 1])
            if total != Decimal(facts.totals[each]):
                title = schema.field(each).title
                wrong.append(f"《{schema.title}》「{title}」入库合计{total:f}，包里是{facts.totals[each]}。")
        totals = json.dumps(dict(facts.totals), ensure_ascii=False)
        return _Kept(count, first, last, self._loading.definition(table), totals), wrong


def _whole(name: str) -> str:
    return f"CAST({quoted(name)} AS INTEGER)"


def _fraction(name: str) -> str:
    """Return the SQL of what stands behind the point, in micro-units; the words of states count as nothing."""
    column = quoted(name)
    digits = f"CAST(substr(substr({column}, instr({column}, '.') + 1) || '000000', 1, 6) AS INTEGER)"
    return f"iif(instr({column}, '.'), iif(substr({column}, 1, 1) = '-', -{digits}, {digits}), 0)"


def loaded_tables(conn: sqlite3.Connection, package: int) -> list[LoadedTable]:
    """Return the tables of a package, in the order in which they came."""
    return _loaded(conn, package, "1")


def loaded_table(conn: sqlite3.Connection, package: int, table: str) -> LoadedTable | None:
    """Return one table of a package by its name in the county file, None when the package has none."""
    return next(iter(_loaded(conn, package, "table_name = ?", table)), None)


def _loaded(conn: sqlite3.Connection, package: int, condition: str, *values: str) -> list[LoadedTable]:
    return [
        LoadedTable(package, *columns)
        for columns in conn.execute(
            "SELECT table_name, name, title, row_count, first_seq, last_seq, descriptor FROM package_table t"
            f" JOIN definition d ON d.number = t.definition WHERE package = ? AND {condition} ORDER BY t.rowid",
            (package, *values),
        )
    ]


def read_rows(conn: sqlite3.Connection, loaded: LoadedTable, columns: Sequence[str]) -> Iterator[list[tuple[str, ...]]]:
    """Yield the rows batch by batch, the named columns of each; "" where the package's table has no such column."""
    if not loaded.rows:
        return
    known = {"id", *loaded.schema.names}
    spelt = ", ".join(quoted(name) if name in known else "''" for name in columns)
    cursor = conn.execute(
        f"SELECT {spelt} FROM {quoted(rows_table(loaded.table))} WHERE seq BETWEEN ? AND ? ORDER BY seq",
        (loaded.first_seq, loaded.last_seq),
    )
    while rows := cursor.fetchmany(_BATCH):
        yield rows
