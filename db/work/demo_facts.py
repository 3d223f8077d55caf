"""What the demo is made of: resources/demo/demo.json, told of one of its counties."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import resources
from db.core.divisions import reporting_unit, towns_of

FILE = "demo/demo.json"
HOME = "370783"
"""The county of the demo; the others are there for the city's side of a rehearsal."""

Facts = dict[str, Any]
_KINDS = re.compile("(?:街道|镇|(?:生态)?经济(?:开发)?园?区)?(?:办事处|管理委员会|管委会)?$")


def all_facts() -> Facts:
    """Return the file as it is."""
    found: Facts = resources.load_json(FILE)
    return found


def demo_day() -> date:
    """Return the day on which the demo takes place, whatever day it is."""
    return date.fromisoformat(all_facts()["today"])


def demo_counties() -> list[str]:
    """Return the keys of the counties that the demo has, HOME first."""
    return list(all_facts()["counties"])


def demo_facts(county: str = HOME) -> Facts:
    """Return what the demo of one county is made of; KeyError for a county it does not have."""
    facts = all_facts()
    unit = reporting_unit(county)
    excluded = {task: reason.format(county=unit.short_name) for task, reason in facts["not_applicable"].items()}
    facts |= facts["counties"][county] | {"county": county, "not_applicable": excluded}
    if county != HOME:
        facts["enterprises"] = _moved(facts["enterprises"], county)
    return facts


def _moved(enterprises: list[dict[str, str]], county: str) -> list[dict[str, str]]:
    """Return the enterprises as they would be called in the towns of another county, the first town's in its first."""
    homes = {town.code: short_town(town.name) for town in towns_of(HOME)}
    moved = dict(zip(homes, towns_of(county), strict=False))
    return [
        entry | {"town": town.code, "name": entry["name"].replace(homes[entry["town"]], short_town(town.name))}
        for entry in enterprises
        if (town := moved.get(entry["town"])) is not None
    ]


def short_town(name: str) -> str:
    """Return a town's name without what kind of town it is: 圣城 of 圣城街道."""
    return _KINDS.sub("", name) or name
