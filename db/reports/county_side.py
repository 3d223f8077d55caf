"""Who in the county answers for a clause, as documents say it: the county's own departments for the plan's."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from db.core.fields import load_schema
from db.plan.catalogue import Catalogue, Clause
from db.plan.vocabulary import Mode
from db.store import records
from db.work.setup import NONE

PENDING = "待定"
"""What a document says where the county has not decided yet."""


@dataclass(frozen=True)
class CountySide:
    """The county's side of one clause; texts are ready for print, `PENDING` where nothing is known.

    `derived` tells that the departments follow from the plan's and were not chosen by the county.
    """

    leads: str = PENDING
    cooperators: str = ""
    leader: str = PENDING
    paper: str = PENDING
    derived: bool = True


def county_sides(conn: sqlite3.Connection, catalogue: Catalogue) -> dict[str, CountySide]:
    """Return the county's side of every clause, by clause id."""
    names = _counterparts(conn)
    return {clause.id: _derived(clause, names) for clause in catalogue.clauses}


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
