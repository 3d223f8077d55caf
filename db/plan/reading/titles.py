"""Titles for clauses, short enough for the tree: what stands at their head, or what they first set out to do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from db.plan.reading.clauses import Cut
from db.plan.reading.outline import Section

LONGEST = 24
_LEAD = 22
_SENTENCE_END = re.compile("[。；;！：\n\t]")
_TIME = (
    "(?:力争)?(?:到|至|自|在|从)?(?:“?十[四五六]五”?(?:期间|末)?|[0-9]{4}[^，,。]{0,3}?年)(?:[^，,。]{0,8}?(?:底|末|前|之前|起|以来))?"
    "(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?(?:底|末)?(?:之?前)?)?"
)
_OPENING_TIME = re.compile(f"{_TIME}[，,、]|{_TIME}(?=[完成建全实力新将])")
_MANNER = re.compile(
    "(?:按照|按|根据|依据|依托|围绕|聚焦|以|在|通过|对|针对|为|坚持|利用|采用|借助|结合|除|从|由于|配合|立足|鼓励|确保|各县市区要)[^，,。；]*[，,]"
)
_CONNECTION = re.compile(
    "^(?:同时|其中|并|且|此外|另外|进一步|积极|大力|切实|认真|持续|加快|全面|深入|着力|稳步|有序)+(?=..)"
)
_PHRASE_END = re.compile("[，,。；;：:！\n\t]")


def titles_of(section: Section, cuts: Sequence[Cut], text: str) -> list[str]:
    """Return a title for each stretch of an article; no two are the same.

    The first takes the article's own, one that opens a paragraph its lead sentence, a row of a table its name, any
    other its first phrase that is neither a date nor a manner.
    """
    titles: list[str] = []
    for place, cut in enumerate(cuts):
        body = text[cut.start : cut.end]
        if cut.row is not None:
            title = _short(cut.row.name)
        elif place == 0 and section.article.title and len(section.article.title) <= LONGEST and not cut.item:
            title = section.article.title
        else:
            title = (_lead(body) if cut.opens or cut.item else "") or _phrase(body)
        titles.append(_unlike(title, body, titles))
    return titles


def _lead(body: str) -> str:
    """Return the first sentence when it is short and has no date: a heading within its paragraph."""
    found = _SENTENCE_END.search(body)
    sentence = body[: found.start()] if found else body
    if found is None or len(sentence) > _LEAD or re.search("[0-9，,]", sentence):
        return ""
    return sentence


def _phrase(body: str) -> str:
    text = body
    for _ in range(4):
        shorter = (
            _MANNER.sub("", _OPENING_TIME.sub("", text, count=1) if _OPENING_TIME.match(text) else text, count=1)
            if _MANNER.match(text)
            else (_OPENING_TIME.sub("", text, count=1) if _OPENING_TIME.match(text) else text)
        )
        if shorter == text or len(shorter) < 6:
            break
        text = shorter
    found = _PHRASE_END.search(text)
    return _short(text[: found.start()] if found else text)


def _short(phrase: str) -> str:
    """Return a phrase cut to length, if need be behind the last item of a list that fits."""
    phrase = re.sub("[（(][^（）()]*[)）]|\\s", "", phrase).strip("“”、，。；：") or phrase
    if len(phrase) <= LONGEST:
        return phrase
    plainer = _CONNECTION.sub("", phrase)
    if len(plainer) <= LONGEST:
        return plainer
    cut = plainer[: LONGEST - 1]
    comma = cut.rfind("、")
    return (cut[:comma] + "等" if comma >= 8 else cut.rstrip("、的和及")) + ("" if comma >= 8 else "…")


def _unlike(title: str, body: str, taken: Sequence[str]) -> str:
    """Return the title, or where an earlier clause has it one from a later phrase, or one with a number."""
    if title and title not in taken:
        return title
    phrases = [_short(phrase) for phrase in _PHRASE_END.split(body) if len(phrase.strip()) >= 4]
    fresh = next((phrase for phrase in phrases if phrase not in taken), "")
    if fresh:
        return fresh
    title = title or "未命名条款"
    number = 2
    while f"{title}（{number}）" in taken:
        number += 1
    return f"{title}（{number}）"
