"""The clauses of an article: its paragraphs, cut behind every statement of who is responsible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from db.plan.model import Clause
from db.plan.reading.offices import Offices
from db.plan.reading.outline import Captioned, Paragraph, Section
from db.plan.reading.responsibility import DEADLINE, LABEL, Responsibility, brackets, read_responsibility
from db.plan.reading.table_rows import TableRow, rows_of
from db.plan.vocabulary import Mode

_LONGEST_SENTENCE = 200
_DEEPEST = 3
_MARKS = "。；;，,.、"
_SENTENCE = re.compile("[。；;！!]")


@dataclass(frozen=True)
class Said:
    """Where the text says who is responsible, and what it says."""

    start: int
    end: int
    what: Responsibility


@dataclass(frozen=True)
class Cut:
    """A stretch of text and who is responsible for it; `opens` when it opens a paragraph, `item` a numbered one."""

    start: int
    end: int
    said: Said | None
    opens: bool
    item: bool
    row: TableRow | None = None


class Cutter:
    """Cuts the articles of a document into clauses."""

    def __init__(self, plain: str, offices: Offices) -> None:
        self._text = plain
        self._offices = offices
        self.orphans: list[Said] = []
        """statements of responsibility with no text that they could govern"""

    def cuts(self, section: Section) -> list[Cut]:
        """Return the stretches of an article in the order of the text."""
        found: list[Cut] = []
        for block in section.content:
            if isinstance(block, Captioned):
                found += self._rows(block)
            else:
                found = self._joined(found, self._paragraph(block))
        self.orphans += [cut.said for cut in found if cut.said and cut.start == cut.end]
        return self._whole_article([cut for cut in found if cut.start < cut.end])

    def _paragraph(self, paragraph: Paragraph) -> list[Cut]:
        cuts: list[Cut] = []
        place = paragraph.start
        for said in self._merged(self._said(paragraph)):
            start, end = self._trimmed(place, said.start)
            cuts.append(Cut(start, end, said, place == paragraph.start, paragraph.item and place == paragraph.start))
            place = said.end
        start, end = self._trimmed(place, paragraph.end)
        if start < end:
            cuts.append(Cut(start, end, None, place == paragraph.start, paragraph.item and place == paragraph.start))
        return cuts

    def _said(self, paragraph: Paragraph) -> Iterator[Said]:
        """Yield every statement of the paragraph: parentheses, and at its end a label or a sentence without one."""
        text, end = self._text, paragraph.end
        last = paragraph.start
        for start, close, what in self._candidates(paragraph.start, end):
            if not _says_how(text[start:close]) and not self._ends_sentence(start, close, end):
                continue
            while close < end and text[close] in _MARKS + " \u3000":
                close += 1
            yield Said(start, close, what)
            last = close
        if last < end and (tail := self._tail(last, end)) is not None:
            yield tail

    def _candidates(self, start: int, end: int, depth: int = 0) -> Iterator[tuple[int, int, Responsibility]]:
        """Yield every parenthesis that says who is responsible; where the outer does not, those within it."""
        for begin, close in brackets(self._text, start, end):
            what = read_responsibility(self._text[begin:close], self._offices)
            if what is not None:
                yield begin, close, what
            elif depth < _DEEPEST:
                yield from self._candidates(begin + 1, close - 1, depth + 1)

    def _ends_sentence(self, start: int, close: int, end: int) -> bool:
        before = self._text[start - 1]
        return before in "。；;！\n" or close >= end or self._text[close] in "。；;"

    def _tail(self, start: int, end: int) -> Said | None:
        text = self._text[start:end]
        for label in LABEL.finditer(text):
            if label.start() == 0 or text[label.start() - 1] in "。；;，, \u3000\t！":
                what = read_responsibility(text[label.start() :], self._offices)
                return Said(start + label.start(), end, what) if what is not None else None
        sentences = [found.end() for found in _SENTENCE.finditer(text) if found.end() < len(text)]
        at = sentences[-1] if sentences else 0
        if len(text) - at < _LONGEST_SENTENCE and _says_how(text[at:]):
            what = read_responsibility(text[at:], self._offices)
            if what is not None and not what.unread:
                return Said(start + at, end, what)
        return None

    def _merged(self, said: Iterator[Said]) -> list[Said]:
        """Return the statements with those put together that stand side by side."""
        merged: list[Said] = []
        for one in said:
            if merged and not self._text[merged[-1].end : one.start].strip():
                both = read_responsibility(self._text[merged[-1].start : one.end], self._offices)
                if both is not None:
                    merged[-1] = Said(merged[-1].start, one.end, both)
                    continue
            merged.append(one)
        return merged

    def _joined(self, before: list[Cut], cuts: list[Cut]) -> list[Cut]:
        """Return all cuts; a paragraph that only says who is responsible governs those above it in the same item."""
        if before and before[-1].said and len(cuts) == 1 and DEADLINE.match(self._text[cuts[0].start : cuts[0].end]):
            return [*before[:-1], _until(before[-1], cuts[0].end)]
        if not cuts or cuts[0].start < cuts[0].end or cuts[0].said is None:
            return before + cuts
        first = cuts[0].said
        assert first is not None
        if not before or before[-1].row is not None or before[-1].start == before[-1].end:
            return before + cuts
        last = before[-1]
        if last.said is not None:
            said = self._merged(iter((last.said, first)))
            return [*before[:-1], Cut(last.start, last.end, said[0], last.opens, last.item), *cuts[1:]]
        begin = len(before) - 1
        while begin > 0 and not before[begin].item and before[begin - 1].said is None and before[begin - 1].row is None:
            begin -= 1
        opening = before[begin]
        return [*before[:begin], Cut(opening.start, last.end, first, opening.opens, opening.item), *cuts[1:]]

    def _whole_article(self, cuts: list[Cut]) -> list[Cut]:
        """Return the cuts; one statement behind all items of an article, on a line of its own, governs the article."""
        if len(cuts) < 2 or any(cut.said or cut.row for cut in cuts[:-1]):
            return cuts
        said = cuts[-1].said
        if said is None or "\n" not in self._text[cuts[-1].end : said.start] or not all(cut.item for cut in cuts[1:]):
            return cuts
        return [Cut(cuts[0].start, cuts[-1].end, said, cuts[0].opens, cuts[0].item)]

    def _rows(self, table: Captioned) -> list[Cut]:
        found: list[Cut] = []
        for row in rows_of(table):
            what = read_responsibility(row.responsibility, self._offices) if row.responsible else None
            cells = [cell for _, cell in row.responsible]
            said = Said(cells[0].start, cells[-1].end, what) if what else None
            found.append(Cut(row.start, row.end, said, True, True, row))
        return found

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        text = self._text
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        return start, end


def _until(cut: Cut, end: int) -> Cut:
    """Return the cut with its statement going on to `end`: the line below it says by when."""
    assert cut.said is not None
    return replace(cut, said=replace(cut.said, end=end))


def clauses_of(section: Section, cuts: Sequence[Cut], titles: Sequence[str], text: str) -> list[Clause]:
    """Return the clauses that `cuts` make, with `titles` in the same order."""
    return [
        _clause(section, number, cut, title, text)
        for number, (cut, title) in enumerate(zip(cuts, titles, strict=True), start=1)
    ]


def _clause(section: Section, number: int, cut: Cut, title: str, text: str) -> Clause:
    said = cut.said
    what = said.what if said is not None else None
    return Clause(
        id=f"{section.article.id}-{number:02d}",
        article=section.article.id,
        part=section.article.part,
        title=title,
        start=cut.start,
        end=cut.end,
        text=text[cut.start : cut.end],
        responsibility=text[said.start : said.end] if said else "",
        responsibility_start=said.start if said else None,
        responsibility_end=said.end if said else None,
        mode=what.mode if what else Mode.NONE,
        leads=what.leads if what else (),
        cooperators=what.cooperators if what else (),
        counties_named=what.counties_named if what else False,
        list_open=what.list_open if what else False,
    )


def _says_how(text: str) -> bool:
    """Return whether the text has a word of responsibility and not names alone."""
    return any(
        word in text
        for word in (
            "牵头",
            "负责",
            "落实",
            "配合",
            "分工",
            "参与",
            "协助",
            "主办",
            "单位：",
            "部门：",
            "单位:",
            "部门:",
        )
    )
