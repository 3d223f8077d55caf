"""The county's own plan of a year: how it is drafted, what is wrong with it where, and that lamps follow it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.plan.catalogue import load_catalogue
from db.work.monthly.grid import month_grid
from db.work.monthly.plans import faults_of, set_curve
from db.work.monthly.year_plan import MONTHS, Draft, YearPlan, why_no_plan, year_plans
from db.work.tasks import task_of
from tests.db.work.desk import Desk
from tests.db.work.monthly.test_grid import HEATING, MARCH, file, key

RATE, LIMIT, STAGE = "16-01-1", "05-02-1", "08-06"


def plan_of(desk: Desk, year: int = 2022, target_id: str = HEATING) -> YearPlan:
    return year_plans(desk.conn, desk.plan, target_id)[year]


def put(
    desk: Desk, year: int, shares: dict[int, Decimal] | None = None, amounts: dict[int, Decimal] | None = None
) -> int:
    with desk.county.operation("月度计划") as op:
        return set_curve(op, target_id=HEATING, year=year, shares=shares, amounts=amounts)


@pytest.mark.parametrize(
    ("figures", "faults"),
    [
        ({}, {}),
        ({12: 100}, {}),
        ({2: 5, 10: 100}, {}),
        ({1: 0, 2: 0, 12: 100}, {}),
        ({2: 50, 3: 40, 12: 100}, {3: "3月比2月的50%少，请填从1月起累计的数。"}),
        ({2: 50, 3: 40, 4: 45, 12: 100}, {3: "3月比2月的50%少", 4: "4月比2月的50%少"}),
        ({11: 101, 12: 100}, {11: "11月超过了全年的100%", 12: "12月比11月的101%少"}),
        ({1: 10, 6: 60}, {6: "6月是最后一个数，要填到全年的100%。"}),
    ],
)
def test_a_plan_never_falls_and_ends_with_the_whole(figures: dict[int, int], faults: dict[int, str]) -> None:
    found = faults_of({month: Decimal(value) for month, value in figures.items()}, Decimal(100), "%")
    assert list(found) == list(faults)
    assert all(found[month].startswith(words) for month, words in faults.items())


def test_a_faulty_plan_is_not_stored(desk: Desk) -> None:
    with pytest.raises(DataProblem, match="6月是最后一个数"):
        put(desk, 2022, shares={6: Decimal(60)})
    with pytest.raises(DataProblem, match="2022年还没有县级目标"):
        put(desk, 2022, amounts={12: Decimal(60)})
    desk.quota(HEATING, 2022, "1200")
    with pytest.raises(DataProblem, match="要填到全年的1,200户"):
        put(desk, 2022, amounts={12: Decimal(60)})
    assert plan_of(desk).own == {}
    assert put(desk, 2022, amounts={3: Decimal(60), 12: Decimal(1200)}) == 2


def test_even_parts_end_in_the_month_of_the_deadline_and_keep_the_units_decimals(desk: Desk) -> None:
    desk.quota(HEATING, 2022, "1000")
    draft = Draft.of(plan_of(desk)).counted(in_amounts=True).spread_evenly()
    assert [draft.figures[month] for month in (1, 2, 3, 11, 12)] == [83, 167, 250, 917, 1000]
    assert draft.faults == {} and draft.changed
    assert Draft.of(plan_of(desk)).figures == {}
    shares = draft.counted(in_amounts=False)
    assert (shares.unit, shares.figures[1], shares.figures[12]) == ("%", Decimal("8.33"), Decimal(100))
    assert shares.counted(in_amounts=True) == draft
    typed = shares.with_figures({1: Decimal(5)}).counted(in_amounts=True)
    assert [typed.figures[month] for month in (1, 2, 12)] == [50, 167, 1000]


def test_last_years_shares_are_taken_over_also_from_amounts(desk: Desk) -> None:
    desk.quota(HEATING, 2021, "500")
    desk.quota(HEATING, 2022, "1000")
    put(desk, 2021, amounts={4: Decimal(50), 10: Decimal(500)})
    plan = plan_of(desk)
    assert plan.last_year == {4: Decimal(10), 10: Decimal(100)}
    draft = Draft.of(plan).like_last_year()
    assert draft.figures == {4: Decimal(10), 10: Decimal(100)}
    assert Draft.of(plan).counted(in_amounts=True).like_last_year().figures == {4: Decimal(100), 10: Decimal(1000)}
    assert [draft.due(month) for month in (3, 4, 9, 12)] == [0, 10, 10, 100]


def test_what_was_stored_is_what_is_drafted(desk: Desk) -> None:
    desk.quota(HEATING, 2022, "1200")
    put(desk, 2022, amounts={3: Decimal(60), 12: Decimal(1200)})
    draft = Draft.of(plan_of(desk))
    assert draft.in_amounts and draft.figures == {3: 60, 12: 1200} and not draft.changed
    assert draft.with_figures({3: None}).figures == {12: 1200}
    assert put(desk, 2022) == 0 and Draft.of(plan_of(desk)).figures == {}


def test_lamps_follow_at_once(desk: Desk) -> None:
    desk.quota(HEATING, 2022, "1200")
    desk.share(HEATING, 2022, "1200")
    file(desk, key(desk), amount=Decimal(60))
    assert "按时间应达" in month_grid(desk.conn, desk.plan, MARCH).totals[HEATING].lamp.sentence
    put(desk, 2022, amounts={3: Decimal(60), 12: Decimal(1200)})
    total = month_grid(desk.conn, desk.plan, MARCH).totals[HEATING]
    assert "按县里的月度计划应达 5.0%，已经达到" in total.lamp.sentence


def test_a_plan_is_for_what_is_counted_month_by_month(desk: Desk) -> None:
    plan = load_catalogue()
    assert why_no_plan(task_of(plan, HEATING)) == "" and why_no_plan(task_of(plan, RATE)) == ""
    assert "按阶段" in why_no_plan(task_of(plan, STAGE))
    desk.quota(RATE, 2022, "85")
    assert not plan_of(desk, target_id=RATE).counts_amounts
    assert len(plan_of(desk).calendar) == 12 and plan_of(desk).calendar[-1] == 100


@given(st.dictionaries(st.sampled_from(list(MONTHS)), st.decimals(0, 100, places=2)))
def test_faults_are_none_just_when_it_rises_to_the_whole(figures: dict[int, Decimal]) -> None:
    values = [figures[month] for month in sorted(figures)]
    good = not values or (values == sorted(values) and values[-1] == 100)
    assert (faults_of(figures, Decimal(100), "%") == {}) == good
