"""Sending back what is wrong: the sender's own workbook with those cells coloured and commented, and a list of them.

write_return(source, problems, out) -> int

An .xlsx of reasonable size is marked as it is. Of any other file a fresh .xlsx with the sender's values is made: no
program writes .xls, .et or .ods that all of them open.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from db.core.errors import DataProblem
from db.core.progress import NO_PROGRESS, Progress
from db.exchange.cells.kinds import kind_of
from db.exchange.cells.model import Raw, SheetCells, Workbook
from db.exchange.cells.read import read_sheets
from db.exchange.unit_book.form import IDENTITY_SHEET, LISTS_SHEET, RETURN, TABLE_MARK
from db.exchange.unit_book.looks import WRONG
from db.exchange.unit_book.reading import CellProblem
from db.exchange.workbook_cells import lawful
from db.store.files import explained, replacing

WHAT = "写入退回的工作簿"
AUTHOR = "县专班"
OURS = frozenset({"cell.conflict", "cell.beside"})
"""What the county has to decide by itself, or may have brought about, is not sent back."""

_LARGEST_MARKED, _LARGEST_UNPACKED = 4 << 20, 60 << 20
_MOST_CELLS = 400_000
_LONGEST = 60


def to_return(problems: Iterable[CellProblem]) -> list[CellProblem]:
    """Return the problems that the sender can mend: those at a cell, once each, in the order of the sheets."""
    found = (problem for problem in problems if problem.cell and problem.code not in OURS)
    return list(dict.fromkeys(found))


def write_return(source: Path, problems: Sequence[CellProblem], out: Path, *, progress: Progress = NO_PROGRESS) -> int:
    """Write `source` with its problems marked to `out`, and return how many there are.

    DataProblem when there is nothing to mark, or the file is too large to be put together anew; EnvironmentProblem.
    """
    wrong = to_return(problems)
    if not wrong:
        raise DataProblem("没有要对方改的格子。", advice="不用退回。", code="return.nothing")
    progress.step(0, 0, f"正在标出{source.name}里的问题")
    with explained(WHAT, source):
        book = _own_book(source)
    if book is None:
        book = _fresh_book(read_sheets(source, progress), source)
    values = [_mark(book, problem) for problem in wrong]
    _add_list(book, wrong, values)
    with replacing(out, WHAT) as file:
        book.save(file)
    return len(wrong)


def _own_book(source: Path) -> Any:
    """Return the sender's workbook to be changed, None where it has to be made anew from its values."""
    import openpyxl

    if kind_of(source) != "xlsx" or source.stat().st_size > _LARGEST_MARKED:
        return None
    with zipfile.ZipFile(source) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _LARGEST_UNPACKED:
            return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(source, keep_links=False)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, zipfile.BadZipFile):
        # What other programs write is not always what openpyxl expects; our own reader is less particular.
        return None
    if RETURN in book.sheetnames:
        del book[RETURN]
    return book


def _fresh_book(read: Workbook, source: Path) -> Any:
    from openpyxl import Workbook as Book

    if sum(len(row) for sheet in read.sheets.values() for row in sheet.rows) > _MOST_CELLS:
        advice = "请在“收回”里看问题清单，告诉对方。"
        raise DataProblem(f"“{source.name}”太大，不能在里面标出问题。", advice=advice, code="return.large")
    book = Book()
    book.remove(book.worksheets[0])
    for cells in read.sheets.values():
        if cells.name != RETURN:
            _add_sheet(book.create_sheet(cells.name), cells)
    return book


def _add_sheet(sheet: Any, cells: SheetCells) -> None:
    for number, row in enumerate(cells.rows, 1):
        for place, value in enumerate(row, 1):
            if value is not None:
                _put(sheet.cell(number, place), value)
        if any(isinstance(value, str) and value.startswith(TABLE_MARK) for value in row):
            sheet.row_dimensions[number].hidden = True
    if cells.name in (IDENTITY_SHEET, LISTS_SHEET):
        sheet.sheet_state = "veryHidden"


def _put(cell: Any, value: Raw) -> None:
    cell.value = lawful(value) if isinstance(value, str) else value
    if isinstance(value, str):
        # What begins with = in a value that was read is a text, never a formula.
        cell.data_type = "s"
        cell.number_format = "@"
    elif isinstance(value, timedelta):
        cell.number_format = "[h]:mm:ss"


def _mark(book: Any, problem: CellProblem) -> str:
    """Colour the cell, say in a comment what is wrong, and return what stands in it."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    sheet = book[problem.sheet]
    cell = _first_of(sheet, problem.row + 1, max(problem.column, 0) + 1)
    cell.fill = PatternFill("solid", fgColor=WRONG)
    told = f"{problem.message}{problem.advice}"
    before = f"{cell.comment.text}\n" if cell.comment is not None else ""
    if told not in before:
        cell.comment = Comment(lawful(f"{before}{told}"), AUTHOR, width=320, height=110)
    return "" if cell.value is None else str(cell.value)


def _first_of(sheet: Any, row: int, column: int) -> Any:
    """Return the cell, or the first of the merged range that covers it: the others take neither colour nor comment."""
    cell = sheet.cell(row, column)
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return cell


def _add_list(book: Any, wrong: Sequence[CellProblem], values: Sequence[str]) -> None:
    """Put the list of what is wrong before the other sheets; each line leads to its cell."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink

    sheet = book.create_sheet(RETURN, 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    plain, wrap = Font(name="宋体", size=10), Alignment(vertical="center", wrap_text=True)
    for letters, width in zip("ABCDE", (6, 28, 26, 52, 40), strict=True):
        sheet.column_dimensions[letters].width = width
    sheet["A1"].value, sheet["A1"].font = "退回说明", Font(name="宋体", size=16, bold=True, color="FFA82020")
    sheet[
        "A2"
    ].value = f"下面{len(wrong)}处请改一下（表里已标红，有批注）。点“位置”跳到那一格，改好后把这个文件发回来。"
    sheet["A2"].font = plain
    for place, head in enumerate(("序号", "位置", "填的内容", "问题", "怎么改"), 1):
        cell = sheet.cell(4, place, head)
        cell.font, cell.fill = Font(name="宋体", size=10, bold=True), PatternFill("solid", fgColor="FFFBDFDF")
        cell.alignment = Alignment(horizontal="center", vertical="center")
    for number, (problem, value) in enumerate(zip(wrong, values, strict=True), 1):
        where = f"{problem.sheet}!{problem.cell}"
        shown = value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
        line: list[Raw] = [number, where, shown, problem.message, problem.advice]
        for place, text in enumerate(line, 1):
            cell = sheet.cell(number + 4, place)
            _put(cell, text)
            cell.font, cell.alignment = plain, wrap
        link = sheet.cell(number + 4, 2)
        name = problem.sheet.replace("'", "''")
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{name}'!{problem.cell}")
        link.font = Font(name="宋体", size=10, color="FF1F5FA8", underline="single")
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
