"""Reading a workbook that somebody sends back: its cells with their places, and what no reader would tell.

    read_sheets(path) -> Workbook

The values come from calamine. Before it opens a sheet, the sheet's own XML is looked through (`sheet_look`): a used
range that reaches to the far corner would take all memory, and a formula's error, or one that was never computed,
would read as an empty cell.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from xml.etree import ElementTree

from db.core.errors import DataProblem
from db.core.text import quote
from db.exchange.sheet_look import SheetDamaged, look_through
from db.store.files import explained

Raw = str | float | int | bool | date | time | timedelta | None

MOST_ROWS, MOST_COLUMNS = 200_000, 500
LARGEST_PART, LARGEST_BOOK = 200_000_000, 600_000_000
_LARGEST_INDEX = 5_000_000
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK"
_SHEET, _RELATION = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet", "{*}Relationship"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class SheetCells:
    """A sheet from A1 on: `rows` of equal or unequal length, `faults` by (row, column), both counted from 0."""

    name: str
    rows: list[list[Raw]]
    faults: dict[tuple[int, int], str]

    def cell(self, row: int, column: int) -> Raw:
        """Return what the cell holds, None for nothing."""
        line = self.rows[row] if row < len(self.rows) else []
        return line[column] if column < len(line) else None


@dataclass(frozen=True)
class Workbook:
    """A workbook's sheets by name, in their order, and its own (custom) properties that are texts."""

    sheets: dict[str, SheetCells]
    properties: dict[str, str]


def place(row: int, column: int) -> str:
    """Return what Excel calls the cell (both counted from 0): B5."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def read_sheets(path: Path) -> Workbook:
    """Return the workbook's cells; DataProblem when it is no .xlsx, has a password, is damaged or too large."""
    from python_calamine import CalamineError, CalamineWorkbook

    with explained("读取工作簿", path):
        with path.open("rb") as file:
            start = file.read(8)
        _check_kind(start, path)
        with _readable(path), zipfile.ZipFile(path) as archive:
            _check_size(archive, path)
            parts = _sheet_parts(archive)
            faults = {name: _look_through(archive, part, name) for name, part in parts.items()}
            properties = _properties(archive)
        try:
            book = CalamineWorkbook.from_path(str(path))
            sheets = {
                name: SheetCells(name, [list(map(_plain, row)) for row in _rows(book, name)], found)
                for name, found in faults.items()
            }
        except CalamineError as error:
            raise _damaged(path) from error
    return Workbook(sheets, properties)


def _rows(book: object, name: str) -> list[list[object]]:
    sheet = book.get_sheet_by_name(name)  # type: ignore[attr-defined]
    return list(sheet.to_python(skip_empty_area=False))


def _plain(cell: object) -> Raw:
    return None if cell == "" and isinstance(cell, str) else cell  # type: ignore[return-value]


def _check_kind(start: bytes, path: Path) -> None:
    if start.startswith(_OLE):
        advice = "请用 Excel 或 WPS 打开，去掉密码，另存为 .xlsx 后再导入。"
        raise DataProblem(f"“{path.name}”是旧格式（.xls）或加了密码，读不了。", advice=advice, code="book.old")
    if not start.startswith(_ZIP):
        advice = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。"
        raise DataProblem(f"“{path.name}”不是 Excel 工作簿（.xlsx）。", advice=advice, code="book.kind")


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile,
        KeyError,
        ElementTree.ParseError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        SheetDamaged,
    ) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> DataProblem:
    advice = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。"
    return DataProblem(f"“{path.name}”读不出来，可能已损坏。", advice=advice, code="book.damaged")


def _check_size(archive: zipfile.ZipFile, path: Path) -> None:
    sizes = [entry.file_size for entry in archive.infolist()]
    if sum(sizes) > LARGEST_BOOK or max(sizes, default=0) > LARGEST_PART:
        advice = "请只保留要导入的工作表，删去多余的行列和图片。"
        raise DataProblem(f"“{path.name}”太大，读不了。", advice=advice, code="book.large")


def _xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    data = archive.read(name)
    if len(data) > _LARGEST_INDEX or b"<!DOCTYPE" in data:
        raise zipfile.BadZipFile(name)
    return ElementTree.fromstring(data)


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name; charts and the like are left out."""
    relations = {
        entry.get("Id"): (entry.get("Type", ""), entry.get("Target", ""))
        for entry in _xml(archive, "xl/_rels/workbook.xml.rels").iterfind(_RELATION)
    }
    found: dict[str, str] = {}
    for sheet in _xml(archive, "xl/workbook.xml").iter(_SHEET):
        kind, target = relations.get(sheet.get(_ID), ("", ""))
        if kind.endswith("/worksheet"):
            part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            found[sheet.get("name", "")] = part
    return found


def _properties(archive: zipfile.ZipFile) -> dict[str, str]:
    if "docProps/custom.xml" not in archive.namelist():
        return {}
    return {
        entry.get("name", ""): "".join(entry.itertext())
        for entry in _xml(archive, "docProps/custom.xml")
        if entry.get("name")
    }


def _look_through(archive: zipfile.ZipFile, part: str, name: str) -> dict[tuple[int, int], str]:
    """Return the cells that would read as empty though they are not; DataProblem for a used range beyond reason."""
    with archive.open(part) as stream:
        look = look_through(stream)
    if look.last_row > MOST_ROWS or look.last_column > MOST_COLUMNS:
        raise DataProblem(
            f"工作表{quote(name)}一直用到了{place(look.last_row - 1, look.last_column - 1)}，"
            f"最多读{MOST_ROWS:,}行、{MOST_COLUMNS}列。",
            advice="请删去表格以外多余的内容后再导入。",
            code="book.range",
        )
    return look.faults
