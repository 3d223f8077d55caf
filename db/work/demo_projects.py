"""The demo's projects: a few plausible rows for every register that ships, each labelled 演示."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

from db.core.fields import TableSchema
from db.core.values import Cell, State
from db.work.demo_breakdown import DemoPlaces
from db.work.demo_facts import HOME, Facts
from db.work.demo_samples import sample_row
from db.work.registers import shipped

Rows = list[dict[str, Cell]]
Home = tuple[str, str]
"""An enterprise and its town, as ids."""

_TOLD = ("key_project", "red_line", "outdated_capacity", "coal_boiler", "rural_heating")
_STAGES = ("实施中", "已完成", "前期工作", "已验收", "实施中")
_DONE = ("已完成", "已验收")
_FEW = 3
_LATE, _SOON = 4, 5
"""The key project that should be finished by now (why it is not, is said), and one that is due before long."""
_TOO_LATE = 3
"""The boiler that is to be gone later than the plan demands: something to give a reason for."""
_FIRST_START, _FIRST_END = date(2021, 3, 1), date(2022, 6, 30)
"""When the demo's first project began; the first end of one that is not finished yet, after the demo's day."""


def project_rows(facts: Facts, places: DemoPlaces, homes: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Rows]]:
    """Yield (register, rows) for every register of the demo.

    `homes` are the towns in which a register has to have a project, by its name; others have a few somewhere.
    """
    town_of = {places.enterprises[entry["name"]]: places.towns[entry["town"]] for entry in facts["enterprises"]}
    firms = [(firm, town_of[firm]) for firm in places.enterprises.values()]
    projects = facts["projects"]
    yield "key_project", _key_projects(projects["key_project"], firms, places.departments)
    yield "red_line", _red_lines(facts, firms)
    yield "outdated_capacity", _outdated(projects["outdated_capacity"], firms)
    yield "coal_boiler", _boilers(projects["coal_boiler"], firms)
    yield "rural_heating", _villages(projects["technologies"], places.towns)
    for place, schema in enumerate(schema for schema in shipped() if schema.name not in _TOLD):
        some = [firms[(number + place) % len(firms)] for number in range(_FEW)]
        own = [(places.firms.get(town), town) for town in homes.get(schema.name, ())] or some
        yield schema.name, [_sample(schema, number, place, *home, facts) for number, home in enumerate(own)]


def _sample(schema: TableSchema, number: int, place: int, firm: str | None, town: str, facts: Facts) -> dict[str, Cell]:
    wanted = {name: schema.field(name).parse(text) for name, text in facts["samples"].get(schema.name, {}).items()}
    common = _common(number + 8 * place, "", town, firm)
    wanted["due_on"] = common["planned_completion_on"]
    if "accepted_on" in schema:
        common["accepted_on"] = common["completed_on"] if common["stage"] == _DONE[1] else None
    return sample_row(schema, common, number + 1, wanted)


def _common(number: int, title: str, town: str, firm: str | None) -> dict[str, Cell]:
    """Return what every register has: finished projects are, others have some months left on the demo's day."""
    total = Decimal(600 + number * 137 % 2900)
    stage = _STAGES[number % len(_STAGES)]
    done = stage in _DONE
    spent = total if done else (total * Decimal("0.45")).quantize(Decimal("0.01"))
    start = _FIRST_START + timedelta(days=number * 29 % 120)
    end = start + timedelta(days=120 + number * 17 % 90)
    due = end + timedelta(days=20) if done else _FIRST_END + timedelta(days=number * 17 % 130)
    return {
        "name": f"演示：{title}",
        "town_id": town,
        "enterprise_id": firm,
        "content": f"演示项目：{title}，内容和数字均为虚构。",
        "total_investment": total,
        "planned_investment": (total * Decimal("0.6")).quantize(Decimal("0.01")),
        "completed_investment": Decimal(0) if stage == "前期工作" else spent,
        "funding_source": "企业自筹" if firm else "市县财政",
        "started_on": None if stage == "前期工作" else start,
        "planned_completion_on": due,
        "completed_on": end if done else None,
        "stage": stage,
        "responsible": "演示负责人",
        "phone": "0536-9000000",
        "note": "演示数据",
    }


def _red_lines(facts: Facts, firms: Sequence[Home]) -> Rows:
    """Return what was promised of every prohibition in the months before the demo's day; at home some are left."""
    months = facts["red_line_months"]
    left = months[-1] if facts["county"] == HOME else ""
    prohibitions = next(schema for schema in shipped() if schema.name == "red_line").field("prohibition").enum
    rows: Rows = []
    for month in months:
        for number, prohibition in enumerate(prohibitions if month != left else prohibitions[:_FEW]):
            until = date.fromisoformat(f"{month}-28")
            rows.append(
                _common(1, f"{month} {prohibition[8:]}", firms[number][1], None)
                | {
                    "prohibition": prohibition,
                    "month": month,
                    "checked": True,
                    "checked_until": until,
                    "checked_scope": "演示：全县",
                    "kept": True,
                    "signed_by": "演示负责人",
                    "signed_on": until,
                }
            )
    return rows


def _key_projects(entries: list[list[str]], firms: Sequence[Home], departments: Mapping[str, str]) -> Rows:
    offices = cycle(list(departments.values())[:6])
    rows: Rows = []
    for number, (title, category, nature, task) in enumerate(entries):
        firm, town = firms[number * 3 % len(firms)]
        own: dict[str, Cell] = {
            "category": category,
            "task_id": task,
            "nature": nature,
            "level": "县重点",
            "two_high": False,
        }
        if number == _LATE:
            own |= {
                "planned_completion_on": date(2022, 2, 28),
                "problems": "演示：设备供货晚了两个月。",
                "next_steps": "演示：四月底前完成安装调试。",
            }
        if number == _SOON:
            own["planned_completion_on"] = date(2022, 4, 15)
        figures: dict[str, Cell] = {"coal_saving": Decimal(number * 90), "carbon_dioxide": State.NO_DATA}
        rows.append(_common(number, title, town, firm) | own | figures | {"department_id": next(offices)})
    return rows


def _outdated(entries: list[list[Any]], firms: Sequence[Home]) -> Rows:
    rows: Rows = []
    for number, (industry, kind, equipment, model, quantity, capacity, unit, disposal) in enumerate(entries):
        firm, town = firms[(number * 5 + 2) % len(firms)]
        rows.append(
            _common(number + 20, f"{equipment}退出", town, firm)
            | {
                "industry": industry,
                "equipment_kind": kind,
                "equipment": equipment,
                "model": model,
                "quantity": Decimal(quantity),
                "capacity": Decimal(capacity),
                "capacity_unit": unit,
                "basis": "技术",
                "capacity_disposal": disposal,
                "due_on": date(2022, 12, 31),
                "exempt": False,
            }
        )
    return rows


def _boilers(entries: list[list[str]], firms: Sequence[Home]) -> Rows:
    rows: Rows = []
    for number, (tonnage, purpose, disposal) in enumerate(entries):
        firm, town = firms[(number * 7 + 1) % len(firms)]
        common = _common(number + 40, f"{tonnage}蒸吨燃煤锅炉淘汰", town, firm)
        late = common["completed_on"] is None
        if number == _TOO_LATE:
            common["planned_completion_on"] = date(2022, 12, 20)
        rows.append(
            common
            | {
                "due_on": date(2021, 10, 31),
                "boiler_number": f"演示-{number + 1:02d}",
                "tonnage": Decimal(tonnage),
                "fuel": "原煤",
                "purpose": purpose,
                "boiler_retirement": disposal,
                "extended": late,
                "extended_until": date(2022, 11, 14) if late else None,
                "extension_number": "演示〔2021〕20号" if late else None,
                "extension_reason": "演示：集中供热管网尚未覆盖。" if late else None,
                "annual_coal": State.NO_DATA if late else Decimal(tonnage) * 310,
                "heated_area": Decimal(tonnage) if "供暖" in purpose else State.NOT_APPLICABLE,
            }
        )
    return rows


def _villages(technologies: list[str], towns: Mapping[str, str]) -> Rows:
    rows: Rows = []
    for number, town in enumerate(towns.values()):
        for year in (2021, 2022):
            planned = Decimal(180 + (number * 41 + year) % 260)
            done = planned if year == 2021 else (planned / 4).to_integral_value()
            place = len(rows)
            rows.append(
                _common(place + 60, f"第{place + 1}村清洁取暖改造", town, None)
                | {
                    "village": f"演示第{place + 1}村",
                    "plan_year": Decimal(year),
                    "technology": technologies[number % len(technologies)],
                    "rural_households": planned + 60,
                    "planned_households": planned,
                    "completed_households": done,
                    "accepted_households": done if year == 2021 else None,
                }
            )
    return rows
