"""月调度表 as a workbook that prints as an official form: A4 across, headings on every page, who signs at the end.

write_month_table(county, catalogue, period, file, on=…, draw=None) -> MonthTable        `draw`: no .xlsx
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from db.core.period import Period
from db.core.progress import NO_PROGRESS, Progress
from db.plan.catalogue import Catalogue
from db.plan.part import require_whole
from db.reports.month_table import COLUMNS, MonthLine, MonthTable, month_table
from db.store.county import County
from db.store.files import write_atomically
from db.work.monthly.model import require_month

WHAT = "写入月调度表"

Draw = Callable[[MonthTable], bytes]

_FONT, _LINE, _HEAD_ROW = "宋体", "9AA3AB", 3


def write_month_table(
    county: County,
    catalogue: Catalogue,
    period: Period,
    file: Path,
    *,
    on: date,
    draw: Draw | None = None,
    progress: Progress = NO_PROGRESS,
) -> MonthTable:
    """Write the month's table, whole or not at all, and return what is in it.

    DataProblem for a year, EnvironmentProblem when the file cannot be written (open in Excel), Cancelled.
    """
    require_month(period)
    progress.step(0, 0, "正在汇总")
    with county.reading() as conn:
        conn.execute("BEGIN")
        require_whole(conn, "写月调度表")
        made = month_table(conn, catalogue, period, on)
    progress.step(0, 0, "正在生成表格")
    data = month_table_book(made) if draw is None else draw(made)
    progress.step(0, 0, "正在保存")
    write_atomically(file, data, WHAT)
    return made


def month_table_book(made: MonthTable) -> bytes:
    """Return the workbook (.xlsx)."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "月调度表"
    _heading(sheet, made)
    row, part = _HEAD_ROW + 1, ""
    for line in made.lines:
        if line.part != part:
            part = line.part
            _wide(sheet, row, made.parts.get(part, ""), bold=True)
            row += 1
        for column, cell in enumerate(line.cells, start=1):
            _cell(sheet.cell(row, column), cell, COLUMNS[column - 1].number)
        sheet.row_dimensions[row].height = _height(line)
        row += 1
    for text in (*(f"注：{note}" if not place else f"　　{note}" for place, note in enumerate(made.notes)), ""):
        _wide(sheet, row, text, border=False)
        row += 1
    for text in made.signatures:
        _wide(sheet, row, text, border=False)
        sheet.row_dimensions[row].height = 26
        row += 1
    _page(sheet, row - 1)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _height(line: MonthLine) -> float:
    """Return the height in points that the longest text of the line needs: not every program works it out by itself."""
    widest = 1
    for cell, column in zip(line.cells, COLUMNS, strict=True):
        if isinstance(cell, str):
            letters = sum(2 if ord(letter) > 0x2000 else 1 for letter in cell)
            widest = max(widest, -(-letters // (column.width - 1)))
    return 4 + 13.5 * widest


def _heading(sheet: Any, made: MonthTable) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    last = len(COLUMNS)
    for row, text, size, bold, side in ((1, made.title, 16, True, "center"), (2, made.note, 10, False, "left")):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last)
        cell = sheet.cell(row, 1, text)
        cell.font = Font(name=_FONT, size=size, bold=bold)
        cell.alignment = Alignment(horizontal=side, vertical="center")
    sheet.row_dimensions[1].height = 30
    sheet.row_dimensions[2].height = 20
    for column, each in enumerate(COLUMNS, start=1):
        cell = sheet.cell(_HEAD_ROW, column, each.heading)
        cell.font = Font(name=_FONT, size=10, bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.fill = PatternFill("solid", fgColor="EEF2F3")
        cell.border = _border()
        sheet.column_dimensions[get_column_letter(column)].width = each.width
    sheet.freeze_panes = sheet.cell(_HEAD_ROW + 1, 4)


def _cell(cell: Any, value: str | Decimal, number: bool) -> None:
    from openpyxl.styles import Alignment, Font

    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # a text stays one, also when it begins with =
    cell.font = Font(name=_FONT, size=10)
    cell.border = _border()
    side = "right" if number else "left"
    cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
    if isinstance(value, Decimal):
        decimals = max(0, -int(value.as_tuple().exponent))
        cell.number_format = "#,##0" + ("." + "0" * decimals if decimals else "")


def _wide(sheet: Any, row: int, text: str, *, bold: bool = False, border: bool = True) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(COLUMNS))
    cell = sheet.cell(row, 1, text)
    cell.data_type = "s"
    cell.font = Font(name=_FONT, size=10, bold=bold)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    if border:
        for column in range(1, len(COLUMNS) + 1):
            sheet.cell(row, column).border = _border()


def _border() -> Any:
    from openpyxl.styles import Border, Side

    thin = Side(style="thin", color=_LINE)
    return Border(left=thin, right=thin, top=thin, bottom=thin)


def _page(sheet: Any, last: int) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    sheet.print_area = f"A1:{sheet.cell(last, len(COLUMNS)).coordinate}"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.page_margins.left = sheet.page_margins.right = 0.5
