"""The tables and registers that ship with the program, against the file's columns, the plan and the units."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

import resources
from db.core.fields import TableSchema, load_schema
from db.core.schema_file import SYSTEM_COLUMNS
from db.core.units import find_unit
from db.plan.catalogue import Target, load_catalogue
from db.work import registers
from tests.db.work.desk import Desk

CITED = re.compile(r"(?<![0-9-])[0-9]{2}-[0-9]{2}(?:-[0-9]{1,2})?(?![0-9-])")
FRAGMENTS = ("project_common", "project_progress", "shared_fields")
TABLES = [name[:-5] for name in resources.names("tables") if name[:-5] not in FRAGMENTS]
SCHEMAS = [*map(load_schema, TABLES), *registers.shipped()]
REGISTERS = registers.shipped()
COMMON = {
    *("项目名称", "所属镇街", "责任企业", "地点", "建设内容及规模"),
    *("总投资", "年度计划投资", "累计完成投资", "资金来源"),
    *("开工日期", "计划完成日期", "实际完成日期", "阶段"),
    *("县级责任单位", "责任人", "联系电话", "存在问题", "下步措施", "备注"),
}


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_every_field_is_a_column_and_every_column_a_field(desk: Desk, schema: TableSchema) -> None:
    columns = {row[1]: row[2] for row in desk.conn.execute(f"PRAGMA table_xinfo({schema.table})")}
    assert set(schema.names) == set(columns) - SYSTEM_COLUMNS
    for field in schema.fields:
        assert columns[field.name] == ("INTEGER" if field.is_number or field.type == "boolean" else "TEXT")
    assert ("initials" in columns) == (schema.initials_of != "")


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_the_plan_knows_every_clause_and_target_that_is_named(schema: TableSchema) -> None:
    plan = load_catalogue()
    for clause_id in schema.clauses:
        plan.clause(clause_id)
    for mapping in schema.counts_towards:
        assert isinstance(plan.task(mapping["target"]), Target)
        assert plan.target(mapping["target"]).clause in schema.clauses
    helps = [schema.help, *(field.help for field in schema.fields)]
    cited = [task_id for text in helps for task_id in CITED.findall(text)]
    assert [task_id for task_id in cited if not plan.task(task_id)] == []


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_units_are_known_and_amounts_cannot_be_negative(schema: TableSchema) -> None:
    for field in schema.fields:
        assert not field.unit or find_unit(field.unit)
        if field.type in ("number", "integer") and field.computed is None:
            assert isinstance(field.minimum, Decimal)
            assert field.minimum >= 0


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_titles_are_unique_and_columns_have_widths(schema: TableSchema) -> None:
    titles = [field.title for field in schema.fields]
    assert len(set(titles)) == len(titles)
    assert all(field.width >= 6 for field in schema.fields)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_names_and_numbers_of_people_are_marked_as_personal(schema: TableSchema) -> None:
    unmarked = [f.title for f in schema.fields if f.title in ("联系人", "责任人", "联系电话") and not f.personal]
    assert unmarked == []


@pytest.mark.parametrize("schema", REGISTERS, ids=lambda schema: schema.name)
def test_a_register_has_all_common_fields_and_its_own_beside_them(schema: TableSchema) -> None:
    titles = {field.title for field in schema.fields}
    assert titles >= COMMON
    assert len(titles - COMMON) >= 10
    assert all(field.group for field in schema.fields)
    assert schema.kind == "register"
    assert schema.initials_of == "name"
