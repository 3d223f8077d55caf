from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.values import Cell, State
from db.store import records
from db.work import breakdown
from db.work.assignments import AssignmentEntry, questions
from db.work.recycle import bin_rows, restore_rows
from tests.db.county_folders import fresh_county
from tests.db.work.desk import Desk

HEATING = "08-06-1"
STOCK = "10-01-4"
BOILERS = "08-02-1"


def amounts(desk: Desk, task_id: str = HEATING, year: int = 2022) -> dict[str, Cell]:
    return {row.assignee.id: row.cells[year].amount for row in desk.grid(task_id).rows if year in row.cells}


def test_writing_twice_changes_the_one_assignment(desk: Desk) -> None:
    (first,) = desk.share(HEATING, 2022, "1200", deadline=date(2022, 10, 31))
    (second,) = desk.share(HEATING, 2022, "1500")
    assert first == second
    cell = desk.grid(HEATING).rows[0].cells[2022]
    assert (cell.amount, cell.values["deadline"]) == (1500, date(2022, 10, 31))


def test_an_amount_in_the_plans_unit_is_kept_as_typed_and_counted_in_the_countys(desk: Desk) -> None:
    desk.give(HEATING, 2022, "town", desk.towns[0], amount=Decimal("0.12"), unit="万户")
    cell = desk.grid(HEATING).rows[0].cells[2022]
    assert (cell.amount, cell.unit, cell.in_unit) == (Decimal("0.12"), "万户", Decimal(1200))
    desk.give(HEATING, 2022, "town", desk.towns[0], amount=Decimal(1300))
    cell = desk.grid(HEATING).rows[0].cells[2022]
    assert (cell.amount, cell.unit, cell.in_unit) == (Decimal(1300), "户", Decimal(1300))


@pytest.mark.parametrize(
    ("task_id", "year", "amount", "unit", "said"),
    [
        (HEATING, 2022, Decimal(-1), None, "不能是负数"),
        (HEATING, 2022, Decimal("1.5"), None, "以户计只能是整数"),
        (HEATING, 2022, Decimal("0.00001"), "万户", "最多4位小数"),
        (HEATING, 2022, Decimal(1), "万吨", "以户计，不能用万吨"),
        (HEATING, 2022, "许多", None, "不是数"),
        (HEATING, 2024, Decimal(1), None, "没有2024年"),
        ("08-01-1", 2022, Decimal(1), None, "不向下分解"),
        ("12-14-1", 2022, Decimal(1), None, "不向下分解"),
        ("77-01", 2022, Decimal(1), None, "没有编号为"),
    ],
)
def test_what_is_impossible_is_refused(
    desk: Desk, task_id: str, year: int, amount: Cell, unit: Cell, said: str
) -> None:
    with pytest.raises(DataProblem, match=said):
        desk.give(task_id, year, "town", desk.towns[0], amount=amount, unit=unit)
    assert desk.conn.execute("SELECT count(*) FROM assignment").fetchone() == (0,)


def test_one_impossible_cell_keeps_the_whole_block_out(desk: Desk) -> None:
    with pytest.raises(DataProblem, match="整数"):
        desk.share(HEATING, 2022, "100", "1.5", "200")
    assert amounts(desk) == {}


def test_assignees_must_be_in_the_directory(desk: Desk) -> None:
    with pytest.raises(DataProblem, match="有1个企业不在基础信息里"):
        desk.give(HEATING, 2022, "enterprise", desk.towns[0], amount=Decimal(1))
    firm = desk.enterprise("寿光市甲热力有限公司")
    desk.give(HEATING, 2022, "enterprise", firm, amount=Decimal(1))
    with desk.county.operation("删除") as op:
        records.delete(op, load_schema("enterprise"), [firm])
    with pytest.raises(DataProblem, match="已被删除"):
        desk.give(HEATING, 2023, "enterprise", firm, amount=Decimal(1))


def test_a_value_in_another_field_is_checked_by_its_field(desk: Desk) -> None:
    with pytest.raises(DataProblem, match="「工作内容」有2001个字"):
        desk.give(HEATING, 2022, "town", desk.towns[0], deliverable="长" * 2001)
    with pytest.raises(ValueError, match="not a field of an assignment"):
        desk.give(HEATING, 2022, "town", desk.towns[0], seq=Decimal(1))
    with pytest.raises(ValueError, match="a unit without its amount"):
        desk.give(HEATING, 2022, "town", desk.towns[0], unit="万户")


def test_taking_away_the_last_content_of_a_share_takes_it_away(desk: Desk) -> None:
    desk.share(HEATING, 2022, "100", "200")
    desk.give(HEATING, 2022, "town", desk.towns[0], amount=None)
    assert amounts(desk) == {desk.towns[1]: 200}
    desk.give(HEATING, 2022, "town", desk.towns[1], deliverable="完成改造")
    desk.give(HEATING, 2022, "town", desk.towns[1], amount=None)
    assert amounts(desk) == {desk.towns[1]: None}


def test_an_empty_cell_emptied_once_more_leaves_no_trace(desk: Desk) -> None:
    assert desk.give(HEATING, 2022, "town", desk.towns[0], amount=None) == ""
    assert bin_rows(desk.conn) == []
    row_id = desk.give(HEATING, 2022, "town", desk.towns[0], amount=Decimal(100), note="旧")
    with desk.county.operation("清除") as op:
        breakdown.clear_assignment(op, task_id=HEATING, year=2022, assignee_id=desk.towns[0])
    assert desk.give(HEATING, 2022, "town", desk.towns[0], amount=None) == row_id
    with desk.county.operation("恢复") as op:
        restore_rows(op, [("assignment", row_id)])
    assert desk.grid(HEATING).rows[0].cells[2022].values["note"] == "旧"


def test_a_state_is_an_answer_and_stays(desk: Desk) -> None:
    desk.give(HEATING, 2022, "town", desk.towns[0], amount=State.NOT_APPLICABLE)
    assert amounts(desk) == {desk.towns[0]: State.NOT_APPLICABLE}
    assert desk.grid(HEATING).summaries[2022].filled == 0


def test_something_to_complete_needs_no_amount(desk: Desk) -> None:
    desk.give(BOILERS, 2021, "town", desk.towns[0])
    desk.give(BOILERS, 2021, "town", desk.towns[1], amount=None)
    assert desk.grid(BOILERS).summaries[2021].sentence == "已落实到2个责任主体。"


def test_what_the_assignee_says_to_it_is_content_too(desk: Desk) -> None:
    row_id = desk.give(HEATING, 2022, "town", desk.towns[0], amount=Decimal(5), confirmation="有异议", opinion="数偏大")
    desk.give(HEATING, 2022, "town", desk.towns[0], amount=None)
    row = records.get(desk.conn, load_schema("assignment"), row_id)
    assert row is not None and row.deleted_at is None
    assert (row.values["confirmation"], row.values["opinion"]) == ("有异议", "数偏大")


def test_a_cleared_share_comes_back_with_nothing_of_the_old(desk: Desk) -> None:
    (row_id,) = desk.share(HEATING, 2022, "100", note="旧", deadline=State.NO_DATA)
    with desk.county.operation("清除") as op:
        assert breakdown.clear_assignment(op, task_id=HEATING, year=2022, assignee_id=desk.towns[0]) == 1
        assert breakdown.clear_assignment(op, task_id=HEATING, year=2023, assignee_id=desk.towns[0]) == 0
    assert amounts(desk) == {}
    assert desk.share(HEATING, 2022, "150") == [row_id]
    values = desk.grid(HEATING).rows[0].cells[2022].values
    assert (values["amount"], values["note"], values["deadline"]) == (150, None, None)


def test_the_later_of_two_entries_for_one_cell_wins(desk: Desk) -> None:
    entries = [
        AssignmentEntry(HEATING, 2022, "town", desk.towns[0], {"amount": Decimal(1), "note": "一"}),
        AssignmentEntry(HEATING, 2022, "town", desk.towns[0], {"amount": Decimal(2)}),
    ]
    with desk.county.operation("粘贴") as op:
        ids = breakdown.set_assignments(op, entries)
    assert len(set(ids)) == 1
    values = desk.grid(HEATING).rows[0].cells[2022].values
    assert (values["amount"], values["note"]) == (2, "一")


def test_deadlines_after_the_plans_are_stored_and_questioned(desk: Desk) -> None:
    desk.give(BOILERS, 2021, "town", desk.towns[0], deadline=date(2021, 11, 30))
    (problem,) = desk.grid(BOILERS).rows[0].cells[2021].problems
    assert problem.sentence() == "deadline：完成期限2021-11-30晚于方案规定的2021-10-31。请提前，或在备注里说明原因。"
    heating = desk.plan.target(HEATING)
    asked = [problem.code for problem in questions(heating, 2022, {"deadline": date(2023, 1, 1), "amount": Decimal(1)})]
    assert asked == ["deadline.year"]
    assert [problem.code for problem in questions(heating, 2022, {"deliverable": "完成"})] == ["amount.missing"]
    assert questions(heating, 2022, {"deadline": date(2022, 12, 31), "amount": Decimal(0)}) == ()


KEYS = st.tuples(st.sampled_from([HEATING, STOCK]), st.integers(2021, 2023), st.integers(0, 3))
STEPS = st.lists(st.tuples(KEYS, st.none() | st.integers(0, 1000).map(Decimal), st.booleans()), min_size=1, max_size=12)


@settings(max_examples=25)
@given(st.lists(STEPS, min_size=1, max_size=4))
def test_any_run_of_blocks_gives_what_a_dictionary_gives_and_can_be_undone(
    blocks: list[list[tuple[tuple[str, int, int], Decimal | None, bool]]],
) -> None:
    with fresh_county() as county, county.reading() as conn:
        desk = Desk(county, conn)
        expected: dict[tuple[str, int, str], Decimal] = {}
        grids = {task_id: desk.grid(task_id) for task_id in (HEATING, STOCK)}
        judged = breakdown.states(conn, desk.plan)

        def follow(rows: Mapping[str, frozenset[str]]) -> None:
            """Renew what is known after a write, and hold it against what is read anew."""
            for task_id in grids:
                found = breakdown.renewed(conn, desk.plan, grids[task_id], rows)
                assert found == desk.grid(task_id)
                grids[task_id] = found
            touched = breakdown.changed_tasks(conn, rows)
            judged.update(breakdown.renewed_states(conn, desk.plan, judged, touched))
            assert judged == breakdown.states(conn, desk.plan)

        for block in blocks:
            entries: list[AssignmentEntry] = []
            for (task_id, year, place), amount, _ in block:
                entries.append(AssignmentEntry(task_id, year, "town", desk.towns[place], {"amount": amount}))
                key = (task_id, year, desk.towns[place])
                expected.pop(key, None)
                if amount is not None:
                    expected[key] = amount
            cleared = [(task_id, year, desk.towns[place]) for (task_id, year, place), _, clear in block if clear]
            with county.operation("粘贴") as op:
                breakdown.set_assignments(op, entries)
                breakdown.clear_assignments(op, cleared)
            follow(op.changes.rows)
            for key in cleared:
                expected.pop(key, None)
        found = {
            (task_id, year, row.assignee.id): cell.in_unit
            for task_id in (HEATING, STOCK)
            for row in desk.grid(task_id).rows
            for year, cell in row.cells.items()
        }
        assert found == expected
        for task_id in (HEATING, STOCK):
            whole = desk.grid(task_id)
            assert breakdown.resum(conn, desk.plan, task_id) == whole.summaries
        while county.undo_label():
            follow(county.undo().rows)
        assert conn.execute("SELECT count(*) FROM assignment").fetchone() == (0,)
        while county.redo_label():
            follow(county.redo().rows)
        assert {key: amount for task_id in (HEATING, STOCK) for key, amount in _live(desk, task_id)} == expected


def _live(desk: Desk, task_id: str) -> list[tuple[tuple[str, int, str], Decimal | None]]:
    rows = desk.grid(task_id).rows
    return [((task_id, year, row.assignee.id), cell.in_unit) for row in rows for year, cell in row.cells.items()]
