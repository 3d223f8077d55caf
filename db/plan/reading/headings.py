"""A heading and the text that goes on in its line (（八）持续压减煤炭使用。持续淘汰…)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from db.plan.reading.beginning import Line
from db.plan.reading.markers import Marker
from db.plan.reading.responsibility import is_responsibility

_ENDS = re.compile("。|[：:](?![^：:]{0,60}$)|[ \u3000]{2,}|\u3000|\t")
_LONGEST = 40
_AMOUNT = re.compile("[0-9０-９]+(?![0-9０-９]*(?:年|号|五”|”))")


@dataclass(frozen=True)
class Heading:
    """A heading with its place, and where the text behind it stands (None when the line ends with it)."""

    title: str
    start: int
    end: int
    text: str
    rest: tuple[int, int] | None


def heading_of(line: Line, marker: Marker, below: Sequence[str]) -> Heading:
    """Return the heading of `line`, `below` being the lines under it.

    A sentence that is itself the task (it has an amount, is long, or nothing but the responsibility follows it) is no
    heading: the number alone is.
    """
    body = line.text[marker.length :]
    found = _ENDS.search(body)
    title = body[: found.start()] if found else body
    rest = body[found.end() :] if found else ""
    if _is_task(title, rest, below):
        return _cut(line, marker.length, body.strip())
    return _cut(line, marker.length + (found.end() if found else len(body)), rest.strip(), title)


def _is_task(title: str, rest: str, below: Sequence[str]) -> bool:
    if len(title) > _LONGEST or _AMOUNT.search(title) or not title.strip():
        return True
    if any(is_responsibility(part) for part in re.findall("[（(〔\\[][^（）()]*[)）〕\\]]", title)):
        return True
    following = [text for text in (rest.strip(), *below) if text]
    return all(is_responsibility(text) for text in following)


def _cut(line: Line, length: int, rest: str, title: str = "") -> Heading:
    text = line.text[:length].rstrip()
    if not rest:
        return Heading(title.strip(), line.start, line.start + len(text), text, None)
    start = line.start + line.text.index(rest, length)
    return Heading(title.strip(), line.start, line.start + len(text), text, (start, start + len(rest)))
