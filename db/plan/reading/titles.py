"""Titles for clauses, short enough for the tree: what stands at their head, or what they first set out to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from db.plan.reading.clauses import Cut
from db.plan.reading.outline import Section
from db.plan.reading.times import Role, find_times

LONGEST = 24
_LEAD = 22
_ANY_YEAR = date(2000, 12, 31)
_SENTENCE_END = re.compile("[。；;！：\n\t]")
_MANNER = re.compile(
    "(?:按照|按|根据|依据|依托|围绕|聚焦|以|在|通过|对|针对|为|坚持|利用|采用|借助|结合|除|从|由于|配合|立足|确保|当|如)(?!下)"
)
_NO_END = re.compile("(?:[中时的后前下外上内]|期间|基础上|过程中|为主)$")
_PHRASE_END = re.compile("[，,。；;：:！\n\t]")
_DEED = re.compile(
    "加[大快强]|持续|推[进动广]|深入|深化|实施|发展|构建|建[设立]|开展|严格|强化|扩大|完[善成]|淘汰|落实|优化|大力|积极|支持|鼓励|提[高升]|做[好大优]"
    "|制定|组织|改造|减少|增加|培育|壮大|打造|健全|统筹|引导|规范|[治整]理|整治|压减|控制|严[控禁]"
)
_SHORTEST = 5
_UNNAMED = "未命名条款"
_MOST_PHRASES = 12


def titles_of(section: Section, cuts: Sequence[Cut], text: str) -> list[str]:
    """Return a title for each stretch of an article; no two are the same.

    One that is alone in its article takes that one's title, as does the first that opens with no deed of its own; one
    that opens a paragraph its lead sentence, a row of a table its name, any other its first phrase that is neither a
    date nor a manner.
    """
    titles: list[str] = []
    fresh = _Fresh()
    heading = section.article.title if len(section.article.title) <= LONGEST else ""
    for place, cut in enumerate(cuts):
        body = text[cut.start : cut.end]
        if cut.row is not None:
            title = _short(cut.row.name)
        elif place == 0 and heading and not cut.item:
            title = heading if len(cuts) == 1 else _opening_deed(body) or heading
        else:
            title = (_lead(body) if cut.opens or cut.item else "") or _phrase(body)
        titles.append(fresh(title, body))
    return titles


def _lead(body: str) -> str:
    """Return the first sentence when it is short and has no date: a heading within its paragraph."""
    found = _SENTENCE_END.search(body)
    sentence = body[: found.start()] if found else body
    if found is None or len(sentence) > _LEAD or re.search("[0-9，,]", sentence):
        return ""
    return sentence


def _opening_deed(body: str) -> str:
    """Return the first phrase when it says on its own what to do (加大信贷融资支持力度)."""
    phrase = _plain(_PHRASE_END.split(body, maxsplit=1)[0])
    return phrase if _DEED.match(phrase) and _SHORTEST <= len(phrase) <= LONGEST else ""


def _phrase(body: str) -> str:
    """Return the first phrase that fits and says what to do; at worst the first of all, cut to length."""
    phrases = [_plain(phrase) for phrase in _PHRASE_END.split(body)[:_MOST_PHRASES]]
    for phrase in phrases:
        if len(phrase) >= _SHORTEST and not _NO_END.search(phrase) and not _MANNER.match(phrase):
            for form in (phrase, _elided(phrase)):
                if len(form) <= LONGEST:
                    return form
    return _short(next((phrase for phrase in phrases if phrase), body))


def _plain(phrase: str) -> str:
    """Return a phrase without its parentheses, white space and the time it opens with."""
    phrase = re.sub("[（(][^（()）]*[)）]|\\s", "", phrase)
    opening = next(iter(find_times(phrase, begins=_ANY_YEAR, ends=_ANY_YEAR)), None)
    return (
        phrase[opening.end :]
        if opening is not None and opening.start == 0 and opening.role is not Role.OTHER
        else phrase
    )


def _elided(phrase: str) -> str:
    """Return a phrase with the middle of its list left out: 优化整合钢铁…化工等行业产能布局."""
    first, last = phrase.find("、"), phrase.rfind("、")
    return phrase if first == last else f"{phrase[:first]}…{phrase[last + 1 :]}"


def _short(phrase: str) -> str:
    phrase = _plain(phrase) or phrase
    for form in (phrase, _elided(phrase)):
        if len(form) <= LONGEST:
            return form
    return phrase[: LONGEST - 1].rstrip("、的和及") + "…"


class _Fresh:
    """Makes every title unlike those before it."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._times: Counter[str] = Counter()

    def __call__(self, title: str, body: str) -> str:
        """Return the title; where an earlier clause has it one from a later phrase, or the title with a number."""
        fresh = title if title and title not in self._taken else self._other(title or _UNNAMED, body)
        self._taken.add(fresh)
        return fresh

    def _other(self, title: str, body: str) -> str:
        for phrase in _PHRASE_END.split(body)[:_MOST_PHRASES]:
            if len(phrase.strip()) >= _SHORTEST and (short := _short(phrase)) not in self._taken:
                return short
        self._times[title] += 1
        while (numbered := f"{title}（{self._times[title] + 1}）") in self._taken:
            self._times[title] += 1
        return numbered
