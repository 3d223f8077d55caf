"""Chapters, sections, pages and what does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.reports.manual.book import MOST_ROWS
from tests.db.reports.manual.samples import sample


def test_chapters_sections_places_and_links(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    manual = sample(monkeypatch, tmp_path)
    assert [(chapter.number, chapter.slug, chapter.title) for chapter in manual.chapters] == [
        (1, "breakdown", "任务分解"),
        (2, "words", "名词"),
    ]
    assert manual.anchors == {"breakdown", "breakdown#分配", "breakdown#县级目标", "words", "words#余额"}
    assert manual.chapter("breakdown").links == ["words#余额"]
    assert manual.chapter("words").text.endswith("数\n0\n1\n2")


def test_a_chapter_is_one_page_unless_it_is_long(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    short = sample(monkeypatch, tmp_path / "short")
    assert short.page("breakdown#分配") is short.page("breakdown")
    long = sample(monkeypatch, tmp_path / "long", lines=MOST_ROWS + 1)
    assert long.page("words#余额").anchor == "words#余额"
    assert long.page("words").blocks[-1].lines[0][0].link == "#余额"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("开头没有标题", "title"),
        ("# 一\n# 二", "title"),
        ("# 一\n## 同名\n## 同名", "one name"),
        ("# 一\n{{nothing}}", "no part"),
    ],
)
def test_what_does_not_fit_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"01-a.md: .*{why}"):
        sample(monkeypatch, tmp_path, {"01-a.md": text})
