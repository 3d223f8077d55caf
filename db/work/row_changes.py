"""What happened to the fields of one row: who changed which from what to what, and when; `row_changes(conn, …)`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from db.core.fields import Field, TableSchema
from db.core.values import UNREPORTED, State
from db.store import cells
from db.store.history import HistoryEntry, row_history
from db.work.references import names_of

_STATES, _DELETED = "states", "deleted_at"


@dataclass(frozen=True)
class FieldChange:
    """One field's change as people read it, 未报 for nothing; of a row that came or went, `title` is "" and says so."""

    at: str
    author: str
    label: str
    title: str
    before: str
    after: str


def row_changes(conn: sqlite3.Connection, schema: TableSchema, row_id: str) -> list[FieldChange]:
    """Return all changes of the row's fields, newest first; references by the names they have today."""
    return [change for entry in row_history(conn, schema.table, row_id) for change in _changes(conn, schema, entry)]


def _changes(conn: sqlite3.Connection, schema: TableSchema, entry: HistoryEntry) -> Iterator[FieldChange]:
    told = (entry.at, entry.author, entry.label)
    if entry.action != "update":
        yield FieldChange(*told, "", "", "新增" if entry.action == "insert" else "清除")
        return
    if _DELETED in entry.after:
        yield FieldChange(*told, "", "", "恢复" if entry.after[_DELETED] is None else "删除")
    before, after = _states(entry.before), _states(entry.after)
    for field in schema.fields:
        if field.name in entry.after or before.get(field.name) != after.get(field.name):
            texts = (_shown(conn, field, entry.before, before), _shown(conn, field, entry.after, after))
            yield FieldChange(*told, field.heading, *texts)


def _states(values: dict[str, int | str | None]) -> dict[str, str]:
    found: dict[str, str] = json.loads(str(values.get(_STATES) or "{}"))
    return found


def _shown(conn: sqlite3.Connection, field: Field, values: dict[str, int | str | None], states: dict[str, str]) -> str:
    if field.name in states:
        return State(states[field.name]).value
    stored = values.get(field.name)
    if stored is None:
        return UNREPORTED
    if field.ref:
        return names_of(conn, field.ref, [str(stored)]).get(str(stored), UNREPORTED)
    return field.show(cells.load(field, stored))
