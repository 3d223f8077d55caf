"""How what is stored stands in a workbook, without the way through every value."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from db.core.fields import load_schema
from db.exchange.plain_table import sheet_value
from db.exchange.unit_book.known import Loaded, Spelt
from db.store.cells import load

TONNAGE = load_schema("coal_boiler").field("tonnage")


@given(st.integers(-(10**18), 10**18) | st.integers(-(10**9), 10**9))
def test_amounts_are_spelt_as_they_are_written(micro: int) -> None:
    spelt = Spelt(Loaded(TONNAGE), TONNAGE, {})[micro]
    written = sheet_value(TONNAGE, load(TONNAGE, micro))
    assert (spelt, type(spelt)) == (written, type(written))
