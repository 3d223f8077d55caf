"""The month in a unit's workbook: its tasks' figures beside last month's, its projects' reports."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from db.core.period import Period
from db.core.values import State
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from db.work.monthly.projects import ProjectKey, ReportChange, set_reports
from tests.db.exchange.unit_book.books import HOSTILE, book_of, opened, write
from tests.db.work.desk import Desk

HEATING = "08-06-1"
MARCH, FEBRUARY = Period(2022, 3), Period(2022, 2)


def test_figures_stand_beside_last_months(desk: Desk, tmp_path: Path) -> None:
    town = desk.towns[0]
    key = RowKey(HEATING, "town", town)
    with desk.county.operation("填报") as op:
        set_entries(op, FEBRUARY, [EntryChange(key, {"amount": Decimal(40)})])
        (row_id,) = set_entries(op, MARCH, [EntryChange(key, {"amount": Decimal(55), "situation": "=进展"})])
    written = write(desk, tmp_path / "out", kinds=("monthly",), period="2022-03")
    book = next(book for book in written.books if book.unit.id == town)
    found = opened(book.file, "进度填报")
    (row,) = found.rows
    last = desk.conn.execute("SELECT max(seq) FROM change WHERE row_id = ?", (row_id,)).fetchone()[0]
    assert (row[found.tag], row["@base"]) == (row_id, str(last))
    assert (row["task_id"], row["unit"]) == (HEATING, "户")
    assert (row["assigned"], row["last_month"], row["last_year"], row["amount"]) == (100, 40, None, 55)
    assert row["situation"] == "=进展"


def test_what_is_not_filed_yet_has_no_id_and_asks_for_what_the_task_counts(desk: Desk, tmp_path: Path) -> None:
    desk.give("04-03", 2022, "town", desk.towns[0])
    written = write(desk, tmp_path / "out", kinds=("monthly",), period="2022-03")
    sheet = book_of(written.books[0].file)["进度填报"]
    codes = [cell.value for cell in sheet[3]]
    rows = {row[codes.index("task_id")].value: row for row in sheet.iter_rows(min_row=5)}
    assert rows[HEATING][0].value is None and rows[HEATING][1].value == "0"
    free = {
        task: {code for code, cell in zip(codes, row, strict=True) if not cell.protection.locked}
        for task, row in rows.items()
    }
    texts = {"situation", "problems", "next_steps"}
    assert free[HEATING] == {"amount", *texts}
    assert free["04-03"] == {"stage", *texts}


def test_unfinished_projects_are_reported_by_town_and_by_enterprise(desk: Desk, tmp_path: Path) -> None:
    done = desk.project("coal_boiler", name="已拆的锅炉", town_id=desk.towns[0], stage="已销号")
    first = desk.conn.execute("SELECT id FROM register_coal_boiler ORDER BY seq").fetchone()[0]
    key = ProjectKey("coal_boiler", first)
    with desk.county.operation("填报") as op:
        set_reports(op, FEBRUARY, [ReportChange(key, {"completed_investment": Decimal("12.5"), "stage": "实施中"})])
        set_reports(op, MARCH, [ReportChange(key, {"completed_investment": State.NO_DATA})])
    written = write(desk, tmp_path / "out", kinds=("monthly",), period="2022-03")
    books = {book.unit.name: book for book in written.books}
    town = opened(books["圣城街道"].file, "项目月报").rows
    firm = opened(books["演示热力（集团）有限公司"].file, "项目月报").rows
    assert len(town) == len(HOSTILE) and town == firm
    assert done not in {row["row_id"] for row in town}
    assert (town[0]["register"], town[0]["row_id"], town[0]["project"]) == ("coal_boiler", first, "1号锅炉")
    assert (town[0]["last_month"], town[0]["completed_investment"]) == (12.5, "暂无数据")
    sheet = book_of(books["圣城街道"].file)["项目月报"]
    assert sheet.column_dimensions["C"].hidden and sheet.column_dimensions["D"].hidden


def test_all_kinds_in_one_workbook(desk: Desk, tmp_path: Path) -> None:
    asked = {"kinds": ("tasks", "registers", "monthly"), "period": "2022-03", "units": [("town", desk.towns[0])]}
    (book,) = write(desk, tmp_path / "out", **asked).books
    assert book_of(book.file).sheetnames == [
        "填报说明",
        "分解任务",
        "燃煤锅炉淘汰",
        "进度填报",
        "项目月报",
        "_sijian",
        "_lists",
    ]
