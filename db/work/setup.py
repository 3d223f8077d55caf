"""Making a new county file that a clerk can start with: towns, departments, registers are there.

new_county(folder, *, county, author) -> County
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from db.core import divisions
from db.core.divisions import ReportingUnit
from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.ids import fixed_id
from db.core.text import fold_choice, quote
from db.core.values import Cell
from db.plan.catalogue import Department, load_catalogue
from db.store import records
from db.store.county import County
from db.store.operation import Operation
from db.work.registers import ensure_registers

LABEL = "建立县级填报文件"
SAMPLE_WORD = "演示"
SAMPLE_ENDING = f"（{SAMPLE_WORD}）"
"""How the name of a county to practise with ends."""
LOCAL, BRANCH, NONE = "县级部门", "市垂直管理派出机构", "无县级对应机构"
_BRANCHES = {"市生态环境局": "潍坊市生态环境局{short}分局"}
"""City departments whose county office is a branch of theirs, with its name."""


def new_county(folder: Path, *, county: str, author: str, sample: bool = False) -> County:
    """Make `folder` a county folder for the reporting unit `county` (its code, key, name or short name) and open it.

    A `sample` is called one in its name, which stands on everything that leaves it, and marked in its settings.

    Filled in: the reporting units, the unit's towns and those that others run on its ground, the departments that
    answer to the plan's, the registers. DataProblem for an unknown unit, EnvironmentProblem from `County.create`.
    """
    unit = find_unit(county)
    catalogue = load_catalogue()
    made = County.create(
        folder,
        county_code=unit.key,
        county_name=unit.name + SAMPLE_ENDING if sample else unit.name,
        plan_version=catalogue.version,
        author=author,
        sample=SAMPLE_WORD if sample else "",
    )
    try:
        with made.operation(LABEL, undoable=False) as op:
            _add_units(op)
            _add_towns(op, unit)
            _add_departments(op, unit, catalogue.departments)
            ensure_registers(op)
    except BaseException:
        made.close()
        raise
    return made


def find_unit(county: str) -> ReportingUnit:
    """Return the reporting unit that `county` names; DataProblem lists the units when there is none."""
    wanted = fold_choice(county)
    for unit in divisions.reporting_units():
        # Zones have no code: to name nothing must not name one of them.
        if wanted and wanted in (unit.key, unit.code, unit.name, unit.short_name):
            return unit
    known = "、".join(f"{unit.key} {unit.short_name}" for unit in divisions.reporting_units())
    raise DataProblem(f"没有{quote(county)}这个填报单位。", advice=f"请从中选择：{known}。", code="county.unknown")


def own_unit_id(conn: sqlite3.Connection) -> str:
    """Return the id of the reporting unit that the county file belongs to."""
    key = conn.execute("SELECT value FROM setting WHERE id = 'county_code'").fetchone()
    return unit_id(key[0] if key and key[0] else "")


def unit_id(key: str) -> str:
    """Return the row id of the reporting unit with this key, the same in every county file."""
    return fixed_id("reporting_unit", key)


def town_id(code: str) -> str:
    """Return the row id of the town with this code, the same in every county file."""
    return fixed_id("town", code)


def department_name(unit: ReportingUnit, department: Department) -> str:
    """Return what the unit's counterpart of a city department is called; the city's own name where there is none."""
    if department.name in _BRANCHES:
        return _BRANCHES[department.name].format(short=unit.short_name[:-1])
    if not department.county_name:
        return department.name
    return unit.short_name + department.county_name.removeprefix("县")


def _add_units(op: Operation) -> None:
    schema = load_schema("reporting_unit")
    for unit in divisions.reporting_units():
        values: dict[str, Cell] = {
            "code": unit.code or None,
            "name": unit.name,
            "kind": unit.kind_title,
            "note": unit.note or None,
        }
        records.insert(op, schema, values, row_id=unit_id(unit.key))


def _add_towns(op: Operation, unit: ReportingUnit) -> None:
    schema = load_schema("town")
    for town in divisions.all_towns():
        runner = divisions.runner_of(town.code)
        if town.code not in unit.towns and town.county_code != unit.code:
            continue
        values: dict[str, Cell] = {"code": town.code, "name": town.name, "kind": town.kind_title}
        if runner is not None:
            values["unit_id"] = unit_id(runner.key)
            if runner.key != unit.key:
                values["note"] = f"由{runner.name}管理，不在本单位分解任务。"
        records.insert(op, schema, values, row_id=town_id(town.code))


def _add_departments(op: Operation, unit: ReportingUnit, departments: tuple[Department, ...]) -> None:
    schema = load_schema("department")
    for department in departments:
        kind, note = LOCAL, None
        if department.name in _BRANCHES:
            kind = BRANCH
        elif not department.county_name:
            kind, note = NONE, "县里没有对应机构；如有承担这项职责的单位，请改成它的名称。"
        values: dict[str, Cell] = {
            "name": department_name(unit, department),
            "city_name": department.name,
            "kind": kind,
            "note": note,
        }
        records.insert(op, schema, values, row_id=fixed_id("department", f"{unit.key}:{department.name}"))
