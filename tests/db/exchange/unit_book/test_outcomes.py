"""What is kept of each table of a workbook that came back: one wrong cell is a matter of its own table only."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.exchange.unit_book.store import receive, take_in
from db.work.handouts import matrix
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
