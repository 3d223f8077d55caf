"""What has changed in a package's data since it was exported, cell by cell, by the journal.

changes_since(conn, catalogue, submission) -> [CellChange]      every table of the package, in its order
count_since(conn, submission) -> int                            报送后修改数: of what the kind itself is about

A month's package carries the lists of towns and enterprises along, so that it can be read by itself; that an enterprise
has another telephone number a year later does not make the month one that was changed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from db.core.fields import Field, TableSchema
from db.core.period import Period
from db.exchange.package_kinds import PackageKind, attachments_schema, kind_and_period
from db.exchange.package_rows import fixed_period, holds
from db.exchange.package_tables import data_tables
from db.exchange.submissions import Submission
from db.plan.catalogue import Catalogue
from db.store.cells import plain_columns, provenance_columns
from db.store.connection import quoted
from db.store.past import Stored, newest_seq, rows_at
from db.store.records import chunks
from db.work.row_titles import RowTitles

_TOLD_OF_NEW = 3
_LONGEST = 200

Values = dict[str, Stored]


class How(StrEnum):
    """What became of a row."""

    ADDED = "新增"
    REMOVED = "删除"
    CHANGED = "修改"


@dataclass(frozen=True)
class CellChange:
    """One cell that has another value, or a row that came or went (`field` and `heading` are then "").

    `before` and `after` are as people read them, "" for 未报; of a new row `after` names its figures. `own`: the table
    is what the kind is about, no list that it carries along.
    """

    table: str
    title: str
    row_id: str
    row: str
    how: How
    field: str
    heading: str
    before: str
    after: str
    own: bool


@dataclass(frozen=True)
class _Difference:
    schema: TableSchema
    row_id: str
    then: Values | None
    now: Values | None


def changes_since(
    conn: sqlite3.Connection, catalogue: Catalogue, submission: Submission, until: Submission | None = None
) -> list[CellChange]:
    """Return every cell that a package of the same kind and period would hold otherwise now, and rows come or gone.

    With `until`, a later package of the same kind and period, what that one holds otherwise.
    """
    kind, period = kind_and_period(submission.kind, submission.period)
    titles = RowTitles(conn, catalogue)
    found: list[CellChange] = []
    last = newest_seq(conn) if until is None else until.base_seq
    for difference in _differences(conn, kind, period, submission.base_seq, last):
        own = difference.schema.name not in kind.context
        found += _changes(titles, difference, own)
    return found


def count_since(conn: sqlite3.Connection, submission: Submission) -> int:
    """Return how many cells and rows of what the package is about are otherwise now."""
    kind, period = kind_and_period(submission.kind, submission.period)
    return sum(
        len(_changed_fields(each)) if each.then and each.now else 1
        for each in _differences(conn, kind, period, submission.base_seq, newest_seq(conn), own=True)
    )


def _differences(
    conn: sqlite3.Connection, kind: PackageKind, period: Period, base: int, last: int, *, own: bool = False
) -> Iterator[_Difference]:
    """Yield the rows that a package of `base` holds otherwise than one of `last`; None where it holds none."""
    tables = {schema.table: schema for schema in data_tables(conn, kind)}
    for schema in tables.values():
        if own and schema.name in kind.context:
            continue
        for then, now in _pairs(conn, schema.table, base, last, fixed_period(kind, period, schema)):
            yield from _told(
                schema,
                then if holds(kind, period, schema, then) else None,
                now if holds(kind, period, schema, now) else None,
            )
    proofs = attachments_schema()
    for then, now in _pairs(conn, proofs.table, base, last):
        owner = tables.get(str((now or then or {}).get("table_name") or ""))
        if owner is not None and not (own and owner.name in kind.context):
            row_id = str((now or then or {}).get("row_id") or "")
            was = rows_at(conn, owner.table, {row_id: base})[row_id]
            is_now = rows_at(conn, owner.table, {row_id: last})[row_id]
            yield from _told(
                proofs,
                then if _live(then) and holds(kind, period, owner, was) else None,
                now if _live(now) and holds(kind, period, owner, is_now) else None,
            )


def _live(values: Values | None) -> bool:
    return values is not None and values.get("deleted_at") is None


def _told(schema: TableSchema, then: Values | None, now: Values | None) -> Iterator[_Difference]:
    difference = _Difference(schema, str((now or then or {}).get("id") or ""), then, now)
    if (then is None) != (now is None) or (then is not None and _changed_fields(difference)):
        yield difference


def _pairs(
    conn: sqlite3.Connection, table: str, base: int, last: int, only: str = ""
) -> Iterator[tuple[Values | None, Values | None]]:
    """Yield every row of the table that was touched after `base` until `last`, as it was at either.

    `only` is the period that rows of the table have for ever: those of others are passed over, unless they are gone.
    """
    other = f"AND row_id NOT IN (SELECT id FROM {quoted(table)} WHERE period <> ?4)" if only else "AND ?4 = ''"
    touched = [
        row[0]
        for row in conn.execute(
            f"SELECT row_id FROM change WHERE table_name = ?1 AND seq > ?2 AND seq <= ?3 {other}"
            " GROUP BY row_id ORDER BY min(seq)",
            (table, base, last, only),
        )
    ]
    for chunk in chunks(touched):
        before = rows_at(conn, table, dict.fromkeys(chunk, base))
        after = rows_at(conn, table, dict.fromkeys(chunk, last))
        for row_id in chunk:
            yield before[row_id], after[row_id]


def _changed_fields(difference: _Difference) -> list[Field]:
    """Return the fields; how a figure came about is told only where nothing else changed, or each would count twice."""
    then, now = difference.then or {}, difference.now or {}
    before, after = _states(then), _states(now)
    changed = [
        field
        for field in difference.schema.fields
        if then.get(field.name) != now.get(field.name) or before.get(field.name) != after.get(field.name)
    ]
    origins = provenance_columns(difference.schema)
    return [field for field in changed if field.name not in origins] or changed


def _changes(titles: RowTitles, difference: _Difference, own: bool) -> Iterator[CellChange]:
    schema, then, now = difference.schema, difference.then, difference.now
    place = (schema.table, schema.title, difference.row_id, titles.row(schema, now or then or {})[:_LONGEST])
    plain = plain_columns(schema)

    def shown(field: Field, values: Values) -> str:
        return titles.cell(field, values, _states(values), plain=field.name in plain)[:_LONGEST]

    if then is None:
        yield CellChange(*place, How.ADDED, "", "", "", _figures(schema, now or {}, shown), own)
    elif now is None:
        yield CellChange(*place, How.REMOVED, "", "", _figures(schema, then, shown), "", own)
    else:
        for field in _changed_fields(difference):
            texts = (shown(field, then), shown(field, now))
            yield CellChange(*place, How.CHANGED, field.name, field.heading, *texts, own)


def _figures(schema: TableSchema, values: Values, shown: Callable[[Field, Values], str]) -> str:
    """Return the first figures of a row that came or went: 本月累计 300."""
    told = []
    for field in schema.fields:
        if field.is_number and field.type != "year" and (text := shown(field, values)):
            told.append(f"{field.heading} {text}")
    return "，".join(told[:_TOLD_OF_NEW])[:_LONGEST]


def _states(values: Mapping[str, Stored]) -> dict[str, str]:
    words: dict[str, str] = json.loads(str(values.get("states") or "{}"))
    return words
