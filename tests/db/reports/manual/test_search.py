"""Looking for words in the manual, and where they are led to."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.reports.manual.search import LONGEST, ManualIndex
from tests.db.reports.manual.samples import sample


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ManualIndex:
    return ManualIndex(sample(monkeypatch, tmp_path))


def test_headings_come_first_and_each_hit_knows_which_one_it_is(index: ManualIndex) -> None:
    hits = index.find("县级目标")
    assert [(hit.anchor, hit.nth) for hit in hits] == [
        ("breakdown#县级目标", 1),
        ("breakdown#分配", 0),
        ("breakdown#县级目标", 2),
        ("words#余额", 0),
    ]
    assert all(hit.context[hit.at :].startswith("县级目标") for hit in hits)


@pytest.mark.parametrize(("asked", "words"), [("xjmb", "县级目标"), ("XJM", "县级目"), ("fp", "分配"), ("ye", "余额")])
def test_initials_find_what_they_stand_for(index: ManualIndex, asked: str, words: str) -> None:
    assert index.find(asked)[0].words == words


def test_two_letters_are_looked_for_in_headings_alone(index: ManualIndex) -> None:
    assert {hit.anchor for hit in index.find("fp")} == {"breakdown#分配"}
    assert index.find("hf") == []


def test_several_words_must_stand_in_one_section(index: ManualIndex) -> None:
    hits = index.find("余额 文号")
    assert hits == []
    assert {hit.anchor for hit in index.find("余额 分好")} == {"breakdown#分配"}
    assert index.find("余额 分好")[0].all_words == ("余额", "分好")


@pytest.mark.parametrize("asked", ["", "   ", "没有这个词", "zzzz"])
def test_nothing_is_found_for_nothing(index: ManualIndex, asked: str) -> None:
    assert index.find(asked) == []


def test_a_long_line_is_cut_around_the_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = f"# 一\n{'前' * 100}目标{'后' * 100}"
    (hit,) = ManualIndex(sample(monkeypatch, tmp_path, {"01-a.md": text})).find("目标")
    assert hit.context[hit.at :].startswith("目标后")
    assert hit.context.startswith("…") and hit.context.endswith("…")
    assert len(hit.context) == LONGEST + 2
