from __future__ import annotations

import re

import pytest

from db.core.divisions import all_towns, counties, reporting_unit, reporting_units, runner_of, towns_of


def test_twelve_counties_and_their_towns() -> None:
    assert len(counties()) == 12
    assert len(all_towns()) == 122
    assert {town.county_code for town in all_towns()} == {unit.code for unit in counties()} | {"370772"}
    assert len({town.code for town in all_towns()}) == 122
    assert all(town.code.startswith(town.county_code) for town in all_towns())


def test_towns_of_shouguang() -> None:
    towns = towns_of("370783")
    assert len(towns) == 15
    assert (towns[0].code, towns[0].name, towns[0].kind_title) == ("370783001", "圣城街道", "街道")
    assert {town.kind_title for town in towns} == {"街道", "镇", "开发区"}
    assert towns_of("") == ()
    assert towns_of("370799") == ()


def test_every_town_is_run_by_exactly_one_unit() -> None:
    run = [code for unit in reporting_units() for code in unit.towns]
    assert sorted(run) == [town.code for town in all_towns()]


def test_zones_report_beside_the_counties() -> None:
    zones = [unit for unit in reporting_units() if unit.kind == "zone"]
    assert [(unit.short_name, unit.code) for unit in zones] == [
        ("滨海区", "370772"),
        ("高新区", ""),
        ("峡山区", ""),
        ("经济区", ""),
        ("综合保税区", ""),
    ]
    assert all("法定" in unit.note and unit.kind_title == "功能区" for unit in zones)
    assert reporting_unit("weifang-gaoxin").towns == ("370705009", "370705010")
    assert "370705009" not in reporting_unit("370705").towns
    runner = runner_of("370704008")
    assert runner is not None
    assert runner.short_name == "峡山区"
    assert runner_of("370783999") is None
    assert reporting_unit("370783").kind_title == "县市区"


def test_keys_are_fit_for_file_names() -> None:
    keys = [unit.key for unit in reporting_units()]
    assert len(set(keys)) == len(keys) == 17
    assert all(re.fullmatch(r"[0-9]{6}|[a-z]+(-[a-z]+)*", key) for key in keys)
    assert all(unit.key == unit.code for unit in reporting_units() if unit.code)
    with pytest.raises(KeyError):
        reporting_unit("370799")
