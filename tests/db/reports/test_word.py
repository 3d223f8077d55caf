"""Filling templates: the county's own first, every character kept, and a sentence for whatever is wrong with one."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

import resources
from db.core.errors import DataProblem
from db.reports import template_files
from db.reports.word import Template, fill, in_year_columns, template, year_heads


def made(*texts: str) -> Template:
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    out = BytesIO()
    document.save(out)
    return Template("试.docx", out.getvalue())


def words(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(BytesIO(data)).paragraphs]


@pytest.mark.parametrize("text", ["a<b>&amp;\"'", "𠮷😀", "第一行\n第二行", "{{ 名 }}{% if %}", "x" * 40_000, ""])
def test_every_text_arrives(text: str) -> None:
    assert words(fill(made("前{{ 名 }}后"), {"名": text})) == [f"前{text}后"]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="{}\ufffe\uffff"), max_size=60))
def test_any_text_arrives(text: str) -> None:
    assert words(fill(SMALL, {"名": text})) == [text]


SMALL = made("{{ 名 }}")


def test_what_a_document_cannot_hold_is_left_out() -> None:
    assert words(fill(SMALL, {"名": "a\x00\x07\x0cb"})) == ["ab"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("{{ 没有的 }}", "不认识的占位符"), ("{{ 名", "占位符写法不对"), ("{% for x in 名 %}", "占位符写法不对")],
)
def test_a_fault_in_a_template_is_told(text: str, said: str) -> None:
    with pytest.raises(DataProblem, match=said):
        fill(made(text), {"名": "x"})


def test_a_template_cannot_run_programs() -> None:
    with pytest.raises(DataProblem, match="模板"):
        fill(made("{{ 名.__class__.__mro__ }}"), {"名": "x"})


def test_what_is_no_word_document_is_told() -> None:
    with pytest.raises(DataProblem, match="不是能用的 Word 文档"):
        fill(Template("坏.docx", b"PK\x03\x04 nothing"), {})


def test_the_county_can_have_its_own_template(tmp_path: Path) -> None:
    shipped = template(tmp_path, "task_sheet.docx")
    assert shipped.data == resources.path("templates/task_sheet.docx").read_bytes()
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "task_sheet.docx").write_bytes(b"own")
    assert template(tmp_path, "task_sheet.docx").data == b"own"


@pytest.mark.parametrize("name", sorted(template_files.MAKERS))
def test_the_shipped_templates_are_what_the_script_makes(name: str) -> None:
    again = BytesIO()
    template_files.MAKERS[name]().save(again)
    shipped = Document(str(resources.path(f"templates/{name}")))
    assert shipped.element.xml == Document(BytesIO(again.getvalue())).element.xml


@pytest.mark.parametrize("name", sorted(template_files.MAKERS))
def test_properties_of_cells_stand_in_the_order_of_the_schema(name: str) -> None:
    """Word calls a document damaged whose elements are out of order (ECMA-376, CT_TcPr)."""
    order = ["tcW", "gridSpan", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "vAlign"]
    document = Document(str(resources.path(f"templates/{name}")))
    for properties in document.element.body.iter("{*}tcPr"):
        names = [child.tag.partition("}")[2] for child in properties]
        assert names == sorted(names, key=order.index)


def test_every_template_is_described_to_the_office() -> None:
    told = resources.text("templates/模板说明.md")
    assert all(name in told for name in template_files.MAKERS)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_no_year_of_a_plan_is_left_out_of_three_columns(count: int) -> None:
    years = tuple(range(2021, 2021 + count))
    texts = [f"{year}的数" for year in years]
    heads, columns = year_heads(years), in_year_columns(years, texts)
    assert len(heads) == len(columns) == 3
    assert all(text in "".join(columns) for text in texts)
    assert heads[min(count, 3) - 1].endswith(f"{years[-1]}年")
    assert in_year_columns(years, [""] * count) == ["", "", ""]
