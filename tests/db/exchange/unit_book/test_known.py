"""How what is stored stands in a workbook, without the way through every value."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.fields import load_schema
from db.exchange.cells.model import Raw
from db.exchange.plain_table import sheet_value
from db.exchange.unit_book.case import text_of
from db.exchange.unit_book.known import Loaded, Spelt
from db.exchange.unit_book.parsed import Bad, Parsed
from db.store.cells import load
from tests.db.work.desk import Desk

TONNAGE = load_schema("coal_boiler").field("tonnage")


@given(st.integers(-(10**18), 10**18) | st.integers(-(10**9), 10**9))
def test_amounts_are_spelt_as_they_are_written(micro: int) -> None:
    spelt = Spelt(Loaded(TONNAGE), TONNAGE, {})[micro]
    written = sheet_value(TONNAGE, load(TONNAGE, micro))
    assert (spelt, type(spelt)) == (written, type(written))


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_what_is_no_number_is_none(desk: Desk, number: float) -> None:
    assert isinstance(Parsed(desk.conn, TONNAGE, [number])[number], Bad)
    assert text_of(number) == str(number)


STRANGE = st.sampled_from([" 甲", "乙 ", "未报", "e\u0301", "|", "x" * 99, 1.5])


@given(st.lists(st.none() | st.text(max_size=6) | STRANGE))
def test_a_column_says_what_its_cells_say(raws: list[Raw]) -> None:
    name = replace(load_schema("coal_boiler").field("name"), max_length=20)
    with closing(sqlite3.connect(":memory:")) as conn:
        by_cell, by_column = Parsed(conn, name, raws), Parsed(conn, name, raws)
        said = [by_cell[raw] for raw in raws]
        assert list(map(str, by_column.column(raws))) == list(map(str, said))
        assert by_column.bad == by_cell.bad
