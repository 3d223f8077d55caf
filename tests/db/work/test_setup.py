from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from db.core import divisions
from db.core.errors import DataProblem, EnvironmentProblem
from db.plan.catalogue import load_catalogue
from db.work import registers
from db.work.breakdown import assignees
from db.work.setup import find_unit, new_county
from tests.db.work.desk import Desk


def listed(conn: sqlite3.Connection, sql: str) -> list[str]:
    return [row[0] for row in conn.execute(sql)]


def test_the_new_file_of_a_county_has_its_towns_departments_and_registers(desk: Desk) -> None:
    statutory = [town.name for town in divisions.towns_of("370783")]
    assert [who.name for who in assignees(desk.conn, ("town",)) if who.own] == statutory
    assert len(statutory) == 15
    departments = dict(desk.conn.execute("SELECT city_name, name FROM department"))
    assert departments["市工信局"] == "寿光市工业和信息化局"
    assert departments["市委宣传部"] == "寿光市委宣传部"
    assert departments["市生态环境局"] == "潍坊市生态环境局寿光分局"
    titles = [schema.title for schema in registers.registers(desk.conn)]
    assert titles == [schema.title for schema in registers.shipped()]
    assert (len(titles), titles[0]) == (38, "重点项目")
    assert desk.county.settings(desk.conn) == {
        "county_code": "370783",
        "county_name": "寿光市",
        "plan_version": load_catalogue().version,
    }


def test_every_department_of_the_plan_has_its_row_and_those_without_a_counterpart_are_marked(desk: Desk) -> None:
    assert set(listed(desk.conn, "SELECT city_name FROM department")) == {d.name for d in desk.plan.departments}
    marked = listed(desk.conn, "SELECT name FROM department WHERE kind = '无县级对应机构'")
    assert sorted(marked) == ["人民银行潍坊市中心支行", "潍坊海事局", "潍坊银保监分局"]
    assert [who.name for who in assignees(desk.conn, ("department",)) if not who.own] == listed(
        desk.conn, "SELECT name FROM department WHERE kind = '无县级对应机构' ORDER BY seq"
    )


def test_making_the_file_cannot_be_undone(desk: Desk) -> None:
    assert desk.county.undo_label() is None
    assert listed(desk.conn, "SELECT label FROM operation ORDER BY id DESC LIMIT 1") == ["建立县级填报文件"]


def test_a_town_that_another_unit_runs_is_marked_and_is_there_for_that_unit(tmp_path: Path) -> None:
    with new_county(tmp_path / "奎文", county="奎文区", author="甲") as county, county.reading() as conn:
        towns = assignees(conn, ("town",))
        assert [who.name for who in towns if not who.own] == ["新城街道", "清池街道"]
        assert len(towns) == 10
        assert "由潍坊高新技术产业开发区管理" in listed(conn, "SELECT note FROM town WHERE name = '新城街道'")[0]
    with new_county(tmp_path / "高新", county="weifang-gaoxin", author="甲") as county, county.reading() as conn:
        assert [(who.name, who.own) for who in assignees(conn, ("town",))] == [("新城街道", True), ("清池街道", True)]
        assert county.settings(conn)["county_name"] == "潍坊高新技术产业开发区"


@pytest.mark.parametrize("unit", divisions.reporting_units(), ids=lambda unit: unit.key)
def test_every_reporting_unit_is_found_by_its_code_and_names(unit: divisions.ReportingUnit) -> None:
    assert {find_unit(name) for name in (unit.key, unit.code or unit.key, unit.name, unit.short_name)} == {unit}


def test_a_unit_without_towns_gets_a_file_too(tmp_path: Path) -> None:
    with new_county(tmp_path / "综保", county="综合保税区", author="甲") as county, county.reading() as conn:
        assert assignees(conn, ("town",)) == []


def test_an_unknown_unit_is_refused_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(DataProblem, match="没有“济南”这个填报单位"):
        new_county(tmp_path / "x", county="济南", author="甲")
    assert not (tmp_path / "x").exists()


def test_a_folder_that_holds_a_county_is_refused(desk: Desk) -> None:
    folder = desk.county.folder
    desk.county.close()
    with pytest.raises(EnvironmentProblem, match="已经有县级数据"):
        new_county(folder, county="370783", author="甲")


@pytest.mark.parametrize("nothing", ["", " "])
def test_no_unit_is_not_the_unit_that_has_no_code(nothing: str) -> None:
    with pytest.raises(DataProblem, match="没有“”这个填报单位。请从中选择：370702"):
        find_unit(nothing)


def test_a_unit_is_found_however_it_is_typed() -> None:
    assert find_unit(" 寿光市 ") == find_unit("３７０７８３")
