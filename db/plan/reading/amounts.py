"""Amounts: a number with its unit and the words of comparison at it (不低于40万户, 10%以上, 30%—40%, 翻一番)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from db.core.units import units
from db.plan.reading.numbers import Number, find_numbers
from db.plan.reading.phrases import beginning, ending, table
from db.plan.reading.places import bare
from db.plan.vocabulary import Comparator

_DASH = re.compile("[—–－~～至到-]{1,2}")
_ALSO = re.compile("[、和及与]|以及")
_DOUBLING = re.compile("翻(?P<times>[一两二三1-3])番")
_NO_UNIT = re.compile("方面|方式|方案|方位|方法|项目|处理|处置|点|台阶|人口|人员|级|日常|批准|件套|部门|部分")
_LONGEST_WORD = 6


@dataclass(frozen=True)
class Amount:
    """An amount in a text.

    `start` to `end` is number and unit; `first` to `last` takes in the words of comparison. `upper` is the far end of a
    range. `shared` tells that the word of comparison stands at a later amount of the same list. `before` is the word of
    comparison in front, "" for none.
    """

    start: int
    end: int
    first: int
    last: int
    value: Decimal
    unit: str
    comparator: Comparator
    arabic: bool
    before: str = ""
    behind: str = ""
    upper: Decimal | None = None
    shared: bool = False
    doubling: bool = False

    @property
    def compared(self) -> bool:
        """Return whether a word of comparison stands at it."""
        return bool(self.before or self.behind) or self.upper is not None


def find_amounts(text: str, masked: Sequence[tuple[int, int]]) -> tuple[list[Amount], list[Number]]:
    """Return the amounts of `text` in their order, and the numbers that have no unit; `masked` places are not read."""
    hidden = bare(masked)
    numbers = [one for one in find_numbers(text) if not hidden.around(one.start, one.end)]
    amounts: list[Amount] = []
    without_unit: list[Number] = []
    doublings = bare(hit.span() for hit in _DOUBLING.finditer(text))
    place = 0
    while place < len(numbers):
        number = numbers[place]
        place += 1
        if doublings.around(number.start, number.end):
            continue
        amount, used = _amount(text, number, numbers[place] if place < len(numbers) else None)
        if amount is None:
            without_unit.append(number)
        else:
            amounts.append(amount)
            place += used
    amounts += [_doubled(hit) for hit in _DOUBLING.finditer(text)]
    return _shared(text, sorted(amounts, key=lambda amount: amount.start)), without_unit


def _amount(text: str, number: Number, following: Number | None) -> tuple[Amount | None, int]:
    """Return the amount that begins with `number`, and how many further numbers it takes."""
    value, unit, end = number.value, _unit(text, number), 0
    upper, used = None, 0
    if unit is not None:
        end = unit.end()
    if following is not None and following.value is not None:
        far = _unit(text, following)
        joined = _DASH.fullmatch(text[end or number.end : following.start])
        if joined and far is not None and (unit is None or unit["unit"] == far["unit"]):
            upper, used, unit, end = following.value, 1, far, far.end()
    if value is None or unit is None:
        return None, 0
    before, first = _word_before(text, number.start)
    behind, last = _word_behind(text, end)
    return (
        Amount(
            number.start,
            end,
            first,
            last,
            value,
            "%" if number.percent and not unit["unit"] else unit["unit"].replace("％", "%"),
            _comparator(before, behind, unit["loose"], upper),
            number.arabic,
            before,
            behind,
            upper,
        ),
        used,
    )


def _unit(text: str, number: Number) -> re.Match[str] | None:
    """Return the match of what stands behind the number: `loose` (余) and `unit`."""
    if number.percent:
        return re.compile("(?P<loose>)(?P<unit>)").match(text, number.end)
    hit = _units().match(text, number.end)
    if hit is None or (len(hit["unit"]) == 1 and _NO_UNIT.match(text, hit.start("unit"))):
        return None
    return hit


@cache
def _units() -> re.Pattern[str]:
    names = {spelling for unit in units() for spelling in (unit.name, *unit.aliases)}
    names |= {"％", *table("amounts", "counted"), *table("amounts", "describing")}
    spelled = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    loose = "|".join(table("amounts", "loose"))
    multiple = "|".join(table("amounts", "multiples"))
    per = "|".join(re.escape(name) for name in sorted({*names, *table("amounts", "per")}, key=len, reverse=True))
    one = rf"(?:{spelled}|(?:{multiple})(?:{spelled}))"
    return re.compile(rf"(?P<loose>{loose}|)(?P<unit>{one}(?:/(?:{per}))?)(?![A-Za-z])", re.IGNORECASE)


def _word_before(text: str, start: int) -> tuple[str, int]:
    begin = max(0, start - _LONGEST_WORD)
    near = text[begin:start]
    for name in ("at_most", "at_least", "more_than", "less_than", "about"):
        hit = ending("comparators.before", name).search(near)
        if hit and not _is_part_of_longer(near, hit[0]):
            return hit[0], begin + hit.start()
    return "", start


def _is_part_of_longer(near: str, word: str) -> bool:
    """低于 is no word of its own in 不低于; the tables are asked in an order in which only this can go wrong."""
    return any(
        len(longer) > len(word) and longer.endswith(word) and near.endswith(longer)
        for words in table("comparators.before").values()
        for longer in words
    )


def _word_behind(text: str, end: int) -> tuple[str, int]:
    for name in ("about", "at_most", "at_least"):
        hit = beginning("comparators.behind", name).match(text, end)
        if hit:
            return hit[0], hit.end()
    return "", end


def _comparator(before: str, behind: str, loose: str, upper: Decimal | None) -> Comparator:
    for name in ("about", "at_most", "at_least"):
        if behind in table("comparators.behind", name):
            return Comparator(name)
    for name, words in table("comparators.before").items():
        if before in words:
            return Comparator(name)
    if loose:
        return Comparator(table("amounts", "loose")[loose])
    return Comparator.AT_LEAST if upper is not None else Comparator.EQUAL


def _shared(text: str, amounts: list[Amount]) -> list[Amount]:
    """Let a word behind the last of a list (3.1%、3.7%以上) or before the first hold for each of the list."""
    for place in range(len(amounts) - 2, -1, -1):
        one, after = amounts[place], amounts[place + 1]
        if (one.unit, after.unit) == ("个", "个百分点") and _ALSO.fullmatch(text[one.end : after.start]):
            one = amounts[place] = replace(one, unit=after.unit)
        if one.unit == after.unit and not one.compared and _ALSO.fullmatch(text[one.end : after.start]):
            amounts[place] = replace(one, comparator=after.comparator, behind=after.behind, shared=True)
    for place in range(1, len(amounts)):
        one, before = amounts[place], amounts[place - 1]
        if one.unit == before.unit and not one.compared and _ALSO.fullmatch(text[before.last : one.start]):
            amounts[place] = replace(one, comparator=before.comparator, before=before.before)
    return amounts


def _doubled(hit: re.Match[str]) -> Amount:
    """翻一番 is to grow by 100 %, 翻两番 by 300 %."""
    times = {"一": 1, "1": 1, "两": 2, "二": 2, "2": 2}.get(hit["times"], 3)
    value = Decimal(100 * (2**times - 1))
    start, end = hit.span()
    return Amount(start, end, start, end, value, "%", Comparator.EQUAL, arabic=True, doubling=True)
