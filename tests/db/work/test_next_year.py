from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.values import Cell, State, decimals_in
from db.work.next_year import Carried, plan_year, write_year
from tests.db.county_folders import fresh_county
from tests.db.work.desk import Desk

HEATING, RATE, BOILERS, AREA = "08-06-1", "16-01-1", "08-02-1", "08-04-2"


def plan(desk: Desk, *tasks: str, factor: str = "1", overwrite: bool = False) -> list[Carried]:
    return plan_year(desk.conn, desk.plan, tasks, source=2022, year=2023, factor=Decimal(factor), overwrite=overwrite)


def write(desk: Desk, lines: list[Carried]) -> int:
    with desk.county.operation("沿用上年") as op:
        return write_year(op, lines)


def amounts(desk: Desk, task_id: str, year: int = 2023) -> list[object]:
    return [row.cells[year].amount for row in desk.grid(task_id).rows if year in row.cells]


def test_shares_grow_by_the_factor_and_stay_whole(desk: Desk) -> None:
    desk.share(HEATING, 2022, "5", "5", "5")
    lines = plan(desk, HEATING, factor="1.1")
    assert [line.amount for line in lines] == [6, 6, 5], "15 × 1.1 = 16.5, rounded up to 17"
    assert write(desk, lines) == 3
    assert amounts(desk, HEATING) == [6, 6, 5]
    desk.county.undo()
    assert amounts(desk, HEATING) == []


def test_who_has_something_keeps_it(desk: Desk) -> None:
    desk.share(HEATING, 2022, "10", "20")
    desk.share(HEATING, 2023, "7")
    lines = plan(desk, HEATING, factor="2")
    assert [(line.kept, line.amount) for line in lines] == [(True, 7), (False, 40)]
    assert write(desk, lines) == 1
    assert amounts(desk, HEATING) == [7, 40]
    assert [line.amount for line in plan(desk, HEATING, factor="2", overwrite=True)] == [20, 40]


def test_states_texts_and_deadlines_come_along(desk: Desk) -> None:
    texts: dict[str, Cell] = {"responsible": "李四", "deadline": date(2022, 6, 30)}
    desk.give(HEATING, 2022, "town", desk.towns[0], amount=State.NOT_APPLICABLE, **texts)
    write(desk, plan(desk, HEATING, factor="3"))
    cell = desk.grid(HEATING).rows[0].cells[2023]
    assert cell.amount is State.NOT_APPLICABLE
    assert (cell.values["responsible"], cell.values["deadline"]) == ("李四", date(2023, 6, 30))


def test_ticks_and_rates(desk: Desk) -> None:
    desk.give(BOILERS, 2022, "town", desk.towns[0], deliverable="完成改造")
    desk.share(RATE, 2022, "45.5", "50")
    write(desk, plan(desk, BOILERS, RATE, factor="1.1"))
    assert desk.grid(BOILERS).rows[0].cells[2023].values["deliverable"] == "完成改造"
    assert amounts(desk, RATE) == [Decimal("50.05"), 55]


def test_what_does_not_concern_the_county_is_left_out(desk: Desk) -> None:
    desk.share(HEATING, 2022, "5")
    desk.answer(HEATING, "不涉及", "没有农村")
    assert plan(desk, HEATING) == []


@pytest.mark.parametrize("factor", ["0", "-1", "1001"])
def test_impossible_factors_are_refused(desk: Desk, factor: str) -> None:
    with pytest.raises(DataProblem, match="倍数"):
        plan(desk, HEATING, factor=factor)


@settings(max_examples=25)
@given(
    st.lists(st.integers(0, 10**7), min_size=1, max_size=12),
    st.integers(1, 4000).map(lambda n: Decimal(n).scaleb(-3)),
    st.sampled_from([(HEATING, 0), (AREA, 4)]),
)
def test_the_sum_is_the_sum_times_the_factor(steps: list[int], factor: Decimal, task: tuple[str, int]) -> None:
    task_id, decimals = task
    with fresh_county() as county, county.reading() as conn:
        desk = Desk(county, conn)
        desk.share(task_id, 2022, *(str(Decimal(step).scaleb(-decimals)) for step in steps))
        found = [line.amount for line in plan(desk, task_id, factor=str(factor))]
        numbers = [amount for amount in found if isinstance(amount, Decimal)]
        assert len(numbers) == len(steps)
        exact = sum(steps) * factor
        assert abs(sum(numbers, Decimal(0)).scaleb(decimals) - exact) <= Decimal("0.5")
        assert all(amount >= 0 and decimals_in(amount) <= decimals for amount in numbers)
