from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.values import Cell
from db.exchange.register_file import load_register, read_register
from db.exchange.register_template import write_template
from db.exchange.register_words import COLUMNS, TYPES
from db.plan.catalogue import load_catalogue
from db.store import records
from db.work.target_figures import target_figures
from tests.db.county_folders import county_in

SETTINGS: list[list[Any]] = [
    ["name", "title", "edition", "clauses", "help"],
    ["straw", "秸秆综合利用", 2, "16-01、19-02", "一个村一行。"],
]
CHOICES: list[list[Any]] = [["list_name", "label"], ["方式", "还田"], ["方式", "饲料"]]
FIELDS: list[list[Any]] = [
    [
        "name",
        "label",
        "type",
        "required",
        "relevant",
        "constraint",
        "constraint_message",
        "unit",
        "calculation",
        "help",
    ],
    ["way", "利用方式", "select_one 方式", "是"],
    ["made", "产生量", "decimal", "", "", "", "", "吨"],
    ["used", "利用量", "decimal", "", "", ". <= made", "多于产生量。", "吨"],
    ["rest", "剩余量", "decimal", "", "", "", "", "吨", "made - used"],
    ["buyer", "收购企业", "text", "", "selected(${way}, '饲料')", "", "", "", "", "饲料化的填写。"],
]


def book(path: Path, **sheets: list[list[Any]]) -> Path:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in {"survey": FIELDS, "choices": CHOICES, "settings": SETTINGS, **sheets}.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def places(path: Path) -> dict[str, str]:
    draft = read_register(path)
    assert draft.schema is None
    return {problem.place: problem.message for problem in draft.problems}


def test_a_sheet_in_the_manner_of_xlsform_becomes_a_register(tmp_path: Path) -> None:
    draft = read_register(book(tmp_path / "a.xlsx"))
    assert (draft.problems, draft.notes) == ([], [])
    schema = draft.schema
    assert schema is not None
    assert (schema.name, schema.title, schema.edition, schema.clauses) == (
        "straw",
        "秸秆综合利用",
        2,
        ("16-01", "19-02"),
    )
    assert (schema.table, schema.initials_of) == ("register_straw", "name")
    assert {"town_id", "stage"} < set(schema.names)
    assert schema.field("way").enum == ("还田", "饲料")
    assert schema.field("way").required
    made = schema.field("made")
    assert (made.unit, made.decimals, made.minimum) == ("吨", 3, Decimal(0))
    assert schema.field("rest").read_only
    assert schema.field("buyer").help == "饲料化的填写。"


def test_every_fault_is_told_with_its_cell(tmp_path: Path) -> None:
    faulty = [
        FIELDS[0],
        ["way", "利用方式", "select_one 没有的"],
        ["Made", "产生量", "decimal"],
        ["used", "", "decimal"],
        ["used", "利用量", "number"],
        ["rest", "剩余量", "decimal", "", "", "", "", "", "made -"],
        ["buyer", "收购企业", "text", "", "nothing = 1"],
        ["buyer", "收购企业", "text"],
        ["town_id", "镇街", "text"],
        ["amount", "数量", "text", "", "", ". > 1"],
    ]
    found = places(book(tmp_path / "a.xlsx", survey=faulty, settings=[SETTINGS[0], ["straw", "", "第二版"]]))
    assert found == {
        "设置!B2": "没有填写“标题”。",
        "设置!C2": "版次“第二版”不是正整数。",
        "字段!C2": "没有选项组“没有的”。",
        "字段!A3": "字段“产生量”：name 只能用小写英文字母、数字和下划线，现在是“Made”。",
        "字段!B4": "没有填写“标题”。",
        "字段!C5": found["字段!C5"],
        "字段!I6": "条件“made -”第7个字：条件没有写完。",
        "字段!E7": "没有字段 nothing。",
        "字段!A8": "字段名 buyer 重复。",
        "字段!A9": "字段名 town_id 重复。",
        "字段!F10": "“>”两边不是同一类内容。",
    }
    assert "类型“number”不认得" in found["字段!C5"]


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ({"survey": [FIELDS[0]]}, "没有一个字段"),
        ({"survey": []}, "没有工作表“字段”"),
        ({"settings": []}, "没有工作表“设置”"),
        ({"choices": [*CHOICES, ["方式", "还田"]]}, "选项“还田”重复"),
        ({"choices": [*CHOICES, ["", "还田"]]}, "都要填写"),
    ],
)
def test_a_missing_part_is_named(sheets: dict[str, list[list[Any]]], words: str, tmp_path: Path) -> None:
    draft = read_register(book(tmp_path / "a.xlsx", **sheets))
    assert any(words in problem.message for problem in draft.problems), draft.problems
    assert draft.schema is None


def test_what_is_not_known_is_left_out_and_said(tmp_path: Path) -> None:
    fields = [[*FIELDS[0], "appearance"], *FIELDS[1:]]
    draft = read_register(book(tmp_path / "a.xlsx", survey=fields))
    assert draft.schema is not None
    assert draft.notes == ["工作表“字段”的列“appearance”不认得，没有采用。"]


def test_groups_choices_in_the_cell_and_a_register_without_the_common_fields(tmp_path: Path) -> None:
    fields = [
        ["字段名", "标题", "类型", "选项"],
        ["", "第一组", "begin group"],
        ["title", "名称", "文字"],
        ["", "", "end group"],
        ["kind", "类别", "单选", "甲、乙"],
    ]
    settings = [["清单名", "标题", "含公共字段"], ["plain", "简表", "否"]]
    draft = read_register(book(tmp_path / "a.xlsx", survey=fields, settings=settings))
    assert draft.schema is not None, draft.problems
    assert draft.schema.names == ("title", "kind")
    assert draft.schema.groups == ("第一组", "登记内容")
    assert draft.schema.initials_of == "title"


def test_the_template_is_itself_a_register(tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    write_template(path)
    draft = read_register(path)
    assert (draft.problems, draft.notes) == ([], [])
    assert draft.schema is not None
    assert draft.schema.key == ("name", "town_id")
    told = load_workbook(path)
    assert told.sheetnames == ["字段", "选项", "计入目标", "设置", "填写说明"]
    assert [cell.value for cell in told["字段"][1]] == [f"{title} {key}" for key, title in COLUMNS.items()]
    how = "".join(str(row[0].value) for row in told["填写说明"].iter_rows())
    assert all(f"{title}（{key}）" in how for key, (title, _) in TYPES.items())


def test_json_from_outside_is_kept_to_its_own_table(tmp_path: Path) -> None:
    path = tmp_path / "city.json"
    raw = {
        "name": "straw",
        "title": "秸秆",
        "x-table": "register_coal_boiler",
        "x-kind": "directory",
        "fields": [{"name": "code", "title": "编号", "constraints": {"pattern": "(a+)+$", "maxLength": 9}}],
    }
    path.write_text(json.dumps(raw), encoding="utf-8")
    draft = read_register(path)
    assert draft.schema is not None
    assert (draft.schema.table, draft.schema.kind, draft.schema.field("code").pattern) == (
        "register_straw",
        "register",
        "",
    )
    assert draft.notes == ["字段“编号”的格式要求（pattern）没有采用。"]
    path.write_text(json.dumps(load_schema("coal_boiler").raw), encoding="utf-8")
    again = read_register(path).schema
    assert again is not None and again.names == load_schema("coal_boiler").names


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", b"{", "不是完整的 JSON"),
        ("a.json", b"[" * 200_000, "不是完整的 JSON"),
        ("a.json", b"\xff\xfe", "不是完整的 JSON"),
        ("a.json", b" " * (2 * 2**20 + 1), "太大"),
        ("a.xlsx", b"PK\x03\x04", "已损坏"),
        ("a.xls", b"", ".xlsx 或 .json"),
    ],
)
def test_a_file_of_another_kind_is_refused(name: str, content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataProblem, match=words):
        read_register(path)


@pytest.mark.parametrize("content", ["[]", "3"])
def test_json_that_is_no_register_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    draft = read_register(path)
    assert draft.schema is None
    assert "不是一张清单的定义" in draft.problems[0].message


@pytest.mark.parametrize("content", ['{"fields": 3}', '{"name": "a", "title": "b", "fields": [3]}', '{"fields": [{}]}'])
def test_json_that_is_no_sound_register_is_answered_with_what_is_wrong(content: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    draft = read_register(path)
    assert draft.schema is None
    assert "表的定义有误" in draft.problems[0].message


COUNTS: list[list[Any]] = [
    ["目标编号", "计算方式", "字段", "年度字段", "计入条件"],
    ["08-06-1", "合计", "homes", "plan_year", "selected(way, '还田')"],
    ["08-06-1", "sum", "used"],
    ["08-06-1", "行数", "", "", "used * 2 > made"],
]


def test_rows_of_a_register_from_a_workbook_count_towards_a_target(tmp_path: Path) -> None:
    fields = [*FIELDS, ["plan_year", "计划年度", "year"], ["homes", "户数", "integer", "", "", "", "", "户"]]
    draft = read_register(book(tmp_path / "a.xlsx", survey=fields, counts=COUNTS))
    assert draft.problems == [] and draft.schema is not None
    where = "selected(way, '还田')"
    first = {"target": "08-06-1", "how": "sum", "field": "homes", "year": "plan_year", "where": where}
    assert draft.schema.counts_towards[0] == first
    with county_in(tmp_path / "寿光") as county:
        with county.operation("载入", undoable=False) as op:
            load_register(op, draft.schema)
        with county.operation("登记") as op:
            for way, used in (("还田", 30), ("还田", 12), ("饲料", 5)):
                values: dict[str, Cell] = {
                    "name": way,
                    "way": way,
                    "homes": Decimal(used),
                    "used": Decimal(1),
                    "plan_year": Decimal(2022),
                }
                records.insert(op, draft.schema, values)
        with county.reading() as conn:
            figures = [each for each in target_figures(conn, load_catalogue()) if each.register == "straw"]
    assert [(each.target_id, each.amount) for each in figures] == [
        ("08-06-1", 42),
        ("08-06-1", None),
        ("08-06-1", None),
    ]
    assert figures[1].sentence == "“秸秆综合利用”不能计入这一目标：吨和户不能换算。请改清单的定义。"
    assert "只能用加和减" in figures[2].sentence


def test_a_count_that_cannot_be_made_is_told_with_its_row(tmp_path: Path) -> None:
    wrong = [
        COUNTS[0],
        ["08-06-1", "合计", "nothing"],
        ["08-06-1", "平均", "used"],
        ["08-06-1", "合计"],
        ["", "行数"],
        ["08-06-1", "行数", "", "", "nowhere = 1"],
    ]
    found = places(book(tmp_path / "a.xlsx", counts=wrong))
    assert list(found) == ["计入目标!A2", "计入目标!B3", "计入目标!A4", "计入目标!A5", "计入目标!A6"]
    assert found["计入目标!A2"] == "指向不存在的字段 nothing。"
    assert found["计入目标!B3"] == "计算方式“平均”不认得。"
