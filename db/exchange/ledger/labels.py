"""What people call the rows of a received table: their name, or task, assignee and period in words.

labels = Labels(conn, package)
labels.row(loaded, cells)      08-06-1 清洁取暖户数 · 圣城街道 · 2022-03
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from functools import cached_property

from db.exchange.ledger.rows import LoadedTable, loaded_tables, read_rows
from db.plan.catalogue import load_catalogue
from db.work.monthly.model import ASSIGNEE_KINDS
from db.work.tasks import title_of

TASKS = ("task_id", "target_id")
SPOKEN = (*TASKS, "assignee_kind")
"""Fields besides those that point to rows which are shown in other words than they are sent in."""
NAMED = ("town", "department", "enterprise")
_PARTS = (*TASKS, "assignee_id", "register", "row_id", "kind", "period", "year")


class Labels:
    """The names in one package; rows of other tables point to them by their ids."""

    def __init__(self, conn: sqlite3.Connection, package: int) -> None:
        self._conn = conn
        self._package = package

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return the names of towns, departments, enterprises and projects, by row id."""
        found = {"county": "本县"}
        for loaded in loaded_tables(self._conn, self._package):
            name = loaded.schema.initials_of or "name"
            if name in loaded.schema and (loaded.table in NAMED or loaded.schema.kind == "register"):
                for rows in read_rows(self._conn, loaded, ["id", name]):
                    found.update((row_id, text) for row_id, text in rows)
        return found

    def cell(self, field: str, text: str) -> str:
        """Return a cell's text as people read it: names instead of ids, tasks with their words."""
        if field in TASKS and text:
            task = load_catalogue().task(text)
            return f"{text} {title_of(task)}" if task is not None else text
        if field == "assignee_kind":
            return ASSIGNEE_KINDS.get(text, text)
        return self.names.get(text, text) if field.endswith("_id") else text

    def row(self, loaded: LoadedTable, cells: Mapping[str, str]) -> str:
        """Return what people call the row with these cells (by field name), its id when it says nothing itself."""
        name = cells.get(loaded.schema.initials_of or "name", "")
        if name:
            return name
        parts = [self.cell(field, cells[field]) for field in _PARTS if cells.get(field)]
        return " · ".join(parts) or cells.get("id", "")

    def rows(self, loaded: LoadedTable) -> Iterator[tuple[str, str]]:
        """Yield id and name of every row of a table."""
        columns = ["id", loaded.schema.initials_of or "name", *_PARTS]
        for batch in read_rows(self._conn, loaded, columns):
            for row in batch:
                yield row[0], self.row(loaded, dict(zip(columns, row, strict=True)))
