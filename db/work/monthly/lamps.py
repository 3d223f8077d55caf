"""红黄绿灯: what a figure means beside its goal and the time that has passed, with the arithmetic in words.

    kind_of(standing) -> LampKind           quick: whole numbers alone
    lamp(standing, unit) -> Lamp            the same with its sentence

Thresholds, words and the points of a stage come from `resources/lamps.toml`, which the city can change.
green: the time-proportional plan is met · yellow: at most 30 points behind · red: more, or past the deadline, or over
what an at_most target allows · blue: due within 30 days · grey: no value. Of several that hold, the first of red, blue,
yellow, green is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from typing import NamedTuple

import resources
from db.core.values import from_micro
from db.work.arithmetic import figure

FILE = "lamps.toml"


class LampKind(StrEnum):
    """The colour of a lamp, as the palette names it."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    BLUE = "blue"
    GREY = "grey"

    @property
    def word(self) -> str:
        """Return what people read beside the lamp: 正常, 滞后, 严重, 临期, 不评."""
        return rules().words[self]


ORDER = (LampKind.RED, LampKind.YELLOW, LampKind.BLUE, LampKind.GREEN, LampKind.GREY)
"""The most urgent first, as lists and bars show them."""


@dataclass(frozen=True)
class LampRules:
    """The settings of `resources/lamps.toml`; points and percents are whole numbers."""

    yellow_points: int
    soon_days: int
    jump_percent: int
    jump_from_share: int
    forecast_months: int
    reporting_day: int
    remind_days: int
    words: Mapping[LampKind, str]
    stages: Mapping[str, int]
    source: str


class Standing(NamedTuple):
    """What a lamp is made from. Amounts are micro-units of one unit.

    `actual` ÷ `per` is the figure (`per` is 1 but for rates, which are not divided before they are compared); None:
    there is none, and `why` says why. `goal` None: no value set. Of the goal `before` was due before the stretch of
    time that runs now, of which `passed` of `days` days are over at `on`; by the county's own curve they are not days
    but shares of its plan. `cap`: an at_most target, of which `spreads` tells whether it fills up with time. `strict`:
    to be exceeded (突破), or for a cap not to be reached. `base`: where the figure starts from, 0 unless the plan
    states a baseline; `down`: it is to fall. `carried` is a sentence about an older figure that stands in.
    """

    actual: int | None
    goal: int | None
    before: int = 0
    passed: int = 1
    days: int = 1
    deadline: date | None = None
    on: date | None = None
    per: int = 1
    base: int = 0
    down: bool = False
    cap: bool = False
    spreads: bool = True
    strict: bool = False
    own_curve: bool = False
    carried: str = ""
    why: str = ""


@dataclass(frozen=True)
class Lamp:
    """A lamp; `percent` of the goal and percent `planned` by now have one decimal, None where nothing is judged.

    `done`: the goal is reached. `sentence` is the arithmetic, for people.
    """

    kind: LampKind
    sentence: str
    percent: Decimal | None = None
    planned: Decimal | None = None
    done: bool = False

    @property
    def word(self) -> str:
        """Return 正常, 滞后, 严重, 临期 or 不评."""
        return self.kind.word

    @property
    def behind(self) -> Decimal | None:
        """Return by how many percentage points the figure is behind its plan; negative when it is ahead."""
        return None if self.percent is None or self.planned is None else self.planned - self.percent


@cache
def rules() -> LampRules:
    """Return the settings; ValueError when the file lacks one."""
    raw = resources.load_toml(FILE)
    lamps = {LampKind(entry["kind"]): entry for entry in raw["lamp"]}
    if set(lamps) != set(LampKind):
        raise ValueError(f"{FILE}: a lamp is missing")
    return LampRules(
        yellow_points=raw["yellow_points"],
        soon_days=raw["soon_days"],
        jump_percent=raw["jump_percent"],
        jump_from_share=raw["jump_from_share"],
        forecast_months=raw["forecast_months"],
        reporting_day=raw["reporting_day"],
        remind_days=raw["remind_days"],
        words={kind: entry["word"] for kind, entry in lamps.items()},
        stages=dict(raw["stages"]),
        source=raw["source"],
    )


def kind_of(s: Standing) -> LampKind:
    """Return the colour. All comparisons are of whole numbers: 30 points behind is yellow, a millionth more is red."""
    if s.actual is None or s.goal is None:
        return LampKind.GREY
    past = s.on is not None and s.deadline is not None and s.deadline < s.on
    if s.cap:
        return _kind_of_cap(s)
    made, asked = _way(s)
    if made > asked or (made == asked and not s.strict):
        return LampKind.GREEN
    if past:
        return LampKind.RED
    if asked <= 0:
        return LampKind.RED
    late = _planned(s, asked) - made * s.days
    if late * 100 > rules().yellow_points * asked * s.days:
        return LampKind.RED
    if s.on is not None and s.deadline is not None and (s.deadline - s.on).days <= rules().soon_days:
        return LampKind.BLUE
    return LampKind.YELLOW if late > 0 else LampKind.GREEN


def is_done(s: Standing) -> bool:
    """Return whether the goal is reached; what may not be exceeded is never reached."""
    if s.actual is None or s.goal is None or s.cap:
        return False
    made, asked = _way(s)
    return made > asked or (made == asked and not s.strict)


def lamp(s: Standing, unit: str = "") -> Lamp:
    """Return the lamp with its arithmetic; amounts are shown in `unit` ("%" for rates, "" for stages)."""
    kind = kind_of(s)
    if s.goal is None or s.actual is None:
        why = s.why or ("没有目标值，不评。" if s.goal is None else "还没有报数，不评。")
        return Lamp(kind, why)
    percent, planned = percent_of(s), planned_percent(s)
    done = is_done(s)
    told = [_division(s, unit, percent)]
    if not done and planned is not None:
        told.append(_beside_plan(s, percent, planned))
    told.append(_deadline(s, done))
    if s.carried:
        told.append(s.carried)
    return Lamp(kind, "；".join(part for part in told if part) + "。", percent, planned, done)


def percent_of(s: Standing) -> Decimal | None:
    """Return the progress in %: (actual − base) ÷ (goal − base), or 占控制数; 100 or 0 where they meet."""
    if s.actual is None or s.goal is None:
        return None
    if s.cap:
        return _percent(s.actual, s.goal * s.per)
    made, asked = _way(s)
    if asked == 0:
        return Decimal(100 if made >= 0 else 0)
    return _percent(made, asked)


def planned_percent(s: Standing) -> Decimal | None:
    """Return how far the plan is by now, in % with one decimal; None where time plays no part."""
    if s.goal is None or (s.cap and not s.spreads):
        return None
    asked = (s.base - s.goal if s.down else s.goal - s.base) * s.per
    if s.cap:
        asked = s.goal * s.per
    return _percent(_planned(s, asked), asked * s.days) if asked > 0 else None


def share_of_due(s: Standing) -> Decimal | None:
    """Return what there is of what is due by now, in % with two decimals; None while nothing is due, and of no figure.

    Of a limit it is the share of what is allowed by now.
    """
    if s.actual is None or s.goal is None:
        return None
    made, asked = (s.actual, s.goal * s.per) if s.cap else _way(s)
    due = _planned(s, asked) if s.spreads or not s.cap else asked * s.days
    if due <= 0:
        return None
    return (Decimal(made * s.days * 100) / due).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _kind_of_cap(s: Standing) -> LampKind:
    assert s.actual is not None
    assert s.goal is not None
    allowed = s.goal * s.per
    if s.actual > allowed or (s.strict and s.actual == allowed):
        return LampKind.RED
    if not s.spreads:
        return LampKind.GREEN
    over = s.actual * s.days - _planned(s, allowed)
    if over * 100 > rules().yellow_points * allowed * s.days:
        return LampKind.RED
    return LampKind.YELLOW if over > 0 else LampKind.GREEN


def _way(s: Standing) -> tuple[int, int]:
    """Return how far the figure has come from where it started, and how far it has to come; both × `per`."""
    assert s.actual is not None
    assert s.goal is not None
    base = s.base * s.per
    if s.down:
        return base - s.actual, base - s.goal * s.per
    return s.actual - base, s.goal * s.per - base


def _planned(s: Standing, asked: int) -> int:
    """Return what of `asked` is due by now, × `days`."""
    before = s.before * s.per
    return before * s.days + (asked - before) * s.passed


def _percent(part: int, whole: int) -> Decimal:
    if whole == 0:
        return Decimal(100 if part <= 0 else 999)
    return (Decimal(part * 100) / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _division(s: Standing, unit: str, percent: Decimal | None) -> str:
    assert s.actual is not None
    assert s.goal is not None
    goal = figure(from_micro(s.goal), unit)
    actual = figure(_shown(s.actual, s.per), unit)
    if s.cap:
        over = "，超过控制数" if s.actual > s.goal * s.per else ""
        return f"占控制数 {actual} ÷ {goal} ＝ {percent}%{over}"
    if s.base or s.down:
        base = figure(from_micro(s.base), unit)
        if s.goal == s.base:
            return f"目标与基数同为{goal}，现为{actual}，{'达到' if percent else '没有达到'}"
        top, bottom = f"{actual} − {base}", f"{goal} − {base}"
        if s.down:
            top, bottom = f"{base} − {actual}", f"{base} − {goal}"
        return f"进度（{top}）÷（{bottom}）＝ {percent}%"
    if not s.goal:
        return f"目标是{goal}，现为{actual}"
    return f"{'进度' if unit else '按阶段折算'} {actual} ÷ {goal} ＝ {percent}%"


def _shown(actual: int, per: int) -> Decimal:
    if per == 1:
        return from_micro(actual)
    return (Decimal(actual) / per / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _beside_plan(s: Standing, percent: Decimal | None, planned: Decimal) -> str:
    plan = "按县里的月度计划" if s.own_curve else "按时间"
    gap = planned - (percent or Decimal(0))
    if s.cap:
        gap = -gap
        return f"{plan}到现在不应超过 {planned}%，" + (f"超出 {gap} 个百分点" if gap > 0 else "没有超出")
    if gap > 0:
        return f"{plan}应达 {planned}%，差 {gap} 个百分点"
    return f"{plan}应达 {planned}%，已经达到"


def _deadline(s: Standing, done: bool) -> str:
    if s.cap or s.deadline is None or s.on is None:
        return ""
    if done:
        return "已完成"
    days = (s.deadline - s.on).days
    if days < 0:
        return f"期限 {s.deadline} 已过 {-days} 天"
    return f"离期限 {s.deadline} 还有 {days} 天" if days <= rules().soon_days else ""
