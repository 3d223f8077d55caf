"""Conditions on one column, as values: each gives its SQL and parameters for the table joined as `t`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from db.core.fields import Field, TableSchema
from db.core.values import Cell, State
from db.store import cells
from db.store.connection import quoted
from db.store.records import in_list

Condition = tuple[str, list[Any]]
Kind = Literal["contains", "one_of", "between", "empty", "not_empty"]


@dataclass(frozen=True)
class Filter:
    """A condition on the column `field` (or on `id`); made by the class methods below."""

    field: str
    kind: Kind
    cells: tuple[Cell, ...] = ()
    text: str = ""

    @classmethod
    def contains(cls, field: str, text: str) -> Filter:
        """Rows whose column, as text, holds `text`; of a reference, its name or the initials of its name."""
        return cls(field, "contains", text=text)

    @classmethod
    def equals(cls, field: str, cell: Cell) -> Filter:
        """Rows whose cell is exactly this value, 未报 (None) or state; of a reference, its id."""
        return cls(field, "one_of", (cell,))

    @classmethod
    def one_of(cls, field: str, cells: Iterable[Cell]) -> Filter:
        """Rows whose cell is one of these values, 未报 (None) and states included; of no cells, no rows."""
        return cls(field, "one_of", tuple(cells))

    @classmethod
    def between(cls, field: str, low: Cell, high: Cell) -> Filter:
        """Rows whose value lies between the two, ends included; None leaves that end open."""
        return cls(field, "between", (low, high))

    @classmethod
    def empty(cls, field: str) -> Filter:
        """Rows that hold nothing there (未报)."""
        return cls(field, "empty")

    @classmethod
    def not_empty(cls, field: str) -> Filter:
        """Rows that hold a value or a state there."""
        return cls(field, "not_empty")

    @classmethod
    def state(cls, field: str, state: State) -> Filter:
        """Rows whose cell is this state."""
        return cls(field, "one_of", (state,))

    def sql(self, schema: TableSchema) -> Condition:
        """Return the condition on `t` with its parameters; KeyError for a field the schema lacks."""
        if self.field == "id":
            return in_list("t.id", self.cells), list(self.cells)
        field = schema.field(self.field)
        plain = field.name in cells.plain_columns(schema)
        match self.kind:
            case "contains":
                return _contains(field, self.text, plain=plain)
            case "one_of":
                return _one_of(field, self.cells, plain=plain)
            case "between":
                return _between(field, self.cells, plain=plain)
            case "empty":
                return _empty(field), []
            case "not_empty":
                return f"NOT {_empty(field)}", []


def column(field: Field) -> str:
    """Return the column of `field` in `t`."""
    return f"t.{quoted(field.name)}"


def like(text: str) -> str:
    """Return the LIKE pattern (ESCAPE '\\') for anything that holds `text`."""
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def searched(schema: TableSchema, search: str) -> Condition:
    """Return the condition that every word of `search` occurs somewhere in the row: texts, codes, initials, names."""
    conditions: list[str] = []
    parameters: list[Any] = []
    for word in search.split():
        ways = []
        cased = any(character.isascii() and character.isalpha() for character in word)
        for field in schema.fields:
            if field.ref:
                ways.append(f"{column(field)} IN (SELECT id FROM {quoted(field.ref)} WHERE {_named()})")
                parameters += [like(word)] * 2
            elif field.type in ("string", "text") and not field.enum:
                # instr is half as dear as LIKE, but knows 'A' from 'a'.
                ways.append(f"{column(field)} LIKE ? ESCAPE '\\'" if cased else f"instr({column(field)}, ?) > 0")
                parameters.append(like(word) if cased else word)
            elif field.enum and any(word in choice for choice in field.enum):
                chosen = [choice for choice in field.enum if word in choice]
                ways.append(in_list(column(field), chosen))
                parameters += chosen
        if schema.initials_of and word.isascii():
            ways.append("t.initials LIKE ? ESCAPE '\\'")
            parameters.append(like(word))
        conditions.append(f"({' OR '.join(ways) or '0'})")
    return " AND ".join(conditions), parameters


def _named() -> str:
    return "name LIKE ? ESCAPE '\\' OR initials LIKE ? ESCAPE '\\'"


def _contains(field: Field, text: str, *, plain: bool) -> Condition:
    if field.ref:
        return f"{column(field)} IN (SELECT id FROM {quoted(field.ref)} WHERE {_named()})", [like(text)] * 2
    shown = column(field)
    if field.is_number and field.type != "year" and not plain:
        # '1200.5' for 1200500000: the figure as people write it, whatever its size.
        whole, rest = f"(abs({shown}) / 1000000)", f"rtrim(printf('.%06d', abs({shown}) % 1000000), '0')"
        shown = f"(iif({shown} < 0, '-', '') || {whole} || rtrim({rest}, '.'))"
        text = text.replace(",", "")
    elif field.type == "boolean":
        shown = f"CASE {shown} WHEN 1 THEN '是' WHEN 0 THEN '否' END"
    return f"{shown} LIKE ? ESCAPE '\\'", [like(text)]


def _one_of(field: Field, chosen: tuple[Cell, ...], *, plain: bool) -> Condition:
    ways: list[str] = []
    parameters: list[Any] = []
    values = [cells.store(field, c, plain=plain) for c in chosen if c is not None and not isinstance(c, State)]
    states = [cell.value for cell in chosen if isinstance(cell, State)]
    if values:
        ways.append(in_list(column(field), values))
        parameters += values
    if states:
        ways.append(in_list(_state(field), states))
        parameters += states
    if None in chosen:
        ways.append(_empty(field))
    return f"({' OR '.join(ways) or '0'})", parameters


def _between(field: Field, ends: tuple[Cell, ...], *, plain: bool) -> Condition:
    low, high = (cells.store(field, end, plain=plain) for end in ends)
    ways = [f"{column(field)} {sign} ?" for sign, end in ((">=", low), ("<=", high)) if end is not None]
    return " AND ".join([f"{column(field)} IS NOT NULL", *ways]), [end for end in (low, high) if end is not None]


def _empty(field: Field) -> str:
    return f"({column(field)} IS NULL AND (t.states = '{{}}' OR {_state(field)} IS NULL))"


def _state(field: Field) -> str:
    return f"json_extract(t.states, '$.\"{field.name}\"')"
