from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from db.core.calculation import calculate, calculated, is_calculation
from db.core.errors import DataProblem
from tests.db.core.outcomes import is_sentence, outcome


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("=1200/3", "400"),
        ("＝（800＋400）×1.1", "1320"),
        ("= 1,200 / 3 + 5", "405"),
        ("=3000*15%", "450"),
        ("=1.2万-500", "11500"),
        ("=1/3*3", "1"),
        ("=0.1+0.2", "0.3"),
        ("=-(2-5)", "3"),
        ("=2-3-4", "-5"),
        ("=8/4/2", "1"),
        ("=2+3*4", "14"),
        ("=.5÷4", "0.125"),
        ("=3亿", "300000000"),
        ("=--5", "5"),
    ],
)
def test_a_calculation_is_worked_out_exactly(text: str, result: str) -> None:
    assert is_calculation(text)
    assert calculated(text) == result


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("=", "没有写完"),
        ("=12+", "没有写完"),
        ("=(1+2", "缺少右括号"),
        ("=1+2)", "括号"),
        ("=1 2", "运算符"),
        ("=*2", "运算符"),
        ("=A1+2", "“A1+2”不能计算"),
        ("=SUM(A1:A3)", "不能计算"),
        ("=__import__('os')", "不能计算"),
        ("=2^10", "不能计算"),
        ("=5/0", "除以了0"),
        ("=5/(2-2)", "除以了0"),
        ("=1000/3", "除不尽，约等于333.333333"),
        ("=1,23+1", "逗号"),
        ("=9999亿*9999亿", "太大"),
        ("=" + "(" * 40 + "1" + ")" * 40, "括号太多"),
        ("=1+" * 80 + "1", "太长"),
    ],
)
def test_what_cannot_be_worked_out_is_told(text: str, why: str) -> None:
    with pytest.raises(DataProblem, match=re.escape(why)):
        calculate(text)


def test_other_text_is_left_alone() -> None:
    assert calculated("1200/3") == "1200/3"
    assert calculated("不涉及") == "不涉及"


NUMBERS = st.integers(0, 10**6).map(lambda n: Decimal(n).scaleb(-2))


@given(NUMBERS, NUMBERS, NUMBERS, st.sampled_from("+-*"), st.sampled_from("+-*/"))
def test_it_agrees_with_fractions(one: Decimal, two: Decimal, three: Decimal, first: str, second: str) -> None:
    assume(second != "/" or three)
    operations = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
    }
    expected = operations[second](operations[first](Fraction(one), Fraction(two)), Fraction(three))
    text = f"=({one}{first}{two}){second}{three}"
    if (expected * 10**6).denominator == 1 and abs(expected) <= 9 * 10**12:
        assert Fraction(calculate(text)) == expected
    else:
        with pytest.raises(DataProblem):
            calculate(text)


@given(st.text(st.sampled_from("=0123456789+-*/().,%万亿 ax"), max_size=30))
def test_any_text_gives_a_number_or_a_sentence(text: str) -> None:
    found = outcome(lambda: calculate("=" + text))
    assert is_sentence(found) if isinstance(found, DataProblem) else found.is_finite()
