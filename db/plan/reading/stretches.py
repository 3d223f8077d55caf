"""Which stretch of a piece of text belongs to each of several amounts in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from db.plan.reading.amounts import Amount
from db.plan.reading.sentences import Piece, shelters

_ALSO = re.compile("以及|[、和及与]")
_NAME_BEHIND = re.compile("的“")
_THING_ENDS = re.compile("[和及、，的（(]|以及")
_WHOLE_REFERENCE = re.compile("半径内|原则上")
Place = tuple[int, int]


def split_places(text: str, begin: int, piece: Piece, amounts: Sequence[Amount]) -> list[Place]:
    """Return the stretch of each amount: a list with 分别 or one subject shares the whole, others part at 、."""
    whole = (begin, piece.end)
    if len(amounts) == 1:
        return [whole]
    if "分别" in piece.text or any(amount.shared for amount in amounts):
        return [whole for _ in amounts]
    sheltered = shelters(text[piece.start : piece.end])
    cuts: list[Place] = []
    for one, after in pairwise(amounts):
        between = [
            hit
            for hit in _ALSO.finditer(text, one.last, after.first)
            if not any(start < hit.start() - piece.start < end for start, end in sheltered)
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
    if _WHOLE_REFERENCE.search(piece.text):
        return begin, piece.end
    hit = _THING_ENDS.search(text, amount.last, piece.end)
    return amount.first, hit.start() if hit else piece.end


def _without_name(text: str, amount: Amount, end: int) -> int:
    hit = _NAME_BEHIND.search(text, amount.last, end)
    return hit.start() if hit else end
