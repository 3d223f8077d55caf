"""Which stretch of a piece of text belongs to each of several amounts in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from db.plan.reading.amounts import Amount
from db.plan.reading.sentences import Piece, sheltered_in

_ALSO = re.compile("以及|[、和及与]")
_NAME_BEHIND = re.compile("的“")
_THING_ENDS = re.compile("[和及、，的（(]|以及")
# No sentence lists so many; without a limit the quotes of a hostile one would grow with its square.
_LONGEST_LIST = 16
_LONGEST_RULE = 200
_WHOLE_REFERENCE = re.compile("半径内|原则上")
Place = tuple[int, int]


def split_places(text: str, begin: int, piece: Piece, amounts: Sequence[Amount]) -> list[Place]:
    """Return the stretch of each amount: a list with 分别 or one subject shares the whole, others part at 、."""
    whole = (begin, piece.end)
    if len(amounts) == 1:
        return [whole]
    if len(amounts) > _LONGEST_LIST:
        return [(amount.first, amount.last) for amount in amounts]
    if "分别" in piece.text or any(amount.shared for amount in amounts):
        return [whole for _ in amounts]
    sheltered = sheltered_in(piece.text)
    cuts: list[Place] = []
    for one, after in pairwise(amounts):
        between = [
            hit
            for hit in _ALSO.finditer(text, one.last, after.first)
            if not sheltered.around(hit.start() - piece.start, hit.end() - piece.start)
        ]
        if not between:
            return [whole for _ in amounts]
        marks = [hit for hit in between if hit[0] == "、"]
        hit = (marks or between)[-1] if text[one.last : one.last + 1] != "、" else between[0]
        cuts.append(hit.span())
    starts = [begin, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), _without_name(text, amounts[-1], piece.end)]
    return list(zip(starts, ends, strict=True))


def reference_place(text: str, amount: Amount, begin: int, piece: Piece) -> Place:
    """Return the words of an amount that describes: the amount and its thing, or all of a rule about it."""
    if len(piece.text) <= _LONGEST_RULE and _WHOLE_REFERENCE.search(piece.text):
        return begin, piece.end
    hit = _THING_ENDS.search(text, amount.last, piece.end)
    return amount.first, hit.start() if hit else piece.end


def _without_name(text: str, amount: Amount, end: int) -> int:
    hit = _NAME_BEHIND.search(text, amount.last, end)
    return hit.start() if hit else end
