"""Clipboard blocks: what Excel writes is read cell by cell, and what we write is read back unchanged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.models.block import format_block, parse_block, spread

# Cells as a grid holds them: no carriage returns, no blanks at the ends.
CELLS = st.text(st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"]), max_size=6).map(str.strip)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1\t2\r\n3\t4\r\n", [["1", "2"], ["3", "4"]]),
        ("1,200", [["1,200"]]),
        ("", [[""]]),
        ("a\n\nb", [["a"], [""], ["b"]]),
        ('"两行\n文字"\t5\n', [["两行\n文字", "5"]]),
        ('"他说""好"""\t1', [['他说"好"', "1"]]),
        ('"没有收尾\t1', [['"没有收尾', "1"]]),
        ('5"管\t1', [['5"管', "1"]]),
        ("\t\n\t1", [["", ""], ["", "1"]]),
    ],
)
def test_reads_what_excel_copies(text: str, rows: list[list[str]]) -> None:
    assert parse_block(text) == rows


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=4))
def test_own_block_is_read_back(rows: list[list[str]]) -> None:
    assert parse_block(format_block(rows)) == rows


def test_one_cell_fills_the_selection() -> None:
    assert spread([["5"]], 2, 3) == [["5"] * 3, ["5"] * 3]


def test_block_that_does_not_fit_stays_as_it_is() -> None:
    assert spread([["1"], ["2"]], 3, 1) == [["1"], ["2"]]
    assert spread([["1"], ["2"]], 1, 1) == [["1"], ["2"]]
