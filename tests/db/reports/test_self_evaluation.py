"""自评报告: every figure of the evaluation arrives in Word and on the page; other programs open it."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from db.core.errors import DataProblem
from db.core.period import Period
from db.reports.self_evaluation import SelfEvaluation, self_evaluation
from db.reports.self_evaluation_page import self_evaluation_html
from db.reports.self_evaluation_word import TEMPLATE, self_evaluation_word, write_self_evaluation
from db.reports.word import template
from db.work.evaluation.entries import set_entry
from db.work.evaluation.results import evaluate
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from tests.db.exchange.unit_book.books import through_office
from tests.db.work.desk import Desk

MANURE, HEATING = "16-01-2", "08-06-1"
ON = date(2023, 1, 20)


@pytest.fixture
def filled(desk: Desk) -> Desk:
    for task_id, quota, amount in ((MANURE, "1000", 700), (HEATING, "500", 500)):
        desk.quota(task_id, 2022, quota)
        desk.share(task_id, 2022, quota)
        with desk.county.operation("填报") as op:
            key = RowKey(task_id, "town", desk.towns[0])
            set_entries(op, Period(2022, 12), [EntryChange(key, {"amount": Decimal(amount)})])
    with desk.county.operation("说明") as op:
        set_entry(op, key="2022", task_id=MANURE, explanation="原料<粪污>&收集慢")
        set_entry(op, key="2022", task_id=HEATING, score=Decimal(9), reason="两户没有通过验收")
    return desk


def report(desk: Desk, key: str = "2022") -> SelfEvaluation:
    return self_evaluation(desk.conn, desk.plan, key, ON)


def text_of(data: bytes) -> str:
    document = Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_everything_is_in_word_and_on_the_page(filled: Desk) -> None:
    made = report(filled)
    words, page = text_of(self_evaluation_word(made, template(None, TEMPLATE))), self_evaluation_html(made)
    found = evaluate(filled.conn, filled.plan, "2022")
    said = [made.title, made.scoring, *made.summary, *made.missing, *made.unscored, f"折合百分制{found.percent}分"]
    said += ["2023年1月20日", "进度 700吨 ÷ 1,000吨 ＝ 70.0%", "按评分表得10分，自评9分。理由：两户没有通过验收"]
    said += [task.title for part in made.parts for task in part.tasks]
    for each in said:
        assert each in words and each in page, each
    assert "原料<粪污>&收集慢" in words and "原料&lt;粪污&gt;&amp;收集慢" in page
    assert [(town.rank, town.name) for town in made.towns] == [("1", "圣城街道")]


def test_a_county_without_figures_has_a_report_too(desk: Desk) -> None:
    made = report(desk, "final")
    assert made.title == "寿光市新一轮“四减四增”三年行动2021—2023年全面评估自评报告"
    words = text_of(self_evaluation_word(made, template(None, TEMPLATE)))
    assert "还没有可以计分的镇街任务。" in words and made.summary[0] in words
    assert "还没有可以计分的镇街任务。" in self_evaluation_html(made)


def test_the_offices_own_template_comes_first(filled: Desk, tmp_path: Path) -> None:
    own = filled.county.folder / "templates"
    own.mkdir()
    document = Document()
    document.add_paragraph("本县自评：{{ 标题 }}{{ 没有这个 }}")
    document.save(str(own / TEMPLATE))
    with pytest.raises(DataProblem, match="不认识的占位符"):
        write_self_evaluation(filled.county, filled.plan, "2022", tmp_path / "自评.docx", on=ON)
    assert not (tmp_path / "自评.docx").exists()


def test_another_period_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match="评估期"):
        write_self_evaluation(desk.county, desk.plan, "2030", tmp_path / "自评.docx", on=ON)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice")
def test_an_office_program_opens_it(filled: Desk, tmp_path: Path) -> None:
    file = tmp_path / "自评报告.docx"
    made = write_self_evaluation(filled.county, filled.plan, "2022", file, on=ON)
    again = through_office(file, "docx", tmp_path / "office")
    assert made.summary[1] in text_of(again.read_bytes())
