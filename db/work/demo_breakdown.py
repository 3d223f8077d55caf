"""The demo county's quotas and breakdown: a fixed share of the city's amounts, so that they have the right size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from db.core.fields import load_schema
from db.core.units import convert, decimals_of
from db.core.values import Cell
from db.plan.catalogue import Catalogue, Clause, Target
from db.plan.vocabulary import Comparator, Measure
from db.store import records
from db.store.operation import Operation
from db.work.arithmetic import split
from db.work.demo_facts import Facts
from db.work.quotas import QuotaEntry, set_quotas
from db.work.registers import shipped
from db.work.responsibility import set_responsibility
from db.work.scope import set_scope
from db.work.tasks import Duty, clause_of, duty_of, leaf_tasks, leaves_of, task_of, unit_of

_OFFICE = "市生态环境局"


@dataclass(frozen=True)
class DemoPlaces:
    """Who work is given to in the demo: town ids by code, enterprise ids by name, department ids by city department.

    `industries` are the enterprises by their industry, `firms` the first of every town.
    """

    towns: dict[str, str]
    enterprises: dict[str, str]
    departments: dict[str, str]
    industries: dict[str, list[str]]
    firms: dict[str, str]

    def lead(self, clause: Clause) -> str:
        """Return the department that leads the clause; the ecology office for one that names none."""
        return next((self.departments[name] for name in (*clause.leads, _OFFICE) if name in self.departments), "")


def set_demo_quotas(op: Operation, catalogue: Catalogue, facts: Facts) -> None:
    """Set the county's quotas, and what of the plan it has nothing to do with."""
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


def yearly_quotas(catalogue: Catalogue, target: Target, facts: Facts) -> dict[int, Decimal]:
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
    catalogue: Catalogue, target: Target, amounts: dict[int, Decimal], total: Decimal, facts: Facts
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


def _share(value: Decimal, unit: str, county_unit: str, facts: Facts) -> Decimal:
    """Return the county's share of a city amount in the county's unit, at least one step of that unit."""
    step = Decimal(1).scaleb(-decimals_of(county_unit))
    whole = convert(value, unit, county_unit) if unit != county_unit else value
    return max(step, (whole * Decimal(facts["share"])).quantize(step, ROUND_HALF_UP))


def _towards(catalogue: Catalogue, target: Target, total: Decimal, unit: str, facts: Facts) -> dict[int, Decimal]:
    """Return the way of a yearly amount from its baseline (or the final value itself) to the last year's."""
    start = total if target.baseline_value is None else _share(target.baseline_value, target.unit, unit, facts)
    step = Decimal(1).scaleb(-decimals_of(unit))
    steps = len(catalogue.years)
    return {
        year: (start + (total - start) * place / steps).quantize(step, ROUND_HALF_UP)
        for place, year in enumerate(catalogue.years, 1)
    }


def break_down(op: Operation, catalogue: Catalogue, facts: Facts, places: DemoPlaces) -> None:
    """Give everything out: quantities to towns or enterprises, the rest to the department that leads."""
    excluded = facts["not_applicable"]
    rows = [
        row
        for task_id in leaf_tasks(catalogue)
        if task_id not in excluded
        for row in _assignments(catalogue, task_id, facts, places)
    ]
    records.insert_many(op, load_schema("assignment"), rows)


def _assignments(catalogue: Catalogue, task_id: str, facts: Facts, places: DemoPlaces) -> list[dict[str, Cell]]:
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
    assignee = places.lead(clause_of(catalogue, task))
    deadline = task.deadline if isinstance(task, Target) else None
    year = deadline.year if deadline is not None else catalogue.years[1]
    if year not in catalogue.years:
        return []
    return [_assignment(task_id, task, year, "department", assignee, amounts.get(year), facts)]


def _shares(
    task_id: str, amount: Decimal, unit: str, facts: Facts, places: DemoPlaces
) -> list[tuple[str, str, Decimal]]:
    industry = facts["by_enterprise"].get(task_id)
    kind, who = ("enterprise", places.industries[industry]) if industry else ("town", list(places.towns.values()))
    weights = [Decimal(20 + place * 7 % 13) for place in range(len(who))]
    shares = split(amount, weights, decimals_of(unit))
    return [(kind, assignee, share) for assignee, share in zip(who, shares, strict=True) if share]


def _assignment(
    task_id: str, task: object, year: int, kind: str, assignee: str, amount: Decimal | None, facts: Facts
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


def give_responsibility(op: Operation, catalogue: Catalogue, facts: Facts, places: DemoPlaces) -> None:
    """Say for every clause that is the county's who leads it; of `without_lead` it is still open."""
    for clause in catalogue.clauses:
        if clause.id in facts["without_lead"] or not leaves_of(catalogue, clause):
            continue
        values: dict[str, Cell] = {"lead_id": places.lead(clause), "leader": "演示负责人", "leader_post": "副市长"}
        set_responsibility(op, clause_id=clause.id, values=values, catalogue=catalogue)


def towns_by_register(catalogue: Catalogue, facts: Facts, places: DemoPlaces) -> dict[str, list[str]]:
    """Return the towns that have a share of what each register counts, by its name: there it has projects."""
    found: dict[str, list[str]] = {}
    for schema in shipped():
        for target_id in {mapping["target"]: None for mapping in schema.counts_towards}:
            target = catalogue.task(target_id)
            if not isinstance(target, Target) or duty_of(target) is not Duty.QUANTITY:
                continue
            if target_id in facts["not_applicable"]:
                continue
            for amount in yearly_quotas(catalogue, target, facts).values():
                for kind, who, _ in _shares(target_id, amount, unit_of(target), facts, places):
                    if kind == "town" and who not in found.setdefault(schema.name, []):
                        found[schema.name].append(who)
    return found
