"""Arbitrary cells and rows of a schema, for properties."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from db.core.fields import Field, TableSchema
from db.core.values import Cell, State, from_micro

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
AMOUNTS = st.integers(-(9 * 10**18), 9 * 10**18).map(from_micro)


def cells(field: Field) -> st.SearchStrategy[Cell]:
    """Return any cell that a field of this type can hold, limits apart."""
    values: st.SearchStrategy[Cell]
    if field.enum:
        values = st.sampled_from(field.enum)
    elif field.type == "year":
        values = st.integers(1949, 2100).map(Decimal)
    elif field.type == "integer":
        values = st.integers(-(9 * 10**12), 9 * 10**12).map(Decimal)
    elif field.type == "number":
        values = AMOUNTS
    elif field.type == "date":
        values = st.dates(date(1900, 1, 1), date(2100, 1, 1))
    elif field.type == "boolean":
        values = st.booleans()
    else:
        values = TEXT
    return st.none() | st.sampled_from(State) | values


def rows(schema: TableSchema) -> st.SearchStrategy[dict[str, Cell]]:
    """Return any row of the schema, some fields left out, references apart."""
    free = [field for field in schema.fields if not field.ref]
    return st.fixed_dictionaries({}, optional={field.name: cells(field) for field in free})


def whole(schema: TableSchema, row: dict[str, Cell]) -> dict[str, Cell]:
    """Return the row with the defaults of the fields that it leaves out."""
    return {field.name: row.get(field.name, field.default) for field in schema.fields}
