"""How far every task is broken down, for the tree and the overview: a few sums over all assignments at once.

    states(conn, catalogue) -> dict[str, TaskState]     every clause and target
    resum(conn, catalogue, task_id) -> dict[int, YearSummary]     one task after an edit, in a millisecond
    shares(catalogue, states) -> dict[str, Share]       every part ("3") and article ("08"), and "" for the whole plan
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from db.core.values import from_micro
from db.plan.catalogue import Catalogue, Target
from db.work.amounts import in_unit_of
from db.work.arithmetic import figure
from db.work.quotas import Quota, awaited, quotas
from db.work.scope import scope_of, scopes
from db.work.tasks import Duty, Task, duty_of, leaf_tasks, task_of
from db.work.verdicts import YearSummary, summarise


class StateKind(StrEnum):
    """How far a task is broken down."""

    NOT_STARTED = "未分解"
    PARTLY = "部分"
    UNBALANCED = "余额不为零"
    DONE = "已完成"
    EXCLUDED = "不涉及"
    PENDING = "省下达待定"
    NOTHING = "无需分解"


RESOLVED = frozenset({StateKind.DONE, StateKind.EXCLUDED, StateKind.PENDING, StateKind.NOTHING})
"""States in which nothing is left to do now."""


@dataclass(frozen=True)
class TaskState:
    """A task's state. `label` is short, for the tree (余 1,200户); `assigned` counts assignments.

    A clause that has tasks under it counts them: `done` of `total` need nothing more.
    """

    kind: StateKind
    label: str = ""
    assigned: int = 0
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Share:
    """How many of the tasks that have to be broken down are in which state."""

    kinds: Mapping[StateKind, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return how many tasks concern the county and have been told: neither 不涉及 nor 省下达待定."""
        return sum(self.kinds.values()) - self.of(StateKind.EXCLUDED) - self.of(StateKind.PENDING)

    @property
    def done(self) -> int:
        """Return how many are broken down completely."""
        return self.of(StateKind.DONE)

    def of(self, kind: StateKind) -> int:
        """Return how many are in this state."""
        return self.kinds.get(kind, 0)


@dataclass(frozen=True)
class _Sum:
    """The assignments of one task and year that were typed in one unit.

    Of the `rows`, `filled` have an amount and `silent` are 未报.
    """

    unit: str
    rows: int
    filled: int
    silent: int
    total: Decimal
    low: Decimal
    high: Decimal


def states(conn: sqlite3.Connection, catalogue: Catalogue) -> dict[str, TaskState]:
    """Return the state of every clause and target by its id."""
    sums, told, given = _sums(conn), quotas(conn), scopes(conn)
    found: dict[str, TaskState] = {}
    leaves = frozenset(leaf_tasks(catalogue))
    for target in catalogue.targets:
        excluded = scope_of(given, target).excluded
        own_sums, own_told = sums.get(target.id, {}), told.get(target.id, {})
        found[target.id] = _state(target, own_sums, own_told, target.id in leaves, excluded)
    for clause in catalogue.clauses:
        excluded = scope_of(given, clause).excluded
        due = [found[target.id] for target in catalogue.targets_of(clause.id) if target.id in leaves]
        own = _state(clause, sums.get(clause.id, {}), {}, clause.id in leaves, excluded)
        below = sum(found[target.id].assigned for target in catalogue.targets_of(clause.id))
        found[clause.id] = _clause_state(own, due, below)
    return found


def shares(catalogue: Catalogue, states: Mapping[str, TaskState]) -> dict[str, Share]:
    """Return how many of the tasks to be broken down are in which state, by part, by article, and "" for all."""
    counters: dict[str, Counter[StateKind]] = {"": Counter()}
    for place in [*(part.id for part in catalogue.parts), *(article.id for article in catalogue.articles)]:
        counters[place] = Counter()
    for task_id in leaf_tasks(catalogue):
        task = catalogue.task(task_id)
        clause = catalogue.clause(task.clause) if isinstance(task, Target) else catalogue.clause(task_id)
        for place in ("", clause.part, clause.article):
            counters[place][states[task_id].kind] += 1
    return {place: Share(dict(counter)) for place, counter in counters.items()}


def resum(conn: sqlite3.Connection, catalogue: Catalogue, task_id: str) -> dict[int, YearSummary]:
    """Return what every year of one task comes to, as its grid does but without reading the shares one by one."""
    task, told = task_of(catalogue, task_id), quotas(conn).get(task_id, {})
    sums = _sums(conn, task_id).get(task_id, {})
    return {year: _summary(task, year, sums.get(year, ()), told.get(year)) for year in catalogue.years}


def _sums(conn: sqlite3.Connection, task_id: str | None = None) -> dict[str, dict[int, list[_Sum]]]:
    found: dict[str, dict[int, list[_Sum]]] = {}
    only = "" if task_id is None else " AND task_id = ?"
    for task, year, unit, rows, filled, silent, total, low, high in conn.execute(
        "SELECT task_id, year, coalesce(unit, ''), count(*), count(amount),"
        " sum(amount IS NULL AND json_extract(states, '$.amount') IS NULL),"
        " coalesce(sum(amount), 0), coalesce(min(amount), 0), coalesce(max(amount), 0)"
        f" FROM assignment WHERE deleted_at IS NULL{only} GROUP BY task_id, year, coalesce(unit, '')",
        () if task_id is None else (task_id,),
    ):
        group = _Sum(unit, rows, filled, silent, from_micro(total), from_micro(low), from_micro(high))
        found.setdefault(task, {}).setdefault(year, []).append(group)
    return found


def _state(
    task: Task, sums: Mapping[int, Sequence[_Sum]], told: Mapping[int, Quota], leaf: bool, excluded: bool
) -> TaskState:
    assigned = sum(group.rows for groups in sums.values() for group in groups)
    if excluded:
        return TaskState(StateKind.EXCLUDED, "不涉及", assigned)
    if not assigned:
        if not leaf:
            return TaskState(StateKind.NOTHING, "")
        if isinstance(task, Target) and awaited(task, told):
            return TaskState(StateKind.PENDING, "待定")
        return TaskState(StateKind.NOT_STARTED, "未分解")
    if duty_of(task) is Duty.COMPLETION:
        return TaskState(StateKind.DONE, f"{assigned}项", assigned)
    years = [_summary(task, year, sums.get(year, ()), told.get(year)) for year in sorted({*sums, *told})]
    silent = frozenset(year for year, groups in sums.items() if any(group.silent for group in groups))
    return _counted(years, silent, assigned)


def _summary(task: Task, year: int, groups: Iterable[_Sum], quota: Quota | None) -> YearSummary:
    present = list(groups)
    filled = [group for group in present if group.filled]
    if duty_of(task) is Duty.QUANTITY:
        amounts = [in_unit_of(task, group.total, group.unit) for group in filled]
    else:
        amounts = [in_unit_of(task, end, group.unit) for group in filled for end in (group.low, group.high)]
    summary = summarise(task, year, sum(group.rows for group in present), amounts, quota)
    return replace(summary, filled=sum(group.filled for group in filled))


def _counted(years: Sequence[YearSummary], silent: frozenset[int], assigned: int) -> TaskState:
    """Return the state of what is counted; a year all of whose answers are 不涉及 or 暂无数据 asks for nothing."""
    if not any(year.filled for year in years):
        return TaskState(StateKind.PARTLY, "未填数", assigned)
    if any(not year.filled and (year.quota or year.year in silent) for year in years):
        return TaskState(StateKind.PARTLY, "部分", assigned)
    if any(year.filled and year.quota is None for year in years):
        return TaskState(StateKind.PARTLY, "缺县级目标", assigned)
    wrong = [year for year in years if not year.ok and (year.filled or year.quota is not None)]
    if not wrong:
        return TaskState(StateKind.DONE, "完成", assigned)
    balances = [year.balance for year in wrong if year.balance is not None]
    if not balances:
        return TaskState(StateKind.UNBALANCED, "达不到", assigned)
    left = sum(balances, Decimal(0))
    label = f"余 {figure(left)}" if left > 0 else f"超 {figure(-left)}" if left else "年度不平"
    return TaskState(StateKind.UNBALANCED, label, assigned)


def _clause_state(own: TaskState, due: Sequence[TaskState], below: int) -> TaskState:
    if not due:
        if own.kind is StateKind.NOT_STARTED and below:
            return TaskState(StateKind.DONE, f"{below}项", own.assigned)
        return own
    if own.kind is StateKind.EXCLUDED:
        return own
    done = sum(state.kind in RESOLVED for state in due)
    kinds = {state.kind for state in due}
    if done == len(due):
        kind = next(iter(kinds)) if len(kinds) == 1 else StateKind.DONE
    elif StateKind.UNBALANCED in kinds:
        kind = StateKind.UNBALANCED
    elif kinds <= RESOLVED - {StateKind.DONE} | {StateKind.NOT_STARTED}:
        kind = StateKind.NOT_STARTED
    else:
        kind = StateKind.PARTLY
    return TaskState(kind, f"{done}/{len(due)}", own.assigned, done, len(due))


