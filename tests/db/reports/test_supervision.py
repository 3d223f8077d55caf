"""督办单: what is said of each task arrives in Word and on the page, whatever it contains; the answer has a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

from docx import Document

from db.core.period import Period
from db.reports.supervision import SupervisedTask, SupervisionPaper
from db.reports.supervision_files import Issue, supervision_papers
from db.reports.supervision_page import supervision_html
from db.reports.supervision_word import TEMPLATE, supervision_word
from db.reports.word import template
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from tests.db.work.desk import Desk

TASK = SupervisedTask(
    "08-06-1",
    "农村清洁取暖改造",
    "户",
    "3,000",
    "1,180",
    "39.3%",
    "2022年10月31日",
    "滞后14个百分点",
    "进度 1,180÷3,000＝39.3%；序时应达53.0%，差13.7个百分点。",
    "管线<材料>&到货晚",
)
PAPER = SupervisionPaper(
    county="寿光市",
    office="寿光市“四减四增”工作专班办公室",
    clerk="王芳",
    clerk_phone="0536-5221234",
    assignee="洛城街道",
    kind="镇街",
    responsible="李四 13800000000",
    period="2022年3月",
    issued_on=date(2022, 4, 6),
    reply_by=date(2022, 4, 13),
    tasks=(TASK, replace(TASK, task_id="08-03-1", title="燃煤锅炉淘汰", sentence="", problems="")),
    number="寿四减四增督〔2022〕3号",
)


def text_of(data: bytes) -> str:
    document = Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_everything_is_in_word_and_on_the_page() -> None:
    words, page = text_of(supervision_word(PAPER, template(None, TEMPLATE))), supervision_html(PAPER)
    said = [PAPER.title, PAPER.number, "洛城街道：", "截至2022年3月底", "下列2项任务", "2022年4月13日前", "王芳"]
    said += [TASK.title, TASK.planned, TASK.actual, TASK.percent, TASK.deadline, TASK.standing, TASK.sentence]
    for each in [*said, "燃煤锅炉淘汰", "督办反馈单", "（洛城街道，2022年4月13日前反馈）"]:
        assert each in words and each in page, each
    assert "管线<材料>&到货晚" in words and "管线&lt;材料&gt;&amp;到货晚" in page


def test_what_nobody_filled_in_leaves_no_trace() -> None:
    paper = replace(PAPER, number="", clerk="", clerk_phone="")
    for text in (text_of(supervision_word(paper, template(None, TEMPLATE))), supervision_html(paper)):
        assert "编号" not in text and "联系人" not in text and "（）" not in text


def test_the_heading_is_repeated_and_a_task_without_arithmetic_has_no_empty_line() -> None:
    table = Document(BytesIO(supervision_word(PAPER, template(None, TEMPLATE)))).tables[0]
    assert table.rows[0]._element.xpath("w:trPr/w:tblHeader")
    assert len(table.rows) == 4


def test_the_figure_on_the_paper_is_the_one_that_was_judged(desk: Desk) -> None:
    desk.share("08-06-1", 2022, "1200")
    key = RowKey("08-06-1", "town", desk.towns[0])
    with desk.county.operation("填报") as op:
        set_entries(op, Period(2022, 1), [EntryChange(key, {"amount": Decimal(7)})])
    issue = Issue(date(2022, 7, 6), date(2022, 7, 13))
    (paper,) = supervision_papers(desk.conn, desk.plan, Period(2022, 6), issue)
    (task,) = paper.tasks
    assert "按2022年1月的数计算" in task.sentence
    assert (task.actual, task.unit) == ("7", "户")
