from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.core.errors import Cancelled
from db.core.fields import load_schema
from db.core.values import Cell, State
from db.store import records
from db.store.county import County
from db.store.initials import initials
from db.store.query import Filter, Sort, TableQuery
from tests.db.county_folders import county_in, fresh_county
from tests.db.store.rows import cells, rows, whole

PROJECT = load_schema("key_project")
SORTABLE = ("name", "category", "total_investment", "started_on", "two_high", "note")


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with county_in(tmp_path / "寿光") as county:
        yield county


def fill(county: County, given_rows: list[dict[str, Cell]]) -> list[str]:
    with county.operation("批量") as op:
        return records.insert_many(op, PROJECT, given_rows)


def found(county: County, **query: Any) -> list[Cell]:
    asked = TableQuery(PROJECT, **query)
    with county.reading() as conn:
        seqs = asked.seqs(conn)
        assert asked.count(conn) == len(seqs)
        found = asked.rows(conn, seqs)
        assert [row.seq for row in found] == list(seqs)
        assert list(asked.each(conn)) == found
        assert asked.ids(conn) == [row.id for row in found]
    return [row.values["name"] for row in found]


@dataclass
class Expected:
    """What a query must give, computed the slow way from the rows in memory."""

    rows: list[tuple[int, dict[str, Cell]]]

    def keep(self, wanted: Filter) -> None:
        self.rows = [(place, row) for place, row in self.rows if _matches(wanted, row[wanted.field])]

    def order(self, sorts: list[Sort]) -> list[int]:
        ordered = sorted(self.rows, key=lambda entry: entry[0])
        for sort in reversed(sorts):
            filled = [entry for entry in ordered if _has_value(entry[1][sort.field])]
            empty = [entry for entry in ordered if not _has_value(entry[1][sort.field])]
            ordered = sorted(filled, key=lambda e: _key(sort.field, e[1][sort.field]), reverse=False)
            if sort.descending:
                ordered = _stable_descending(filled, sort.field)
            ordered += empty
        return [place for place, _ in ordered]


def _stable_descending(entries: list[tuple[int, dict[str, Cell]]], field: str) -> list[tuple[int, dict[str, Cell]]]:
    return sorted(entries, key=lambda e: _key(field, e[1][field]), reverse=True)


def _has_value(cell: Cell) -> bool:
    return cell is not None and not isinstance(cell, State)


def _key(field: str, cell: Cell) -> Any:
    if field == "name":
        return (initials(str(cell)), str(cell).encode())
    if field == "category":
        return PROJECT.field("category").enum.index(str(cell))
    return cell.encode() if isinstance(cell, str) else cell


def _matches(wanted: Filter, cell: Cell) -> bool:
    match wanted.kind:
        case "empty":
            return cell is None
        case "not_empty":
            return cell is not None
        case "one_of":
            return any(type(cell) is type(choice) and cell == choice for choice in wanted.cells)
        case "between":
            low, high = wanted.cells
            return _has_value(cell) and all(
                end is None
                or (_key(wanted.field, cell) >= _key(wanted.field, end)) is above
                or _key(wanted.field, cell) == _key(wanted.field, end)
                for end, above in ((low, True), (high, False))
            )
        case "contains":
            return _has_value(cell) and _folded(wanted.text) in _folded(str(cell))


def _folded(text: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in text)


def filters() -> st.SearchStrategy[Filter]:
    def for_field(name: str) -> st.SearchStrategy[Filter]:
        own = cells(PROJECT.field(name))
        value = own.filter(_has_value)
        ways = [
            st.just(Filter.empty(name)),
            st.just(Filter.not_empty(name)),
            st.lists(own, max_size=3).map(lambda chosen: Filter.one_of(name, chosen)),
            st.sampled_from(State).map(lambda state: Filter.state(name, state)),
        ]
        if name in ("total_investment", "started_on"):
            ways.append(st.tuples(st.none() | value, st.none() | value).map(lambda ends: Filter.between(name, *ends)))
        if name == "note":
            ways.append(st.sampled_from(["%", "_", "\\", "清洁", "A", "a%"]).map(lambda t: Filter.contains(name, t)))
        return st.one_of(ways)

    return st.sampled_from(SORTABLE).flatmap(for_field)


NOTES = st.sampled_from(["100%", "a_b", "A%", "清洁取暖", "\\", "一a", "B清洁"])
TABLES = st.lists(
    st.tuples(rows(PROJECT), st.none() | NOTES).map(lambda pair: {**pair[0], "note": pair[1]}), max_size=8
)


@settings(max_examples=60)
@given(
    TABLES,
    st.lists(filters(), max_size=2),
    st.lists(st.builds(Sort, st.sampled_from(SORTABLE), st.booleans()), max_size=2, unique_by=lambda sort: sort.field),
)
def test_any_query_gives_what_the_slow_way_gives(
    table: list[dict[str, Cell]], wanted: list[Filter], sorts: list[Sort]
) -> None:
    expected = Expected(list(enumerate(whole(PROJECT, row) for row in table)))
    for condition in wanted:
        expected.keep(condition)
    with fresh_county() as county:
        ids = fill(county, table)
        with county.reading() as conn:
            query = TableQuery(PROJECT, filters=tuple(wanted), sorts=tuple(sorts))
            places = [ids.index(row_id) for row_id in query.ids(conn)]
            assert places == expected.order(sorts)
            counted = query.choices(conn, "category")
            assert dict(counted) == {
                cell: [row["category"] for _, row in expected.rows].count(cell) for cell, _ in counted
            }
            assert sum(number for _, number in counted) == len(expected.rows)


def test_search_finds_words_in_texts_codes_initials_and_names(county: County) -> None:
    with county.reading() as conn:
        (town,) = conn.execute("SELECT id FROM town WHERE name = '侯镇'").fetchone()
    fill(
        county,
        [
            {"name": "圣城街道清洁取暖", "category": "能源结构", "project_code": "2021-370783-26-03-123456"},
            {"name": "联盟技改", "location": "羊口_港", "town_id": town},
            {"name": "100%封闭", "note": "Boiler"},
        ],
    )
    assert found(county, search="清洁") == ["圣城街道清洁取暖"]
    assert found(county, search="scjd") == ["圣城街道清洁取暖"]
    assert found(county, search="SCJD 能源") == ["圣城街道清洁取暖"]
    assert found(county, search="370783-26") == ["圣城街道清洁取暖"]
    assert found(county, search="侯镇") == found(county, search="hz") == ["联盟技改"]
    assert found(county, search="boiler") == ["100%封闭"]
    assert found(county, search="100%") == ["100%封闭"]
    assert found(county, search="_") == ["联盟技改"]
    assert found(county, search="清洁 侯镇") == []
    assert len(found(county, search="  ")) == 3


def test_references_filter_and_sort_by_name(county: County) -> None:
    with county.reading() as conn:
        towns = {name: row_id for name, row_id in conn.execute("SELECT name, id FROM town")}  # noqa: C416
    fill(
        county,
        [
            {"name": "羊", "town_id": towns["羊口镇"]},
            {"name": "无"},
            {"name": "稻", "town_id": towns["稻田镇"]},
            {"name": "侯", "town_id": towns["侯镇"]},
        ],
    )
    assert found(county, sorts=(Sort("town_id"),)) == ["稻", "侯", "羊", "无"]
    assert found(county, sorts=(Sort("town_id", descending=True),)) == ["羊", "侯", "稻", "无"]
    assert found(county, filters=(Filter.contains("town_id", "yk"),)) == ["羊"]
    assert found(county, filters=(Filter.equals("town_id", towns["侯镇"]),)) == ["侯"]
    assert found(county, filters=(Filter.empty("town_id"),)) == ["无"]


def test_numbers_are_found_as_people_write_them(county: County) -> None:
    amounts = ["1200.5", "0.05", "30", "-1200.5", "1200500"]
    fill(county, [{"name": amount, "total_investment": Decimal(amount)} for amount in amounts])

    def containing(text: str) -> list[Cell]:
        return found(county, filters=(Filter.contains("total_investment", text),))

    assert containing("1,200.5") == ["1200.5", "-1200.5"]
    assert containing("0.05") == ["0.05"]
    assert containing("-") == ["-1200.5"]
    assert containing("30") == ["30"]
    assert found(county, filters=(Filter.between("total_investment", Decimal("0.05"), Decimal(30)),)) == ["0.05", "30"]


def test_yes_no_and_dates_are_found_by_their_text(county: County) -> None:
    fill(county, [{"name": "甲", "two_high": True, "started_on": date(2022, 3, 15)}, {"name": "乙", "two_high": False}])
    assert found(county, filters=(Filter.contains("two_high", "否"),)) == ["乙"]
    assert found(county, filters=(Filter.contains("started_on", "2022-03"),)) == ["甲"]
    assert found(county, filters=(Filter.equals("two_high", True),)) == ["甲"]


def test_the_bin_is_a_query_of_its_own(county: County) -> None:
    ids = fill(county, [{"name": "甲"}, {"name": "乙"}])
    with county.operation("删除") as op:
        records.delete(op, PROJECT, ids[:1])
    assert found(county) == ["乙"]
    assert found(county, deleted=True, sorts=(Sort("deleted_at", descending=True),)) == ["甲"]
    assert found(county, filters=(Filter.one_of("id", ids),)) == ["乙"]


def test_a_row_that_vanished_since_is_left_out(county: County) -> None:
    fill(county, [{"name": "甲"}, {"name": "乙"}])
    with county.reading() as conn:
        query = TableQuery(PROJECT)
        seqs = query.seqs(conn)
        county.undo()
        assert query.rows(conn, seqs) == []


def test_the_place_of_a_row(county: County) -> None:
    ids = fill(county, [{"name": name} for name in "丙甲乙"])
    query = TableQuery(PROJECT, sorts=(Sort("name"),))
    with county.reading() as conn:
        seqs = query.seqs(conn)
        order = [query.position(conn, row_id, seqs) for row_id in ids]
        assert order == [query.position(conn, row_id) for row_id in ids] == [0, 1, 2]
        assert query.position(conn, "nothing") is None
        assert TableQuery(PROJECT, search="甲").position(conn, ids[0]) is None


def test_sums_are_exact(county: County) -> None:
    fill(county, [{"name": "甲", "total_investment": Decimal("0.1")} for _ in range(30)])
    fill(county, [{"name": "乙", "total_investment": cell} for cell in (None, State.NO_DATA)])
    with county.reading() as conn:
        assert TableQuery(PROJECT).total(conn, "total_investment") == 3
        assert TableQuery(PROJECT, search="乙").total(conn, "total_investment") == 0


def test_an_interrupted_query_is_cancelled(county: County) -> None:
    fill(county, [{"name": "甲"} for _ in range(3000)])
    query = TableQuery(PROJECT, search="没有")
    with county.reading() as conn:
        conn.set_progress_handler(lambda: 1, 1000)
        for ask in (query.seqs, query.count, lambda c: list(query.each(c)), query.ids):
            with pytest.raises(Cancelled):
                ask(conn)
        conn.set_progress_handler(None, 0)
        assert len(query.seqs(conn)) == 0


def test_an_order_by_an_unknown_field_is_our_mistake(county: County) -> None:
    with county.reading() as conn, pytest.raises(KeyError):
        TableQuery(PROJECT, sorts=(Sort("name; DROP TABLE town"),)).seqs(conn)
