"""Reading a table of holidays: what offices write, and every line that cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from db.core.errors import DataProblem
from db.exchange.holiday_file import read_holidays
from db.work.monthly.days import Holiday

LINES = [["2022年节假日安排"], ["日期", "类型", "节日"], ["2022-04-05", "放假", "清明节"], ["2022.4.2", "班", ""]]
DAYS = [Holiday(date(2022, 4, 5), "休", "清明节"), Holiday(date(2022, 4, 2), "班")]


def csv_of(folder: Path, lines: list[list[str]], encoding: str = "utf-8-sig") -> Path:
    file = folder / "节假日.csv"
    file.write_text("\n".join(",".join(line) for line in lines), encoding=encoding)
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_whatever_wrote_it(tmp_path: Path, encoding: str) -> None:
    assert read_holidays(csv_of(tmp_path, LINES, encoding)).days == DAYS


def test_a_workbook_holds_dates_and_texts(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["日期", "休或班", "名称"])
    sheet.append([date(2022, 4, 5), "休", "清明节"])
    sheet.append([])
    sheet.append(["2022年4月2日", "调休上班", None])
    book.save(tmp_path / "节假日.xlsx")
    assert read_holidays(tmp_path / "节假日.xlsx").days == DAYS


def test_every_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    lines = [["日期", "休或班"], ["2022-13-01", "休"], ["2022-05-01", "歇"], ["", "班"], *[["2022-05-02", "休"]] * 2]
    found = read_holidays(csv_of(tmp_path, lines))
    assert [problem.place for problem in found.problems] == ["A2", "A3", "A4", "A6"]
    assert "歇" in found.problems[1].message and "写了两次" in found.problems[3].message


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match="“日期”和“休或班”"):
        read_holidays(csv_of(tmp_path, [["名称", "数量"], ["甲", "1"]]))
