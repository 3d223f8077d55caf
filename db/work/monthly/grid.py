"""The month's grid: every line that is due, with lamp and filing, for counting, filtering and sorting; rows on demand.

grid = month_grid(conn, catalogue, period)
places = grid.places(MonthFilter(filing=Filing.MISSING, town="…"))       what the page shows, in order
rows = month_rows(conn, catalogue, grid, places[first:last])             `rows`: all that a line shows
grid = renewed(conn, catalogue, grid, ["08-06-1"])                       after an entry: these tasks are read anew
changed_lines(conn, entry_ids) -> frozenset[RowKey]                      the lines that these entries belong to
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from db.core.period import Period
from db.plan.catalogue import Catalogue
from db.store.records import chunks, in_list
from db.work.monthly.facts import Facts, read_facts
from db.work.monthly.goals import DueTask
from db.work.monthly.lamps import LampKind, kind_of
from db.work.monthly.lines import MonthLines, TaskLines
from db.work.monthly.model import Filing, RowKey
from db.work.monthly.months import MonthState, month_state
from db.work.monthly.totals import Total
from db.work.quotas import Quota

Quotas = Mapping[str, Mapping[int, Quota]]
"""The county's quotas by target and year."""


@dataclass(frozen=True)
class MonthFilter:
    """What of a month is shown; None and "" do not narrow it.

    `town` is a town's id: its own lines and those of the enterprises in it. `assignee` narrows to one (kind, id).
    `lamp` is that of a line, `task_lamp` that of its task in the whole county, 其中 left out.
    """

    filing: Filing | None = None
    lamp: LampKind | None = None
    task_lamp: LampKind | None = None
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
    def lines(self) -> MonthLines:
        """Return every line in the order of the plan; a place is an index into them."""
        return self.facts.lines

    @property
    def totals(self) -> Mapping[str, Total]:
        """Return what the county has of every task, by its id."""
        return self.facts.totals

    @cached_property
    def filings(self) -> Mapping[Filing, int]:
        """Return how many lines there are of each filing."""
        return _added(task.filing_counts for task in self.lines.tasks)

    @cached_property
    def lamps(self) -> Mapping[LampKind, int]:
        """Return how many lines there are of each colour."""
        return _added(task.lamp_counts for task in self.lines.tasks)

    @cached_property
    def unreviewed(self) -> int:
        """Return how many lines were copied and not looked at."""
        return sum(task.unreviewed for task in self.lines.tasks)

    @cached_property
    def place_of(self) -> Mapping[RowKey, int]:
        """Return where a line stands."""
        keys = (RowKey(task.due.id, *task.who(own)) for task in self.lines.tasks for own in range(len(task)))
        return {key: place for place, key in enumerate(keys)}

    def places(self, wanted: MonthFilter | None = None) -> list[int]:
        """Return the places of the lines that `wanted` lets through, in order."""
        if wanted is None or wanted == MonthFilter():
            return list(range(len(self.lines)))
        found: list[int] = []
        first = 0
        for task in self.lines.tasks:
            if self._concerns(task.due, wanted):
                found += [first + place for place in range(len(task)) if self._passes(task, place, wanted)]
            first += len(task)
        return found

    def _concerns(self, due: DueTask, wanted: MonthFilter) -> bool:
        if wanted.task_id not in ("", due.id) or wanted.part not in ("", due.part):
            return False
        if wanted.task_lamp is None:
            return True
        return not due.is_part and kind_of(self.totals[due.id].standing) is wanted.task_lamp

    def _passes(self, task: TaskLines, place: int, wanted: MonthFilter) -> bool:
        if wanted.filing is not None and task.filings[place] is not wanted.filing:
            return False
        if wanted.lamp is not None and task.lamps[place] is not wanted.lamp:
            return False
        if wanted.unreviewed and (not task.unreviewed or task[place].reviewed):
            return False
        if not wanted.town and wanted.assignee is None:
            return True
        kind, who = task.who(place)
        in_town = not wanted.town or wanted.town in (who, self.towns.get(who))
        return in_town and wanted.assignee in (None, (kind, who))


def month_grid(
    conn: sqlite3.Connection, catalogue: Catalogue, period: Period, known: Quotas | None = None
) -> MonthGrid:
    """Return the month `period`; DataProblem for a year. `known` are the county's quotas, for who reads many months."""
    facts = read_facts(conn, catalogue, period, known=known)
    towns = dict(conn.execute("SELECT id, town_id FROM enterprise WHERE town_id IS NOT NULL"))
    return MonthGrid(period, month_state(conn, period), facts, towns)


def renewed(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    grid: MonthGrid,
    task_ids: Iterable[str],
    known: Quotas | None = None,
) -> MonthGrid:
    """Return `grid` with these tasks read anew, much faster than the whole; places may have changed if lines have."""
    fresh = {task_id: read_facts(conn, catalogue, grid.period, task_id, known) for task_id in set(task_ids)}
    order = catalogue.places
    kept = [task for task in grid.lines.tasks if task.due.id not in fresh]
    kept += [task for each in fresh.values() for task in each.lines.tasks]
    kept.sort(key=lambda task: order[task.due.id])
    totals, told = dict(grid.totals), dict(grid.facts.told)
    for task_id, each in fresh.items():
        totals.pop(task_id, None)
        totals |= each.totals
        told[task_id] = each.told.get(task_id, {})
    facts = Facts(
        grid.period,
        {task.due.id: task.due for task in kept},
        MonthLines(kept),
        {task.due.id: totals[task.due.id] for task in kept},
        told,
    )
    made = replace(grid, state=month_state(conn, grid.period), facts=facts)
    if "place_of" in vars(grid) and _same_lines(grid.lines.tasks, kept):
        # Counting 20,000 places takes longer than reading the task; who never asked for them never counts.
        made.__dict__["place_of"] = grid.place_of
    return made


def _same_lines(before: Sequence[TaskLines], now: Sequence[TaskLines]) -> bool:
    """Return whether the same assignees have to file the same tasks, in the same order."""
    return len(before) == len(now) and all(
        one is other
        or (
            one.due.id == other.due.id
            and len(one) == len(other)
            and all(one.who(place) == other.who(place) for place in range(len(one)))
        )
        for one, other in zip(before, now, strict=True)
    )


def changed_lines(conn: sqlite3.Connection, entry_ids: Iterable[str]) -> frozenset[RowKey]:
    """Return whose entries these are, of whatever month; of one that is gone the journal tells."""
    found: set[RowKey] = set()
    columns = ("task_id", "assignee_kind", "assignee_id")
    for chunk in chunks(entry_ids):
        sql = f"SELECT {', '.join(columns)}, id FROM progress WHERE {in_list('id', chunk)}"
        present = {row_id: RowKey(*key) for *key, row_id in conn.execute(sql, chunk)}
        found.update(present.values())
        before = ", ".join(f"json_extract(before, '$.{column}')" for column in columns)
        sql = f"SELECT {before} FROM change WHERE table_name = 'progress' AND row_id = ? AND action = 'delete'"
        for gone in set(chunk) - present.keys():
            found.update(RowKey(*key) for key in conn.execute(sql, (gone,)))
    return frozenset(found)


Kind = TypeVar("Kind")


def _added(counts: Iterable[Mapping[Kind, int]]) -> Counter[Kind]:
    total: Counter[Kind] = Counter()
    for each in counts:
        total.update(each)
    return total
