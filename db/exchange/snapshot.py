"""What a package is made from: one moment of the county file, read inside one transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from db.core.errors import DataProblem
from db.core.period import Period
from db.core.values import from_micro
from db.exchange.columns import MICRO, Spell, speller
from db.exchange.package_kinds import ATTACHMENTS, CHANGES, EXPLANATIONS, REMARKS, PackageKind
from db.exchange.package_rows import row_condition
from db.exchange.package_tables import PackageTable, fixed_tables, register_table
from db.exchange.submissions import Submission, latest, standing, submissions
from db.exchange.versions import CellChange, changes_since
from db.plan.editions import TASK_COLUMNS, county_catalogue, in_force
from db.plan.part import require_whole
from db.store.attachments import Stored
from db.store.cells import plain_columns
from db.store.connection import quoted
from db.store.past import newest_seq
from db.work.registers import registers
from db.work.remarks import sayings

BATCH = 2_000
"""Rows handled at a time."""

REPORTS = "project_report"
"""The table of project reports, whose rows point to those of registers."""

_NAMED = ("town", "department", "enterprise", "reporting_unit")

Columns = list[list[str]]


class Rows(Protocol):
    """The rows of one table as CSV text by column, to be read once; `count` and `totals` are whole afterwards."""

    count: int

    @property
    def totals(self) -> dict[str, Decimal]:
        """Return the exact sums of the number columns by field name."""
        ...

    def __iter__(self) -> Iterator[Columns]: ...


class ListedRows:
    """Rows that are no table of the county's (changes.csv, remarks.csv), each as its texts, the row id first."""

    totals: dict[str, Decimal] = {}

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Columns]:
        for start in range(0, len(self._rows), BATCH):
            batch = self._rows[start : start + BATCH]
            self.count += len(batch)
            yield [list(column) for column in zip(*batch, strict=True)]


class TableRows:
    """The rows of one table as CSV text by column, the row id first, in batches; counts and adds up as they pass."""

    def __init__(self, conn: sqlite3.Connection, table: PackageTable, where: str) -> None:
        self._conn = conn
        self._table = table
        self._where = where
        self._sums: dict[str, int] = {}
        self.count = 0

    @property
    def totals(self) -> dict[str, Decimal]:
        """Return the exact sums of the number columns by field name, once all rows have been read."""
        return {name: from_micro(total) for name, total in self._sums.items()}

    def __iter__(self) -> Iterator[Columns]:
        schema = self._table.schema
        plain = plain_columns(schema)
        spellers: list[Spell] = [speller(field, whole=field.name in plain) for field in schema.fields]
        amounts = [
            (index, field.name, MICRO if field.name in plain else 1)
            for index, field in enumerate(schema.fields)
            if field.type in ("number", "integer")
        ]
        self._sums = {name: 0 for _, name, _ in amounts}
        positions = {name: index for index, name in enumerate(self._table.header)}
        cursor = self._conn.execute(
            f"SELECT t.id, t.states, {', '.join(map(_column, schema.names))}"
            f" FROM {quoted(schema.table)} t WHERE {self._where} ORDER BY t.seq"
        )
        while rows := cursor.fetchmany(BATCH):
            ids, states, *cells = zip(*rows, strict=True)
            self.count += len(rows)
            for index, name, scale in amounts:
                self._sums[name] += sum(filter(None, cells[index])) * scale
            # Half the columns of a register are empty in most counties.
            blank = [""] * len(rows)
            columns = [list(ids)]
            for spell, column in zip(spellers, cells, strict=True):
                columns.append(blank[:] if column.count(None) == len(column) else spell(column))
            for row, words in enumerate(states):
                if words != "{}":
                    _put_states(columns, row, words, positions)
            yield columns


def _column(name: str) -> str:
    """Return the SQL of a field; a project that names a task of an older plan names none to others."""
    column = f"t.{quoted(name)}"
    return f"iif({in_force(column)}, {column}, NULL)" if name in TASK_COLUMNS else column


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _put_states(columns: Columns, row: int, words: str, positions: Mapping[str, int]) -> None:
    for name, word in json.loads(words).items():
        position = positions.get(name)
        if position is not None and not columns[position][row]:
            columns[position][row] = word


class Snapshot:
    """The tables of one package. `conn` must be inside a transaction, and stay there until the rows have been read."""

    def __init__(self, conn: sqlite3.Connection, kind: PackageKind, period: Period) -> None:
        self._conn = conn
        self._kind = kind
        self._period = period
        self.settings: dict[str, str] = dict(
            conn.execute("SELECT id, coalesce(value, '') FROM setting WHERE deleted_at IS NULL")
        )
        self.county_code = self.settings.get("county_code", "")
        self.county_name = self.settings.get("county_name", "") or self.county_code
        self.plan_version = self.settings.get("plan_version", "")
        self.explained: frozenset[str] | None = None
        """The explanations that still hold, by id; None when nobody asked, then all that are about its rows."""
        self.base_seq = newest_seq(conn)
        """The journal's last change that is in this moment."""
        if not self.county_code:
            raise DataProblem("县级数据里没有填报单位的代码。", advice="请重新建立县级数据文件夹。", code="county.none")
        require_whole(conn, "导出上报包")
        fixed = fixed_tables(kind)
        extra = [register_table(schema) for schema in registers(conn)] if kind.registers else []
        papers = [table for table in fixed if not table.holds_data]
        self.tables = [table for table in fixed if table.holds_data] + extra + papers

    @cached_property
    def predecessor(self) -> Submission | None:
        """The package that a new one supersedes, None for the first."""
        return standing(submissions(self._conn, self._kind.name, str(self._period)))

    @property
    def last_sequence(self) -> int:
        """Return the highest number that a package of this kind and period was ever given, 0 before the first."""
        last = latest(self._conn, self._kind.name, str(self._period))
        return last.sequence if last is not None else 0

    @cached_property
    def changes(self) -> list[CellChange]:
        """What is otherwise than in the package that a new one supersedes."""
        if self.predecessor is None:
            return []
        return changes_since(self._conn, county_catalogue(self._conn), self.predecessor)

    def count(self, table: PackageTable) -> int:
        """Return how many rows of the table go into the package."""
        if table.name in (CHANGES, REMARKS):
            return len(self._listed(table))
        sql = f"SELECT count(*) FROM {quoted(table.schema.table)} t WHERE {self._where(table)}"
        return int(self._conn.execute(sql).fetchone()[0])

    def rows(self, table: PackageTable) -> Rows:
        """Return the rows of the table, to be read once, in the order in which they were entered."""
        if table.name in (CHANGES, REMARKS):
            return ListedRows(self._listed(table))
        return TableRows(self._conn, table, self._where(table))

    def _listed(self, table: PackageTable) -> list[tuple[str, ...]]:
        if table.name == CHANGES:
            told = enumerate(self.changes, start=1)
            return [
                (str(n), c.table, c.row_id, c.row, c.how.value, c.field, c.heading, c.before, c.after) for n, c in told
            ]
        return [astuple(each) for each in sayings(self._conn, self._kind.name, str(self._period))]

    def attachments(self) -> list[Stored]:
        """Return every content that the package's rows are proved by, once each, in the order of their hashes."""
        table = next(table for table in self.tables if table.name == ATTACHMENTS)
        found: dict[str, Stored] = {}
        for sha256, name, size in self._conn.execute(
            f"SELECT t.sha256, t.name, t.size FROM attachment t WHERE {self._where(table)} ORDER BY t.sha256, t.seq"
        ):
            found.setdefault(sha256, Stored(sha256, name, size))
        return list(found.values())

    def names(self) -> dict[str, str]:
        """Return what people call the rows that other rows point to, by row id; those in the recycle bin too."""
        names: dict[str, str] = {}
        for known in _NAMED:
            names.update(
                self._conn.execute(
                    f"SELECT id, coalesce(name, '') || iif(deleted_at IS NULL, '', '（已删除）') FROM {quoted(known)}"
                )
            )
        for table in self.tables:
            if table.name not in _NAMED and "name" in table.schema and table.name != ATTACHMENTS:
                names.update(
                    self._conn.execute(
                        f"SELECT t.id, coalesce(t.name, '') FROM {quoted(table.schema.table)} t"
                        " WHERE t.id IN (SELECT row_id FROM attachment WHERE table_name = ?)",
                        (table.schema.table,),
                    )
                )
        if any(table.name == REPORTS for table in self.tables):
            names.update(self._reported())
        return names

    def _reported(self) -> dict[str, str]:
        """Return the names of the projects that were reported in the month; their registers are not in the package."""
        found: dict[str, str] = {}
        for schema in registers(self._conn):
            if schema.initials_of:
                found.update(
                    self._conn.execute(
                        f"SELECT t.id, coalesce(t.{quoted(schema.initials_of)}, '') FROM {quoted(schema.table)} t"
                        f" WHERE t.id IN (SELECT row_id FROM {REPORTS} WHERE register = ? AND period = ?)",
                        (schema.name, str(self._period)),
                    )
                )
        return found

    def task_words(self) -> dict[str, str]:
        """Return what the plan's clauses and targets are about, by id."""
        catalogue = county_catalogue(self._conn)
        words = {clause.id: clause.title for clause in catalogue.clauses}
        words.update({target.id: target.indicator or target.quote for target in catalogue.targets})
        return words

    def titles(self) -> Mapping[str, str]:
        """Return the titles of the tables by their names in the county file."""
        return {table.schema.table: table.schema.title for table in self.tables}

    def _where(self, table: PackageTable) -> str:
        """Return the condition on `t`; everything in it is ours, so that it needs no parameters."""
        if table.name == EXPLANATIONS:
            return self._explained()
        if table.name != ATTACHMENTS:
            return self._row_condition(table)
        return f"t.deleted_at IS NULL AND ({self._about_a_row()})"

    def _explained(self) -> str:
        """Return the condition on an explanation: it is about this period, and about a row or table of the package."""
        if self.explained is not None:
            return f"t.deleted_at IS NULL AND t.id IN ({', '.join(map(_literal, sorted(self.explained)))})"
        tables = ", ".join(f"'{table.schema.table}'" for table in self.tables if table.holds_data)
        return (
            f"t.deleted_at IS NULL AND coalesce(t.period, '') IN ('', '{self._period}')"
            f" AND ((coalesce(t.row_id, '') = '' AND t.table_name IN ({tables})) OR {self._about_a_row()})"
        )

    def _about_a_row(self) -> str:
        """Return the condition that `table_name` and `row_id` of `t` name a row that the package holds."""
        known = [
            f"(t.table_name = '{other.schema.table}' AND EXISTS (SELECT 1 FROM {quoted(other.schema.table)} r"
            f" WHERE r.id = t.row_id AND {self._row_condition(other, 'r')}))"
            for other in self.tables
            if other.holds_data
        ]
        return " OR ".join(known)

    def _row_condition(self, table: PackageTable, alias: str = "t") -> str:
        return row_condition(self._kind, self._period, table.schema, alias)
