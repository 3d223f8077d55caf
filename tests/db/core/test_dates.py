from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.core.dates import date_from, parse_date
from db.core.errors import DataProblem
from tests.db.core.outcomes import is_sentence, outcome

DAY = date(2022, 3, 15)
DAYS = st.dates(date(1949, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2022.3.15",
        "2022年3月15日",
        "2022年3月15",
        "2022年3月15号",
        "2022 年 3 月 15 日",
        "2022-3-15",
        "2022/3/15",
        "2022-03-15",
        "20220315",
        "２０２２．３．１５",
        "２０２２年３月１５日",
        " 2022-03-15 ",
        "2022-03-15 00:00:00",
        "2022-03-15T00:00:00",
        "2022/3/15 0:00",
        "2022－3－15",
    ],
)
def test_read(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("12-15", "date.no_year", "没有年份"),
        ("3.15", "date.no_year", "没有年份"),
        ("3月15日", "date.no_year", "没有年份"),
        ("2022.3", "date.no_day", "没有写哪一日"),
        ("2022.10", "date.no_day", "没有写哪一日"),
        ("2022年3月", "date.no_day", "没有写哪一日"),
        ("202203", "date.no_day", "没有写哪一日"),
        ("2022", "date.no_month", "只有年份"),
        ("2022年", "date.no_month", "只有年份"),
        ("22.3.15", "date.short_year", "四位"),
        ("3/15/2022", "date.order", "最前面"),
        ("15.3.2022", "date.order", "最前面"),
        ("2022-02-30", "date.impossible", "2022年2月没有30日"),
        ("2022-02-29", "date.impossible", "2月没有29日"),
        ("20221301", "date.impossible", "没有13月"),
        ("2022-00-10", "date.impossible", "没有0月"),
        ("2022-01-00", "date.impossible", "1月没有0日"),
        ("1948-12-31", "date.year", "1949年至2100年"),
        ("2101-01-01", "date.year", "1949年至2100年"),
        ("0000-01-01", "date.year", "1949年至2100年"),
        ("2022-03-15 08:30", "date.time", "带有时间"),
        ("2022-3.15", "date.text", "不是日期"),
        ("年底前", "date.text", "不是日期"),
        ("44635", "date.text", "不是日期"),
        ("٢٠٢٢-٠٣-١٥", "date.text", "不是日期"),
        ("", "date.text", "不是日期"),
    ],
)
def test_refused(text: str, code: str, words: str) -> None:
    with pytest.raises(DataProblem) as caught:
        parse_date(text)
    assert caught.value.code == code
    assert words in str(caught.value)
    assert "请" in caught.value.advice


def test_dates_of_a_spreadsheet() -> None:
    assert date_from(datetime(2022, 3, 15)) == DAY
    assert date_from(DAY) == DAY
    assert date_from(44635) == DAY
    assert date_from(44635.0) == DAY
    assert date_from(20220315) == DAY
    assert date_from(20220315.0) == DAY
    assert type(date_from(datetime(2022, 3, 15))) is date


@pytest.mark.parametrize(
    "value",
    [
        datetime(2022, 3, 15, 8, 30),
        datetime(2022, 3, 15, tzinfo=timezone(timedelta(hours=8))),
        date(1948, 1, 1),
        44635.5,
        2022.3,
        2022.1,
        2022,
        0,
        -1,
        float("nan"),
        float("inf"),
        1e300,
        10**400,
        -(10**400),
    ],
)
def test_what_a_spreadsheet_spoilt_is_refused(value: date | float) -> None:
    with pytest.raises(DataProblem):
        date_from(value)


@given(DAYS)
def test_every_spelling_of_every_day(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month:02}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f"{day} 00:00:00",
    ):
        assert parse_date(text) == day
    assert date_from((day - date(1899, 12, 30)).days) == day


@given(st.text() | st.text(alphabet="0123456789-./年月日 :T０１２", max_size=14))
def test_any_text_is_a_day_or_a_sentence(text: str) -> None:
    day = outcome(lambda: parse_date(text))
    if isinstance(day, DataProblem):
        assert is_sentence(day)
    else:
        assert parse_date(day.isoformat()) == day


@given(st.floats() | st.integers())
def test_any_number_is_a_day_or_a_sentence(value: float) -> None:
    try:
        day = date_from(value)
    except DataProblem:
        return
    assert 1949 <= day.year <= 2100


def test_a_number_too_long_to_be_written_out_is_refused_too() -> None:
    for value in (10**5000, -(10**5000)):
        with pytest.raises(DataProblem):
            date_from(value)
