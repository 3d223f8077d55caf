"""The manual's Markdown: what each block becomes, and HTML that says no more than what was written."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from db.reports.manual.markup import Block, Span, cell, parse, plain, spans
from db.reports.manual.page import page_html

TEXT = """# 任务分解
开头的话，
接着说。

![分配](pictures/dialog-split.png)

## 填数
1. 选**年度**
2. 点[分配](breakdown#分 配)
   再看一遍
   - 小的一项

> 记住：`Ctrl+Z` 能退回。

| 名称 | 说明 |
| --- | --- |
| 甲\\|乙 | **粗** |

```
sijian verify 包.zip
```
"""


def kinds(blocks: list[Block]) -> list[str]:
    return [block.kind for block in blocks]


def test_every_kind_of_block_is_known() -> None:
    blocks = parse(TEXT)
    expected = ["heading", "text", "picture", "heading", "item", "item", "item", "note", "table", "code"]
    assert kinds(blocks) == expected
    assert blocks[1].text == "开头的话，接着说。"
    assert (blocks[2].picture, blocks[2].text) == ("pictures/dialog-split.png", "分配")
    assert [(item.number, item.level, item.text) for item in blocks[4:7]] == [
        (1, 0, "选年度"),
        (2, 0, "点分配再看一遍"),
        (0, 1, "小的一项"),
    ]
    assert blocks[8].text == "名称  说明\n甲|乙  粗"
    assert blocks[9].text == "sijian verify 包.zip"


def test_words_of_a_line() -> None:
    assert spans("按 `Ctrl+D` 或点**分配…**，见[基础 信息](base#镇 街)。") == (
        Span("按 "),
        Span("Ctrl+D", code=True),
        Span(" 或点"),
        Span("分配…", bold=True),
        Span("，见"),
        Span("基础 信息", link="base#镇 街"),
        Span("。"),
    )


def test_html_links_pictures_and_lists() -> None:
    html = page_html(parse(TEXT), "breakdown", {"pictures/dialog-split.png": 300})
    assert '<h2><a name="breakdown#填数"></a>填数</h2>' in html
    assert '<img src="pictures/dialog-split.png" width="300">' in html
    assert html.count("<ol") == 1 and html.count("<ul") == 1
    assert "width" not in page_html(parse(TEXT), "breakdown", {}).partition("<table")[0]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])) | st.text(st.sampled_from("甲 \\`*|[](#-")))
def test_a_cell_of_a_table_keeps_its_text(text: str) -> None:
    (block,) = parse(f"| 甲 |\n| --- |\n| {cell(text)} |")
    assert plain(block.rows[1][0]) == text.strip()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_nothing_written_becomes_a_tag(text: str) -> None:
    html = page_html(parse(f"前面{text}"), "x", {})
    assert "<" not in re.sub(r'</?(?:p|b|br|span|a)(?: (?:class|href)="[^"<>]*")?>', "", html)
