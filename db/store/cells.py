"""How a cell lies in its column: text as TEXT, amounts as INTEGER micro-units, dates as ISO TEXT, yes/no as 1/0.

A cell that is 不涉及 or 暂无数据 is NULL in its column and named in the row's `states`, a JSON object by field name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from db.core.fields import Field, TableSchema
from db.core.values import Cell, State, from_micro, to_micro

Stored = int | str | None


def plain_columns(schema: TableSchema) -> frozenset[str]:
    """Return the names of the whole-number fields that are kept as plain integers (sizes, counters), by `x-plain`."""
    return frozenset(entry["name"] for entry in schema.raw.get("fields", ()) if entry.get("x-plain"))


def provenance_columns(schema: TableSchema) -> frozenset[str]:
    """Return the names of the fields that only tell how the row's figures came about, by `x-provenance`."""
    return frozenset(entry["name"] for entry in schema.raw.get("fields", ()) if entry.get("x-provenance"))


def store(field: Field, cell: Cell, *, plain: bool = False) -> Stored:
    """Return what the column of `field` holds for `cell`; NULL for 未报 and for states."""
    if cell is None or isinstance(cell, State):
        return None
    if isinstance(cell, bool):
        return int(cell)
    if isinstance(cell, Decimal):
        return int(cell) if plain or field.type == "year" else to_micro(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return cell


def store_states(values: Mapping[str, Cell]) -> str:
    """Return the JSON for a new row's states."""
    states = {name: cell.value for name, cell in values.items() if isinstance(cell, State)}
    # Spelt as SQLite spells it, or writing the same again would look like a change.
    return json.dumps(states, ensure_ascii=False, separators=(",", ":"))


def load(field: Field, raw: Any, *, plain: bool = False) -> Cell:
    """Return the cell that `raw`, taken from the column of `field`, stands for."""
    return None if raw is None else _loader(field, plain)(raw)


class RowReader:
    """Turns the columns of one schema's rows, in the order of its fields, into cells."""

    def __init__(self, schema: TableSchema) -> None:
        plain = plain_columns(schema)
        self.names = [field.name for field in schema.fields]
        self._loaders = [_loader(field, field.name in plain) for field in schema.fields]
        self._places = {name: place for place, name in enumerate(self.names)}

    def cell(self, raw: Sequence[Any], states: str, name: str) -> Cell:
        """Return the cell of one field."""
        place = self._places[name]
        value = raw[place]
        if value is not None:
            return self._loaders[place](value)
        word = None if states == "{}" else json.loads(states).get(name)
        return None if word is None else State(word)

    def cells(self, raw: Sequence[Any], states: str) -> dict[str, Cell]:
        """Return the cells by field name."""
        values: dict[str, Cell] = {
            name: None if value is None else loader(value)
            for name, value, loader in zip(self.names, raw, self._loaders, strict=True)
        }
        if states != "{}":
            for name, word in json.loads(states).items():
                if values.get(name, True) is None:
                    values[name] = State(word)
        return values


def _loader(field: Field, plain: bool) -> Callable[[Any], Cell]:
    if field.type == "year" or plain:
        return Decimal
    if field.is_number:
        return from_micro
    if field.type == "date":
        return _date
    if field.type == "boolean":
        return bool
    return _same


def _same(raw: str) -> str:
    return raw


def _date(raw: str) -> date | str:
    # Another program may have written anything; a text is shown and found by the checks, a failure would hide the row.
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return raw
