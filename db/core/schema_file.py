"""Reading a table's definition file: its keys, its included fragments, its fields, each checked before it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from db.core.errors import DataProblem
from db.core.expressions import Node, parse
from db.core.field import LONGEST_STRING, LONGEST_TEXT, Field, FieldType
from db.core.schema_parts import with_parts
from db.core.text import clean, fold_choice
from db.core.units import decimals_of
from db.core.values import MICRO_DIGITS, State

SYSTEM_COLUMNS = frozenset({"seq", "id", "initials", "states", "created_at", "deleted_at"})
"""Columns that every table has; a definition must not name them."""

KINDS = ("directory", "work", "register")
REFERENCES = ("town", "enterprise", "department", "reporting_unit")
CHECKS = ("credit_code", "phone")
_REGISTER = "register_"
_TAKEN = ("register_definition",)

_NAME = re.compile(r"[a-z][a-z0-9_]{0,58}")
_JSON_TYPES = ("string", "number", "integer", "date", "boolean", "year")
_FIELD_KEYS = {
    "name": str,
    "title": str,
    "type": str,
    "format": str,
    "description": str,
    "constraints": dict,
    "x-unit": str,
    "x-decimals": int,
    "x-help": str,
    "x-ref": str,
    "x-check": str,
    "x-group": str,
    "x-width": int,
    "x-long": bool,
    "x-default": object,
    "x-read-only": bool,
    "x-personal": bool,
    "x-frozen": bool,
    "x-choices": str,
    "x-relevant": str,
    "x-constraint": str,
    "x-constraint-message": str,
    "x-computed": str,
    "x-done": list,
    "x-formerly": str,
}
_CONSTRAINTS = {
    "required": bool,
    "unique": bool,
    "minimum": object,
    "maximum": object,
    "enum": list,
    "pattern": str,
    "maxLength": int,
}
_TABLE_KEYS = {
    "name": str,
    "title": str,
    "fields": list,
    "x-table": str,
    "x-kind": str,
    "x-edition": int,
    "x-clauses": list,
    "x-counts-towards": list,
    "x-initials-of": str,
    "x-help": str,
    "x-general": bool,
    "x-order": int,
    "x-key": list,
}


def expanded(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return `raw` with the fields of its `x-include` fragments in place and the optional keys filled in.

    A fragment stands where `{"x-include": name}` stands among the fields, else behind the last field.
    """
    if not isinstance(raw, Mapping):
        raise _fault("表的定义不是一个JSON对象")
    whole = deepcopy(dict(raw))
    where = str(whole.get("title") or whole.get("name") or "未命名的表")
    _check_keys(whole, _TABLE_KEYS, where, required=("name", "title", "fields"))
    whole.setdefault("x-kind", "register")
    whole.setdefault("x-table", f"register_{whole['name']}" if whole["x-kind"] == "register" else whole["name"])
    whole.setdefault("x-edition", 1)
    for key in ("name", "x-table"):
        if not _NAME.fullmatch(whole[key]):
            raise _fault(f"{where}：{key} 只能用小写英文字母、数字和下划线，现在是“{whole[key]}”")
    if whole["x-kind"] not in KINDS:
        raise _fault(f"{where}：x-kind 应为 {'、'.join(KINDS)} 之一")
    if whole["x-kind"] == "register" and not whole["x-table"].startswith(_REGISTER):
        raise _fault(f"{where}：清单的 x-table 应以 {_REGISTER} 开头，现在是“{whole['x-table']}”")
    if whole["x-table"] in _TAKEN:
        raise _fault(f"{where}：表名 {whole['x-table']} 另有用途，请换一个 name 或 x-table")
    whole["fields"] = with_parts(whole, where)
    if not whole["fields"]:
        raise _fault(f"{where}：没有字段")
    whole.pop("x-include", None)
    return whole


def field_from_json(entry: Mapping[str, Any]) -> Field:
    """Return the field that one entry of `fields` defines; DataProblem names what is wrong with it."""
    if not isinstance(entry, Mapping):
        raise _fault("有一个字段不是JSON对象")
    where = f"字段“{entry.get('title') or entry.get('name') or '未命名'}”"
    _check_keys(entry, _FIELD_KEYS, where, required=("name", "title"))
    constraints = entry.get("constraints", {})
    _check_keys(constraints, _CONSTRAINTS, where)
    kind = _type_of(entry, where)
    if entry.get("x-ref") and kind != "string":
        raise _fault(f"{where}：x-ref 只用于单行文字")
    field = Field(
        name=entry["name"],
        title=entry["title"],
        type=kind,
        required=constraints.get("required", False),
        unique=constraints.get("unique", False),
        enum=_choices(constraints.get("enum", []), kind, where),
        pattern=_pattern(constraints.get("pattern", ""), where),
        max_length=constraints.get("maxLength", LONGEST_TEXT if kind == "text" else LONGEST_STRING),
        unit=entry.get("x-unit", ""),
        decimals=_decimals(entry, kind, where),
        help=entry.get("x-help", ""),
        ref=_one_of(entry.get("x-ref", ""), REFERENCES, "x-ref", where),
        check=_one_of(entry.get("x-check", ""), CHECKS, "x-check", where),
        group=entry.get("x-group", ""),
        width=entry.get("x-width", 0),
        read_only=entry.get("x-read-only", False) or "x-computed" in entry,
        personal=entry.get("x-personal", False),
        frozen=entry.get("x-frozen", False),
        relevant=_expression(entry, "x-relevant", where),
        constraint=_expression(entry, "x-constraint", where),
        constraint_message=entry.get("x-constraint-message", ""),
        formerly=_former(entry.get("x-formerly", ""), where),
        computed=_expression(entry, "x-computed", where),
    )
    if not (constraints.keys() & {"minimum", "maximum"} or entry.keys() & {"x-done", "x-default"}):
        return field
    # The field itself reads what its limits and its default are; a thousand fields are read when the program starts.
    low, high = _limit(field, constraints.get("minimum")), _limit(field, constraints.get("maximum"))
    field = replace(field, minimum=low, maximum=high, done=_done(entry.get("x-done", []), field, where))
    return replace(field, default=field.parse(_exact(entry["x-default"]))) if "x-default" in entry else field


def _check_keys(
    entry: Mapping[str, Any], allowed: Mapping[str, type], where: str, required: tuple[str, ...] = ()
) -> None:
    for key in required:
        if not entry.get(key):
            raise _fault(f"{where}：缺少 {key}")
    for key, value in entry.items():
        expected = allowed.get(key, object)
        if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
            raise _fault(f"{where}：{key} 的值不对")


def _type_of(entry: Mapping[str, Any], where: str) -> FieldType:
    name, stated = entry["name"], entry.get("type", "string")
    if not _NAME.fullmatch(name):
        raise _fault(f"{where}：name 只能用小写英文字母、数字和下划线，现在是“{name}”")
    if name in SYSTEM_COLUMNS:
        raise _fault(f"{where}：{name} 是每张表自带的列，不能再定义")
    if stated not in _JSON_TYPES:
        raise _fault(f"{where}：type 应为 {'、'.join(_JSON_TYPES)} 之一，现在是“{stated}”")
    kind = "text" if stated == "string" and entry.get("x-long") else stated
    found: FieldType = next(known for known in get_args(FieldType) if known == kind)
    return found


def _choices(enum: list[Any], kind: FieldType, where: str) -> tuple[str, ...]:
    """Return the choices without the words of states: those can be chosen in every field anyhow."""
    choices = tuple(choice for choice in enum if choice not in tuple(State))
    if not all(isinstance(choice, str) and choice == clean(choice, multiline=False) != "" for choice in choices):
        raise _fault(f"{where}：enum 的每一项应为文字，首尾没有空格")
    if enum and (kind != "string" or not choices or len(set(map(fold_choice, choices))) != len(choices)):
        raise _fault(f"{where}：enum 只用于单行文字，选项不能重复")
    return choices


def _former(name: str, where: str) -> str:
    if name and (not _NAME.fullmatch(name) or name in SYSTEM_COLUMNS):
        raise _fault(f"{where}：x-formerly 不是字段名")
    return name


def _done(stated: list[Any], field: Field, where: str) -> tuple[str, ...]:
    if any(choice not in field.enum for choice in stated):
        raise _fault(f"{where}：x-done 的每一项应是这个字段的选项")
    return tuple(stated)


def _expression(entry: Mapping[str, Any], key: str, where: str) -> Node | None:
    if not entry.get(key):
        return None
    try:
        return parse(entry[key], entry["name"])
    except DataProblem as problem:
        raise _fault(f"{where}：{key} 有误，{problem.message.rstrip('。')}") from None


def _pattern(pattern: str, where: str) -> str:
    try:
        re.compile(pattern)
    except re.error:
        raise _fault(f"{where}：pattern 不是正则表达式") from None
    return pattern


def _decimals(entry: Mapping[str, Any], kind: FieldType, where: str) -> int:
    if kind in ("integer", "year"):
        return 0
    unit = entry.get("x-unit", "")
    decimals: int = entry.get("x-decimals", decimals_of(unit) if unit else MICRO_DIGITS)
    if not 0 <= decimals <= MICRO_DIGITS:
        raise _fault(f"{where}：x-decimals 应为0至{MICRO_DIGITS}")
    return decimals


def _one_of(value: str, known: tuple[str, ...], key: str, where: str) -> str:
    if value and value not in known:
        raise _fault(f"{where}：{key} 应为 {'、'.join(known)} 之一，现在是“{value}”")
    return value


def _limit(field: Field, stated: object) -> Decimal | date | None:
    limit = field.parse(_exact(stated))
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, Decimal | date)):
        raise _fault(f"字段“{field.title}”：minimum 和 maximum 只用于数和日期")
    return limit


def _exact(stated: object) -> object:
    # JSON knows binary numbers only; their shortest spelling is what the file says.
    return Decimal(repr(stated)) if isinstance(stated, float) else stated


def _fault(what: str) -> DataProblem:
    return DataProblem(f"表的定义有误：{what}。", advice="请修改表的定义文件。", code="schema")
