"""Conditions at work: held against the fields they name, answered for one row, and told in the clerk's words.

An answer is True, False, or None when a field it depends on holds nothing or a state: what is not known breaks no rule.

    check(node, fields, wanted) -> None              DataProblem when it can never make sense
    holds(node, values) -> bool | None               amount(node, values) -> Decimal | None
    in_words(node, fields) -> str
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from db.core.dates import parse_date
from db.core.errors import DataProblem
from db.core.expressions import COMPARISONS, Binary, Empty, Name, Node, Not, Selected
from db.core.expressions import Literal as Value
from db.core.field import Field
from db.core.values import Cell, State

Kind = Literal["number", "text", "date", "boolean"]

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_SIGN_WORDS = {"=": "是", "!=": "不是", "<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"}
_DATE_WORDS = {"<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_YES_NO = {"是": True, "否": False}


def check(node: Node, fields: Mapping[str, Field], wanted: Kind) -> None:
    """Refuse a node that names what is not there, compares unlike things, or does not answer in the `wanted` kind."""
    found = _kind(node, fields)
    if found != wanted:
        raise _nonsense("这里应是一个条件" if wanted == "boolean" else "这里应是一个数")


def holds(node: Node, values: Mapping[str, Cell]) -> bool | None:
    """Return whether the condition holds for a row, None when that is not known."""
    answer = _value(node, values)
    return answer if isinstance(answer, bool) else None


def amount(node: Node, values: Mapping[str, Cell]) -> Decimal | None:
    """Return what the node comes to for a row, None when an amount in it is missing."""
    answer = _value(node, values)
    return answer if isinstance(answer, Decimal) else None


def in_words(node: Node, fields: Mapping[str, Field]) -> str:
    """Return the node as a clerk would say it: 「是否延期」是“是”."""
    match node:
        case Name(name):
            return f"「{fields[name].title}」"
        case Value(value):
            return _literal_words(value)
        case Not(Empty(name)):
            return f"「{fields[name].title}」已填写"
        case Not(Selected(name, choices)):
            return f"「{fields[name].title}」不是{'、'.join(f'“{choice}”' for choice in choices)}"
        case Not(inner):
            return f"不符合：{in_words(inner, fields)}"
        case Selected(name, choices):
            return f"「{fields[name].title}」是{'或'.join(f'“{choice}”' for choice in choices)}"
        case Empty(name):
            return f"「{fields[name].title}」没有填写"
        case Binary(sign, left, right):
            return _binary_words(sign, left, right, fields)


def _literal_words(value: Decimal | str | bool) -> str:
    if isinstance(value, bool):
        return "“是”" if value else "“否”"
    return f"{value:,f}" if isinstance(value, Decimal) else f"“{value}”"


def _binary_words(sign: str, left: Node, right: Node, fields: Mapping[str, Field]) -> str:
    first, second = in_words(left, fields), in_words(right, fields)
    if sign in COMPARISONS:
        words = _SIGN_WORDS | (_DATE_WORDS if _kind(left, fields) == "date" else {})
        if sign in ("=", "!=") and _kind(left, fields) == "number":
            words = words | {"=": "等于", "!=": "不等于"}
        return f"{first}{words[sign]}{second}"
    if sign in ("and", "or"):
        word = "，并且" if sign == "and" else "，或者"
        return f"{_bracketed(left, sign, first)}{word}{_bracketed(right, sign, second)}"
    shown = {"+": "＋", "-": "－", "*": "×", "/": "÷"}[sign]
    return f"{_bracketed(left, sign, first)}{shown}{_bracketed(right, sign, second)}"


def _bracketed(node: Node, outer: str, words: str) -> str:
    inner = isinstance(node, Binary) and node.sign != outer and (node.sign in ("and", "or") or node.sign in "+-*/")
    return f"（{words}）" if inner else words


# -- what can be compared with what ----------------------------------------------------------------------------------


def _kind(node: Node, fields: Mapping[str, Field]) -> Kind:
    match node:
        case Name(name):
            return _kind_of(_field(name, fields))
        case Value(value):
            return "boolean" if isinstance(value, bool) else "number" if isinstance(value, Decimal) else "text"
        case Empty(name):
            _field(name, fields)
            return "boolean"
        case Selected(name, choices):
            for choice in choices:
                _check_choice(_field(name, fields), choice)
            return "boolean"
        case Not(inner):
            check(inner, fields, "boolean")
            return "boolean"
        case Binary("and" | "or", left, right):
            check(left, fields, "boolean")
            check(right, fields, "boolean")
            return "boolean"
        case Binary(sign, left, right) if sign in COMPARISONS:
            _check_comparison(sign, left, right, fields)
            return "boolean"
        case Binary(_, left, right):
            check(left, fields, "number")
            check(right, fields, "number")
            return "number"


def _kind_of(field: Field) -> Kind:
    if field.is_number:
        return "number"
    return "date" if field.type == "date" else "boolean" if field.type == "boolean" else "text"


def _field(name: str, fields: Mapping[str, Field]) -> Field:
    if name not in fields:
        raise _nonsense(f"没有字段 {name}")
    return fields[name]


def _check_comparison(sign: str, left: Node, right: Node, fields: Mapping[str, Field]) -> None:
    kinds = {_kind(left, fields), _kind(right, fields)}
    for side, other in ((left, right), (right, left)):
        if isinstance(side, Name) and isinstance(other, Value) and isinstance(other.value, str):
            field = fields[side.name]
            if field.type == "date":
                parse_date(other.value)
                return
            _check_choice(field, other.value)
            if field.type == "boolean" and sign in ("=", "!="):
                return
    if len(kinds) > 1:
        raise _nonsense(f"“{sign}”两边不是同一类内容")
    if kinds <= {"text", "boolean"} and sign not in ("=", "!="):
        raise _nonsense(f"文字和是否不能用“{sign}”比较")


def _check_choice(field: Field, choice: str) -> None:
    if field.type == "boolean":
        if choice not in _YES_NO:
            raise _nonsense(f"「{field.title}」只有“是”和“否”，没有“{choice}”")
    elif field.type not in ("string", "text"):
        raise _nonsense(f"「{field.title}」不是文字，不能与“{choice}”比较")
    elif field.enum and choice not in field.enum:
        raise _nonsense(f"「{field.title}」没有选项“{choice}”")


def _nonsense(what: str) -> DataProblem:
    return DataProblem(f"{what}。", advice="请修改条件。", code="expression.meaning")


# -- the answer for one row ------------------------------------------------------------------------------------------


def _value(node: Node, values: Mapping[str, Cell]) -> Decimal | str | date | bool | None:
    match node:
        case Name(name):
            cell = values.get(name)
            return None if isinstance(cell, State) else cell
        case Value(value):
            return value
        case Empty(name):
            return values.get(name) is None
        case Selected(name, choices):
            cell = values.get(name)
            chosen = ("是" if cell else "否") if isinstance(cell, bool) else cell
            return not isinstance(cell, State) and chosen in choices
        case Not(inner):
            answer = holds(inner, values)
            return None if answer is None else not answer
        case Binary("and" | "or" as sign, left, right):
            return _joined(sign, holds(left, values), holds(right, values))
        case Binary(sign, left, right):
            return _joined_values(sign, _value(left, values), _value(right, values))


def _joined(sign: str, left: bool | None, right: bool | None) -> bool | None:
    decides = sign == "or"
    if left is decides or right is decides:
        return decides
    return None if left is None or right is None else not decides


def _joined_values(sign: str, left: Any, right: Any) -> Decimal | bool | None:
    if left is None or right is None:
        return None
    if sign in COMPARISONS:
        return _COMPARE[sign](_like(left, right), _like(right, left))
    if not isinstance(left, Decimal) or not isinstance(right, Decimal):
        return None
    try:
        match sign:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
        return left / right
    except (InvalidOperation, ZeroDivisionError):
        return None


def _like(one: Any, other: Any) -> Any:
    """Return a text as the date or the yes or no that it is compared with."""
    if isinstance(one, str) and isinstance(other, date):
        return parse_date(one)
    return _YES_NO.get(one, one) if isinstance(one, str) and isinstance(other, bool) else one
