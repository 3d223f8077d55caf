"""What is kept of each table of a workbook that came back: one wrong cell is a matter of its own table only."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.exchange.unit_book.store import receive, take_in
from db.work.handouts import matrix, sent_books
from tests.db.exchange.unit_book.returned import BOILERS, FIRST, TASKS, Returned
from tests.db.work.desk import Desk


@pytest.fixture
def returned(desk: Desk, tmp_path: Path) -> Returned:
    return Returned(desk, tmp_path / "out")


def states(returned: Returned) -> dict[str, tuple[str, int]]:
    own = matrix(returned.desk.conn)["town", returned.desk.towns[0]]
    return {table: (state.title, state.problems) for table, state in own.items()}


def come_in(returned: Returned, *, leave_out: bool = False) -> None:
    take_in(returned.desk.county, [returned.read()], leave_out=leave_out)


def test_a_wrong_cell_marks_its_own_table_only(returned: Returned) -> None:
    returned.put(FIRST, tonnage="很多")
    returned.put(FIRST, TASKS, phone="13900001111")
    returned.store(leave_out=True)
    assert states(returned) == {"assignment": ("已入库", 0), "coal_boiler": ("有问题", 1)}
    returned.put(FIRST, tonnage=5)
    returned.store()
    assert states(returned) == {"assignment": ("已入库", 0), "coal_boiler": ("已入库", 0)}


def record(returned: Returned) -> tuple[str, int, str]:
    state = sent_books(returned.desk.conn, ("town", returned.desk.towns[0]))[0].state
    return state.title, state.problems, state.received_name


def test_of_a_workbook_in_parts_the_worst_counts_and_names_the_file_to_send_back(returned: Returned) -> None:
    whole = returned.file.read_bytes()
    returned.put(FIRST, tonnage="很多")
    returned.edit(lambda book: book.remove(book[TASKS]))
    first = returned.file = returned.file.rename(returned.file.with_name("锅炉.xlsx"))
    come_in(returned)
    returned.file = first.with_name("任务.xlsx")
    returned.file.write_bytes(whole)
    returned.put(FIRST, TASKS, phone="13900001111")
    returned.edit(lambda book: book.remove(book[BOILERS]))
    returned.store()
    assert states(returned) == {"assignment": ("已入库", 0), "coal_boiler": ("有问题", 1)}
    assert record(returned) == ("有问题", 1, "锅炉.xlsx")
    returned.file = first
    returned.put(FIRST, tonnage=5)
    come_in(returned)
    assert record(returned) == ("已入库", 0, "锅炉.xlsx")


def test_a_part_that_comes_later_does_not_hide_behind_one_that_is_stored(returned: Returned) -> None:
    whole = returned.file.read_bytes()
    returned.edit(lambda book: book.remove(book[BOILERS]))
    returned.store()
    assert record(returned)[0] == "已入库"
    returned.file.write_bytes(whole)
    returned.put(FIRST, tonnage="很多")
    come_in(returned)
    assert record(returned)[:2] == ("有问题", 1)


def test_a_row_that_the_clerk_left_out_is_done_with(returned: Returned) -> None:
    returned.put(FIRST, tonnage="很多")
    file = returned.read()
    for table in file.tables:
        for row in table.rows:
            row.left_out = True
    take_in(returned.desk.county, [file])
    assert states(returned) == {"assignment": ("已入库", 0), "coal_boiler": ("已入库", 0)}


def test_what_only_came_in_is_not_stored_yet(returned: Returned) -> None:
    returned.put(FIRST, tonnage="很多")
    with returned.desk.county.operation("收到") as op:
        receive(op, returned.desk.county, [returned.read()])
    assert states(returned) == {"assignment": ("已收", 0), "coal_boiler": ("有问题", 1)}


def test_a_table_that_is_stored_stays_so_when_it_comes_in_again(returned: Returned) -> None:
    returned.put(FIRST, tonnage="很多")
    come_in(returned, leave_out=True)
    with returned.desk.county.operation("收到") as op:
        receive(op, returned.desk.county, [returned.read()])
    assert states(returned) == {"assignment": ("已入库", 0), "coal_boiler": ("有问题", 1)}


def test_a_sheet_that_was_taken_away_is_still_out(returned: Returned) -> None:
    returned.edit(lambda book: book.remove(book[BOILERS]))
    returned.store()
    assert states(returned) == {"assignment": ("已入库", 0), "coal_boiler": ("已发", 0)}


def test_a_file_that_cannot_be_read_takes_nothing_back(returned: Returned) -> None:
    returned.store()
    returned.edit(lambda book: [book.remove(book[title]) for title in (BOILERS, TASKS)])
    come_in(returned)
    assert states(returned) == {"assignment": ("已入库", 0), "coal_boiler": ("已入库", 0)}
