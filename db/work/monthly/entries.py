"""Writing what is filed: one cell, a pasted block, last month's figures taken over; each part of one operation.

    set_entries(op, period, [EntryChange, …], catalogue=None) -> list[str]       ids of the rows in `progress`
    copy_last_month(op, period, keys, catalogue=None) -> int                    unreviewed until looked at
    review(op, period, keys) -> int                                             they were looked at

A closed month refuses with a sentence. What is impossible is refused, what is doubtful is stored and shown.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell, State
from db.plan.catalogue import Catalogue
from db.plan.editions import county_catalogue
from db.store import records
from db.store.operation import Operation
from db.work.amounts import check_amount
from db.work.monthly.model import (
    ASSIGNEE_KINDS,
    COUNTY,
    FigureKind,
    RowKey,
    figure_kind,
    long_past,
    month_before,
    unit_shown,
)
from db.work.monthly.months import require_open
from db.work.monthly.supplied import Suppliers
from db.work.tasks import Task, task_of, title_of

FIGURES = ("amount", "numerator", "denominator", "stage")
TEXTS = ("situation", "problems", "next_steps")
FIELDS = (*FIGURES, "unit", *TEXTS, "override_reason")
"""The fields that a change may hold."""

_BLANK: Mapping[str, Cell] = {**dict.fromkeys(FIELDS), "source": "typed", "reviewed": True}
"""What an entry holds that has only just been made."""

_OF_KIND = {
    FigureKind.AMOUNT: ("amount",),
    FigureKind.RATE: ("amount", "numerator", "denominator"),
    FigureKind.STAGE: ("stage",),
}


@dataclass(frozen=True)
class EntryChange:
    """What is to be written for one line: only the fields in `values` change (see `FIELDS`).

    None clears a cell (未报), a State is an answer. A figure without a `unit` is in the task's. `source` says where it
    comes from: typed, register, workbook or copied.
    """

    key: RowKey
    values: Mapping[str, Cell] = field(default_factory=dict)
    source: str = "typed"


def set_entries(
    op: Operation, period: Period, changes: Iterable[EntryChange], *, catalogue: Catalogue | None = None
) -> list[str]:
    """Write the changes and return the ids of their rows in order; all of it, or nothing.

    An answer (不涉及, 暂无数据) in one of a rate's cells stands for the whole figure and clears the others; a number in
    one clears the answer. DataProblem for a closed month, an unknown task or assignee, an impossible figure, and for
    one that differs from what the registers give without an `override_reason`.
    """
    require_open(op.conn, period)
    plan = catalogue or county_catalogue(op.conn)
    given = list(changes)
    _check_assignees(op.conn, {change.key for change in given})
    present = _present(op.conn, period, [change.key for change in given])
    checked = [_checked(plan, change) for change in given]
    _check_overrides(op, plan, period, given, checked, present)
    merged: dict[RowKey, dict[str, Cell]] = {}
    for change, values in zip(given, checked, strict=True):
        merged.setdefault(change.key, {}).update(values)
    ids = _store(op, plan, period, merged, present)
    return [ids.get(change.key, "") for change in given]


def copy_last_month(
    op: Operation, period: Period, keys: Iterable[RowKey], *, catalogue: Catalogue | None = None
) -> int:
    """Take last month's figures and texts over for the lines that have none yet, and return how many there were.

    They count as unreviewed until somebody has looked at them. A text that this month has already stays. A figure that
    restarts in January is not taken over the turn of the year.
    """
    require_open(op.conn, period)
    plan = catalogue or county_catalogue(op.conn)
    wanted = list(dict.fromkeys(keys))
    before = month_before(period)
    copied: dict[RowKey, dict[str, Cell]] = {}
    last = _rows(op.conn, before, wanted)
    now = _rows(op.conn, period, wanted)
    for key in wanted:
        row = last.get(key)
        task = task_of(plan, key.task_id)
        mine = now[key].values if key in now else {}
        if row is None or any_content({name: mine.get(name) for name in FIGURES}):
            continue
        if before.year != period.year and figure_kind(task) is not FigureKind.STAGE and _restarts(task):
            continue
        values = {name: row.values[name] for name in FIGURES}
        if any_content(values):
            values |= {name: row.values[name] for name in TEXTS if mine.get(name) is None}
            copied[key] = {**values, "unit": row.values["unit"], "source": "copied", "reviewed": False}
    _store(op, plan, period, copied, _present(op.conn, period, copied))
    return len(copied)


def review(op: Operation, period: Period, keys: Iterable[RowKey]) -> int:
    """Mark entries as looked at, and return how many were not."""
    require_open(op.conn, period)
    found = _rows(op.conn, period, list(keys))
    unseen = [row.id for row in found.values() if row.values["reviewed"] is False]
    records.update_many(op, load_schema("progress"), [(row_id, {"reviewed": True}) for row_id in unseen])
    return len(unseen)


def _store(
    op: Operation,
    plan: Catalogue,
    period: Period,
    wanted: Mapping[RowKey, Mapping[str, Cell]],
    present: Mapping[RowKey, tuple[str, str | None]],
) -> dict[RowKey, str]:
    """Write what is `wanted` and return the ids of all rows; one in the recycle bin comes back without what it held."""
    schema = load_schema("progress")
    new = {key: values for key, values in wanted.items() if key not in present and any_content(values)}
    rows = [{**_key_values(plan, key, period), **values} for key, values in new.items()]
    ids = dict(zip(new, records.insert_many(op, schema, rows), strict=True))
    there = [(key, row_id, gone) for key, (row_id, gone) in present.items() if key in wanted]
    records.restore(op, schema, [row_id for _, row_id, gone in there if gone])
    changes = [(row_id, {**(_BLANK if gone else {}), **wanted[key]}) for key, row_id, gone in there]
    records.update_many(op, schema, changes)
    return ids | {key: row_id for key, (row_id, _) in present.items()}


def any_content(values: Mapping[str, Cell]) -> bool:
    """Return whether there is anything in these fields but marks."""
    return any(cell is not None for name, cell in values.items() if name not in ("unit", "source", "reviewed"))


def _restarts(task: Task) -> bool:
    return getattr(task, "measure", "") == "flow"


def _checked(plan: Catalogue, change: EntryChange) -> dict[str, Cell]:
    """Return the values to store; DataProblem when one of them cannot be."""
    task = task_of(plan, change.key.task_id)
    kind, schema = figure_kind(task), load_schema("progress")
    values: dict[str, Cell] = dict(change.values)
    own = _OF_KIND[kind]
    unit = str(values.get("unit") or unit_shown(task))
    for name, cell in values.items():
        if name not in FIELDS:
            raise ValueError(f"not a field of an entry: {name!r}")
        if name in FIGURES and name not in own and cell is not None:
            asked = "、".join(schema.field(n).title for n in own)
            raise DataProblem(
                f"{change.key.task_id} {title_of(task)}不填“{schema.field(name).title}”。",
                advice=f"这项任务填{asked}。",
                code="entry.kind",
            )
        problem = None if name == "amount" else schema.field(name).problem_with(cell)
        if problem:
            raise problem
    if "amount" in values:
        check_amount(task, values["amount"], unit)
    figures = [name for name in own if name in values]
    state = next((values[name] for name in figures if isinstance(values[name], State)), None)
    if state is not None:
        values |= dict.fromkeys(own) | {own[0]: state}
    elif figures and any(values[name] is not None for name in figures) and len(own) > 1:
        # An answer that stood for the whole figure goes when a part of the figure comes.
        values.setdefault("amount", None)
    if figures:
        values |= {"unit": unit or None, "source": change.source, "reviewed": True}
    elif values:
        values.setdefault("reviewed", True)
    return values


def _check_overrides(
    op: Operation,
    plan: Catalogue,
    period: Period,
    changes: Sequence[EntryChange],
    checked: Sequence[Mapping[str, Cell]],
    present: Mapping[RowKey, tuple[str, str | None]],
) -> None:
    """Refuse a typed figure that differs from what the registers give, if nobody says why.

    The registers tell how things are now, which says nothing about a month long past.
    """
    if long_past(period, date.fromisoformat(op.at[:10])):
        return
    suppliers = Suppliers(op.conn, plan, period)
    for change, values in zip(changes, checked, strict=True):
        figures = {name: values[name] for name in FIGURES if values.get(name) is not None}
        if change.source != "typed" or not figures:
            continue
        found = suppliers.of(change.key)
        same = found is None or all(found.values.get(name) == cell for name, cell in figures.items())
        if same or found is None or values.get("override_reason") or _reason(op.conn, present.get(change.key)):
            continue
        raise DataProblem(
            f"{change.key.task_id} 填的数和项目清单汇总的不同。{found.sentence}",
            advice="请核对清单；确需另填的，写明改数理由。",
            code="entry.override",
        )


def _reason(conn: sqlite3.Connection, present: tuple[str, str | None] | None) -> str:
    if present is None:
        return ""
    row = conn.execute("SELECT coalesce(override_reason, '') FROM progress WHERE id = ?", (present[0],)).fetchone()
    return str(row[0])


def _key_values(plan: Catalogue, key: RowKey, period: Period) -> dict[str, Cell]:
    return {
        "unit": unit_shown(task_of(plan, key.task_id)) or None,
        "task_id": key.task_id,
        "assignee_kind": key.assignee_kind,
        "assignee_id": key.assignee_id,
        "period": str(period),
    }


def _check_assignees(conn: sqlite3.Connection, keys: Collection[RowKey]) -> None:
    for kind, title in ASSIGNEE_KINDS.items():
        wanted = {key.assignee_id for key in keys if key.assignee_kind == kind}
        if kind == COUNTY:
            wanted -= {COUNTY}
        else:
            for chunk in records.chunks(sorted(wanted)):
                sql = f"SELECT id FROM {kind} WHERE {records.in_list('id', chunk)}"
                wanted -= {row_id for (row_id,) in conn.execute(sql, chunk)}
        if wanted:
            raise DataProblem(
                f"有{len(wanted)}个{title}不在基础信息里。", advice=f"请先在基础信息中登记{title}。", code="assignee"
            )


def _present(conn: sqlite3.Connection, period: Period, keys: Iterable[RowKey]) -> dict[RowKey, tuple[str, str | None]]:
    """Return id and time of deletion of the entries there are."""
    found: dict[RowKey, tuple[str, str | None]] = {}
    sql = "SELECT id, deleted_at FROM progress WHERE task_id = ? AND assignee_id = ? AND period = ?"
    for key in keys:
        row = conn.execute(sql, (key.task_id, key.assignee_id, str(period))).fetchone()
        if row is not None:
            found[key] = (row[0], row[1])
    return found


def _rows(conn: sqlite3.Connection, period: Period, keys: Sequence[RowKey]) -> dict[RowKey, records.Row]:
    found = {key: row_id for key, (row_id, gone) in _present(conn, period, keys).items() if gone is None}
    rows = {row.id: row for row in records.get_many(conn, load_schema("progress"), found.values())}
    return {key: rows[row_id] for key, row_id in found.items()}
