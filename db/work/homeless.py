"""What is stored for tasks of older plans that the plan in force does not have.

homeless(conn) -> list[Homeless]               rehouse(op, former, task_id)
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from db.core.errors import DataProblem
from db.plan.catalogue import Catalogue, Clause, Target
from db.plan.editions import county_catalogue, edition_catalogue, split_former
from db.store.operation import Operation
from db.work.task_fit import check_pair, refusal, write_unit
from db.work.task_rows import Held, held, rename
from db.work.tasks import Task, title_of, unit_of


@dataclass(frozen=True)
class Homeless:
    """A task with rows but no place in the plan in force: its id and place in its own plan, what it said, and why.

    `rows` tell what is stored for it; `likely` is the task of the new plan that it may be, "" where there is none.
    """

    task_id: str
    title: str
    place: str
    text: str
    reason: str
    rows: tuple[Held, ...]
    likely: str = ""


def homeless(conn: sqlite3.Connection) -> list[Homeless]:
    """Return the tasks of older plans for which rows are stored, in the order of their editions and ids."""
    found = []
    for former, rows in held(conn).items():
        split = split_former(former)
        if split is not None:
            task_id, number = split
            entry = homeless_task(edition_catalogue(conn, number), task_id, f"第{number}版方案的任务", rows, "")
            found.append((number, task_id, Homeless(former, entry.title, entry.place, entry.text, entry.reason, rows)))
    return [entry for _, _, entry in sorted(found, key=lambda each: each[:2])]


def rehouse(op: Operation, former: str, task_id: str) -> None:
    """Let the rows of an older plan's task (`08-06-1@1`) follow to a task of the plan in force after all.

    DataProblem when there is no such task, when a clause is to become a target, when its amounts do not convert, and
    when the task has rows of its own already, which would not be told apart from them.
    """
    split, new = split_former(former), county_catalogue(op.conn)
    rows = held(op.conn)
    if split is None or former not in rows:
        raise DataProblem(f"没有以前方案留下的任务“{former}”。", advice="请刷新后重试。", code="adoption.former")
    old = edition_catalogue(op.conn, split[1])
    check_pair(old, new, split[0], task_id)
    reason = refusal(op.conn, old, new, split[0], task_id, stored=former)
    if reason:
        raise DataProblem(
            f"{former}不能改挂到{task_id}：{reason}。", advice="请另选一项任务。", code="adoption.refused"
        )
    taken = [entry.words for entry in rows.get(task_id, ()) if entry.table in {each.table for each in rows[former]}]
    if taken:
        raise DataProblem(
            f"{task_id}已经有{'、'.join(taken)}，不能再并入{former}的内容。",
            advice="请先清空其中一边。",
            code="adoption.taken",
        )
    write_former_unit(op, former)
    rename(op, {former: task_id})


def write_former_unit(op: Operation, former: str) -> None:
    """Say of the former task's amounts that were stored without a unit what they were meant in."""
    split = split_former(former)
    task = edition_catalogue(op.conn, split[1]).task(split[0]) if split else None
    if isinstance(task, Target) and unit_of(task):
        write_unit(op, former, unit_of(task))


def homeless_task(old: Catalogue, task_id: str, reason: str, rows: tuple[Held, ...], likely: str = "") -> Homeless:
    """Return what a task of `old` was and what is stored for it."""
    task: Task | None = old.task(task_id)
    if task is None:
        return Homeless(task_id, "（没有这个编号的任务）", "", "", reason, rows, likely)
    clause = task if isinstance(task, Clause) else old.clause(task.clause)
    place = old.article(clause.article).heading.rstrip("。")
    text = task.text if isinstance(task, Clause) else task.quote
    return Homeless(task_id, title_of(task), place, text, reason, rows, likely)
