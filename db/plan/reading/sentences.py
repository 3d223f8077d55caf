"""A clause's text cut into sentences (。), parts (；：) and pieces (，); nothing within “…”, （…） and 《…》 cuts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from db.plan.reading.places import Places, bare

_SHELTERS = re.compile(
    "（[^（）\n]{0,150}）|\\([^()\n]{0,150}\\)|“[^“”\n]{0,80}”|《[^《》\n]{0,120}》|〔[^〔〕\n]{0,20}〕"
)
_SENTENCE = re.compile("[。！？!?\n]|(?<=[一-鿿）)%”])\\.(?![0-9])")
_PART = re.compile("[；;：:]")
# A comma between figures parts thousands.
_PIECE = re.compile("，|(?<![0-9]),|,(?![0-9]{3}(?![0-9]))")
_SEE = re.compile("[（(](?:详见|参见|见|附)[^（）()]{0,30}[）)]$")
_NONE = bare(())
_EDGE = " \t\u3000，。；：,;:、"


@dataclass(frozen=True)
class Piece:
    """What stands between two commas; `part` counts the parts of its sentence from 0."""

    start: int
    end: int
    text: str
    part: int


def sentences(text: str) -> Iterator[list[Piece]]:
    """Yield the pieces of each sentence of `text` in their order; an empty piece is none."""
    sheltered = sheltered_in(text)
    start = 0
    for end in [*_cuts(_SENTENCE, text, 0, len(text), sheltered), len(text)]:
        pieces = list(_pieces(text, start, end, sheltered))
        if pieces:
            yield pieces
        start = end + 1


def sheltered_in(text: str) -> Places[None]:
    """Return the places of what stands in quotation marks, parentheses and book title marks, these not included."""
    found = [(hit.start() + 1, hit.end() - 1) for hit in _SHELTERS.finditer(text)]
    return bare(found) if found else _NONE


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch without the marks and spaces at its edges and without （见附表2） at its end.

    A stretch that is nothing else stays as it is.
    """
    words = _SEE.sub("", text[start:end])
    kept = words.strip(_EDGE)
    begin = start + len(words) - len(words.lstrip(_EDGE))
    return (begin, begin + len(kept)) if kept else (start, end)


def _pieces(text: str, start: int, end: int, sheltered: Places[None]) -> Iterator[Piece]:
    part_start = start
    for number, part_end in enumerate([*_cuts(_PART, text, start, end, sheltered), end]):
        piece_start = part_start
        for piece_end in [*_cuts(_PIECE, text, part_start, part_end, sheltered), part_end]:
            words = text[piece_start:piece_end]
            begin = piece_start + len(words) - len(words.lstrip(_EDGE))
            kept = words.strip(_EDGE)
            if kept:
                yield Piece(begin, begin + len(kept), kept, number)
            piece_start = piece_end + 1
        part_start = part_end + 1


def _cuts(mark: re.Pattern[str], text: str, start: int, end: int, sheltered: Places[None]) -> list[int]:
    return [hit.start() for hit in mark.finditer(text, start, end) if not sheltered.around(hit.start(), hit.end())]
