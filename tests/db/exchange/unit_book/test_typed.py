"""Workbooks that somebody fills in with LibreOffice: it decides what a typed text is, and every value arrives."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from db.core.fields import load_schema
from db.core.values import State
from db.exchange.unit_book.store import take_in
from db.store import records
from tests.db.exchange.unit_book.books import HOSTILE, opened
from tests.db.exchange.unit_book.returned import BOILERS, FIRST, TASKS, Returned, codes
from tests.db.exchange.unit_book.typing_office import type_into
from tests.db.work.desk import Desk

NEW = FIRST + len(HOSTILE)
TYPED: dict[str, dict[int, dict[str, str]]] = {
    BOILERS: {
        FIRST: {"tonnage": "7.25", "annual_coal": "不涉及", "due_on": "2022年3月15日", "extended": "是"},
        FIRST + 1: {"tonnage": "１,２00.5", "annual_coal": "0", "stage": "已完成", "phone": "13805361234"},
        FIRST + 2: {"tonnage": "1,234.5", "annual_coal": "暂无数据", "due_on": "2022-3-5", "content": "0010"},
        FIRST + 3: {"tonnage": "=3*2.5", "annual_coal": "不涉及", "due_on": "2022/3/9", "note": "1-2"},
        NEW: {"name": "新锅炉", "commissioned_year": "2009", "enterprise_id": "演示热力（集团）有限公司"},
    },
    TASKS: {FIRST: {"responsible": "李小红", "phone": "0536-5221234", "confirmation": "有异议", "opinion": "3/4"}},
}


def by_cell(file: Path) -> dict[str, dict[str, str]]:
    """Return what is typed, by sheet and cell."""
    book = openpyxl.load_workbook(file)
    return {
        title: {
            f"{get_column_letter(codes(book[title])[code])}{row}": text
            for row, cells in rows.items()
            for code, text in cells.items()
        }
        for title, rows in TYPED.items()
    }


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_what_somebody_types_in_libreoffice_arrives(desk: Desk, tmp_path: Path, kind: str) -> None:
    returned = Returned(desk, tmp_path / "out")
    returned.file = type_into(returned.file, by_cell(returned.file), (kind,), tmp_path / "typed")[kind]
    file = returned.read()
    assert (file.verdict, file.notes, file.problems()) == ("good", [], [])
    take_in(desk.county, [file])
    first, second, third, fourth, *_, new = returned.rows()
    assert (first["tonnage"], first["annual_coal"]) == (Decimal("7.25"), State.NOT_APPLICABLE)
    assert (first["due_on"], first["extended"]) == (date(2022, 3, 15), True)
    assert (second["tonnage"], second["annual_coal"]) == (Decimal("1200.5"), Decimal(0))
    assert (second["stage"], second["phone"]) == ("已完成", "13805361234")
    assert (third["tonnage"], third["annual_coal"]) == (Decimal("1234.5"), State.NO_DATA)
    assert (third["due_on"], third["content"]) == (date(2022, 3, 5), "0010")
    assert (fourth["tonnage"], fourth["annual_coal"]) == (Decimal("7.5"), State.NOT_APPLICABLE)
    assert (fourth["due_on"], fourth["note"]) == (date(2022, 3, 9), "1-2")
    assert (new["name"], new["commissioned_year"], new["town_id"]) == ("新锅炉", Decimal(2009), desk.towns[0])
    (task,) = (
        row.values
        for row in records.select(desk.conn, load_schema("assignment"), "t.assignee_id = ?", (desk.towns[0],))
    )
    assert (task["responsible"], task["phone"]) == ("李小红", "0536-5221234")
    assert (task["confirmation"], task["opinion"]) == ("有异议", "3/4")


def test_it_is_libreoffice_that_makes_numbers_and_dates_of_it(desk: Desk, tmp_path: Path) -> None:
    returned = Returned(desk, tmp_path / "out")
    file = type_into(returned.file, by_cell(returned.file), ("xlsx",), tmp_path / "typed")["xlsx"]
    first, second, third, fourth = opened(file, BOILERS).rows[:4]
    assert (first["tonnage"], first["due_on"]) == (7.25, datetime(2022, 3, 15))
    assert (second["phone"], third["content"]) == ("13805361234", "0010")
    assert (third["tonnage"], fourth["tonnage"]) == (1234.5, "=3*2.5")
