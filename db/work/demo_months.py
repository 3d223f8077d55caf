"""Months of the demo county: seeded sample figures for everything that is due, each labelled 演示 where people see it.

fill_months(county, first, last, seed=…) -> int         entries written; the same seed gives the same figures

A line goes towards its goal at a pace of its own; some are late, some report nothing for a month, some have no data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from random import Random

from db.core.fields import load_schema
from db.core.period import Period
from db.core.units import decimals_of
from db.core.values import Cell, State
from db.plan.catalogue import Catalogue
from db.plan.editions import county_catalogue
from db.plan.vocabulary import Direction, Measure
from db.store import records
from db.store.county import County
from db.store.operation import Operation
from db.work.demo_facts import all_facts
from db.work.monthly.facts import read_facts
from db.work.monthly.figures import Ratio
from db.work.monthly.lines import Line
from db.work.monthly.model import COUNTY, FigureKind, RowKey, last_day, month_before
from db.work.monthly.months import close_month
from db.work.monthly.projects import ProjectLine, report_lines
from db.work.monthly.supplied import supplied_targets

SEED = 370783
FIRST, LAST = Period(2021, 1), Period(2022, 3)
"""The months that the demo of the command line and the window has: few enough to be made while somebody waits."""

_STAGES = ("未启动", "前期工作", "实施中", "已完成", "已验收", "已销号")
_SILENT, _SELDOM, _NO_DATA, _APART = 0.03, 0.004, 0.02, 0.005
"""How often a line of the month that is open, and of a closed one, is not filed; has no data; is none of theirs."""
_COPIED = 0.008
_SLOW = 0.95
_UNTOLD = 7
_WORKS = ("材料进场", "主体施工", "设备安装", "调试验收", "入户走访", "台账核对")
_TROUBLES = ("资金到位晚", "设备供货慢", "手续还在办理", "部分住户意愿不高")


def fill_months(
    county: County, first: Period, last: Period, *, seed: int = SEED, close: bool = True, gaps: bool = True
) -> int:
    """File sample figures for every month from `first` to `last`; with `close` all but the last are locked after it.

    With `gaps` the last one is as it is while it is being filed: some have not reported, some figures are copied.
    """
    written = 0
    catalogue = _catalogue(county)
    state = _State(seed)
    month = first
    while month <= last:
        with county.reading() as conn:
            lines, projects = list(read_facts(conn, catalogue, month).lines), report_lines(conn, month)
        with county.operation(f"填入演示{month.title}填报") as op:
            left = gaps and month == last
            written += _file(op, month, lines, state, gaps=left) + _report(op, month, projects, state, gaps=left)
            if close and month < last:
                close_month(op, month)
        month = month_before(month, -1)
    return written


def _catalogue(county: County) -> Catalogue:
    with county.reading() as conn:
        return county_catalogue(conn)


@dataclass
class _State:
    """What a line has come to so far: figures only grow where they should."""

    seed: int
    reached: dict[RowKey, Decimal] = field(default_factory=dict)
    stage: dict[RowKey, int] = field(default_factory=dict)
    invested: dict[str, Decimal] = field(default_factory=dict)

    def chance(self, *parts: object) -> Random:
        """Return a generator that gives the same numbers for the same parts, in any order of asking."""
        return Random(f"{self.seed}:{':'.join(map(str, parts))}")


def _file(op: Operation, month: Period, lines: list[Line], state: _State, *, gaps: bool) -> int:
    told = _register_reasons(op)
    rows = [row for line in lines if (row := _row(month, line, state, gaps=gaps)) is not None]
    for row in rows:
        row["override_reason"] = told.get(str(row["task_id"]))
    records.insert_many(op, load_schema("progress"), rows)
    return len(rows)


def _register_reasons(op: Operation) -> dict[str, str]:
    """Return why what is filed is not what the registers come to, by task; of a few nothing is said yet."""
    reason: str = all_facts()["not_as_the_registers"]
    tasks = sorted(supplied_targets(op.conn))
    return dict.fromkeys([task for place, task in enumerate(tasks) if place % _UNTOLD], reason)


def _row(month: Period, line: Line, state: _State, *, gaps: bool) -> dict[str, Cell] | None:
    """Return what is filed for the line; None where nothing is: often in the month that is open (`gaps`)."""
    chance = state.chance(*line.key, month)
    apart = state.chance(*line.key).random() < _APART and line.key.assignee_kind != COUNTY
    silent = chance.random() < (_SILENT if gaps else _SELDOM)
    deadline = line.due.target.deadline if line.due.target is not None else None
    late = deadline is not None and deadline < last_day(month)
    copied = gaps and chance.random() < _COPIED
    slow = line.due.kind is not FigureKind.STAGE and (late or _pace(month, line, state) < _SLOW)
    figures: dict[str, Cell]
    if apart:
        figures = {_first(line): State.NOT_APPLICABLE}
    elif silent:
        return None
    elif chance.random() < _NO_DATA:
        figures = {_first(line): State.NO_DATA}
    else:
        figures = _figures(month, line, state)
    return {
        "task_id": line.key.task_id,
        "assignee_kind": line.key.assignee_kind,
        "assignee_id": line.key.assignee_id,
        "period": str(month),
        "unit": line.due.unit or None,
        "situation": f"演示：{chance.choice(_WORKS)}。",
        "problems": f"演示：{chance.choice(_TROUBLES)}。" if slow or chance.random() < 0.15 else None,
        "next_steps": "演示：按计划推进。",
        "source": "copied" if copied else "typed",
        "reviewed": not copied,
        **figures,
    }


def _first(line: Line) -> str:
    return "stage" if line.due.kind is FigureKind.STAGE else "amount"


def _figures(month: Period, line: Line, state: _State) -> dict[str, Cell]:
    pace = _pace(month, line, state)
    if line.due.kind is FigureKind.STAGE:
        return {"stage": _stage(month, line, state, pace)}
    if line.due.kind is FigureKind.RATE:
        return _rate(month, line, state, pace)
    return {"amount": _amount(month, line, state, pace)}


def _pace(month: Period, line: Line, state: _State) -> float:
    """Return how quickly the line goes towards its goal in this year: 1 is just in time."""
    return state.chance(*line.key, month.year).uniform(0.65, 1.15)


def _amount(month: Period, line: Line, state: _State, pace: float) -> Decimal:
    """Return what stands at the month's end: a slow winter, a busy summer, and never less than before."""
    goal = Decimal(100_000_000 if line.goal.amount is None else line.goal.amount) / 1_000_000
    before = Decimal(line.goal.before) / 1_000_000
    season = Decimal(month.month) / 12
    season = season * (1 + season * (3 - 2 * season)) / 2
    year = (goal - before) * season * Decimal(str(round(pace, 3)))
    if line.due.measure is Measure.STOCK:
        base = goal * Decimal("0.8")
        found = base + (goal - base) * season * Decimal(str(round(pace, 3)))
    else:
        found = before * Decimal("0.97") + year
    step = Decimal(1).scaleb(-decimals_of(line.due.unit))
    found = found.quantize(step, ROUND_FLOOR)
    if line.due.measure is Measure.CUMULATIVE or (line.due.measure is Measure.FLOW and month.month > 1):
        found = max(found, state.reached.get(line.key, Decimal(0)))
    state.reached[line.key] = found
    return found


def _rate(month: Period, line: Line, state: _State, pace: float) -> dict[str, Cell]:
    """Return numerator and denominator around the goal: of a reduction the present amount and the base year's."""
    goal = Ratio(line.goal.amount).value if line.goal.amount is not None else Decimal(50)
    whole = Decimal(state.chance(*line.key, "whole").randrange(200, 900))
    way = Decimal(str(round(pace, 3))) * (month.year * 12 + month.month - 2021 * 12) / 36
    if line.due.is_change and line.due.unit == "%":
        cut = goal * way / 100
        falls = line.due.target is not None and line.due.target.direction is Direction.DOWN
        part = whole * (1 - cut if falls else 1 + cut)
    elif line.due.unit in ("%", "个百分点"):
        part = whole * min(Decimal(1), goal / 100 * (Decimal("0.85") + way / 5))
    else:
        part = whole * goal * (Decimal("1.05") - way / 12)
    return {"numerator": part.quantize(Decimal("0.01")), "denominator": whole}


def _stage(month: Period, line: Line, state: _State, pace: float) -> str:
    passed, days = line.goal.passed, line.goal.days
    place = min(int(passed / max(days, 1) * pace * 4 + 0.9), 3)
    place = max(place, state.stage.get(line.key, 0))
    if place == 3 and state.chance(*line.key, month, "later").random() < 0.3:
        place = 4
    state.stage[line.key] = place
    return _STAGES[place]


def _report(op: Operation, month: Period, projects: list[ProjectLine], state: _State, *, gaps: bool) -> int:
    rows = [row for line in projects if (row := _project(month, line, state, gaps=gaps)) is not None]
    records.insert_many(op, load_schema("project_report"), rows)
    return len(rows)


def _project(month: Period, line: ProjectLine, state: _State, *, gaps: bool) -> dict[str, Cell] | None:
    chance = state.chance(*line.key, month)
    left_out = chance.random() < 0.1 and gaps
    if line.total_investment is None or left_out:
        return None
    spent = state.invested.get(line.key.row_id, Decimal(0))
    step = line.total_investment * Decimal(chance.randrange(0, 6)) / 100
    spent = min(line.total_investment, (spent + step).quantize(Decimal("0.01")))
    state.invested[line.key.row_id] = spent
    share = spent / line.total_investment if line.total_investment else Decimal(0)
    return {
        "register": line.key.register,
        "row_id": line.key.row_id,
        "period": str(month),
        "completed_investment": spent,
        "stage": "未启动" if not spent else "前期工作" if share < Decimal("0.1") else "实施中",
        "situation": f"演示：{chance.choice(_WORKS)}。",
        "source": "typed",
        "reviewed": True,
    }
