from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook

from db.core.values import State
from db.exchange.plain_table import write_table
from db.store.filters import Filter
from db.store.query import TableQuery
from db.work.group_totals import group_fields, group_totals, summed_fields
from db.work.registers import register
from tests.db.work.desk import Desk

BIG = Decimal(9_000_000_000_000)


def test_rows_are_counted_and_their_amounts_summed_by_town(desk: Desk) -> None:
    one, other = desk.towns[:2]
    desk.projects(
        "key_project",
        {"name": "甲", "town_id": other, "total_investment": Decimal("0.1")},
        {"name": "乙", "town_id": one, "total_investment": BIG},
        {"name": "丙", "town_id": one, "total_investment": BIG},
        {"name": "丁", "town_id": one, "total_investment": State.NO_DATA},
        {"name": "戊", "total_investment": Decimal("-0.3")},
        {"name": "己", "town_id": State.NOT_APPLICABLE},
    )
    schema = register(desk.conn, "key_project")
    totals = group_totals(desk.conn, TableQuery(schema), "town_id")
    place = totals.heads.index("总投资（万元）")
    assert totals.heads[:2] == ["所属镇街", "行数"]
    shown: list[tuple[object, ...]] = [(line[0], line[1], line[place]) for line in totals.lines()]
    assert shown == [
        ("圣城街道", 3, 2 * BIG),
        ("文家街道", 1, Decimal("0.1")),
        ("不涉及", 1, None),
        ("未报", 1, Decimal("-0.3")),
        ("合计", 6, 2 * BIG - Decimal("0.2")),
    ]


def test_only_the_rows_that_are_found_count_and_choices_stand_in_their_order(desk: Desk, tmp_path: Path) -> None:
    desk.projects(
        "key_project",
        *({"name": name, "stage": stage} for name, stage in (("=甲", "已完成"), ("乙", "未启动"), ("=丙", "未启动"))),
    )
    schema = register(desk.conn, "key_project")
    totals = group_totals(desk.conn, TableQuery(schema, filters=(Filter.contains("name", "="),)), "stage")
    assert [line[:2] for line in totals.lines()] == [["未启动", 1], ["已完成", 1], ["合计", 2]]
    write_table(tmp_path / "a.xlsx", "按阶段", totals.heads, totals.lines())
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:2] == ["未启动", 1]
    write_table(tmp_path / "a.csv", "按阶段", ["=头", "数"], [["=组", Decimal("1.5")], ["+", None]])
    assert (tmp_path / "a.csv").read_text("utf-8-sig") == "'=头,数\n'=组,1.5\n'+,\n"


def test_rates_years_and_concentrations_are_not_summed(desk: Desk) -> None:
    summed = [
        field for name in ("emission_control", "key_project") for field in summed_fields(register(desk.conn, name))
    ]
    assert {field.unit for field in summed} & {"%", "个百分点", "毫克/立方米", ""} == set()
    assert "万元" in {field.unit for field in summed}
    grouped = {field.name for field in group_fields(register(desk.conn, "rural_heating"))}
    assert {"town_id", "stage", "technology", "plan_year"} <= grouped and "name" not in grouped
