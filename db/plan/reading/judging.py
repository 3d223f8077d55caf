"""How a target is counted: measure, allocation, direction, level or change, and the unit counties report in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from db.core.units import family_of
from db.plan.model import Clause
from db.plan.reading.drafts import Draft
from db.plan.reading.duties import has_words, is_from_above
from db.plan.reading.phrases import any_of, table
from db.plan.vocabulary import Allocation, Comparator, Direction, Measure, Mode, Nature, ValueKind

_SHARES = ("%", "个百分点", "‰", "百分点")
_NEW = re.compile("(?:^|[，、期前底年])(?:新增|新建|新培育|累计)")
_PROPER = (Nature.TARGET, Nature.STANDING_REQUIREMENT, Nature.RECURRING, Nature.PROHIBITION)


@dataclass(frozen=True)
class Judgement:
    """How a target is counted."""

    measure: Measure
    allocation: Allocation
    direction: Direction
    value_kind: ValueKind
    comparator: Comparator
    county_unit: str


def judge(draft: Draft, clause: Clause) -> Judgement:
    """Return how the target of `draft` in `clause` is counted."""
    text = clause.text[draft.start : draft.end]
    if draft.nature not in _PROPER:
        comparator = draft.amount.comparator if draft.amount else Comparator.NONE
        if draft.amount and clause.text[draft.amount.end : draft.amount.end + 5].find("半径内") >= 0:
            comparator = Comparator.AT_MOST
        unit = county_unit(draft.amount.unit, text) if draft.amount else ""
        return Judgement(Measure.NONE, Allocation.NONE, Direction.NONE, ValueKind.LEVEL, comparator, unit)
    if draft.amount is None:
        judgement = _uncounted(draft, text)
    elif draft.named:
        judgement = Judgement(
            Measure.STAGE,
            Allocation.COMPLETION,
            Direction.UP,
            ValueKind.LEVEL,
            draft.amount.comparator,
            county_unit(draft.amount.unit, text),
        )
    else:
        judgement = _counted(draft, clause.text, text)
    if _is_city_only(draft, clause, text):
        return _with(judgement, allocation=Allocation.CITY_ONLY)
    return judgement


def county_unit(unit: str, text: str) -> str:
    """Return the unit counties report amounts of `unit` in; `text` is what the target says."""
    for pair in table("county_units"):
        if pair["from"].casefold() == unit.casefold() and (not pair.get("words") or _any(pair["words"], text)):
            return str(pair["to"])
    return unit


def is_change(draft: Draft, text: str) -> Direction | None:
    """Return the direction of the verb of change right before the amount; None when it states a level.

    Of a list of amounts the verb stands before the first; 下降到 and 提高至 arrive at a level.
    """
    if draft.amount is None or draft.amount.unit not in _SHARES:
        return None
    if draft.amount.doubling:
        return Direction.UP
    before = text[draft.start : draft.amount.first]
    for direction in (Direction.DOWN, Direction.UP):
        verbs = "|".join(table("amounts.change", str(direction)))
        if re.search(rf"(?:{verbs})(?:了|率|幅度)?(?:分别)?(?:[0-9.、%％个百分点]*)$", before):
            return direction
    return None


def _counted(draft: Draft, whole: str, text: str) -> Judgement:
    amount = draft.amount
    assert amount is not None
    change = is_change(draft, whole)
    unit = county_unit(amount.unit, text)
    if change is not None:
        measure, allocation, direction, kind = Measure.RATE, Allocation.RATE, change, ValueKind.CHANGE
    else:
        measure = _measure(amount.unit, whole[draft.start : amount.first], text)
        allocation = Allocation.RATE if measure is Measure.RATE else Allocation.QUANTITY
        direction, kind = _level_direction(draft, whole), ValueKind.LEVEL
    return Judgement(measure, allocation, direction, kind, amount.comparator, unit)


def _measure(unit: str, before: str, text: str) -> Measure:
    ratio = "/" in unit and unit.rpartition("/")[2] not in table("amounts", "per_time")
    if unit in _SHARES or ratio or (family_of(unit) or "").startswith("coal_per"):
        return Measure.RATE
    if _NEW.search(before) and "每年" not in text:
        return Measure.CUMULATIVE
    if has_words(before, "measure", "stock") or has_words(text, "measure", "stock"):
        return Measure.STOCK
    if has_words(text, "measure", "flow"):
        return Measure.FLOW
    if has_words(before, "measure", "counted_as_done"):
        return Measure.CUMULATIVE
    return Measure.STOCK if "达" in text else Measure.CUMULATIVE


def _level_direction(draft: Draft, whole: str) -> Direction:
    assert draft.amount is not None
    if draft.amount.comparator in (Comparator.AT_MOST, Comparator.LESS_THAN):
        return Direction.DOWN
    before = whole[max(draft.start, draft.amount.first - 3) : draft.amount.start]
    return Direction.DOWN if re.search("[降减]", before) and "/" in draft.amount.unit else Direction.UP


def _uncounted(draft: Draft, text: str) -> Judgement:
    """Return how a target without a figure is counted: as work done or not, unless its words name what is counted."""
    if draft.nature is Nature.TARGET:
        for entry in table("measure", "uncounted"):
            if any_of(tuple(entry["words"])).search(text) and (not entry.get("from_above") or is_from_above(text)):
                return _by_entry(entry)
    return Judgement(Measure.STAGE, Allocation.COMPLETION, Direction.NONE, ValueKind.LEVEL, Comparator.NONE, "")


def _by_entry(entry: dict[str, Any]) -> Judgement:
    measure = Measure(entry["measure"])
    return Judgement(
        measure,
        Allocation.RATE if measure is Measure.RATE else Allocation.QUANTITY,
        Direction(entry["direction"]),
        ValueKind.LEVEL,
        Comparator(entry.get("comparator", "none")),
        entry["unit"],
    )


def _is_city_only(draft: Draft, clause: Clause, text: str) -> bool:
    if clause.mode is Mode.COUNTIES:
        return False
    subject = clause.text[draft.sentence : draft.end]
    general_aim = clause.part == "1" and draft.amount is None
    return general_aim or has_words(text, "measure", "city_only") or "工作专班，" in subject


def _any(words: list[str], text: str) -> bool:
    return any(word in text for word in words)


def _with(judgement: Judgement, *, allocation: Allocation) -> Judgement:
    return Judgement(
        judgement.measure,
        allocation,
        judgement.direction,
        judgement.value_kind,
        judgement.comparator,
        judgement.county_unit,
    )
