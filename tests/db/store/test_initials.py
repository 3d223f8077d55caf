from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.divisions import all_towns
from db.store.initials import initials


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("圣城街道", "scjd"),
        ("鄌郚镇", "twz"),
        ("阚家镇", "kjz"),
        ("单县", "sx"),
        ("仇家庄", "qjz"),
        ("报仇", "bc"),
        ("曾家村", "zjc"),
        ("曾经", "cj"),
        ("廿里堡街道", "nlpjd"),
        ("重庆路", "cql"),
        ("重点项目", "zdxm"),
        ("中国银行", "zgyh"),
        ("柳疃镇", "ltz"),
        ("２号炉A-1", "2hla1"),
        ("", ""),
        ("·—（）", ""),
    ],
)
def test_names_are_spelt_as_people_read_them(name: str, spelt: str) -> None:
    assert initials(name) == spelt


def test_every_town_has_a_letter_per_character() -> None:
    assert [town.name for town in all_towns() if len(initials(town.name)) != len(town.name)] == []


@given(st.text(max_size=40))
def test_any_text_gives_typeable_characters(text: str) -> None:
    spelt = initials(text)
    assert all(c.isascii() and c.isalnum() and c == c.lower() for c in spelt)
