"""What a task of the plan is to the county: a clause or a target, in what unit, and what is handed out of it.

Targets are handed out as shares of a quantity, as rates, or as something to be completed; criteria, references and what
only the city can do are not. A clause of parts 二 to 五 that has no such target is itself something to be completed.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from db.core.errors import DataProblem
from db.core.fields import Field, load_schema
from db.core.units import decimals_of
from db.core.values import MICRO_DIGITS
from db.plan.catalogue import Catalogue, Clause, Target
from db.plan.vocabulary import Allocation, Nature

Task = Clause | Target

_NOT_BROKEN_DOWN = ("1", "6")
"""Parts whose clauses without a target ask nothing of towns and enterprises: 总体要求, 保障措施."""


class Duty(StrEnum):
    """What an assignee is given: a share of a quantity, a rate of its own, something to complete, or nothing."""

    QUANTITY = "quantity"
    RATE = "rate"
    COMPLETION = "completion"
    NOTHING = "nothing"


def task_of(catalogue: Catalogue, task_id: str) -> Task:
    """Return the clause or target with this id; DataProblem when the plan has none."""
    task = catalogue.task(task_id)
    if task is None:
        raise DataProblem(f"方案里没有编号为“{task_id}”的任务。", advice="请核对任务编号。", code="task.unknown")
    return task


def require_all_of(catalogue: Catalogue, task: Task) -> None:
    """Raise DataProblem where a work package has only some units' share: the whole task is the county's matter."""
    if catalogue.is_share(task.id):
        raise DataProblem(
            f"工作包里只有“{title_of(task)}”分给部分单位的任务，它的县级目标、分工和是否涉及不能在这里改。",
            advice="请在县级数据里改。",
            code="part.share",
        )


def clause_of(catalogue: Catalogue, task: Task) -> Clause:
    """Return the clause that the task is or lies in."""
    return task if isinstance(task, Clause) else catalogue.clause(task.clause)


def title_of(task: Task) -> str:
    """Return what people call the task: a target's indicator, a clause's title."""
    return task.title if isinstance(task, Clause) else task.indicator


def duty_of(task: Task) -> Duty:
    """Return what can be handed out of the task."""
    if isinstance(task, Clause):
        return Duty.COMPLETION
    if task.nature in (Nature.CRITERION, Nature.REFERENCE):
        return Duty.NOTHING
    match task.allocation:
        case Allocation.QUANTITY:
            return Duty.QUANTITY
        case Allocation.RATE:
            return Duty.RATE
        case Allocation.COMPLETION:
            return Duty.COMPLETION
    return Duty.NOTHING


def unit_of(task: Task) -> str:
    """Return the unit in which the county breaks the task down, "" where nothing is counted."""
    return "" if isinstance(task, Clause) else task.county_unit or task.unit


def city_unit_of(task: Task) -> str:
    """Return the unit in which the plan states the task, "" where it states no amount."""
    return "" if isinstance(task, Clause) else task.unit


def amount_field(task: Task) -> Field:
    """Return the field that reads and shows amounts of this task in its county unit (whole for 户, 台, 家)."""
    unit = unit_of(task)
    field = load_schema("assignment").field("amount")
    return replace(field, unit=unit, decimals=decimals_of(unit) if unit else MICRO_DIGITS)


def leaf_tasks(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the ids of the tasks that have to be broken down, in the order of the plan; nothing is counted twice."""
    return tuple(task_id for clause in catalogue.clauses for task_id in leaves_of(catalogue, clause))


def leaves_of(catalogue: Catalogue, clause: Clause) -> tuple[str, ...]:
    """Return which of the clause's targets have to be broken down; where none has, the clause itself, if it has."""
    targets = catalogue.targets_of(clause.id)
    due = tuple(t.id for t in targets if t.nature is Nature.TARGET and duty_of(t) is not Duty.NOTHING)
    if due or clause.part in _NOT_BROKEN_DOWN or _city_alone(targets):
        return due
    return (clause.id,)


def _city_alone(targets: tuple[Target, ...]) -> bool:
    commitments = [target for target in targets if target.nature not in (Nature.CRITERION, Nature.REFERENCE)]
    return bool(commitments) and all(target.allocation is Allocation.CITY_ONLY for target in commitments)


def year_problem(catalogue: Catalogue, year: int) -> DataProblem:
    """Return what to say about a year that the plan does not cover."""
    first, last = catalogue.years[0], catalogue.years[-1]
    return DataProblem(f"方案分解到{first}—{last}年，没有{year}年。", advice="请核对年度。", code="year")
