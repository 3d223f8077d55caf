"""The demo county: 寿光市 with the real plan and towns, and sample enterprises, quotas, breakdown and projects.

Everything invented is labelled 演示 where people see it. The amounts are a fixed share of the city's own, so that they
have the right size; nothing in them is a real assignment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import resources
from db.core.credit_code import check_digit, organisation_check_digit
from db.core.fields import load_schema
from db.core.units import convert, decimals_of
from db.core.values import Cell
from db.plan.catalogue import Catalogue, Target, load_catalogue
from db.plan.vocabulary import Comparator, Measure
from db.store import attachments, records
from db.store.county import County
from db.store.operation import Operation
from db.work.arithmetic import split
from db.work.county_settings import save_contacts
from db.work.demo_projects import project_rows
from db.work.quotas import QuotaEntry, set_quotas
from db.work.scope import set_scope
from db.work.setup import new_county, town_id
from db.work.tasks import Duty, clause_of, duty_of, leaf_tasks, task_of, unit_of

FILE = "demo/demo.json"
_CONTACTS = {"leader": "演示负责人", "clerk": "演示经办人", "clerk_phone": "0536-9000001"}


@dataclass(frozen=True)
class DemoPlaces:
    """Who work is given to in the demo: town ids by code, enterprise ids by name, department ids by city department."""

    towns: dict[str, str]
    enterprises: dict[str, str]
    departments: dict[str, str]
    industries: dict[str, list[str]]


def build_demo(folder: Path) -> None:
    """Make the demo county in the new folder `folder`; EnvironmentProblem when there is a county already."""
    facts = resources.load_json(FILE)
    catalogue = load_catalogue()
    with new_county(folder, county=facts["county"], author=facts["author"], sample=True) as county:
        with county.operation("填入演示联系人") as op:
            save_contacts(op, _CONTACTS)
        with county.operation("填入演示企业") as op:
            places = _add_enterprises(op, facts)
        with county.operation("填入演示县级目标") as op:
            _set_quotas(op, catalogue, facts)
        with county.operation("填入演示任务分解") as op:
            _break_down(op, catalogue, facts, places)
        with county.operation("填入演示项目") as op:
            first: dict[str, str] = {}
            for register, rows in project_rows(facts, places.towns, places.enterprises, places.departments):
                first[register] = records.insert_many(op, load_schema(register), rows)[0]
        with county.operation("添加演示佐证") as op:
            _add_evidence(op, county, first)


def _add_evidence(op: Operation, county: County, first: dict[str, str]) -> None:
    """Give the first row of every register a proof file that says what it is."""
    with TemporaryDirectory() as folder:
        for register, row_id in first.items():
            schema = load_schema(register)
            file = Path(folder) / f"演示佐证（{schema.title}）.txt"
            file.write_text(f"演示佐证：{schema.title}。内容为虚构，只供试用。\n", encoding="utf-8")
            attachments.add(op, county, schema.table, row_id, file, "演示：完成情况")


def demo_credit_code(number: int) -> str:
    """Return a code that passes the check of GB 32100 but whose organisation part, 0000…, was given to nobody."""
    body = f"{number:08d}"
    first = f"91370783{body}{organisation_check_digit(body)}"
    return first + check_digit(first)


def _add_enterprises(op: Operation, facts: dict[str, Any]) -> DemoPlaces:
    schema = load_schema("enterprise")
    rows: list[dict[str, Cell]] = []
    for number, entry in enumerate(facts["enterprises"], 1):
        rows.append(
            {
                "credit_code": demo_credit_code(number),
                "name": entry["name"],
                "town_id": town_id(entry["town"]),
                "industry": entry["industry"],
                "contact": f"演示联系人{number:02d}",
                "phone": f"0536-9000{number:03d}",
                "note": "演示数据，不是真实企业。",
            }
        )
    ids = records.insert_many(op, schema, rows)
    industries: dict[str, list[str]] = {}
    for row_id, entry in zip(ids, facts["enterprises"], strict=True):
        industries.setdefault(entry["industry"], []).append(row_id)
    return DemoPlaces(
        towns=dict(op.conn.execute("SELECT code, id FROM town WHERE deleted_at IS NULL ORDER BY code").fetchall()),
        enterprises={entry["name"]: row_id for row_id, entry in zip(ids, facts["enterprises"], strict=True)},
        departments=dict(op.conn.execute("SELECT city_name, id FROM department WHERE deleted_at IS NULL").fetchall()),
        industries=industries,
    )


def _set_quotas(op: Operation, catalogue: Catalogue, facts: dict[str, Any]) -> None:
    excluded = facts["not_applicable"]
    for task_id, reason in excluded.items():
        set_scope(op, task_id=task_id, applies="不涉及", reason=f"演示：{reason}")
    issued_on = date.fromisoformat(facts["document_date"])
    entries = [
        QuotaEntry(target.id, year, amount, unit_of(target), facts["document_number"], issued_on)
        for target in catalogue.targets
        if target.id not in excluded
        for year, amount in yearly_quotas(catalogue, target, facts).items()
    ]
    set_quotas(op, entries, catalogue=catalogue)


def yearly_quotas(catalogue: Catalogue, target: Target, facts: dict[str, Any]) -> dict[int, Decimal]:
    """Return the demo's quota of the target by year in the county's unit; empty where the plan has no value for it."""
    duty, unit = duty_of(target), unit_of(target)
    told = facts["told_without_a_value_in_the_plan"].get(target.id)
    if told is not None:
        return {catalogue.years[-1]: Decimal(told)}
    if target.value is None or target.awaits_value or duty not in (Duty.QUANTITY, Duty.RATE):
        return {}
    last = catalogue.years[-1] if target.deadline is None else target.deadline.year
    if duty is Duty.RATE:
        return {last: target.value}
    total = _share(target.value, target.unit, unit, facts)
    if target.measure is not Measure.CUMULATIVE:
        return _towards(catalogue, target, total, unit, facts)
    if last == catalogue.years[0]:
        return {last: total}
    parts = split(total, [Decimal(weight) for weight in facts["year_weights"]], decimals_of(unit))
    amounts = dict(zip(catalogue.years, parts, strict=True))
    return _with_parts_inside(catalogue, target, amounts, total, facts)


def _with_parts_inside(
    catalogue: Catalogue, target: Target, amounts: dict[int, Decimal], total: Decimal, facts: dict[str, Any]
) -> dict[int, Decimal]:
    """Give the year that the plan names in a 其中 at least what it names; the other years share the rest."""
    for inner in catalogue.targets:
        if inner.part_of != target.id or inner.value is None or inner.deadline is None:
            continue
        unit = unit_of(target)
        named = _share(inner.value, inner.unit, unit, facts)
        others = [year for year in amounts if year != inner.deadline.year]
        rest = split(total - named, [Decimal(1)] * len(others), decimals_of(unit))
        return {inner.deadline.year: named, **dict(zip(others, rest, strict=True))}
    return amounts


def _share(value: Decimal, unit: str, county_unit: str, facts: dict[str, Any]) -> Decimal:
    """Return the county's share of a city amount in the county's unit, at least one step of that unit."""
    step = Decimal(1).scaleb(-decimals_of(county_unit))
    whole = convert(value, unit, county_unit) if unit != county_unit else value
    return max(step, (whole * Decimal(facts["county_share"])).quantize(step, ROUND_HALF_UP))


def _towards(
    catalogue: Catalogue, target: Target, total: Decimal, unit: str, facts: dict[str, Any]
) -> dict[int, Decimal]:
    """Return the way of a yearly amount from its baseline (or the final value itself) to the last year's."""
    start = total if target.baseline_value is None else _share(target.baseline_value, target.unit, unit, facts)
    step = Decimal(1).scaleb(-decimals_of(unit))
    steps = len(catalogue.years)
    return {
        year: (start + (total - start) * place / steps).quantize(step, ROUND_HALF_UP)
        for place, year in enumerate(catalogue.years, 1)
    }


def _break_down(op: Operation, catalogue: Catalogue, facts: dict[str, Any], places: DemoPlaces) -> None:
    excluded = facts["not_applicable"]
    rows = [
        row
        for task_id in leaf_tasks(catalogue)
        if task_id not in excluded
        for row in _assignments(catalogue, task_id, facts, places)
    ]
    records.insert_many(op, load_schema("assignment"), rows)


def _assignments(
    catalogue: Catalogue, task_id: str, facts: dict[str, Any], places: DemoPlaces
) -> list[dict[str, Cell]]:
    task = task_of(catalogue, task_id)
    duty = duty_of(task)
    amounts = yearly_quotas(catalogue, task, facts) if isinstance(task, Target) else {}
    if duty is not Duty.COMPLETION and not amounts:
        return []
    if isinstance(task, Target) and task.comparator is Comparator.MORE_THAN:
        step = Decimal(1).scaleb(-decimals_of(unit_of(task)))
        amounts = {year: amount + step for year, amount in amounts.items()}
    if duty is Duty.QUANTITY:
        return [
            _assignment(task_id, task, year, kind, assignee, share, facts)
            for year, amount in amounts.items()
            for kind, assignee, share in _shares(task_id, amount, unit_of(task), facts, places)
        ]
    lead = places.departments.get(next(iter(clause_of(catalogue, task).leads), ""))
    assignee = lead or next(iter(places.departments.values()))
    deadline = task.deadline if isinstance(task, Target) else None
    year = deadline.year if deadline is not None else catalogue.years[1]
    if year not in catalogue.years:
        return []
    return [_assignment(task_id, task, year, "department", assignee, amounts.get(year), facts)]


def _shares(
    task_id: str, amount: Decimal, unit: str, facts: dict[str, Any], places: DemoPlaces
) -> list[tuple[str, str, Decimal]]:
    industry = facts["by_enterprise"].get(task_id)
    kind, who = ("enterprise", places.industries[industry]) if industry else ("town", list(places.towns.values()))
    weights = [Decimal(20 + place * 7 % 13) for place in range(len(who))]
    shares = split(amount, weights, decimals_of(unit))
    return [(kind, assignee, share) for assignee, share in zip(who, shares, strict=True) if share]


def _assignment(
    task_id: str, task: object, year: int, kind: str, assignee: str, amount: Decimal | None, facts: dict[str, Any]
) -> dict[str, Cell]:
    deadline = task.deadline if isinstance(task, Target) else None
    duty = duty_of(task) if isinstance(task, Target) else Duty.COMPLETION
    own = date(year, 12, 31) if deadline is None or deadline.year > year else deadline
    return {
        "task_id": task_id,
        "year": Decimal(year),
        "assignee_kind": kind,
        "assignee_id": assignee,
        "amount": amount,
        "unit": unit_of(task) if isinstance(task, Target) else None,
        "deliverable": facts["deliverables"][duty.value],
        "deadline": own,
        "responsible": "演示负责人",
        "phone": "0536-9000000",
    }
