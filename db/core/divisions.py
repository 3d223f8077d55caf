"""The city's divisions as of 2023-06-30: statutory counties, their towns, and the units that report to the city.

Codes and parents are statutory. Who runs a town is a matter of administration: zones without a code run towns that
lie in a statutory county, and only those that are well known are entered; a county file may change them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import resources

_UNIT_KINDS = {"county": "县市区", "zone": "功能区"}
_TOWN_KINDS = {"street": "街道", "town": "镇", "zone": "开发区"}


@dataclass(frozen=True)
class Town:
    """A town (`kind` town, street or zone): nine-digit code, statutory county."""

    code: str
    name: str
    kind: str
    county_code: str

    @property
    def kind_title(self) -> str:
        """Return the kind as the table of towns calls it: 街道, 镇, 开发区."""
        return _TOWN_KINDS[self.kind]


@dataclass(frozen=True)
class ReportingUnit:
    """Whoever reports to the city (`kind` county or zone).

    `key` is ASCII and never changes: the code where there is one; `code` may be "".
    `towns` are the codes of the towns that it runs by default.
    """

    key: str
    code: str
    name: str
    short_name: str
    kind: str
    note: str
    towns: tuple[str, ...]

    @property
    def kind_title(self) -> str:
        """Return the kind as the table of reporting units calls it: 县市区, 功能区."""
        return _UNIT_KINDS[self.kind]


@cache
def all_towns() -> tuple[Town, ...]:
    """Return the city's towns in the order of their codes."""
    return tuple(
        Town(row["code"], row["name"], row["level"], row["parent_code"])
        for row in resources.load_csv("divisions/weifang.csv")
        if len(row["code"]) == 9
    )


@cache
def reporting_units() -> tuple[ReportingUnit, ...]:
    """Return the statutory counties in the order of their codes, then the zones."""
    rows = resources.load_csv("divisions/reporting_units.csv")
    run_by_zones = {code for row in rows for code in row["towns"].split()}
    return tuple(
        ReportingUnit(
            key=row["key"],
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"],
            kind=row["kind"],
            note=row["note"],
            towns=(
                *(town.code for town in towns_of(row["code"]) if town.code not in run_by_zones),
                *row["towns"].split(),
            ),
        )
        for row in rows
    )


def counties() -> tuple[ReportingUnit, ...]:
    """Return the twelve statutory counties."""
    return tuple(unit for unit in reporting_units() if unit.kind == "county")


def reporting_unit(key: str) -> ReportingUnit:
    """Return the unit with this key (for a county or 滨海区: its code); KeyError when there is none."""
    for unit in reporting_units():
        if unit.key == key:
            return unit
    raise KeyError(key)


def towns_of(county_code: str) -> tuple[Town, ...]:
    """Return the towns that lie in the county by statute, whoever runs them; empty for an unknown code or ""."""
    return tuple(town for town in all_towns() if town.county_code == county_code)


def runner_of(town_code: str) -> ReportingUnit | None:
    """Return the unit that runs the town by default, None for an unknown code."""
    return next((unit for unit in reporting_units() if town_code in unit.towns), None)
