"""The month's grid: every line that is due, with lamp and filing, for counting, filtering and sorting; rows on demand.

grid = month_grid(conn, catalogue, period)
places = grid.places(MonthFilter(filing=Filing.MISSING, town="…"))       what the page shows, in order
rows = month_rows(conn, catalogue, grid, places[first:last])             `rows`: all that a line shows
grid = renewed(conn, catalogue, grid, ["08-06-1"])                       after an entry: these tasks are read anew
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from db.core.period import Period
from db.plan.catalogue import Catalogue
from db.work.monthly.facts import Facts, read_facts
from db.work.monthly.lamps import LampKind
from db.work.monthly.lines import Line
from db.work.monthly.model import Filing, RowKey
from db.work.monthly.months import MonthState, month_state
from db.work.monthly.totals import Total


@dataclass(frozen=True)
class MonthFilter:
    """What of a month is shown; None and "" do not narrow it.

    `town` is a town's id: its own lines and those of the enterprises in it. `assignee` narrows to one (kind, id).
    """

    filing: Filing | None = None
    lamp: LampKind | None = None
    unreviewed: bool = False
    town: str = ""
    assignee: tuple[str, str] | None = None
    part: str = ""
    task_id: str = ""


@dataclass(frozen=True)
class MonthGrid:
    """A month as it stands. `towns` tells in which town an enterprise lies, by its id."""

    period: Period
    state: MonthState
    facts: Facts
    towns: Mapping[str, str]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return every line in the order of the plan; a place is an index into them."""
        return self.facts.lines

    @property
    def totals(self) -> Mapping[str, Total]:
        """Return what the county has of every task, by its id."""
        return self.facts.totals

    @cached_property
    def filings(self) -> Mapping[Filing, int]:
        """Return how many lines there are of each filing."""
        return Counter(line.filing for line in self.lines)

    @cached_property
    def lamps(self) -> Mapping[LampKind, int]:
        """Return how many lines there are of each colour."""
        return Counter(line.lamp for line in self.lines)

    @cached_property
    def unreviewed(self) -> int:
        """Return how many lines were copied and not looked at."""
        return sum(not line.reviewed for line in self.lines)

    @cached_property
    def place_of(self) -> Mapping[RowKey, int]:
        """Return where a line stands."""
        return {line.key: place for place, line in enumerate(self.lines)}

    def places(self, wanted: MonthFilter | None = None) -> list[int]:
        """Return the places of the lines that `wanted` lets through, in order."""
        if wanted is None or wanted == MonthFilter():
            return list(range(len(self.lines)))
        return [place for place, line in enumerate(self.lines) if self._passes(line, wanted)]

    def _passes(self, line: Line, wanted: MonthFilter) -> bool:
        return (
            (wanted.filing is None or line.filing is wanted.filing)
            and (wanted.lamp is None or line.lamp is wanted.lamp)
            and (not wanted.unreviewed or not line.reviewed)
            and (not wanted.town or wanted.town in (line.key.assignee_id, self.towns.get(line.key.assignee_id)))
            and (wanted.assignee is None or wanted.assignee == line.key[1:])
            and (not wanted.part or wanted.part == line.due.part)
            and (not wanted.task_id or wanted.task_id == line.key.task_id)
        )


def month_grid(conn: sqlite3.Connection, catalogue: Catalogue, period: Period) -> MonthGrid:
    """Return the month `period`; DataProblem for a year."""
    facts = read_facts(conn, catalogue, period)
    towns = dict(conn.execute("SELECT id, town_id FROM enterprise WHERE town_id IS NOT NULL"))
    return MonthGrid(period, month_state(conn, period), facts, towns)


def renewed(conn: sqlite3.Connection, catalogue: Catalogue, grid: MonthGrid, task_ids: Iterable[str]) -> MonthGrid:
    """Return `grid` with these tasks read anew, much faster than the whole; places may have changed if lines have."""
    wanted = set(task_ids)
    fresh = {task_id: read_facts(conn, catalogue, grid.period, task_id) for task_id in sorted(wanted)}
    lines: list[Line] = []
    for line in _others(grid, wanted):
        lines.append(line)
    totals = {task_id: total for task_id, total in grid.totals.items() if task_id not in wanted}
    tasks = {task_id: due for task_id, due in grid.facts.tasks.items() if task_id not in wanted}
    for each in fresh.values():
        lines += each.lines
        totals |= each.totals
        tasks |= each.tasks
    order = _order(catalogue)
    lines.sort(key=lambda line: order[line.key.task_id])
    tasks = dict(sorted(tasks.items(), key=lambda item: order[item[0]]))
    told = dict(grid.facts.told)
    for task_id, each in fresh.items():
        told[task_id] = each.told.get(task_id, {})
    facts = Facts(grid.period, tasks, tuple(lines), {task_id: totals[task_id] for task_id in tasks}, told)
    return replace(grid, state=month_state(conn, grid.period), facts=facts)


def _others(grid: MonthGrid, wanted: Collection[str]) -> Iterable[Line]:
    return (line for line in grid.lines if line.key.task_id not in wanted)


def _order(catalogue: Catalogue) -> dict[str, int]:
    places: dict[str, int] = {}
    for clause in catalogue.clauses:
        for task_id in (clause.id, *(target.id for target in catalogue.targets_of(clause.id))):
            places[task_id] = len(places)
    return places
