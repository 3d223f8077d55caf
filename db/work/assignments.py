"""Writing the breakdown: one cell, a pasted block or a whole plan, each as part of one operation.

    set_assignment(op, *, task_id, year, assignee_kind, assignee_id, values, catalogue=None) -> str
    set_assignments(op, [AssignmentEntry, …], catalogue=None) -> list[str]
    clear_assignment(op, *, task_id, year, assignee_id) -> int
    clear_assignments(op, [(task_id, year, assignee_id), …]) -> int
    questions(task, year, values) -> tuple[Problem, …]

What is impossible is refused (DataProblem, nothing of the operation is stored); what is doubtful is stored and shown.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from db.core.errors import DataProblem, Problem
from db.core.fields import load_schema
from db.core.garbage import nothing_collected
from db.core.values import Cell
from db.plan.catalogue import Catalogue, Target
from db.plan.editions import county_catalogue
from db.store import records
from db.store.operation import Operation
from db.work.amounts import check_amount
from db.work.tasks import Duty, Task, duty_of, task_of, unit_of, year_problem

KINDS = {"town": "镇街", "enterprise": "企业", "department": "县级部门"}
"""The kinds of assignee, and what people call them; each is a table of the directory."""

FIELDS = ("amount", "unit", "deliverable", "deadline", "responsible", "phone", "note")
"""What the county asks of the assignee."""

ANSWERS = ("confirmation", "opinion")
"""What the assignee says to it."""

CONTENT = (*FIELDS, *ANSWERS)
"""The fields of an assignment that `values` may hold."""

FEW = 50
"""Up to how many assignments are looked up one by one; more are looked up with all others of their tasks."""

Key = tuple[str, int, str]
"""Task id, year, assignee id."""


class AssignmentEntry(NamedTuple):
    """What is to be written for one assignee, task and year: only the fields in `values` change (see `CONTENT`).

    An `amount` without a `unit` is in the task's county unit; a unit never comes without its amount. No values
    at all say that the assignee has the task, which is enough for one that is to be completed.
    """

    task_id: str
    year: int
    assignee_kind: str
    assignee_id: str
    values: Mapping[str, Cell] = MappingProxyType({})

    @property
    def key(self) -> Key:
        """Return what makes the assignment unique."""
        return (self.task_id, self.year, self.assignee_id)


def set_assignment(
    op: Operation,
    *,
    task_id: str,
    year: int,
    assignee_kind: str,
    assignee_id: str,
    values: Mapping[str, Cell],
    catalogue: Catalogue | None = None,
) -> str:
    """Write the given fields of one assignment, adding it if need be; return its row's id. See `set_assignments`."""
    entry = AssignmentEntry(task_id, year, assignee_kind, assignee_id, values)
    return set_assignments(op, [entry], catalogue=catalogue)[0]


@nothing_collected()
def set_assignments(
    op: Operation, entries: Iterable[AssignmentEntry], *, catalogue: Catalogue | None = None
) -> list[str]:
    """Write many assignments and return their rows' ids in order; where two have one key, the later wins.

    A share of a quantity or a rate whose last content is taken away disappears; emptying what is not there writes
    nothing, and its id is "" if there never was a row. DataProblem, and nothing stored, for an unknown task, year or
    assignee, a task that is not handed out, and an amount that cannot be (negative, 1.5户).
    """
    plan = catalogue or county_catalogue(op.conn)
    given = _checked(plan, list(entries))
    _check_assignees(op.conn, given)
    present = _present(op.conn, {entry.key for entry in given})
    schema = load_schema("assignment")
    merged: dict[Key, AssignmentEntry] = {}
    keys = [entry.key for entry in given]
    for key, entry in zip(keys, given, strict=True):
        earlier = merged.get(key)
        merged[key] = _over(earlier, entry) if earlier else entry
    merged = {
        key: entry
        for key, entry in merged.items()
        if (key in present and present[key][1] is None) or not _says_nothing(plan, entry)
    }
    ids = {key: present[key][0] for key in merged if key in present}
    new = {key: _new_row(plan, entry) for key, entry in merged.items() if key not in present}
    ids |= zip(new, records.insert_many(op, schema, new.values()), strict=True)
    binned = [key for key in ids if key not in new and present[key][1]]
    records.restore(op, schema, [ids[key] for key in binned])
    blank: dict[str, Cell] = dict.fromkeys(CONTENT)
    changes: list[tuple[str, Mapping[str, Cell]]] = [(ids[key], blank | _new_row(plan, merged[key])) for key in binned]
    changes += [(ids[key], merged[key].values) for key in ids if key not in new and not present[key][1]]
    records.update_many(op, schema, changes)
    emptied = {key: e for key, e in merged.items() if "amount" in e.values and e.values["amount"] is None}
    _drop_emptied(op, plan, emptied.values(), [ids[key] for key in emptied])
    return [ids[key] if key in ids else present.get(key, ("", None))[0] for key in keys]


def clear_assignment(op: Operation, *, task_id: str, year: int, assignee_id: str) -> int:
    """Move an assignment to the recycle bin; return 1, or 0 when there was none."""
    return clear_assignments(op, [(task_id, year, assignee_id)])


def clear_assignments(op: Operation, keys: Iterable[Key]) -> int:
    """Move assignments to the recycle bin and return how many there were."""
    wanted = set(keys)
    present = _present(op.conn, wanted)
    return records.delete(op, load_schema("assignment"), [present[key][0] for key in sorted(wanted & present.keys())])


def questions(task: Task, year: int, values: Mapping[str, Cell]) -> tuple[Problem, ...]:
    """Return what is doubtful about an assignment without making it impossible, for showing at its cells."""
    deadline, found = values.get("deadline"), []
    last = task.deadline if isinstance(task, Target) else None
    if isinstance(deadline, date):
        if last is not None and deadline > last:
            found.append(
                Problem(
                    "deadline.late",
                    f"完成期限{deadline}晚于方案规定的{last}。",
                    "请提前，或在备注里说明原因。",
                    "deadline",
                )
            )
        elif deadline.year != year:
            text = f"完成期限{deadline}不在{year}年内。"
            found.append(Problem("deadline.year", text, "请核对年度或期限。", "deadline"))
    if duty_of(task) is not Duty.COMPLETION and values.get("amount") is None and any(values.get(n) for n in FIELDS[2:]):
        found.append(Problem("amount.missing", "有工作内容，还没有填任务量。", "请补填任务量。", "amount"))
    return tuple(found)


def _checked(catalogue: Catalogue, entries: Sequence[AssignmentEntry]) -> list[AssignmentEntry]:
    """Return the entries with their amounts' units, if nothing in them is impossible.

    What was found possible is not looked at again: in a block the same values, often the same mapping of them, come
    again and again.
    """
    good: set[object] = set()
    seen: dict[tuple[str, int, str, int], Mapping[str, Cell]] = {}
    given: list[AssignmentEntry] = []
    for entry in entries:
        alike = (entry.task_id, entry.year, entry.assignee_kind, id(entry.values))
        values = seen.get(alike)
        if values is None:
            seen[alike] = values = _checked_values(catalogue, entry, good)
        given.append(entry if values is entry.values else entry._replace(values=values))
    return given


def _checked_values(catalogue: Catalogue, entry: AssignmentEntry, good: set[object]) -> Mapping[str, Cell]:
    """Return the entry's values with the unit of its amount; `good` collects what was found possible."""
    task = task_of(catalogue, entry.task_id)
    place = (entry.task_id, entry.year, entry.assignee_kind)
    if place not in good:
        _check_place(catalogue, task, entry)
        good.add(place)
    for name, cell in entry.values.items():
        if name == "amount" or (name, type(cell), cell) in good:
            continue
        if name not in CONTENT:
            raise ValueError(f"not a field of an assignment: {name!r}")
        problem = load_schema("assignment").field(name).problem_with(cell)
        if problem:
            raise problem
        good.add((name, type(cell), cell))
    if "amount" not in entry.values:
        if "unit" in entry.values:
            raise ValueError("a unit without its amount")
        return entry.values
    unit, amount = str(entry.values.get("unit") or unit_of(task)), entry.values["amount"]
    if (task.id, unit, type(amount), amount) not in good:
        check_amount(task, amount, unit)
        good.add((task.id, unit, type(amount), amount))
    if entry.values.get("unit", "") == (unit or None):
        return entry.values
    return {**entry.values, "unit": unit or None}


def _check_place(catalogue: Catalogue, task: Task, entry: AssignmentEntry) -> None:
    if duty_of(task) is Duty.NOTHING:
        advice = "它是判定标准、参考内容或市级事项。"
        raise DataProblem(f"{entry.task_id} 不向下分解。", advice=advice, code="task.nothing")
    if entry.year not in catalogue.years:
        raise year_problem(catalogue, entry.year)
    if entry.assignee_kind not in KINDS:
        raise ValueError(f"not a kind of assignee: {entry.assignee_kind!r}")


def _check_assignees(conn: sqlite3.Connection, entries: Sequence[AssignmentEntry]) -> None:
    for kind, title in KINDS.items():
        wanted = {entry.assignee_id for entry in entries if entry.assignee_kind == kind}
        if not wanted:
            continue
        sql = f"SELECT count(*) FROM {kind} WHERE id IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL"
        (found,) = conn.execute(sql, (json.dumps(sorted(wanted)),)).fetchone()
        if found < len(wanted):
            message = f"有{len(wanted) - found}个{title}不在基础信息里，或已被删除。"
            raise DataProblem(message, advice=f"请先在基础信息中登记{title}。", code="assignee")


def _present(conn: sqlite3.Connection, keys: Collection[Key]) -> dict[Key, tuple[str, str | None]]:
    """Return id and time of deletion of those of the assignments that there are, and perhaps of others."""
    sql = "SELECT task_id, year, assignee_id, id, deleted_at FROM assignment WHERE "
    rows: list[tuple[str, int, str, str, str | None]] = []
    if len(keys) <= FEW:
        for key in keys:
            rows += conn.execute(f"{sql} task_id = ? AND year = ? AND assignee_id = ?", key)
    else:
        for chunk in records.chunks(sorted({task_id for task_id, _, _ in keys})):
            rows += conn.execute(sql + records.in_list("task_id", chunk), chunk)
    return {(task_id, year, assignee): (row_id, gone) for task_id, year, assignee, row_id, gone in rows}


def _over(earlier: AssignmentEntry, later: AssignmentEntry) -> AssignmentEntry:
    return later._replace(values={**earlier.values, **later.values})


def _says_nothing(catalogue: Catalogue, entry: AssignmentEntry) -> bool:
    """Return whether the entry empties a share or a rate and gives it nothing else."""
    if "amount" not in entry.values or duty_of(task_of(catalogue, entry.task_id)) is Duty.COMPLETION:
        return False
    return all(cell is None for name, cell in entry.values.items() if name != "unit")


def _new_row(catalogue: Catalogue, entry: AssignmentEntry) -> dict[str, Cell]:
    return {
        "unit": unit_of(task_of(catalogue, entry.task_id)) or None,
        **entry.values,
        "task_id": entry.task_id,
        "year": Decimal(entry.year),
        "assignee_kind": entry.assignee_kind,
        "assignee_id": entry.assignee_id,
    }


def _drop_emptied(op: Operation, catalogue: Catalogue, entries: Iterable[AssignmentEntry], ids: Iterable[str]) -> None:
    counted = [
        row_id
        for row_id, entry in zip(ids, entries, strict=True)
        if duty_of(task_of(catalogue, entry.task_id)) is not Duty.COMPLETION
    ]
    empty = " AND ".join(f"{name} IS NULL" for name in CONTENT if name != "unit")
    op.conn.executemany(
        f"UPDATE assignment SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL AND states = '{{}}' AND {empty}",
        [(op.at, row_id) for row_id in counted],
    )
