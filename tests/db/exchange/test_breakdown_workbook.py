"""The breakdown as a workbook: what was not touched changes nothing, what was is told by its cell, all or nothing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.values import Cell, State
from db.exchange.breakdown_reading import Fate
from db.work.breakdown import AssignmentEntry, set_assignments
from tests.db.exchange.office import DONE, HEATING, PLACES, Office
from tests.db.work.desk import Desk

GAS, RATE = "07-01-1", "07-01-3"


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40)
ODD = st.sampled_from(
    [
        "=1+1",
        "_x0000_",
        "+86",
        "-5",
        "@x",
        "_x0041_",
        "  空格 ",
        "a\nb",
        "<&>",
        "𠮷😀",
        "不涉及",
        "未报",
        "00123",
        "1e5",
    ]
)
AMOUNTS = st.one_of(
    st.none(),
    st.sampled_from(list(State)),
    st.integers(0, 10**12).map(Decimal),
    st.decimals(0, 10**9, places=4, allow_nan=False),
)


@st.composite
def entries(draw: st.DrawFn) -> list[tuple[str, int, int, dict[str, Cell]]]:
    found = []
    for _ in range(draw(st.integers(0, 6))):
        task = draw(st.sampled_from([HEATING, GAS, RATE, DONE]))
        values: dict[str, Cell] = {}
        amount = draw(AMOUNTS)
        if task == HEATING and isinstance(amount, Decimal):
            amount = amount.to_integral_value()
        if task != DONE:
            values["amount"] = amount
        for name in ("deliverable", "responsible", "note"):
            if draw(st.booleans()):
                values[name] = draw(st.one_of(TEXTS, ODD))
        if draw(st.booleans()):
            values["deadline"] = draw(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
        found.append((task, draw(st.integers(2021, 2023)), draw(st.integers(0, 14)), values))
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=entries(), blanks=st.just(False))
def test_an_untouched_workbook_changes_nothing(
    desk: Desk, tmp_path: Path, drawn: list[tuple[str, int, int, dict[str, Cell]]], blanks: bool
) -> None:
    office = Office(desk, tmp_path)
    with desk.county.operation("分解") as op:
        made = [AssignmentEntry(task, year, "town", desk.towns[town], values) for task, year, town, values in drawn]
        set_assignments(op, made)
    try:
        office.export(blanks=blanks)
        found = office.read()
        assert found.writes == 0 and not found.problems, (found.problems, [r for r in found.rows if r.changes])
        assert found.count(Fate.SAME) == len(office.rows()) and found.kept == 0
    finally:
        if op.changes:
            desk.county.undo()


def test_what_the_clerk_changed_arrives_as_one_step(office: Office) -> None:
    desk = office.desk
    desk.share(HEATING, 2022, "100", "200", "300")
    desk.give(DONE, 2022, "town", desk.towns[0])
    before = office.rows()
    office.export()
    # Rows: 5 is the completed task, 6 to 8 the shares.
    office.put(6, amount=120, responsible="李四", deadline=datetime(2022, 10, 31))
    office.put(7, amount=None)
    office.put(8, amount=0)
    office.add(task_id=HEATING, year=2023, assignee_kind="镇街", assignee="羊口镇", amount="1,500户")
    office.add(task_id=DONE, year=2023, assignee_kind="镇街", assignee="羊口镇", amount="√")
    found = office.read()
    assert found.sentence() == "新增2条，更新2条，清除1条，未变1条，拒绝0条"
    assert found.rows[1].changes[0] == "任务量 100 → 120"
    assert office.apply() == 5
    amounts = [cell.amount for row in desk.grid(HEATING).rows for cell in row.cells.values()]
    assert sorted(amount for amount in amounts if isinstance(amount, Decimal)) == [0, 120, 1500]
    assert len([row for row in desk.grid(DONE).rows if row.cells]) == 2
    desk.county.undo()
    assert office.rows() == before
    desk.county.redo()
    office.export()
    assert office.read().writes == 0


def test_empty_rows_to_fill_in_are_nothing_until_filled(office: Office) -> None:
    office.desk.share(HEATING, 2022, "100")
    office.export(blanks=True)
    found = office.read()
    assert [row.fate for row in found.rows] == [Fate.SAME]
    sheet = openpyxl.load_workbook(office.file)["任务分解"]
    line = next(
        row
        for row in range(5, sheet.max_row)
        if sheet.cell(row, PLACES["task_id"]).value == HEATING and sheet.cell(row, PLACES["amount"]).value is None
    )
    office.put(line, amount="不涉及")
    assert [row.fate for row in office.read().rows if row.fate is not Fate.SAME] == [Fate.NEW]


@pytest.mark.parametrize(
    ("values", "cell", "said"),
    [
        ({"amount": "很多"}, "G5", "不是一个数"),
        ({"amount": -5}, "G5", "小于最小值0"),
        ({"amount": 1.5}, "G5", "整数"),
        ({"amount": datetime(2022, 1, 2)}, "G5", "日期"),
        ({"assignee": "某某镇"}, "F5", "基础信息里没有叫“某某镇”的镇街"),
        ({"assignee_kind": "县直"}, "E5", "不是责任主体的类别"),
        ({"assignee": None}, "F5", "没有填责任主体"),
        ({"year": 2024}, "D5", "2024"),
        ({"year": None}, "D5", "没有填年度"),
        ({"task_id": "99-99-9"}, "B5", "没有编号为“99-99-9”的任务"),
        ({"task_id": datetime(2001, 8, 6)}, "B5", "文本"),
        ({"task_id": None}, "B5", "没有填任务编号"),
        ({"unit": "吨"}, "H5", "不能用吨"),
        ({"deadline": "2022.13.1"}, "J5", "完成期限"),
        ({"phone": "一二三"}, "L5", "不是电话号码"),
        ({"note": "长" * 2001}, "M5", "最多2000个字"),
    ],
)
def test_a_wrong_cell_is_told_with_its_place(office: Office, values: dict[str, object], cell: str, said: str) -> None:
    office.desk.share(HEATING, 2022, "100", "200")
    office.export()
    office.put(5, **values)
    office.put(6, amount=250)
    found = office.read()
    (problem,) = found.problems
    assert problem.place == f"任务分解!{cell}" and said in problem.sentence()
    before = office.rows()
    with pytest.raises(DataProblem, match="什么都没有写入"):
        office.apply()
    assert office.rows() == before
    assert office.apply(leave_out=True) == 1
    assert {row["amount"] for row in office.rows()} == {Decimal(100), Decimal(250)}


def test_an_old_text_that_breaks_a_later_rule_hinders_nothing(office: Office) -> None:
    office.desk.share(HEATING, 2022, "100")
    with office.desk.county.operation("旧数据") as op:
        op.conn.execute("UPDATE assignment SET phone = '演示电话'")
    office.export()
    assert office.read().count(Fate.SAME) == 1
    office.put(5, amount=120)
    assert office.apply() == 1
    assert [(row["amount"], row["phone"]) for row in office.rows()] == [(Decimal(120), "演示电话")]


def test_a_mark_taken_away_beside_texts_is_asked_about(office: Office) -> None:
    office.desk.give(DONE, 2022, "town", office.desk.towns[0], deliverable="完成改造")
    office.export()
    with office.desk.county.operation("旧数据") as op:
        op.conn.execute("UPDATE assignment SET unit = ''")
    office.put(5, amount=None)
    (problem,) = office.read().problems
    assert problem.place == "任务分解!G5" and "去掉了“√”" in problem.message
    office.put(5, deliverable=None)
    assert [row.fate for row in office.read().rows] == [Fate.CLEARED]


def test_a_row_that_says_the_same_twice_is_refused(office: Office) -> None:
    office.desk.share(HEATING, 2022, "100")
    office.export()
    office.add(task_id=HEATING, year=2022, assignee_kind="镇街", assignee="圣城街道", amount=5)
    (problem,) = office.read().problems
    assert "与第5行" in problem.message and problem.place == "任务分解!F6"


def test_a_copied_row_is_a_new_assignment(office: Office) -> None:
    office.desk.share(HEATING, 2022, "100")
    office.export()

    def copy(sheet: Any) -> None:
        for place in range(1, len(PLACES) + 1):
            sheet.cell(6, place, sheet.cell(5, place).value)
        sheet.cell(6, PLACES["assignee"], "羊口镇")

    office.edit(copy)
    assert [row.fate for row in office.read().rows] == [Fate.SAME, Fate.NEW]
    office.apply()
    assert len(office.rows()) == 2


def test_what_was_changed_in_the_program_meanwhile_is_kept_or_a_conflict(office: Office) -> None:
    desk = office.desk
    desk.share(HEATING, 2022, "100", "200")
    office.export()
    desk.share(HEATING, 2022, "111", "222")
    found = office.read()
    assert found.writes == 0 and found.count(Fate.SAME) == 2 and "有2条在导出以后被程序里改过" in found.notes[0]
    office.put(5, amount=150)
    found = office.read()
    assert [row.fate for row in found.rows] == [Fate.CONFLICT, Fate.SAME]
    with pytest.raises(DataProblem):
        office.apply()
    assert office.apply(leave_out=True) == 0
    assert {row["amount"] for row in office.rows()} == {Decimal(111), Decimal(222)}


def test_an_empty_row_takes_nothing_away_that_was_given_in_the_program_meanwhile(office: Office) -> None:
    office.export(blanks=True)
    office.desk.share(HEATING, 2022, "100")
    found = office.read()
    assert found.writes == 0 and found.kept == 1
    assert office.apply() == 0
    assert [row["amount"] for row in office.rows()] == [Decimal(100)]


def test_a_formulas_error_is_not_an_empty_cell(office: Office) -> None:
    office.desk.share(HEATING, 2022, "100")
    office.export()
    office.put(5, amount="=1/0")
    (problem,) = office.read().problems
    assert problem.place == "任务分解!G5" and "公式还没有计算" in problem.message and "改成数" in problem.advice


def test_assignments_the_workbook_does_not_name_stay(office: Office) -> None:
    office.desk.share(HEATING, 2022, "100", "200")
    office.export()
    office.edit(lambda sheet: sheet.delete_rows(6))
    found = office.read()
    assert found.kept == 1 and found.writes == 0 and "另有1条" in found.notes[0]


def test_an_empty_county_gives_a_workbook_to_fill_in(office: Office) -> None:
    office.export()
    assert office.read().rows == ()
    office.add(task_id=HEATING, year=2022, assignee_kind="镇街", assignee="羊口镇", amount=7)
    assert office.apply() == 1


def test_text_that_looks_like_a_formula_stays_text(office: Office) -> None:
    office.desk.give(HEATING, 2022, "town", office.desk.towns[0], amount=Decimal(1), note='=HYPERLINK("x")')
    office.export()
    cell = openpyxl.load_workbook(office.file)["任务分解"].cell(5, PLACES["note"])
    assert cell.data_type != "f" and cell.value == '=HYPERLINK("x")' and cell.number_format == "@"


def test_the_matrix_shows_quota_and_balance(office: Office) -> None:
    office.desk.quota(HEATING, 2022, "350")
    office.desk.share(HEATING, 2022, "100", "200")
    office.export()
    book = openpyxl.load_workbook(office.file)
    assert book.sheetnames == ["任务分解", "2021年汇总", "2022年汇总", "2023年汇总", "责任主体"]
    sheet = book["2022年汇总"]
    assert [cell.value for cell in sheet[4]][:8] == [
        HEATING,
        "农村地区新增清洁取暖改造户数",
        "户",
        350,
        300,
        50,
        100,
        200,
    ]
    assert sheet.protection.sheet
