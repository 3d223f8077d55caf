"""The workbooks sent out: how far each table of each unit is, and which tables a unit has nothing to do with."""

from __future__ import annotations

import pytest

from db.core.fields import load_schema
from db.core.values import Cell
from db.store import records
from db.work.handouts import Board, Handout, board, outcomes_text, read_outcomes, record_handouts
from db.work.unit_rows import holders
from tests.db.work.desk import Desk

TABLES = ("assignment", "coal_boiler")


def sent(desk: Desk, town: int, *, tables: tuple[str, ...] = TABLES, **came: Cell) -> str:
    """Send the town a workbook, and say what came of it; return the id of its row."""
    handout = Handout(
        f"book-{town}", "town", desk.towns[town], ("tasks",), "2022", tables, "2022-03-01T09:30:00", "任务.xlsx", 1
    )
    with desk.county.operation("发出") as op:
        (row_id,) = record_handouts(op, "file", [handout])
        if came:
            records.update(op, load_schema("handout"), row_id, came)
    return row_id


def words(found: Board, town: str) -> list[str]:
    unit = next(unit for unit in found.units if unit.id == town)
    return [found.state(unit, table).title for table, _ in found.tables]


def whole(found: Board, town: str) -> str:
    return found.whole(next(unit for unit in found.units if unit.id == town))


def test_each_table_has_a_status_of_its_own(desk: Desk) -> None:
    outcomes = outcomes_text({"assignment": ("stored", 0), "coal_boiler": ("faulty", 2)})
    sent(desk, 0, status="faulty", received_name="回.xlsx", outcomes=outcomes)
    found = board(desk.conn, ["2022"])
    assert words(found, desk.towns[0]) == ["已入库", "有问题"]
    assert whole(found, desk.towns[0]) == "faulty"
    states = found.states["town", desk.towns[0]]
    assert (states["assignment"].problems, states["coal_boiler"].problems) == (0, 2)


def test_a_table_that_did_not_come_back_is_still_out(desk: Desk) -> None:
    sent(desk, 0, status="stored", received_name="回.xlsx", outcomes=outcomes_text({"assignment": ("stored", 0)}))
    found = board(desk.conn, ["2022"])
    assert words(found, desk.towns[0]) == ["已入库", "已发"]
    assert whole(found, desk.towns[0]) == "sent"
    state = found.states["town", desk.towns[0]]["coal_boiler"]
    assert (state.received_name, state.file_name) == ("", "任务.xlsx")


def test_of_a_workbook_that_could_not_be_read_every_table_is_faulty(desk: Desk) -> None:
    sent(desk, 0, status="faulty", received_name="回.xlsx")
    assert words(board(desk.conn, ["2022"]), desk.towns[0]) == ["有问题", "有问题"]


def test_a_table_in_which_a_unit_has_nothing_to_fill_in_is_not_one_to_be_sent(desk: Desk) -> None:
    desk.share("08-06-1", 2022, "100", "200")
    desk.project("coal_boiler", name="锅炉", town_id=desk.towns[2])
    sent(desk, 0, tables=("assignment",))
    sent(desk, 3)
    found = board(desk.conn, ["2022"])
    assert [words(found, town) for town in desk.towns[:5]] == [
        ["已发", "—"],
        ["未发", "—"],
        ["—", "未发"],
        ["已发", "已发"],
        ["—", "—"],
    ]
    assert [whole(found, town) for town in desk.towns[:5]] == ["sent", "none", "none", "sent", "nothing"]
    assert words(board(desk.conn), desk.towns[1]) == ["未发", "—"]


@pytest.mark.parametrize("year", [2021, 2022])
def test_who_has_something_to_fill_in(desk: Desk, year: int) -> None:
    firm = desk.enterprise("演示热力", town_id=desk.towns[1])
    desk.share("08-06-1", 2022, "100")
    desk.project("coal_boiler", name="锅炉", town_id=desk.towns[1], enterprise_id=firm)
    tasks = {("town", desk.towns[0])} if year == 2022 else set()
    projects = {("town", desk.towns[1]), ("enterprise", firm)}
    assert holders(desk.conn, ["assignment", "progress", "coal_boiler", "project_report"], [year]) == {
        "assignment": tasks,
        "progress": tasks,
        "coal_boiler": projects,
        "project_report": projects,
    }
    assert holders(desk.conn, ["project_report"]) == {"project_report": projects}


def test_what_is_deleted_is_nothing_to_fill_in(desk: Desk) -> None:
    row_id = desk.project("coal_boiler", name="锅炉", town_id=desk.towns[0])
    with desk.county.operation("删除项目") as op:
        op.conn.execute("UPDATE register_coal_boiler SET deleted_at = ? WHERE id = ?", (op.at, row_id))
    assert holders(desk.conn, ["coal_boiler"]) == {"coal_boiler": set()}


def test_outcomes_are_kept_as_text() -> None:
    found = {"coal_boiler": ("faulty", 3), "assignment": ("stored", 0)}
    assert read_outcomes(outcomes_text(found)) == found
    assert read_outcomes(None) == {}
