"""逾期与风险: what is late, will be late, or has no figure, with days, owner and telephone.

late(conn, catalogue, grid, today=…) -> list[LateLine]
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from db.core.period import Period
from db.plan.catalogue import Catalogue
from db.work.monthly.carrying import older_figures
from db.work.monthly.figures import figure_of
from db.work.monthly.forecasts import forecast, in_words
from db.work.monthly.goals import due_task
from db.work.monthly.grid import MonthGrid
from db.work.monthly.lamps import Lamp, LampKind, is_done, lamp, rules
from db.work.monthly.lines import Line
from db.work.monthly.model import FigureKind, Filing, RowKey, last_day, month_before
from db.work.monthly.people import Person, people_of


class LateKind(StrEnum):
    """Why a line is in the list, the most urgent first."""

    LATE = "已逾期"
    WILL_BE_LATE = "将逾期"
    AT_RISK = "严重滞后"
    NO_FIGURE = "没有数"


@dataclass(frozen=True)
class LateLine:
    """One line: `days` since the deadline on the day asked (negative: until it), None without a deadline.

    `town` is the id of the town whose line it is, or in which the enterprise lies, "" for any other.
    `forecast` is the month in which it would be done at the present pace, None where that cannot be told.
    """

    kind: LateKind
    key: RowKey
    clause_id: str
    title: str
    part: str
    town: str
    deadline: date | None
    days: int | None
    lamp: Lamp
    forecast: Period | None
    person: Person
    sentence: str


def late(conn: sqlite3.Connection, catalogue: Catalogue, grid: MonthGrid, *, today: date) -> list[LateLine]:
    """Return what is late on `today` or will be by the figures of the grid's month, the most urgent first.

    Late: the deadline has passed and the goal is not reached. Will be late: at the pace of the last months it is
    reached after the deadline. At risk: a red lamp. No figure: never filed, or not this month. What the province still
    has to set, 不涉及 and limits that hold are not in it.
    """
    before = _earlier(conn, catalogue, grid)
    found = [each for line in grid.lines for each in _judge(line, before, today)]
    people = people_of(conn, [line.key for _, line, _ in found], grid.period.year)
    rows = [_row(kind, line, ahead, people[line.key], today, town=_town(grid, line.key)) for kind, line, ahead in found]
    order = list(LateKind)
    return sorted(rows, key=lambda row: (order.index(row.kind), -(row.days if row.days is not None else -9999)))


def _judge(line: Line, before: Mapping[RowKey, int], today: date) -> Iterator[tuple[LateKind, Line, Period | None]]:
    standing = line.standing
    if line.goal.amount is None or line.filing is Filing.NOT_APPLICABLE or is_done(standing):
        return
    past = line.goal.deadline is not None and line.goal.deadline < today
    if standing.actual is None:
        yield (LateKind.LATE if past and not standing.cap else LateKind.NO_FIGURE), line, None
        return
    whole = standing.actual if standing.per == 1 else None
    ahead = forecast(line.due, line.goal, whole, before.get(line.key))
    if past and not standing.cap:
        yield LateKind.LATE, line, ahead
    elif ahead is not None and line.goal.deadline is not None and last_day(ahead) > line.goal.deadline:
        yield LateKind.WILL_BE_LATE, line, ahead
    elif line.lamp is LampKind.RED:
        yield LateKind.AT_RISK, line, ahead
    elif line.filing is Filing.MISSING:
        yield LateKind.NO_FIGURE, line, ahead


def _earlier(conn: sqlite3.Connection, catalogue: Catalogue, grid: MonthGrid) -> dict[RowKey, int]:
    """Return the figures of some months before, of the lines that a forecast is made for."""
    after = month_before(grid.period, rules().forecast_months - 1)
    wanted: dict[str, dict[str, RowKey]] = {}
    for line in grid.lines:
        if line.due.kind is FigureKind.AMOUNT and line.goal.amount is not None and line.known.stored is not None:
            wanted.setdefault(line.key.task_id, {})[line.key.assignee_id] = line.key
    tasks = {task_id: due_task(catalogue, grid.facts.tasks[task_id].task, after) for task_id in wanted}
    found: dict[RowKey, int] = {}
    for task_id, by_assignee in older_figures(conn, tasks, after, wanted).items():
        for who, stored in by_assignee.items():
            figure = figure_of(tasks[task_id], stored)
            if figure is not None and figure.per == 1:
                found[wanted[task_id][who]] = figure.top
    return found


def _town(grid: MonthGrid, key: RowKey) -> str:
    return key.assignee_id if key.assignee_kind == "town" else grid.towns.get(key.assignee_id, "")


def _row(kind: LateKind, line: Line, ahead: Period | None, person: Person, today: date, *, town: str) -> LateLine:
    shown = lamp(line.standing, line.due.unit)
    until = line.goal.deadline
    days = (today - until).days if until is not None else None
    told = shown.sentence.rstrip("。").split("；")
    if kind is LateKind.LATE:
        # The lamp counts to the end of the month; whoever telephones wants to know how late it is today.
        told = [f"期限 {until} 已过 {days} 天", *(part for part in told if not part.startswith("期限 "))]
    if kind is LateKind.WILL_BE_LATE or (kind is LateKind.LATE and ahead is not None):
        told.append(in_words(ahead))
    return LateLine(
        kind=kind,
        key=line.key,
        clause_id=line.due.clause_id,
        title=line.due.title,
        part=line.due.part,
        town=town,
        deadline=until,
        days=days,
        lamp=shown,
        forecast=ahead,
        person=person,
        sentence="；".join(told) + "。",
    )
