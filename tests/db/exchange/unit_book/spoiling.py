"""What people do to a workbook before they send it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Font, PatternFill

from db.exchange.unit_book.form import CODES_ROW, FIRST_ROW, HEAD_ROW, IDENTITY_SHEET
from tests.db.exchange.unit_book.returned import BOILERS, codes

FIRST = FIRST_ROW + 1
SPARE = FIRST + 4
Change = Callable[[Path], object]


def book(change: Callable[[Any], object]) -> Change:
    def made(file: Path) -> None:
        workbook = openpyxl.load_workbook(file)
        change(workbook)
        workbook.save(file)

    return made


def sheet(change: Callable[[Any], object], title: str = BOILERS) -> Change:
    return book(lambda workbook: change(workbook[title]))


def put(row: int, title: str = BOILERS, **values: object) -> Change:
    def change(page: Any) -> None:
        places = codes(page)
        for code, value in values.items():
            page.cell(row, places[code]).value = value

    return sheet(change, title)


def both(*changes: Change) -> Change:
    def made(file: Path) -> None:
        for change in changes:
            change(file)

    return made


def no_codes(page: Any) -> None:
    page.delete_rows(CODES_ROW + 1)


def sorted_backwards(page: Any) -> None:
    lines = [[cell.value for cell in row] for row in page.iter_rows(min_row=FIRST, max_row=FIRST + 3)]
    for number, line in enumerate(reversed(lines)):
        for column, value in enumerate(line, 1):
            page.cell(FIRST + number, column).value = value


def columns_turned(page: Any) -> None:
    """Write all columns in the opposite order, codes and headings with them."""
    rows = page.iter_rows(min_row=CODES_ROW + 1, max_row=FIRST + 3)
    lines = [[(cell.value, cell.number_format) for cell in row] for row in rows]
    for number, line in enumerate(lines, CODES_ROW + 1):
        for column, (value, look) in enumerate(reversed(line), 1):
            page.cell(number, column).value = value
            page.cell(number, column).number_format = look


def entries_above_the_head(page: Any) -> None:
    line = [cell.value for cell in page[FIRST]]
    page.delete_rows(FIRST)
    page.insert_rows(1)
    for column, value in enumerate(line, 1):
        page.cell(1, column).value = value


def blank_rows(page: Any) -> None:
    for row in (FIRST + 3, FIRST + 2, FIRST + 1):
        page.insert_rows(row, 3)


def copied_to_a_new_book(file: Path) -> None:
    """What people do who select all and paste values into a workbook of their own."""
    old: Any = openpyxl.load_workbook(file)
    new = openpyxl.Workbook()
    page: Any = new.active
    page.title = "Sheet1"
    for row in old[BOILERS].iter_rows(values_only=True):
        page.append(row)
    new.save(file)


def only_shown_columns(file: Path) -> None:
    """Headings and what is below them, as they are seen, in a workbook of their own."""
    old: Any = openpyxl.load_workbook(file)
    new = openpyxl.Workbook()
    page: Any = new.active
    page.append(["汇总表（示例）"])
    for row in old[BOILERS].iter_rows(min_row=HEAD_ROW + 1, values_only=True):
        if not str(row[0] or "").startswith("@table"):
            page.append(row[2:])
    new.save(file)


def second_sheet(workbook: Any) -> None:
    twin = workbook.copy_worksheet(workbook[BOILERS])
    twin.cell(FIRST, codes(twin)["note"]).value = "抄表改的"


def drop_marks(workbook: Any) -> None:
    del workbook[IDENTITY_SHEET]
    workbook.custom_doc_props.props.clear()


def marks_differ(workbook: Any) -> None:
    page = workbook[IDENTITY_SHEET]
    for row in page.iter_rows():
        if row[0].value == "unit_id":
            row[1].value = "town-370783002"


def mark(key: str, value: str) -> Change:
    def change(workbook: Any) -> None:
        for row in workbook[IDENTITY_SHEET].iter_rows():
            if row[0].value == key:
                row[1].value = value
        del workbook.custom_doc_props[f"sijian.{key}"]

    return book(change)


def ids_deleted(page: Any) -> None:
    for row in range(FIRST, FIRST + 4):
        page.cell(row, 1).value = None


def percent(page: Any) -> None:
    cell = page.cell(FIRST, codes(page)["tonnage"])
    cell.value, cell.number_format = 0.5, "0%"


def built_in_date(page: Any) -> None:
    cell = page.cell(FIRST, codes(page)["due_on"])
    cell.value = 44635
    cell._style.numFmtId = 31


def merged(page: Any) -> None:
    place = codes(page)["content"]
    page.cell(FIRST, place).value = "两行同样的内容"
    page.merge_cells(start_row=FIRST, end_row=FIRST + 1, start_column=place, end_column=place)
    page.cell(FIRST + 1, codes(page)["note"]).value = "改了"


def merged_over(page: Any) -> None:
    place = codes(page)["tonnage"]
    page.cell(FIRST, place).value = 30
    page.merge_cells(start_row=FIRST, end_row=FIRST + 1, start_column=place, end_column=place)


def merged_across(page: Any) -> None:
    place = codes(page)["problems"]
    page.cell(FIRST, place).value = "一句话写了两格"
    page.merge_cells(start_row=FIRST, end_row=FIRST, start_column=place, end_column=place + 1)


def inserted_column(page: Any) -> None:
    page.insert_cols(5)
    page.cell(HEAD_ROW + 1, 5).value = "镇里加的列"
    page.cell(FIRST, 5).value = "有用的话"
    page.cell(FIRST, codes(page)["note"]).value = "改了"


def dressed_up(page: Any) -> None:
    for row in page.iter_rows(min_row=1, max_row=300, max_col=60):
        for cell in row:
            cell.fill, cell.font = PatternFill("solid", fgColor="FFFFFF00"), Font(name="楷体", size=20)
    for row in range(FIRST, FIRST + 3):
        page.row_dimensions[row].hidden = True
    page.column_dimensions["J"].hidden = True
    page.auto_filter.ref = f"A{HEAD_ROW + 1}:Z{FIRST + 3}"


def typed_dates(page: Any) -> None:
    place = codes(page)["due_on"]
    for number, value in enumerate(["2022.3.15", "2022年3月15日", "20220315", datetime(2022, 3, 15)]):
        page.cell(FIRST + number, place).value = value


def vague_dates(page: Any) -> None:
    place = codes(page)["due_on"]
    for number, value in enumerate(["3.15", "2022年3月", "年底", "2022-2-30"]):
        page.cell(FIRST + number, place).value = value


def typed_numbers(page: Any) -> None:
    place = codes(page)["tonnage"]
    for number, value in enumerate(["１２.5", "1,200", " 30蒸吨 ", "0"]):
        page.cell(FIRST + number, place).value = value


def wrong_numbers(page: Any) -> None:
    place = codes(page)["tonnage"]
    for number, value in enumerate(["十二", "12吨", "1.2.3", "约30"]):
        page.cell(FIRST + number, place).value = value


def states(page: Any) -> None:
    place = codes(page)["annual_coal"]
    for number, value in enumerate(["不涉及", "暂无数据 ", "未报", "－"]):
        page.cell(FIRST + number, place).value = value


def pasted_twice(page: Any) -> None:
    for row in (FIRST, FIRST + 1):
        for column in range(1, page.max_column + 1):
            page.cell(row + 4, column).value = page.cell(row, column).value
    page.cell(FIRST + 5, codes(page)["tonnage"]).value = 99


def nothing_filled(page: Any) -> None:
    for row in page.iter_rows(min_row=FIRST, min_col=3):
        for cell in row:
            cell.value = None
