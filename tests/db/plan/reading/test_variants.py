"""The shipped plan in other clothes gives the same clauses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.plan.catalogue import load_catalogue
from db.plan.model import Catalogue
from db.plan.reading.document import open_document, pasted_document
from db.plan.reading.model import Document
from db.plan.reading.read import read_plan
from tests.db.plan import proof
from tests.db.plan.reading.make_variants import PLANS
from tests.db.plan.reading.word_files import NUMBERING, numbered, paragraph, word_file

CATALOGUE = load_catalogue()
TEXT = proof.document()
HALF = str.maketrans("（）：；，！？〔〕", "():;,!?[]")
FULL = str.maketrans("0123456789%.", "０１２３４５６７８９％．")
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(document: Document) -> Catalogue:
    return read_plan(document, departments=CATALOGUE.departments).catalogue


def folded(text: str) -> str:
    return re.sub(r"\s", "", text).translate(HALF).translate({full: chr(half) for half, full in FULL.items()})


def assert_same_clauses(read: Catalogue) -> None:
    """Hold everything but places against the catalogue; widths and white space of verbatim text do not count."""
    assert folded(read.title) == folded(CATALOGUE.title)
    assert (read.begins, read.ends, read.published) == (CATALOGUE.begins, CATALOGUE.ends, CATALOGUE.published)
    assert [folded(article.heading) for article in read.articles] == [
        folded(article.heading) for article in CATALOGUE.articles
    ]
    for mine, known in zip(read.clauses, CATALOGUE.clauses, strict=True):
        assert folded(mine.text) == folded(known.text)
        assert folded(mine.responsibility) == folded(known.responsibility)
        for name in ("id", "part", "article", "mode", "leads", "cooperators", "counties_named", "list_open"):
            assert getattr(mine, name) == getattr(known, name), known.id


@pytest.mark.parametrize("name", ["saved.docx", "from_doc.docx", "numbered.docx", "gb18030.txt"])
def test_saved_by_another_program(name: str) -> None:
    catalogue = read(open_document(PLANS / name))
    assert_same_clauses(catalogue)
    assert [clause.text for clause in catalogue.clauses] == [clause.text for clause in CATALOGUE.clauses]


def test_the_old_format_is_to_be_saved_as_docx() -> None:
    with pytest.raises(DataProblem, match="旧格式的 Word 文档") as refused:
        open_document(PLANS / "saved.doc")
    assert "另存为 .docx" in refused.value.advice


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_plain_text_in_every_coding(tmp_path: Path, coding: str, line_end: str) -> None:
    file = tmp_path / "plan.txt"
    file.write_bytes(TEXT.replace("\n", line_end).encode(coding))
    assert open_document(file).text == TEXT


def test_without_the_notice() -> None:
    catalogue = read(pasted_document(TEXT[TEXT.index("潍坊市新一轮“四减四增”三年行动方案（2021—2023年）\n") :]))
    assert [clause.text for clause in catalogue.clauses] == [clause.text for clause in CATALOGUE.clauses]
    assert catalogue.title == CATALOGUE.title


@FEW
@given(st.lists(st.booleans(), min_size=4, max_size=60))
def test_punctuation_in_half_width(choices: list[bool]) -> None:
    lines = [line.translate(HALF) if choices[at % len(choices)] else line for at, line in enumerate(TEXT.split("\n"))]
    assert_same_clauses(read(pasted_document("\n".join(lines))))


def test_figures_in_full_width() -> None:
    body = TEXT.index("二、深入")
    assert_same_clauses(read(pasted_document(TEXT[:body] + TEXT[body:].translate(FULL))))


@FEW
@given(st.data())
def test_spaces_and_tabs_around(data: st.DataObject) -> None:
    indent = data.draw(st.sampled_from(["", "    ", "\u3000\u3000", "\t", "\xa0\xa0"]))
    tail = data.draw(st.sampled_from(["", "  ", "\u3000", "\t"]))
    lines = [indent + line.strip() + tail for line in TEXT.split("\n")]
    assert_same_clauses(read(pasted_document("\n".join(lines))))


@FEW
@given(st.sets(st.integers(460, len(TEXT) - 2), max_size=200))
def test_single_spaces_within(places: set[int]) -> None:
    spaced = "".join(
        character + (" " if at in places and not (character + TEXT[at + 1]).isspace() else "")
        for at, character in enumerate(TEXT)
        if character != "\t"
    )
    assert_same_clauses(read(pasted_document(spaced)))


@FEW
@given(st.sets(st.integers(0, 200), min_size=1, max_size=40))
def test_soft_breaks_within_sentences(places: set[int]) -> None:
    lines = []
    for line in filter(None, map(str.strip, TEXT.split("\n"))):
        cut = {at for at in places if at + 1 < len(line) and line[at].isalpha() and line[at + 1].isalpha()}
        lines.append("".join(character + ("\v" if at in cut else "") for at, character in enumerate(line)))
    assert_same_clauses(read(pasted_document("\n".join(lines))))


@pytest.mark.parametrize("width", [30, 38])
def test_lines_cut_at_a_fixed_width(width: int) -> None:
    lines: list[str] = []
    for line in filter(None, map(str.strip, TEXT.split("\n"))):
        whole = ("\u3000\u3000" + line) if len(line) > 30 else line
        lines += [whole[at : at + width] for at in range(0, len(whole), width)]
    assert_same_clauses(read(pasted_document("\n".join(lines))))


def test_numbers_made_by_automatic_lists(tmp_path: Path) -> None:
    body = []
    for line in filter(None, map(str.strip, TEXT.split("\n"))):
        part, article = re.match("[一二三四五六]、", line), re.match("（[一二三四五六七八九十]+）", line)
        found = part or article
        body.append(numbered(line[found.end() :], level=0 if part else 1) if found else paragraph(line))
    file = tmp_path / "plan.docx"
    file.write_bytes(word_file("".join(body), numbering=NUMBERING))
    assert_same_clauses(read(open_document(file)))
