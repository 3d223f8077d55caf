"""任务书: everything an assignee has is in its paper, in Word and on the page; batches are whole files only."""

from __future__ import annotations

import errno
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from db.core.errors import Cancelled, DataProblem, EnvironmentProblem
from db.core.values import Cell, State
from db.reports import many_files
from db.reports.county_side import PENDING
from db.reports.task_sheet import TaskSheet, by_year, days_by_year, task_sheet
from db.reports.task_sheet_files import find_owner, write_task_sheets
from db.reports.task_sheet_page import task_sheet_html
from db.reports.task_sheet_word import TEMPLATE, task_sheet_word
from db.reports.word import template
from db.work.assignees import find_assignees
from db.work.responsibility import set_responsibility
from tests.db.work.desk import Desk

HEATING = "08-06-1"
ODD = "改造<锅炉>&“管网”𠮷😀" + "很长" * 400


def sheet_of(desk: Desk, kind: str, who: str) -> TaskSheet:
    return task_sheet(desk.conn, desk.plan, find_assignees(desk.conn, [(kind, who)])[0])


def text_of(data: bytes) -> str:
    document = Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_paper_says_what_was_assigned(desk: Desk) -> None:
    town = desk.towns[0]
    values: dict[str, Cell] = {
        "amount": Decimal(1200),
        "responsible": "李四",
        "phone": "13800000000",
        "deadline": date(2022, 10, 31),
    }
    desk.give(HEATING, 2022, "town", town, **values, deliverable=ODD)
    desk.give(HEATING, 2023, "town", town, amount=Decimal("0"))
    desk.give("04-03", 2022, "town", town)
    found = sheet_of(desk, "town", town)
    assert [clause.clause_id for clause in found.clauses] == ["04-03", "08-06"]
    (line,) = found.clauses[1].lines
    assert line.amounts == ("", "1,200", "0") and line.total == "1,200户" and line.unit == "户"
    assert line.deadline == "2022年10月31日" and line.responsible == "李四\n13800000000"
    assert found.clauses[0].lines[0].amounts == ("", "√", "")
    assert found.clauses[1].side.leads != PENDING and found.clauses[1].side.leader == PENDING
    words = text_of(task_sheet_word(found, template(None, TEMPLATE)))
    page = task_sheet_html(found)
    for said in ("寿光市“四减四增”三年行动任务书", "1,200", desk.plan.clause("08-06").text, "13800000000", "待定"):
        assert said in words and said in page
    assert ODD in words
    assert "改造&lt;锅炉&gt;&amp;“管网”𠮷😀" in page


def test_the_countys_own_answer_stands_before_the_plans(desk: Desk) -> None:
    department = desk.conn.execute("SELECT id, name FROM department LIMIT 1").fetchone()
    with desk.county.operation("分工") as op:
        values = {"lead_id": department[0], "cooperators": "县财政局", "leader": "赵六", "leader_post": "副市长"}
        set_responsibility(op, clause_id="08-06", values=values)
    desk.give(HEATING, 2022, "town", desk.towns[0], amount=Decimal(1))
    side = sheet_of(desk, "town", desk.towns[0]).clauses[0].side
    assert (side.leads, side.cooperators, side.leader) == (department[1], "县财政局", "赵六（副市长）")
    assert side.paper == PENDING


def test_states_and_open_amounts_are_not_zero(desk: Desk) -> None:
    town = desk.towns[0]
    desk.give(HEATING, 2021, "town", town, amount=State.NOT_APPLICABLE)
    desk.give(HEATING, 2022, "town", town, amount=State.NO_DATA)
    desk.give(HEATING, 2023, "town", town, responsible="李四")
    (line,) = sheet_of(desk, "town", town).clauses[0].lines
    assert line.amounts == ("不涉及", "暂无数据", "未定")
    assert line.total == ""


def test_somebody_without_tasks_gets_a_paper_that_says_so(desk: Desk) -> None:
    found = sheet_of(desk, "town", desk.towns[0])
    words = text_of(task_sheet_word(found, template(None, TEMPLATE)))
    assert "目前没有承担分解任务" in words and "任务指标" not in words
    assert "<thead>" not in task_sheet_html(found)


def test_texts_of_several_years_are_said_once_or_with_their_year() -> None:
    assert by_year({}) == ""
    assert by_year({2021: "甲", 2022: "甲"}) == "甲"
    assert by_year({2022: "乙", 2021: "甲", 2023: ""}) == "2021年：甲；2022年：乙"
    assert days_by_year({2021: date(2021, 12, 31), 2022: date(2022, 12, 31)}) == "各年12月31日"
    assert days_by_year({2021: date(2022, 6, 1), 2022: date(2022, 6, 1)}) == "2022年6月1日"
    assert days_by_year({2021: date(2021, 6, 1), 2022: date(2022, 7, 1)}) == "2021年6月1日\n2022年7月1日"


def test_the_heading_is_repeated_on_every_page(desk: Desk) -> None:
    desk.give(HEATING, 2022, "town", desk.towns[0], amount=Decimal(1))
    data = task_sheet_word(sheet_of(desk, "town", desk.towns[0]), template(None, TEMPLATE))
    assert Document(BytesIO(data)).tables[0].rows[0]._element.xpath("w:trPr/w:tblHeader")


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_every_year_of_the_plan_has_a_column(desk: Desk, count: int) -> None:
    desk.give(HEATING, 2022, "town", desk.towns[0], amount=Decimal(1), deliverable="改造")
    sheet = sheet_of(desk, "town", desk.towns[0])
    years = tuple(range(2021, 2021 + count))
    amounts = tuple(f"{year}年的数" for year in years)
    (clause,) = sheet.clauses
    lines = tuple(replace(line, amounts=amounts) for line in clause.lines)
    longer = replace(sheet, years=years, clauses=(replace(clause, lines=lines),))
    made = Document(BytesIO(task_sheet_word(longer, template(None, TEMPLATE)))).tables[0]
    texts = [tuple(cell.text for cell in row.cells) for row in made.rows]
    assert texts[0] == ("任务指标", "单位", *(f"{year}年" for year in years), "完成期限", "责任人、电话")
    assert texts[4][2:-2] == amounts
    # What goes over the whole table does so however many columns there are.
    assert {len(row) for row in texts} == {count + 4} and texts[1] == (texts[1][0],) * (count + 4)
    assert len(made.columns) == count + 4


# -- many at once ----------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(desk: Desk) -> Desk:
    desk.share(HEATING, 2022, *["10"] * 15)
    for name in ("甲/乙*有限公司", "甲／乙＊有限公司"):
        desk.give(HEATING, 2022, "enterprise", desk.enterprise(name), amount=Decimal(1))
    return desk


class Watch:
    """Collects steps; cancels at the step told."""

    def __init__(self, cancel_at: int = -1) -> None:
        self.steps: list[tuple[int, int]] = []
        self.cancel_at = cancel_at

    def step(self, done: int, total: int, text: str = "") -> None:
        if done == self.cancel_at:
            raise Cancelled
        self.steps.append((done, total))


def test_everybody_with_a_task_gets_a_file(busy: Desk, tmp_path: Path) -> None:
    watch = Watch()
    written = write_task_sheets(busy.county, busy.plan, tmp_path / "出", progress=watch)
    assert len(written.files) == 17 and not written.problems
    assert watch.steps[-1] == (17, 17)
    names = sorted(file.name for file in (tmp_path / "出").iterdir())
    assert names == sorted(file.name for file in written.files)
    assert {"任务书-企业-甲／乙＊有限公司.docx", "任务书-企业-甲／乙＊有限公司(2).docx"} <= set(names)
    assert all("10" in text_of(file.read_bytes()) for file in written.files if "镇街" in file.name)


def test_one_can_be_chosen_and_drawn_otherwise(busy: Desk, tmp_path: Path) -> None:
    who = find_owner(busy.county, busy.plan, "圣城街道")
    assert find_owner(busy.county, busy.plan, who.code) == who
    draw = lambda sheet: sheet.assignee.encode()  # noqa: E731
    written = write_task_sheets(busy.county, busy.plan, tmp_path / "出", only=[who.key], draw=draw)
    (file,) = written.files
    assert file.name == "任务书-镇街-圣城街道.pdf" and file.read_bytes() == "圣城街道".encode()
    with pytest.raises(DataProblem, match="没有代码或名称是“某镇”"):
        find_owner(busy.county, busy.plan, "某镇")


def test_cancelling_leaves_whole_files_only(busy: Desk, tmp_path: Path) -> None:
    out = tmp_path / "出"
    with pytest.raises(Cancelled):
        write_task_sheets(busy.county, busy.plan, out, progress=Watch(cancel_at=3))
    files = list(out.iterdir())
    assert len(files) == 3 and all(text_of(file.read_bytes()) for file in files)


def test_a_full_disk_stops_with_a_sentence(busy: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes, what: str) -> None:
        from db.store.files import explain

        raise explain(OSError(errno.ENOSPC, "full"), what, path)

    monkeypatch.setattr(many_files, "write_atomically", full)
    with pytest.raises(EnvironmentProblem, match="磁盘空间已满"):
        write_task_sheets(busy.county, busy.plan, tmp_path / "出")
    assert not list((tmp_path / "出").iterdir())


def test_a_file_open_in_word_is_told_and_the_others_go_on(
    busy: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def open_elsewhere(self: Path, target: Path) -> Path:
        if "圣城" in target.name:
            raise PermissionError(errno.EACCES, "denied", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", open_elsewhere)
    written = write_task_sheets(busy.county, busy.plan, tmp_path / "出")
    assert len(written.files) == 16
    (problem,) = written.problems
    assert problem.place == "圣城街道" and "正被其他程序使用" in problem.sentence()
    assert not list((tmp_path / "出").glob(".*"))


def test_a_target_that_is_no_folder_is_told(busy: Desk, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x")
    with pytest.raises(EnvironmentProblem):
        write_task_sheets(busy.county, busy.plan, tmp_path / "文件")


def test_an_empty_county_has_no_papers(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match="没有任务书可出"):
        write_task_sheets(desk.county, desk.plan, tmp_path / "出")
    assert not (tmp_path / "出").exists()
