"""What holds for whatever is filed: nothing is counted twice, averaged, or taken for zero."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.core.period import Period
from db.core.values import Cell, State
from db.plan.catalogue import Target, load_catalogue
from db.store.county import County
from db.store.operation import Operation
from db.work.assignees import assignees
from db.work.assignments import AssignmentEntry, set_assignments
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.facts import Facts, read_facts
from db.work.monthly.figures import Ratio
from db.work.monthly.grid import MonthGrid, month_grid
from db.work.monthly.lamps import LampKind, Standing, kind_of, lamp, percent_of, planned_percent
from db.work.monthly.late import late
from db.work.monthly.model import COUNTY, FigureKind, RowKey, figure_kind
from db.work.monthly.months import MonthState
from db.work.monthly.overview import month_overview
from db.work.quotas import QuotaEntry, set_quotas
from db.work.tasks import Duty, duty_of
from tests.db.county_folders import fresh_county

PLAN = load_catalogue()
CUMULATIVE, INSIDE, FLOW, STOCK, RATE, STAGE = "08-01-2", "08-01-3", "10-01-6", "10-01-4", "16-01-1", "03-02-2"
AWAITED = "07-01-3"
MONTHS = [Period(2021 + number // 12, number % 12 + 1) for number in range(36)]
PLACES = st.integers(0, 3)
AMOUNTS = st.integers(0, 10**7).map(lambda cents: Decimal(cents) / 100)
TABLE = st.dictionaries(st.tuples(PLACES, st.sampled_from(MONTHS)), AMOUNTS, min_size=1, max_size=14)
SOME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class _Back(Exception):
    """Takes an example back."""


@pytest.fixture(scope="module")
def county() -> Iterator[County]:
    """A county whose first four towns have a share of every task that is looked at here."""
    with fresh_county() as county:
        with county.operation("分解") as op:
            towns = [who.id for who in assignees(op.conn, ("town",)) if who.own][:4]
            set_assignments(
                op,
                [
                    AssignmentEntry(task_id, year, "town", town, {} if task_id == STAGE else {"amount": Decimal(100)})
                    for task_id in (CUMULATIVE, INSIDE, FLOW, STOCK, RATE, STAGE)
                    for year in PLAN.years
                    for town in towns
                ],
            )
            set_quotas(op, [QuotaEntry(CUMULATIVE, year, Decimal(400)) for year in PLAN.years])
        yield county


@contextmanager
def example(county: County) -> Iterator[tuple[Operation, list[str]]]:
    """Yield an operation in which everything can be written and looked at; nothing of it stays."""
    with suppress(_Back), county.operation("样例") as op:
        yield op, [who.id for who in assignees(op.conn, ("town",)) if who.own][:4]
        raise _Back


def file(op: Operation, task_id: str, town: str, month: Period, **values: Cell) -> None:
    set_entries(op, month, [EntryChange(RowKey(task_id, "town", town), values)], catalogue=PLAN)


def value(conn: sqlite3.Connection, task_id: str, month: Period) -> Decimal | None:
    found = read_facts(conn, PLAN, month, task_id).totals[task_id].figure
    return None if found is None else found.value


def grid_of(facts: Facts) -> MonthGrid:
    return MonthGrid(facts.period, MonthState(facts.period), facts, {})


@SOME
@given(TABLE, st.sampled_from(MONTHS))
def test_a_cumulative_figure_is_the_newest_of_each_and_counts_once(
    county: County, table: dict[tuple[int, Period], Decimal], month: Period
) -> None:
    with example(county) as (op, towns):
        for (place, when), amount in table.items():
            file(op, CUMULATIVE, towns[place], when, amount=amount)
        newest = {place: amount for (place, when), amount in sorted(table.items()) if when <= month}
        assert value(op.conn, CUMULATIVE, month) == (sum(newest.values()) if newest else None)


@SOME
@given(TABLE, st.sampled_from(MONTHS))
def test_a_flow_begins_anew_in_january(county: County, table: dict[tuple[int, Period], Decimal], month: Period) -> None:
    with example(county) as (op, towns):
        for (place, when), amount in table.items():
            file(op, FLOW, towns[place], when, amount=amount)
        this_year = {
            place: amount
            for (place, when), amount in sorted(table.items())
            if when <= month and when.year == month.year
        }
        assert value(op.conn, FLOW, month) == (sum(this_year.values()) if this_year else None)


@SOME
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 500)), min_size=1, max_size=4))
def test_rates_are_added_by_their_parts_and_never_averaged(county: County, pairs: list[tuple[int, int]]) -> None:
    with example(county) as (op, towns):
        for town, (top, bottom) in zip(towns, pairs, strict=False):
            file(op, RATE, town, MONTHS[14], numerator=Decimal(top), denominator=Decimal(bottom))
        found = read_facts(op.conn, PLAN, MONTHS[14], RATE).totals[RATE].figure
        assert found is not None
        whole = Fraction(sum(top for top, _ in pairs), sum(bottom for _, bottom in pairs))
        assert Fraction(found.top, found.per) == whole * 100_000_000


@SOME
@given(TABLE, AMOUNTS)
def test_a_part_is_never_added_to_the_whole(
    county: County, table: dict[tuple[int, Period], Decimal], inside: Decimal
) -> None:
    with example(county) as (op, towns):
        for (place, when), amount in table.items():
            file(op, CUMULATIVE, towns[place], when, amount=amount)
        before = month_overview(op.conn, PLAN, MONTHS[-1], grid_of(read_facts(op.conn, PLAN, MONTHS[-1])))
        for town in towns:
            file(op, INSIDE, town, MONTHS[-1], amount=inside)
        after = month_overview(op.conn, PLAN, MONTHS[-1], grid_of(read_facts(op.conn, PLAN, MONTHS[-1])))
        values = [{t.task_id: t.value for t in each.targets} for each in (before, after)]
        assert values[0][CUMULATIVE] == values[1][CUMULATIVE]
        assert [part.total for part in before.parts] == [part.total for part in after.parts]
        assert [part.lamps for part in before.parts] == [part.lamps for part in after.parts]


@SOME
@given(st.sampled_from(list(State)), st.sampled_from([CUMULATIVE, FLOW, STOCK, RATE, STAGE]), AMOUNTS, st.booleans())
def test_an_answer_is_never_zero(county: County, state: State, task_id: str, amount: Decimal, before: bool) -> None:
    figures: dict[str, Cell] = {"amount": amount}
    if task_id == RATE:
        figures = {"numerator": amount, "denominator": amount + 1}
    elif task_id == STAGE:
        figures = {"stage": "实施中"}
    with example(county) as (op, towns):
        file(op, task_id, towns[0], MONTHS[14], **figures)
        alone = value(op.conn, task_id, MONTHS[14])
        file(op, task_id, towns[1], MONTHS[14], **{next(iter(figures)): state})
        if before:
            # What was filed before an answer of 不涉及 is not counted either.
            file(op, task_id, towns[1], MONTHS[13], **figures)
        grid = grid_of(read_facts(op.conn, PLAN, MONTHS[14], task_id))
        line = grid.lines[grid.place_of[RowKey(task_id, "town", towns[1])]]
        assert line.lamp is LampKind.GREY and line.filing.value == state.value
        assert line.standing.actual is None
        total = grid.totals[task_id]
        counted = before and state is State.NO_DATA
        assert total.counted == 1 + counted
        if not counted:
            assert value(op.conn, task_id, MONTHS[14]) == alone


@SOME
@given(st.sampled_from(MONTHS), AMOUNTS | st.none(), st.integers(0, 900))
def test_what_the_province_has_not_told_is_never_late(
    county: County, month: Period, amount: Decimal | None, days: int
) -> None:
    with example(county) as (op, _):
        if amount is not None:
            change = EntryChange(RowKey(AWAITED, COUNTY, COUNTY), {"amount": amount})
            set_entries(op, month, [change], catalogue=PLAN)
        grid = month_grid(op.conn, PLAN, month)
        total = grid.totals[AWAITED]
        assert total.lamp.kind is LampKind.GREY and "省里还没有下达" in total.lamp.sentence
        today = date(month.year, month.month, 28) + timedelta(days)
        assert AWAITED not in {line.key.task_id for line in late(op.conn, PLAN, grid, today=today)}


STANDINGS = st.builds(
    Standing,
    actual=st.integers(0, 10**13),
    goal=st.integers(1, 10**13),
    passed=st.integers(0, 365),
    days=st.just(365),
    per=st.sampled_from([1, 1, 7, 1000]),
    cap=st.booleans(),
    spreads=st.booleans(),
    strict=st.booleans(),
    deadline=st.dates(date(2022, 1, 1), date(2023, 12, 31)),
    on=st.dates(date(2022, 1, 1), date(2023, 12, 31)),
    **{
        name: st.just(Standing._field_defaults[name])
        for name in ("before", "base", "down", "own_curve", "carried", "why")
    },
)


@given(STANDINGS)
def test_the_lamp_follows_from_the_fractions(standing: Standing) -> None:
    assert standing.actual is not None and standing.goal is not None
    percent = Fraction(standing.actual, standing.per * standing.goal) * 100
    behind = Fraction(standing.passed, standing.days) * 100 - percent
    kind = kind_of(standing)
    if standing.cap:
        over = percent > 100 or (standing.strict and percent == 100)
        red = over or (standing.spreads and -behind > 30)
        expected = LampKind.RED if red else LampKind.YELLOW if standing.spreads and behind < 0 else LampKind.GREEN
    elif percent > 100 or (percent == 100 and not standing.strict):
        expected = LampKind.GREEN
    else:
        assert standing.deadline is not None and standing.on is not None
        left = (standing.deadline - standing.on).days
        expected = LampKind.RED if left < 0 or behind > 30 else LampKind.BLUE if left <= 30 else LampKind.GREEN
        if expected is LampKind.GREEN and behind > 0:
            expected = LampKind.YELLOW
    assert kind is expected
    made = lamp(standing, "户")
    assert made.kind is kind and made.sentence.endswith("。") and f"{made.percent}%" in made.sentence
    assert (made.percent, made.planned) == (percent_of(standing), planned_percent(standing))


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.booleans())
def test_progress_counts_from_the_baseline(goal: int, base: int, actual: int, down: bool) -> None:
    found = percent_of(Standing(actual, goal, base=base, down=down))
    assert found is not None
    if goal == base:
        assert found == (100 if (actual <= base if down else actual >= base) else 0)
        return
    exact = Fraction(actual - base, goal - base) * 100
    assert abs(Fraction(found) - exact) <= Fraction(1, 20)


def test_half_the_way_down_is_half() -> None:
    made = lamp(Standing(310_000_000, 302_000_000, base=318_000_000, down=True, passed=1, days=1), "克")
    assert made.percent == Decimal("50.0") and made.kind is LampKind.RED
    assert made.sentence.startswith("进度（318克 − 310克）÷（318克 − 302克）＝ 50.0%")


def test_more_than_allowed_is_red_and_says_so() -> None:
    made = lamp(Standing(11_000_000, 10_000_000, cap=True, spreads=False), "万吨")
    assert (made.kind, made.percent) == (LampKind.RED, Decimal("110.0"))
    assert made.sentence == "占控制数 11万吨 ÷ 10万吨 ＝ 110.0%，超过控制数。"


def test_thirty_points_behind_is_yellow_and_a_millionth_more_is_red() -> None:
    at = Standing(20_000_000, 100_000_000, passed=1, days=2)
    assert kind_of(at) is LampKind.YELLOW
    assert kind_of(at._replace(actual=19_999_999)) is LampKind.RED
    assert Ratio(1, 3).value == Decimal("0.00")


COUNTED = [each for each in PLAN.targets if duty_of(each) is Duty.RATE or each.id in (CUMULATIVE, FLOW, STOCK)]
WHOLE = st.integers(0, 300).map(Decimal)


@SOME
@given(
    st.sampled_from(COUNTED), st.lists(st.tuples(WHOLE, WHOLE, WHOLE), min_size=4, max_size=4), st.sampled_from(MONTHS)
)
def test_many_lines_are_judged_as_each_by_itself(
    county: County, task: Target, parts: list[tuple[Decimal, Decimal, Decimal]], month: Period
) -> None:
    with example(county) as (op, towns):
        for town, (share, top, bottom) in zip(towns, parts, strict=True):
            values = {"amount": min(share, Decimal(100))}
            set_assignments(op, [AssignmentEntry(task.id, month.year, "town", town, values)])
            rate = figure_kind(task) is FigureKind.RATE
            file(op, task.id, town, month, **({"numerator": top, "denominator": bottom} if rate else {"amount": top}))
        lines = read_facts(op.conn, PLAN, month, task.id).lines
        assert len(lines) >= len(towns)
        for line in lines:
            assert kind_of(line.standing) is line.lamp, line
