"""The demo's projects: a few plausible rows for every register that ships, each labelled 演示."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

from db.core.values import Cell, State
from db.work.demo_samples import sample_row
from db.work.registers import shipped

Rows = list[dict[str, Cell]]
_TOLD = ("key_project", "outdated_capacity", "coal_boiler", "rural_heating")
_STAGES = ("实施中", "已完成", "前期工作", "已验收", "实施中")


def project_rows(
    facts: dict[str, Any], towns: Mapping[str, str], enterprises: Mapping[str, str], departments: Mapping[str, str]
) -> Iterator[tuple[str, Rows]]:
    """Yield (register, rows) for every register of the demo; ids by town code, enterprise and city department name."""
    home = {entry["name"]: towns[entry["town"]] for entry in facts["enterprises"]}
    firms = [(enterprises[name], home[name]) for name in home]
    projects = facts["projects"]
    yield "key_project", _key_projects(projects["key_project"], firms, departments)
    yield "outdated_capacity", _outdated(projects["outdated_capacity"], firms)
    yield "coal_boiler", _boilers(projects["coal_boiler"], firms)
    yield "rural_heating", _villages(projects["technologies"], towns)
    for place, schema in enumerate(schema for schema in shipped() if schema.name not in _TOLD):
        commons = [_common(number + 8 * place, "", *firms[(number + place) % len(firms)][::-1]) for number in range(3)]
        yield schema.name, [sample_row(schema, common, number) for number, common in enumerate(commons, 1)]


def _common(number: int, title: str, town: str, firm: str | None) -> dict[str, Cell]:
    total = Decimal(600 + number * 137 % 2900)
    stage = _STAGES[number % len(_STAGES)]
    done = stage in ("已完成", "已验收")
    spent = total if done else (total * Decimal("0.45")).quantize(Decimal("0.01"))
    start = date(2021, 3, 1) + timedelta(days=number * 29 % 300)
    due = start + timedelta(days=300 + number * 17 % 200)
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
        "completed_on": due if done else None,
        "stage": stage,
        "responsible": "演示负责人",
        "phone": "0536-9000000",
        "note": "演示数据",
    }


def _key_projects(entries: list[list[str]], firms: list[tuple[str, str]], departments: Mapping[str, str]) -> Rows:
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
        figures: dict[str, Cell] = {"coal_saving": Decimal(number * 90), "carbon_dioxide": State.NO_DATA}
        rows.append(_common(number, title, town, firm) | own | figures | {"department_id": next(offices)})
    return rows


def _outdated(entries: list[list[Any]], firms: list[tuple[str, str]]) -> Rows:
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


def _boilers(entries: list[list[str]], firms: list[tuple[str, str]]) -> Rows:
    rows: Rows = []
    for number, (tonnage, purpose, disposal) in enumerate(entries):
        firm, town = firms[(number * 7 + 1) % len(firms)]
        late = number % 4 == 3
        rows.append(
            _common(number + 40, f"{tonnage}蒸吨燃煤锅炉淘汰", town, firm)
            | {
                "boiler_number": f"演示-{number + 1:02d}",
                "tonnage": Decimal(tonnage),
                "fuel": "原煤",
                "purpose": purpose,
                "boiler_retirement": disposal,
                "due_on": date(2021, 10, 31),
                "extended": late,
                "extended_until": date(2022, 11, 14) if late else None,
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
