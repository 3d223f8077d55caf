"""The form of a unit's workbook, which its writer and its reader share: sheets, rows, codes, columns, identity.

    register_table(schema, unit_kind) -> BookTable          assignment_table(), progress_table(), project_report_table()
    Identity(...).texts() -> {key: text}                     identity_from(texts) -> Identity | None

A sheet of a table begins with a title, a line of hints, a hidden row of machine codes, and the headings. The codes
stand above the headings, so that filters and sorting leave them where they are:

    @table:coal_boiler#2 | @base | name | town_id | …        the codes row, wherever the sender has moved things
    <row's id>           | <seq> | …                          an entry; a row without an id is a new one

`@base` is the journal's last `change.seq` of the row when it was written; 0 for a row that has none. Entries of
`progress` and `project_report` that do not exist yet have no id either: `task_id`, or `register` and `row_id`, say
which they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import resources
from db.core.fields import Field, TableSchema, load_schema
from db.work.unit_rows import OWN_FIELD

FORM: Final = "1"
"""The edition of this form; a workbook of a newer one is refused with a sentence."""

GUIDE, RETURN = "填报说明", "退回说明"
IDENTITY_SHEET, LISTS_SHEET = "_sijian", "_lists"
PROPERTY: Final = "sijian."
"""What the names of the identity's custom document properties begin with."""

TITLE_ROW, HINT_ROW, CODES_ROW, HEAD_ROW, FIRST_ROW = range(5)
"""Rows of a table's sheet as written, counted from 0."""
ID_COLUMN, BASE_COLUMN, FIRST_COLUMN = range(3)
"""Columns of a table's sheet as written, counted from 0; the first two are hidden."""

TABLE_MARK, BASE_MARK = "@table:", "@base"
ID_HEADING, BASE_HEADING = "行标识（勿改）", "版次（勿改）"
SPARE_ROWS: Final = 50
"""How many empty rows below the last entry of a register are framed for new ones."""

_PIECE, _PIECES = 240, 8

TASKS, REGISTERS, MONTHLY = "tasks", "registers", "monthly"
ASSIGNMENT, PROGRESS, PROJECT_REPORT = "assignment", "progress", "project_report"


def kinds() -> Mapping[str, Mapping[str, str]]:
    """Return what a workbook can hold, by kind: its `title` and `help` for people, and whether its `period` is
    a year or a month.
    """
    found: Mapping[str, Mapping[str, str]] = resources.load_json("workbooks.json")["kinds"]
    return found


@dataclass(frozen=True)
class Column:
    """A column of a table's sheet: its code is the field's name; `locked` ones are known and not taken back."""

    field: Field
    locked: bool = False
    hidden: bool = False

    @property
    def code(self) -> str:
        """Return what stands in the codes row."""
        return self.field.name

    @property
    def heading(self) -> str:
        """Return what stands in the headings row; a * where an entry must not be left empty."""
        needed = self.field.required and self.field.relevant is None and not self.locked
        return f"{self.field.heading}*" if needed else self.field.heading


@dataclass(frozen=True)
class BookTable:
    """A table of a workbook: `schema` is where its entries are kept, `kind` the kind of content it belongs to.

    Only registers take new rows; `fixed` names the locked fields that every row of the unit has alike.
    """

    kind: str
    schema: TableSchema
    columns: tuple[Column, ...]
    fixed: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """Return the register's name, or assignment, progress, project_report."""
        return self.schema.name

    @property
    def title(self) -> str:
        """Return the table's title for people, which is its sheet's name too."""
        return self.schema.title

    @property
    def tag(self) -> str:
        """Return code and edition as the codes row and the identity have them: coal_boiler#2."""
        return f"{self.schema.name}#{self.schema.edition}"

    @property
    def takes_new_rows(self) -> bool:
        """Return whether the sender may add rows: no unit gives itself tasks."""
        return self.kind == REGISTERS

    @cached_property
    def by_code(self) -> Mapping[str, Column]:
        """Return the columns by code."""
        return {column.code: column for column in self.columns}

    @property
    def entry_columns(self) -> tuple[Column, ...]:
        """Return the columns that the unit fills in."""
        return tuple(column for column in self.columns if not column.locked)


def register_table(schema: TableSchema, unit_kind: str) -> BookTable | None:
    """Return the register as units of this kind fill it in; None when its rows belong to no such unit.

    An enterprise lies in one town, so that column is known too.
    """
    own = OWN_FIELD[unit_kind]
    if own not in schema:
        return None
    fixed = tuple(n for n in ((own, "town_id") if unit_kind == "enterprise" else (own,)) if n in schema)
    columns = tuple(Column(field, locked=field.read_only or field.name in fixed) for field in schema.fields)
    return BookTable(REGISTERS, schema, columns, fixed)


def assignment_table() -> BookTable:
    """Return the unit's tasks, which it confirms."""
    schema = load_schema(ASSIGNMENT)
    known = [
        schema.field("task_id"),
        Field("task", "任务", width=34, frozen=True),
        schema.field("year"),
        *map(schema.field, ("amount", "unit", "deadline")),
    ]
    asked = ("confirmation", "opinion", "responsible", "phone", "deliverable", "note")
    return _work_table(TASKS, schema, known, asked)


def progress_table() -> BookTable:
    """Return the unit's figures of a month, one row for each of its tasks."""
    schema = load_schema(PROGRESS)
    amount = load_schema(ASSIGNMENT).field("amount")
    known = [
        schema.field("task_id"),
        Field("clause", "任务条款", width=20),
        Field("indicator", "任务", width=30, frozen=True),
        schema.field("unit"),
        Field("assigned", "本年任务量", "number", decimals=amount.decimals, width=12),
        Field("last_month", "上月", "number", decimals=amount.decimals, width=12),
        Field("last_year", "上年同月", "number", decimals=amount.decimals, width=12),
    ]
    asked = ("amount", "numerator", "denominator", "stage", "situation", "problems", "next_steps")
    return _work_table(MONTHLY, schema, known, asked)


def project_report_table() -> BookTable:
    """Return the unit's unfinished projects of a month."""
    schema = load_schema(PROJECT_REPORT)
    investment = schema.field("completed_investment")
    known = [
        Field("register_title", "清单", width=16),
        Field("project", "项目", width=28, frozen=True),
        Field("last_month", "上月累计完成投资", "number", unit=investment.unit, decimals=investment.decimals, width=14),
    ]
    asked = ("completed_investment", "stage", "situation", "problems", "next_steps")
    made = _work_table(MONTHLY, schema, known, asked)
    keys = tuple(Column(schema.field(name), locked=True, hidden=True) for name in ("register", "row_id"))
    return BookTable(made.kind, made.schema, (*keys, *made.columns))


def _work_table(kind: str, schema: TableSchema, known: list[Field], asked: tuple[str, ...]) -> BookTable:
    locked = tuple(Column(field, locked=True) for field in known)
    return BookTable(kind, schema, (*locked, *(Column(schema.field(name)) for name in asked)))


@dataclass(frozen=True)
class Identity:
    """Whose workbook it is; the same in the sheet `_sijian` and in the properties, of which either suffices.

    `county` and `unit_id` are ids of the county file `file_id` (what it calls itself, "" if it has no name for
    itself); `tables` are tags such as coal_boiler#2; `period` is 2022 or 2022-03, "" where none was asked for;
    `base_seq` the journal's last `change.seq` when it was written.
    """

    book_id: str
    county: str
    county_name: str
    file_id: str
    unit_kind: str
    unit_id: str
    unit_name: str
    kinds: tuple[str, ...]
    period: str
    plan_digest: str
    tables: tuple[str, ...]
    base_seq: int
    written_at: str
    program: str
    form: str = FORM

    def texts(self) -> dict[str, str]:
        """Return the identity by key, in order; inverse of `identity_from`."""
        return {key: ",".join(value) if isinstance(value, tuple) else str(value) for key, value in vars(self).items()}

    def properties(self) -> dict[str, str]:
        """Return the same by the keys of `property_keys`: a property of Excel's has room for 255 characters only."""
        found = self.texts()
        whole = found.pop("tables")
        pieces = [whole[place : place + _PIECE] for place in range(0, _PIECES * _PIECE, _PIECE)]
        return found | dict(zip(_pieces_of("tables"), pieces, strict=True))


def property_keys() -> tuple[str, ...]:
    """Return the keys under which the identity's properties stand: `tables` in pieces, tables, tables.2, …"""
    return (*(key for key in Identity.__annotations__ if key != "tables"), *_pieces_of("tables"))


def _pieces_of(key: str) -> tuple[str, ...]:
    return (key, *(f"{key}.{number}" for number in range(2, _PIECES + 1)))


def identity_from(texts: Mapping[str, str]) -> Identity | None:
    """Return the identity that these texts by key (without `sijian.`) hold; None when a part is missing or no such."""
    values: dict[str, Any] = {}
    for name, kind in Identity.__annotations__.items():
        if name not in texts:
            return None
        text = "".join(texts.get(piece, "") for piece in _pieces_of(name))
        if kind == "int":
            if not (text.isascii() and text.isdigit() and len(text) < 19):
                return None
            values[name] = int(text)
        else:
            values[name] = tuple(filter(None, text.split(","))) if kind.startswith("tuple") else text
    return Identity(**values)
