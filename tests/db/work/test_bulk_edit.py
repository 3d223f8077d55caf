from __future__ import annotations

from datetime import date

import pytest

from db.core.errors import DataProblem
from db.core.values import State
from db.store import records
from db.work.bulk_edit import bulk_fields, carry_out, plan_bulk
from db.work.registers import register
from db.work.row_copies import copied_values
from tests.db.work.desk import Desk

TESTED = date(2022, 3, 1)


def test_many_rows_take_one_value_and_those_that_may_not_are_told(desk: Desk) -> None:
    schema = register(desk.conn, "nonroad_machinery")
    ids = desk.projects(
        "nonroad_machinery",
        {"name": "甲", "smoke_tested_on": TESTED},
        {"name": "乙", "smoke_tested_on": TESTED, "smoke_result": "合格"},
        {"name": "丙"},
    )
    plan = plan_bulk(desk.conn, schema, ids, "smoke_result", "合格")
    assert plan.sentence() == "更新1行，未变1行，拒绝1行。"
    assert [(line.title, line.before) for line in plan.changed] == [("甲", "未报")]
    assert [(line.title, line.refusal) for line in plan.refused] == [
        ("丙", "「检测结论」只在「尾气检测日期」已填写时填写。")
    ]
    with desk.county.operation("批量修改") as op:
        assert carry_out(op, schema, plan) == 1
    rows = records.get_many(desk.conn, schema, ids)
    assert [row.values["smoke_result"] for row in rows] == ["合格", "合格", None]
    desk.county.undo()
    assert [row.values["smoke_result"] for row in records.get_many(desk.conn, schema, ids)] == [None, "合格", None]


def test_a_reference_is_shown_by_its_name_and_a_required_name_takes_no_state(desk: Desk) -> None:
    schema = register(desk.conn, "key_project")
    ids = desk.projects("key_project", {"name": "甲", "town_id": desk.towns[1]}, {"name": "乙"})
    plan = plan_bulk(desk.conn, schema, ids, "town_id", desk.towns[0])
    assert (plan.after, [line.before for line in plan.lines]) == ("圣城街道", ["文家街道", "未报"])
    emptied = plan_bulk(desk.conn, schema, ids, "name", None)
    assert [line.refusal for line in emptied.lines] == ["「项目名称」没有填写。"] * 2
    with pytest.raises(DataProblem, match="没有可以修改"), desk.county.operation("批量修改") as op:
        carry_out(op, schema, emptied)
    assert plan_bulk(desk.conn, schema, ids, "stage", State.NO_DATA).after == "暂无数据"


def test_a_copy_leaves_out_what_must_be_its_own(desk: Desk) -> None:
    for name, kept, left_out in (
        ("nonroad_machinery", {"name", "machine_kind"}, {"machine_code"}),
        ("rural_heating", {"town_id", "plan_year"}, {"village"}),
        ("cleaner_production", {"name"}, {"enterprise_id", "listed_year"}),
    ):
        schema = register(desk.conn, name)
        row = records.get(desk.conn, schema, desk.project(name, name="甲"))
        assert row is not None
        copied = copied_values(schema, row)
        assert kept <= set(copied) and copied["name"] == "甲" and not left_out & set(copied)
        assert not {field.name for field in schema.fields if field.read_only} & set(copied)


def test_what_must_be_its_own_is_not_edited_in_many_rows(desk: Desk) -> None:
    schema = register(desk.conn, "two_high_project")
    assert not any(field.unique or field.read_only for field in bulk_fields(schema))
    assert len(bulk_fields(schema)) < len(schema.fields)
