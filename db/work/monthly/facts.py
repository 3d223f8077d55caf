"""All that is due in one month, and what is known of it: one pass over the file that every page and report reads.

    facts = read_facts(conn, catalogue, period)
    facts.lines                 what each assignee has to file, in the order of the plan
    facts.totals[task_id]       what the county has of each target

Due are the year's assignments, earlier ones of lasting tasks that are not finished, and, filed by the county itself,
the tasks that it has given to nobody.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from db.core.period import Period
from db.plan.catalogue import Catalogue, Target
from db.plan.vocabulary import Measure
from db.store.exact_sum import exact_sum, read_sum
from db.store.records import chunks, in_list
from db.work.monthly.carrying import Known, known_figures
from db.work.monthly.figures import filing_of, in_task_unit
from db.work.monthly.goals import DueTask, Goal, due_task
from db.work.monthly.lamps import is_done, kind_of
from db.work.monthly.lines import Line, standing_of
from db.work.monthly.model import COUNTY, FigureKind, Filing, RowKey, goes_on, require_month
from db.work.monthly.plans import curve_shares
from db.work.monthly.totals import Total, total_of
from db.work.quotas import Quota, quotas
from db.work.scope import Scope, scope_of, scopes
from db.work.tasks import Duty, Task, duty_of, leaf_tasks


@dataclass(frozen=True)
class Facts:
    """One month: `lines` in the order of the plan, `totals` of every target by its id, the county's quotas."""

    period: Period
    tasks: Mapping[str, DueTask]
    lines: tuple[Line, ...]
    totals: Mapping[str, Total]
    told: Mapping[str, Mapping[int, Quota]]


def read_facts(conn: sqlite3.Connection, catalogue: Catalogue, period: Period, task_id: str = "") -> Facts:
    """Return the month `period` of all tasks, or of one; DataProblem for a year instead of a month."""
    require_month(period)
    return _Reading(conn, catalogue, period, task_id).facts()


class _Assigned(NamedTuple):
    """What somebody has of a task: the year of the latest assignment, amounts in micro-units, the deadline as typed."""

    kind: str
    year: int
    amount: int | None
    before: int
    deadline: str | None


class _Reading:
    def __init__(self, conn: sqlite3.Connection, catalogue: Catalogue, period: Period, task_id: str) -> None:
        self.conn, self.catalogue, self.period, self.only = conn, catalogue, period, task_id
        self.told = quotas(conn, task_id)
        self.given: Mapping[str, Scope] = scopes(conn)
        self.tasks = self._tasks()

    def facts(self) -> Facts:
        assigned = self._assigned()
        wanted = {task_id: set(own) | {COUNTY} for task_id, own in assigned.items()}
        known = known_figures(self.conn, self.tasks, self.period, wanted)
        lines: list[Line] = []
        totals: dict[str, Total] = {}
        for task_id, due in self.tasks.items():
            own = assigned[task_id]
            by_assignee = known.get(task_id, {})
            goal = due.county(self.told.get(task_id, {}), self._sums(due, own))
            mine = self._lines(due, own, by_assignee, goal)
            lines += mine
            totals[task_id] = total_of(due, goal, mine, own.keys(), by_assignee)
        return Facts(self.period, self.tasks, tuple(lines), totals, self.told)

    def _tasks(self) -> dict[str, DueTask]:
        """Return the tasks that concern the county: those to be broken down and whatever else was assigned."""
        curves = curve_shares(self.conn, self.catalogue, self.period, self.told)
        leaves = set(leaf_tasks(self.catalogue))
        if self.only:
            leaves &= {self.only}
        given = self.conn.execute("SELECT DISTINCT task_id FROM assignment WHERE deleted_at IS NULL")
        leaves |= {task_id for (task_id,) in given if not self.only or task_id == self.only}
        found: dict[str, DueTask] = {}
        for clause in self.catalogue.clauses:
            tasks: tuple[Task, ...] = (clause, *self.catalogue.targets_of(clause.id))
            for task in tasks:
                if task.id in leaves and duty_of(task) is not Duty.NOTHING and not scope_of(self.given, task).excluded:
                    found[task.id] = due_task(self.catalogue, task, self.period, curves.get(task.id))
        return found

    def _assigned(self) -> dict[str, dict[str, _Assigned]]:
        """Return who has what of every task, by task and assignee: this year, or earlier of what goes on."""
        found: dict[str, dict[str, _Assigned]] = {task_id: {} for task_id in self.tasks}
        for ids in chunks(self.tasks):
            rows = self.conn.execute(
                "SELECT task_id, assignee_kind, assignee_id, amount, unit, deadline FROM assignment"
                f" WHERE year = ? AND {in_list('task_id', ids)} AND deleted_at IS NULL",
                [self.period.year, *ids],
            )
            for task_id, kind, who, amount, unit, deadline in rows:
                due = self.tasks[task_id]
                if amount is not None and unit != due.unit:
                    amount = in_task_unit(due, amount, unit)
                found[task_id][who] = _Assigned(kind, self.period.year, amount, 0, deadline)
        for due in self.tasks.values():
            if goes_on(due.task):
                self._earlier(due, found[due.id])
        return found

    def _earlier(self, due: DueTask, found: dict[str, _Assigned]) -> None:
        """Add what was given out in earlier years: to cumulative shares, and of those who have nothing this year."""
        cumulative = due.measure is Measure.CUMULATIVE
        only = (
            ""
            if cumulative
            else (
                " AND NOT EXISTS (SELECT 1 FROM assignment b WHERE b.task_id = a.task_id AND b.year = ?2"
                " AND b.assignee_id = a.assignee_id AND b.deleted_at IS NULL)"
            )
        )
        rows = self.conn.execute(
            f"SELECT a.assignee_kind, a.assignee_id, a.unit, max(a.year), {exact_sum('a.amount')}, count(a.amount),"
            " max(a.deadline) FROM assignment a"
            f" WHERE a.task_id = ?1 AND a.year < ?2 AND a.deleted_at IS NULL{only} GROUP BY 1, 2, 3",
            (due.id, self.period.year),
        )
        for kind, who, unit, year, summed, filled, deadline in rows:
            amount = in_task_unit(due, read_sum(summed), unit) if filled else None
            now = found.get(who)
            if now is None:
                found[who] = _Assigned(kind, year, amount, 0, deadline)
            elif cumulative:
                found[who] = now._replace(before=now.before + (amount or 0))

    def _sums(self, due: DueTask, own: Mapping[str, _Assigned]) -> dict[int, int]:
        """Return what is given out by year, for a county without a quota."""
        found: dict[int, int] = {}
        if due.kind is not FigureKind.AMOUNT:
            return found
        for each in own.values():
            if each.amount is not None:
                found[each.year] = found.get(each.year, 0) + each.amount
            if each.before:
                found[self.period.year - 1] = found.get(self.period.year - 1, 0) + each.before
        return found

    def _lines(self, due: DueTask, own: Mapping[str, _Assigned], known: Mapping[str, Known], goal: Goal) -> list[Line]:
        share = cache(due.share)
        lines: list[Line] = []
        for who, each in own.items():
            its = share(each.year, each.amount, each.before, _day(each.deadline))
            line = self._line(due, RowKey(due.id, each.kind, who), its, known.get(who), each.year)
            if line is not None:
                lines.append(line)
        if not own and not self._over(due):
            line = self._line(due, RowKey(due.id, COUNTY, COUNTY), goal, known.get(COUNTY), self.period.year)
            if line is not None:
                lines.append(line)
        return lines

    def _line(self, due: DueTask, key: RowKey, goal: Goal, known: Known | None, year: int) -> Line | None:
        """Return the line, None for work of an earlier year that was finished before this month."""
        now = known.now if known is not None else None
        filing = filing_of(due.kind, now)
        standing = standing_of(due, goal, filing, known)
        earlier = known is not None and now is None and known.stored is not None
        if filing is Filing.MISSING and earlier and is_done(standing):
            if year < self.period.year:
                return None
            if due.kind is FigureKind.STAGE:
                filing = Filing.FINISHED
        reviewed = now is None or now.reviewed != 0
        return Line(key, due, goal, filing, known, kind_of(standing), reviewed, year)

    def _over(self, due: DueTask) -> bool:
        """Return whether the target belongs to earlier years alone and is none that has to be finished some day."""
        target = due.task
        return isinstance(target, Target) and target.is_past(date(self.period.year, 1, 1)) and not goes_on(target)


@cache
def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
