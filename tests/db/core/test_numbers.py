from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.numbers import number_from, parse_number
from db.core.units import units
from tests.db.core.outcomes import is_sentence, outcome

UNITS = [None, "", "斤", *(unit.name for unit in units())]


@pytest.mark.parametrize(
    ("text", "unit", "result"),
    [
        ("1,200", "户", "1200"),
        ("１，２００", "户", "1200"),
        ("1,234,567.89", None, "1234567.89"),
        (" 5 ", None, "5"),
        ("\u3000５\u3000", None, "5"),
        ("1.2万", "户", "12000"),
        ("12万", "户", "120000"),
        ("3亿", None, "300000000"),
        ("3千万元", "万元", "3000"),
        ("3亿元", "万元", "30000"),
        ("1.2万家", "家", "12000"),
        ("-5", None, "-5"),
        ("－５", None, "-5"),
        ("−5", None, "-5"),
        ("+5", None, "5"),
        (".5", None, "0.5"),
        ("007", None, "7"),
        ("1.50", "万吨", "1.5"),
        ("5%", "%", "5"),
        ("５％", "%", "5"),
        ("2个百分点", "个百分点", "2"),
        ("5万吨", "万吨", "5"),
        ("5 万吨", "万吨", "5"),
        ("500吨", "万吨", "0.05"),
        ("100㎡", "平方米", "100"),
        ("300MW", "万千瓦", "30"),
        ("35蒸吨/小时", "蒸吨", "35"),
        ("5斤", "斤", "5"),
        ("1.2万户", "户", "12000"),
        ("9000000000000", None, "9000000000000"),
        ("0", "户", "0"),
        ("-0", "户", "0"),
    ],
)
def test_read(text: str, unit: str | None, result: str) -> None:
    assert str(parse_number(text, unit=unit)) == result


@pytest.mark.parametrize(
    ("text", "unit", "code", "words"),
    [
        ("1,23", None, "number.comma", "每三位"),
        ("1,2345", None, "number.comma", "每三位"),
        ("12,34,567", None, "number.comma", "每三位"),
        ("0,200", None, "number.comma", "每三位"),
        ("1 200", None, "number.space", "空格"),
        ("1.2E5", None, "number.scientific", "科学计数法"),
        ("3.70783E+17", None, "number.scientific", "科学计数法"),
        ("5千瓦", "万吨", "unit.mismatch", "“5千瓦”的单位是千瓦，这一列的单位是万吨。请换算后填写。"),
        ("5KW", "万吨", "unit.mismatch", "“5KW”的单位是千瓦，这一列的单位是万吨"),
        ("5吨", "吨标准煤", "unit.mismatch", "“5吨”的单位是吨，这一列的单位是吨标准煤"),
        ("5%", "个百分点", "unit.mismatch", "单位是%，这一列的单位是个百分点"),
        ("5%", "户", "unit.mismatch", "单位是%"),
        ("5斤", "吨", "unit.mismatch", "“斤”不是认识的单位"),
        ("5万万吨", "万吨", "unit.mismatch", "不是认识的单位"),
        ("5吨", "", "unit.none", "没有单位"),
        ("12万", "万户", "number.ambiguous", "“12万”看不出是12万户还是12万个万户"),
        ("3千", "千瓦", "number.ambiguous", "3千瓦"),
        ("500.5公斤", "万吨", "unit.inexact", "超过4位小数"),
        ("1.23456万户", "户", "unit.inexact", "不是整数"),
        ("1.5", "户", "number.whole", "单位是户，只能填整数"),
        ("0.12345", "万吨", "number.decimals", "最多4位"),
        ("1.0000000000000000000000000000000000000001万", "", "number.decimals", "最多6位"),
        ("9000000000001", None, "number.too_large", "9万亿"),
        ("9" * 59, None, "number.too_large", "9万亿"),
        ("9" * 5000, None, "number.text", "不是一个数"),
        ("5.", None, "number.text", "不是一个数"),
        ("1200-1300", "户", "number.text", "“1200-1300”不是一个数。请填写数字"),
        ("1200～1300户", "户", "number.text", "不是一个数"),
        ("1/2", "户", "number.text", "不是一个数"),
        ("12:30", "户", "number.text", "不是一个数"),
        ("1.2.3", None, "number.text", "不是一个数"),
        ("(5)", None, "number.text", "不是一个数"),
        ("--5", None, "number.text", "不是一个数"),
        ("nan", None, "number.text", "不是一个数"),
        ("Infinity", None, "number.text", "不是一个数"),
        ("٣", None, "number.text", "不是一个数"),
        ("1_000", None, "unit.none", "没有单位"),
        ("五", None, "number.text", "不是一个数"),
        ("", None, "number.text", "不是一个数"),
        ("—", None, "state.unclear", "不涉及"),
        ("-", None, "state.unclear", "不涉及"),
        ("/", None, "state.unclear", "不涉及"),
        ("不适用", None, "state.unclear", "请填“不涉及”"),
    ],
)
def test_refused(text: str, unit: str | None, code: str, words: str) -> None:
    with pytest.raises(DataProblem) as caught:
        parse_number(text, unit=unit)
    assert caught.value.code == code
    assert words in str(caught.value)
    assert caught.value.advice


def test_decimals_of_the_column_win_over_those_of_the_unit() -> None:
    assert parse_number("1.234567", unit="万吨", decimals=6) == Decimal("1.234567")
    with pytest.raises(DataProblem, match="最多1位"):
        parse_number("1.25", unit="万吨", decimals=1)


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (0.1 + 0.2, "0.3"),
        (3.0, "3"),
        (5, "5"),
        (-0.0, "0"),
        (1e12, "1000000000000"),
        (123456789.123456, "123456789.123456"),
    ],
)
def test_numbers_of_a_spreadsheet(value: float, result: str) -> None:
    assert str(number_from(value)) == result


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), -float("inf"), 1e13, 10**400, 1 / 3, 1e-9, Decimal("sNaN")]
)
def test_numbers_that_no_cell_can_hold(value: float | Decimal) -> None:
    with pytest.raises(DataProblem):
        number_from(value)


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 6))
def test_a_float_of_up_to_fifteen_digits_is_read_as_it_was_typed(digits: int, places: int) -> None:
    typed = Decimal(digits).scaleb(-places)
    if abs(typed) <= 9 * 10**12:
        assert number_from(float(typed)) == typed


@given(st.integers(-(10**15), 10**15), st.integers(0, 6), st.sampled_from(["", ","]))
def test_plain_and_grouped_spellings_agree(digits: int, places: int, group: str) -> None:
    amount = Decimal(digits).scaleb(-places)
    if abs(amount) <= 9 * 10**12:
        assert parse_number(f"{amount:{group}f}") == amount


@given(
    st.text(alphabet="0123456789.,，＋-−%万亿千百吨元户瓦时 eE/²　", max_size=12) | st.text(), st.sampled_from(UNITS)
)
def test_any_text_is_a_number_or_a_sentence(text: str, unit: str | None) -> None:
    amount = outcome(lambda: parse_number(text, unit=unit))
    if isinstance(amount, DataProblem):
        assert is_sentence(amount)
    else:
        assert amount.is_finite()
        assert "E" not in str(amount)
        assert parse_number(str(amount), unit=unit) == amount


@given(st.floats() | st.integers() | st.decimals(), st.sampled_from(UNITS))
def test_any_number_is_held_or_refused(value: float | Decimal, unit: str | None) -> None:
    try:
        amount = number_from(value, unit=unit)
    except DataProblem:
        return
    assert number_from(amount, unit=unit) == amount
