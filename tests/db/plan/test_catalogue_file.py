from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from db.core.errors import DataProblem
from db.plan.catalogue import Target, load_catalogue
from db.plan.catalogue_file import catalogue_text, decoder, encoded, read_catalogue

CATALOGUE = load_catalogue()
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
AMOUNTS = st.none() | st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False)
TARGETS = st.builds(
    replace,
    st.sampled_from(CATALOGUE.targets),
    indicator=WORDS,
    value=AMOUNTS,
    baseline_value=AMOUNTS,
    baseline_year=st.none() | st.integers(2000, 2100),
    deadline=st.none() | st.dates(),
    soft=st.booleans(),
    note=WORDS,
)


def test_the_shipped_file_is_what_is_written() -> None:
    assert catalogue_text(CATALOGUE, departments=False) == resources.text("plan/catalogue.json")


def test_a_county_s_own_carries_its_departments() -> None:
    assert read_catalogue(catalogue_text(CATALOGUE)) == CATALOGUE


@given(TARGETS)
def test_every_field_comes_back_exactly(target: Target) -> None:
    targets = tuple(target if each.id == target.id else each for each in CATALOGUE.targets)
    found = read_catalogue(catalogue_text(replace(CATALOGUE, targets=targets))).target(target.id)
    assert found == target
    assert str(found.value) == str(target.value)


@given(st.one_of(WORDS, st.booleans(), st.none(), st.integers(), st.dates(), st.lists(WORDS).map(tuple)))
def test_a_value_comes_back(value: Any) -> None:
    kind: Any = tuple[str, ...] if isinstance(value, tuple) else type(value)
    read = (lambda raw: raw) if value is None else decoder(kind)
    assert read(json.loads(encoded(value))) == value


@pytest.mark.parametrize("raw", ["NaN", "Infinity", "1E+400000000", "1E-40", "true", '"1"', "1e400"])
def test_what_is_no_amount_is_refused(raw: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        decoder(Decimal)(json.loads(raw, parse_float=Decimal))


def _with(section: str, **values: Any) -> str:
    data = json.loads(catalogue_text(CATALOGUE))
    data[section][0] |= values
    return json.dumps(data, ensure_ascii=False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        "[" * 100_000,
        catalogue_text(CATALOGUE).replace('"parts": [', '"parts": ["一",', 1),
        _with("targets", id="03-02-1"),
        _with("targets", clause="99-01"),
        _with("targets", quote="别的"),
        _with("targets", part_of="03-02-1"),
        _with("targets", value="多"),
        _with("targets", deadline="2023-02-30"),
        _with("targets", colour="red"),
        _with("clauses", leads="市发改委"),
        _with("clauses", article="99"),
        _with("articles", part="99"),
        _with("left_out", clause="99-01"),
        _with("faults", clause="99-01"),
        catalogue_text(replace(CATALOGUE, begins=date(2030, 1, 1))),
    ],
)
def test_what_is_no_sound_catalogue_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(DataProblem, match="读不了"):
        read_catalogue(text)
