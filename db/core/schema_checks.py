"""What only the whole table can tell of its definition: whether conditions and counts name fields that are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from db.core import conditions
from db.core.errors import DataProblem
from db.core.expressions import SUMS, Binary, Name, Node, Not, Selected, names, parse
from db.core.field import Field

SUM, COUNT, COMPLETION, OPEN, RATE, REDUCTION = "sum", "count", "completion", "open", "rate", "reduction"
"""How the rows of a register count towards a target, `x-counts-towards`; see `db.work.target_figures`."""

HOWS: Mapping[str, tuple[str, ...]] = {
    SUM: ("field",),
    COUNT: (),
    COMPLETION: (),
    OPEN: ("opened", "closed"),
    RATE: (),
    REDUCTION: ("field", "base"),
}
"""Each way to count, with the keys it needs."""

FIELD_KEYS = ("field", "year", "opened", "closed", "numerator", "denominator", "base", "per", "base_per")
CONDITION_KEYS = ("of", "where")


def check_expressions(fields: Sequence[Field], title: str) -> None:
    """Refuse a condition or a computed value that names no field of the table or compares unlike things."""
    known = {field.name: field for field in fields}
    for field in fields:
        where = f"{title}：字段“{field.title}”的"
        for key, node in (("x-relevant", field.relevant), ("x-constraint", field.constraint)):
            if node is not None:
                _check(node, known, "boolean", f"{where}{key}")
        if field.computed is not None:
            _check(field.computed, known, "number", f"{where}x-computed")
            _check_computed(field, known, where)


def condition(stated: object, where: str = "") -> Node | None:
    """Return the condition `of` or `where` of a count, None when there is none.

    Written as an expression, or as {field: [values]} in the definitions that files of the first edition hold.
    """
    if isinstance(stated, str) and stated:
        return parse(stated)
    if not stated:
        return None
    if not isinstance(stated, Mapping) or not all(isinstance(values, list) for values in stated.values()):
        raise _fault(f"{where}的 of、where 应写成条件")
    nodes: list[Node] = [Selected(name, tuple(map(_word, values))) for name, values in stated.items()]
    whole = nodes[0]
    for node in nodes[1:]:
        whole = Binary("and", whole, node)
    return whole


def belongs(entry: Mapping[str, Any]) -> Node | None:
    """Return which rows belong to a count: `of`, without those that an old definition's `except` names."""
    within, without = condition(entry.get("of")), condition(entry.get("except"))
    if without is None:
        return within
    return Not(without) if within is None else Binary("and", within, Not(without))


def check_counts(counts: Sequence[object], fields: Sequence[Field], title: str) -> None:
    """Refuse an `x-counts-towards` that cannot be counted: a key is missing, or a field the table does not have."""
    where = f"{title}：x-counts-towards "
    known = {field.name: field for field in fields}
    for entry in counts:
        if not isinstance(entry, Mapping):
            raise _fault(f"{where}的每一项应为JSON对象")
        _check_keys(entry, known, where)
        if entry["how"] == COMPLETION and "where" not in entry and not any(field.done for field in fields):
            raise _fault(f"{where}缺少 where：没有字段用 x-done 说明怎样算完成")
        for key in (*CONDITION_KEYS, "except"):
            node = condition(entry.get(key), where)
            if node is not None:
                _check(node, known, "boolean", f"{where}的 {key}")


def _check_keys(entry: Mapping[str, Any], known: Mapping[str, Field], where: str) -> None:
    for key in ("target", "how"):
        if not isinstance(entry.get(key), str):
            raise _fault(f"{where}缺少 {key}")
    if entry["how"] not in HOWS:
        raise _fault(f"{where}：how 应为 {'、'.join(HOWS)} 之一，现在是“{entry['how']}”")
    for key in HOWS[entry["how"]]:
        if not isinstance(entry.get(key), str):
            raise _fault(f"{where}缺少 {key}")
    for name in (entry[key] for key in FIELD_KEYS if key in entry):
        if not isinstance(name, str) or name not in known:
            raise _fault(f"{where}指向不存在的字段 {name}")


def _check(node: Node, known: Mapping[str, Field], kind: conditions.Kind, where: str) -> None:
    try:
        conditions.check(node, known, kind)
    except DataProblem as problem:
        raise _fault(f"{where}有误，{problem.message.rstrip('。')}") from None


def _check_computed(field: Field, known: Mapping[str, Field], where: str) -> None:
    assert field.computed is not None
    if field.type not in ("number", "integer"):
        raise _fault(f"{where} x-computed 只用于数")
    if field.required or field.unique or field.default is not None:
        raise _fault(f"{where}值由程序计算，不能必填、唯一或有默认值")
    for name in names(field.computed):
        if known[name].computed is not None:
            raise _fault(f"{where} x-computed 不能用另一个由程序计算的字段 {name}")
        if known[name].type not in ("number", "integer") or known[name].unit != field.unit:
            raise _fault(f"{where} x-computed 用到的字段 {name} 的单位不同")
    if not _adds_only(field.computed):
        raise _fault(f"{where} x-computed 只能用加和减")


def _adds_only(node: Node) -> bool:
    if isinstance(node, Binary):
        return node.sign in SUMS and _adds_only(node.left) and _adds_only(node.right)
    return isinstance(node, Name)


def _word(value: object) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else str(value)


def _fault(what: str) -> DataProblem:
    return DataProblem(f"表的定义有误：{what}。", advice="请修改表的定义文件。", code="schema")
