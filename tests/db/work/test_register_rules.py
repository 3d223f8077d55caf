"""The registers that ship, held against our own rules for them and against the plan."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

import resources
from db.core.expressions import names
from db.core.fields import Field, TableSchema, load_schema, schema_from_json
from db.core.schema_checks import (
    COMPLETION,
    CONDITION_KEYS,
    FIELD_KEYS,
    HOWS,
    OPEN,
    RATE,
    REDUCTION,
    SUM,
    belongs,
    condition,
)
from db.core.schema_parts import shared_choices
from db.core.units import convertible
from db.plan.catalogue import Target, load_catalogue
from db.plan.vocabulary import Allocation, Measure, Nature
from db.work import registers
from db.work.tasks import unit_of

ROOT = Path(__file__).resolve().parent.parent.parent.parent
REGISTERS = registers.shipped()
PLAN = load_catalogue()
OWN = {schema.name: resources.load_json(f"registers/{schema.name}.json") for schema in REGISTERS}
FRAGMENTS = {
    name: resources.load_json(f"tables/{name}.json")["fields"] for name in ("project_common", "project_progress")
}
SHARED = {entry["name"]: entry for entry in resources.load_json("tables/shared_fields.json")["fields"]}
EACH = pytest.mark.parametrize("schema", REGISTERS, ids=lambda schema: schema.name)

CALLED_FOR = {
    "03-01": "淘汰任务",
    "03-02": "装备和生产线退出",
    "03-03": "“散乱污”企业",
    "03-04": "装备筛查",
    "04-01": "替代来源",
    "04-02": "“两高”项目清单",
    "04-03": "严禁事项",
    "05-04": "清洁生产审核名单、生态园区",
    "05-05": "限制类装备",
    "05-06": "改造企业、示范项目",
    "05-07": "化工企业",
    "05-08": "重污染企业摸底和计划",
    "06-01": "重点项目、集群",
    "06-02": "氢能等项目",
    "06-03": "环保产业园、企业",
    "08-01": "关停机组",
    "08-02": "淘汰锅炉",
    "08-03": "工业炉窑",
    "08-04": "年度计划的热源",
    "08-05": "热源和管网",
    "08-06": "改造村户",
    "08-07": "查处对象",
    "09-02": "公共机构",
    "09-04": "重点用能单位",
    "10-01": "电源和管网项目",
    "11-01": "150万吨以上企业",
    "11-02": "单项工程",
    "11-03": "单项工程",
    "12-01": "淘汰车辆",
    "12-02": "货运大户",
    "12-04": "严禁事项",
    "12-05": "淘汰农机",
    "12-06": "机械底数",
    "12-07": "编码登记",
    "12-09": "执法对象",
    "12-10": "车队",
    "12-11": "财政购车",
    "12-12": "行业车队",
    "12-13": "出租车队",
    "12-14": "充电场站",
    "14-01": "分镇街用量",
    "15-01": "定点门店、分镇街用量",
    "15-02": "分镇街回收量",
    "16-01": "养殖场和镇街",
    "16-02": "废弃矿山",
    "17-01": "工地和两个清单",
    "18-01": "项目清单",
}
"""The clauses that call for a list of named things, and of what."""


def test_every_clause_that_calls_for_a_list_has_its_register() -> None:
    listed = registers.by_clause(REGISTERS)
    assert set(CALLED_FOR) - set(listed) == set()
    assert [schema.name for schema in listed["12-05"]] == ["farm_machinery"]
    assert list(listed) == sorted(listed)


def test_every_quantity_and_list_that_a_county_is_given_is_counted_or_known_not_to_be() -> None:
    counted = {mapping["target"] for schema in REGISTERS for mapping in schema.counts_towards}
    assigned = {
        target.id
        for target in PLAN.targets
        if target.nature is Nature.TARGET and target.allocation is not Allocation.CITY_ONLY
    }
    # Statistics of the whole county, which no list of things adds up to, and papers that exist or do not.
    statistics = {"03-02-3", "07-01-1", "07-01-2", "07-01-3", "07-01-4", "08-01-4", "08-06-2", "08-06-3"}
    statistics |= {"09-01-1", "09-01-2", "04-02-2", "12-03-1"}
    papers = {"03-04-1", "12-02-1", "12-06-1", "12-06-2", "16-02-3", "18-01-1", "18-01-2", "18-01-3"}
    assert assigned - counted - statistics - papers == set()
    assert counted & (statistics | papers) == set()


@EACH
def test_a_register_belongs_to_clauses_and_says_what_a_row_is(schema: TableSchema) -> None:
    assert schema.clauses
    assert "一行" in schema.help
    assert any(clause in schema.help for clause in schema.clauses) or "至" in schema.help
    parts = {PLAN.clause(clause).part for clause in schema.clauses}
    assert schema.general or len(parts) == 1
    assert schema.name == schema.table.removeprefix("register_")
    assert re.fullmatch("[a-z_]+", schema.name)


@EACH
def test_a_register_says_what_tells_its_rows_apart(schema: TableSchema) -> None:
    assert schema.key
    fields = [schema.field(name) for name in schema.key]
    assert not any(field.type in ("text", "number", "boolean") or field.computed for field in fields)
    # What tells rows apart by the year is said to be one row a year, and the other way round.
    assert any(field.type == "year" for field in fields) == bool(re.search("一年|年度一|一轮", schema.help))


@EACH
def test_counts_can_be_counted(schema: TableSchema) -> None:
    for mapping in schema.counts_towards:
        assert set(mapping) <= {"target", "how", *FIELD_KEYS, *CONDITION_KEYS}
        target = PLAN.task(mapping["target"])
        assert isinstance(target, Target)
        assert not isinstance(mapping.get("of", ""), dict), "new definitions are written as conditions"
        assert belongs(mapping) is None or isinstance(condition(mapping.get("where", "")), object)
        if "year" in mapping:
            assert schema.field(mapping["year"]).type in ("year", "date")
        _check_units(schema, mapping, target)


def _check_units(schema: TableSchema, mapping: dict[str, Any], target: Target) -> None:
    def unit(key: str) -> str:
        return schema.field(mapping[key]).unit

    match mapping["how"]:
        case "sum":
            assert convertible(unit("field"), unit_of(target))
            assert (target.measure is Measure.CUMULATIVE) or "year" in mapping or target.measure is Measure.STOCK
        case "rate":
            assert target.measure is Measure.RATE
            if "denominator" in mapping:
                assert unit("denominator") == (unit("numerator") if "numerator" in mapping else unit("denominator"))
        case "reduction":
            assert target.measure is Measure.RATE
            assert unit("field") == unit("base")
            assert ("per" in mapping) == ("base_per" in mapping)
            assert "per" not in mapping or unit("per") == unit("base_per")
        case "completion" | "open":
            assert target.measure is Measure.STAGE
        case how:
            assert how == "count"
            assert unit_of(target)


def test_every_way_to_count_is_in_use() -> None:
    used = {mapping["how"] for schema in REGISTERS for mapping in schema.counts_towards}
    assert used == {SUM, "count", COMPLETION, OPEN, RATE, REDUCTION} == set(HOWS)


# -- one definition for each thing ---------------------------------------------------------------------------------


def test_no_field_is_defined_twice() -> None:
    places = defaultdict(list)
    for name, raw in OWN.items():
        for entry in raw["fields"]:
            if "name" in entry:
                places[entry["name"]].append(name)
    for fragment, entries in {**FRAGMENTS, "shared_fields": list(SHARED.values())}.items():
        for entry in entries:
            places[entry["name"]].append(fragment)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_what_is_shared_is_shared() -> None:
    used: dict[str, set[str]] = defaultdict(set)
    for name, raw in OWN.items():
        for entry in raw["fields"]:
            if "x-use" in entry:
                used[entry["x-use"]].add(name)
    assert {name: found for name, found in used.items() if len(found) < 2} == {}
    assert set(used) == set(SHARED)


def test_the_same_words_mean_the_same_field_everywhere() -> None:
    named: dict[str, set[str]] = defaultdict(set)
    meant: dict[str, set[tuple[str, str, str, tuple[str, ...]]]] = defaultdict(set)
    for schema in REGISTERS:
        for field in schema.fields:
            named[field.title].add(field.name)
            meant[field.name].add((field.title, field.type, field.unit, field.enum))
    assert {title: found for title, found in named.items() if len(found) > 1} == {}
    assert {name: found for name, found in meant.items() if len(found) > 1} == {}


def test_a_list_of_choices_is_written_once() -> None:
    lists = [tuple(choices) for choices in shared_choices().values()]
    written = [
        tuple(entry["constraints"]["enum"])
        for raw in [*(raw["fields"] for raw in OWN.values()), *FRAGMENTS.values(), list(SHARED.values())]
        for entry in raw
        if "enum" in entry.get("constraints", {})
    ]
    every = [frozenset(choices) for choices in (*lists, *written)]
    assert [sorted(choices) for choices in every if every.count(choices) > 1] == []
    chosen = {
        entry.get("x-choices")
        for raw in [*(raw["fields"] for raw in OWN.values()), *FRAGMENTS.values(), list(SHARED.values())]
        for entry in raw
    }
    assert chosen - {None} == set(shared_choices())


def test_the_prohibitions_to_be_kept_are_those_of_the_plan() -> None:
    plan = [target.id for target in PLAN.targets if target.nature is Nature.PROHIBITION]
    told = [choice.partition(" ") for choice in shared_choices()["red_line"]]
    assert [target_id for target_id, _, _ in told] == plan
    assert all(words.startswith("严禁") for _, _, words in told)


# -- the fields ------------------------------------------------------------------------------------------------------


def own_fields(schema: TableSchema) -> list[Field]:
    common = {entry["name"] for entries in FRAGMENTS.values() for entry in entries}
    return [field for field in schema.fields if field.name not in common]


@EACH
def test_fields_stand_in_groups_that_are_not_torn_apart(schema: TableSchema) -> None:
    order = [field.group for field in schema.fields]
    assert all(order)
    runs = [group for place, group in enumerate(order) if place == 0 or order[place - 1] != group]
    assert len(runs) == len(set(runs)), runs


@EACH
def test_titles_are_short_and_helps_are_sentences(schema: TableSchema) -> None:
    for field in schema.fields:
        assert len(field.title) <= 14, field.title
        assert not field.help or field.help.endswith(("。", "；", "”", "？")), (field.name, field.help)
        assert not re.search(r"[a-z]_[a-z]", field.help)
        if field.type == "number" and field.computed is None:
            assert field.unit or field.name in UNITLESS, field.name
    assert sum(bool(field.help) for field in own_fields(schema)) >= 3


UNITLESS = {"capacity", "longitude", "latitude", "pressure", "capacity_replaced", "capacity_new"}


@EACH
def test_a_condition_looks_at_fields_that_come_first(schema: TableSchema) -> None:
    place = {name: number for number, name in enumerate(schema.names)}
    for field in schema.fields:
        for node in (field.relevant, field.constraint, field.computed):
            asked = names(node) if node is not None else ()
            assert all(place[name] <= place[field.name] for name in asked), field.name


@EACH
def test_few_fields_are_required(schema: TableSchema) -> None:
    required = [field.name for field in schema.fields if field.required]
    assert {"name", "town_id"} <= set(required)
    assert len(required) <= 9, required


def test_no_field_of_a_register_is_named_in_the_code() -> None:
    """Only the registers know their own fields; the demo, which fills some in, is the exception."""
    mine = {field.name for schema in REGISTERS for field in own_fields(schema)}
    tables = {name[:-5] for name in resources.names("tables")} - set(FRAGMENTS) - {"shared_fields"}
    mine -= {field.name for table in tables for field in load_schema(table).fields}
    words = {name for name in mine if "_" in name}
    found = defaultdict(set)
    for folder in ("db", "desktop"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            if file.name.startswith("demo"):
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in words:
                    found[file.name].add(node.value)
    assert found == {}


@EACH
def test_the_definition_explains_itself_when_it_travels(schema: TableSchema) -> None:
    described = schema.descriptor()
    described.pop("missingValues")
    again = schema_from_json({**described, "fields": [dict(entry) for entry in described["fields"]]})
    assert again.names == schema.names
    assert [field.enum for field in again.fields] == [field.enum for field in schema.fields]
    assert [field.relevant for field in again.fields] == [field.relevant for field in schema.fields]
    assert not any("x-use" in entry or "x-include" in entry for entry in described["fields"])
