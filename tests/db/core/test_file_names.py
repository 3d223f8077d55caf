"""Names of files: Windows takes every one, and no two are the same to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.file_names import LONGEST, safe_name, safe_names
from db.exchange.zip_names import folded, name_fault


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("圣城街道", "圣城街道"),
        ("甲/乙:丙*？", "甲／乙：丙＊？"),
        ("CON", "_CON"),
        ("nul.x", "_nul.x"),
        ("某公司. ", "某公司"),
        ("\u202e\x00", "未命名"),
        ("𠮷野😀", "𠮷野😀"),
    ],
)
def test_a_name_becomes_one_that_windows_takes(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.lists(st.text(max_size=90), max_size=12))
def test_names_are_lawful_and_differ(texts: list[str]) -> None:
    names = safe_names(texts)
    assert len(names) == len(texts)
    assert len({folded(name) for name in names}) == len(names)
    assert all(name_fault(f"{name}.docx") is None and len(name) <= LONGEST for name in names)
