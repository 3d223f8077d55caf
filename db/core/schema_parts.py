"""What table definitions have in common: fragments of fields, single shared fields, shared lists of choices.

In the list of fields
  {"x-include": "project_common"}                      stands for all fields of the fragment resources/tables/…
  {"x-use": "accepted_on", "x-group": "验收"}           stands for one field of `shared_fields`, with what differs
and a field with "x-choices": "stage" gets the choices of that name in resources/choices.json. All of it is put in
place when a definition is read, so that the one kept in a county file or sent in a package explains itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import resources
from db.core.errors import DataProblem

SHARED = "shared_fields"


def with_parts(whole: Mapping[str, Any], where: str) -> list[Any]:
    """Return the fields of a definition with everything shared in place; DataProblem for a part that does not exist.

    A fragment named only by the table's own `x-include` comes behind the last field.
    """
    listed = whole.get("x-include", [])
    waiting = [listed] if isinstance(listed, str) else list(listed)
    fields: list[Any] = []
    for entry in whole["fields"]:
        if isinstance(entry, Mapping) and set(entry) == {"x-include"}:
            fields += _fragment(entry["x-include"], where)
            waiting = [name for name in waiting if name != entry["x-include"]]
        elif isinstance(entry, Mapping) and "x-use" in entry:
            fields.append(_used(entry, where))
        else:
            fields.append(entry)
    for name in waiting:
        fields += _fragment(name, where)
    return [_with_choices(entry, where) if isinstance(entry, dict) else entry for entry in fields]


@cache
def shared_choices() -> Mapping[str, tuple[str, ...]]:
    """Return the shared lists of choices by name."""
    return {name: tuple(choices) for name, choices in resources.load_json("choices.json").items()}


@cache
def _shared_fields() -> Mapping[str, Mapping[str, Any]]:
    return {entry["name"]: entry for entry in resources.load_json(f"tables/{SHARED}.json")["fields"]}


def _used(entry: Mapping[str, Any], where: str) -> dict[str, Any]:
    name = entry["x-use"]
    shared = _shared_fields().get(name) if isinstance(name, str) else None
    if shared is None:
        raise _fault(f"{where}：x-use 引用的公共字段 {name} 不存在")
    own = {key: value for key, value in entry.items() if key != "x-use"}
    constraints = {**shared.get("constraints", {}), **own.pop("constraints", {})}
    return deepcopy({**shared, **own, **({"constraints": constraints} if constraints else {})})


def _with_choices(entry: dict[str, Any], where: str) -> dict[str, Any]:
    name = entry.get("x-choices")
    constraints = entry.get("constraints", {})
    if not name or not isinstance(constraints, dict) or "enum" in constraints:
        return entry
    if name not in shared_choices():
        raise _fault(f"{where}：x-choices 引用的选项 {name} 不存在")
    return {**entry, "constraints": {**constraints, "enum": list(shared_choices()[name])}}


def _fragment(name: object, where: str) -> list[Any]:
    # A name from outside must not lead to another file: only letters and underscores, as our own have.
    if not isinstance(name, str) or not name.replace("_", "a").isalnum() or not name.isascii():
        raise _fault(f"{where}：x-include 的名称不对")
    try:
        fields = resources.load_json(f"tables/{name}.json")["fields"]
    except FileNotFoundError:
        raise _fault(f"{where}：x-include 引用的公共字段 {name} 不存在") from None
    return [_used(entry, where) if "x-use" in entry else entry for entry in fields]


def _fault(what: str) -> DataProblem:
    return DataProblem(f"表的定义有误：{what}。", advice="请修改表的定义文件。", code="schema")
