"""Whatever is done to a workbook: nothing is lost without being listed, and nothing lands in a wrong cell.

Each boiler's note names the boiler, and every edit of a note names it too: a note may be found in its own row alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.core.values import Cell
from db.exchange.unit_book.read import read_books
from db.exchange.unit_book.reading import ReadFile, ReadTable
from tests.db.county_folders import county_in
from tests.db.exchange.unit_book.books import write
from tests.db.exchange.unit_book.returned import BOILERS
from tests.db.work.desk import Desk

ROWS = 6
FIELDS = {"note": "备注", "problems": "问题", "content": "内容"}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Path]]:
    folder = tmp_path_factory.mktemp("random")
    with county_in(folder / "寿光") as county, county.reading() as conn:
        desk = Desk(county, conn)
        rows: list[dict[str, Cell]] = [
            {"name": f"锅炉{n}", "town_id": desk.towns[0], **{code: f"{word}@{n}" for code, word in FIELDS.items()}}
            for n in range(ROWS)
        ]
        desk.projects("coal_boiler", *rows)
        yield desk, write(desk, folder / "out", kinds=("registers",)).books[0].file


SOME_ROW = st.integers(0, ROWS - 1)
EDITS = st.one_of(
    st.tuples(st.just("type"), SOME_ROW, st.sampled_from(sorted(FIELDS)), st.integers(1, 9)),
    st.tuples(st.just("swap"), SOME_ROW, SOME_ROW),
    st.tuples(st.just("delete"), SOME_ROW),
    st.tuples(st.just("insert"), SOME_ROW, st.integers(1, 3)),
    st.tuples(st.just("new"), st.integers(1, 5)),
    st.tuples(st.just("copy"), SOME_ROW),
    st.tuples(st.just("columns"), st.sampled_from(sorted(FIELDS)), st.sampled_from(sorted(FIELDS))),
    st.tuples(st.just("drop column"), st.sampled_from(sorted(FIELDS))),
    st.tuples(st.just("hide"), SOME_ROW),
    st.tuples(st.just("merge"), SOME_ROW, st.sampled_from(sorted(FIELDS))),
    st.tuples(st.just("rename")),
    st.tuples(st.just("above"), st.integers(1, 3)),
    st.tuples(st.just("lose id"), SOME_ROW),
    st.tuples(st.just("lose codes")),
)


def line_of(page: Any, number: int) -> int:
    """Return where the boiler is now, 0 if its row is gone; a copy may stand below it."""
    for row in range(1, page.max_row + 1):
        if any(cell.value == f"锅炉{number}" for cell in page[row]):
            return row
    return 0


def places(page: Any) -> dict[str, int]:
    for row in page.iter_rows(max_row=40):
        if any(str(cell.value).startswith("@table:") for cell in row):
            return {str(cell.value): cell.column for cell in row if cell.value}
    return {}


def cells_of(page: Any, row: int) -> list[Any]:
    return [page.cell(row, column).value for column in range(1, page.max_column + 1)]


def fill(page: Any, row: int, values: list[Any]) -> None:
    for column, value in enumerate(values, 1):
        if type(page.cell(row, column)).__name__ != "MergedCell":
            page.cell(row, column).value = value


def edit(page: Any, what: str, *given: Any) -> None:
    known = places(page)
    row = line_of(page, given[0]) if given and isinstance(given[0], int) else 0
    match what, given:
        case "type", (number, code, version) if row and code in known:
            fill_cell(page, row, known[code], f"{FIELDS[code]}@{number}第{version}版")
        case "swap", (_, other):
            there = line_of(page, other)
            if row and there:
                one, two = cells_of(page, row), cells_of(page, there)
                fill(page, row, two)
                fill(page, there, one)
        case "delete", _ if row:
            page.delete_rows(row)
        case "insert", (_, count) if row and not page.merged_cells.ranges:
            page.insert_rows(row, count)
        case "new", (number,) if known:
            line = page.max_row + 1
            page.cell(line, known["name"]).value = f"新锅炉{number}"
            for code in FIELDS.keys() & known.keys():
                page.cell(line, known[code]).value = f"{FIELDS[code]}@新{number}"
        case "copy", _ if row:
            fill(page, page.max_row + 1, cells_of(page, row))
        case "hide", _ if row:
            page.row_dimensions[row].hidden = True
        case "merge", (_, code) if row and code in known and row < page.max_row:
            page.merge_cells(start_row=row, end_row=row + 1, start_column=known[code], end_column=known[code])
        case _:
            edit_sheet(page, known, what, *given)


def edit_sheet(page: Any, known: dict[str, int], what: str, *given: Any) -> None:
    row = line_of(page, given[0]) if given and isinstance(given[0], int) else 0
    match what, given:
        case "columns", (one_code, two_code) if (
            one_code in known and two_code in known and not page.merged_cells.ranges
        ):
            for line in range(1, page.max_row + 1):
                one, two = page.cell(line, known[one_code]), page.cell(line, known[two_code])
                if "MergedCell" not in (type(one).__name__, type(two).__name__):
                    one.value, two.value = two.value, one.value
        case "drop column", (code,) if code in known and not page.merged_cells.ranges:
            page.delete_cols(known[code])
        case "rename", _:
            page.title = "表一"
        case "above", (count,) if not page.merged_cells.ranges:
            page.insert_rows(1, count)
        case "lose id", _ if row and known:
            fill_cell(page, row, known_id(known), None)
        case "lose codes", _ if known:
            column = known_id(known)
            page.delete_rows(next(r for r in range(1, 40) if str(page.cell(r, column).value).startswith("@table")))


def known_id(known: dict[str, int]) -> int:
    return next(column for code, column in known.items() if code.startswith("@table:"))


def fill_cell(page: Any, row: int, column: int, value: Any) -> None:
    if type(page.cell(row, column)).__name__ != "MergedCell":
        page.cell(row, column).value = value


def told(file: ReadFile) -> str:
    return "\n".join([*file.notes, *(problem.sentence() for problem in file.problems())])


@given(st.lists(EDITS, max_size=7))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_lost_or_lands_in_a_wrong_cell(
    sent: tuple[Desk, Path], tmp_path: Path, edits: list[tuple[Any, ...]]
) -> None:
    desk, original = sent
    file = Path(shutil.copy(original, tmp_path / "a.xlsx"))
    book: Any = openpyxl.load_workbook(file)
    page = book[BOILERS]
    page.merged_cells.ranges.clear()
    for what, *given_values in edits:
        edit(page, what, *given_values)
    book.save(file)
    (found,) = read_books(desk.conn, desk.plan, [file])
    assert found.refusal is None, found.refusal
    (table,) = found.tables
    names = own_names(desk)
    nothing_in_a_wrong_cell(table, names)
    nothing_lost(page, found, table, names)


def own_names(desk: Desk) -> dict[str, str]:
    rows = desk.conn.execute("SELECT id, name FROM register_coal_boiler WHERE deleted_at IS NULL")
    return {row_id: name.removeprefix("锅炉") for row_id, name in rows}


def nothing_in_a_wrong_cell(table: ReadTable, names: dict[str, str]) -> None:
    for row in table.written():
        for code, cell in row.taken.items():
            if code in FIELDS and cell is not None:
                new = str(row.taken["name"]).replace("新锅炉", "新").removeprefix("锅炉") if row.new else ""
                whose = new or names[row.id]
                word, _, rest = str(cell).partition("@")
                assert word == FIELDS[code]
                assert rest.partition("第")[0] == whose


def nothing_lost(page: Any, found: ReadFile, table: ReadTable, names: dict[str, str]) -> None:
    """Every edited text is taken, or its row is told of; every row that is gone is listed."""
    taken = {str(cell) for row in table.written() for cell in row.taken.values()}
    stopped = {row.row + 1 for row in table.stopped()}
    words = told(found)
    for line in page.iter_rows():
        for cell in line:
            text = str(cell.value or "")
            if "@" in text and not text.startswith("@") and ("版" in text or "@新" in text):
                assert (
                    text in taken
                    or cell.row in stopped
                    or f"第{cell.row}行" in words
                    or f"{cell.column_letter}列" in words
                )
    gone = [number for row_id, number in names.items() if row_id not in table.ids]
    for number in gone:
        assert f"锅炉{number}" in words
