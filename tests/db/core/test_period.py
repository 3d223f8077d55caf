from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.errors import DataProblem
from db.core.period import Period, reported_month

PERIODS = st.builds(Period, st.integers(1950, 2099), st.integers(0, 12))


@pytest.mark.parametrize(
    "text", ["2022-03", "2022-3", "2022/3", "2022年3月", "202203", "2022.03", "2022.3", "２０２２年３月"]
)
def test_months_are_read(text: str) -> None:
    assert Period.parse(text) == Period(2022, 3)


@pytest.mark.parametrize("text", ["2022", "2022年", " 2022 "])
def test_years_are_read(text: str) -> None:
    assert Period.parse(text) == Period(2022)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2022.1", "1月还是10月"),
        ("2022-13", "没有"),
        ("2022-0", "没有"),
        ("1900", "没有"),
        ("3月", "不是期别"),
        ("22-3", "不是期别"),
        ("", "不是期别"),
        ("2022-03-15", "不是期别"),
    ],
)
def test_refused(text: str, words: str) -> None:
    with pytest.raises(DataProblem, match=words):
        Period.parse(text)


@given(PERIODS)
def test_round_trips(period: Period) -> None:
    assert Period.parse(str(period)) == period
    assert Period.parse(period.title) == period


@given(st.text())
def test_any_text_is_a_period_or_a_sentence(text: str) -> None:
    try:
        period = Period.parse(text)
    except DataProblem:
        return
    assert Period.parse(str(period)) == period


def test_years_sort_before_their_months_and_no_thirteenth_exists() -> None:
    assert Period(2022, 3).is_month
    assert sorted([Period(2022, 1), Period(2022), Period(2021, 12)])[1] == Period(2022)
    with pytest.raises(ValueError, match="no such period"):
        Period(2022, 13)


@pytest.mark.parametrize(
    ("today", "year", "month"),
    [
        (date(2022, 4, 2), 2022, 3),
        (date(2022, 4, 10), 2022, 3),
        (date(2022, 4, 11), 2022, 4),
        (date(2023, 1, 5), 2022, 12),
        (date(2023, 1, 5), 2023, 1),
        (date(2024, 6, 1), 2023, 12),
    ],
)
def test_the_month_that_is_being_reported(today: date, year: int, month: int) -> None:
    assert reported_month(today, year) == Period(year, month)
