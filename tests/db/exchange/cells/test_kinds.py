"""What a file is, by what is in it: every kind that is read, and a sentence for every one that is not."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from db.core.errors import DataProblem, EnvironmentProblem
from db.exchange.cells.kinds import kind_of
from db.exchange.cells.read import read_sheets
from tests.db.exchange.cells.strange_files import ole, plain_book, with_parts, zipped

SAVED = Path(__file__).resolve().parents[3] / "fixtures" / "workbooks"
"""One workbook as LibreOffice saved it in three kinds."""


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize("called", ["", ".et", ".txt"])
def test_the_three_kinds_read_alike_whatever_they_are_called(tmp_path: Path, kind: str, called: str) -> None:
    file = tmp_path / f"表{called or '.' + kind}"
    file.write_bytes((SAVED / f"saved.{kind}").read_bytes())
    book = read_sheets(file)
    assert book.kind == kind
    assert list(book.sheets) == ["表", "空", "藏"]
    sheet = book.sheets["表"]
    assert [sheet.cell(1, column) for column in range(5)] == [None, "文字", 12.5, date(2022, 3, 15), True]
    assert (sheet.cell(2, 2), sheet.cell(3, 3), sheet.cell(6, 0)) == (6, "合并", "0012")
    assert list(sheet.faults) == [(2, 1)]
    assert sheet.merged == ((3, 3, 4, 4),)
    assert {place for place, _ in sheet.covered()} == {(3, 4), (4, 3), (4, 4)}
    assert book.sheets["藏"].cell(0, 0) == "x"
    if kind != "xls":
        assert book.properties["sijian.book_id"] == "b-1"


def encrypted_xls(file: Path) -> Path:
    data = (SAVED / "saved.xls").read_bytes()
    start = data.index(b"\x09\x08\x10\x00")  # the workbook's first record
    record = start + 20
    file.write_bytes(data[:record] + b"\x2f\x00" + data[record + 2 :])
    return file


def sealed_ods(file: Path) -> Path:
    file.write_bytes((SAVED / "saved.ods").read_bytes())
    return with_parts(file, **{"META-INF__manifest_dot_xml": b"<m:manifest><m:encryption-data/></m:manifest>"})


def text(content: str, encoding: str = "utf-8") -> Callable[[Path], Path]:
    def made(file: Path) -> Path:
        file.write_bytes(content.encode(encoding))
        return file

    return made


def data(content: bytes) -> Callable[[Path], Path]:
    def made(file: Path) -> Path:
        file.write_bytes(content)
        return file

    return made


def cut(file: Path) -> Path:
    whole = plain_book(file).read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    return file


def cut_xls(file: Path) -> Path:
    file.write_bytes((SAVED / "saved.xls").read_bytes()[:3000])
    return file


XML_2003 = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
WORD = [("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>")]
STRANGE: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "encrypted xlsx": (lambda f: ole(f, "EncryptionInfo", "EncryptedPackage"), "book.encrypted", "文件已加密"),
    "encrypted xls": (encrypted_xls, "book.encrypted", "文件已加密"),
    "encrypted ods": (sealed_ods, "book.encrypted", "文件已加密"),
    "word of old": (lambda f: ole(f, "WordDocument"), "book.kind", "Word 文档"),
    "another ole": (lambda f: ole(f, "Thumbs"), "book.kind", "不是 Excel 工作簿"),
    "word": (lambda f: zipped(f, WORD), "book.kind", "Word 文档"),
    "zip of workbooks": (lambda f: zipped(f, [("镇/表.xlsx", b"PK")]), "book.zip", "请先解压"),
    "html": (text("<html><table><tr><td>1</td></tr></table></html>"), "book.html", "网页"),
    "html in utf-16": (text("\ufeff<HTML><TABLE>", "utf-16-le"), "book.html", "网页"),
    "web archive": (text("MIME-Version: 1.0\nContent-Type: multipart/related"), "book.html", "网页"),
    "html behind a mark": (text("\ufeff<!DOCTYPE html><table>"), "book.html", "网页"),
    "xml of 2003": (text(XML_2003), "book.kind", "XML 表格"),
    "csv": (text("名称,数量\n锅炉,1\n", "gb18030"), "book.kind", "文本文件"),
    "pdf": (data(b"%PDF-1.7 \0"), "book.kind", "PDF"),
    "picture": (data(b"\x89PNG\r\n\0"), "book.kind", "图片"),
    "rar": (data(b"Rar!\x1a\x07\0"), "book.kind", "压缩包"),
    "empty": (data(b""), "book.empty", "空文件"),
    "zeros": (data(bytes(4096)), "book.damaged", "没有下载完"),
    "cut short": (cut, "book.damaged", "没有下载完"),
    "xls cut short": (cut_xls, "book.damaged", "已损坏"),
    "chain without an end": (lambda f: ole(f, "Workbook", encoded=b"\x09\x08" + bytes(60)), "book.damaged", "已损坏"),
    "program": (data(b"MZ\x90\0\3\0"), "book.kind", "不是 Excel 工作簿"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_none_is_told_in_a_sentence(tmp_path: Path, name: str) -> None:
    make, code, said = STRANGE[name]
    with pytest.raises(DataProblem, match=said) as caught:
        read_sheets(make(tmp_path / "圣城街道.xlsx"))
    assert caught.value.code == code
    assert "圣城街道.xlsx" in caught.value.message and caught.value.advice


def test_macros_and_links_are_told_and_nothing_is_run(tmp_path: Path) -> None:
    file = with_parts(
        plain_book(tmp_path / "a.xlsm"),
        xl__vbaProject_dot_bin=b"MZ",
        xl__externalLinks__externalLink1_dot_xml=b"<a/>",
    )
    book = read_sheets(file)
    assert book.sheets["表"].rows == [["x"]]
    assert ["宏" in note for note in book.notes] == [True, False] and "其他工作簿" in book.notes[1]


def test_a_file_over_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with file.open("wb") as made:
        made.write(b"PK\x03\x04")
        made.truncate(201 << 20)
    with pytest.raises(DataProblem, match="201MB，太大"):
        kind_of(file)


def test_a_file_that_excel_holds_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = plain_book(tmp_path / "a.xlsx")

    def held(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(EnvironmentProblem, match="正被其他程序使用"):
        read_sheets(file)


def test_a_part_with_a_password_of_its_own_is_damage(tmp_path: Path) -> None:
    file = plain_book(tmp_path / "a.xlsx")
    whole = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        at = archive.getinfo("xl/workbook.xml").header_offset
    whole[at + 6] |= 1
    central = whole.index(b"PK\x01\x02")
    while whole[central : central + 4] == b"PK\x01\x02":
        whole[central + 8] |= 1
        central = whole.find(b"PK\x01\x02", central + 4)
    file.write_bytes(bytes(whole))
    with pytest.raises(DataProblem, match="已损坏"):
        read_sheets(file)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_what_is_shown_as_a_percentage_says_so(kind: str) -> None:
    """Excel keeps 50% as 0.5; a field whose unit is % would take that for half a percent."""
    rows = read_sheets(SAVED / f"percent.{kind}").sheets["表"].rows
    assert [row[:2] for row in rows] == [["50%", "7%"], ["12.34%", 5], [0.5, "50%"]]
