from __future__ import annotations

from typing import Any

from db.core.fields import TableSchema, schema_from_json
from db.work.register_editions import compare_editions


def edition(number: int, *fields: dict[str, Any]) -> TableSchema:
    return schema_from_json({"name": "straw", "title": "秸秆", "x-edition": number, "fields": list(fields)})


OLD = edition(
    1,
    {"name": "name", "title": "名称"},
    {"name": "made", "title": "产量", "type": "number"},
    {"name": "note", "title": "备注"},
    {"name": "kind", "title": "类别", "constraints": {"enum": ["甲", "乙"]}},
)


def test_what_a_new_edition_changes_is_told() -> None:
    new = edition(
        2,
        {"name": "name", "title": "名称", "x-help": "全称。", "x-width": 30},
        {"name": "produced", "title": "产生量", "type": "number", "x-formerly": "made"},
        {"name": "kind", "title": "类别", "constraints": {"enum": ["甲", "乙", "丙"]}},
        {"name": "used", "title": "利用量", "type": "number"},
    )
    assert compare_editions(OLD, new).sentences() == [
        "新增字段：利用量。",
        "改名：产量→产生量，已填的内容带到新字段。",
        "不再填写：备注，已填的内容仍保存在文件里。",
        "要求有变：类别。",
    ]


def test_nothing_changed_is_told_too() -> None:
    assert compare_editions(OLD, OLD).sentences() == ["字段没有变化。"]
