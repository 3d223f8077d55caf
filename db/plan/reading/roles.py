"""What an amount is there for: it is wanted, it decides who or what is meant, or it only describes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from functools import cache

from db.core.units import family_of
from db.plan.reading.amounts import Amount
from db.plan.reading.duties import OUGHT
from db.plan.reading.phrases import ending, phrases, table
from db.plan.reading.times import Role as TimeRole
from db.plan.reading.times import Time

# Of a thing of this size and more (or less), whatever verb stands before it.
_ALWAYS_KINDS = {"power", "boiler", "kiln", "tyres", "yearly_mass"}
_NEAR = 14
# 4.3米焦炉2座: two are wanted, of this size.
_SIZED_AND_COUNTED = re.compile("[^0-9，。；、（的]{1,8}(?:机|炉|窑|车|线|站|船|桩)[0-9]")
_LONGEST_THING = 80
# 每年开展一次 says how often, not how much.
_TIMES = ("次", "场", "期", "批", "批次")


class Role(Enum):
    """The role of an amount in its piece of text."""

    WANTED = "wanted"
    NAMED = "named"
    CRITERION = "criterion"
    REFERENCE = "reference"
    BASELINE = "baseline"
    DESCRIBING = "describing"
    NONE = "none"


def role_of(amount: Amount, text: str, start: int, end: int, times: Sequence[Time]) -> Role:
    """Return the role of `amount` in the piece of `text` from `start` to `end`."""
    before, behind = text[start : amount.start], text[amount.last : end]
    if amount.unit in table("amounts", "describing"):
        return Role.DESCRIBING
    if _is_baseline(amount, text, times):
        return Role.BASELINE
    if amount.doubling:
        return Role.WANTED
    if _is_magnitude(behind):
        return Role.NONE
    if amount.value == 1 and amount.unit in _TIMES and not amount.arabic:
        return Role.NONE
    if phrases("amounts", "radius").match(text, amount.end):
        return Role.REFERENCE
    if _is_criterion(amount, before, behind):
        return Role.CRITERION
    if _is_sized(amount) and not amount.compared and _SIZED_AND_COUNTED.match(behind):
        return Role.CRITERION
    if amount.before and behind == "的" and before.strip():
        return Role.CRITERION
    if _is_sized(amount) and not amount.compared and _has_thing(behind):
        if ending("amounts", "owners").search(before) or _is_named_project(before, behind):
            return Role.NAMED
        if not before.strip("“”"):
            return Role.CRITERION
    if _is_reference(before, text[amount.start : end], text[start:end]):
        return Role.REFERENCE
    return Role.WANTED if _is_wanted(amount, before, behind) else Role.NONE


def criterion_place(amount: Amount, text: str, start: int, end: int) -> tuple[int, int]:
    """Return the words that say what is meant: the property before the amount, and the thing behind it."""
    begin = max(start, amount.first - _LONGEST_THING)
    hit = _properties().search(text[begin : amount.first])
    first = begin + hit.start() if hit else amount.start
    return first, things_end(text, amount.last, end)


def things_end(text: str, start: int, end: int) -> int:
    """Return where the thing ends that begins at `start`: behind its last noun, before a verb or a mark."""
    behind = re.split("[，。；、（(]", text[start : min(end, start + _LONGEST_THING)], maxsplit=1)[0]
    stops = [hit.start() for hit in (pattern.search(behind, 1) for pattern in _stops()) if hit]
    kept = behind[: min(stops)] if stops else behind
    nouns = list(phrases("amounts", "things").finditer(kept))
    return start + (nouns[-1].end() if nouns else len(kept))


def _is_baseline(amount: Amount, text: str, times: Sequence[Time]) -> bool:
    if any(time.role is TimeRole.BASELINE and time.end == amount.start for time in times):
        return True
    return text[amount.start - 1 : amount.start] in ("由", "从") and amount.start > 0


def _is_magnitude(behind: str) -> bool:
    return behind.startswith("级")


def _is_sized(amount: Amount) -> bool:
    return family_of(amount.unit) in table("amounts", "sizes")


def _has_thing(behind: str) -> bool:
    return phrases("amounts", "things").search(re.split("[，。；、（(]", behind)[0]) is not None


def _is_criterion(amount: Amount, before: str, behind: str) -> bool:
    """An amount with 以上 or 以下 and a thing behind it tells which things are meant, unless so many are to be made."""
    if amount.behind in ("左右", "上下", "以内") or not _has_thing(behind):
        return False
    property_before = _properties().search(before[: len(before) - len(amount.before)]) is not None
    family = family_of(amount.unit)
    if not amount.behind:
        return property_before and behind.startswith("的")
    if behind.startswith("的"):
        return property_before or _is_sized(amount) or family == "percent"
    if family in _ALWAYS_KINDS or (property_before and _is_sized(amount)):
        return True
    return _is_sized(amount) and (amount.behind in ("及以下", "及以上", "以下") or not _is_made(before))


def _is_made(before: str) -> bool:
    return phrases("amounts", "making").search(before[-_NEAR:]) is not None


def _is_named_project(before: str, behind: str) -> bool:
    return re.search("项目(建设)?$|工程(建设)?$", behind) is not None and len(before) > 3


def _is_reference(before: str, from_here: str, piece: str) -> bool:
    hit = phrases("amounts", "reference").search(piece)
    if hit is None:
        return False
    return hit.end() <= len(before) or hit.end() > len(before) + 1 or from_here == ""


def _is_wanted(amount: Amount, before: str, behind: str) -> bool:
    if amount.compared or amount.unit in ("%", "个百分点", "‰"):
        return True
    if not amount.arabic:
        return _is_made(before)
    return _is_made(before) or not behind or before == "" or _changes(before)


def _changes(before: str) -> bool:
    down, up = table("amounts.change", "down"), table("amounts.change", "up")
    return any(word in before[-_NEAR:] for word in (*down, *up))


def _stops() -> tuple[re.Pattern[str], ...]:
    return phrases("amounts", "behind_things"), OUGHT


@cache
def _properties() -> re.Pattern[str]:
    names = "|".join(sorted(table("amounts", "properties"), key=len, reverse=True))
    return re.compile(rf"(?:(?<!涉)大宗货物)?(?:{names})[^，、的]{{0,2}}$")
