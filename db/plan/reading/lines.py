"""Lines of text as people and programs leave them, and as they were meant: one line per paragraph."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from db.plan.reading.markers import marker_of

_CHINESE = "\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2014\u2018-\u201d\u2026"
_SPACE = "[ \u00a0\u2002-\u200a\u202f]"
_NEEDLESS = re.compile(
    f"(?<=[{_CHINESE}]){_SPACE}(?=[{_CHINESE}0-9A-Za-z(\\[<-])|(?<=[0-9A-Za-z%)\\]>.,;:]){_SPACE}(?=[{_CHINESE}])"
)
_BESIDE_FIGURES = re.compile(f"(?<=[{_CHINESE}]){_SPACE}(?=[0-9])|(?<=[0-9%]){_SPACE}(?=[{_CHINESE}])")
_WHO = re.compile("[（(]?[\u4e00-\u9fff]{2,6}(?:单位|部门)[：:]")
_BARE_NUMBER = re.compile("[0-9]{1,2}(?:[.][0-9]{1,2})*[ \u00a0]+(?=[\u4e00-\u9fff])")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SENTENCE_END = "。；;！!？?：:”）)】》"
_ITEM = re.compile("附[件表录]|(?:责任|牵头|主责|配合|参与|完成)[^：:。]{2,4}[：:]")
_WIDEST = 100
_FEWEST = 8
_INDENTS = (" ", "\t", "\u3000")


def tidy(text: str) -> str:
    """Return one line without marks that cannot be seen, and without single spaces beside Chinese characters."""
    if _WHO.match(text):
        return tidy_cell(text)
    text = _UNSEEN.sub("", text)
    number = _BARE_NUMBER.match(text)
    first = number.end() if number else 0
    return text[:first] + _NEEDLESS.sub("", text[first:])


def tidy_cell(text: str) -> str:
    """Return the text of a cell, tidied but for the spaces between words, which part the items of a list there."""
    return _BESIDE_FIGURES.sub("", _UNSEEN.sub("", text))


def join_soft(text: str) -> list[str]:
    """Return the lines of a paragraph with soft breaks (\\v): a break within a sentence is none."""
    lines: list[str] = []
    for piece in re.split("[\v\u2028]", text):
        if lines and _goes_on(lines[-1], piece):
            lines[-1] = lines[-1].rstrip(" ") + piece.lstrip(" \t\u3000")
        else:
            lines.append(piece)
    return lines


def unwrap(lines: list[str]) -> list[str]:
    """Return `lines` with those joined that were cut at a fixed width, as some programs save text."""
    measures = [measure for measure in (_width, _length) if _is_wrapped(lines, measure)]
    if not measures:
        return lines
    limits = [(measure, max(map(measure, lines)) - 6) for measure in measures]
    indented = sum(1 for line in lines if line[:1] in _INDENTS) >= len(lines) / 20
    joined: list[str] = []
    full = False
    for line in lines:
        if full and line.strip() and line[0] not in _INDENTS and _is_rest(joined[-1], line, indented=indented):
            joined[-1] = joined[-1].rstrip(" ") + line
        else:
            joined.append(line)
        full = any(measure(line) >= limit for measure, limit in limits)
    return joined


def _is_rest(before: str, after: str, *, indented: bool) -> bool:
    """Return whether a line goes on with the full one before it; where paragraphs are indented, all others do."""
    if indented:
        return not (before.rstrip()[-1] in _SENTENCE_END and _begins_item(after))
    return _goes_on(before, after)


def _goes_on(before: str, after: str) -> bool:
    before = before.rstrip()
    return bool(before and after.strip()) and before[-1] not in _SENTENCE_END and not _begins_item(after)


def _begins_item(line: str) -> bool:
    return _ITEM.match(line.strip()) is not None or marker_of(line.strip()) is not None


def _is_wrapped(lines: Sequence[str], measure: Callable[[str], int]) -> bool:
    """Return whether most lines are as long as the longest, which a paragraph on one line never is."""
    lengths = sorted(measure(line) for line in lines if line.strip())
    if len(lengths) < _FEWEST or lengths[-1] > _WIDEST:
        return False
    return sum(1 for length in lengths if length >= lengths[-1] - 4) >= len(lengths) / 3


def _length(line: str) -> int:
    return len(line.rstrip())


def _width(line: str) -> int:
    return sum(1 if character < "\u1100" else 2 for character in line.rstrip())
