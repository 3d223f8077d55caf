"""What the city assigned to this county, per target and year: with its document number, and every earlier value kept.

set_quota(op, *, target_id, year, amount, unit="", document_number=None, issued_on=None, reason=None, note=None)
set_quotas(op, [QuotaEntry, …]) -> list[str]      clear_quota(op, *, target_id, year, document_number, reason)
quotas(conn, target_id="") -> dict[str, dict[int, Quota]]       quota_table(conn, catalogue) -> list[QuotaRow]
history(conn, target_id, year) -> list[QuotaChange]
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.values import UNREPORTED, Cell
from db.plan.catalogue import Catalogue, Target
from db.plan.editions import county_catalogue
from db.store import records
from db.store.operation import Operation
from db.work.amounts import check_amount, in_unit_of
from db.work.arithmetic import figure
from db.work.quota_history import QuotaChange, history
from db.work.tasks import Duty, Task, duty_of, require_all_of, task_of, unit_of, year_problem

__all__ = [
    "Quota",
    "QuotaChange",
    "QuotaEntry",
    "QuotaRow",
    "awaited",
    "clear_quota",
    "history",
    "quota_table",
    "quotas",
    "set_quota",
    "set_quotas",
    "takes_quota",
]


@dataclass(frozen=True)
class QuotaEntry:
    """A quota to be set. `unit` "" is the county's own; texts and dates that are None stay as they are."""

    target_id: str
    year: int
    amount: Cell
    unit: str = ""
    document_number: str | None = None
    issued_on: date | None = None
    reason: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Quota:
    """A quota as it was typed (`amount` in `unit`) and in the county's unit (`in_unit`, None for 未报 and states)."""

    id: str
    target_id: str
    year: int
    amount: Cell
    unit: str
    in_unit: Decimal | None
    document_number: str = ""
    issued_on: date | None = None
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class QuotaRow:
    """A target that takes a quota, with those entered; `pending`: the province sets it and has told no number yet."""

    target: Target
    unit: str
    quotas: dict[int, Quota]
    pending: bool


def set_quota(
    op: Operation,
    *,
    target_id: str,
    year: int,
    amount: Cell,
    unit: str = "",
    document_number: str | None = None,
    issued_on: date | None = None,
    reason: str | None = None,
    note: str | None = None,
    catalogue: Catalogue | None = None,
) -> str:
    """Set one quota and return its row's id; see `set_quotas`."""
    entry = QuotaEntry(target_id, year, amount, unit, document_number, issued_on, reason, note)
    return set_quotas(op, [entry], catalogue=catalogue)[0]


def set_quotas(op: Operation, entries: Iterable[QuotaEntry], *, catalogue: Catalogue | None = None) -> list[str]:
    """Set quotas and return their rows' ids, all or none.

    DataProblem for an unknown target or one that takes no quota, a year outside the plan, an impossible amount, and for
    another amount than is there already without a document number and a reason.
    """
    plan = catalogue or county_catalogue(op.conn)
    present = quotas(op.conn)
    return [_set(op, plan, entry, present.get(entry.target_id, {}).get(entry.year)) for entry in entries]


def clear_quota(op: Operation, *, target_id: str, year: int, document_number: str, reason: str) -> None:
    """Take a quota away, which like any change needs a document number and a reason; nothing happens without one."""
    present = quotas(op.conn).get(target_id, {}).get(year)
    if present is None:
        return
    _check_papers(present, document_number, reason)
    schema = load_schema("quota")
    records.update(op, schema, present.id, {"document_number": document_number.strip(), "reason": reason.strip()})
    records.delete(op, schema, [present.id])


def quotas(conn: sqlite3.Connection, target_id: str = "") -> dict[str, dict[int, Quota]]:
    """Return all quotas, or those of one target, by target id and year."""
    found: dict[str, dict[int, Quota]] = {}
    plan = county_catalogue(conn)
    where, parameters = ("t.target_id = ? AND ", [target_id]) if target_id else ("", [])
    order = "ORDER BY t.target_id, t.year"
    for row in records.select(conn, load_schema("quota"), f"{where}t.deleted_at IS NULL", parameters, order):
        quota = _quota(plan, row.id, row.values)
        found.setdefault(quota.target_id, {})[quota.year] = quota
    return found


def quota_table(conn: sqlite3.Connection, catalogue: Catalogue) -> list[QuotaRow]:
    """Return every target that takes a quota, in the order of the plan, with the quotas entered.

    Not those of which a work package has only shares: nobody there holds them against the quota.
    """
    present = quotas(conn)
    return [
        QuotaRow(t, unit_of(t), present.get(t.id, {}), pending=awaited(t, present.get(t.id, {})))
        for t in catalogue.targets
        if takes_quota(t) and not catalogue.is_share(t.id)
    ]


def awaited(target: Target, told: Mapping[int, Quota]) -> bool:
    """Return whether the province still has to say how much: none of the quotas `told` (by year) is a number."""
    return target.set_by_province and all(quota.in_unit is None for quota in told.values())


def takes_quota(target: Target) -> bool:
    """Return whether the city can give the county a number for it."""
    return duty_of(target) in (Duty.QUANTITY, Duty.RATE)


def _set(op: Operation, catalogue: Catalogue, entry: QuotaEntry, present: Quota | None) -> str:
    target = task_of(catalogue, entry.target_id)
    if not isinstance(target, Target) or not takes_quota(target):
        raise DataProblem(
            f"{entry.target_id} 不是按数量或比率下达的目标，没有县级目标数。",
            advice="请核对编号。",
            code="quota.target",
        )
    require_all_of(catalogue, target)
    if entry.year not in catalogue.years:
        raise year_problem(catalogue, entry.year)
    unit = entry.unit or unit_of(target)
    check_amount(target, entry.amount, unit)
    if present is not None and (present.amount, present.unit) != (entry.amount, unit):
        _check_papers(present, entry.document_number, entry.reason)
    schema = load_schema("quota")
    values: dict[str, Cell] = {"amount": entry.amount, "unit": unit}
    for name in ("document_number", "issued_on", "reason", "note"):
        given = getattr(entry, name)
        if given is not None:
            values[name] = given.strip() or None if isinstance(given, str) else given
    problems = [found for name, cell in values.items() if (found := schema.field(name).problem_with(cell))]
    if problems:
        raise problems[0]
    if present is None:
        return records.insert(op, schema, {"target_id": entry.target_id, "year": Decimal(entry.year), **values})
    records.update(op, schema, present.id, values)
    return present.id


def _check_papers(present: Quota, document_number: str | None, reason: str | None) -> None:
    missing = [title for title, text in (("文号", document_number), ("调整理由", reason)) if not (text or "").strip()]
    if missing:
        amount = present.amount
        old = figure(amount, present.unit) if isinstance(amount, Decimal) else amount or UNREPORTED
        raise DataProblem(
            f"{present.year}年县级目标原来是{old}，改动要写明{'和'.join(missing)}。",
            advice="请补上后再保存，原来的数会保留在历史里。",
            code="quota.papers",
        )


def _quota(catalogue: Catalogue, row_id: str, values: dict[str, Cell]) -> Quota:
    target_id, unit, amount = str(values["target_id"]), str(values["unit"] or ""), values["amount"]
    year, issued_on = values["year"], values["issued_on"]
    assert isinstance(year, Decimal)
    return Quota(
        id=row_id,
        target_id=target_id,
        year=int(year),
        amount=amount,
        unit=unit,
        in_unit=_in_unit(catalogue.task(target_id), amount, unit),
        document_number=str(values["document_number"] or ""),
        issued_on=issued_on if isinstance(issued_on, date) else None,
        reason=str(values["reason"] or ""),
        note=str(values["note"] or ""),
    )


def _in_unit(target: Task | None, amount: Cell, unit: str) -> Decimal | None:
    if not isinstance(amount, Decimal):
        return None
    return amount if target is None else in_unit_of(target, amount, unit)
