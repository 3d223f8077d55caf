"""Times as a plan writes them, and the last day each one means.

`stated` when the text gives the last day (年底前, 10月底前, 6月30日前), `inferred` when it gives a year, a season or a
period (到2023年 is 2023-12-31; 采暖季之前 is the day before 15 November). What has no year takes that of the
time before it, else the plan's.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from db.core.text import fold_width
from db.plan.reading.numbers import chinese_value
from db.plan.vocabulary import DeadlineBasis

_N = "[0-9０-９]{1,2}"
_BEFORE = "(?:之前|以前|前|止)"
_HEATING_BEGINS = (11, 15)


class Role(Enum):
    """What a time does: it ends something, it is what a change is held against, or it tells of something else."""

    DEADLINE = "deadline"
    BASELINE = "baseline"
    OTHER = "other"


@dataclass(frozen=True)
class Time:
    """A time in a text: `day` is the last day it means, None where that is not known; `year` the year it names."""

    start: int
    end: int
    text: str
    role: Role
    day: date | None
    basis: DeadlineBasis
    year: int | None


Meaning = tuple[date | None, DeadlineBasis]


def find_times(text: str, *, begins: date, ends: date) -> list[Time]:
    """Return every time of `text` in its order; `begins` and `ends` bound the years of the plan."""
    found: list[Time] = []
    year = begins.year if begins.year == ends.year else None
    for hit in _TIME.finditer(text):
        name = str(hit.lastgroup)
        time = _time(hit, name, year, begins=begins, ends=ends)
        if time.role is Role.DEADLINE and time.year is not None and time.year >= begins.year:
            year = time.year
        found.append(time)
    return found


def _time(hit: re.Match[str], name: str, year: int | None, *, begins: date, ends: date) -> Time:
    words = fold_width(hit[0])
    own = _own_year(words, begins)
    if name == "baseline":
        return Time(hit.start(), hit.end(), hit[0], Role.BASELINE, None, DeadlineBasis.NONE, own)
    if name in ("cycle", "other"):
        return Time(hit.start(), hit.end(), hit[0], Role.OTHER, None, DeadlineBasis.NONE, own)
    own = own if own is not None else year
    if name == "within":
        day, basis = _within(words, begins, ends), DeadlineBasis.INFERRED
    elif name == "five_years":
        day, basis = _five_years(words), DeadlineBasis.INFERRED
    elif own is None:
        day, basis = None, DeadlineBasis.NONE
    else:
        day, basis = _last_day(words, own)
    past = day is not None and day < begins
    return Time(
        hit.start(), hit.end(), hit[0], Role.OTHER if past else Role.DEADLINE, day, basis, day.year if day else None
    )


def _own_year(words: str, begins: date) -> int | None:
    years = re.findall(r"[0-9]{4}(?=年|[—–\-~至到])", words)
    if years:
        return int(years[-1])
    for word, shift in (("明年", 1), ("去年", -1), ("上年", -1), ("同比", -1), ("今年", 0), ("本年", 0), ("当年", 0)):
        if word in words:
            return begins.year + shift
    return None


def _last_day(words: str, year: int) -> Meaning:
    """Return the last day that a time within `year` means."""
    stated = re.search(r"底|末|终|日|止", words) is not None
    month = re.search(r"([0-9]{1,2})月(?:([0-9]{1,2})[日号])?", words)
    if month:
        return _in_month(words, year, int(month[1]), int(month[2]) if month[2] else None, stated=stated)
    if re.search("采暖|供暖|取暖|入冬|冬季", words):
        return date(year, *_HEATING_BEGINS) - timedelta(days=1), DeadlineBasis.INFERRED
    if "上半年" in words:
        return date(year, 6, 30), DeadlineBasis.STATED if stated else DeadlineBasis.INFERRED
    quarter = re.search("([一二三四1-4])季度", words)
    if quarter:
        last = "一二三四".find(quarter[1]) + 1 or int(quarter[1])
        return _month_end(year, 3 * last), DeadlineBasis.STATED if stated else DeadlineBasis.INFERRED
    if re.search(f"年{_BEFORE}$", words) and not stated:
        return date(year - 1, 12, 31), DeadlineBasis.INFERRED
    return date(year, 12, 31), DeadlineBasis.STATED if stated else DeadlineBasis.INFERRED


def _in_month(words: str, year: int, month: int, day: int | None, *, stated: bool) -> Meaning:
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= calendar.monthrange(year, month)[1]):
        return None, DeadlineBasis.NONE
    if day is not None:
        return date(year, month, day), DeadlineBasis.STATED
    if stated:
        return _month_end(year, month), DeadlineBasis.STATED
    if re.search("上旬|中旬", words):
        return date(year, month, 10 if "上旬" in words else 20), DeadlineBasis.INFERRED
    if re.search(f"月{_BEFORE}$", words):
        return date(year, month, 1) - timedelta(days=1), DeadlineBasis.INFERRED
    return _month_end(year, month), DeadlineBasis.INFERRED


def _within(words: str, begins: date, ends: date) -> date | None:
    """Return the end of 三年内 and 用3年时间: the plan's end when it lasts as long, else counted from its beginning."""
    hit = re.search("[0-9]+|[一二两三四五六七八九十]+", words)
    count = None if hit is None else int(hit[0]) if hit[0].isdigit() else int(chinese_value(hit[0]) or 0)
    if not count or count > 50:
        return None
    return ends if ends.year - begins.year + 1 == count else date(begins.year + count - 1, 12, 31)


def _five_years(words: str) -> date:
    return date({"十三五": 2020, "十四五": 2025, "十五五": 2030}[re.sub("[^一二三四五十]", "", words)[:3]], 12, 31)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


_D4 = "[0-9０-９]{4}"
_EARLIER = rf"{_D4}年(?:同期|的?基础上)|(?:比|较)?(?:去年同期|上年度?同期|去年|上年度?)|同比|环比"
_RELATIVE = "(?:今年|明年|本年度?|当年)"
_TIME = re.compile(
    "|".join(
        f"(?P<{name}>{form})"
        for name, form in (
            ("other", rf"{_D4}年(?:以来|以后|之后|起)|[自从]{_D4}年(?:起|开始|以来)"),
            (
                "baseline",
                rf"(?:比|较|从|由|与|相比于?|对比){_D4}年(?:年?底|末)?(?:的|相比|同期|水平)?(?!前|以前|之前)|{_EARLIER}",
            ),
            ("cycle", "每(?:两|半|一)?(?:年度?|季度?|月|周|日|旬)(?:度)?"),
            ("day", rf"(?:到|截至|截止到?)?(?:{_D4}年|{_RELATIVE})?{_N}月{_N}[日号](?:{_BEFORE}|底前)?"),
            ("month", rf"(?:到|截至|截止到?)?(?:{_D4}年|{_RELATIVE})?{_N}月份?(?:底|末|上旬|中旬|下旬)?{_BEFORE}?"),
            (
                "span",
                rf"(?:到|截至|截止到?)?(?:{_D4}年?[—–\-~至到]{{1,2}}{_D4}年)(?:期间)?",
            ),
            (
                "season",
                rf"(?:到|截至)?(?:{_D4}年|{_RELATIVE})(?:度)?(?:(?:秋冬季)?(?:采暖|供暖|取暖)(?:季|期)|入冬|冬季)(?:来临|开始|到来)?{_BEFORE}",
            ),
            (
                "quarter",
                rf"(?:到|截至)?(?:{_D4}年|{_RELATIVE})?(?:上半年|第?[一二三四1-4]季度|前三季度)(?:末|底)?{_BEFORE}?",
            ),
            ("year", rf"(?:到|截至|截止到?)?(?:{_D4}年|{_RELATIVE})度?(?:年?(?:底|末|终))?{_BEFORE}?"),
            ("end", rf"(?:到)?(?:年底|年末|年终|年内)(?:{_BEFORE})?"),
            ("five_years", "(?:到)?“?十[三四五]五”?(?:期)?(?:末|期间|时期|末期)"),
            ("within", "(?:用|利用|力争)?(?:[0-9]{1,2}|[一二两三四五六七八九十])年(?:左右)?(?:之内|以内|内|时间)"),
        )
    )
)
