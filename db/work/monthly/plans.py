"""The county's own monthly plans: what share of a year's amount is due by the end of each month; none is even.

curve_shares(conn, catalogue, period, told) -> {target id: share due by the end of the month}
curves_of(conn, target_id, year) -> {month: MonthPlan}
set_curve(op, target_id=, year=, shares={month: %}, amounts={month: …}) -> int
faults_of({month: figure}, whole, unit) -> {month: sentence}
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell, from_micro, to_micro
from db.plan.catalogue import Catalogue, Target
from db.plan.editions import county_catalogue
from db.store import records
from db.store.operation import Operation
from db.work.amounts import check_amount, in_unit_of
from db.work.arithmetic import figure
from db.work.quotas import Quota, quotas
from db.work.tasks import task_of, unit_of


@dataclass(frozen=True)
class MonthPlan:
    """What is due by the end of a month: `share` in % of the year, or `amount` in `unit`."""

    month: int
    share: Decimal | None = None
    amount: Decimal | None = None
    unit: str = ""
    id: str = ""


def curve_shares(
    conn: sqlite3.Connection, catalogue: Catalogue, period: Period, told: Mapping[str, Mapping[int, Quota]]
) -> dict[str, Fraction]:
    """Return by target the share of the year's amount that the county's own plan wants by the end of `period`.

    A month without a plan goes on with the one before it; before the first nothing is due.
    """
    found: dict[str, Fraction] = {}
    rows = conn.execute(
        "SELECT target_id, month, share, amount, unit FROM monthly_curve"
        " WHERE year = ? AND deleted_at IS NULL AND coalesce(share, amount) IS NOT NULL ORDER BY target_id, month",
        (period.year,),
    )
    for target_id, month, share, amount, unit in rows:
        target = catalogue.task(target_id)
        if not isinstance(target, Target):
            continue
        found.setdefault(target_id, Fraction(0))
        if month > period.month:
            continue
        if amount is None:
            found[target_id] = Fraction(share, 100_000_000)
            continue
        quota = told.get(target_id, {}).get(period.year)
        if quota is not None and quota.in_unit:
            due = in_unit_of(target, from_micro(amount), unit or "")
            found[target_id] = Fraction(to_micro(due), to_micro(quota.in_unit))
    return found


def curves_of(conn: sqlite3.Connection, target_id: str, year: int) -> dict[int, MonthPlan]:
    """Return the county's own plan of a target and year by month; empty where there is none."""
    rows = records.select(
        conn, load_schema("monthly_curve"), "t.target_id = ? AND t.year = ? AND t.deleted_at IS NULL", [target_id, year]
    )
    found: dict[int, MonthPlan] = {}
    for row in rows:
        month, share, amount = row.values["month"], row.values["share"], row.values["amount"]
        assert isinstance(month, Decimal)
        found[int(month)] = MonthPlan(
            int(month),
            share if isinstance(share, Decimal) else None,
            amount if isinstance(amount, Decimal) else None,
            str(row.values["unit"] or ""),
            row.id,
        )
    return dict(sorted(found.items()))


def faults_of(figures: Mapping[int, Decimal], whole: Decimal, unit: str) -> dict[int, str]:
    """Return what is wrong with a plan, by month: a figure that falls, goes beyond the whole, or ends before it."""
    found: dict[int, str] = {}
    last, before = Decimal(0), 0
    for month, value in sorted(figures.items()):
        if value < last:
            found[month] = f"{month}月比{before}月的{figure(last, unit)}少，请填从1月起累计的数。"
        elif value > whole:
            found[month] = f"{month}月超过了全年的{figure(whole, unit)}，请核对。"
        last, before = (value, month) if value > last or not before else (last, before)
    if figures and max(figures) not in found and last < whole:
        found[max(figures)] = f"{max(figures)}月是最后一个数，要填到全年的{figure(whole, unit)}。"
    return found


def set_curve(
    op: Operation,
    *,
    target_id: str,
    year: int,
    shares: Mapping[int, Decimal] | None = None,
    amounts: Mapping[int, Decimal] | None = None,
    catalogue: Catalogue | None = None,
) -> int:
    """Replace the county's plan of a target and year, and return how many months it has; none takes it away.

    `shares` are % of the year's amount, `amounts` in the target's unit, both counted from January. DataProblem for a
    plan that falls from one month to the next or does not end with the whole year, and for amounts without a quota.
    """
    target = task_of(catalogue or county_catalogue(op.conn), target_id)
    wanted: dict[int, dict[str, Cell]] = {}
    for name, given in (("share", shares or {}), ("amount", amounts or {})):
        for month, value in sorted(given.items()):
            if not 1 <= month <= 12:
                raise DataProblem(f"没有{month}月。", advice="请填1到12月。", code="curve.month")
            if name == "amount":
                check_amount(target, value, unit_of(target))
            wanted.setdefault(month, {"share": None, "amount": None})[name] = value
    _refuse_faults(shares or {}, Decimal(100), "%")
    if amounts:
        _refuse_faults(amounts, _quota(op.conn, target_id, year), unit_of(target))
    schema = load_schema("monthly_curve")
    sql = "SELECT month, id, deleted_at FROM monthly_curve WHERE target_id = ? AND year = ?"
    present = {month: (row_id, gone) for month, row_id, gone in op.conn.execute(sql, (target_id, year)).fetchall()}
    records.restore(op, schema, [row_id for month, (row_id, gone) in present.items() if gone and month in wanted])
    records.delete(
        op, schema, [row_id for month, (row_id, gone) in present.items() if not gone and month not in wanted]
    )
    for month, values in wanted.items():
        values["unit"] = unit_of(target) or None
        problems = [p for name, cell in values.items() if (p := schema.field(name).problem_with(cell))]
        if problems:
            raise problems[0]
        if month in present:
            records.update(op, schema, present[month][0], values)
        else:
            key: dict[str, Cell] = {"target_id": target_id, "year": Decimal(year), "month": Decimal(month)}
            records.insert(op, schema, key | values)
    return len(wanted)


def _refuse_faults(figures: Mapping[int, Decimal], whole: Decimal, unit: str) -> None:
    for fault in faults_of(figures, whole, unit).values():
        raise DataProblem(fault, code="curve.fault")


def _quota(conn: sqlite3.Connection, target_id: str, year: int) -> Decimal:
    quota = quotas(conn, target_id).get(target_id, {}).get(year)
    if quota is None or not quota.in_unit:
        text, advice = f"{year}年还没有县级目标，月度计划不能按数量填。", "请先录入县级目标，或改按百分比填。"
        raise DataProblem(text, advice=advice, code="curve.quota")
    return quota.in_unit
