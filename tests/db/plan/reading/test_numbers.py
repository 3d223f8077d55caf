from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.plan.reading.numbers import chinese_value, find_numbers
from db.plan.reading.numerals import numeral


@pytest.mark.parametrize(
    ("text", "spelled", "value"),
    [
        ("40万户", "40", "40"),
        ("2.08亿平方米", "2.08", "2.08"),
        ("１２．５％", "１２．５", "12.5"),
        ("1,234,567.8元", "1,234,567.8", "1234567.8"),
        ("三十五个", "三十五", "35"),
        ("两个以上", "两", "2"),
        ("一千二百万元", "一千二百万", "12000000"),
        ("二〇二三年", "二〇二三", "2023"),
        ("百分之三十", "百分之三十", "30"),
        ("百分之三点七", "百分之三点七", "3.7"),
        ("三分之一", "三分之一", "33.33"),
        ("1/4以上", "1/4", "25"),
        ("六成以上", "六成", "60"),
    ],
)
def test_a_number_is_read(text: str, spelled: str, value: str) -> None:
    number = find_numbers(text)[0]
    assert (number.text, number.value) == (spelled, Decimal(value))
    assert text[number.start : number.end] == spelled


def test_numerals_that_say_no_number_have_no_value() -> None:
    assert [number.value for number in find_numbers("百强，千万千瓦级，半年")] == [None, None, None]
    assert chinese_value("") is None


def test_numerals_behind_digits_belong_to_the_unit() -> None:
    assert [number.text for number in find_numbers("40万户，1.5亿元")] == ["40", "1.5"]


def test_a_comma_between_clauses_is_no_thousands_separator() -> None:
    assert [number.text for number in find_numbers("2025,100家，300,12个")] == ["2025", "100", "300", "12"]


def test_nothing_can_be_divided_by_zero() -> None:
    assert [number.value for number in find_numbers("1/0")] == [None]


@given(st.integers(1, 999))
def test_chinese_numerals_come_back(value: int) -> None:
    assert chinese_value(numeral(value)) == value


@given(st.integers(0, 10**9), st.integers(0, 3))
def test_figures_come_back_with_separators_and_in_full_width(value: int, decimals: int) -> None:
    amount = Decimal(value).scaleb(-decimals)
    for text in (str(amount) if "E" not in str(amount) else f"{amount:f}", f"{amount:,f}"):
        wide = text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.,"})
        for spelled in (text, wide):
            (number,) = find_numbers(f"达到{spelled}吨")
            assert number.value == amount
            assert number.text == spelled


@given(st.text("零一二两三四五六七八九十百千万亿半双0123456789.,/分之百点成 个", max_size=30))
def test_every_digit_is_in_a_number(text: str) -> None:
    numbers = find_numbers(text)
    assert all(text[number.start : number.end] == number.text for number in numbers)
    assert all(one.end <= other.start for one, other in itertools.pairwise(numbers))
    covered = {place for number in numbers for place in range(number.start, number.end)}
    assert all(place in covered for place, character in enumerate(text) if character.isdigit())
