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

from db.core.period import Period
from db.plan.catalogue import Catalogue, Target
from db.plan.vocabulary import Measure
from db.work.monthly.carrying import older_figures
from db.work.monthly.columns import Columns
from db.work.monthly.figures import in_task_unit
from db.work.monthly.goals import DueTask, due_task
from db.work.monthly.lines import MonthLines
from db.work.monthly.model import COUNTY, FigureKind, goes_on, require_month
from db.work.monthly.plans import curve_shares
from db.work.monthly.reading import AMOUNT, OWN_UNIT, WHO, Earlier, Row, earlier_of, entries_of, shares_of
from db.work.monthly.totals import Total, total_of
from db.work.quotas import Quota, quotas
from db.work.scope import scope_of, scopes
from db.work.tasks import Duty, Task, clause_of, duty_of, leaf_tasks, leaves_of


@dataclass(frozen=True)
class Facts:
    """One month: `lines` in the order of the plan, `totals` of every target by its id, the county's quotas."""

    period: Period
    tasks: Mapping[str, DueTask]
    lines: MonthLines
    totals: Mapping[str, Total]
    told: Mapping[str, Mapping[int, Quota]]


def read_facts(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    period: Period,
    task_id: str = "",
    known: Mapping[str, Mapping[int, Quota]] | None = None,
) -> Facts:
    """Return the month `period` of all tasks, or of one; DataProblem for a year instead of a month.

    `known` are the county's quotas, for who reads many months.
    """
    require_month(period)
    told = quotas(conn, task_id) if known is None else known
    tasks = _tasks(conn, catalogue, period, told, task_id)
    found = {
        due.id: _columns(conn, due, told.get(due.id, {}), alone=not catalogue.is_share(due.id))
        for due in tasks.values()
    }
    older = older_figures(conn, tasks, period, {each: lines.open_ones() for each, lines in found.items()})
    for each, lines in found.items():
        lines.settle(older.get(each, {}))
    totals = {each: total_of(lines) for each, lines in found.items()}
    return Facts(period, tasks, MonthLines(list(found.values())), totals, told)


def _tasks(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    period: Period,
    told: Mapping[str, Mapping[int, Quota]],
    only: str,
) -> dict[str, DueTask]:
    """Return the tasks that concern the county: those to be broken down and whatever else was assigned."""
    curves, given = curve_shares(conn, catalogue, period, told), scopes(conn)
    wanted = _wanted(conn, catalogue, only)
    clauses = catalogue.clauses
    if only:
        task_itself = catalogue.task(only)
        clauses = (clause_of(catalogue, task_itself),) if task_itself is not None and wanted else ()
    found: dict[str, DueTask] = {}
    for clause in clauses:
        tasks: tuple[Task, ...] = (clause, *catalogue.targets_of(clause.id))
        for task in tasks:
            if task.id in wanted and duty_of(task) is not Duty.NOTHING and not scope_of(given, task).excluded:
                found[task.id] = due_task(catalogue, task, period, curves.get(task.id))
    return found


def _wanted(conn: sqlite3.Connection, catalogue: Catalogue, only: str) -> set[str]:
    """Return the tasks that are filed, or of them the `only` one that is asked about."""
    if not only:
        return set(leaf_tasks(catalogue)) | _assigned(conn)
    task = catalogue.task(only)
    if task is not None and only in leaves_of(catalogue, clause_of(catalogue, task)):
        return {only}
    sql = "SELECT 1 FROM assignment WHERE task_id = ? AND deleted_at IS NULL LIMIT 1"
    return {only} if conn.execute(sql, (only,)).fetchone() is not None else set()


def _assigned(conn: sqlite3.Connection) -> set[str]:
    """Return the tasks that anybody has; each is found by one step through the index, not by reading it."""
    rows = conn.execute(
        "WITH RECURSIVE own (task_id) AS (SELECT min(task_id) FROM assignment WHERE deleted_at IS NULL UNION ALL"
        " SELECT (SELECT min(task_id) FROM assignment a WHERE a.task_id > own.task_id AND a.deleted_at IS NULL)"
        " FROM own WHERE own.task_id IS NOT NULL) SELECT task_id FROM own WHERE task_id IS NOT NULL"
    )
    return {task_id for (task_id,) in rows}


def _columns(conn: sqlite3.Connection, due: DueTask, told: Mapping[int, Quota], *, alone: bool) -> Columns:
    """Return the lines of a task; `alone`: the county files it itself where nobody else has it."""
    shares = shares_of(conn, due)
    now = {row[WHO] for row in shares}
    earlier = earlier_of(conn, due, now)
    gone = {who: each for who, each in earlier.items() if who not in now}
    others = list(entries_of(conn, due, gone).values())
    county = due.county(told, _sums(due, shares, earlier))
    if alone and not shares and not others and not _over(due):
        mine = {COUNTY: Earlier(COUNTY, due.period.year, None, None)}
        return Columns(due, list(entries_of(conn, due, mine).values()), {}, [], county)
    return Columns(due, shares, earlier, others, county)


def _sums(due: DueTask, shares: list[Row], earlier: Mapping[str, Earlier]) -> dict[int, int]:
    """Return what is given out by year, for a county without a quota."""
    if due.kind is not FigureKind.AMOUNT:
        return {}
    year = due.period.year
    found: dict[int, int] = {}
    amounts = [
        row[AMOUNT] if row[OWN_UNIT] is None else in_task_unit(due, row[AMOUNT], row[OWN_UNIT])
        for row in shares
        if row[AMOUNT] is not None
    ]
    if amounts:
        found[year] = sum(amounts)
    before = [each.amount for each in earlier.values() if each.amount is not None]
    if before and due.measure is Measure.STOCK and amounts:
        # It is what there is in the end: whoever got nothing this year keeps what he had.
        found[year] += sum(before)
    elif before:
        found[year - 1] = sum(before)
    return found


def _over(due: DueTask) -> bool:
    """Return whether the target belongs to earlier years alone and is none that has to be finished some day."""
    target = due.task
    return isinstance(target, Target) and target.is_past(date(due.period.year, 1, 1)) and not goes_on(target)
