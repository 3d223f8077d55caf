"""The month at a glance, the list of what is late, curves, days, measures."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from db.core.errors import DataProblem
from db.core.period import Period
from db.core.values import Cell, State
from db.store import records
from db.work.monthly.curves import curve
from db.work.monthly.days import (
    ON,
    Holiday,
    is_working_day,
    next_working_day,
    published_holidays,
    reminders,
    report_due,
    set_holidays,
    set_reporting_day,
)
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.grid import month_grid
from db.work.monthly.lamps import LampKind
from db.work.monthly.late import LateKind, late
from db.work.monthly.measures import add_measure, change_measure, measures
from db.work.monthly.model import RowKey, TableStatus
from db.work.monthly.overview import PROGRESS, PROJECTS, month_overview
from db.work.monthly.plans import curves_of, set_curve
from db.work.monthly.projects import (
    ProjectKey,
    ReportChange,
    copy_last_reports,
    investment,
    investments_by_month,
    report_lines,
    set_reports,
)
from db.work.registers import register
from tests.db.work.desk import Desk

HEATING = "08-06-1"
MARCH = Period(2022, 3)


def key(desk: Desk, place: int = 0, task_id: str = HEATING) -> RowKey:
    return RowKey(task_id, "town", desk.towns[place])


def file(desk: Desk, row: RowKey, period: Period = MARCH, **values: Cell) -> None:
    with desk.county.operation("填报") as op:
        set_entries(op, period, [EntryChange(row, values)])


def test_lamps_filing_and_towns_of_a_first_month(desk: Desk) -> None:
    desk.quota(HEATING, 2022, "2000")
    desk.share(HEATING, 2022, "1200", "800")
    file(desk, key(desk), amount=Decimal(500))
    found = month_overview(desk.conn, desk.plan, MARCH)
    (heating,) = [line for line in found.targets if line.task_id == HEATING]
    assert (heating.value, heating.goal) == (Decimal(500), Decimal(2000))
    assert heating.lamp.kind is LampKind.GREEN
    assert "1家从未报数，没有算进来" in heating.lamp.sentence
    matrix = {row.id: row.cells[PROGRESS].status for row in found.filing}
    assert matrix[desk.towns[0]] is TableStatus.DONE
    assert matrix[desk.towns[1]] is TableStatus.NOT_STARTED
    assert matrix[desk.towns[2]] is TableStatus.NOTHING_DUE
    assert {town.id: town.met for town in found.towns if town.judged} == {desk.towns[0]: Decimal(100)}
    assert found.lamps[LampKind.GREEN] == 1


def test_an_empty_county_has_lines_of_its_own_and_nothing_judged(desk: Desk) -> None:
    found = month_overview(desk.conn, desk.plan, MARCH)
    assert set(found.lamps) == {LampKind.GREY}
    assert (found.filed, found.lines) == (0, sum(line.total.lines for line in found.targets))
    assert {row.id for row in found.filing if row.cells[PROGRESS].due} == {"county"}
    listed = late(desk.conn, desk.plan, found.grid, today=date(2022, 4, 2))
    assert {each.kind for each in listed} == {LateKind.LATE, LateKind.NO_FIGURE}


def test_late_will_be_late_and_without_a_figure(desk: Desk) -> None:
    desk.share(HEATING, 2022, "1200", "800", "600", deadline=date(2022, 10, 31), responsible="王五", phone="0536-1")
    file(desk, key(desk, 0), Period(2022, 10), amount=Decimal(1100))
    file(desk, key(desk, 1), Period(2022, 10), amount=Decimal(800))
    grid = month_grid(desk.conn, desk.plan, Period(2022, 10))
    found = [each for each in late(desk.conn, desk.plan, grid, today=date(2022, 11, 10)) if each.key.task_id == HEATING]
    assert [(each.kind, each.key.assignee_id, each.days) for each in found] == [
        (LateKind.LATE, desk.towns[0], 10),
        (LateKind.LATE, desk.towns[2], 10),
    ]
    assert (found[0].person.responsible, found[0].person.phone) == ("王五", "0536-1")
    early = month_grid(desk.conn, desk.plan, Period(2022, 8))
    file(desk, key(desk, 0), Period(2022, 8), amount=Decimal(800))
    early = month_grid(desk.conn, desk.plan, Period(2022, 8))
    ahead = [each for each in late(desk.conn, desk.plan, early, today=date(2022, 9, 1)) if each.key == key(desk, 0)]
    assert [(each.kind, each.forecast) for each in ahead] == [(LateKind.WILL_BE_LATE, Period(2022, 12))]


def test_what_was_due_in_an_earlier_year_and_is_not_there_is_late(desk: Desk) -> None:
    desk.quota("08-01-3", 2021, "10")
    desk.share("08-01-3", 2021, "10")
    file(desk, key(desk, 0, "08-01-3"), amount=Decimal(9))
    total = month_grid(desk.conn, desk.plan, MARCH).totals["08-01-3"]
    assert total.lamp.kind is LampKind.RED and "期限 2021-12-31 已过 90 天" in total.lamp.sentence
    file(desk, key(desk, 0, "08-01-3"), amount=Decimal(10))
    assert month_grid(desk.conn, desk.plan, MARCH).totals["08-01-3"].lamp.kind is LampKind.GREEN


def test_a_change_in_points_without_its_base_year_asks_for_the_change_itself(desk: Desk) -> None:
    desk.quota("08-06-2", 2022, "30")
    row = RowKey("08-06-2", "county", "county")
    file(desk, row, numerator=Decimal(60), denominator=Decimal(100))
    lamp = month_grid(desk.conn, desk.plan, MARCH).totals["08-06-2"].lamp
    assert lamp.kind is LampKind.GREY and "请直接填变化了几个百分点" in lamp.sentence
    file(desk, row, numerator=None, denominator=None, amount=Decimal(24))
    lamp = month_grid(desk.conn, desk.plan, MARCH).totals["08-06-2"].lamp
    assert lamp.percent == Decimal("80.0")


def test_a_curve_has_actual_planned_and_where_it_leads(desk: Desk) -> None:
    desk.quota(HEATING, 2022, "1200")
    desk.share(HEATING, 2022, "1200")
    for month, amount in ((1, 50), (3, 300)):
        file(desk, key(desk), Period(2022, month), amount=Decimal(amount))
    found = curve(desk.conn, desk.plan, MARCH, HEATING, key(desk))
    assert [point.actual for point in found.points[:4]] == [Decimal(50), Decimal(50), Decimal(300), None]
    assert [point.carried for point in found.points[:3]] == [False, True, False]
    assert [point.silent for point in found.points[:3]] == [False, True, False]
    assert found.points[11].planned == Decimal(1200)
    assert found.forecast == Period(2022, 12)
    whole = curve(desk.conn, desk.plan, MARCH, HEATING, whole=True)
    assert len(whole.points) == 36 and whole.points[14].actual == Decimal(300)
    desk.share(HEATING, 2022, "600", "600")
    file(desk, key(desk, 1), MARCH, amount=Decimal(10))
    file(desk, key(desk), Period(2022, 4), amount=Decimal(310))
    county = curve(desk.conn, desk.plan, Period(2022, 4), HEATING).points
    assert [(point.carried, point.silent) for point in county[2:4]] == [(False, False), (True, False)]


def test_the_countys_own_curve_replaces_the_calendar(desk: Desk) -> None:
    desk.quota(HEATING, 2022, "1200")
    desk.share(HEATING, 2022, "1200")
    file(desk, key(desk), amount=Decimal(60))
    with desk.county.operation("月度计划") as op:
        assert set_curve(op, target_id=HEATING, year=2022, shares={2: Decimal(5), 10: Decimal(100)}) == 2
    total = month_grid(desk.conn, desk.plan, MARCH).totals[HEATING]
    assert total.lamp.sentence.startswith("进度 60户 ÷ 1,200户 ＝ 5.0%；按县里的月度计划应达 5.0%，已经达到")
    assert list(curves_of(desk.conn, HEATING, 2022)) == [2, 10]
    with pytest.raises(DataProblem, match="3月比2月的50%少"), desk.county.operation("月度计划") as op:
        set_curve(op, target_id=HEATING, year=2022, shares={2: Decimal(50), 3: Decimal(40)})


def test_a_projects_report_is_taken_over_by_its_register(desk: Desk) -> None:
    row_id = desk.project(
        "key_project",
        name="热电联产",
        town_id=desk.towns[0],
        total_investment=Decimal(1000),
        completed_investment=Decimal(100),
        stage="实施中",
    )
    (line,) = report_lines(desk.conn, MARCH)
    assert (line.name, line.now.filed, line.present.completed_investment) == ("热电联产", False, Decimal(100))
    assert month_overview(desk.conn, desk.plan, MARCH).filing[0].cells[PROJECTS].due in (0, 1)
    with desk.county.operation("填报项目") as op:
        change: dict[str, Cell] = {"completed_investment": Decimal(250), "situation": "主体封顶"}
        set_reports(op, MARCH, [ReportChange(ProjectKey("key_project", row_id), change)])
    (line,) = report_lines(desk.conn, MARCH)
    assert (line.now.completed_investment, line.share) == (Decimal(250), Decimal("25.0"))
    assert line.present.completed_investment == Decimal(250)
    assert investment(desk.conn, MARCH).completed == Decimal(250)


def test_the_reporting_day_moves_to_a_working_day(desk: Desk) -> None:
    assert report_due(desk.conn, MARCH) == date(2022, 4, 6)  # 清明节, which is published
    with desk.county.operation("节假日") as op:
        assert set_holidays(op, [Holiday(date(2022, 4, 6), "休", "本市放假")]) == 1
    assert report_due(desk.conn, MARCH) == date(2022, 4, 7)
    with desk.county.operation("报送日") as op:
        set_reporting_day(op, 2)
    assert report_due(desk.conn, MARCH) == date(2022, 4, 2)
    told = reminders(desk.conn, MARCH, today=date(2022, 4, 4), missing=3, unreviewed=0, closed=False)
    assert [each.text for each in told] == [
        "2022年3月的月报应在2022-04-02前报送，已过2天。",
        "2022年3月还有3项没有填报。",
    ]
    assert reminders(desk.conn, MARCH, today=date(2022, 4, 4), missing=3, unreviewed=0, closed=True) == []


def test_published_holidays_are_those_of_the_notices() -> None:
    known = published_holidays()
    assert Counter(day.year for day in known) == {2021: 38, 2022: 39, 2023: 33}
    # Who works on another day makes up for it on a Saturday or Sunday; everything else is a day off.
    assert all(day.weekday() >= 5 for day, each in known.items() if each.kind == ON)
    assert [is_working_day(known, date(2022, 1, day)) for day in (28, 29, 30, 31)] == [True, True, True, False]
    assert next_working_day(known, date(2022, 10, 5)) == date(2022, 10, 8)


def test_measures_are_kept_with_their_results(desk: Desk) -> None:
    with pytest.raises(DataProblem, match="没有填日期"), desk.county.operation("措施") as op:
        add_measure(op, assignee_kind="town", assignee_id=desk.towns[0], values={"kind": "提醒"})
    with desk.county.operation("措施") as op:
        values: dict[str, Cell] = {"kind": "约谈", "taken_on": date(2022, 4, 6), "task_id": HEATING}
        row_id = add_measure(op, assignee_kind="town", assignee_id=desk.towns[0], values=values)
    with desk.county.operation("结果") as op:
        change_measure(op, row_id, {"result": "已制定赶工计划"})
    (found,) = measures(desk.conn, ("town", desk.towns[0]))
    assert (found.kind, found.taken_on, found.result) == ("约谈", date(2022, 4, 6), "已制定赶工计划")


def test_an_answer_in_a_part_of_a_rate_stands_for_the_whole(desk: Desk) -> None:
    row = RowKey("16-01-1", "county", "county")
    file(desk, row, numerator=Decimal(90), denominator=Decimal(100))
    file(desk, row, numerator=State.NO_DATA)
    (line,) = [line for line in month_grid(desk.conn, desk.plan, MARCH).lines if line.key == row]
    assert line.filing.value == "暂无数据"
    file(desk, row, numerator=Decimal(91))
    file(desk, row, denominator=Decimal(100))
    (line,) = [line for line in month_grid(desk.conn, desk.plan, MARCH).lines if line.key == row]
    assert line.filing.value == "已报"


def test_a_report_taken_over_leaves_what_was_written_this_month(desk: Desk) -> None:
    where = ProjectKey("coal_boiler", desk.project("coal_boiler", name="1号锅炉", town_id=desk.towns[0]))
    report(desk, where, Period(2022, 2), completed_investment=Decimal(7), situation="进场", problems="缺钢管")
    report(desk, where, MARCH, situation="已拆除一台")
    with desk.county.operation("沿用上月") as op:
        assert copy_last_reports(op, MARCH, [where]) == 1
    (found,) = report_lines(desk.conn, MARCH)
    now = found.now
    assert (now.completed_investment, now.situation, now.problems) == (Decimal(7), "已拆除一台", "缺钢管")


def test_a_project_in_the_recycle_bin_is_in_no_month_of_the_curve(desk: Desk) -> None:
    kept, gone = (
        ProjectKey("coal_boiler", desk.project("coal_boiler", name=f"{n}号锅炉", town_id=desk.towns[0])) for n in (1, 2)
    )
    report(desk, kept, MARCH, completed_investment=Decimal(7))
    report(desk, gone, MARCH, completed_investment=Decimal(5))
    with desk.county.operation("删除") as op:
        records.delete(op, register(op.conn, "coal_boiler"), [gone.row_id])
    assert investment(desk.conn, MARCH).completed == Decimal(7)
    assert investments_by_month(desk.conn, MARCH)[MARCH] == Decimal(7)


@pytest.mark.parametrize(("day", "is_late"), [(date(2022, 3, 30), True), (date(2022, 3, 31), False)])
def test_a_project_is_late_once_its_day_has_passed_at_the_months_end(desk: Desk, day: date, is_late: bool) -> None:
    row_id = desk.project("coal_boiler", name="1号锅炉", town_id=desk.towns[0], planned_completion_on=day)
    assert [line.late for line in report_lines(desk.conn, MARCH)] == [is_late]
    report(desk, ProjectKey("coal_boiler", row_id), MARCH, stage="已完成")
    assert [line.late for line in report_lines(desk.conn, MARCH)] == [False]


def test_an_investment_of_nothing_is_taken_over_as_nothing_and_not_as_unreported(desk: Desk) -> None:
    where = ProjectKey("coal_boiler", desk.project("coal_boiler", name="1号锅炉", town_id=desk.towns[0]))
    report(desk, where, Period(2022, 2), completed_investment=Decimal(0), stage="前期工作")
    with desk.county.operation("沿用上月") as op:
        copy_last_reports(op, MARCH, [where])
    (found,) = report_lines(desk.conn, MARCH)
    assert (found.now.completed_investment, found.now.stage) == (Decimal(0), "前期工作")


def report(desk: Desk, where: ProjectKey, period: Period, **values: Cell) -> None:
    with desk.county.operation("填报") as op:
        set_reports(op, period, [ReportChange(where, values)])
