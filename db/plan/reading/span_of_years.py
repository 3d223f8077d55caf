"""Which years a plan covers and when it came out, from its title, its first lines and the notice before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_RANGE = re.compile("((?:19|20)[0-9]{2})年?[ ]?[—－–~～\\-至到]+[ ]?((?:20)[0-9]{2})年")
_YEAR = re.compile("(20[0-9]{2})年")
_DAY = re.compile("(20[0-9]{2})年([0-9]{1,2})月([0-9]{1,2})日")
_CHINESE_DAY = re.compile(
    "([二〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_PLAN_PERIODS = {"十三五": 2016, "十四五": 2021, "十五五": 2026, "十六五": 2031}


def years_of(title: str, text: str) -> tuple[date, date]:
    """Return the first and the last day the plan covers.

    The title's years, its five-year period, its one year; without any of them the years that 到…年 in the text name,
    and at last the year of the plan's own date.
    """
    plain = title.translate(_DIGITS_ONLY)
    if found := _RANGE.search(plain):
        return _years(int(found[1]), int(found[2]))
    for name, first in _PLAN_PERIODS.items():
        if name in title or f"第{name[:2]}个{name[2]}年" in title:
            return _years(first, first + 4)
    if found := _YEAR.search(plain):
        return _years(int(found[1]), int(found[1]))
    if found := _RANGE.search(text[:3000]):
        return _years(int(found[1]), int(found[2]))
    ends = [int(year) for year in re.findall("(?:到|至|截至)(20[0-9]{2})年", text)]
    others = [int(year) for year in re.findall("(?<![比较从由自])(20[0-9]{2})年", text)]
    if ends:
        last = max(set(ends), key=lambda year: (ends.count(year), year))
        return _years(min(year for year in {*ends, *others} if last - 5 < year <= last), last)
    last = max(set(others), key=lambda year: (others.count(year), year)) if others else date.today().year
    return _years(last, last)


def published_on(text: str, plan_start: int, begins: date) -> date:
    """Return the day the paper was signed: before the plan, else behind it, else the first day it covers."""
    before = list(_days(text[:plan_start]))
    after = list(_days(text[-600:]))
    alone = [day for day, whole_line in before if whole_line] or [day for day, _ in before]
    return (alone[-1:] or [day for day, whole_line in after if whole_line][-1:] or [begins])[0]


def _years(first: int, last: int) -> tuple[date, date]:
    first, last = min(first, last), max(first, last)
    return date(first, 1, 1), date(last, 12, 31)


_DIGITS_ONLY = str.maketrans("〇○０１２３４５６７８９", "000123456789")
_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def _days(text: str) -> Iterator[tuple[date, bool]]:
    """Yield every day in the text and whether its line holds nothing else."""
    for line in text.split("\n"):
        bare = line.strip().strip("（）()").removesuffix("印发").strip()
        for found in _DAY.finditer(bare.translate(_DIGITS_ONLY)):
            if day := _day(int(found[1]), int(found[2]), int(found[3])):
                yield day, found.span() == (0, len(bare))
        for found in _CHINESE_DAY.finditer(bare):
            parts = _tens(found[2]), _tens(found[3])
            if day := _day(int(found[1].translate(_NUMERALS)), *parts):
                yield day, found.span() == (0, len(bare))


def _tens(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    digits = "一二三四五六七八九"
    return (10 * (digits.find(tens) + 1 or 1) if ten else 0) + (digits.find(ones) + 1 if ones else 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
