"""The scoring table: points, weights, bands, deductions and grades, from a file that the city can replace.

default_table() -> ScoringTable            the program's own, `resources/scoring.toml`
read_scoring(text) -> Reading              a table from outside, or everything that is wrong with it

Points, shares and deductions are decimals; percents are of 100. 分值 of a task are never negative, 得分 never more.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import resources
from db.core.errors import Problem
from db.plan.vocabulary import Measure, Nature

FILE = "scoring.toml"
BY_COMPLETION = "按完成率"
MEASURES = tuple(str(m) for m in (Measure.CUMULATIVE, Measure.FLOW, Measure.STOCK, Measure.RATE, Measure.STAGE))
NATURES = tuple(str(n) for n in (Nature.TARGET, Nature.STANDING_REQUIREMENT, Nature.PROHIBITION, Nature.RECURRING))
SOFT = "soft"
DEDUCTIONS = ("no_figure", "late", "overdue")
LARGEST = 100_000
"""Characters of a scoring table from outside."""
TOO_LARGE = Problem("scoring", "文件太大，不像评分表。", "请核对文件。", "")

_ALLOWED = ("title", "source", "points", "weights", "tasks", "bands", "cap_bands", "deductions", "grades")
_TASK = re.compile(r"[0-9]{2,3}-[0-9]{2,3}(-[0-9]+)?")
_PLACE = re.compile(r"\(at line ([0-9]+), column ([0-9]+)\)|\(at end of document\)")
_MOST = Decimal(100_000)


@dataclass(frozen=True)
class Band:
    """From this completion (%) on, or up to this share of what is allowed, `share` % of the points; None: as much as
    the completion.
    """

    limit: Decimal
    share: Decimal | None


@dataclass(frozen=True)
class ScoringTable:
    """A scoring table; `bands` and `grades` from the highest down, `cap_bands` from the lowest up."""

    title: str
    source: str
    points: Mapping[str, Decimal]
    weights: Mapping[str, Decimal]
    tasks: Mapping[str, Decimal]
    bands: tuple[Band, ...]
    cap_bands: tuple[Band, ...]
    deductions: Mapping[str, Decimal]
    grades: tuple[tuple[Decimal, str], ...]

    def grade(self, percent: Decimal) -> str:
        """Return the word for a total of so many of a hundred points."""
        return next((word for limit, word in self.grades if percent >= limit), "")


@dataclass(frozen=True)
class Reading:
    """What a file gave: a table, or the problems that keep it from being one."""

    table: ScoringTable | None
    problems: tuple[Problem, ...]


@cache
def default_table() -> ScoringTable:
    """Return the program's own table; ValueError when its file is not a sound one."""
    found = read_scoring(resources.text(FILE))
    if found.table is None:
        raise ValueError(f"{FILE}: " + "；".join(problem.sentence() for problem in found.problems))
    return found.table


def read_scoring(text: str) -> Reading:
    """Return the table that `text` (TOML) describes; every fault is a sentence with its place, not only the first."""
    if len(text) > LARGEST:
        return Reading(None, (TOO_LARGE,))
    try:
        raw = tomllib.loads(text.lstrip("\ufeff"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a bare ValueError
        return Reading(None, (_syntax(str(error)),))
    reader = _Reader(raw)
    table = reader.table()
    return Reading(None if reader.problems else table, tuple(reader.problems))


def _syntax(message: str) -> Problem:
    found = _PLACE.search(message)
    where = f"第{found[1]}行第{found[2]}列" if found and found[1] else "文件末尾" if found else ""
    return _fault(where, "不符合 TOML 的写法。", "请对照程序自带的评分表，看引号、方括号和等号。")


def _fault(place: str, message: str, advice: str) -> Problem:
    return Problem("scoring", message, advice, place)


class _Reader:
    """Reads one table and keeps on after a fault."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw
        self.problems: list[Problem] = []

    def table(self) -> ScoringTable:
        for name in self._raw:
            if name not in _ALLOWED:
                self._say(name, "不认识这一节。", f"可以写的有：{'、'.join(_ALLOWED)}。")
        return ScoringTable(
            title=self._text("title"),
            source=self._text("source"),
            points=self._numbers("points", MEASURES),
            weights=self._numbers("weights", (*NATURES, SOFT)),
            tasks=self._tasks(),
            bands=tuple(sorted(self._bands("bands", "from"), key=lambda band: -band.limit)),
            cap_bands=tuple(sorted(self._bands("cap_bands", "to"), key=lambda band: band.limit)),
            deductions=self._numbers("deductions", DEDUCTIONS, most=Decimal(100)),
            grades=tuple(sorted(self._grades(), reverse=True)),
        )

    def _say(self, place: str, message: str, advice: str) -> None:
        self.problems.append(_fault(place, message, advice))

    def _text(self, name: str) -> str:
        found = self._raw.get(name)
        if not isinstance(found, str) or not found.strip() or len(found) > 200:
            self._say(name, "要写一句话，不超过200个字。", '例如：title = "2022年度评分表"。')
            return ""
        return found.strip()

    def _number(self, place: str, found: Any, most: Decimal = _MOST) -> Decimal:
        good = isinstance(found, int | Decimal) and not isinstance(found, bool)
        if not good or not Decimal(found).is_finite() or not 0 <= found <= most:
            limit = f"0到{most:f}之间" if most < _MOST else "不小于0"
            self._say(place, f"要写{limit}的数，现在是“{found}”。", "请改成数字，不加引号和单位。")
            return Decimal(0)
        return Decimal(found)

    def _numbers(self, name: str, keys: tuple[str, ...], most: Decimal = _MOST) -> dict[str, Decimal]:
        section = self._section(name)
        for key in section:
            if key not in keys:
                self._say(f"{name}.{key}", "不认识这个名称。", f"可以写的有：{'、'.join(keys)}。")
        for key in keys:
            if key not in section:
                self._say(f"{name}.{key}", "没有写。", "请补上。")
        return {key: self._number(f"{name}.{key}", section[key], most) for key in keys if key in section}

    def _section(self, name: str) -> Mapping[str, Any]:
        found = self._raw.get(name)
        if not isinstance(found, dict):
            self._say(name, "缺少这一节。", f"请写一行 [{name}]，下面逐行写各项。")
            return {}
        return found

    def _tasks(self) -> dict[str, Decimal]:
        section = self._raw.get("tasks", {})
        if not isinstance(section, dict):
            self._say("tasks", "要写成一节。", "请写一行 [tasks]，下面逐行写任务编号和分值。")
            return {}
        for key in section:
            if not _TASK.fullmatch(key):
                self._say(f"tasks.{key}", "不是任务编号。", '请写成 "08-06-1" = 15 这样。')
        return {key: self._number(f"tasks.{key}", value) for key, value in section.items() if _TASK.fullmatch(key)}

    def _bands(self, name: str, limit: str) -> Iterator[Band]:
        seen: set[Decimal] = set()
        for place, entry in self._entries(name):
            if set(entry) != {limit, "share"}:
                self._say(place, f"要写 {limit} 和 share 两项。", "请对照程序自带的评分表。")
                continue
            at = self._number(f"{place}.{limit}", entry[limit])
            if at in seen:
                self._say(f"{place}.{limit}", f"{at:f}写了两次。", "请删去一个。")
            seen.add(at)
            if entry["share"] == BY_COMPLETION and limit == "from":
                yield Band(at, None)
            else:
                yield Band(at, self._number(f"{place}.share", entry["share"], Decimal(100)))
        if limit == "from" and seen and Decimal(0) not in seen:
            self._say(name, "没有写从0开始的一档。", "请补一档 from = 0。")

    def _grades(self) -> Iterator[tuple[Decimal, str]]:
        for place, entry in self._entries("grades"):
            word = entry.get("word")
            if set(entry) != {"from", "word"} or not isinstance(word, str) or not 0 < len(word) <= 20:
                self._say(place, "要写 from 和 word 两项，word 是等次的名称。", '例如：from = 90，word = "优秀"。')
                continue
            yield self._number(f"{place}.from", entry["from"], Decimal(100)), word

    def _entries(self, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        found = self._raw.get(name)
        if not isinstance(found, list) or not found or not all(isinstance(each, dict) for each in found):
            self._say(name, "至少要有一档。", f"请写一行 [[{name}]]，下面写这一档的内容。")
            return
        for number, entry in enumerate(found, start=1):
            yield f"{name}第{number}档", entry
