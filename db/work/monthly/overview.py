"""The month at a glance, for 总览: lamps by part, who has filed what, towns beside each other, investment.

month_overview(conn, catalogue, period) -> MonthOverview
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from db.core.period import Period
from db.plan.catalogue import Catalogue
from db.work.assignees import assignees
from db.work.monthly.grid import MonthGrid, month_grid
from db.work.monthly.lamps import Lamp, LampKind
from db.work.monthly.model import COUNTY, Filing, TableStatus
from db.work.monthly.months import MonthState
from db.work.monthly.projects import Investment, investment, project_counts
from db.work.monthly.totals import Total

PROGRESS, PROJECTS = "progress", "project_report"
TABLES = {PROGRESS: "进度填报", PROJECTS: "项目月报"}
"""The tables that are filed by the month, as the matrix heads them."""


@dataclass(frozen=True)
class PartLamps:
    """The lamps of a part of the plan: one for each task that the county has, 其中 left out."""

    part: str
    title: str
    lamps: Mapping[LampKind, int]

    @property
    def total(self) -> int:
        """Return how many tasks there are."""
        return sum(self.lamps.values())


@dataclass(frozen=True)
class FilingCell:
    """How much of a table somebody has filed: `filed` of `due` lines."""

    due: int
    filed: int

    @property
    def status(self) -> TableStatus:
        """Return 未填报, 填报中, 已完成 or 无需填报."""
        return TableStatus.of(self.due, self.filed)


@dataclass(frozen=True)
class FilingRow:
    """A town with its enterprises, a department, or the county itself; `cells` by table name (see `TABLES`)."""

    kind: str
    id: str
    name: str
    cells: Mapping[str, FilingCell]


@dataclass(frozen=True)
class TownStanding:
    """A town with its enterprises beside the others: its lines by lamp.

    `met` is the part of the judged lines (those with a lamp that is not grey) that are green, in %.
    """

    id: str
    name: str
    lamps: Mapping[LampKind, int] = field(default_factory=dict)

    @property
    def judged(self) -> int:
        """Return how many lines have a lamp that says something."""
        return sum(number for kind, number in self.lamps.items() if kind is not LampKind.GREY)

    @property
    def met(self) -> Decimal | None:
        """Return the green part of the judged lines in %, one decimal; None where nothing is judged."""
        green = self.lamps.get(LampKind.GREEN, 0)
        return (Decimal(green * 100) / self.judged).quantize(Decimal("0.1"), ROUND_HALF_UP) if self.judged else None


@dataclass(frozen=True)
class TargetLine:
    """A task in the whole county, for lists and charts; `value` and `goal` in `unit`, as people read them."""

    task_id: str
    part: str
    title: str
    unit: str
    value: Decimal | None
    goal: Decimal | None
    lamp: Lamp
    is_part: bool
    total: Total = field(repr=False)


@dataclass(frozen=True)
class MonthOverview:
    """All figures of the page for one month; `lines` and `filed` count what is due and settled in the whole county."""

    period: Period
    state: MonthState
    parts: tuple[PartLamps, ...]
    targets: tuple[TargetLine, ...]
    filing: tuple[FilingRow, ...]
    towns: tuple[TownStanding, ...]
    investment: Investment
    lines: int
    filed: int
    unreviewed: int
    line_lamps: Mapping[LampKind, int]
    grid: MonthGrid = field(repr=False)

    @property
    def lamps(self) -> Mapping[LampKind, int]:
        """Return how many of the county's tasks there are of each colour."""
        whole: Counter[LampKind] = Counter()
        for part in self.parts:
            whole.update(part.lamps)
        return whole


def month_overview(
    conn: sqlite3.Connection, catalogue: Catalogue, period: Period, grid: MonthGrid | None = None
) -> MonthOverview:
    """Return the month at a glance; with a `grid` of the month at hand nothing of it is read again."""
    grid = grid or month_grid(conn, catalogue, period)
    facts = grid.facts
    targets = tuple(map(_target_line, facts.totals.values()))
    places = _Places(conn, grid, only_due=catalogue.is_part)
    return MonthOverview(
        period=period,
        state=grid.state,
        parts=tuple(_parts(catalogue, targets)),
        targets=targets,
        filing=tuple(places.matrix(project_counts(conn, period))),
        towns=tuple(places.standings()),
        investment=investment(conn, period),
        lines=len(facts.lines),
        filed=sum(number for filing, number in grid.filings.items() if filing.settled),
        unreviewed=grid.unreviewed,
        line_lamps=grid.lamps,
        grid=grid,
    )


def _target_line(total: Total) -> TargetLine:
    due = total.due
    goal = total.goal.amount
    return TargetLine(
        task_id=due.id,
        part=due.part,
        title=due.title,
        unit=due.unit_shown,
        value=None if total.figure is None else total.figure.value,
        goal=None if goal is None else due.as_figure(goal),
        lamp=total.lamp,
        is_part=due.is_part,
        total=total,
    )


def _parts(catalogue: Catalogue, targets: Sequence[TargetLine]) -> Iterable[PartLamps]:
    for part in catalogue.parts:
        lamps = Counter(line.lamp.kind for line in targets if line.part == part.id and not line.is_part)
        if lamps:
            yield PartLamps(part.id, part.title, lamps)


class _Places:
    """Who the lines belong to: towns with their enterprises, then enterprises of no town, departments, the county."""

    def __init__(self, conn: sqlite3.Connection, grid: MonthGrid, *, only_due: bool = False) -> None:
        self._only_due = only_due
        self.tasks = grid.lines.tasks
        self.towns = [who for who in assignees(conn, ("town",)) if who.own]
        departments = [who for who in assignees(conn, ("department",)) if who.own]
        self.names = {("town", who.id): who.name for who in self.towns}
        self.names[("enterprise", "")] = "其他企业"
        self.names |= {("department", who.id): who.name for who in departments}
        self.names[(COUNTY, COUNTY)] = "本县"
        own = {who.id for who in self.towns}
        self.home = {firm: town for firm, town in grid.towns.items() if town in own}

    def of(self, kind: str, who: str) -> tuple[str, str]:
        """Return the place of an assignee."""
        if kind == "enterprise":
            town = self.home.get(who)
            return ("town", town) if town is not None else ("enterprise", "")
        return (kind, who)

    def matrix(self, projects: Mapping[str, tuple[int, int]]) -> Iterable[FilingRow]:
        due: Counter[tuple[str, str]] = Counter()
        filed: Counter[tuple[str, str]] = Counter()
        pairs = Counter((*task.who(place), filing) for task in self.tasks for place, filing in enumerate(task.filings))
        for (kind, who, filing), number in pairs.items():
            place = self.of(kind, who)
            due[place] += number
            if filing is not Filing.MISSING:
                filed[place] += number
        for place, name in self.names.items():
            reports = FilingCell(*projects.get(place[1], (0, 0))) if place[0] == "town" else FilingCell(0, 0)
            cells = {PROGRESS: FilingCell(due[place], filed[place]), PROJECTS: reports}
            if (place[0] == "town" and not self._only_due) or any(cell.due for cell in cells.values()):
                yield FilingRow(place[0], place[1], name, cells)

    def standings(self) -> Iterable[TownStanding]:
        lamps: dict[tuple[str, str], Counter[LampKind]] = {}
        counted = Counter((*task.who(place), lamp) for task in self.tasks for place, lamp in enumerate(task.lamps))
        for (kind, who, lamp), number in counted.items():
            lamps.setdefault(self.of(kind, who), Counter())[lamp] += number
        shown = [town for town in self.towns if not self._only_due or ("town", town.id) in lamps]
        return [TownStanding(town.id, town.name, lamps.get(("town", town.id), {})) for town in shown]
