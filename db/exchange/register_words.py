"""The words of a register's definition as a workbook: its sheets, its columns, its types, its ways to count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from db.core.field_words import REFERENCE_WORDS, TYPE_WORDS
from db.core.schema_checks import COMPLETION, COUNT, OPEN, RATE, REDUCTION, SUM

FIELDS, CHOICES, SETTINGS = ("字段", "fields", "survey"), ("选项", "choices"), ("设置", "settings")
COUNTS = ("计入目标", "counts", "targets")
"""The names of the sheets, ours first; that of choices and that of counts may be missing."""

COLUMNS: Mapping[str, str] = {
    "name": "字段名",
    "label": "标题",
    "type": "类型",
    "required": "必填",
    "constraint": "约束条件",
    "constraint_message": "约束提示",
    "relevant": "何时填写",
    "choices": "选项",
    "unit": "单位",
    "decimals": "小数位",
    "group": "分组",
    "default": "默认值",
    "calculation": "计算公式",
    "personal": "个人信息",
    "formerly": "原字段名",
    "help": "说明",
    "clause": "条款",
}
"""The columns of the sheet of fields with their Chinese headings."""

SETTING_COLUMNS: Mapping[str, str] = {
    "name": "清单名",
    "title": "标题",
    "edition": "版次",
    "clauses": "方案条款",
    "help": "说明",
    "common": "含公共字段",
    "key": "区分字段",
}

CHOICE_COLUMNS: Mapping[str, str] = {"list_name": "选项组", "label": "选项"}

COUNT_COLUMNS: Mapping[str, str] = {
    "target": "目标编号",
    "how": "计算方式",
    "field": "字段",
    "year": "年度字段",
    "of": "属于条件",
    "where": "计入条件",
    "opened": "开始日期字段",
    "closed": "结束日期字段",
    "numerator": "分子字段",
    "denominator": "分母字段",
    "base": "基数字段",
    "per": "产量字段",
    "base_per": "基数产量字段",
}
"""The keys of a count (`db.work.target_figures`) with their Chinese headings."""

HOW_WORDS: Mapping[str, str] = {
    SUM: "合计",
    COUNT: "行数",
    COMPLETION: "完成情况",
    OPEN: "月末存量",
    RATE: "比率",
    REDUCTION: "减少率",
}

TYPES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "text": (TYPE_WORDS["string"], {"type": "string"}),
    "longtext": (TYPE_WORDS["text"], {"type": "string", "x-long": True}),
    "integer": (TYPE_WORDS["integer"], {"type": "integer", "constraints": {"minimum": 0}}),
    "decimal": (TYPE_WORDS["number"], {"type": "number", "constraints": {"minimum": 0}}),
    "date": (TYPE_WORDS["date"], {"type": "date"}),
    "year": (TYPE_WORDS["year"], {"type": "year"}),
    "yes_no": (TYPE_WORDS["boolean"], {"type": "boolean"}),
    "select_one": ("单选", {"type": "string"}),
    "town": (REFERENCE_WORDS["town"], {"type": "string", "x-ref": "town"}),
    "enterprise": (REFERENCE_WORDS["enterprise"], {"type": "string", "x-ref": "enterprise"}),
    "department": (REFERENCE_WORDS["department"], {"type": "string", "x-ref": "department"}),
    "phone": ("电话", {"type": "string", "x-check": "phone"}),
}
"""The types of fields with their Chinese names and what they are in a Table Schema."""
