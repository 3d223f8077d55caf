"""What the registers say now is filed for the month that is reported; for one long past only when it was asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from db.core.errors import DataProblem
from db.core.period import Period
from db.core.values import Cell
from db.store import operation
from db.work.monthly.grid import month_grid
from db.work.monthly.model import Filing, RowKey
from db.work.monthly.rows import month_rows
from db.work.monthly.taking import take_supplied
from tests.db.work.desk import Desk
from tests.db.work.monthly.test_grid import HEATING, file, line

JANUARY, MARCH = Period(2022, 1), Period(2022, 3)


@pytest.fixture
def village(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> RowKey:
    """A line for which a register gives 300 households, on 2 April 2022."""
    monkeypatch.setattr(operation, "now", lambda: "2022-04-02T09:00:00")
    desk.share(HEATING, 2022, "1200")
    row: dict[str, Cell] = {
        "name": "一村",
        "town_id": desk.towns[0],
        "plan_year": Decimal(2022),
        "completed_households": Decimal(300),
    }
    desk.projects("rural_heating", {**row, "technology": "气代煤"})
    return RowKey(HEATING, "town", desk.towns[0])


def test_the_month_that_is_being_reported_takes_them(desk: Desk, village: RowKey) -> None:
    with desk.county.operation("取清单的数") as op:
        assert take_supplied(op, MARCH, [village]) == 1
    assert line(desk, village, MARCH).now.text == "300"


def test_a_month_long_past_does_not_take_what_is_true_today(desk: Desk, village: RowKey) -> None:
    with pytest.raises(DataProblem, match="不是2022年1月底的数"), desk.county.operation("取清单的数") as op:
        take_supplied(op, JANUARY, [village])
    assert line(desk, village, JANUARY).filing is Filing.MISSING
    with desk.county.operation("取清单的数") as op:
        assert take_supplied(op, JANUARY, [village], knowingly=True) == 1
    assert line(desk, village, JANUARY).now.text == "300"


def test_a_month_long_past_is_not_doubted_for_what_is_true_today(desk: Desk, village: RowKey) -> None:
    for month in (JANUARY, MARCH):
        file(desk, village, month, amount=Decimal(100), override_reason="还有两个村没有登记")
        grid = month_grid(desk.conn, desk.plan, month)
        (row,) = month_rows(desk.conn, desk.plan, grid, [grid.place_of[village]], today=date(2022, 4, 2))
        assert any("与项目清单汇总的数不同" in doubt for doubt in row.doubts) == (month == MARCH)
        assert row.supplied is not None
