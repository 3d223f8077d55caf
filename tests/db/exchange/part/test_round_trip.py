"""Whatever a colleague does to a part: once it is taken in, the county has just that, and a second time nothing new."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.fields import load_schema
from db.core.values import State
from db.exchange.unit_book.reading import Fate
from db.store import records
from tests.db.county_folders import fresh_county
from tests.db.exchange.part.colleague import Office
from tests.db.work.desk import Desk

BOILER = load_schema("coal_boiler")
ROWS = 4

amounts = st.one_of(
    st.none(), st.sampled_from(list(State)), st.decimals(0, 10**6, places=2).map(lambda number: number.normalize())
)
texts = st.one_of(
    st.none(), st.text("锅炉一号\n“”,<&'\"𠮷 ", min_size=1, max_size=8).map(str.strip).map(lambda t: t or None)
)
edits = st.one_of(
    st.tuples(st.just("amount"), st.integers(0, ROWS - 1), amounts),
    st.tuples(st.just("note"), st.integers(0, ROWS - 1), texts),
    st.tuples(st.just("add"), st.integers(0, 9), st.none()),
    st.tuples(st.just("delete"), st.integers(0, ROWS - 1), st.none()),
)


def content(desk: Desk) -> dict[str, dict[str, Any]]:
    return {row.id: row.values for row in records.select(desk.conn, BOILER, "t.deleted_at IS NULL", ())}


def edit(desk: Desk, ids: list[str], what: str, number: int, value: Any) -> None:
    with desk.county.operation("修改") as op:
        if what == "add":
            records.insert(op, BOILER, {"name": f"新锅炉{number}", "town_id": desk.towns[0]})
        elif what == "delete":
            records.delete(op, BOILER, [ids[number]])
        elif ids[number] in content(desk):
            name = "total_investment" if what == "amount" else "note"
            if isinstance(value, Decimal):
                value = BOILER.field(name).parse(value)
            records.update(op, BOILER, ids[number], {name: value})


@settings(max_examples=12)
@given(st.lists(edits, max_size=6))
def test_a_part_comes_home_as_it_is(made: list[tuple[str, int, Any]]) -> None:
    with fresh_county() as county, county.reading() as conn, tempfile.TemporaryDirectory() as folder:
        office = Office(Desk(county, conn), Path(folder))
        ids = [
            office.desk.project(
                "coal_boiler", name=f"锅炉{n}", town_id=office.desk.towns[0], total_investment=Decimal(n)
            )
            for n in range(ROWS)
        ]
        place = office.hand_out(towns=["370783001"])
        with office.colleague(place) as theirs:
            for each in made:
                edit(theirs, ids, *each)
            wanted = content(theirs)
        back = office.give_back(place)
        found = office.read(back)
        assert found.verdict == "good"
        office.take(found)
        assert content(office.desk) == wanted
        again = office.read(back).counts()
        assert sum(again.values()) == again[Fate.UNCHANGED]
