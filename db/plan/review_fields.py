"""The fields of a clause or target as a form edits them: made from the model, its vocabularies and their words.

fields_of(Target) -> tuple[Field, ...]       cells_of(target) -> {name: cell}
value_of(Target, "comparator", "不低于") -> Comparator.AT_LEAST
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_type_hints

from db.core.errors import DataProblem
from db.core.field import Field, FieldType
from db.core.values import Cell, State
from db.plan.model import Clause, Target
from db.plan.words import About, field_title, word

Kind = type[Clause] | type[Target]

ORDER: Mapping[Kind, tuple[str, ...]] = {
    Target: (
        "indicator",
        "scope",
        "value",
        "unit",
        "comparator",
        "deadline",
        "nature",
        "allocation",
        "measure",
        "county_unit",
        "baseline_value",
        "baseline_year",
        "value_kind",
        "direction",
        "deadline_basis",
        "soft",
        "set_by_province",
        "note",
    ),
    Clause: ("title", "mode", "leads", "cooperators", "counties_named", "list_open"),
}
"""The fields that are typed; the others are chosen by marking text."""
REQUIRED = frozenset({"indicator", "title"})
_LONG = frozenset({"note"})
_YEARS = frozenset({"baseline_year"})
_BETWEEN = "、"


def fields_of(kind: Kind) -> tuple[Field, ...]:
    """Return the fields of a clause or target that can be typed, in the order of the form."""
    return _fields("target" if kind is Target else "clause")


def cells_of(thing: Clause | Target) -> dict[str, Cell]:
    """Return what stands in each field."""
    return {entry.name: _cell(getattr(thing, entry.name)) for entry in fields_of(type(thing))}


def value_of(kind: Kind, name: str, cell: Cell) -> Any:
    """Return the model's value for what was typed; DataProblem when the model has none."""
    hint = get_type_hints(kind)[name]
    found = next((member for member in _members(hint) if word(member) == cell), None)
    found = found or next((member for member in _members(hint) if member.value == "none"), None)
    if isinstance(cell, State) or (cell is None and name in REQUIRED) or (_members(hint) and found is None):
        entry = next(field for field in fields_of(kind) if field.name == name)
        raise DataProblem(f"「{entry.title}」要填内容。", advice="请填写方案里的说法。", code="plan.empty_field")
    if found is not None:
        return found
    if hint is bool:
        return cell is True
    if hint == tuple[str, ...]:
        return tuple(part.strip() for part in str(cell or "").split(_BETWEEN) if part.strip())
    if name in _YEARS:
        return None if cell is None else int(str(cell))
    return (cell or "") if hint is str else cell


@cache
def _fields(about: About) -> tuple[Field, ...]:
    kind: Kind = Target if about == "target" else Clause
    hints = get_type_hints(kind)
    return tuple(_field(about, name, hints[name]) for name in ORDER[kind])


def _field(about: About, name: str, hint: Any) -> Field:
    return Field(
        name=name,
        title=field_title(about, name),
        type=_type(name, hint),
        required=name in REQUIRED,
        enum=tuple(word(member) for member in _members(hint)),
        takes_states=False,
    )


def _type(name: str, hint: Any) -> FieldType:
    kinds = set(get_args(hint)) or {hint}
    if name in _YEARS:
        return "year"
    if name in _LONG:
        return "text"
    if bool in kinds:
        return "boolean"
    if Decimal in kinds:
        return "number"
    return "date" if date in kinds else "string"


def _cell(value: Any) -> Cell:
    if isinstance(value, StrEnum):
        return word(value)
    if isinstance(value, tuple):
        return _BETWEEN.join(value) or None
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return None if value == "" else value


def _members(hint: Any) -> tuple[StrEnum, ...]:
    return tuple(hint) if isinstance(hint, type) and issubclass(hint, StrEnum) else ()
