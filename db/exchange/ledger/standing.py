"""Who has reported what, and when: every reporting unit by kind and period, from what the ledger holds.

board(conn, today) -> Board         due_on(conn, kind, period) -> date | None       set_due, set_reporting_day
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from db.core.divisions import ReportingUnit, reporting_units
from db.core.errors import DataProblem
from db.core.period import Period
from db.exchange.answers import ACCEPTED
from db.exchange.ledger.file import Ledger, note
from db.exchange.ledger.outcomes import CONFLICT, CURRENT, SUPERSEDED
from db.exchange.package_kinds import kind_and_period, kinds
from db.plan.catalogue import load_catalogue
from db.store.operation import now
from db.work.monthly.days import next_working_day, published_holidays
from db.work.monthly.lamps import rules
from db.work.monthly.model import month_before
from db.work.remarks import CLOSED

LEFT_OUT = "用另一版方案、没有加进全市汇总的"
_REPORTING_DAY = "reporting_day"


class State(StrEnum):
    """How a unit stands with one report."""

    MISSING = "未报"
    REPORTED = "已报"
    ON_TIME = "按时"
    LATE = "迟报"
    CONFLICT = "冲突"
    RETURNED = "退回"
    ACCEPTED = "已收"


@dataclass(frozen=True)
class Place:
    """One unit's report of one kind and period: `number` is the package that counts (0: none), `sequence` its number.

    `first_on` is when the first one came, `due` when it should have (None: no day set); `superseded` are those it
    replaces; `remarks` are open. `left_out`: it follows another edition of the plan; the city's sums are without it.
    """

    county: str
    kind: str
    period: str
    state: State
    due: date | None = None
    number: int = 0
    name: str = ""
    sequence: int = 0
    first_on: date | None = None
    superseded: tuple[str, ...] = ()
    remarks: int = 0
    rows: int = 0
    overdue: bool = False
    left_out: bool = False

    @property
    def late(self) -> bool:
        """Return whether the first package came after the day it was due."""
        return self.due is not None and self.first_on is not None and self.first_on > self.due

    @property
    def sentence(self) -> str:
        """Return how it stands, for people."""
        told = [f"第{self.sequence}次" if self.sequence else ""]
        if self.first_on is not None:
            late = f"，迟{(self.first_on - self.due).days}天" if self.due is not None and self.late else ""
            told.append(f"{self.first_on}收到{late}")
        if self.due is not None:
            told.append(f"截止{self.due}" + ("，已过期" if self.overdue else ""))
        if self.superseded:
            told.append(f"代替{len(self.superseded)}份")
        if self.remarks:
            told.append(f"{self.remarks}条意见没有关闭")
        if self.left_out:
            told.append("用的是另一版方案，没有加进全市汇总")
        return f"{self.state.value}：" + "；".join(filter(None, told)) if any(told) else self.state.value


@dataclass(frozen=True)
class Board:
    """All reports: the units in their order, kinds and periods that anybody sent, and each place."""

    units: tuple[ReportingUnit, ...]
    columns: tuple[tuple[str, str], ...]
    places: Mapping[tuple[str, str, str], Place] = field(default_factory=dict)

    def place(self, county: str, kind: str, period: str) -> Place:
        """Return how a unit stands with one report; KeyError for a report nobody sent."""
        return self.places[county, kind, period]

    def of_report(self, kind: str, period: str) -> list[Place]:
        """Return how every unit stands with one report, in the order of the units; nothing for one nobody sent."""
        if (kind, period) not in self.columns:
            return []
        return [self.places[unit.key, kind, period] for unit in self.units]

    def sentences(self, kind: str, period: str) -> list[str]:
        """Return who is missing, late, superseded, returned or in conflict."""
        names = {unit.key: unit.short_name for unit in self.units}
        places = self.of_report(kind, period)
        groups = (
            ("未报", [each for each in places if each.state is State.MISSING]),
            ("迟报", [each for each in places if each.late]),
            ("冲突待定", [each for each in places if each.state is State.CONFLICT]),
            ("已退回", [each for each in places if each.state is State.RETURNED]),
            ("有被代替的", [each for each in places if each.superseded]),
            (LEFT_OUT, [each for each in places if each.left_out]),
        )
        head = f"{title_of(kind, period)}：应报{len(places)}家，已报{sum(1 for each in places if each.number)}家"
        return [head, *(f"{what} {len(w)} 家：{'、'.join(names[e.county] for e in w)}" for what, w in groups if w)]

    def as_json(self) -> list[dict[str, Any]]:
        """Return every place for programs."""
        return [
            {
                "county": each.county,
                "kind": each.kind,
                "period": each.period,
                "state": each.state.value,
                "package": each.name,
                "received_on": each.first_on.isoformat() if each.first_on else None,
                "due": each.due.isoformat() if each.due else None,
                "late": each.late,
                "superseded": list(each.superseded),
                "left_out": each.left_out,
            }
            for each in self.places.values()
        ]


def title_of(kind: str, period: str) -> str:
    """Return what people call a report: 2022年3月月调度."""
    return f"{Period.parse(period).title}{kinds()[kind].title}"


def board(conn: sqlite3.Connection, today: date) -> Board:
    """Return how every unit stands with every report that any unit has sent, or whose day the city has set."""
    found: dict[tuple[str, str], dict[str, list[tuple[Any, ...]]]] = {}
    for kind, period in conn.execute("SELECT kind, period FROM due"):
        found[kind, period] = {}
    for county, kind, period, *columns in conn.execute(
        "SELECT county, kind, period, number, name, sequence, received_on, standing, row_count, plan_version"
        " FROM package ORDER BY sequence, number"
    ):
        found.setdefault((kind, period), {}).setdefault(county, []).append(tuple(columns))
    verdicts = dict(conn.execute("SELECT package, verdict FROM answer ORDER BY written_at, rowid"))
    opened = _open_remarks(conn)
    order = list(kinds())
    columns_shown = sorted(found, key=lambda each: (order.index(each[0]), each[1]))
    units = reporting_units()
    places: dict[tuple[str, str, str], Place] = {}
    for kind, period in columns_shown:
        due = due_on(conn, kind, period)
        for unit in units:
            key = (unit.key, kind, period)
            packages = found[kind, period].get(unit.key, [])
            places[key] = _place(key, packages, due, today, verdicts, opened.get(key, 0))
    return Board(units, tuple(columns_shown), places)


def _place(
    key: tuple[str, str, str],
    packages: list[tuple[Any, ...]],
    due: date | None,
    today: date,
    verdicts: Mapping[int, str],
    remarks: int,
) -> Place:
    current = next((each for each in packages if each[4] == CURRENT), None)
    if current is None:
        return Place(*key, State.MISSING, due, overdue=due is not None and today > due)
    number, name, sequence, _, _, rows, version = current
    first = min(date.fromisoformat(each[3]) for each in packages)
    state = State.REPORTED if due is None else State.LATE if first > due else State.ON_TIME
    if number in verdicts:
        state = State.ACCEPTED if verdicts[number] == ACCEPTED else State.RETURNED
    if any(each[4] == CONFLICT for each in packages):
        state = State.CONFLICT
    superseded = tuple(each[1] for each in packages if each[4] == SUPERSEDED)
    left_out = "quota" in kinds()[key[1]].tables and version != load_catalogue().version
    return Place(*key, state, due, number, name, sequence, first, superseded, remarks, rows, left_out=left_out)


def _open_remarks(conn: sqlite3.Connection) -> dict[tuple[str, str, str], int]:
    return {
        (county, kind, period): number
        for county, kind, period, number in conn.execute(
            "SELECT p.county, p.kind, p.period, count(*) FROM remark r JOIN package p ON p.number = r.package"
            " WHERE r.status <> ? GROUP BY 1, 2, 3",
            (CLOSED,),
        )
    }


def due_on(conn: sqlite3.Connection, kind: str, period: str) -> date | None:
    """Return the last day on which the report is in time: what the city set, else of a month the reporting day, moved
    to a working day; None where nothing is set.
    """
    row = conn.execute("SELECT day FROM due WHERE kind = ? AND period = ?", (kind, period)).fetchone()
    if row is not None:
        return date.fromisoformat(row[0])
    month = Period.parse(period)
    if not month.is_month:
        return None
    following = month_before(month, -1)
    return next_working_day(published_holidays(), date(following.year, following.month, reporting_day(conn)))


def reporting_day(conn: sqlite3.Connection) -> int:
    """Return on which day of the following month a month's report is due."""
    row = conn.execute("SELECT value FROM setting WHERE name = ?", (_REPORTING_DAY,)).fetchone()
    return int(row[0]) if row else rules().reporting_day


def set_due(ledger: Ledger, kind: str, period: str, day: date) -> None:
    """Set the last day for one report; DataProblem for a kind or period that does not exist."""
    _, parsed = kind_and_period(kind, period)
    with ledger.writing() as conn:
        conn.execute(
            "INSERT INTO due VALUES (?, ?, ?) ON CONFLICT (kind, period) DO UPDATE SET day = excluded.day",
            (kind, str(parsed), day.isoformat()),
        )
        note(conn, ledger.author, f"{title_of(kind, str(parsed))}的截止日定为{day}")


def set_reporting_day(ledger: Ledger, day: int) -> None:
    """Set on which day of the following month reports are due; DataProblem for a day that not every month has."""
    if not 1 <= day <= 28:
        raise DataProblem(f"每月报送日不能是{day}日。", advice="请填1到28。", code="days.reporting")
    with ledger.writing() as conn:
        conn.execute(
            "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (_REPORTING_DAY, str(day)),
        )
        note(conn, ledger.author, f"每月报送日定为{day}日")


def take_edition(ledger: Ledger, version: str) -> None:
    """Take packages of another edition of the plan from now on."""
    with ledger.writing() as conn:
        conn.execute("INSERT OR IGNORE INTO plan_edition VALUES (?, ?, ?)", (version, now(), ledger.author))
        note(conn, ledger.author, f"开始核收{version}的上报包")
