"""Cells that are understood when they are looked at say what their rows say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from db.core.fields import load_schema
from db.core.values import Cell, State
from db.store import records
from db.work import breakdown, breakdown_cells
from db.work.breakdown_cells import cells_of_assignee, cells_of_task, changed_cells
from tests.db.work.desk import Desk

HEATING = "08-06-1"
WHOLE, INSIDE = "08-01-2", "08-01-3"


def test_a_cell_says_what_its_row_says(desk: Desk) -> None:
    firm = desk.enterprise("寿光市甲热力有限公司")
    texts: dict[str, Cell] = {"deliverable": "改造完成", "deadline": date(2022, 10, 31), "phone": "0536-1234567"}
    desk.give(HEATING, 2022, "enterprise", firm, amount=Decimal("0.12"), unit="万户", **texts)
    desk.give(HEATING, 2023, "enterprise", firm, amount=State.NO_DATA)
    task = desk.plan.target(HEATING)
    (found,) = cells_of_task(desk.conn, desk.plan, task).values()
    assert list(found) == [2022, 2023]
    for cell in found.values():
        row = records.get(desk.conn, load_schema("assignment"), cell.assignment_id)
        assert row is not None and cell.values == row.values
        assert {name: cell.value(name) for name in row.values} == row.values
        assert [cell.has(name) for name in ("deliverable", "note")] == [cell is found[2022], False]
    assert (found[2022].unit, found[2022].in_unit, found[2022].micro) == ("万户", Decimal(1200), 1200_000_000)
    assert (found[2023].amount, found[2023].in_unit, found[2023].micro) == (State.NO_DATA, None, None)
    assert cells_of_assignee(desk.conn, desk.plan, firm) == {HEATING: found}
    assert [problem.code for problem in found[2022].problems] == []
    desk.give(HEATING, 2022, "enterprise", firm, deadline=date(2024, 1, 31))
    ids = [cell.assignment_id for cell in found.values()]
    (changed, untouched) = sorted(changed_cells(desk.conn, task, ids), key=lambda each: each[1])
    assert changed[:2] == (("enterprise", firm), 2022) and untouched[2] == found[2023]
    assert changed[2] != found[2022] and [problem.code for problem in changed[2].problems] == ["deadline.late"]


def test_a_part_is_held_against_its_whole_by_assignee_and_year(desk: Desk) -> None:
    town, other = desk.towns[:2]

    def told(task_id: str) -> dict[tuple[str, int], list[str]]:
        found = cells_of_task(desk.conn, desk.plan, desk.plan.target(task_id))
        return {
            (who, year): [problem.message for problem in cell.problems]
            for (_, who), cells in found.items()
            for year, cell in cells.items()
            if cell.problems
        }

    desk.give(INSIDE, 2021, "town", town, amount=Decimal(7))
    assert told(INSIDE) == {}, "the whole is not handed out yet"
    desk.give(WHOLE, 2021, "town", other, amount=Decimal(9))
    title = desk.plan.target(WHOLE).indicator
    assert told(INSIDE) == {(town, 2021): [f"是“{title}”的其中数，但“{title}”这一年没有分给它。"]}
    desk.give(WHOLE, 2021, "town", town, amount=Decimal("6.5"))
    assert told(INSIDE) == {(town, 2021): ["是“燃煤机组关停退出容量”的其中数，比那里分给它的6.5万千瓦还大。"]}
    assert told(WHOLE) == {(town, 2021): ["比其中的“2021年燃煤机组关停退出容量”7万千瓦还小。"]}
    both = cells_of_assignee(desk.conn, desk.plan, town)
    assert [len(both[task_id][2021].problems) for task_id in (WHOLE, INSIDE)] == [1, 1]
    grid = desk.grid(INSIDE)
    assert breakdown.renewed(desk.conn, desk.plan, grid, {}) is None, "what it is held against may have changed too"
    desk.give(WHOLE, 2021, "town", town, amount=Decimal(7))
    assert told(INSIDE) == told(WHOLE) == {}


def test_what_this_plan_does_not_have_or_another_task_has_is_left_out(desk: Desk) -> None:
    firm = desk.enterprise("寿光市甲热力有限公司")
    desk.give(HEATING, 2022, "enterprise", firm, amount=Decimal(5))
    ((_, _, cell),) = changed_cells(desk.conn, desk.plan.target(HEATING), _ids(desk, firm))
    assert list(changed_cells(desk.conn, desk.plan.target("14-01-2"), [cell.assignment_id])) == []
    with desk.county.operation("旧方案") as op:
        op.conn.execute("UPDATE assignment SET task_id = '99-01-1'")
    assert cells_of_assignee(desk.conn, desk.plan, firm) == {}


def _ids(desk: Desk, assignee_id: str) -> list[str]:
    found = breakdown_cells.cells_of_assignee(desk.conn, desk.plan, assignee_id)
    return [cell.assignment_id for cells in found.values() for cell in cells.values()]
