"""Lines of text as people and programs leave them, and as they were meant: one line per paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable

from db.plan.reading.markers import marker_of

_CHINESE = "\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2014\u2018-\u201d\u2026"
_SPACE = "[ \u00a0\u2002-\u200a\u202f]"
_NEEDLESS = re.compile(
    f"(?<=[{_CHINESE}]){_SPACE}(?=[{_CHINESE}0-9A-Za-z(\\[<-])|(?<=[0-9A-Za-z%)\\]>.,;:]){_SPACE}(?=[{_CHINESE}])"
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SENTENCE_END = "。；;！!？?：:”）)】》"
_BEGINS_ITEM = re.compile("附[件表录]|(?:责任|牵头|主责|配合|参与|完成)[^：:。]{2,4}[：:]")
_WIDEST = 100
_WRAPPED_SHARE = 0.6


def tidy(text: str) -> str:
    """Return one line without marks that cannot be seen, and without single spaces beside Chinese characters."""
    return _NEEDLESS.sub("", _UNSEEN.sub("", text))


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
    width = _wrapped_at(lines)
    if width is None:
        return lines
    joined: list[str] = []
    last_width = 0
    for line in lines:
        if joined and last_width >= width - 6 and line[:1] not in " \t\u3000" and _goes_on(joined[-1], line):
            joined[-1] = joined[-1].rstrip(" ") + line
        else:
            joined.append(line)
        last_width = _width(line)
    return joined


def _goes_on(before: str, after: str) -> bool:
    before = before.rstrip()
    if not before or not after.strip() or _BEGINS_ITEM.match(after.strip()) or marker_of(after.strip()):
        return False
    return before[-1] not in _SENTENCE_END


def _wrapped_at(lines: Iterable[str]) -> int | None:
    """Return the width that most long lines share, None where paragraphs stand on lines of their own."""
    widths = sorted(_width(line) for line in lines if line.strip())
    if len(widths) < 8 or widths[-1] > _WIDEST:
        return None
    full = [width for width in widths if width >= widths[-1] - 4]
    return widths[-1] if len(full) >= _WRAPPED_SHARE * len(widths) * 0.6 else None


def _width(line: str) -> int:
    return sum(1 if character < "\u1100" else 2 for character in line.rstrip())
