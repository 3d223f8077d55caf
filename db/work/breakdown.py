"""The breakdown as a grid: who has how much of a task in which year, and whether it adds up.

    grid(conn, catalogue, task_id) -> BreakdownGrid          assignees(conn, kinds=…) -> list[Assignee]
    states(conn, catalogue) -> dict[task_id, TaskState]      shares(catalogue, states) -> dict[part/article id, Share]
    renewed(conn, catalogue, grid, rows) -> BreakdownGrid | None                 after an edit
    resum(conn, catalogue, task_id) -> dict[year, YearSummary]
    set_assignment, set_assignments, clear_assignment, clear_assignments: see `db.work.assignments`

Every amount in the grid is in `grid.unit`, the county's; `grid.in_city_unit(amount)` is the same in the plan's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from db.core.values import from_micro
from db.plan.catalogue import Catalogue, Target
from db.work.amounts import in_city_unit
from db.work.arithmetic import figure
from db.work.assignees import Assignee, assignees, find_assignees
from db.work.assignments import (
    KINDS,
    AssignmentEntry,
    clear_assignment,
    clear_assignments,
    set_assignment,
    set_assignments,
)
from db.work.breakdown_cells import BreakdownCell, adds_up, cells_of_task, changed_cells, kin_of, total_micro, why_apart
from db.work.quotas import awaited, quotas
from db.work.scope import Scope, scope_of, scopes
from db.work.task_states import Share, StateKind, TaskState, changed_tasks, renewed_states, resum, shares, states
from db.work.tasks import Duty, Task, city_unit_of, clause_of, duty_of, task_of, title_of, unit_of
from db.work.verdicts import YearSummary, overall

__all__ = [
    "KINDS",
    "Assignee",
    "AssignmentEntry",
    "BreakdownCell",
    "BreakdownGrid",
    "BreakdownRow",
    "Share",
    "StateKind",
    "TaskState",
    "YearSummary",
    "assignees",
    "changed_tasks",
    "clear_assignment",
    "clear_assignments",
    "grid",
    "renewed",
    "renewed_states",
    "resum",
    "set_assignment",
    "set_assignments",
    "shares",
    "states",
]

SHARE = "工作包里只有这些单位承担的部分，县级目标和余额在县级数据里核对。"
MOST_RENEWED = 400
"""Up to how many changed assignments are read one by one; more are read with all of the task, which is faster then."""


@dataclass(frozen=True)
class BreakdownRow:
    """One assignee with its assignments by year; `cumulative`: what it has adds up over the years."""

    assignee: Assignee
    cells: dict[int, BreakdownCell]
    cumulative: bool = False

    @cached_property
    def total(self) -> Decimal | None:
        """Return what the years come to, None for what does not add up over them, or when there is no amount."""
        micro = self.micro
        return None if micro is None else from_micro(micro)

    @property
    def micro(self) -> int | None:
        """Return `total` in millionths."""
        return total_micro(self.cells.values()) if self.cumulative else None


@dataclass(frozen=True)
class BreakdownGrid:
    """A task broken down. Rows: the county's own towns, then whoever else has a share; `summaries` by year.

    `overall` is there for cumulative targets only; `notes` are sentences about the whole task. Where a work package has
    only a `share` of the task, the rows are those that have one: nothing more of it is handed out there.
    """

    task_id: str
    title: str
    clause_id: str
    duty: Duty
    unit: str
    city_unit: str
    years: tuple[int, ...]
    deadline: date | None
    rows: tuple[BreakdownRow, ...]
    summaries: dict[int, YearSummary]
    overall: YearSummary | None
    scope: Scope
    notes: tuple[str, ...]
    task: Task
    share: bool = False

    @cached_property
    def place_of(self) -> Mapping[tuple[str, str], int]:
        """Return in which row an assignee is, by its key."""
        return {row.assignee.key: place for place, row in enumerate(self.rows)}

    def in_city_unit(self, amount: Decimal | None) -> Decimal | None:
        """Return an amount of the grid in the plan's unit, None where the plan states none."""
        return in_city_unit(self.task, amount)


def grid(
    conn: sqlite3.Connection, catalogue: Catalogue, task_id: str, *, extra: Iterable[tuple[str, str]] = ()
) -> BreakdownGrid:
    """Return the breakdown of a clause or target; DataProblem when the plan has no such task.

    `extra` are assignees (kind, id) to be shown though they have nothing yet.
    """
    task = task_of(catalogue, task_id)
    cells, cumulative = cells_of_task(conn, catalogue, task), adds_up(task)
    shown = _shown(conn, catalogue, task, cells, extra)
    rows = tuple(BreakdownRow(who, cells.get(who.key, {}), cumulative) for who in shown)
    return _around(conn, catalogue, task, rows, resum(conn, catalogue, task.id))


def renewed(
    conn: sqlite3.Connection, catalogue: Catalogue, before: BreakdownGrid, changed: Mapping[str, Collection[str]]
) -> BreakdownGrid | None:
    """Return `before` after a write to these rows (ids by table), much faster than `grid`.

    The assignments among them are read anew, and the years they are in are summed again; all years when a quota or
    anything else was written. None when that would not do: one of somebody who is not in the grid, or cells that are
    held against those of another task.
    """
    ids, task, rows = frozenset(changed.get("assignment", ())), before.task, list(before.rows)
    if kin_of(catalogue, task):
        return None
    if len(ids) > MOST_RENEWED:
        return _renewed_whole(conn, catalogue, before)
    there = list(changed_cells(conn, task, ids))
    if any(key not in before.place_of for key, _, _ in there):
        return None
    found: dict[int, dict[int, BreakdownCell]] = {}
    years = {year for _, year, _ in there}
    if missing := ids.difference(cell.assignment_id for _, _, cell in there):
        # Undoing an entry takes its row away; of those that were not found most are of other tasks.
        for place, row in enumerate(rows):
            for year in [year for year, cell in row.cells.items() if cell.assignment_id in missing]:
                del found.setdefault(place, dict(row.cells))[year]
                years.add(year)
    for key, year, cell in there:
        place = before.place_of[key]
        found.setdefault(place, dict(rows[place].cells))[year] = cell
    for place, own in found.items():
        rows[place] = replace(rows[place], cells=dict(sorted(own.items())))
    kept = before.summaries if changed.keys() <= {"assignment"} else {}
    summaries = dict(kept) | resum(conn, catalogue, task.id, years if kept else None)
    made = _around(conn, catalogue, task, tuple(rows), summaries)
    made.__dict__["place_of"] = before.place_of  # looking a thousand people up again takes longer than the rest
    return made


def _renewed_whole(conn: sqlite3.Connection, catalogue: Catalogue, before: BreakdownGrid) -> BreakdownGrid | None:
    """Return `before` with all its assignments read anew, but not who they are."""
    cells = cells_of_task(conn, catalogue, before.task)
    if not cells.keys() <= {row.assignee.key for row in before.rows}:
        return None
    rows = tuple(BreakdownRow(row.assignee, cells.get(row.assignee.key, {}), row.cumulative) for row in before.rows)
    return _around(conn, catalogue, before.task, rows, resum(conn, catalogue, before.task_id))


def _around(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    task: Task,
    rows: tuple[BreakdownRow, ...],
    summaries: dict[int, YearSummary],
) -> BreakdownGrid:
    """Return the grid of these rows and sums, with all that is said about them."""
    scope = scope_of(scopes(conn), task)
    return BreakdownGrid(
        task_id=task.id,
        title=title_of(task),
        clause_id=clause_of(catalogue, task).id,
        duty=duty_of(task),
        unit=unit_of(task),
        city_unit=city_unit_of(task),
        years=catalogue.years,
        deadline=task.deadline if isinstance(task, Target) else None,
        rows=rows,
        summaries=summaries,
        overall=overall(task, list(summaries.values())) if adds_up(task) and isinstance(task, Target) else None,
        scope=scope,
        notes=tuple(_notes(conn, catalogue, task, scope, summaries)),
        task=task,
        share=catalogue.is_share(task.id),
    )


def _shown(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    task: Task,
    cells: dict[tuple[str, str], dict[int, BreakdownCell]],
    extra: Iterable[tuple[str, str]],
) -> list[Assignee]:
    if catalogue.is_share(task.id):
        return find_assignees(conn, dict.fromkeys([*cells, *extra]))
    towns = [town for town in assignees(conn, ("town",)) if town.own]
    listed = {town.key for town in towns}
    return towns + find_assignees(conn, [key for key in dict.fromkeys([*cells, *extra]) if key not in listed])


def _notes(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    task: Task,
    scope: Scope,
    summaries: dict[int, YearSummary],
) -> Iterable[str]:
    if catalogue.is_share(task.id):
        yield SHARE
    if scope.excluded and any(year.assigned for year in summaries.values()):
        yield "已标为不涉及，但还有分解任务；请清除分解，或改为涉及。"
    if not isinstance(task, Target):
        return
    if task.is_past(catalogue.published):
        yield f"期限{task.deadline}早于方案发布日期{catalogue.published}：按核查完成情况处理，不再安排进度。"
    if awaited(task, quotas(conn, task.id).get(task.id, {})):
        yield "省下达任务，方案没有给出数；市里下达后请在基础信息中录入县级目标，之前不计为未完成。"
    if task.part_of:
        yield from _inside(conn, catalogue, catalogue.target(task.part_of), summaries)
    for child in catalogue.targets_of(task.clause):
        if child.part_of == task.id:
            yield f"其中包含“{child.indicator}”（{child.id}），已算在内，不另外相加。"
    if apart := why_apart(task):
        yield apart


def _inside(
    conn: sqlite3.Connection, catalogue: Catalogue, parent: Target, summaries: dict[int, YearSummary]
) -> Iterable[str]:
    yield f"是“{parent.indicator}”（{parent.id}）的其中数，已算在它里面，不另外相加。"
    around = resum(conn, catalogue, parent.id)
    for year, own in summaries.items():
        whole = around[year].subtotal
        if own.subtotal and whole is not None and own.subtotal > whole:
            yield f"{year}年其中数{figure(own.subtotal)}比总数{figure(whole, unit_of(parent))}还大，请核对。"


def year_sentences(summaries: Sequence[YearSummary]) -> list[str]:
    """Return the sentences of the years that do not add up, each with its year."""
    return [f"{s.year}年{s.sentence}" for s in summaries if s.tone in ("bad", "warn")]
