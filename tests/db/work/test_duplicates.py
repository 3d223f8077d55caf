from __future__ import annotations

from decimal import Decimal
from difflib import SequenceMatcher
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.core.values import Cell, State
from db.store import records
from db.work.duplicates import ALIKE, alike, double_of, doubles
from db.work.registers import register
from tests.db.work.desk import Desk


def village(desk: Desk, name: str, year: int, **more: Cell) -> dict[str, Cell]:
    common: dict[str, Cell] = {"name": name, "town_id": desk.towns[0], "village": "前王村", "technology": "气代煤"}
    return {**common, "plan_year": Decimal(year), **more}


def test_rows_with_one_key_are_doubles(desk: Desk) -> None:
    schema = register(desk.conn, "rural_heating")
    first, other_year, second, no_year, elsewhere = desk.projects(
        "rural_heating",
        village(desk, "甲", 2021),
        village(desk, "甲", 2022),
        village(desk, "乙", 2021),
        village(desk, "丙", 2021, plan_year=None),
        village(desk, "丁", 2021, town_id=desk.towns[1]),
    )
    found = double_of(desk.conn, schema, second)
    assert found is not None
    assert found.row_id == first
    assert found.sentence.startswith("可能与“甲”重复：所属镇街都是“")
    assert found.sentence.endswith("，村（社区）都是“前王村”，年度都是“2021”，技术路线都是“气代煤”。")
    assert [double_of(desk.conn, schema, row) for row in (other_year, no_year, elsewhere, "nothing")] == [None] * 4
    assert doubles(desk.conn, schema) == [[first, second]]
    with desk.county.operation("删除") as op:
        records.delete(op, schema, [first])
    assert double_of(desk.conn, schema, second) is None
    assert double_of(desk.conn, schema, first) is None
    assert doubles(desk.conn, schema) == []


def test_a_state_is_no_key(desk: Desk) -> None:
    schema = register(desk.conn, "nonroad_machinery")
    rows = desk.projects("nonroad_machinery", *({"name": n, "machine_code": State.NOT_APPLICABLE} for n in "甲乙"))
    assert double_of(desk.conn, schema, rows[0]) is None
    assert doubles(desk.conn, schema) == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("东城加油站充电场", "东城加油站充电场站", True),
        ("东城加油站（充电场）", "东城加油站(充电场）", True),
        ("东城1号充电站", "东城2号充电站", False),
        ("东城第一充电站", "东城第二充电站", False),
        ("东城充电站", "西关高速服务区", False),
        ("甲", "甲乙", False),
    ],
)
def test_names_that_are_nearly_the_same_in_one_town(desk: Desk, one: str, other: str, alike: bool) -> None:
    schema = register(desk.conn, "charging_facility")
    first, second, elsewhere = desk.projects(
        "charging_facility",
        {"name": one, "town_id": desk.towns[0]},
        {"name": other, "town_id": desk.towns[0]},
        {"name": other, "town_id": desk.towns[1]},
    )
    found = double_of(desk.conn, schema, second)
    assert (found is not None) == alike
    if found is not None:
        assert found.row_id == first
        assert f"“{one}”相近" in found.sentence
    assert double_of(desk.conn, schema, elsewhere) is None


WORDS = st.lists(st.sampled_from(["供热", "管网", "改造", "工程", "孙家", "南", "北", "一期"]), min_size=1, max_size=7)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WORDS.map("".join), min_size=2, max_size=7))
def test_no_like_name_is_left_out_by_its_characters(desk: Desk, texts: list[str]) -> None:
    """What `difflib` calls like, and what differs in numbers alone, decided name by name."""
    schema = register(desk.conn, "construction_site")
    own: dict[str, Cell] = {"town_id": desk.towns[0], "contractor": "一建"}
    ids = desk.projects("construction_site", *({"name": text, **own} for text in texts))
    wanted = [
        (one, other)
        for (one, name), (other, second) in combinations(zip(ids, texts, strict=True), 2)
        if min(len(name), len(second)) >= 3
        and name.count("一") == second.count("一")
        and SequenceMatcher(a=second, b=name, autojunk=False).ratio() >= ALIKE
    ]
    assert sorted(alike(desk.conn, schema)) == sorted(wanted)
    beside = [pair for pair in wanted if ids[0] in pair]
    assert sorted(alike(desk.conn, schema, {ids[0]})) == sorted(beside)
    with desk.county.operation("删除") as op:
        records.delete(op, schema, ids)
