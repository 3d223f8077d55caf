"""One assignee with all its tasks."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from db.core.values import Cell
from db.plan.catalogue import load_catalogue
from db.work.assignee_tasks import tasks_of_assignee
from db.work.assignments import clear_assignment, set_assignment
from db.work.breakdown import assignees, grid
from db.work.setup import new_county
from db.work.tasks import Duty


def test_tasks_come_in_the_order_of_the_plan_with_what_is_offered(tmp_path: Path) -> None:
    catalogue = load_catalogue()
    with new_county(tmp_path / "寿光市", county="370783", author="王芳") as county:
        with county.reading() as conn:
            town = assignees(conn, ("town",))[0]
        with county.operation("分解") as op:
            given: dict[str, dict[str, Cell]] = {
                "12-05-1": {"amount": Decimal(3)},
                "08-06-1": {"amount": Decimal("0.5"), "unit": "万户"},
                "08-02-1": {},
            }
            for task_id, values in given.items():
                set_assignment(op, task_id=task_id, year=2022, assignee_kind="town", assignee_id=town.id, values=values)
        with county.reading() as conn:
            found = tasks_of_assignee(conn, catalogue, town.id, extra=["03-01", "08-01-1", "12-05-1"])
            shown = grid(conn, catalogue, "08-06-1")
        assert [each.task.id for each in found] == ["03-01", "08-02-1", "08-06-1", "12-05-1"]
        households = found[2]
        assert (households.title, households.unit, households.duty) == (
            "农村地区新增清洁取暖改造户数",
            "户",
            Duty.QUANTITY,
        )
        assert households.cells == shown.rows[0].cells, "the same cells as in the task's own grid"
        assert households.cells[2022].in_unit == 5000
        assert found[0].cells == {}
        assert found[1].unit == ""
        with county.operation("移出") as op:
            clear_assignment(op, task_id="08-06-1", year=2022, assignee_id=town.id)
        with county.reading() as conn:
            assert [each.task.id for each in tasks_of_assignee(conn, catalogue, town.id)] == ["08-02-1", "12-05-1"]
