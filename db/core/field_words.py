"""What people call the types of fields, and the tables that fields may point to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TYPE_WORDS: Final[Mapping[str, str]] = {
    "string": "文字",
    "text": "长文字",
    "number": "数",
    "integer": "整数",
    "date": "日期",
    "year": "年份",
    "boolean": "是否",
}
REFERENCE_WORDS: Final[Mapping[str, str]] = {
    "town": "镇街",
    "enterprise": "企业",
    "department": "部门",
    "reporting_unit": "填报单位",
}
