"""What the document says, found without the catalogue, and how the catalogue's entries are held against it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import resources
from db.plan.catalogue import Catalogue

DOCUMENT = "plan/weifang-2021-2023-draft.txt"
ARABIC = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?")
CHINESE = re.compile(r"[零〇一二两三四五六七八九十百千万亿半双]+")
PARENTHESIS = re.compile(r"（[^（）]*）")

Span = tuple[int, int]


@dataclass(frozen=True)
class Number:
    """A number of the document, with its place there."""

    text: str
    start: int
    end: int
    arabic: bool


def document() -> str:
    return resources.text(DOCUMENT)


def spans(catalogue: Catalogue) -> list[Span]:
    """Return the places of every heading, clause and responsibility parenthesis."""
    found = [(part.start, part.end) for part in catalogue.parts]
    found += [(article.start, article.end) for article in catalogue.articles]
    found += [(clause.start, clause.end) for clause in catalogue.clauses]
    for clause in catalogue.clauses:
        if clause.responsibility_start is not None and clause.responsibility_end is not None:
            found.append((clause.responsibility_start, clause.responsibility_end))
    return found


def wrongly_owned(text: str, begin: int, owners: Iterable[Span]) -> list[int]:
    """Return the places from `begin` on where a character has not exactly one owner, or white space has any."""
    owned = [0] * len(text)
    for start, end in owners:
        for place in range(start, end):
            owned[place] += 1
    return [place for place in range(begin, len(text)) if owned[place] != (0 if text[place].isspace() else 1)]


def numbers(text: str, fields: Iterable[Span]) -> list[Number]:
    """Return every number within `fields`.

    Chinese numerals that multiply Arabic digits (40万) belong to the Arabic number.
    """
    found: list[Number] = []
    for start, end in fields:
        found += [Number(hit[0], hit.start(), hit.end(), True) for hit in ARABIC.finditer(text, start, end)]
        found += [
            Number(hit[0], hit.start(), hit.end(), False)
            for hit in CHINESE.finditer(text, start, end)
            if not text[hit.start() - 1].isdigit()
        ]
    return found


def occurrences(text: str, word: str) -> list[Span]:
    return [(hit.start(), hit.end()) for hit in re.finditer(re.escape(word), text)]


def inside(number: Number, places: Iterable[Span]) -> bool:
    return any(start <= number.start and number.end <= end for start, end in places)


def number_fields(catalogue: Catalogue) -> list[Span]:
    """Return the places of the clauses and responsibility parentheses."""
    return [span for span in spans(catalogue) if span in _clause_spans(catalogue)]


def quotes(catalogue: Catalogue) -> list[Span]:
    return [catalogue.place(target) for target in catalogue.targets]


def left_out(catalogue: Catalogue) -> list[Span]:
    starts = {clause.id: clause.start for clause in catalogue.clauses}
    return [(starts[entry.clause] + entry.start, starts[entry.clause] + entry.end) for entry in catalogue.left_out]


def words(catalogue: Catalogue, text: str) -> list[Span]:
    return [span for entry in catalogue.number_words for span in occurrences(text, entry.word)]


def _clause_spans(catalogue: Catalogue) -> set[Span]:
    found: set[Span] = set()
    for clause in catalogue.clauses:
        found.add((clause.start, clause.end))
        if clause.responsibility_start is not None and clause.responsibility_end is not None:
            found.add((clause.responsibility_start, clause.responsibility_end))
    return found
