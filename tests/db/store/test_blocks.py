from __future__ import annotations

import string
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.values import Cell, State
from db.store import blocks, records
from db.store.county import County
from tests.db.county_folders import county_in, fresh_county
from tests.db.store.rows import rows

PROJECT = load_schema("key_project")
MANY = blocks.FEW + 1


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with county_in(tmp_path / "寿光") as county:
        yield county


def added(county: County, number: int) -> list[str]:
    with county.operation("添加") as op:
        return records.insert_many(op, PROJECT, [{"name": f"项目{n}"} for n in range(number)])


def update(county: County, changes: list[tuple[str, dict[str, Cell]]]) -> None:
    with county.operation("修改") as op:
        records.update_many(op, PROJECT, changes)


def values(county: County, ids: list[str]) -> list[dict[str, Cell]]:
    with county.reading() as conn:
        return [row.values for row in records.get_many(conn, PROJECT, ids)]


def journalled(county: County, ids: list[str]) -> set[tuple[int, str, str]]:
    with county.reading() as conn:
        found = conn.execute("SELECT row_id, before, after FROM change WHERE action = 'update'")
        return {(ids.index(row_id), before, after) for row_id, before, after in found}


@settings(max_examples=15)
@given(rows(PROJECT), rows(PROJECT))
def test_many_at_once_store_and_journal_what_one_by_one_does(even: dict[str, Cell], odd: dict[str, Cell]) -> None:
    found = []
    for at_once in (True, False):
        with fresh_county() as county:
            ids = added(county, 2 * MANY)
            changes = [(row_id, odd if n % 2 else even) for n, row_id in enumerate(ids)]
            with county.operation("修改") as op:
                for some in [changes] if at_once else [[each] for each in changes]:
                    records.update_many(op, PROJECT, some)
            found.append((values(county, ids), journalled(county, ids)))
    assert found[0] == found[1]


@settings(max_examples=30)
@given(st.text(string.printable + '"\\\0\x1f重é😀', max_size=8), st.integers(-(2**62), 2**62))
def test_any_text_and_any_whole_number_pass_through(text: str, number: int) -> None:
    with fresh_county() as county:
        ids = added(county, MANY)
        with county.operation("修改") as op:
            done = blocks.update_rows(
                op.conn,
                lambda given, source: (
                    f"UPDATE register_key_project SET note = {given(0)}, total_investment = {given(1)}{source}"
                    f" WHERE register_key_project.id = {given(2)}"
                ),
                [(text, number, row_id) for row_id in ids],
            )
            found = set(op.conn.execute("SELECT note, total_investment FROM register_key_project"))
        assert done == MANY
        assert found == {(text, number)}


def test_of_a_row_that_is_named_twice_the_later_value_stays(county: County) -> None:
    ids = added(county, MANY)
    first: list[tuple[str, dict[str, Cell]]] = [(row_id, {"note": "先"}) for row_id in ids]
    update(county, [*first, (ids[3], {"note": "后"})])
    notes = [each["note"] for each in values(county, ids)]
    assert notes == ["后" if n == 3 else "先" for n in range(MANY)]


def test_one_vanished_row_among_many_keeps_all_from_being_stored(county: County) -> None:
    ids = added(county, MANY)
    with county.operation("删除") as op:
        records.delete(op, PROJECT, ids[:1])
    with pytest.raises(DataProblem, match="有1行已被删除"):
        update(county, [(row_id, {"note": "新"}) for row_id in ids])
    assert {each["note"] for each in values(county, ids)} == {None}


def test_more_than_one_statement_takes_are_all_written(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "MOST", 7)
    ids = added(county, MANY)
    update(county, [(row_id, {"total_investment": Decimal(n), "note": State.NO_DATA}) for n, row_id in enumerate(ids)])
    assert [each["total_investment"] for each in values(county, ids)] == list(range(MANY))
    assert {each["note"] for each in values(county, ids)} == {State.NO_DATA}
