"""A small manual for tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import resources
from db.reports.manual.book import Manual, read_manual

BREAKDOWN = """# 任务分解
把任务分给镇街。

## 分配
点**分配…**，余额变成0就分好了。县级目标已经填好。

## 县级目标
填县级目标、文号。见[名词](words#余额)。
"""
WORDS = """# 名词
## 余额
县级目标减去小计。

{{numbers}}
"""
FILES: Mapping[str, str] = {"01-breakdown.md": BREAKDOWN, "02-words.md": WORDS}


def sample(monkeypatch: pytest.MonkeyPatch, folder: Path, files: Mapping[str, str] = FILES, lines: int = 3) -> Manual:
    """Return the manual made of `files`, with a part of so many lines."""
    (folder / "manual").mkdir(parents=True)
    for name, text in files.items():
        (folder / "manual" / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(resources, "_ROOT", folder)
    return read_manual({"numbers": lambda _: "\n".join(["| 数 |", "| --- |", *(f"| {n} |" for n in range(lines))])})
