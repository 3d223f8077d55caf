from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.plan.reading.times import Role, Time, find_times
from db.plan.vocabulary import DeadlineBasis

STATED, INFERRED, NONE = DeadlineBasis.STATED, DeadlineBasis.INFERRED, DeadlineBasis.NONE


def times(text: str, begins: int = 2021, ends: int = 2023) -> list[Time]:
    return find_times(text, begins=date(begins, 1, 1), ends=date(ends, 12, 31))


@pytest.mark.parametrize(
    ("text", "words", "day", "basis"),
    [
        ("到2023年，", "到2023年", date(2023, 12, 31), INFERRED),
        ("2022年，", "2022年", date(2022, 12, 31), INFERRED),
        ("2023年年底前，", "2023年年底前", date(2023, 12, 31), STATED),
        ("到2021年底前，", "到2021年底前", date(2021, 12, 31), STATED),
        ("至2025年末，", "2025年末", date(2025, 12, 31), STATED),
        ("2021年10月底前完成", "2021年10月底前", date(2021, 10, 31), STATED),
        ("2024年2月底前", "2024年2月底前", date(2024, 2, 29), STATED),
        ("2023年6月30日前", "2023年6月30日前", date(2023, 6, 30), STATED),
        ("2023年6月前", "2023年6月前", date(2023, 5, 31), INFERRED),
        ("２０２３年６月底前", "２０２３年６月底前", date(2023, 6, 30), STATED),
        ("2022年采暖季之前完成", "2022年采暖季之前", date(2022, 11, 14), INFERRED),
        ("2022年上半年完成", "2022年上半年", date(2022, 6, 30), INFERRED),
        ("2022年第三季度末", "2022年第三季度末", date(2022, 9, 30), STATED),
        ("2023年前完成", "2023年前", date(2022, 12, 31), INFERRED),
        ("2021—2023年，", "2021—2023年", date(2023, 12, 31), INFERRED),
        ("到“十四五”末，", "到“十四五”末", date(2025, 12, 31), INFERRED),
        ("三年内完成", "三年内", date(2023, 12, 31), INFERRED),
        ("用2年时间", "用2年时间", date(2022, 12, 31), INFERRED),
        ("今年年底前", "今年年底前", date(2021, 12, 31), STATED),
        ("明年3月底前", "明年3月底前", date(2022, 3, 31), STATED),
    ],
)
def test_a_deadline_is_read(text: str, words: str, day: date, basis: DeadlineBasis) -> None:
    (time,) = times(text)
    assert (time.text, time.role, time.day, time.basis) == (words, Role.DEADLINE, day, basis)
    assert text[time.start : time.end] == words


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("比2020年下降10%", 2020),
        ("较2020年减少3%", 2020),
        ("从2020年的16.4亿立方米", 2020),
        ("与2019年相比", 2019),
        ("2020年基础上", 2020),
        ("较上年增长", 2020),
        ("同比下降", 2020),
        ("环比下降", None),
    ],
)
def test_a_year_to_compare_with_is_no_deadline(text: str, year: int | None) -> None:
    (time,) = times(text)
    assert (time.role, time.year, time.day) == (Role.BASELINE, year, None)


@pytest.mark.parametrize("text", ["每年开展", "每季度通报", "2015年以来", "自2018年实施", "2017年年底前历史遗留的"])
def test_other_times_end_nothing(text: str) -> None:
    (time,) = times(text)
    assert time.role is Role.OTHER


def test_without_a_year_it_is_that_of_the_time_before_or_of_a_plan_of_one_year() -> None:
    assert [time.day for time in times("2022年6月底前完成甲，9月底前完成乙")] == [date(2022, 6, 30), date(2022, 9, 30)]
    assert [time.day for time in times("年底前完成", 2024, 2024)] == [date(2024, 12, 31)]
    (unknown,) = times("年底前完成")
    assert (unknown.day, unknown.basis) == (None, NONE)


@pytest.mark.parametrize("text", ["2023年13月底前", "2023年2月30日前", "2023年0月底前"])
def test_a_day_that_is_none_is_not_guessed(text: str) -> None:
    assert [time.day for time in times(text)] == [None]


@given(st.dates(date(2021, 1, 1), date(2026, 12, 31)))
def test_a_stated_day_comes_back(day: date) -> None:
    for text in (f"{day.year}年{day.month}月{day.day}日前", f"{day.year}年{day.month:02}月{day.day:02}日前"):
        assert [(time.day, time.basis) for time in times(text)] == [(day, STATED)]
    month_end = date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])
    assert [time.day for time in times(f"{day.year}年{day.month}月底前")] == [month_end]


@given(st.text("0123456789年月日底末前到至比较从的每“”十四五内上半季度采暖今明", max_size=25))
def test_any_text_has_times_in_their_places(text: str) -> None:
    for time in times(text):
        assert text[time.start : time.end] == time.text
        assert (time.day is None) <= (time.basis is NONE)
