"""What a reading did not understand: numbers, dates and parentheses that nothing took, with their places."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from db.core.text import quote
from db.plan.model import Clause
from db.plan.reading.model import Leftover, LeftoverGroup, LeftoverKind, Reading
from db.plan.reading.responsibility import brackets

_DAY = "(?:[0-9]{1,2}月(?:[0-9]{1,2}日|底|末)?)"
_DATE = re.compile(f"(?:19|20)[0-9]{{2}}(?:[—－–~-]+(?:20)?[0-9]{{2}})?年{_DAY}?|{_DAY}")
_NUMBER = re.compile("[0-9０-９]+(?:[.．,，][0-9０-９]+)*(?:[%％‰]|[万亿千百]*[\u4e00-\u9fff]{1,2}|[A-Za-z]{1,3})?")
_FIGURES = re.compile("[0-9]+(?:[.][0-9]+)?[%％]?(?![0-9]*[年月日])")

_TITLES = {
    LeftoverKind.NUMBER: "数字",
    LeftoverKind.DATE: "日期",
    LeftoverKind.PARENTHESIS: "括号",
    LeftoverKind.TEXT: "文字",
}

_ASKED = {
    LeftoverGroup.DOUBTFUL: "没有归入任务或目标，请核对原文。",
    LeftoverGroup.BEFORE_PLAN: "在方案正文之前，不是任务。",
    LeftoverGroup.REMARK: "是括号里的说明，没有归入目标。",
}
Span = tuple[int, int]


def sentences(reading: Reading) -> list[str]:
    """Return a sentence for each thing not understood, with its line and clause: first what may be a target."""
    lines = [found.start() for found in re.finditer("\n", reading.document.text)]
    return [
        f"第{bisect(lines, one.start) + 1}行{f'（{one.clause}）' if one.clause else ''}："
        f"{_TITLES[one.kind]}{quote(one.text)}{_ASKED[one.group]}"
        for one in sorted(reading.leftovers, key=lambda one: list(LeftoverGroup).index(one.group))
    ]


def leftovers_json(reading: Reading) -> list[dict[str, Any]]:
    """Return what was not understood as plain JSON values; places count characters of the document's text."""
    return [
        {
            "kind": str(one.kind),
            "group": str(one.group),
            "clause": one.clause or None,
            "start": one.start,
            "end": one.end,
            "text": one.text,
        }
        for one in reading.leftovers
    ]


def outside_clauses(text: str, taken: Iterable[Span]) -> Iterator[Leftover]:
    """Yield what stands outside the places `taken`: title, headings, clauses and responsibilities."""
    place = 0
    for begin, end in [*sorted(taken), (len(text), len(text))]:
        yield from _in(text, place, begin, "")
        place = max(place, end)


def in_parentheses(text: str, clauses: Sequence[Clause], quoted: Sequence[Span]) -> Iterator[Leftover]:
    """Yield the parentheses of clauses that are no responsibility and lie in no target's quote."""
    quoted = sorted(quoted)
    at = 0
    for clause in sorted(clauses, key=lambda clause: clause.start):
        for start, end in brackets(text, clause.start, clause.end):
            while at < len(quoted) and quoted[at][1] <= start:
                at += 1
            if not any(begin <= start and end <= close for begin, close in quoted[max(0, at - 8) : at + 8]):
                yield Leftover(LeftoverKind.PARENTHESIS, clause.id, start, end, text[start:end])


def orphan(text: str, start: int, end: int) -> Leftover:
    """Return the words that say who is responsible, but for nothing."""
    return Leftover(LeftoverKind.TEXT, "", start, end, text[start:end])


def unread(clause: Clause, words: Iterable[str]) -> Iterator[Leftover]:
    """Yield the words of a responsibility that name nobody."""
    for word in words:
        place = clause.responsibility.find(word)
        if clause.responsibility_start is not None and place >= 0:
            start = clause.responsibility_start + place
            yield Leftover(LeftoverKind.TEXT, clause.id, start, start + len(word), word)


def dates_in_responsibilities(clauses: Sequence[Clause]) -> Iterator[Leftover]:
    """Yield numbers and dates that stand among those responsible (完成时限：2023年底)."""
    for clause in clauses:
        for pattern, kind in ((_DATE, LeftoverKind.DATE), (_FIGURES, LeftoverKind.NUMBER)):
            for found in pattern.finditer(clause.responsibility):
                start = (clause.responsibility_start or 0) + found.start()
                yield Leftover(kind, clause.id, start, start + len(found[0]), found[0])


def _in(text: str, start: int, end: int, clause: str) -> Iterator[Leftover]:
    """Yield parentheses, dates and numbers of a stretch; one that lies within another is not told apart."""
    covered: list[Span] = []
    for kind, places in (
        (LeftoverKind.PARENTHESIS, brackets(text, start, end)),
        (LeftoverKind.DATE, [found.span() for found in _DATE.finditer(text, start, end)]),
        (LeftoverKind.NUMBER, [found.span() for found in _NUMBER.finditer(text, start, end)]),
    ):
        fresh = [place for place in places if not _meets(place, covered)]
        yield from (Leftover(kind, clause, begin, close, text[begin:close]) for begin, close in fresh)
        covered = sorted([*covered, *fresh])


def _meets(place: Span, sorted_places: Sequence[Span]) -> bool:
    at = bisect(sorted_places, place)
    return any(begin < place[1] and place[0] < close for begin, close in sorted_places[max(0, at - 1) : at + 1])
