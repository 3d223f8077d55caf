"""Three years of the demo county: every figure on 总览 equals one computed independently from the raw rows."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from db.core.period import Period
from db.plan.catalogue import load_catalogue
from db.work.demo import build_demo
from db.work.demo_months import fill_months
from db.work.monthly.lamps import LampKind, kind_of, lamp
from db.work.monthly.months import closed_months
from db.work.monthly.overview import PROGRESS, MonthOverview, month_overview
from db.work.opening import open_county
from tests.db.work.monthly.ledger import Bookkeeper, Ledger

MONTHS = [Period(2021, 1), Period(2021, 11), Period(2022, 1), Period(2022, 3), Period(2023, 7), Period(2023, 12)]
PLAN = load_catalogue()


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A county with 36 months of sample figures."""
    folder = tmp_path_factory.mktemp("months") / "寿光市"
    build_demo(Path(folder))
    with open_county(folder, author="演示") as county:
        assert fill_months(county, Period(2021, 1), Period(2023, 12)) > 10_000
        with county.reading() as reading:
            yield reading


@pytest.fixture(scope="module")
def books(conn: sqlite3.Connection) -> Bookkeeper:
    """The second opinion."""
    return Bookkeeper(conn, PLAN)


@pytest.fixture(params=MONTHS, ids=str, scope="module")
def both(request: pytest.FixtureRequest, conn: sqlite3.Connection, books: Bookkeeper) -> tuple[MonthOverview, Ledger]:
    """One month by the program and by the second opinion."""
    period = request.param
    return month_overview(conn, PLAN, period), books.month(period.year, period.month)


Both = tuple[MonthOverview, Ledger]


def shown(value: Fraction | None) -> Decimal | None:
    """Return a fraction as the program shows it: exact, or with two decimals where it does not come out even."""
    if value is None:
        return None
    micro = value * 1_000_000
    if micro.denominator == 1:
        return Decimal(micro.numerator) / 1_000_000
    return (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.01"))


def test_the_same_lines_are_due_and_filed(both: Both) -> None:
    overview, ledger = both
    own = {tuple(line.key): line.filing.value for line in overview.grid.lines}
    assert own == {key: verdict.filing for key, verdict in ledger.lines.items()}


def test_every_line_has_the_same_lamp_and_its_arithmetic(both: Both) -> None:
    overview, ledger = both
    for line in overview.grid.lines:
        verdict, made = ledger.lines[line.key], lamp(line.standing, line.due.unit)
        assert line.lamp.value == verdict.lamp == made.kind.value, (line.key, made.sentence)
        assert kind_of(line.standing) is line.lamp
        assert made.sentence.endswith("。")
        if verdict.percent is not None:
            percent = Decimal(verdict.percent.numerator) / verdict.percent.denominator
            assert made.percent == percent.quantize(Decimal("0.1"), ROUND_HALF_UP)
            assert f"＝ {made.percent}%" in made.sentence or made.sentence.startswith("目标是0")
        else:
            assert made.kind is LampKind.GREY and made.percent is None


def test_every_target_of_the_county_comes_to_the_same(both: Both) -> None:
    overview, ledger = both
    assert {line.task_id for line in overview.targets} == set(ledger.targets)
    for line in overview.targets:
        verdict = ledger.targets[line.task_id]
        assert (line.value, line.goal) == (shown(verdict.value), shown(verdict.goal)), line.task_id
        assert line.lamp.kind.value == verdict.lamp, (line.task_id, line.lamp.sentence)


def test_lamps_by_part_and_the_matrix_and_the_towns(both: Both) -> None:
    overview, ledger = both
    for part in overview.parts:
        assert {kind.value: number for kind, number in part.lamps.items()} == ledger.lamps_of_part(PLAN, part.part)
    due = Counter(who for _, _, who in ledger.lines)
    filed = Counter(who for (_, _, who), verdict in ledger.lines.items() if verdict.filing != "未报")
    firms = Counter(who for _, kind, who in ledger.lines if kind == "enterprise")
    for row in overview.filing:
        own = [row.id, *(firm for firm in firms if overview.grid.towns.get(firm) == row.id)]
        assert row.cells[PROGRESS].due == sum(due[who] for who in own)
        assert row.cells[PROGRESS].filed == sum(filed[who] for who in own)
    assert overview.lines == len(ledger.lines) and overview.filed == sum(filed.values())
    for town in overview.towns:
        own = [town.id, *(firm for firm in firms if overview.grid.towns.get(firm) == town.id)]
        lamps = Counter(verdict.lamp for (_, _, who), verdict in ledger.lines.items() if who in own)
        assert {kind.value: number for kind, number in town.lamps.items()} == lamps


def test_the_investment_is_the_newest_report_of_each_project(both: Both, conn: sqlite3.Connection) -> None:
    overview, _ = both
    newest: dict[str, int] = {}
    for row_id, amount in conn.execute(
        "SELECT row_id, completed_investment FROM project_report WHERE period <= ? AND completed_investment IS NOT NULL"
        " ORDER BY period",
        (str(overview.period),),
    ):
        newest[row_id] = amount
    total = completed = projects = 0
    registers = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'register_*'")
    for (table,) in registers.fetchall():
        columns = {row[1] for row in conn.execute(f"PRAGMA table_info({table})")}
        if {"total_investment", "completed_investment"} <= columns:
            for row_id, whole, done in conn.execute(f"SELECT id, total_investment, completed_investment FROM {table}"):
                projects += 1
                total += whole or 0
                completed += newest.get(row_id, done or 0)
    found = overview.investment
    assert found.projects == projects
    assert [found.total, found.completed] == [Decimal(micro) / 1_000_000 for micro in (total, completed)]


def test_all_colours_occur_and_months_are_locked(conn: sqlite3.Connection) -> None:
    seen = Counter(kind for month in MONTHS for kind in month_overview(conn, PLAN, month).line_lamps)
    assert set(seen) == set(LampKind)
    assert len(closed_months(conn)) == 35
