"""Stretches of a text, asked what takes in or touches another.

A plan may have tens of thousands of numbers, dates and brackets in one line; asking each about all others is what makes
a reader hang. Here a question costs as much as looking up a word in a dictionary.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Places(Generic[_Value]):
    """Stretches (start, end, value); those added later are asked about like those it was made with."""

    def __init__(self, places: Iterable[tuple[int, int, _Value]]) -> None:
        self._set(places)

    def _set(self, places: Iterable[tuple[int, int, _Value]]) -> None:
        self._places = sorted(places, key=lambda place: (place[0], -place[1]))
        self._starts = [start for start, _, _ in self._places]
        reaches = ((end, number) for number, (_, end, _) in enumerate(self._places))
        self._furthest = list(accumulate(reaches, _further))

    def around(self, start: int, end: int) -> tuple[int, int, _Value] | None:
        """Return the stretch that takes in `start` to `end`, the one that reaches furthest; None for none."""
        at = bisect_right(self._starts, start)
        if not at or self._furthest[at - 1][0] < end:
            return None
        return self._places[self._furthest[at - 1][1]]

    def meets(self, start: int, end: int) -> bool:
        """Return whether any stretch has a character in common with `start` to `end`."""
        at = bisect_left(self._starts, end)
        return bool(at) and self._furthest[at - 1][0] > start

    def add(self, start: int, end: int, value: _Value) -> None:
        """Add a stretch that begins behind all others, or anywhere (which takes longer)."""
        if self._starts and start < self._starts[-1]:
            self._set([*self._places, (start, end, value)])
            return
        reach = (end, len(self._places))
        self._furthest.append(_further(self._furthest[-1], reach) if self._furthest else reach)
        self._starts.append(start)
        self._places.append((start, end, value))


def bare(places: Iterable[tuple[int, int]]) -> Places[None]:
    """Return stretches that carry no value."""
    return Places((start, end, None) for start, end in places)


def between(sorted_starts: Sequence[int], start: int, end: int) -> slice:
    """Return which of things that begin at `sorted_starts` begin from `start` up to before `end`."""
    return slice(bisect_left(sorted_starts, start), bisect_left(sorted_starts, end))


def _further(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return other if other[0] > one[0] else one
