"""月调度 with 100 tasks × 200 units × 36 months, 720,000 entries: 总览 from cold, the month's grid, a typed figure.

The county is filled once per run with SQL of its own. The promise to the clerk is 300 ms for 总览 on a file that was
just opened, 150 ms to turn to a month's grid with the lines on the screen, 100 ms from a typed figure to its lamp and
the county's total, by the clock on a PC with nothing else to do; neighbours lengthen that, so the same is taken in
processor time, and held against a bare SQL aggregation of the same rows.
"""

from __future__ import annotations

import atexit
import json
import shutil
import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from random import Random

from db.core.period import Period
from db.plan.catalogue import load_catalogue
from db.store import journal
from db.store.connection import FILE_NAME, connect_reader, connect_writer
from db.store.county import County
from db.work.assignees import assignees
from db.work.monthly.curves import curve
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.grid import month_grid, renewed
from db.work.monthly.late import late
from db.work.monthly.model import FigureKind, RowKey, figure_kind
from db.work.monthly.overview import month_overview
from db.work.monthly.rows import month_rows, row_of
from db.work.setup import new_county
from db.work.tasks import Duty, Task, duty_of, unit_of
from tests.bench.bench_breakdown import Sample, sample
from tests.bench.harness import Measured, benchmark, percentile

TASKS, UNITS = 100, 200
MONTHS = [Period(year, month) for year in (2021, 2022, 2023) for month in range(1, 13)]
NOW = Period(2023, 10)
TARGET = "08-06-1"
PLAN = load_catalogue()
NAME = f"month {TASKS}×{UNITS}×{len(MONTHS)}"

ASSIGN = """
INSERT INTO assignment (id, task_id, year, assignee_kind, assignee_id, amount, unit, deadline, responsible, phone)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, '张三', '0536-5221234')
"""
ENTER = """
INSERT INTO progress (id, task_id, assignee_kind, assignee_id, period, amount, numerator, denominator, stage, unit,
                      situation, source, reviewed, states)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '按计划推进，管网铺设完成三分之一', 'typed', 1, ?)
"""
BARE = """
SELECT a.task_id, count(*), sum(a.amount), count(p.amount), sum(p.amount), sum(p.numerator), sum(p.denominator),
       count(p.stage), sum(p.states <> '{}'), sum(p.reviewed = 0)
FROM assignment a
LEFT JOIN progress p INDEXED BY progress_figures
  ON p.task_id = a.task_id AND p.period = ? AND p.assignee_id = a.assignee_id AND p.deleted_at IS NULL
WHERE a.task_id IN (SELECT value FROM json_each(?)) AND a.year = ? AND a.deleted_at IS NULL
GROUP BY a.task_id
"""


def tasks() -> list[Task]:
    """Return as many tasks as are filed."""
    everything: list[Task] = [*PLAN.targets, *PLAN.clauses]
    able = [task for task in everything if duty_of(task) is not Duty.NOTHING]
    return sorted(able, key=lambda task: task.id != TARGET)[:TASKS]


@cache
def folder() -> Path:
    """Return a county in which everybody has filed every task in every month, but for a few."""
    place = Path(tempfile.mkdtemp(prefix="sijian-bench-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    county = new_county(place / "county", county="370783", author="测试")
    with county.reading() as conn:
        towns = [who.id for who in assignees(conn, ("town",)) if who.own]
    county.close()
    firms = [f"{n:08d}-0000-4000-8000-000000000000" for n in range(UNITS - len(towns))]
    units = [("town", town) for town in towns] + [("enterprise", firm) for firm in firms]
    with closing(connect_writer(place / "county" / FILE_NAME)) as conn:
        conn.execute("BEGIN")
        tables = ("enterprise", "assignment", "progress")
        for table in tables:
            journal.uninstall(conn, table)
        conn.executemany(
            "INSERT INTO enterprise (id, name, town_id) VALUES (?, ?, ?)",
            [(firm, f"寿光第{n}机械有限公司", towns[n % len(towns)]) for n, firm in enumerate(firms)],
        )
        conn.executemany(ASSIGN, shares(units))
        for month in MONTHS:
            conn.executemany(ENTER, entries(units, month))
        for table in tables:
            journal.install(conn, table)
        conn.execute("COMMIT")
    return place / "county"


Row = tuple[object, ...]


def shares(units: list[tuple[str, str]]) -> Iterator[Row]:
    """Yield an assignment for everybody, task and year."""
    for task in tasks():
        counted = figure_kind(task) is not FigureKind.STAGE
        for year in PLAN.years:
            for kind, who in units:
                amount = 120_000_000 if counted else None
                yield f"{task.id}{year}{who}", task.id, year, kind, who, amount, unit_of(task) or None, f"{year}-12-31"


def entries(units: list[tuple[str, str]], month: Period) -> Iterator[Row]:
    """Yield what everybody files for the month; one in fifty files nothing, one in a hundred has no data."""
    chance = Random(str(month))
    number = MONTHS.index(month) + 1
    for task in tasks():
        kind_of_figure = figure_kind(task)
        for kind, who in units:
            luck = chance.random()
            if luck < 0.02:
                continue
            amount = numerator = denominator = stage = None
            states = '{"amount":"暂无数据"}' if luck < 0.03 and kind_of_figure is not FigureKind.STAGE else "{}"
            if kind_of_figure is FigureKind.STAGE:
                stage = "实施中" if luck < 0.8 else "前期工作"
            elif states == "{}" and kind_of_figure is FigureKind.RATE:
                numerator, denominator = 80_000_000 + number, 100_000_000
            elif states == "{}":
                amount = int(number * 10_000_000 * (0.6 + luck / 2))
            head = f"{month}{task.id}{who}", task.id, kind, who, str(month)
            yield *head, amount, numerator, denominator, stage, unit_of(task) or None, states


def cold(action: Callable[[sqlite3.Connection], object]) -> Sample:
    """Return how long the action takes on a connection that has read nothing yet."""
    with closing(connect_reader(folder() / FILE_NAME)) as conn:
        return sample(lambda: action(conn))


def overview(conn: sqlite3.Connection) -> object:
    """Read 总览 with the curve that stands on it."""
    return month_overview(conn, PLAN, NOW), curve(conn, PLAN, NOW, TARGET)


def grid(conn: sqlite3.Connection) -> object:
    """Read the month's grid with the lines on the screen."""
    found = month_grid(conn, PLAN, NOW)
    return month_rows(conn, PLAN, found, range(40))


def bare(conn: sqlite3.Connection) -> object:
    """Sum the month's rows in SQL alone."""
    return conn.execute(BARE, (str(NOW), json.dumps([task.id for task in tasks()]), NOW.year)).fetchall()


@cache
def turning() -> list[Sample]:
    """Return some runs of turning the page to the month's grid, as the window does: the file is open, not read anew."""
    with closing(connect_reader(folder() / FILE_NAME)) as conn:
        month_grid(conn, PLAN, MONTHS[MONTHS.index(NOW) - 1])
        return [sample(partial(grid, conn)) for _ in range(9)]


@cache
def samples(action: Callable[[sqlite3.Connection], object]) -> list[Sample]:
    """Return some cold runs of the action."""
    folder()
    return [cold(action) for _ in range(9)]


@benchmark(f"{NAME}: 总览 with a curve, file just opened, median by the clock", unit="ms", limit=300)
def overview_clock() -> Measured:
    return Measured(statistics.median(each.wall for each in samples(overview)) * 1000)


@benchmark(f"{NAME}: 总览 with a curve, file just opened, median of processor time", unit="ms", limit=300)
def overview_processor() -> Measured:
    return Measured(statistics.median(each.cpu for each in samples(overview)) * 1000)


@benchmark(f"{NAME}: 总览, processor time to that of a bare SQL aggregation of the same rows", limit=12)
def overview_ratio() -> Measured:
    own, reference = ([each.cpu for each in samples(action)] for action in (overview, bare))
    return Measured(statistics.median(own), statistics.median(reference))


@benchmark(f"{NAME}: the month's grid and 40 lines, median by the clock", unit="ms", limit=150)
def grid_clock() -> Measured:
    return Measured(statistics.median(each.wall for each in turning()) * 1000)


@benchmark(f"{NAME}: the month's grid and 40 lines, median of processor time", unit="ms", limit=150)
def grid_processor() -> Measured:
    return Measured(statistics.median(each.cpu for each in turning()) * 1000)


@benchmark(f"{NAME}: the month's grid, processor time to that of a bare SQL aggregation of the same rows", limit=8)
def grid_ratio() -> Measured:
    own, reference = ([each.cpu for each in samples(action)] for action in (grid, bare))
    return Measured(statistics.median(own), statistics.median(reference))


@benchmark(f"{NAME}: typed figure to lamp and total, 95th percentile by the clock", unit="ms", limit=100)
def typing() -> Measured:
    return Measured(percentile([each.wall for each in type_figures()], 95) * 1000)


@benchmark(f"{NAME}: typed figure to lamp and total, 95th percentile of processor time", unit="ms", limit=100)
def typing_processor() -> Measured:
    return Measured(percentile([each.cpu for each in type_figures()], 95) * 1000)


@cache
def type_figures() -> list[Sample]:
    """Return what it took to file each of some figures, and to see its line and the county's total."""
    with County.open(folder(), author="测试") as county, county.reading() as conn:
        shown = month_grid(conn, PLAN, NOW)
        keys = [line.key for line in shown.lines if line.key.task_id == TARGET]

        def enter(key: RowKey, amount: int) -> None:
            with county.operation("填报") as op:
                set_entries(op, NOW, [EntryChange(key, {"amount": Decimal(amount)})], catalogue=PLAN)
            again = renewed(conn, PLAN, shown, [key.task_id])
            row = row_of(conn, PLAN, again, key)
            assert row is not None and row.figure == amount and again.totals[TARGET].lamp.percent is not None

        found = [sample(partial(enter, keys[n * 7 % len(keys)], 200 + n)) for n in range(60)]
    return found[5:]


@benchmark(f"{NAME}: 逾期与风险, median of processor time", unit="ms", limit=1500)
def late_list() -> Measured:
    def ask(conn: sqlite3.Connection) -> object:
        return late(conn, PLAN, month_grid(conn, PLAN, NOW), today=date(2023, 11, 3))

    return Measured(statistics.median(each.cpu for each in samples(ask)) * 1000)
