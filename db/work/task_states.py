"""How far every task is broken down, for the tree and the overview: a few sums over all assignments at once.

states(conn, catalogue) -> dict[str, TaskState]     every clause and target
renewed_states(conn, catalogue, before, task_ids) -> dict[str, TaskState]     after an edit of these tasks
changed_tasks(conn, rows) -> frozenset[str]     which tasks a write concerned
resum(conn, catalogue, task_id, years) -> dict[int, YearSummary]     what one task comes to, in a millisecond
resum_many(conn, catalogue, quotas, years) -> dict[str, dict[int, YearSummary]]     the same of many
shares(catalogue, states) -> dict[str, Share]       every part ("3") and article ("08"), and "" for the whole plan
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from db.core.values import from_micro
from db.plan.catalogue import Catalogue, Clause, Target
from db.store.exact_sum import exact_sum, read_sum
from db.store.records import chunks, in_list
from db.work.amounts import in_unit_of
from db.work.arithmetic import figure
from db.work.quotas import Quota, awaited, quotas
from db.work.scope import UNDECIDED, Scope, scope_of, scopes
from db.work.tasks import Duty, Task, clause_of, duty_of, leaf_tasks, leaves_of, task_of
from db.work.verdicts import YearSummary, summarise


class StateKind(StrEnum):
    """How far a task is broken down."""

    NOT_STARTED = "未分解"
    PARTLY = "部分"
    UNBALANCED = "余额不为零"
    DONE = "已完成"
    EXCLUDED = "不涉及"
    PENDING = "省下达待定"
    UNDECIDED = "是否涉及待定"
    NOTHING = "无需分解"


RESOLVED = frozenset({StateKind.DONE, StateKind.EXCLUDED, StateKind.PENDING, StateKind.NOTHING})
"""States in which nothing is left to do now."""
_NOT_ASKED = (StateKind.EXCLUDED, StateKind.PENDING, StateKind.NOTHING)


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
        """Return how many tasks are to be broken down and have been told: not 不涉及, 省下达待定 nor 无需分解."""
        return sum(self.kinds.values()) - sum(map(self.of, _NOT_ASKED))

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
    ledger = _Ledger(_sums(conn), quotas(conn), scopes(conn))
    found: dict[str, TaskState] = {}
    for clause in catalogue.clauses:
        _judge_clause(catalogue, clause, ledger, found, {clause.id, *_targets(catalogue, clause)})
    return found


def renewed_states(
    conn: sqlite3.Connection, catalogue: Catalogue, before: Mapping[str, TaskState], task_ids: Iterable[str]
) -> dict[str, TaskState]:
    """Return `before` with the states of these tasks, and of the clauses they are in, judged anew."""
    found = dict(before)
    given = scopes(conn)
    clauses: dict[str, set[str]] = {}
    for task_id in task_ids:
        task = catalogue.task(task_id)
        if task is not None:
            clause = clause_of(catalogue, task)
            # The answer on a clause holds for its targets too.
            own = {task_id} if isinstance(task, Target) else set(_targets(catalogue, clause))
            clauses.setdefault(clause.id, {clause.id}).update(own)
    for clause_id, wanted in clauses.items():
        sums = _sums(conn, wanted)
        told = {task_id: each for task_id in wanted for each in quotas(conn, task_id).values()}
        _judge_clause(catalogue, catalogue.clause(clause_id), _Ledger(sums, told, given), found, wanted)
    return found


_TASK_COLUMNS = {"assignment": "task_id", "quota": "target_id", "task_scope": "task_id", "progress": "task_id"}


def changed_tasks(conn: sqlite3.Connection, rows: Mapping[str, Collection[str]]) -> frozenset[str]:
    """Return the tasks whose assignments, quotas, scope or monthly figures are among `rows`, changed ids by table."""
    found: set[str] = set()
    for table, column in _TASK_COLUMNS.items():
        for chunk in chunks(sorted(rows.get(table, ()))):
            present = dict(conn.execute(f"SELECT id, {column} FROM {table} WHERE {in_list('id', chunk)}", chunk))
            found.update(present.values())
            # Undoing an entry takes its row away; the journal still knows what it was about.
            sql = f"SELECT json_extract(before, '$.{column}') FROM change WHERE table_name = ? AND action = 'delete'"
            for gone in sorted(set(chunk) - present.keys()):
                found.update(task_id for (task_id,) in conn.execute(f"{sql} AND row_id = ?", (table, gone)))
    return frozenset(found)


@dataclass(frozen=True)
class _Ledger:
    """What the states are judged by: sums and quotas by task, answers on scope."""

    sums: Mapping[str, Mapping[int, Sequence[_Sum]]]
    told: Mapping[str, Mapping[int, Quota]]
    given: Mapping[str, Scope]


def _targets(catalogue: Catalogue, clause: Clause) -> list[str]:
    return [target.id for target in catalogue.targets_of(clause.id)]


def _judge_clause(
    catalogue: Catalogue, clause: Clause, ledger: _Ledger, found: dict[str, TaskState], wanted: Collection[str]
) -> None:
    """Put the states of those of the clause's tasks that are `wanted`, and the clause's own, into `found`."""
    leaves = leaves_of(catalogue, clause)
    tasks: list[Task] = [*catalogue.targets_of(clause.id), clause]
    own: dict[str, TaskState] = {}
    for task in tasks:
        if task.id in wanted:
            scope = scope_of(ledger.given, task)
            sums, told = ledger.sums.get(task.id, {}), ledger.told.get(task.id, {})
            whole = not catalogue.is_share(task.id)
            state = _state(task, sums, told, task.id in leaves, scope) if whole else _share_state(sums, scope)
            own[task.id] = state
    found |= own
    targets = [found[target.id] for target in catalogue.targets_of(clause.id)]
    due = [found[target.id] for target in catalogue.targets_of(clause.id) if target.id in leaves]
    found[clause.id] = _clause_state(own[clause.id], due, sum(state.assigned for state in targets))


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


def resum(
    conn: sqlite3.Connection, catalogue: Catalogue, task_id: str, years: Collection[int] | None = None
) -> dict[int, YearSummary]:
    """Return what each year of one task comes to, as its grid does but without reading the shares one by one.

    `years` says which of the plan's years (default: all).
    """
    task_of(catalogue, task_id)
    return resum_many(conn, catalogue, {task_id: quotas(conn, task_id).get(task_id, {})}, years)[task_id]


def resum_many(
    conn: sqlite3.Connection,
    catalogue: Catalogue,
    told: Mapping[str, Mapping[int, Quota]],
    years: Collection[int] | None = None,
) -> dict[str, dict[int, YearSummary]]:
    """Return the same of many tasks at once, whose quotas are known (by task and year)."""
    wanted = [year for year in catalogue.years if years is None or year in years]
    sums = _sums(conn, tuple(told), wanted)
    tasks = {task_id: task_of(catalogue, task_id) for task_id in told}
    return {
        task_id: {
            year: _summary(task, year, sums.get(task_id, {}).get(year, ()), told[task_id].get(year)) for year in wanted
        }
        for task_id, task in tasks.items()
    }


def _sums(
    conn: sqlite3.Connection, task_ids: Iterable[str] | None = None, years: Sequence[int] | None = None
) -> dict[str, dict[int, list[_Sum]]]:
    """Return the sums by task and year, of all or of these."""
    found: dict[str, dict[int, list[_Sum]]] = {}
    when = "" if years is None else f" AND {in_list('year', years)}"
    for chunk in [None] if task_ids is None else chunks(task_ids):
        only = "" if chunk is None else f" AND {in_list('task_id', chunk)}"
        for task, year, unit, rows, filled, silent, total, low, high in conn.execute(
            "SELECT task_id, year, coalesce(unit, ''), count(*), count(amount),"
            " sum(amount IS NULL AND json_extract(states, '$.amount') IS NULL),"
            f" {exact_sum('amount')}, coalesce(min(amount), 0), coalesce(max(amount), 0)"
            f" FROM assignment WHERE deleted_at IS NULL{only}{when} GROUP BY task_id, year, coalesce(unit, '')",
            (*(chunk or ()), *(years or ())),
        ):
            group = _Sum(unit, rows, filled, silent, from_micro(read_sum(total)), from_micro(low), from_micro(high))
            found.setdefault(task, {}).setdefault(year, []).append(group)
    return found


def _state(
    task: Task, sums: Mapping[int, Sequence[_Sum]], told: Mapping[int, Quota], leaf: bool, scope: Scope
) -> TaskState:
    assigned = sum(group.rows for groups in sums.values() for group in groups)
    if scope.excluded:
        return TaskState(StateKind.EXCLUDED, "不涉及", assigned)
    if not assigned:
        if not leaf:
            return TaskState(StateKind.NOTHING, "")
        if scope.applies == UNDECIDED:
            # Somebody has looked at it and not answered yet: an open question, and not work left lying.
            return TaskState(StateKind.UNDECIDED, "涉及待定")
        if isinstance(task, Target) and awaited(task, told):
            return TaskState(StateKind.PENDING, "待定")
        return TaskState(StateKind.NOT_STARTED, "未分解")
    if duty_of(task) is Duty.COMPLETION:
        return TaskState(StateKind.DONE, f"{assigned}项", assigned)
    years = [_summary(task, year, sums.get(year, ()), told.get(year)) for year in sorted({*sums, *told})]
    silent = frozenset(year for year, groups in sums.items() if any(group.silent for group in groups))
    return _counted(years, silent, assigned)


def _share_state(sums: Mapping[int, Sequence[_Sum]], scope: Scope) -> TaskState:
    """Return the state of what a work package has of a task: given out already, and not to be held against a quota."""
    assigned = sum(group.rows for groups in sums.values() for group in groups)
    if scope.excluded:
        return TaskState(StateKind.EXCLUDED, "不涉及", assigned)
    return TaskState(StateKind.DONE, f"承担{assigned}项", assigned) if assigned else TaskState(StateKind.NOTHING)


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
    elif kinds <= RESOLVED - {StateKind.DONE} | {StateKind.NOT_STARTED, StateKind.UNDECIDED}:
        kind = StateKind.NOT_STARTED if StateKind.NOT_STARTED in kinds else StateKind.UNDECIDED
    else:
        kind = StateKind.PARTLY
    return TaskState(kind, f"{done}/{len(due)}", own.assigned, done, len(due))
