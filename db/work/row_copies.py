"""A second row like one that is there: `copied_values(schema, row)` gives what it begins with."""

from __future__ import annotations

from db.core.fields import TableSchema
from db.core.values import Cell
from db.store.records import Row


def copied_values(schema: TableSchema, row: Row) -> dict[str, Cell]:
    """Return the row's values without those that must be its own.

    That is what is unique, and what the register's key calls the thing by (`x-key`: its texts, else all of it).
    """
    keys = [schema.field(name) for name in schema.key]
    names = [each.name for each in keys if each.type == "string" and not each.enum and not each.ref]
    own = set(names or schema.key)
    return {f.name: row.values[f.name] for f in schema.fields if not (f.read_only or f.unique or f.name in own)}
