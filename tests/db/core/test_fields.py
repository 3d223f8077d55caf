from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import resources
from db.core.errors import DataProblem
from db.core.fields import TableSchema, check_row, load_schema, row_problems, schema_from_json
from db.core.units import find_unit
from db.core.values import State

OWN = [name.removesuffix(".json") for folder in ("tables", "registers") for name in resources.names(folder)]
OWN.remove("shared_fields")
BOILERS: dict[str, Any] = {
    "name": "boilers",
    "title": "锅炉",
    "x-kind": "register",
    "x-edition": 2,
    "x-clauses": ["08-02"],
    "x-counts-towards": [{"target": "08-02-1", "how": "sum", "field": "amount"}],
    "x-initials-of": "name",
    "x-help": "说明",
    "fields": [
        {"name": "name", "title": "名称", "constraints": {"required": True, "maxLength": 40}, "x-group": "基本"},
        {
            "name": "amount",
            "title": "蒸发量",
            "type": "number",
            "constraints": {"required": True, "minimum": 0.1, "maximum": 35},
            "x-unit": "蒸吨",
        },
        {"name": "kind", "title": "燃料", "constraints": {"enum": ["煤", "气", "不涉及"]}, "x-default": "煤"},
        {"name": "done", "title": "已淘汰", "type": "boolean", "x-city": "kept"},
        {"name": "by", "title": "期限", "type": "date", "constraints": {"minimum": "2021-01-01"}},
        {"name": "count", "title": "台数", "type": "integer", "x-unit": "台"},
        {"name": "note", "title": "备注", "type": "string", "x-long": True, "x-personal": True},
    ],
}


def changed(**changes: Any) -> dict[str, Any]:
    return {**BOILERS, **{key.replace("_", "-"): value for key, value in changes.items()}}


def with_field(**keys: Any) -> dict[str, Any]:
    field = {key.replace("x_", "x-").replace("_", "-"): value for key, value in keys.items()}
    return changed(fields=[{"name": "one", "title": "一", **field}]) | {"x-initials-of": "", "x-counts-towards": []}


def test_a_definition_becomes_fields() -> None:
    schema = schema_from_json(BOILERS)
    assert (schema.table, schema.kind, schema.edition, schema.clauses) == (
        "register_boilers",
        "register",
        2,
        ("08-02",),
    )
    assert schema.counts_towards == ({"target": "08-02-1", "how": "sum", "field": "amount"},)
    assert schema.groups == ("基本", "")
    assert schema.names == ("name", "amount", "kind", "done", "by", "count", "note")
    amount = schema.field("amount")
    assert (amount.minimum, amount.maximum, amount.unit, amount.decimals) == (Decimal("0.1"), Decimal(35), "蒸吨", 2)
    assert schema.field("kind").enum == ("煤", "气")
    assert schema.field("kind").default == "煤"
    assert schema.field("by").minimum == date(2021, 1, 1)
    assert schema.field("count").decimals == 0
    assert (schema.field("note").type, schema.field("note").max_length) == ("text", 4000)
    assert schema.field("note").personal
    assert "by" in schema
    assert "id" not in schema
    with pytest.raises(KeyError):
        schema.field("id")
    assert hash(schema) == hash(schema_from_json(BOILERS))
    assert schema == schema_from_json(BOILERS)


def test_the_descriptor_is_a_plain_table_schema() -> None:
    described = schema_from_json(BOILERS).descriptor()
    assert described["missingValues"] == ["", "不涉及", "暂无数据"]
    fields = {field["name"]: field for field in described["fields"]}
    assert fields["name"]["constraints"] == {"required": True, "maxLength": 40}
    assert fields["amount"]["constraints"] == {"minimum": 0.1, "maximum": 35}
    assert fields["amount"]["x-required"] is True
    assert fields["kind"]["constraints"] == {"enum": ["煤", "气"]}
    assert (fields["done"]["trueValues"], fields["done"]["falseValues"]) == (["是"], ["否"])
    assert fields["done"]["x-city"] == "kept"
    assert fields["note"]["type"] == "string"
    assert BOILERS["fields"][1]["constraints"]["required"], "the definition itself is untouched"


def test_a_definition_survives_its_own_descriptor() -> None:
    schema = schema_from_json(BOILERS)
    again = schema_from_json(schema.raw)
    assert again == schema


def test_fragments_are_merged_where_they_stand() -> None:
    common = [entry["name"] for entry in resources.load_json("tables/project_common.json")["fields"]]
    middle = schema_from_json(
        {
            **changed(
                fields=[
                    {"name": "before", "title": "前"},
                    {"x-include": "project_common"},
                    {"name": "behind", "title": "后"},
                ]
            ),
            "x-include": ["project_common"],
            "x-initials-of": "before",
            "x-counts-towards": [],
        }
    )
    assert list(middle.names) == ["before", *common, "behind"]
    assert [entry["name"] for entry in middle.descriptor()["fields"]] == list(middle.names)
    end = schema_from_json({**with_field(), "x-include": ["project_common"]})
    assert list(end.names) == ["one", *common]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ([], "JSON对象"),
        ({}, "缺少 name"),
        (changed(title=""), "缺少 title"),
        (changed(fields={}), "缺少 fields"),
        (changed(fields="x"), "fields 的值不对"),
        (changed(name="a-b"), "小写英文字母"),
        (changed(name="a;drop table"), "小写英文字母"),
        (changed(x_table="A"), "小写英文字母"),
        (changed(x_kind="list"), "x-kind"),
        (changed(x_edition="2"), "x-edition"),
        (changed(x_edition=True), "x-edition"),
        (changed(x_initials_of="nothing"), "x-initials-of"),
        (changed(x_key=["nothing"]), "x-key 指向不存在的字段 nothing"),
        (changed(x_kind="register", x_table="town"), "x-table 应以 register_ 开头"),
        (changed(x_kind="register", x_table="register_definition"), "register_definition 另有用途"),
        (changed(name="definition", x_kind="register", x_table="register_definition"), "另有用途"),
        (changed(x_counts_towards=["08-06-1"]), "x-counts-towards"),
        (changed(x_counts_towards=[{"how": "count"}]), "缺少 target"),
        (
            changed(x_counts_towards=[{"target": "08-06-1", "how": "average"}]),
            "how 应为 sum、count、completion、open、rate、reduction 之一",
        ),
        (changed(x_counts_towards=[{"target": "08-06-1", "how": "sum", "field": "no"}]), "不存在的字段 no"),
        (changed(x_counts_towards=[{"target": "08-06-1", "how": "sum"}]), "缺少 field"),
        (changed(x_counts_towards=[{"target": "08-06-1", "how": "count", "year": ["by"]}]), "不存在的字段"),
        (changed(x_counts_towards=[{"target": "08-06-1", "how": "count", "of": {"no": [1]}}]), "没有字段 no"),
        (with_field(type="number", **{"x-ref": "town"}), "x-ref 只用于单行文字"),
        (changed(fields=["x"]), "JSON对象"),
        (changed(fields=[{"x-include": "no_such"}]), "no_such 不存在"),
        (changed(fields=[{"x-include": "../units"}]), "x-include"),
        (changed(fields=[{"x-include": 3}]), "x-include"),
        (changed(fields=[{"name": "name", "title": "甲"}, {"name": "name", "title": "乙"}]), "字段名重复：name"),
        (with_field(name="id"), "每张表自带"),
        (with_field(name="Name"), "小写英文字母"),
        (with_field(type="any"), "type 应为"),
        (with_field(type="text"), "type 应为"),
        (with_field(constraints=[]), "constraints 的值不对"),
        (with_field(constraints={"required": "yes"}), "required 的值不对"),
        (with_field(constraints={"enum": [1]}), "enum"),
        (with_field(constraints={"enum": ["a", "ａ"]}), "不能重复"),
        (with_field(constraints={"enum": [" a"]}), "空格"),
        (with_field(type="number", constraints={"enum": ["a"]}), "单行文字"),
        (with_field(constraints={"pattern": "("}), "正则表达式"),
        (with_field(constraints={"minimum": "a"}), "只用于数和日期"),
        (with_field(type="number", constraints={"minimum": "a"}), "不是一个数"),
        (with_field(type="boolean", constraints={"maximum": True}), "只用于数和日期"),
        (with_field(type="number", x_decimals=7), "x-decimals"),
        (with_field(type="date", x_default="12-15"), "没有年份"),
        (with_field(x_relevant="two = 1"), "x-relevant有误，没有字段 two"),
        (with_field(x_relevant="one ="), "x-relevant 有误，条件“one =”第6个字：条件没有写完"),
        (with_field(x_constraint="one > 1"), "x-constraint有误，“>”两边不是同一类内容"),
        (with_field(x_constraint="1 + 1"), "x-constraint有误，这里应是一个条件"),
        (with_field(x_computed="1 + 1"), "x-computed 只用于数"),
        (with_field(type="number", x_computed="one + 1"), "另一个由程序计算的字段 one"),
        (with_field(type="number", x_computed="one = 1"), "x-computed有误，这里应是一个数"),
        (with_field(x_choices="no_such"), "选项 no_such 不存在"),
        (with_field(x_done=["完成"]), "x-done"),
        (changed(fields=[{"x-use": "no_such"}]), "no_such 不存在"),
        (changed(fields=[{"x-use": ["name"]}]), "不存在"),
        (with_field(x_ref="village"), "x-ref"),
        (with_field(x_check="id"), "x-check"),
    ],
)
def test_faulty_definitions_are_named(raw: Any, words: str) -> None:
    with pytest.raises(DataProblem, match=words) as caught:
        schema_from_json(raw)
    assert caught.value.advice


@pytest.mark.parametrize("name", OWN)
def test_every_definition_of_ours_is_sound(name: str) -> None:
    schema = load_schema(name)
    assert schema.name == name
    assert schema is load_schema(name)
    for field in schema.fields:
        assert field.title
        assert not field.unit or find_unit(field.unit), field.unit
    assert schema_from_json(schema.raw) == schema
    assert set(schema.descriptor()) >= {"fields", "missingValues", "name", "title"}


def test_an_unknown_definition_is_missing() -> None:
    with pytest.raises(FileNotFoundError, match="缺少表 nothing"):
        load_schema("nothing")


def test_a_row_is_checked_field_by_field() -> None:
    schema: TableSchema = schema_from_json(BOILERS)
    assert check_row(schema, {"name": "一号", "amount": Decimal(10), "kind": "煤", "done": True}) == []
    assert check_row(schema, {"name": "一号", "amount": State.NO_DATA}) == []
    found = row_problems(schema, {"name": State.NOT_APPLICABLE, "amount": None, "kind": "油", "by": date(2020, 1, 1)})
    assert {name: problem.code for name, problem in found.items()} == {
        "name": "required",
        "amount": "required",
        "kind": "enum",
        "by": "minimum",
    }
    assert found["name"].sentence() == "「名称」不能填“不涉及”。请填写具体内容。"
    assert found["amount"].sentence() == "「蒸发量」没有填写。请填写。"
    assert [problem.code for problem in check_row(schema, {})] == ["required", "required"]


CONDITIONAL = with_field(x_relevant="late = true", constraints={"required": True}) | {
    "fields": [
        {"name": "late", "title": "是否延期", "type": "boolean"},
        {
            "name": "until",
            "title": "延期至",
            "type": "date",
            "constraints": {"required": True},
            "x-relevant": "late = true",
            "x-constraint": ". > due",
        },
        {"name": "due", "title": "期限", "type": "date"},
        {
            "name": "done",
            "title": "完成户数",
            "type": "integer",
            "x-constraint": ". <= planned",
            "x-constraint-message": "比计划还多。",
        },
        {"name": "planned", "title": "计划户数", "type": "integer"},
        {"name": "rest", "title": "剩余户数", "type": "integer", "x-computed": "planned - done"},
    ]
}


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({}, []),
        ({"late": False}, []),
        ({"late": True}, ["「延期至」没有填写。请填写。"]),
        (
            {"late": False, "until": date(2022, 1, 1)},
            ["「延期至」只在「是否延期」是“是”时填写。请清空，或改正前面的内容。"],
        ),
        (
            {"late": True, "until": date(2022, 1, 1), "due": date(2022, 1, 1)},
            ["「延期至」填的是2022-01-01，应符合：「延期至」晚于「期限」。请核对。"],
        ),
        ({"late": True, "until": date(2022, 1, 2), "due": date(2022, 1, 1)}, []),
        ({"late": True, "until": date(2022, 1, 2)}, []),
        ({"done": Decimal(5), "planned": Decimal(4)}, ["「完成户数」填的是5，比计划还多。请核对。"]),
        ({"done": Decimal(5), "planned": State.NO_DATA}, []),
    ],
)
def test_a_field_may_depend_on_the_others(values: dict[str, Any], sentences: list[str]) -> None:
    schema = schema_from_json(CONDITIONAL)
    assert [problem.sentence() for problem in check_row(schema, values)] == sentences
    assert schema_from_json(schema.descriptor() | {"missingValues": []}).names == schema.names


def test_a_computed_field_is_nobodys_to_type() -> None:
    schema = schema_from_json(CONDITIONAL)
    assert schema.field("rest").read_only
    assert not schema.field("done").read_only
