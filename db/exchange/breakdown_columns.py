"""The breakdown as one table of a workbook: its columns, what stands in them, and how two rows are compared.

A row is an assignment: task, year, who, how much, and the texts that go with it. Hidden columns carry the ids and a
fingerprint of the row as it was written, so that reading it back can tell what the clerk changed from what was changed
in the program meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from db.core.errors import DataProblem
from db.core.fields import Field, load_schema
from db.core.units import decimals_of
from db.core.values import MICRO_DIGITS, Cell
from db.exchange.fingerprint import fingerprint_of
from db.exchange.plain_table import sheet_value
from db.plan.catalogue import Catalogue, Target
from db.plan.editions import catalogue_digest
from db.work.assignments import FIELDS
from db.work.tasks import Duty, Task, duty_of, unit_of

SHEET: Final = "任务分解"
EDITION: Final = "1"
PROPERTY: Final = "sijian-breakdown"
CODES_ROW, HEAD_ROW, FIRST_ROW = 2, 3, 4
"""Rows counted from 0: the hidden machine codes, the headings, the first assignment."""

HAS_IT: Final = "√"
MARKS: Final = frozenset({HAS_IT, "✓", "✔", "☑", "是"})


@dataclass(frozen=True)
class Column:
    """A column: machine code, heading, width in characters; `hidden` from the clerk, `fixed` where it names the row."""

    code: str
    heading: str
    width: int
    hidden: bool = False
    fixed: bool = False


def columns() -> tuple[Column, ...]:
    """Return the columns in order; headings and widths of fields are those of the table's definition."""
    schema = load_schema("assignment")
    own = [Column(name, schema.field(name).title, schema.field(name).width) for name in FIELDS]
    return (
        Column("assignee_id", "责任主体标识", 10, hidden=True),
        Column("task_id", "任务编号", 11, fixed=True),
        Column("task", "任务", 36, fixed=True),
        Column("year", "年度", 7, fixed=True),
        Column("assignee_kind", "类别", 10, fixed=True),
        Column("assignee", "责任主体", 24, fixed=True),
        *own,
        Column("assignment_id", "分解标识", 10, hidden=True),
        Column("fingerprint", "校验", 10, hidden=True),
    )


def identity(county_code: str, catalogue: Catalogue) -> str:
    """Return what tells whose workbook it is: edition of the layout, county, and the plan by what is in it.

    A plan's name would not do: two that were read from files of one name number their tasks differently.
    """
    return f"{EDITION};{county_code};{catalogue_digest(catalogue)[:16]}"


def written(task: Task, values: Mapping[str, Cell]) -> dict[str, str | float | int | date | None]:
    """Return what stands in the workbook for the fields of an assignment."""
    found: dict[str, str | float | int | date | None] = {}
    for name in FIELDS:
        cell = values.get(name)
        found[name] = sheet_value(load_schema("assignment").field(name), cell)
    if found["amount"] is None and duty_of(task) is Duty.COMPLETION:
        found["amount"] = HAS_IT
    return found


def field_for(name: str, task: Task | None, unit: str) -> Field:
    """Return the field that reads column `name`; amounts of a task in `unit`, "" for the task's own."""
    field = load_schema("assignment").field(name)
    if name != "amount" or task is None:
        return field
    own = unit or unit_of(task)
    return replace(field, unit=own, decimals=decimals_of(own) if own else MICRO_DIGITS)


def canonical(name: str, task: Task | None, unit: str, raw: object) -> str:
    """Return one spelling for everything that means the same in a column, however it was typed."""
    if raw is None or raw == "":
        return ""
    if name == "amount" and isinstance(raw, str) and raw.strip() in MARKS:
        return HAS_IT
    if isinstance(raw, datetime) and name == "deadline":
        raw = raw.date()
    try:
        field = field_for(name, task, unit)
        return field.csv(field.parse(raw))
    except DataProblem:
        return f"?{raw}"


def fingerprint(task: Task | None, key: tuple[str, int, str], cells: Mapping[str, object]) -> str:
    """Return a short digest of a row as it stands in a workbook; equal for rows that say the same."""
    unit = canonical("unit", task, "", cells.get("unit")) or (unit_of(task) if task is not None else "")
    spelt = [canonical(name, task, unit, cells.get(name)) for name in FIELDS if name != "unit"]
    has_amount = spelt[0] not in ("", HAS_IT)
    # The unit of an amount that is not there says nothing.
    return fingerprint_of([*key, unit if has_amount else "", *spelt])


def is_empty(task: Task, cells: Mapping[str, object]) -> bool:
    """Return whether a row says nothing but who it is about; a unit alone is nothing."""
    return all(cells.get(name) in (None, "") for name in FIELDS if name != "unit")


def counted(task: Task) -> bool:
    """Return whether amounts of the task add up in a matrix of a year."""
    return isinstance(task, Target) and duty_of(task) is Duty.QUANTITY
