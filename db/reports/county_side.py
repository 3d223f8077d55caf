"""Who in the county answers for a clause, as documents say it: the county's own departments for the plan's."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace

from db.core.fields import load_schema
from db.plan.catalogue import Catalogue, Clause
from db.plan.vocabulary import Mode
from db.store import records
from db.work.responsibility import Responsibility, responsibilities
from db.work.setup import NONE

PENDING = "待定"
"""What a document says where the county has not decided yet."""


@dataclass(frozen=True)
class CountySide:
    """The county's side of one clause; texts are ready for print, `PENDING` where nothing is known.

    `leads` and `cooperators` are what the county chose, else its counterparts of the plan's departments; `paper` says
    what became of the county's own plan for the clause.
    """

    leads: str = PENDING
    cooperators: str = ""
    leader: str = PENDING
    paper: str = PENDING


def county_sides(conn: sqlite3.Connection, catalogue: Catalogue) -> dict[str, CountySide]:
    """Return the county's side of every clause, by clause id."""
    names, given = _counterparts(conn), responsibilities(conn)
    return {clause.id: _chosen(_derived(clause, names), given.get(clause.id)) for clause in catalogue.clauses}


def _chosen(derived: CountySide, given: Responsibility | None) -> CountySide:
    """Return what the county itself answered, over what follows from the plan."""
    if given is None:
        return derived
    post = f"（{given.leader_post}）" if given.leader_post else ""
    return replace(
        derived,
        leads=given.lead or derived.leads,
        cooperators="、".join(given.cooperators) or derived.cooperators,
        leader=f"{given.leader}{post}" if given.leader else PENDING,
        paper=given.plan_sentence.removeprefix("落实方案") or PENDING,
    )


def _counterparts(conn: sqlite3.Connection) -> dict[str, str]:
    """Return the county's department by the name of the city's; a city department without one is left out."""
    schema = load_schema("department")
    found: dict[str, str] = {}
    for row in records.select(conn, schema, "t.deleted_at IS NULL", (), "ORDER BY t.seq"):
        city, name = str(row.values["city_name"] or ""), str(row.values["name"] or "")
        if city and name and row.values["kind"] != NONE:
            found.setdefault(city, name)
    return found


def _derived(clause: Clause, names: Mapping[str, str]) -> CountySide:
    leads = [names[each] for each in clause.leads if each in names]
    cooperators = [names[each] for each in clause.cooperators if each in names]
    more = "等部门" if clause.list_open else ""
    words = "、".join(dict.fromkeys(leads))
    if words and clause.mode in (Mode.BY_DUTY, Mode.BY_DUTY_AND_COOPERATE):
        words += "按职责分工"
    return CountySide(
        leads=words or PENDING,
        cooperators="、".join(dict.fromkeys(cooperators)) + (more if cooperators else ""),
    )
