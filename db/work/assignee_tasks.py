"""The breakdown the other way round: one town, enterprise or department with all its tasks.

tasks_of_assignee(conn, catalogue, assignee_id, *, extra=()) -> list[AssigneeTask]
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from db.core.values import from_micro
from db.plan.catalogue import Catalogue
from db.work.breakdown_cells import BreakdownCell, adds_up, cells_of_assignee, total_micro, why_apart
from db.work.tasks import Duty, Task, duty_of, title_of, unit_of


@dataclass(frozen=True)
class AssigneeTask:
    """A task that an assignee has, with its assignments by year; none in `cells`: it is only being offered."""

    task: Task
    cells: dict[int, BreakdownCell] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Return what people call the task."""
        return title_of(self.task)

    @property
    def unit(self) -> str:
        """Return the unit its amounts are shown in, "" for what is completed."""
        return "" if self.duty is Duty.COMPLETION else unit_of(self.task)

    @property
    def total(self) -> Decimal | None:
        """Return what the years come to, None for what does not add up over them, or when there is no amount."""
        micro = total_micro(self.cells.values()) if adds_up(self.task) else None
        return None if micro is None else from_micro(micro)

    @property
    def apart(self) -> str:
        """Return why its years are not added up, "" when they are or nothing is counted."""
        return why_apart(self.task)

    @property
    def duty(self) -> Duty:
        """Return what the assignee has of it: a share, a rate, something to complete."""
        return duty_of(self.task)


def tasks_of_assignee(
    conn: sqlite3.Connection, catalogue: Catalogue, assignee_id: str, *, extra: Iterable[str] = ()
) -> list[AssigneeTask]:
    """Return the tasks of the assignee in the order of the plan, and those named in `extra` though it has none of them.

    Assignments of tasks that this plan does not have are left out.
    """
    cells = {task_id: dict[int, BreakdownCell]() for task_id in extra} | cells_of_assignee(conn, catalogue, assignee_id)
    order = [task_id for clause in catalogue.clauses for task_id in (clause.id, *_targets(catalogue, clause.id))]
    found = []
    for task_id in order:
        task = catalogue.task(task_id)
        if task_id in cells and task is not None and (cells[task_id] or duty_of(task) is not Duty.NOTHING):
            found.append(AssigneeTask(task, cells[task_id]))
    return found


def _targets(catalogue: Catalogue, clause_id: str) -> list[str]:
    return [target.id for target in catalogue.targets_of(clause_id)]
