"""A unit's month comes back: figures and project reports, new or filed before, by the door of what is typed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from db.core.errors import DataProblem
from db.core.period import Period
from db.core.values import State
from db.exchange.unit_book.reading import Fate
from db.exchange.unit_book.store import label, store_books
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from db.work.monthly.months import close_month
from tests.db.exchange.unit_book.returned import FIRST, Returned, problems, rows_of
from tests.db.work.desk import Desk

MARCH = Period.parse("2022-03")
FIGURES, REPORTS = "进度填报", "项目月报"
HEATING, RATE, STAGE = "08-06-1", "05-06-2", "04-03"


@pytest.fixture
def returned(desk: Desk, tmp_path: Path) -> Returned:
    desk.share(RATE, 2022, "50")
    desk.share(STAGE, 2022, None, deliverable="完成")
    return Returned(desk, tmp_path / "out", kinds=("monthly",), period="2022-03", registers=())


def entries(returned: Returned) -> dict[str, tuple[Any, ...]]:
    rows = returned.desk.conn.execute(
        "SELECT task_id, amount, numerator, denominator, stage, situation, source, states FROM progress"
        " WHERE assignee_id = ? AND deleted_at IS NULL",
        (returned.desk.towns[0],),
    )
    return {row[0]: row[1:] for row in rows}


def line_of(returned: Returned, task_id: str) -> int:
    found: dict[str, int] = {}

    def look(sheet: Any) -> None:
        for row in sheet.iter_rows(min_row=FIRST):
            found.update({str(cell.value): cell.row for cell in row[:4] if cell.value})

    returned.sheet(look, FIGURES)
    return found[task_id]


def file_figure(desk: Desk, task_id: str, **values: Any) -> None:
    with desk.county.operation("填报") as op:
        set_entries(op, MARCH, [EntryChange(RowKey(task_id, "town", desk.towns[0]), values)])


def test_an_empty_month_comes_back_empty(returned: Returned) -> None:
    file = returned.read()
    assert (file.verdict, file.notes, file.period) == ("good", [], "2022-03")
    assert returned.counts("progress") == {}
    returned.store()
    assert entries(returned) == {}


def test_figures_texts_and_answers_are_filed_from_the_workbook(returned: Returned) -> None:
    returned.put(line_of(returned, HEATING), FIGURES, amount="１,200", situation="已完工")
    returned.put(line_of(returned, RATE), FIGURES, numerator=3, denominator=4)
    returned.put(line_of(returned, STAGE), FIGURES, stage="实施中")
    assert returned.counts("progress") == {"新增": 3}
    assert returned.store().added == 3
    found = entries(returned)
    assert found[HEATING][:1] + found[HEATING][4:6] == (1_200_000_000, "已完工", "workbook")
    assert found[RATE][1:3] == (3_000_000, 4_000_000)
    assert found[STAGE][3] == "实施中"
    # Once more: what is there already is known by its task.
    assert returned.counts("progress") == {"未变": 3}
    returned.desk.county.undo()
    assert entries(returned) == {}


def test_an_answer_is_no_figure(returned: Returned) -> None:
    returned.put(line_of(returned, HEATING), FIGURES, amount="暂无数据")
    returned.store()
    assert entries(returned)[HEATING][0] is None
    assert State.NO_DATA.value in entries(returned)[HEATING][6]


def test_what_was_filed_meanwhile_is_a_clash(returned: Returned) -> None:
    file_figure(returned.desk, HEATING, amount=Decimal(5))
    returned.put(line_of(returned, HEATING), FIGURES, amount=7)
    table = returned.table("progress")
    assert table.counts()[Fate.CONFLICT] == 1
    (row,) = table.rows
    assert (row.changes["amount"].ours, row.changes["amount"].theirs) == (Decimal(5), Decimal(7))


def test_a_figure_that_the_task_does_not_ask_for_is_refused(returned: Returned) -> None:
    line = line_of(returned, HEATING)
    returned.put(line, FIGURES, numerator=3, amount="1.5")
    found = problems(returned.table("progress"))
    assert sorted(found.values()) == ["amount.decimals", "entry.kind"]


def test_a_line_that_is_not_due_and_one_that_is_gone_are_told(returned: Returned) -> None:
    returned.put(line_of(returned, HEATING), FIGURES, task_id="08-02-1", amount=3)
    table = returned.table("progress")
    assert [problem.code for problem in table.problems()] == ["row.new"]
    assert rows_of(table, Fate.REFUSED)
    assert HEATING in table.lost


def test_a_closed_month_refuses_the_table_with_a_sentence(returned: Returned) -> None:
    returned.put(line_of(returned, HEATING), FIGURES, amount=3)
    with returned.desk.county.operation("完成") as op:
        close_month(op, MARCH)
    file = returned.read()
    assert file.verdict == "problems"
    assert {problem.code for problem in file.problems()} == {"month.closed"}
    with pytest.raises(DataProblem, match="已经完成并锁定"):
        returned.store()
    assert returned.store(leave_out=True).added == 0


def test_reports_of_projects_come_back_and_the_register_follows(returned: Returned) -> None:
    returned.put(FIRST, REPORTS, completed_investment="12.5", stage="实施中", problems="资金")
    assert returned.counts("project_report") == {"新增": 1}
    returned.store()
    row = returned.desk.conn.execute("SELECT completed_investment, stage, source FROM project_report").fetchone()
    assert row == (12_500_000, "实施中", "workbook")
    assert returned.counts("project_report") == {"未变": 1}


def test_a_text_that_begins_like_a_footnote_is_filed_all_the_same(returned: Returned) -> None:
    returned.put(line_of(returned, HEATING), FIGURES, situation="说明：因雨停工，下月补上")
    assert returned.counts("progress") == {"新增": 1}
    returned.store()
    assert entries(returned)[HEATING][4] == "说明：因雨停工，下月补上"


def test_a_line_that_stands_there_twice_is_not_decided_by_its_place(returned: Returned) -> None:
    returned.put(line_of(returned, HEATING), FIGURES, amount=3)
    returned.put(line_of(returned, RATE), FIGURES, task_id=HEATING, unit="户", amount=9)
    table = returned.table("progress")
    assert table.counts()[Fate.REFUSED] == 2
    # The task that still stands beside the number betrays that the number was changed.
    assert {problem.code for problem in table.problems()} == {"row.twice", "cell.beside"}


def test_a_figure_in_a_unit_that_the_sender_wrote_is_refused(returned: Returned) -> None:
    returned.put(line_of(returned, HEATING), FIGURES, unit="万户", amount=3)
    (problem,) = returned.table("progress").problems()
    assert problem.code == "entry.unit" and "万户" in problem.message and "户" in problem.advice


def test_what_was_filed_after_reading_is_not_overwritten(returned: Returned) -> None:
    returned.put(line_of(returned, HEATING), FIGURES, amount=3)
    read = returned.read()
    file_figure(returned.desk, HEATING, amount=Decimal(5))
    with pytest.raises(DataProblem, match="读取以后"), returned.desk.county.operation(label([read])) as op:
        store_books(op, returned.desk.county, [read])
    assert entries(returned)[HEATING][0] == 5_000_000


def test_what_is_worked_out_and_was_changed_is_told(returned: Returned) -> None:
    line = line_of(returned, HEATING)
    returned.put(line, FIGURES, indicator="别的指标", assigned=7, amount=3)
    table = returned.table("progress")
    first, second = table.problems()
    assert {problem.code for problem in (first, second)} == {"cell.beside"} and not first.stops
    assert first.message.startswith("「任务」是已知内容，表里是“别的指标”，程序里是“农村地区新增清洁取暖改造户数”")
    assert second.message == "「本年任务量」是已知内容，表里是“7”，程序里是“100”，没有采用。"
    assert table.counts()[Fate.ADDED] == 1


def test_a_figure_that_jumped_is_asked_about_and_taken(desk: Desk, tmp_path: Path) -> None:
    with desk.county.operation("填报") as op:
        key = RowKey(HEATING, "town", desk.towns[0])
        set_entries(op, Period.parse("2022-02"), [EntryChange(key, {"amount": Decimal(1_000)})])
    returned = Returned(desk, tmp_path / "out", kinds=("monthly",), period="2022-03", registers=())
    line = line_of(returned, HEATING)
    returned.put(line, FIGURES, amount=2_500)
    (row,) = returned.table("progress").rows
    (doubt,) = row.doubts
    assert row.fate is Fate.ADDED and not doubt.stops and doubt.message.startswith("比上月多了150%：上月1,000户")
    assert [problem.code for problem in returned.read().problems()] == ["entry.doubt"]
    assert returned.store().added == 1
    # What was doubtful before is not told again, what is so now is.
    assert returned.read().problems() == []
    returned.put(line, FIGURES, amount=900)
    (row,) = returned.table("progress").rows
    assert [doubt.message[:7] for doubt in row.doubts] == ["累计数比上月少"]
