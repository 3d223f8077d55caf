"""Which rows of a table go into a package of a kind and period: as a condition in SQL, and asked of one row's values.

A test holds the two together. The second is for rows as they were, which are in no table any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.core.fields import TableSchema
from db.core.period import Period
from db.exchange.package_kinds import PackageKind
from db.plan.editions import TASK_COLUMNS, in_force, split_former

EVALUATION = "evaluation"
"""The table of evaluations, whose period is a year or the whole plan."""


def row_condition(kind: PackageKind, period: Period, schema: TableSchema, alias: str = "t") -> str:
    """Return the condition on the rows called `alias`; everything in it is ours, so that it needs no parameters."""
    time = ""
    if schema.name in kind.of_the_year:
        time = f" AND {alias}.year = {period.year:d}"
    elif schema.name in kind.of_the_month:
        time = f" AND {alias}.period = '{period}'"
    elif schema.name == EVALUATION:
        time = f" AND {alias}.period = '{kind.evaluation_key(period)}'"
    plan = "".join(f" AND {in_force(f'{alias}.{name}')}" for name in _task_columns(schema))
    return f"{alias}.deleted_at IS NULL{time}{plan}"


def fixed_period(kind: PackageKind, period: Period, schema: TableSchema) -> str:
    """Return the period that all rows of the table in the package have, by which they are known; "" for none."""
    if schema.name in kind.of_the_month:
        return str(period)
    return kind.evaluation_key(period) if schema.name == EVALUATION else ""


def holds(kind: PackageKind, period: Period, schema: TableSchema, values: Mapping[str, Any] | None) -> bool:
    """Return whether a row with these stored values goes into the package; None is a row that is not there."""
    if values is None or values.get("deleted_at") is not None:
        return False
    if schema.name in kind.of_the_year and values.get("year") != period.year:
        return False
    if schema.name in kind.of_the_month and values.get("period") != str(period):
        return False
    if schema.name == EVALUATION and values.get("period") != kind.evaluation_key(period):
        return False
    return all(split_former(str(values.get(name) or "")) is None for name in _task_columns(schema))


def _task_columns(schema: TableSchema) -> list[str]:
    # What was assigned under an older plan and has no place in this one stays at home; a project goes all the same.
    return [] if schema.kind == "register" else [name for name in TASK_COLUMNS if name in schema]
