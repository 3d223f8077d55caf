"""What the counties' quotas, shares and evaluations come to in the city: amounts are added, rates and stages are not.

    year_lines(conn, kind, period) -> [YearLine]       quotas and shares, target by target and year by year
    evaluation_lines(conn, kind, period) -> [YearLine]  what was reached, task by task

Of a rate the packages of a year hold no numerator and denominator; it stands beside the counties' names and is never
added nor averaged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from db.core.errors import DataProblem
from db.exchange.ledger.outcomes import CURRENT
from db.exchange.ledger.rows import loaded_table, read_rows
from db.plan.catalogue import Catalogue, Target, load_catalogue
from db.work.amounts import in_unit_of
from db.work.monthly.model import FigureKind, figure_kind, unit_shown
from db.work.tasks import Task, title_of

QUOTA, SHARE, REACHED = "县级目标", "分解任务量", "完成数"
_FIGURES = {
    QUOTA: ("quota", ("target_id", "year", "amount", "unit")),
    SHARE: ("assignment", ("task_id", "year", "amount", "unit")),
}
_EVALUATED = ("evaluation", ("task_id", "period", "value", "unit"))


@dataclass(frozen=True)
class YearLine:
    """What one task comes to in one year: `what` it is, each county's figure by its key, in `unit`.

    `city` is None where figures do not add up; `apart` are counties with a unit that does not convert.
    """

    task: Task
    year: str
    what: str
    unit: str
    counties: Mapping[str, Decimal]
    city: Decimal | None
    apart: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return what people call the task; a target inside another one says so."""
        inside = isinstance(self.task, Target) and self.task.part_of is not None
        return ("　其中：" if inside else "") + title_of(self.task)


@dataclass
class _Adding:
    counties: dict[str, Decimal] = field(default_factory=dict)
    apart: dict[str, None] = field(default_factory=dict)


def year_lines(conn: sqlite3.Connection, kind: str, period: str) -> list[YearLine]:
    """Return the counties' quotas and what they gave out, in the order of the plan."""
    return _lines(conn, kind, period, _FIGURES)


def evaluation_lines(conn: sqlite3.Connection, kind: str, period: str) -> list[YearLine]:
    """Return what the counties reached by their own evaluation, in the order of the plan."""
    return _lines(conn, kind, period, {REACHED: _EVALUATED})


def _lines(
    conn: sqlite3.Connection, kind: str, period: str, figures: Mapping[str, tuple[str, tuple[str, ...]]]
) -> list[YearLine]:
    plan = load_catalogue()
    packages = conn.execute(
        "SELECT county, number FROM package WHERE kind = ? AND period = ? AND standing = ? AND plan_version = ?"
        " ORDER BY county",
        (kind, period, CURRENT, plan.version),
    ).fetchall()
    found: dict[tuple[str, str, str], _Adding] = {}
    for what, (table, columns) in figures.items():
        for county, number in packages:
            for task_id, year, amount, unit in _rows(conn, number, table, columns):
                task = plan.task(task_id)
                value = _decimal(amount)
                if task is None or value is None:
                    continue
                if what == SHARE and figure_kind(task) is not FigureKind.AMOUNT:
                    continue  # each assignee has a rate of its own
                adding = found.setdefault((task_id, year, what), _Adding())
                try:
                    own = in_unit_of(task, value, unit)
                except DataProblem:
                    adding.apart[county] = None
                    continue
                adding.counties[county] = adding.counties.get(county, Decimal(0)) + own
    order = {task.id: place for place, task in enumerate(_tasks(plan))}
    kinds = list(figures)
    return [
        _line(plan, task_id, year, what, adding)
        for (task_id, year, what), adding in sorted(
            found.items(), key=lambda item: (order[item[0][0]], item[0][1], kinds.index(item[0][2]))
        )
    ]


def _line(plan: Catalogue, task_id: str, year: str, what: str, adding: _Adding) -> YearLine:
    task = plan.task(task_id)
    assert task is not None
    adds_up = figure_kind(task) is FigureKind.AMOUNT
    whole = sum(adding.counties.values(), Decimal(0)) if adds_up and adding.counties else None
    return YearLine(task, year, what, unit_shown(task), adding.counties, whole, tuple(adding.apart))


def _tasks(plan: Catalogue) -> Iterator[Task]:
    for clause in plan.clauses:
        yield clause
        yield from plan.targets_of(clause.id)


def _rows(conn: sqlite3.Connection, number: int, table: str, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    loaded = loaded_table(conn, number, table)
    if loaded is not None:
        for rows in read_rows(conn, loaded, columns):
            yield from rows


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None  # 不涉及, 暂无数据
