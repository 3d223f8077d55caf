from __future__ import annotations

from decimal import Decimal

import pytest

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.values import State
from db.store import records
from db.work.duplicates import pairs
from db.work.evidence import evidence
from db.work.merging import merge, merge_choices, merge_label
from db.work.recycle import bin_rows
from db.work.registers import register
from db.work.row_changes import row_changes
from tests.db.work.desk import Desk

REGISTER = "two_high_project"


def prove(desk: Desk, row_id: str, *hashes: str) -> None:
    with desk.county.operation("附件") as op:
        for letter in hashes:
            values = {"table_name": f"register_{REGISTER}", "row_id": row_id, "sha256": letter * 64, "name": letter}
            records.insert(op, load_schema("attachment"), {**values, "size": Decimal(1)})


def test_pairs_share_a_key_or_nearly_a_name(desk: Desk) -> None:
    one, other = desk.enterprise("甲公司"), desk.enterprise("乙公司")
    town = desk.towns[0]
    ids = desk.projects(
        REGISTER,
        {"name": "年产十万吨甲醇项目", "enterprise_id": one, "town_id": town},
        {"name": "年产十万吨甲醇项目", "enterprise_id": one, "town_id": desk.towns[1]},
        {"name": "年产十万吨 甲醇的项目", "enterprise_id": one, "town_id": town},
        {"name": "年产十万吨甲醇项目", "enterprise_id": other, "town_id": town},
        {"name": "1号炉改造", "enterprise_id": other, "town_id": town},
        {"name": "2号炉改造", "enterprise_id": other, "town_id": town},
    )
    found = [(pair.first, pair.second, pair.why) for pair in pairs(desk.conn, register(desk.conn, REGISTER))]
    assert found == [(ids[0], ids[1], "项目名称、责任企业相同"), (ids[0], ids[2], "名称相近")]
    assert pairs(desk.conn, register(desk.conn, "coal_boiler")) == []


def test_two_rows_become_one_and_part_again(desk: Desk) -> None:
    schema = register(desk.conn, REGISTER)
    kept, other = desk.projects(
        REGISTER,
        {"name": "甲", "town_id": desk.towns[0], "location": "南环路"},
        {"name": "甲项目", "town_id": desk.towns[0], "location": State.NO_DATA, "content": "扩建"},
    )
    prove(desk, kept, "a")
    prove(desk, other, "a", "b")
    choices = {each.field.name: each for each in merge_choices(desk.conn, schema, kept, other)}
    assert set(choices) == {"name", "location", "content"}
    assert (choices["location"].kept, choices["location"].other) == ("南环路", "暂无数据")
    assert [name for name, each in choices.items() if each.take_other] == ["content"]
    with desk.county.operation(merge_label(schema, "甲", "甲项目")) as op:
        assert merge(op, schema, kept, other, ["content", "name"]) == 1
    row = records.get(desk.conn, schema, kept)
    assert row is not None and (row.values["name"], row.values["content"]) == ("甲项目", "扩建")
    assert row.values["location"] == "南环路"
    assert [item.name for item in evidence(desk.conn, schema.table, kept)] == ["a", "b"]
    gone = bin_rows(desk.conn, schema.table)
    assert [(each.id, each.label) for each in gone] == [(other, f"合并「{schema.title}」：“甲项目”并入“甲”")]
    assert any(change.title == "" and change.after == "删除" for change in row_changes(desk.conn, schema, other))
    assert {change.title for change in row_changes(desk.conn, schema, kept)} >= {"建设内容及规模", "项目名称"}
    desk.county.undo()
    assert len(merge_choices(desk.conn, schema, kept, other)) == 3
    assert [item.name for item in evidence(desk.conn, schema.table, other)] == ["a", "b"]


def test_a_row_that_is_gone_is_not_merged(desk: Desk) -> None:
    schema = register(desk.conn, REGISTER)
    kept, other = desk.projects(REGISTER, {"name": "甲"}, {"name": "乙"})
    with desk.county.operation("删除") as op:
        records.delete(op, schema, [other])
    for pair in ((kept, other), (kept, kept), (kept, "nothing")):
        with pytest.raises(DataProblem, match="已经删除"):
            merge_choices(desk.conn, schema, *pair)
