"""What is due in a month, what a line shows, and what changes when a figure is filed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from db.core.errors import DataProblem
from db.core.period import Period
from db.core.values import Cell, State
from db.work.monthly.entries import EntryChange, copy_last_month, review, set_entries
from db.work.monthly.grid import MonthFilter, MonthGrid, changed_lines, month_grid, renewed
from db.work.monthly.lamps import LampKind
from db.work.monthly.model import COUNTY, Filing, RowKey
from db.work.monthly.months import close_month, month_state, reopen_month
from db.work.monthly.overview import month_overview
from db.work.monthly.rows import MonthRow, row_of
from db.work.monthly.taking import take_supplied
from tests.db.work.desk import Desk

HEATING = "08-06-1"
MANURE = "16-01-1"
STOCK = "10-01-4"
MARCH = Period(2022, 3)


def key(desk: Desk, place: int = 0, task_id: str = HEATING) -> RowKey:
    return RowKey(task_id, "town", desk.towns[place])


def file(desk: Desk, row: RowKey, period: Period = MARCH, **values: Cell) -> None:
    with desk.county.operation("填报") as op:
        set_entries(op, period, [EntryChange(row, values)])


def line(desk: Desk, row: RowKey, period: Period = MARCH) -> MonthRow:
    found = row_of(desk.conn, desk.plan, month_grid(desk.conn, desk.plan, period), row)
    assert found is not None
    return found


def lines_of(grid: MonthGrid, task_id: str) -> list[RowKey]:
    return [each.key for each in grid.lines if each.key.task_id == task_id]


def test_the_years_assignments_are_due_and_what_nobody_has_is_the_countys(desk: Desk) -> None:
    desk.share(HEATING, 2022, "1200", "800")
    grid = month_grid(desk.conn, desk.plan, MARCH)
    assert lines_of(grid, HEATING) == [key(desk, 0), key(desk, 1)]
    assert lines_of(grid, MANURE) == [RowKey(MANURE, COUNTY, COUNTY)]
    assert set(grid.filings) == {Filing.MISSING}


def test_a_figure_is_held_against_the_share_and_the_time(desk: Desk) -> None:
    desk.share(HEATING, 2022, "1200", "800")
    file(desk, key(desk), amount=Decimal(200), problems="材料到货晚")
    row = line(desk, key(desk))
    assert (row.now.text, row.goal, row.unit) == ("200", Decimal(1200), "户")
    assert row.lamp.kind is LampKind.YELLOW
    assert row.lamp.sentence == "进度 200户 ÷ 1,200户 ＝ 16.7%；按时间应达 24.7%，差 8.0 个百分点。"
    assert row.now.problems == "材料到货晚"


def test_what_is_not_filed_goes_on_with_the_last_figure_and_says_so(desk: Desk) -> None:
    desk.share(HEATING, 2022, "1200")
    file(desk, key(desk), Period(2022, 1), amount=Decimal(900))
    row = line(desk, key(desk))
    assert row.filing is Filing.MISSING and row.lamp.kind is LampKind.GREEN
    assert "本月未报，按2022年1月的数计算" in row.lamp.sentence
    total = month_grid(desk.conn, desk.plan, MARCH).totals[HEATING]
    assert total.figure is not None and (total.figure.value, total.carried) == (Decimal(900), 1)


@pytest.mark.parametrize("state", list(State))
def test_an_answer_is_no_zero(desk: Desk, state: State) -> None:
    desk.share(HEATING, 2022, "1200")
    file(desk, key(desk), amount=state)
    row = line(desk, key(desk))
    assert row.filing.value == state.value and row.lamp.kind is LampKind.GREY
    assert (row.figure, row.percent) == (None, None)
    assert month_grid(desk.conn, desk.plan, MARCH).totals[HEATING].figure is None


def test_a_copied_figure_waits_to_be_looked_at(desk: Desk) -> None:
    desk.share(HEATING, 2022, "1200", "800")
    file(desk, key(desk), Period(2022, 2), amount=Decimal(150), situation="进场施工")
    keys = [key(desk, 0), key(desk, 1)]
    with desk.county.operation("沿用上月") as op:
        assert copy_last_month(op, MARCH, keys) == 1
    row = line(desk, key(desk))
    assert (row.now.text, row.now.situation, row.reviewed) == ("150", "进场施工", False)
    assert month_grid(desk.conn, desk.plan, MARCH).places(MonthFilter(unreviewed=True)) == [row.place]
    with desk.county.operation("核对") as op:
        assert review(op, MARCH, keys) == 1
    assert line(desk, key(desk)).reviewed


def test_what_was_written_this_month_stays_when_last_months_figure_is_taken_over(desk: Desk) -> None:
    desk.share(HEATING, 2022, "1200")
    file(desk, key(desk), Period(2022, 2), amount=Decimal(150), situation="进场施工", problems="缺钢管")
    file(desk, key(desk), situation="本月验收")
    with desk.county.operation("沿用上月") as op:
        assert copy_last_month(op, MARCH, [key(desk)]) == 1
    row = line(desk, key(desk))
    assert (row.now.text, row.now.situation, row.now.problems) == ("150", "本月验收", "缺钢管")


def test_a_stock_of_earlier_years_is_the_newest_and_not_their_sum(desk: Desk) -> None:
    desk.share(STOCK, 2021, "50")
    desk.share(STOCK, 2022, "60")
    assert line(desk, key(desk, task_id=STOCK), Period(2023, 3)).goal == Decimal(60)


def test_a_stock_of_those_who_got_nothing_this_year_is_part_of_the_countys(desk: Desk) -> None:
    desk.give(STOCK, 2021, "town", desk.towns[0], amount=Decimal(50))
    desk.give(STOCK, 2022, "town", desk.towns[1], amount=Decimal(60))
    for place, amount in ((0, 50), (1, 60)):
        file(desk, key(desk, place, STOCK), amount=Decimal(amount))
    total = month_grid(desk.conn, desk.plan, MARCH).totals[STOCK]
    assert total.figure is not None and total.lamp.percent == 100, total.lamp.sentence


def test_a_closed_month_refuses_until_it_is_opened_with_a_reason(desk: Desk) -> None:
    desk.share(HEATING, 2022, "1200")
    with desk.county.operation("完成") as op:
        close_month(op, MARCH)
    with pytest.raises(DataProblem, match="已经完成并锁定"):
        file(desk, key(desk), amount=Decimal(5))
    for words in (" ", "x", "经核实，情况无误"):
        with pytest.raises(DataProblem, match="重新打开2022年3月要写明理由"), desk.county.operation("打开") as op:
            reopen_month(op, MARCH, words)
    with desk.county.operation("打开") as op:
        reopen_month(op, MARCH, " 市里退回更正 ")
    assert month_state(desk.conn, MARCH).reason == "市里退回更正"
    file(desk, key(desk), amount=Decimal(5))
    assert line(desk, key(desk)).now.text == "5"


def test_a_task_read_anew_is_what_the_whole_would_be(desk: Desk) -> None:
    desk.share(HEATING, 2022, "1200", "800")
    before = month_grid(desk.conn, desk.plan, MARCH)
    file(desk, key(desk), amount=Decimal(500))
    again = renewed(desk.conn, desk.plan, before, [HEATING])
    whole = month_grid(desk.conn, desk.plan, MARCH)
    assert again.lines == whole.lines and list(again.totals) == list(whole.totals)
    assert again.totals[HEATING].figure == whole.totals[HEATING].figure


def test_a_write_tells_whose_lines_it_concerns_also_when_it_is_taken_back(desk: Desk) -> None:
    desk.share(HEATING, 2022, "1200", "800")
    given = [EntryChange(key(desk, place), {"amount": Decimal(5)}) for place in (0, 1)]
    with desk.county.operation("填报") as op:
        set_entries(op, MARCH, given)
    ids = op.changes.rows["progress"]
    assert changed_lines(desk.conn, ids) == {key(desk, 0), key(desk, 1)}
    assert desk.county.undo().rows["progress"] == ids
    assert changed_lines(desk.conn, ids) == {key(desk, 0), key(desk, 1)}
    assert changed_lines(desk.conn, ()) == frozenset()


def test_what_the_registers_say_is_filed_for_whom_they_say_it(desk: Desk) -> None:
    desk.share(HEATING, 2022, "1200", "800")
    village: dict[str, Cell] = {
        "plan_year": Decimal(2022),
        "technology": "气代煤",
        "completed_households": Decimal(300),
    }
    desk.projects("rural_heating", {"name": "一村", "town_id": desk.towns[0], **village})
    with desk.county.operation("取清单的数") as op:
        assert take_supplied(op, MARCH, [key(desk, 0), key(desk, 1)], knowingly=True) == 1
    row = line(desk, key(desk))
    assert (row.now.text, row.now.source, row.doubts) == ("300", "register", ())
    assert row.supplied is not None and "1行的“完成户数”相加，共300户" in row.supplied.sentence
    assert line(desk, key(desk, 1)).filing is Filing.MISSING


def test_the_lines_of_a_part_and_lamp_are_those_of_the_countys_tasks(desk: Desk) -> None:
    desk.quota(HEATING, 2022, "2000")
    desk.share(HEATING, 2022, "1200", "800")
    file(desk, key(desk, 0), amount=Decimal(1200))
    file(desk, key(desk, 1), amount=Decimal(0))
    grid = month_grid(desk.conn, desk.plan, MARCH)
    assert [each.lamp for each in grid.lines if each.key.task_id == HEATING] == [LampKind.GREEN, LampKind.YELLOW]
    assert grid.totals[HEATING].lamp.kind is LampKind.GREEN
    due = grid.facts.tasks[HEATING]
    overview = month_overview(desk.conn, desk.plan, MARCH)
    for kind in LampKind:
        shown = [grid.lines[each] for each in grid.places(MonthFilter(task_lamp=kind, part=due.part))]
        (part,) = (each for each in overview.parts if each.part == due.part)
        assert len({each.key.task_id for each in shown}) == part.lamps.get(kind, 0)
        assert (HEATING in {each.key.task_id for each in shown}) == (kind is LampKind.GREEN)
