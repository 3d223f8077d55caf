from __future__ import annotations

import io
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from db.exchange.zip_write import ZipWriter
from db.reports.workbook import LONGEST_CELL, Workbook, column_letters, escaped, escaped_all, text_cell
from db.reports.workbook_parts import Style
from tests.db.exchange.packages import small_package, unpacked

ODD = st.sampled_from(["", "_x0041_", "a\x1fb", "\x00", "\ufffe", " 两端 ", "=1+1", "<&>", "a\nb", "\r", "x" * 40_000])
TEXTS = st.lists(ODD | st.text(st.characters(exclude_categories=["Cs"]), max_size=6), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("index", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_letters_of_columns(index: int, letters: str) -> None:
    assert column_letters(index) == letters


@given(TEXTS)
def test_all_at_once_is_escaped_as_one_by_one(texts: list[str]) -> None:
    assert escaped_all(texts) == [escaped(text[:LONGEST_CELL]) for text in texts]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_lawful_xml(text: str) -> None:
    ElementTree.fromstring(f"<t>{escaped(text)}</t>")


def test_any_text_stays_text_in_a_spreadsheet() -> None:
    texts = ["=1+1", " 两端 ", "_x0041_", "a\nb", "<&>\"'", "001", "𠮷"]
    file = io.BytesIO()
    archive = ZipWriter(file)
    book = Workbook(archive)
    with book.sheet("表", [10]) as sheet:
        for number, text in enumerate(texts, start=1):
            sheet.add([text_cell(f"A{number}", Style.TEXT, text)])
        sheet.finish()
    book.finish()
    archive.finish()
    cells = next(iter(openpyxl.load_workbook(file)["表"].columns))
    assert [unescape(str(cell.value)) for cell in cells] == texts and {cell.data_type for cell in cells} == {"s"}


def test_sheets_have_lawful_names_of_their_own() -> None:
    file = io.BytesIO()
    archive = ZipWriter(file)
    book = Workbook(archive)
    for title in ("一[表]?", "一表", "长" * 40, "长" * 40, "：*/", "最前"):
        with book.sheet(title, [10], in_front=title == "最前") as sheet:
            sheet.finish()
    book.finish()
    archive.finish()
    names = openpyxl.load_workbook(file).sheetnames
    assert names[0] == "最前" and len(set(names)) == 6 and max(map(len, names)) <= 31


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    files = unpacked(small_package(tmp_path_factory.mktemp("report")))
    (content,) = [content for name, content in files.items() if name.endswith("report.xlsx")]
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_report_lists_its_tables_first(report: openpyxl.Workbook) -> None:
    front = report.worksheets[0]
    texts = [str(cell.value) for row in front.iter_rows() for cell in row if cell.value is not None]
    assert front.title == "说明" and "重点项目" in texts and any("1,200.5万元" in text for text in texts)


def test_a_table_of_the_report_is_for_people(report: openpyxl.Workbook) -> None:
    sheet = report["重点项目"]
    heads = [cell.value for cell in sheet[3]]
    rows = {row[heads.index("项目名称")].value: row for row in sheet.iter_rows(min_row=4)}
    first = rows['改造"一期", =1+1']
    assert first[heads.index("所属镇街")].value == "圣城街道"
    assert first[heads.index("责任企业")].value == "寿光市某某公司"
    money = first[heads.index("总投资（万元）")]
    assert (money.value, money.data_type) == (1200.5, "n")
    assert str(first[heads.index("开工日期")].value)[:10] == "2021-03-15"
    assert rows["改造二期"][heads.index("年节能量（吨标准煤）")].value == "暂无数据"
    assert rows["改造二期"][heads.index("总投资（万元）")].value == 0


def test_totals_are_formulas_over_the_rows(report: openpyxl.Workbook) -> None:
    sheet = report["重点项目"]
    heads = [cell.value for cell in sheet[3]]
    last = sheet[sheet.max_row]
    letters = column_letters(heads.index("总投资（万元）") + 1)
    assert last[0].value == "合计" and last[heads.index("总投资（万元）")].value == f"=SUM({letters}4:{letters}6)"
    assert sheet.auto_filter.ref.endswith("6") and sheet.print_title_rows == "$1:$3" and sheet.freeze_panes
