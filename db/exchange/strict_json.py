"""JSON from nobody knows whom: UTF-8, every key once, no NaN, no depth that would exhaust the reader."""

from __future__ import annotations

import json
from typing import Any


class JsonFault(ValueError):
    """The bytes are no such JSON; the text is a Chinese phrase that says why."""


def strict_json(content: bytes, *, whole: bool = False) -> Any:
    """Return the value that `content` spells; JsonFault when it is not JSON as every other program reads it.

    With `whole` also for half a character anywhere, which no file and no database takes.
    """
    try:
        text = content.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
        if whole and "\\ud" in text.casefold():
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except (ValueError, RecursionError) as error:
        raise JsonFault(_short(error)) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Two programs may take a different one of two equal keys, and would see two different files.
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("键名重复")
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(f"不能用 {name}")


def _short(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "嵌套太深"
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 编码"
    if isinstance(error, UnicodeEncodeError):
        return "有半个字符"
    if isinstance(error, json.JSONDecodeError):
        return f"第{error.lineno}行第{error.colno}列"
    return str(error)[:40]
