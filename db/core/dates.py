"""Reading dates: one way for typed, pasted and imported ones; a date without a year, a month or a day is refused.

Read: `2022-3-15` `2022.3.15` `2022/3/15` `2022年3月15日` `20220315`, full-width digits, a time of 00:00 behind it. The
order is always year, month, day, the year has four digits and lies between 1949 and 2100.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from db.core.errors import DataProblem
from db.core.text import fold_width, quote

FIRST_YEAR, LAST_YEAR = 1949, 2100

_MIDNIGHT = re.compile(r"(?:T|\s+)0{1,2}:00(?::00(?:\.0+)?)?$")
_TIME = re.compile(r"(?:T|\s+)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$")
_FULL = (
    re.compile(r"([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})"),
    re.compile(r"([0-9]{4})(\s*年\s*)([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]?"),
    re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})"),
)
_NO_DAY = re.compile(r"[0-9]{4}(?:[-./][0-9]{1,2}|\s*年\s*[0-9]{1,2}\s*月?|[0-9]{2})")
_NO_MONTH = re.compile(r"[0-9]{4}\s*年?")
_NO_YEAR = re.compile(r"[0-9]{1,2}(?:[-./][0-9]{1,2}|\s*月\s*[0-9]{1,2}\s*[日号]?)")
_SHORT_YEAR = re.compile(r"[0-9]{2}(?:[-./][0-9]{1,2}[-./][0-9]{1,2}|\s*年.*)")
_YEAR_LAST = re.compile(r"[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{4}")
_EXAMPLE = "例如2022-03-15"
# Day 0 of the spreadsheet calendar, shifted by its nonexistent 29 February 1900; right for every day after that.
_SPREADSHEET_ZERO = date(1899, 12, 30)
_MOST_DIGITS = 10**9


def parse_date(text: str) -> date:
    """Return the day that `text` states; DataProblem, in words for the clerk, when it does not state exactly one."""
    folded = _MIDNIGHT.sub("", fold_width(text))
    for form in _FULL:
        match = form.fullmatch(folded)
        if match:
            return _day(int(match[1]), int(match[3]), int(match[4]), text)
    raise _no_date(folded, text)


def date_from(value: date | datetime | int | float) -> date:
    """Return the day in a spreadsheet's `value`: date, datetime at midnight, day number, or the number 20220315."""
    if isinstance(value, datetime):
        if value.timetz() != time(0):
            raise DataProblem(f"{quote(value)}带有时间。", advice=f"请只填日期，{_EXAMPLE}。", code="date.time")
        value = value.date()
    if isinstance(value, date):
        return _day(value.year, value.month, value.day, value)
    if _day_number(date(FIRST_YEAR, 1, 1)) <= value <= _day_number(date(LAST_YEAR, 12, 31)) and value == int(value):
        return _SPREADSHEET_ZERO + timedelta(days=int(value))
    if not 0 <= value < _MOST_DIGITS:
        raise DataProblem(f"{quote(value)}不是日期。", advice=f"请写全年月日，{_EXAMPLE}。", code="date.text")
    return parse_date(f"{value:.15g}")


def _day_number(day: date) -> int:
    return (day - _SPREADSHEET_ZERO).days


def _day(year: int, month: int, day: int, shown: object) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DataProblem(
            f"{quote(shown)}的年份不在{FIRST_YEAR}年至{LAST_YEAR}年之间。", advice="请核对年份。", code="date.year"
        )
    try:
        return date(year, month, day)
    except ValueError:
        fault = f"{month}月没有{day}日" if 1 <= month <= 12 else f"没有{month}月"
        raise DataProblem(
            f"{quote(shown)}不是存在的日期：{year}年{fault}。", advice="请核对。", code="date.impossible"
        ) from None


def _no_date(folded: str, text: str) -> DataProblem:
    shown = quote(text)
    for form, fault, code in (
        (_NO_DAY, "没有写哪一日", "date.no_day"),
        (_NO_MONTH, "只有年份", "date.no_month"),
        (_NO_YEAR, "没有年份", "date.no_year"),
        (_SHORT_YEAR, "的年份不是四位数", "date.short_year"),
        (_YEAR_LAST, "的年份不在最前面，看不出月和日的先后", "date.order"),
    ):
        if form.fullmatch(folded):
            return DataProblem(f"{shown}{fault}。", advice=f"请写全年月日，{_EXAMPLE}。", code=code)
    if _TIME.search(folded):
        return DataProblem(f"{shown}带有时间。", advice=f"请只填日期，{_EXAMPLE}。", code="date.time")
    return DataProblem(f"{shown}不是日期。", advice=f"请写全年月日，{_EXAMPLE}。", code="date.text")
