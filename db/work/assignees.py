"""Who tasks can be given to: towns, enterprises and county departments, under one form.

assignees(conn, kinds=("town", "enterprise", "department")) -> list[Assignee]
find_assignees(conn, [(kind, id), …]) -> list[Assignee]
named(conn, "370783101") -> Assignee
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from db.core.errors import DataProblem
from db.core.text import quote
from db.core.values import from_micro
from db.plan.part import part_reach
from db.store.records import chunks, in_list
from db.work.assignments import KINDS
from db.work.setup import NONE, own_unit_id

_COLUMNS = {
    "town": "id, name, code, initials, deleted_at, unit_id, population, households, NULL, NULL",
    "enterprise": "id, name, credit_code, initials, deleted_at, NULL, NULL, NULL, town_id, NULL",
    "department": "id, name, city_name, initials, deleted_at, NULL, NULL, NULL, NULL, kind",
}
_ORDER = {"town": "code IS NULL, code, name", "enterprise": "initials, name", "department": "seq"}


@dataclass(frozen=True)
class Assignee:
    """Somebody to whom tasks can be given; `kind` is the table, `kind_title` its name for people.

    `own` is False for a town that another unit runs or that a work package is not about, a department without a county
    counterpart and a deleted row.
    `code` is the town's or credit code, for a department the city department it answers to. `population` and
    `households` are weights for sharing out, None where unknown.
    """

    kind: str
    id: str
    name: str
    code: str = ""
    initials: str = ""
    own: bool = True
    deleted: bool = False
    town_id: str = ""
    population: Decimal | None = None
    households: Decimal | None = None

    @cached_property
    def key(self) -> tuple[str, str]:
        """Return kind and id."""
        return (self.kind, self.id)

    @property
    def kind_title(self) -> str:
        """Return 镇街, 企业 or 县级部门."""
        return KINDS[self.kind]


def assignees(conn: sqlite3.Connection, kinds: Iterable[str] = tuple(KINDS)) -> list[Assignee]:
    """Return everybody of these kinds, those in the recycle bin left out: towns by code, enterprises by initials."""
    return [who for kind in kinds for who in _read(conn, kind, "deleted_at IS NULL", [])]


def find_assignees(conn: sqlite3.Connection, keys: Iterable[tuple[str, str]]) -> list[Assignee]:
    """Return the assignees with these keys, deleted ones too, ordered as `assignees` does."""
    wanted = list(keys)
    return [
        who
        for kind in KINDS
        for chunk in chunks(row_id for key_kind, row_id in wanted if key_kind == kind)
        for who in _read(conn, kind, in_list("id", chunk), chunk)
    ]


def named(conn: sqlite3.Connection, unit: str, having: Container[tuple[str, str]] = ()) -> Assignee:
    """Return who `unit` names by code, credit code or full name, of several the one whose key is in `having`.

    DataProblem when nobody is meant, or more than one.
    """
    found = [who for who in assignees(conn) if unit in (who.code, who.name) and unit]
    # A department answers to a city department by whose name several may be called.
    found = [who for who in found if who.key in having] or found
    if len(found) == 1:
        return found[0]
    if not found:
        raise DataProblem(f"没有代码或名称是{quote(unit)}的镇街、企业或部门。", advice="请核对。", code="unit.unknown")
    names = "、".join(f"{who.name}（{who.code}）" for who in found)
    raise DataProblem(f"{quote(unit)}不止一个：{names}。", advice="请用代码指定。", code="unit.ambiguous")


def _read(conn: sqlite3.Connection, kind: str, where: str, parameters: list[str]) -> Iterator[Assignee]:
    own_unit = own_unit_id(conn) if kind == "town" else ""
    reach = part_reach(conn) if kind == "town" else None
    busy = reach.towns if reach is not None else ()
    sql = f"SELECT {_COLUMNS[kind]} FROM {kind} WHERE {where} ORDER BY {_ORDER[kind]}"
    for row_id, name, code, initials, deleted_at, unit, population, households, town, role in conn.execute(
        sql, parameters
    ):
        elsewhere = (unit is not None and unit != own_unit) or role == NONE or (bool(busy) and row_id not in busy)
        yield Assignee(
            kind=kind,
            id=row_id,
            name=(name or "（未填名称）") + ("（已删除）" if deleted_at else ""),
            code=code or "",
            initials=initials or "",
            own=not elsewhere and deleted_at is None,
            deleted=deleted_at is not None,
            town_id=town or "",
            population=None if population is None else from_micro(population),
            households=None if households is None else from_micro(households),
        )
