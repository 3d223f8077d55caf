"""Looking for words in the manual: Chinese words, parts of commands, or the pinyin initials of what is written.

    ManualIndex(manual).find("fpxj") -> list[Hit]

Several words parted by spaces must all stand in one section. Headings come first, then the text in its order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from db.reports.manual.book import Chapter, Manual
from db.reports.manual.page import anchor
from db.store.initials import initials

MOST_HITS = 200
MOST_IN_SECTION = 3
BEFORE, LONGEST = 8, 48
"""Characters of the line before what was found, and of the whole context."""
LEAST_LETTERS = 3
"""Initials of fewer letters stand for too many words; they are looked for in headings alone."""

_RUN = re.compile(r"[\u3400-\u9fffA-Za-z0-9]+")
_LETTERS = re.compile(r"[a-z]{2,}")


@dataclass(frozen=True)
class Hit:
    """A place where it is: `words` as they stand there, the `nth` time (from 0) on their page.

    `context` is a piece of the line, in which the words begin at `at`; `all_words` are to be marked in the text.
    """

    slug: str
    chapter: str
    section: str
    anchor: str
    words: str
    nth: int
    context: str
    at: int
    all_words: tuple[str, ...]


@dataclass(frozen=True)
class _Line:
    text: str
    heading: bool

    @cached_property
    def folded(self) -> str:
        return self.text.casefold()

    @cached_property
    def spelt(self) -> list[tuple[int, str]]:
        """Return where each run of letters and characters begins, with its initials, of which it has one each."""
        runs = ((found.start(), found[0], initials(found[0])) for found in _RUN.finditer(self.text))
        return [(start, letters) for start, run, letters in runs if len(letters) == len(run)]


@dataclass(frozen=True)
class _Part:
    """A section, or what stands before the first one."""

    chapter: Chapter
    title: str
    lines: tuple[_Line, ...]
    before: str
    """The page's text above it, folded."""


class ManualIndex:
    """The manual, made ready to be searched; initials are read when they are first asked for."""

    def __init__(self, manual: Manual) -> None:
        self._parts = [part for chapter in manual.chapters for part in _parts(chapter)]

    def find(self, asked: str) -> list[Hit]:
        """Return where the words are, at most `MOST_HITS`; none for nothing but spaces."""
        terms = asked.casefold().split()
        if not terms:
            return []
        found = [(hit, in_heading) for part in self._parts for hit, in_heading in _hits(part, terms)]
        found.sort(key=lambda each: not each[1])
        return [hit for hit, _ in found[:MOST_HITS]]


def _parts(chapter: Chapter) -> Iterator[_Part]:
    for page in chapter.pages:
        before, title = "", ""
        lines: list[_Line] = []
        for block in page.blocks:
            if block.kind == "heading" and block.level > 1:
                if lines:
                    yield _Part(chapter, title, tuple(lines), before)
                before += "".join(f"{line.folded}\n" for line in lines)
                lines, title = [], block.text
            lines += (_Line(line, block.kind == "heading") for line in block.text.split("\n"))
        yield _Part(chapter, title, tuple(lines), before)


def _hits(part: _Part, terms: Sequence[str]) -> Iterator[tuple[Hit, bool]]:
    """Yield the hits of a section with whether it is its heading."""
    places = [(number, *found) for number, line in enumerate(part.lines) for found in _found(line, terms)]
    if {term for _, term, _, _ in places} != set(terms):
        return
    words = tuple(dict.fromkeys(part.lines[number].text[start:end] for number, _, start, end in places))
    seen: set[int] = set()
    for number, _, start, end in places:
        if number in seen:
            continue
        seen.add(number)
        if len(seen) > MOST_IN_SECTION:
            return
        line = part.lines[number]
        above = part.before + "\n".join(each.folded for each in part.lines[:number]) + "\n" + line.folded[:start]
        context, at = _context(line.text, start)
        name = anchor(part.chapter.slug, part.title)
        yield (
            Hit(
                part.chapter.slug,
                part.chapter.title,
                part.title,
                name,
                line.text[start:end],
                above.count(line.folded[start:end]),
                context,
                at,
                words,
            ),
            line.heading,
        )


def _found(line: _Line, terms: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Yield the first place of each term in the line: the term, where it begins and ends."""
    for term in terms:
        start = line.folded.find(term)
        if start >= 0 and len(line.folded) == len(line.text):
            yield term, start, start + len(term)
        elif _LETTERS.fullmatch(term) and (line.heading or len(term) >= LEAST_LETTERS):
            for begin, letters in line.spelt:
                start = letters.find(term)
                if start >= 0:
                    yield term, begin + start, begin + start + len(term)
                    break


def _context(line: str, start: int) -> tuple[str, int]:
    """Return a piece of the line around `start`, and where that is in it."""
    first = start - BEFORE if start > BEFORE + 2 else 0
    piece = line[first : first + LONGEST]
    if first:
        piece = f"…{piece}"
    if first + LONGEST < len(line):
        piece = f"{piece}…"
    return piece, start - first + int(first > 0)
