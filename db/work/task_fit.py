"""Whether what is stored of one task can be read as another's: of one kind, handed out alike, in units that convert."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from typing import Final

from db.core.errors import DataProblem
from db.core.values import from_micro
from db.plan.catalogue import Catalogue, Clause, Target
from db.store.operation import Operation
from db.work.amounts import in_unit_of
from db.work.tasks import Duty, duty_of, unit_of

AMOUNTS: Final = (
    ("quota", "target_id"),
    ("assignment", "task_id"),
    ("progress", "task_id"),
    ("monthly_curve", "target_id"),
)
"""The tables that hold amounts of tasks, with the column that names the task."""

_DUTIES: Final = {
    Duty.QUANTITY: "按数量分解",
    Duty.RATE: "按比率下达",
    Duty.COMPLETION: "按完成与否",
    Duty.NOTHING: "不向下分解",
}


def check_pair(old: Catalogue, new: Catalogue, task_id: str, home: str) -> None:
    """Refuse two tasks of which one does not exist, or one is a clause and the other a target."""
    one, other = old.task(task_id), new.task(home)
    if one is None or other is None:
        missing = f"原方案里没有{task_id}" if one is None else f"新方案里没有{home}"
        raise DataProblem(f"{missing}。", advice="请核对编号。", code="adoption.unknown")
    if isinstance(one, Clause) is not isinstance(other, Clause):
        raise DataProblem(
            f"{task_id}和{home}不是同一类：条款只能对应条款，指标只能对应指标。",
            advice="请核对编号。",
            code="adoption.kind",
        )


def refusal(conn: sqlite3.Connection, old: Catalogue, new: Catalogue, task_id: str, home: str, stored: str = "") -> str:
    """Return why what is stored of a target cannot be read as the other, "" when it can."""
    one, other = old.task(task_id), new.task(home)
    if not isinstance(one, Target) or not isinstance(other, Target):
        return ""
    was, now = duty_of(one), duty_of(other)
    if was is now and unit_of(one) == unit_of(other):
        return ""
    amounts = _amounts(conn, stored or task_id)
    if amounts is None:
        return ""
    if was is not now and (was, now) != (Duty.COMPLETION, Duty.QUANTITY):
        return f"由{_DUTIES[was]}改为{_DUTIES[now]}"
    try:
        for amount, unit in amounts:
            in_unit_of(other, amount, unit or unit_of(one))
    except DataProblem:
        return f"计量单位由{unit_of(one)}改为{unit_of(other)}，已填的数不能换算"
    return ""


def write_unit(op: Operation, task_id: str, unit: str) -> None:
    """Say of the task's amounts that were stored without a unit that they are in `unit`."""
    for table, column in AMOUNTS:
        op.conn.execute(
            f"UPDATE {table} SET unit = ? WHERE {column} = ? AND amount IS NOT NULL AND coalesce(unit, '') = ''",
            (unit, task_id),
        )


def _amounts(conn: sqlite3.Connection, task_id: str) -> list[tuple[Decimal, str]] | None:
    """Return every amount with its unit that is stored of a task, None when it has no row that could have one."""
    found: list[tuple[Decimal, str]] = []
    rows = 0
    for table, column in AMOUNTS:
        for amount, unit in conn.execute(f"SELECT amount, unit FROM {table} WHERE {column} = ?", (task_id,)):
            rows += 1
            if amount is not None:
                found.append((from_micro(amount), unit or ""))
    return found if rows else None
