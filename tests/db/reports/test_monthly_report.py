"""月调度表 and 月报: figures, what is missing, problems and next steps arrive, and who signs."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from db.core.errors import DataProblem
from db.core.period import Period
from db.core.values import Cell, State
from db.reports.month_table import COLUMNS, month_table
from db.reports.month_table_book import month_table_book, write_month_table
from db.reports.monthly_report import MonthlyReport, monthly_report
from db.reports.monthly_report_page import LAMP, LAST, NOW, PERCENT, monthly_report_html
from db.reports.monthly_report_word import TEMPLATE, monthly_report_word, write_monthly_report
from db.reports.word import template
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from db.work.monthly.overview import month_overview
from tests.db.exchange.unit_book.books import through_office
from tests.db.work.desk import Desk

HEATING, MANURE = "08-06-1", "16-01-2"
MARCH = Period(2022, 3)
ON = date(2022, 4, 6)


def file(desk: Desk, task_id: str, place: int, period: Period = MARCH, **values: Cell) -> None:
    with desk.county.operation("填报") as op:
        set_entries(op, period, [EntryChange(RowKey(task_id, "town", desk.towns[place]), values)])


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.quota(HEATING, 2022, "2000")
    desk.share(HEATING, 2022, "1200", "800")
    file(desk, HEATING, 0, Period(2022, 2), amount=Decimal(150))
    file(desk, HEATING, 0, amount=Decimal(200), problems="材料<到货>&晚", next_steps="加快进场")
    file(desk, HEATING, 1, amount=Decimal("100"), problems="材料<到货>&晚")
    desk.quota(MANURE, 2022, "1000")
    desk.share(MANURE, 2022, "1000")
    file(desk, MANURE, 0, amount=State.NO_DATA)
    return desk


def report(desk: Desk) -> MonthlyReport:
    return monthly_report(desk.conn, desk.plan, MARCH, ON)


def text_of(data: bytes) -> str:
    document = Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_table_has_every_task_and_says_what_is_missing(filled: Desk) -> None:
    made = month_table(filled.conn, filled.plan, MARCH, ON)
    month = month_overview(filled.conn, filled.plan, MARCH)
    assert [line.cells[1] for line in made.lines] == [line.task_id for line in month.targets]
    (heating,) = [line.cells for line in made.lines if line.cells[1] == HEATING]
    assert (heating[LAST], heating[NOW], heating[PERCENT]) == (Decimal(150), Decimal(300), Decimal("15.0"))
    assert heating[LAMP] == "▲ 滞后"
    (manure,) = [line.cells for line in made.lines if line.cells[1] == MANURE]
    assert (manure[LAST], manure[NOW], manure[PERCENT]) == ("未报", "暂无数据", "—")
    assert any(note == "填“暂无数据”的1条、“不涉及”的0条，不作0计。" for note in made.notes)
    assert made.note == "填报单位：寿光市“四减四增”工作专班办公室　　调度期：2022年3月　　制表日期：2022年4月6日"
    assert made.signatures[0].startswith("分管负责人（签字）：") and "盖章" in made.signatures[1]


def test_an_answer_of_last_month_is_not_taken_for_nothing(filled: Desk) -> None:
    file(filled, MANURE, 0, Period(2022, 2), amount=State.NO_DATA)
    (manure,) = [
        line.cells for line in month_table(filled.conn, filled.plan, MARCH, ON).lines if line.cells[1] == MANURE
    ]
    assert (manure[LAST], manure[NOW]) == ("暂无数据", "暂无数据")


def test_the_workbook_prints_as_a_form(filled: Desk) -> None:
    made = month_table(filled.conn, filled.plan, MARCH, ON)
    sheet = openpyxl.load_workbook(BytesIO(month_table_book(made))).active
    assert sheet is not None
    assert (sheet["A1"].value, sheet["A2"].value) == (made.title, made.note)
    assert [cell.value for cell in sheet[3]] == [column.heading for column in COLUMNS]
    assert sheet.print_title_rows == "$3:$3" and sheet.page_setup.orientation == "landscape"
    texts = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    (heating,) = [row for row in texts if row[1] == HEATING]
    assert heating[NOW] == 300 and heating[LAMP] == "▲ 滞后"
    below = [str(row[0]) for row in texts if row[0]]
    assert f"注：{made.notes[0]}" in below and made.signatures[1] in below


def test_the_report_says_it_in_words(filled: Desk) -> None:
    made = report(filled)
    words, page = text_of(monthly_report_word(made, template(None, TEMPLATE))), monthly_report_html(made)
    for each in (made.title, *made.summary, *made.notes, "2022年4月6日", "▲ 滞后", "未填报", "已完成 2/2"):
        assert each in words and each in page, each
    title = "农村地区新增清洁取暖改造户数"
    assert made.problems == (f"{title}（圣城街道、文家街道）：材料<到货>&晚",)
    assert made.next_steps == (f"{title}（圣城街道）：加快进场",)
    assert made.problems[0] in words and "材料&lt;到货&gt;&amp;晚" in page
    assert sum(len(part.lines) for part in made.parts) == len(month_table(filled.conn, filled.plan, MARCH, ON).lines)


def test_an_empty_month_has_both(desk: Desk, tmp_path: Path) -> None:
    made = report(desk)
    words = text_of(monthly_report_word(made, template(None, TEMPLATE)))
    assert "本月没有填报存在的问题。" in words and "本月没有填报下步措施。" in monthly_report_html(made)
    assert month_table_book(month_table(desk.conn, desk.plan, MARCH, ON))


def test_a_year_is_no_month(desk: Desk, tmp_path: Path) -> None:
    for write in (write_month_table, write_monthly_report):
        with pytest.raises(DataProblem, match="不是月份"):
            write(desk.county, desk.plan, Period(2022), tmp_path / "x", on=ON)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice")
def test_office_programs_open_them(filled: Desk, tmp_path: Path) -> None:
    word, book = tmp_path / "月报.docx", tmp_path / "月调度表.xlsx"
    made = write_monthly_report(filled.county, filled.plan, MARCH, word, on=ON)
    assert made.summary[0] in text_of(through_office(word, "docx", tmp_path / "office").read_bytes())
    write_month_table(filled.county, filled.plan, MARCH, book, on=ON)
    sheet = openpyxl.load_workbook(through_office(book, "xlsx", tmp_path / "office")).active
    assert sheet is not None
    assert any(row[LAMP] == "▲ 滞后" for row in sheet.iter_rows(values_only=True))
