"""How alike two texts are, which of two lists belong together, and which words of two texts differ."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?[%％]?|[A-Za-z]+|.", re.S)
_PUNCTUATION = str.maketrans("，。；：（）、“”‘’—－", ",.;:(),\"\"''--")


@dataclass(frozen=True)
class Span:
    """Part of a text; `same` tells whether the other text has it too."""

    text: str
    same: bool


def folded(text: str) -> str:
    """Return the form in which texts are equal that differ in width, spacing or the width of punctuation alone."""
    return "".join(unicodedata.normalize("NFKC", text.translate(_PUNCTUATION)).split())


def likeness(one: str, other: str) -> float:
    """Return how much of two texts is common, 0 to 1, whatever the order of the two: Dice's measure of letter pairs."""
    left, right = _pairs(one), _pairs(other)
    total = left.total() + right.total()
    if not total:
        return 1.0 if one == other else 0.0
    if len(left) > len(right):
        left, right = right, left
    return 2 * sum(min(count, right[pair]) for pair, count in left.items() if pair in right) / total


def best_pairs(scores: Iterable[tuple[float, int, int]]) -> dict[int, int]:
    """Return the pairs (place in the first list → place in the second) of the highest scores, each place once.

    Of equal scores those win that stand at the nearest places; exchanging the lists exchanges the result.
    """
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(scores, key=lambda s: (-s[0], abs(s[1] - s[2]), s[1] + s[2], min(s[1], s[2]))):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def word_spans(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return both texts cut into what they share and what each has alone; a number is one word, never half of one."""
    left, right = _WORD.findall(old), _WORD.findall(new)
    before: list[Span] = []
    after: list[Span] = []
    for tag, i, ii, j, jj in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        same = tag == "equal"
        if ii > i:
            before.append(Span("".join(left[i:ii]), same))
        if jj > j:
            after.append(Span("".join(right[j:jj]), same))
    return tuple(before), tuple(after)


@lru_cache(maxsize=4096)
def _pairs(text: str) -> Counter[str]:
    plain: Sequence[str] = folded(text)
    return Counter(map("".join, pairwise(plain)) if len(plain) > 1 else plain)
