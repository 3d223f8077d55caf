"""The breakdown as a grid: who has how much of a task in which year, and whether it adds up.

    grid(conn, catalogue, task_id) -> BreakdownGrid          assignees(conn, kinds=…) -> list[Assignee]
    states(conn, catalogue) -> dict[task_id, TaskState]      shares(catalogue, states) -> dict[part/article id, Share]
    renewed(conn, catalogue, grid, assignment_ids) -> BreakdownGrid | None     after an edit
    resum(conn, catalogue, task_id) -> dict[year, YearSummary]
    set_assignment, set_assignments, clear_assignment, clear_assignments: see `db.work.assignments`

Every amount in the grid is in `grid.unit`, the county's; `grid.in_city_unit(amount)` is the same in the plan's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from db.core.errors import Problem
from db.core.fields import load_schema
from db.core.values import Cell
from db.plan.catalogue import Catalogue, Target
from db.plan.vocabulary import Measure
from db.store import records
from db.work.amounts import in_city_unit, in_unit_of
from db.work.arithmetic import adds_over_years, figure
from db.work.assignees import Assignee, assignees, find_assignees
from db.work.assignments import (
    KINDS,
    AssignmentEntry,
    clear_assignment,
    clear_assignments,
    questions,
    set_assignment,
    set_assignments,
)
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

MOST_RENEWED = 400
"""Up to how many changed assignments are read one by one; more are read with the whole grid."""


@dataclass(frozen=True)
class BreakdownCell:
    """One assignment: `amount` in `unit` as it was typed, `in_unit` in the grid's unit (None for 未报 and states)."""

    assignment_id: str
    amount: Cell
    unit: str
    in_unit: Decimal | None
    values: dict[str, Cell]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class BreakdownRow:
    """One assignee with its assignments by year; `total` over the years only for a cumulative target."""

    assignee: Assignee
    cells: dict[int, BreakdownCell]
    total: Decimal | None


@dataclass(frozen=True)
class BreakdownGrid:
    """A task broken down. Rows: the county's own towns, then whoever else has a share; `summaries` by year.

    `overall` is there for cumulative targets only; `notes` are sentences about the whole task.
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
    cells = _cells(conn, task)
    rows = tuple(_row(task, who, cells.get(who.key, {})) for who in _shown(conn, cells, extra))
    return _around(conn, catalogue, task, rows)


def renewed(
    conn: sqlite3.Connection, catalogue: Catalogue, before: BreakdownGrid, assignment_ids: Collection[str]
) -> BreakdownGrid | None:
    """Return `before` with these assignments read anew and everything summed again, much faster than `grid`.

    None when that would not do: too many of them, or one of somebody who is not in the grid.
    """
    if len(assignment_ids) > MOST_RENEWED:
        return None
    task, changed = before.task, set(assignment_ids)
    # What is not found again below has gone: undoing an entry takes its row away.
    cells = {
        row.assignee.key: {year: cell for year, cell in row.cells.items() if cell.assignment_id not in changed}
        for row in before.rows
    }
    for found in records.get_many(conn, load_schema("assignment"), changed):
        if found.values["task_id"] == task.id and found.deleted_at is None:
            key, year = _key_of(found)
            if key not in cells:
                return None
            cells[key][year] = cell_of(task, found)
    rows = [
        row if row.cells == own else _row(task, row.assignee, dict(sorted(own.items())))
        for row, own in zip(before.rows, cells.values(), strict=True)
    ]
    return _around(conn, catalogue, task, tuple(rows))


def _around(
    conn: sqlite3.Connection, catalogue: Catalogue, task: Task, rows: tuple[BreakdownRow, ...]
) -> BreakdownGrid:
    """Return the grid of these rows, with all that is summed and said about them."""
    summaries = resum(conn, catalogue, task.id)
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
        overall=overall(task, list(summaries.values())) if _cumulative(task) and isinstance(task, Target) else None,
        scope=scope,
        notes=tuple(_notes(conn, catalogue, task, scope, summaries)),
        task=task,
    )


def _cumulative(task: Task) -> bool:
    return isinstance(task, Target) and duty_of(task) is Duty.QUANTITY and adds_over_years(task.measure)


def _row(task: Task, who: Assignee, cells: dict[int, BreakdownCell]) -> BreakdownRow:
    return BreakdownRow(who, cells, _total(cells) if _cumulative(task) else None)


def _cells(conn: sqlite3.Connection, task: Task) -> dict[tuple[str, str], dict[int, BreakdownCell]]:
    found: dict[tuple[str, str], dict[int, BreakdownCell]] = {}
    for row in records.select(conn, load_schema("assignment"), "t.task_id = ? AND t.deleted_at IS NULL", (task.id,)):
        key, year = _key_of(row)
        found.setdefault(key, {})[year] = cell_of(task, row)
    return found


def _key_of(row: records.Row) -> tuple[tuple[str, str], int]:
    year = row.values["year"]
    assert isinstance(year, Decimal)
    return (str(row.values["assignee_kind"]), str(row.values["assignee_id"])), int(year)


def cell_of(task: Task, row: records.Row) -> BreakdownCell:
    """Return the assignment in this row as a cell of its task's grid."""
    year, amount, unit = row.values["year"], row.values["amount"], str(row.values["unit"] or "")
    assert isinstance(year, Decimal)
    return BreakdownCell(
        assignment_id=row.id,
        amount=amount,
        unit=unit,
        in_unit=in_unit_of(task, amount, unit) if isinstance(amount, Decimal) else None,
        values=row.values,
        problems=questions(task, int(year), row.values),
    )


def _shown(
    conn: sqlite3.Connection,
    cells: dict[tuple[str, str], dict[int, BreakdownCell]],
    extra: Iterable[tuple[str, str]],
) -> list[Assignee]:
    towns = [town for town in assignees(conn, ("town",)) if town.own]
    listed = {town.key for town in towns}
    return towns + find_assignees(conn, [key for key in dict.fromkeys([*cells, *extra]) if key not in listed])


def _total(cells: dict[int, BreakdownCell]) -> Decimal | None:
    amounts = [cell.in_unit for cell in cells.values() if cell.in_unit is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def _notes(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    task: Task,
    scope: Scope,
    summaries: dict[int, YearSummary],
) -> Iterable[str]:
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
    if duty_of(task) is Duty.RATE:
        yield "比率不相加、不平均：每个责任主体填自己的比率。"
    elif task.measure in (Measure.FLOW, Measure.STOCK) and duty_of(task) is Duty.QUANTITY:
        yield "每年是当年的量，各年不相加。" if task.measure is Measure.FLOW else "每年是年末的数，各年不相加。"


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
