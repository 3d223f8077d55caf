"""The month's report of every unfinished project: how much was invested, how far it is, what is in the way.

report_lines(conn, period, town="") -> list[ProjectLine]
set_reports(op, period, [ReportChange, …]) -> list[str]            and the register's own row follows
copy_last_reports(op, period, keys) -> int
investment(conn, period) -> Investment        investments_by_month(conn, period) -> {period: 万元}
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from db.core.errors import DataProblem
from db.core.field import Field
from db.core.fields import TableSchema, load_schema
from db.core.period import Period
from db.core.values import Cell, from_micro
from db.store import records
from db.store.connection import quoted
from db.store.exact_sum import exact_sum, read_sum
from db.store.operation import Operation
from db.work.monthly.model import last_day, long_past, month_before
from db.work.monthly.months import require_open
from db.work.registers import register, registers, unfinished

FIELDS = ("completed_investment", "stage", "situation", "problems", "next_steps")
"""The fields of a report that a change may hold."""

_SHARED = ("completed_investment", "stage", "problems", "next_steps")
"""Those that the register's own row has too."""


class ProjectKey(NamedTuple):
    """Which project: the register's name and the row's id."""

    register: str
    row_id: str


@dataclass(frozen=True)
class Report:
    """What was reported of a project for a month; investments in 万元, None is 未报."""

    completed_investment: Cell = None
    stage: Cell = None
    situation: str = ""
    problems: str = ""
    next_steps: str = ""
    source: str = ""
    reviewed: bool = True
    id: str = ""

    @property
    def filed(self) -> bool:
        """Return whether there is a figure or a stage."""
        return self.completed_investment is not None or self.stage is not None


@dataclass(frozen=True)
class ProjectLine:
    """A project that is not finished, or was reported this month; `present` is what the register says now.

    `newer` says that a later month has a report. `share` is the completed part of the total investment in %, `late`
    whether its planned day has passed at the end of the month and it is not done.
    """

    key: ProjectKey
    register_title: str
    name: str
    town_id: str
    town: str
    total_investment: Decimal | None
    planned_investment: Decimal | None
    planned_completion_on: date | None
    now: Report
    last: Report
    present: Report
    share: Decimal | None
    late: bool
    newer: bool = False

    def differs(self, name: str) -> bool:
        """Return whether the register says something else than this report, which is the newest that there is."""
        told, present = getattr(self.now, name), getattr(self.present, name)
        return self.now.filed and not self.newer and told not in (None, "") and told != present


@dataclass(frozen=True)
class ReportChange:
    """What is to be written for one project: only the fields in `values` change (see `FIELDS`)."""

    key: ProjectKey
    values: Mapping[str, Cell] = field(default_factory=dict)
    source: str = "typed"


@dataclass(frozen=True)
class Investment:
    """Investments of all registers in 万元 at the end of a month, of `projects` live rows.

    `completed` is each project's newest report up to then, else what its register says.
    """

    projects: int
    total: Decimal
    planned: Decimal
    completed: Decimal

    @property
    def percent(self) -> Decimal | None:
        """Return the completed part of the total in %."""
        return (self.completed / self.total * 100).quantize(Decimal("0.1")) if self.total else None


def report_lines(conn: sqlite3.Connection, period: Period, town: str = "") -> list[ProjectLine]:
    """Return the projects due for a report, register by register, in the order of entry; `town` narrows to a town."""
    now, last = _reports(conn, period), _reports(conn, month_before(period))
    sql = "SELECT DISTINCT register, row_id FROM project_report WHERE period > ? AND deleted_at IS NULL"
    newer = set(conn.execute(sql, (str(period),)))
    return [
        _line(schema, row, now, last, period, newer=(schema.name, row.id) in newer)
        for schema in registers(conn)
        if "completed_investment" in schema and "stage" in schema
        for row in _due(conn, schema, period, town)
    ]


def set_reports(op: Operation, period: Period, changes: Iterable[ReportChange]) -> list[str]:
    """Write reports and return their rows' ids in order; the projects' own rows take over what is newest.

    A report of a month long past takes the row further, but not back to what was true then: see `_follow`. DataProblem
    for a closed month, a project that is not there, an impossible value.
    """
    require_open(op.conn, period)
    schema = load_schema("project_report")
    late = long_past(period, date.fromisoformat(op.at[:10]))
    ids: list[str] = []
    for change in changes:
        values: dict[str, Cell] = dict(change.values)
        for name, cell in values.items():
            if name not in FIELDS:
                raise ValueError(f"not a field of a report: {name!r}")
            problem = schema.field(name).problem_with(cell)
            if problem:
                raise problem
        if values:
            values |= {"source": change.source, "reviewed": change.source != "copied"}
        known = _reported(op.conn, change.key, period) if late else {}
        ids.append(_write(op, schema, period, change.key, values))
        if change.source != "copied":
            _follow(op, period, change.key, values, known if late else None)
    return ids


def copy_last_reports(op: Operation, period: Period, keys: Iterable[ProjectKey]) -> int:
    """Take last month's reports over where there is none yet, unreviewed, and return how many there were.

    A text that this month has already stays.
    """
    now, last = _reports(op.conn, period), _reports(op.conn, month_before(period))
    changes = [
        ReportChange(key, _carried(last[key], now.get(key, Report())), "copied")
        for key in dict.fromkeys(keys)
        if key in last and last[key].filed and not now.get(key, Report()).filed
    ]
    set_reports(op, period, changes)
    return len(changes)


def investment(conn: sqlite3.Connection, period: Period) -> Investment:
    """Return the investments of all registers at the end of the month."""
    projects = total = planned = completed = 0
    for schema in registers(conn):
        if "completed_investment" not in schema or "total_investment" not in schema:
            continue
        newest = (
            "coalesce((SELECT p.completed_investment FROM project_report p WHERE p.register = ?1 AND p.row_id = t.id"
            " AND p.period <= ?2 AND p.completed_investment IS NOT NULL AND p.deleted_at IS NULL"
            " ORDER BY p.period DESC LIMIT 1), t.completed_investment)"
        )
        row = conn.execute(
            f"SELECT count(*), {exact_sum('t.total_investment')}, {exact_sum('t.planned_investment')},"
            f" {exact_sum(newest)} FROM {quoted(schema.table)} t WHERE t.deleted_at IS NULL",
            (schema.name, str(period)),
        ).fetchone()
        projects += row[0]
        total, planned, completed = (
            whole + read_sum(each) for whole, each in zip((total, planned, completed), row[1:], strict=True)
        )
    return Investment(projects, from_micro(total), from_micro(planned), from_micro(completed))


def investments_by_month(conn: sqlite3.Connection, period: Period, months: int = 12) -> dict[Period, Decimal]:
    """Return the completed investment at the end of each of the last `months` months, of live projects that reported.

    A project that did not report goes on with its last report.
    """
    rows: list[tuple[str, str, str, int]] = []
    for schema in registers(conn):
        rows += conn.execute(
            "SELECT p.register, p.row_id, p.period, p.completed_investment FROM project_report p"
            f" JOIN {quoted(schema.table)} t ON t.id = p.row_id AND t.deleted_at IS NULL WHERE p.register = ?"
            " AND p.period <= ? AND p.completed_investment IS NOT NULL AND p.deleted_at IS NULL",
            (schema.name, str(period)),
        )
    rows.sort(key=lambda row: row[2])
    newest: dict[tuple[str, str], int] = {}
    found: dict[Period, Decimal] = {}
    place = 0
    for month in (month_before(period, back) for back in range(months - 1, -1, -1)):
        while place < len(rows) and rows[place][2] <= str(month):
            newest[rows[place][:2]] = rows[place][3]
            place += 1
        found[month] = from_micro(sum(newest.values()))
    return found


def _carried(last: Report, now: Report) -> dict[str, Cell]:
    """Return what last month's report has and this month's has not; an investment of 0 is one."""
    return {
        name: getattr(last, name)
        for name in FIELDS
        if getattr(last, name) not in (None, "") and getattr(now, name) in (None, "")
    }


def _write(op: Operation, schema: TableSchema, period: Period, key: ProjectKey, values: dict[str, Cell]) -> str:
    own = register(op.conn, key.register)
    if op.conn.execute(f"SELECT 1 FROM {quoted(own.table)} WHERE id = ?", (key.row_id,)).fetchone() is None:
        raise DataProblem("这个项目不在清单里。", advice="请刷新后再填。", code="report.project")
    row = op.conn.execute(
        "SELECT id, deleted_at FROM project_report WHERE register = ? AND row_id = ? AND period = ?",
        (key.register, key.row_id, str(period)),
    ).fetchone()
    if row is None:
        whole: dict[str, Cell] = {"register": key.register, "row_id": key.row_id, "period": str(period), **values}
        return records.insert(op, schema, whole)
    if row[1] is not None:
        records.restore(op, schema, [row[0]])
        values = {**dict.fromkeys(FIELDS), **values}
    records.update(op, schema, row[0], values)
    return str(row[0])


def _reported(conn: sqlite3.Connection, key: ProjectKey, period: Period) -> dict[str, Cell]:
    """Return what the reports up to the month say, of each field the newest that says anything."""
    where = "t.register = ? AND t.row_id = ? AND t.period <= ? AND t.deleted_at IS NULL"
    rows = records.select(
        conn, load_schema("project_report"), where, [key.register, key.row_id, str(period)], "ORDER BY t.period"
    )
    return {name: cell for row in rows for name in _SHARED if (cell := row.values[name]) is not None}


def _follow(
    op: Operation, period: Period, key: ProjectKey, values: Mapping[str, Cell], known: Mapping[str, Cell] | None
) -> None:
    """Let the project's own row say what its newest report says; an emptied report leaves it as it is.

    A report of a month long past replaces what came from a report (`known`, None for any other month), which is older
    still. What was typed into the row is newer than such a report: it is only carried on, never back, and what was
    corrected by hand since that month stays as it is.
    """
    later = op.conn.execute(
        "SELECT 1 FROM project_report WHERE register = ? AND row_id = ? AND period > ? AND deleted_at IS NULL LIMIT 1",
        (key.register, key.row_id, str(period)),
    ).fetchone()
    own = register(op.conn, key.register)
    taken = {name: values[name] for name in _SHARED if values.get(name) is not None and name in own}
    if later is not None or not taken:
        return
    row = records.get(op.conn, own, key.row_id) if known is not None else None
    if row is not None and known is not None:
        taken = {
            name: cell
            for name, cell in taken.items()
            if row.values[name] == known.get(name)
            or (
                _further(own.field(name), row.values[name], cell)
                and not _corrected_since(op.conn, own, key.row_id, name, period)
            )
        }
    if taken:
        records.update(op, own, key.row_id, taken)


def _further(own: Field, present: Cell, cell: Cell) -> bool:
    """Return whether `cell` goes on from what stands there: a larger amount, a later stage, anything after nothing."""
    if isinstance(present, Decimal) and isinstance(cell, Decimal):
        return cell > present
    if present in own.enum and cell in own.enum:
        return own.enum.index(str(cell)) > own.enum.index(str(present))
    return present is None


def _corrected_since(conn: sqlite3.Connection, own: TableSchema, row_id: str, name: str, period: Period) -> bool:
    """Return whether somebody changed a value of the row by hand, not by a report, after the month's end."""
    found = conn.execute(
        "SELECT 1 FROM change c JOIN operation o ON o.id = c.operation_id AND o.state = 'done' AND o.kind IN"
        " ('do', 'fixed') WHERE c.table_name = ? AND c.row_id = ? AND c.action = 'update' AND o.at > ?"
        " AND json_extract(c.before, '$.' || ?) IS NOT NULL AND NOT EXISTS (SELECT 1 FROM change r"
        " WHERE r.operation_id = c.operation_id AND r.table_name = 'project_report') LIMIT 1",
        (own.table, row_id, f"{last_day(period).isoformat()}T24", name),
    )
    return found.fetchone() is not None


def _due(conn: sqlite3.Connection, schema: TableSchema, period: Period, town: str) -> Iterable[records.Row]:
    reported = "t.id IN (SELECT row_id FROM project_report WHERE register = ? AND period = ? AND deleted_at IS NULL)"
    where = f"t.deleted_at IS NULL AND (({unfinished(schema, 't.')}) OR {reported})"
    parameters: list[str] = [schema.name, str(period)]
    if town:
        where, parameters = f"{where} AND t.town_id = ?", [*parameters, town]
    return records.select(conn, schema, where, parameters, "ORDER BY t.seq")


def _line(
    schema: TableSchema,
    row: records.Row,
    now: Mapping[ProjectKey, Report],
    last: Mapping[ProjectKey, Report],
    period: Period,
    *,
    newer: bool,
) -> ProjectLine:
    key, values = ProjectKey(schema.name, row.id), row.values
    report, present = now.get(key, Report()), _report(row.id, {name: values.get(name) for name in FIELDS})
    total, planned = values.get("total_investment"), values.get("planned_investment")
    done = report.completed_investment if report.filed else present.completed_investment
    until = values.get("planned_completion_on")
    stage = report.stage or present.stage
    share = None
    if isinstance(total, Decimal) and isinstance(done, Decimal) and total:
        share = (done / total * 100).quantize(Decimal("0.1"))
    return ProjectLine(
        key=key,
        register_title=schema.title,
        name=str(values.get(schema.initials_of) or "（未填名称）"),
        town_id=str(values.get("town_id") or ""),
        town=row.labels.get("town_id", ""),
        total_investment=total if isinstance(total, Decimal) else None,
        planned_investment=planned if isinstance(planned, Decimal) else None,
        planned_completion_on=until if isinstance(until, date) else None,
        now=report,
        last=last.get(key, Report()),
        present=present,
        share=share,
        late=isinstance(until, date) and until < last_day(period) and stage not in schema.field("stage").done,
        newer=newer,
    )


def _reports(conn: sqlite3.Connection, period: Period) -> dict[ProjectKey, Report]:
    rows = records.select(conn, load_schema("project_report"), "t.period = ? AND t.deleted_at IS NULL", [str(period)])
    return {
        ProjectKey(str(row.values["register"]), str(row.values["row_id"])): _report(row.id, row.values) for row in rows
    }


def _report(row_id: str, values: Mapping[str, Cell]) -> Report:
    return Report(
        completed_investment=values.get("completed_investment"),
        stage=values.get("stage"),
        situation=str(values.get("situation") or ""),
        problems=str(values.get("problems") or ""),
        next_steps=str(values.get("next_steps") or ""),
        source=str(values.get("source") or ""),
        reviewed=values.get("reviewed") is not False,
        id=row_id,
    )


def project_counts(conn: sqlite3.Connection, period: Period) -> dict[str, tuple[int, int]]:
    """Return by town id how many projects are due for a report of the month and how many have one."""
    found: dict[str, tuple[int, int]] = {}
    for schema in registers(conn):
        if "completed_investment" not in schema or "stage" not in schema or "town_id" not in schema:
            continue
        rows = conn.execute(
            f"SELECT coalesce(t.town_id, ''), count(*), count(p.id) FROM {quoted(schema.table)} t"
            " LEFT JOIN project_report p ON p.register = ?1 AND p.row_id = t.id AND p.period = ?2"
            " AND p.deleted_at IS NULL AND coalesce(p.completed_investment, p.stage) IS NOT NULL"
            f" WHERE t.deleted_at IS NULL AND (p.id IS NOT NULL OR ({unfinished(schema, 't.')})) GROUP BY 1",
            (schema.name, str(period)),
        )
        for town, due, filed in rows:
            before = found.get(town, (0, 0))
            found[town] = (before[0] + due, before[1] + filed)
    return found
