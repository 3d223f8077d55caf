"""Workbooks from strangers: places are kept, and what would hang or mislead the program is a sentence."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from db.core.errors import DataProblem, EnvironmentProblem
from db.exchange.cells.model import place
from db.exchange.cells.read import read_sheets


def book(file: Path, **cells: str | float | date) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for where, value in cells.items():
        sheet[where] = value
    made.save(file)
    return file


def rewritten(file: Path, part: str, old: bytes, new: bytes) -> Path:
    """Change the text of one part."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file


def test_cells_keep_their_places_and_types(tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", B3="文", C3=1.5, C5=date(2022, 3, 1), D5=True)
    sheet = read_sheets(file).sheets["Sheet"]
    assert (sheet.cell(2, 1), sheet.cell(2, 2), sheet.cell(4, 3)) == ("文", 1.5, True)
    assert str(sheet.cell(4, 2)).startswith("2022-03-01")
    assert sheet.cell(0, 0) is None and sheet.cell(99, 99) is None
    assert place(4, 27) == "AB5"


def test_a_used_range_to_the_far_corner_is_refused(tmp_path: Path) -> None:
    for corner in ("XFD1048576", "A1048576", "XFD1"):
        with pytest.raises(DataProblem, match=corner):
            read_sheets(book(tmp_path / "a.xlsx", A1="x", **{corner: "y"}))


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "corner",
    [
        b"<row r='1048576'><c r='XFD1048576' t='n'><v>1</v></c></row>",
        b"<row r='1048576'><c\n r =\n'XFD1048576'><v>1</v></c></row>",
        b"<row r='1048576'><c r='&#88;FD1048576'><v>1</v></c></row>",
        b"<row r='1048576'><c><v>1</v></c></row>",
    ],
)
def test_the_far_corner_is_found_however_its_xml_is_written(tmp_path: Path, corner: bytes) -> None:
    file = book(tmp_path / "a.xlsx", A1="x")
    rewritten(file, SHEET, b"</sheetData>", corner + b"</sheetData>")
    with pytest.raises(DataProblem, match="1048576"):
        read_sheets(file)


@pytest.mark.parametrize("where", [b"", b"1A", b"A0", b"A", b"ABCDE1", b"A\xef\xbc\x91", b"A123456789"])
def test_an_address_that_no_program_writes_is_damage(tmp_path: Path, where: bytes) -> None:
    file = book(tmp_path / "a.xlsx", A1="x")
    rewritten(file, SHEET, b'r="A1"', b'r="' + where + b'"')
    with pytest.raises(DataProblem, match="可能已损坏"):
        read_sheets(file)


def test_a_sheet_may_declare_nothing(tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", A1="x")
    rewritten(file, SHEET, b"<worksheet", b"<!DOCTYPE w [<!ENTITY a 'b'>]><worksheet")
    with pytest.raises(DataProblem, match="可能已损坏"):
        read_sheets(file)


def test_cells_that_only_have_a_look_do_not_count(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet["A1"] = "x"
    sheet.cell(1_048_576, 16_384).number_format = "@"
    made.save(tmp_path / "a.xlsx")
    assert read_sheets(tmp_path / "a.xlsx").sheets["Sheet"].rows == [["x"]]


def test_errors_and_formulas_without_a_result_are_told(tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", A1="=1+1", B2=7)
    sheet = read_sheets(file).sheets["Sheet"]
    assert sheet.faults == {(0, 0): "公式还没有计算出结果"}
    part = "xl/worksheets/sheet1.xml"
    rewritten(file, part, b"<v>7</v>", b"<v>#DIV/0!</v>")
    rewritten(file, part, b'r="B2" t="n"', b'r="B2" t="e"')
    assert "错误" in read_sheets(file).sheets["Sheet"].faults[1, 1]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html><table></table></html>", "不是 Excel 工作簿"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "可能已损坏"),
        (b"PK\x03\x04" + bytes(100), "可能已损坏"),
        (b"", "空文件"),
    ],
)
def test_what_is_no_workbook_is_told(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(data)
    with pytest.raises(DataProblem, match=said):
        read_sheets(file)


def test_a_zip_that_is_no_workbook_and_one_cut_short_are_told(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x", "y")
    with pytest.raises(DataProblem, match="是压缩包"):
        read_sheets(file)
    book(file, A1="x")
    file.write_bytes(file.read_bytes()[:-400])
    with pytest.raises(DataProblem, match="可能已损坏"):
        read_sheets(file)


def test_entities_are_refused(tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", A1="x")
    rewritten(file, "xl/workbook.xml", b"<workbook", b'<!DOCTYPE w [<!ENTITY a "b">]><workbook')
    with pytest.raises(DataProblem, match="可能已损坏"):
        read_sheets(file)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="找不到"):
        read_sheets(tmp_path / "a.xlsx")
