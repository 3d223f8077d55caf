"""Two rows that are one thing become one: field by field, with proof files; the other goes to the recycle bin.

    choices = merge_choices(conn, schema, kept_id, other_id)
    merge(op, schema, kept_id, other_id, taken)         label the operation with `merge_label`: it is what the bin shows

Nothing is lost: the history of both rows stays, and undoing parts them again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from db.core.errors import DataProblem
from db.core.fields import Field, TableSchema
from db.core.text import titled
from db.core.values import UNREPORTED
from db.store import records
from db.store.operation import Operation
from db.store.records import Row


@dataclass(frozen=True)
class MergeChoice:
    """A field in which the rows differ: what each says, and whether the other's is the better guess."""

    field: Field
    kept: str
    other: str
    take_other: bool


def merge_choices(conn: sqlite3.Connection, schema: TableSchema, kept_id: str, other_id: str) -> list[MergeChoice]:
    """Return the fields that differ, in their order; where the kept row says nothing the other's value is proposed."""
    kept, other = _both(conn, schema, kept_id, other_id)
    return [
        MergeChoice(own, _shown(own, kept), _shown(own, other), kept.values[own.name] is None)
        for own in schema.fields
        if own.computed is None and kept.values[own.name] != other.values[own.name]
    ]


def merge_label(schema: TableSchema, kept_title: str, other_title: str) -> str:
    """Return what the step is called, in the bin and in both rows' histories: where the one that is gone went."""
    return f"合并「{schema.title}」：{titled(other_title)}并入{titled(kept_title)}"


def merge(op: Operation, schema: TableSchema, kept_id: str, other_id: str, taken: Collection[str]) -> int:
    """Give the kept row the fields `taken` from the other and its proof files; return how many files moved.

    A file that both have stays with the row in the recycle bin. DataProblem when one of the rows is gone.
    """
    _, other = _both(op.conn, schema, kept_id, other_id)
    own_files = "SELECT sha256 FROM attachment WHERE table_name = ?3 AND row_id = ?1 AND deleted_at IS NULL"
    records.update(op, schema, kept_id, {name: other.values[name] for name in taken})
    moved = op.conn.execute(
        "UPDATE attachment SET row_id = ?1 WHERE table_name = ?3 AND row_id = ?2 AND deleted_at IS NULL"
        f" AND sha256 NOT IN ({own_files})",
        (kept_id, other_id, schema.table),
    ).rowcount
    records.delete(op, schema, [other_id])
    return moved


def _both(conn: sqlite3.Connection, schema: TableSchema, kept_id: str, other_id: str) -> tuple[Row, Row]:
    rows = [row for row in records.get_many(conn, schema, (kept_id, other_id)) if row.deleted_at is None]
    if len(rows) != 2 or kept_id == other_id:
        raise DataProblem("要合并的两行中有一行已经删除。", advice="请重新查重。", code="merge.gone")
    return rows[0], rows[1]


def _shown(own: Field, row: Row) -> str:
    return row.labels.get(own.name) or own.show(row.values[own.name]) or UNREPORTED
