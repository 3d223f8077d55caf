from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from db.core.fields import load_schema
from db.store import records
from db.work.overview import Overview, overview
from tests.db.work.desk import Desk

TODAY = date(2022, 3, 15)


def seen(desk: Desk, limit: int = 50) -> Overview:
    return overview(desk.conn, desk.plan, today=TODAY, limit=limit)


def test_a_new_county_has_everything_before_it(desk: Desk) -> None:
    found = seen(desk)
    assert found.whole.done == found.projects == found.overdue == found.due_soon == found.quotas_told == 0
    assert found.deadlines == ()
    assert found.last_submission is None
    assert [part.title for part in found.parts] == [part.title for part in desk.plan.parts]
    assert sum(part.share.total for part in found.parts) == found.whole.total > 60


def test_deadlines_come_most_urgent_first_from_assignments_and_registers(desk: Desk) -> None:
    desk.share("08-06-1", 2022, "5", deadline=TODAY + timedelta(days=30))
    desk.share("08-06-2", 2022, "5", deadline=TODAY + timedelta(days=31))
    desk.give("08-02-1", 2022, "town", desk.towns[0], deadline=TODAY)
    desk.give("08-02-1", 2021, "town", desk.towns[0], deadline=date(2021, 10, 31))
    boiler = desk.project(
        "coal_boiler", name="一号炉", town_id=desk.towns[1], planned_completion_on=date(2022, 3, 1), stage="实施中"
    )
    desk.projects(
        "coal_boiler",
        {"name": "二号炉", "planned_completion_on": date(2021, 10, 31), "stage": "已验收"},
        {"name": "三号炉", "planned_completion_on": date(2021, 10, 31), "completed_on": date(2021, 10, 1)},
        {"name": "四号炉", "planned_completion_on": date(2022, 12, 31)},
    )
    found = seen(desk)
    assert [(due.title, due.who, due.days, due.overdue) for due in found.deadlines] == [
        ("一号炉", "文家街道", -14, True),
        ("08-02 35蒸吨/小时及以下燃煤锅炉淘汰", "圣城街道", 0, False),
        ("08-06 农村地区新增清洁取暖改造户数", "圣城街道", 30, False),
    ]
    assert (found.overdue, found.due_soon) == (1, 2)
    assert (found.deadlines[0].register, found.deadlines[0].row_id) == ("coal_boiler", boiler)
    assert (found.deadlines[1].task_id, found.deadlines[1].year) == ("08-02-1", 2022)
    short = seen(desk, limit=1)
    assert (len(short.deadlines), short.overdue, short.due_soon) == (1, 1, 2)


def test_a_date_that_is_none_is_left_to_the_checks(desk: Desk) -> None:
    desk.project("coal_boiler", name="一号炉", planned_completion_on=TODAY)
    with desk.county.operation("外来") as op:
        op.conn.execute("UPDATE register_coal_boiler SET planned_completion_on = '2021年'")
    assert seen(desk).deadlines == ()


def test_registers_show_rows_and_investments(desk: Desk) -> None:
    desk.projects(
        "key_project",
        {"name": "甲", "total_investment": Decimal("1200.5"), "completed_investment": Decimal(300), "stage": "已完成"},
        {"name": "乙", "total_investment": Decimal("0.1")},
        {"name": "丙"},
    )
    found = seen(desk)
    key = found.registers[0]
    assert (key.title, key.rows, key.finished) == ("重点项目", 3, 1)
    assert (key.total_investment, key.completed_investment) == (Decimal("1200.6"), Decimal(300))
    assert (found.projects, found.total_investment, found.completed_investment) == (3, Decimal("1200.6"), Decimal(300))


def test_quotas_are_counted_against_those_that_can_be_told(desk: Desk) -> None:
    before = seen(desk)
    desk.quota("08-06-1", 2022, "100")
    desk.quota("08-06-1", 2023, "100")
    assert (seen(desk).quotas_told, seen(desk).quotas_wanted) == (1, before.quotas_wanted)
    desk.quota("12-01-1", 2021, "100")
    assert (seen(desk).quotas_told, seen(desk).quotas_wanted) == (2, before.quotas_wanted + 1)


def test_tasks_out_of_balance_are_counted(desk: Desk) -> None:
    desk.quota("08-06-1", 2022, "100")
    desk.share("08-06-1", 2022, "90")
    assert seen(desk).unbalanced == 1


def test_the_newest_export_is_the_last_submission(desk: Desk) -> None:
    submission = load_schema("submission")
    with desk.county.operation("导出", record=True) as op:
        for sequence in (1, 2):
            records.insert(
                op,
                submission,
                {
                    "kind": "plan",
                    "period": "2022",
                    "sequence": Decimal(sequence),
                    "package_id": f"包{sequence}",
                    "exported_at": f"2022-03-1{sequence}T09:00:00",
                    "status": "已导出",
                },
            )
    last = seen(desk).last_submission
    assert last is not None
    assert (last.sequence, last.exported_at, last.status) == (2, "2022-03-12T09:00:00", "已导出")
