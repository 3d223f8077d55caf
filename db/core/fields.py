"""The tables' definitions: a Table Schema file becomes a `TableSchema` of `Field`s, the one definition everything uses.

Files lie in `resources/tables` and `resources/registers`; a register that the city sends is read by the same function.
A definition that cannot be used is a DataProblem that names the fault, since somebody outside may have written it.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import resources
from db.core import conditions
from db.core.coercion import NO, YES
from db.core.errors import DataProblem, Problem
from db.core.field import Field, FieldType
from db.core.schema_checks import check_counts, check_expressions
from db.core.schema_file import expanded, field_from_json
from db.core.values import Cell, State

__all__ = [
    "Field",
    "FieldType",
    "TableSchema",
    "check_row",
    "is_relevant",
    "load_schema",
    "row_problems",
    "schema_from_json",
]


@dataclass(frozen=True)
class TableSchema:
    """One table's definition.

    `table` is its name in the county file, `raw` its JSON with the included fields in place.
    """

    name: str
    title: str
    table: str
    fields: tuple[Field, ...]
    kind: str = "register"
    edition: int = 1
    clauses: tuple[str, ...] = ()
    counts_towards: tuple[Any, ...] = field(default=(), compare=False)
    initials_of: str = ""
    help: str = ""
    general: bool = False
    key: tuple[str, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Return the fields by name."""
        return {entry.name: entry for entry in self.fields}

    def field(self, name: str) -> Field:
        """Return the field called `name`; KeyError when there is none."""
        return self.by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self.by_name

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the fields, in order."""
        return tuple(entry.name for entry in self.fields)

    @property
    def groups(self) -> tuple[str, ...]:
        """Return the titles of the groups of fields, each once, in order; "" for fields without a group."""
        return tuple(dict.fromkeys(entry.group for entry in self.fields))

    def descriptor(self) -> dict[str, Any]:
        """Return the Table Schema that travels with the data, valid for any Table Schema tool; `x-` keys are kept.

        The states are missing values to such a tool, so `required` stays only where a state is no answer, and becomes
        `x-required` elsewhere.
        """
        out = {key: deepcopy(value) for key, value in self.raw.items() if key not in ("fields", "foreignKeys")}
        out.pop("x-include", None)
        out["fields"] = [self._described(entry, self.field(entry["name"])) for entry in self.raw["fields"]]
        out["missingValues"] = ["", *(state.value for state in State)]
        return out

    def _described(self, entry: Mapping[str, Any], own: Field) -> dict[str, Any]:
        out = deepcopy(dict(entry))
        constraints = out.get("constraints", {})
        if own.required and own.answer_may_be_state:
            del constraints["required"]
            out["x-required"] = True
        if own.enum:
            constraints["enum"] = list(own.enum)
        if "constraints" in out and not constraints:
            del out["constraints"]
        if own.type == "boolean":
            out["trueValues"], out["falseValues"] = [YES], [NO]
        return out


def schema_from_json(raw: Mapping[str, Any]) -> TableSchema:
    """Return the schema that the JSON object `raw` defines; DataProblem names what is wrong with it."""
    whole = expanded(raw)
    fields = tuple(field_from_json(entry) for entry in whole["fields"])
    schema = TableSchema(
        name=whole["name"],
        title=whole["title"],
        table=whole["x-table"],
        fields=fields,
        kind=whole["x-kind"],
        edition=whole["x-edition"],
        clauses=tuple(whole.get("x-clauses", ())),
        counts_towards=tuple(whole.get("x-counts-towards", ())),
        initials_of=whole.get("x-initials-of", ""),
        help=whole.get("x-help", ""),
        general=whole.get("x-general", False),
        key=tuple(whole.get("x-key", ())),
        raw=whole,
    )
    if len(set(schema.names)) != len(fields):
        twice = sorted(name for name in set(schema.names) if schema.names.count(name) > 1)
        raise DataProblem(f"表“{schema.title}”的字段名重复：{'、'.join(twice)}。", advice="请修改表的定义文件。")
    if schema.initials_of and schema.initials_of not in schema:
        raise DataProblem(
            f"表“{schema.title}”的 x-initials-of 指向不存在的字段 {schema.initials_of}。", advice="请修改表的定义文件。"
        )
    unknown = [name for name in schema.key if name not in schema]
    if unknown:
        raise DataProblem(f"表“{schema.title}”的 x-key 指向不存在的字段 {unknown[0]}。", advice="请修改表的定义文件。")
    check_expressions(fields, schema.title)
    check_counts(schema.counts_towards, fields, schema.title)
    return schema


@cache
def load_schema(name: str) -> TableSchema:
    """Return the program's own schema called `name`, from resources/tables or resources/registers."""
    for folder in ("tables", "registers"):
        try:
            raw = resources.load_json(f"{folder}/{name}.json")
        except FileNotFoundError:
            continue
        return schema_from_json(raw)
    raise FileNotFoundError(f"程序文件不完整：缺少表 {name} 的定义。请重新安装程序。")


def row_problems(schema: TableSchema, values: Mapping[str, Cell]) -> dict[str, Problem]:
    """Return the first problem of each field of one row, by field name; uniqueness is a matter of the whole table.

    Fields absent from `values` count as 未报. A field that is not asked for in this row is not required.
    """
    found: dict[str, Problem] = {}
    for entry in schema.fields:
        problem = _problem(schema, entry, values)
        if problem:
            found[entry.name] = problem
    return found


def is_relevant(entry: Field, values: Mapping[str, Cell]) -> bool:
    """Return whether the field is asked for in a row with these values."""
    return entry.relevant is None or conditions.holds(entry.relevant, values) is True


def _problem(schema: TableSchema, entry: Field, values: Mapping[str, Cell]) -> Problem | None:
    cell = values.get(entry.name)
    problem = entry.problem_with(cell)
    if problem:
        return Problem(problem.code, problem.message, problem.advice)
    if entry.relevant is not None and not is_relevant(entry, values):
        if cell is None or isinstance(cell, State) or entry.computed is not None:
            return None
        when = conditions.in_words(entry.relevant, schema.by_name)
        return Problem("irrelevant", f"「{entry.title}」只在{when}时填写。", "请清空，或改正前面的内容。")
    if entry.required and cell is None:
        return Problem("required", f"「{entry.title}」没有填写。", "请填写。")
    if entry.required and isinstance(cell, State) and not entry.answer_may_be_state:
        return Problem("required", f"「{entry.title}」不能填“{cell.value}”。", "请填写具体内容。")
    filled = cell is not None and not isinstance(cell, State)
    if filled and entry.constraint is not None and conditions.holds(entry.constraint, values) is False:
        rule = entry.constraint_message or f"应符合：{conditions.in_words(entry.constraint, schema.by_name)}。"
        return Problem("constraint", f"「{entry.title}」填的是{entry.show(cell)}，{rule}", "请核对。")
    return None


def check_row(schema: TableSchema, values: Mapping[str, Cell]) -> list[Problem]:
    """Return what is wrong with one row, in the order of the fields; see `row_problems`."""
    return list(row_problems(schema, values).values())
