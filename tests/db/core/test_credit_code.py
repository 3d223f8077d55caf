from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from db.core.credit_code import (
    ALPHABET,
    check_digit,
    organisation_check_digit,
    problem_of,
    warning_of,
)

BODIES = st.builds(
    "".join,
    st.tuples(
        st.text(ALPHABET, min_size=2, max_size=2),
        st.text("0123456789", min_size=6, max_size=6),
        st.text(ALPHABET, min_size=9, max_size=9),
    ),
)


@given(BODIES)
def test_check_digit_agrees_with_stdnum(body: str) -> None:
    assert check_digit(body) == uscc.calc_check_digit(body)


@given(BODIES, st.sampled_from(ALPHABET))
def test_verdict_agrees_with_stdnum_where_it_has_one(body: str, last: str) -> None:
    code = body + last
    if code[:2].isdigit():
        assert (problem_of(code) is None) == uscc.is_valid(code)
    else:
        assert (problem_of(code) is None) == (check_digit(body) == last)


@given(BODIES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(body: str, place: int, wrong: str) -> None:
    code = body + check_digit(body)
    changed = code[:place] + wrong + code[place + 1 :]
    assert (problem_of(changed) is None) == (changed == code)


def test_the_code_of_a_real_company() -> None:
    # State Grid Corporation, a code that is printed in public filings.
    assert problem_of("9111000071093123XX") is None
    assert warning_of("9111000071093123XX") is None
    assert organisation_check_digit("71093123") == "X"


@pytest.mark.parametrize("first", ["A1", "N2", "Y1"])
def test_codes_beginning_with_a_letter_are_lawful(first: str) -> None:
    body = f"{first}370783MF0000001"[:17]
    assert problem_of(body + check_digit(body)) is None
    assert not uscc.is_valid(body + check_digit(body))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "应为18位，现在是0位"),
        ("9137078300000000", "应为18位，现在是16位"),
        ("91370783000000000O", "第18位是字母“O”"),
        ("9I3707830000000000", "可能是“1”"),
        ("9137078300000000 0", "不是数字或大写字母"),
        ("91370783000000000a", "不是数字或大写字母"),
        ("913707830000000００0"[:18], "不是数字或大写字母"),
        ("9137A7830000000000", "第3至8位"),
    ],
)
def test_each_fault_is_named(code: str, words: str) -> None:
    problem = problem_of(code)
    assert problem is not None
    assert words in problem


def test_a_wrong_check_digit_names_the_expected_one() -> None:
    assert problem_of("9111000071093123X1") == "校验不符：最后一位按前17位应为“X”，现在是“1”，至少有一位写错了"


def test_a_wrong_organisation_part_is_only_a_remark() -> None:
    body = "91370783" + "710931231"
    code = body + check_digit(body)
    assert problem_of(code) is None
    warning = warning_of(code)
    assert warning is not None
    assert "应为“X”，现在是“1”" in warning
    assert warning_of("不是代码") is None


def test_wrong_lengths_are_our_bug() -> None:
    for function, code in ((check_digit, "123"), (organisation_check_digit, "123")):
        with pytest.raises(ValueError, match="expected"):
            function(code)


@given(st.text())
def test_any_text_has_a_verdict(text: str) -> None:
    assert problem_of(text) is None or problem_of(text)
