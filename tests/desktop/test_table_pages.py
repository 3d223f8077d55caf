"""A table on paper: every text is there, every column fits, headings come again on every page."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetricsF

from db.core.errors import Cancelled
from desktop.app import make_app
from desktop.table_pages import PageColumn, PageTable, letter, lines_of, parts_of, table_pdf

COLUMNS = (PageColumn("责任主体", 120), PageColumn("2022年（户）", 90, right=True), PageColumn("进展情况", 240))


@pytest.fixture(autouse=True)
def _fonts_of_the_program() -> None:
    make_app()


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = []
        for page in document:
            text = page.get_textpage()
            texts.append(flat(text.get_text_bounded()))
            text.close()
            page.close()
        return texts
    finally:
        document.close()


_RADICALS = str.maketrans("⻚⻓⻰戶", "页长龙户")


def flat(text: str) -> str:
    """Return `text` without spaces, radicals as the characters they are drawn like: PDFs name some by those."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_RADICALS)


def test_headings_and_page_numbers_are_on_every_page() -> None:
    rows = [[f"第{n}镇", str(n), "已完成"] for n in range(100)]
    pages = pages_of(table_pdf(PageTable("分解表", COLUMNS, rows, note="单位：户", after=("填报人：",))))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert "责任主体" in page and "进展情况" in page
        assert flat(f"第{number}页，共{len(pages)}页") in page
    assert "单位:户" in pages[0] and "单位:户" not in pages[1]
    assert "填报人:" in pages[-1] and "填报人:" not in pages[0]
    whole = "".join(pages)
    assert all(f"第{n}镇" in whole for n in range(100))


def test_a_long_text_is_broken_and_not_cut() -> None:
    parts = [f"第{n:04}项已办" for n in range(600)]
    text = "".join(parts)
    pages = pages_of(table_pdf(PageTable("长文", COLUMNS, [["甲镇", "1", text], ["乙镇", "2", ""]])))
    assert len(pages) > 1
    # A page's foot stands between two halves of what goes on overleaf.
    written = re.sub(r"(长文)?第[0-9]页,共[0-9]页|责任主体2022年\(户\)进展情况", "", "".join(pages))
    assert [part for part in parts if part not in written] == []
    assert "乙镇" in pages[-1]


def test_a_wide_table_goes_on_in_parts_with_its_first_columns() -> None:
    columns = (PageColumn("名称", 150), *(PageColumn(f"栏位{n:02}", 120) for n in range(30)))
    pages = pages_of(table_pdf(PageTable("宽表", columns, [["某村", *(f"v{n:02}" for n in range(30))]])))
    assert len(pages) > 1
    assert all("某村" in page and "名称" in page for page in pages)
    assert "第1部分列,共" in pages[0]
    whole = "".join(pages)
    assert [n for n in range(30) if f"栏位{n:02}" not in whole or f"v{n:02}" not in whole] == []


def test_the_same_table_gives_the_same_bytes() -> None:
    table = PageTable("表", COLUMNS, [["甲", "1", "乙"]])
    made = table_pdf(table)
    assert made == table_pdf(table)
    assert str(date.today().year).encode() + b"-" not in made


def test_an_empty_table_is_one_page() -> None:
    assert len(pages_of(table_pdf(PageTable("空表", COLUMNS, [])))) == 1


def test_cancelling_ends_it() -> None:
    class Impatient:
        def step(self, done: int, total: int, text: str = "") -> None:
            if done:
                raise Cancelled

    rows = [[str(n)] * 3 for n in range(300)]
    with pytest.raises(Cancelled):
        table_pdf(PageTable("表", COLUMNS, rows), Impatient())


@given(st.lists(st.integers(20, 600), min_size=1, max_size=40), st.integers(0, 4))
def test_every_column_stands_in_exactly_one_part(widths: list[int], kept: int) -> None:
    kept = min(kept, len(widths))
    parts = parts_of([PageColumn("x", width) for width in widths], kept, 7800)
    stood = Counter(column for part in parts for column in part)
    assert set(stood) == set(range(len(widths)))
    assert all(count == 1 for column, count in stood.items() if column >= kept)


@given(st.text("四减四增 abcdef123,.，。\n", max_size=120), st.integers(200, 3000))
def test_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    make_app()
    font = letter()
    metrics = QFontMetricsF(font)
    lines = lines_of(text, float(width), metrics, font)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(metrics.horizontalAdvance(line) <= width + 1 for line in lines)
