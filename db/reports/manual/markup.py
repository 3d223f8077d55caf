"""The Markdown that the manual is written in, as blocks: what the window, the PDF and the search are made from.

    parse(text) -> list[Block]
    spans(text) -> tuple[Span, ...]            one line's words: plain, bold, code or a link
    plain(spans) -> str

Known are headings (#, ##, ###), paragraphs, lists (-, 1.; one deeper level), tables, quotes (>), fenced code, rules
and pictures that stand by themselves; in a line **bold**, `code` and [links](target). Anything else is text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["heading", "text", "item", "table", "note", "code", "picture", "rule"]

_HEADING = re.compile(r"(#{1,3}) +(.+?)\s*#*\s*$")
_ITEM = re.compile(r"( *)(?:([-*])|(\d{1,3})[.、]) +(.+)$")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)\s*$")
_DIVIDER = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_RULE = re.compile(r"(-{3,}|\*{3,})\s*$")
_CELLS = re.compile(r"(?<!\\)\|")
_ESCAPED = r"\\([|*`\[\]_#<>\\-])"
_SPAN = re.compile(rf"{_ESCAPED}|`([^`]+)`|\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)]+)\)")


@dataclass(frozen=True)
class Span:
    """Words of a line; `link` is a chapter, a section of it or one of this chapter: slug, slug#小节, #小节."""

    text: str
    bold: bool = False
    code: bool = False
    link: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True)
class Block:
    """A block; `level` is that of a heading (1–3) or of an item (0, 1), whose `number` is 0 for a dot.

    A table's first row is its heading; `picture` is the file of a picture, `lines` its caption; a note, a code block
    and a text have as many lines as they were written with, a text one.
    """

    kind: Kind
    lines: tuple[Line, ...] = ()
    level: int = 0
    number: int = 0
    rows: tuple[tuple[Line, ...], ...] = ()
    picture: str = ""

    @property
    def text(self) -> str:
        """Return the words, the cells of a table parted by spaces."""
        if self.kind == "table":
            return "\n".join("  ".join(map(plain, row)) for row in self.rows)
        return "\n".join(map(plain, self.lines))


def spans(text: str) -> Line:
    """Return the words of one line."""
    return tuple(_spans(text))


def plain(line: Line) -> str:
    """Return the words alone."""
    return "".join(span.text for span in line)


def parse(text: str) -> list[Block]:
    """Return the blocks of `text`."""
    reader = _Reader(text.split("\n"))
    reader.read()
    return reader.blocks


def _spans(text: str, bold: bool = False) -> Iterator[Span]:
    at = 0
    for found in _SPAN.finditer(text):
        if found[1] is not None:
            continue  # a sign that stands for itself is part of the text around it
        if found.start() > at:
            yield Span(_unescaped(text[at : found.start()]), bold)
        if found[2] is not None:
            yield Span(_unescaped(found[2]), bold, code=True)
        elif found[3] is not None:
            yield from _spans(found[3], bold=True)
        else:
            yield Span(_unescaped(found[4]), bold, link=found[5])
        at = found.end()
    if at < len(text):
        yield Span(_unescaped(text[at:]), bold)


def _unescaped(text: str) -> str:
    return re.sub(_ESCAPED, r"\1", text)


def cell(text: str) -> str:
    """Return `text` written so that it stands in one cell of a table as it is."""
    return re.sub(r"([|*`\[\]\\])", r"\\\1", text.replace("\n", " "))


@dataclass
class _Reader:
    """Reads line after line; the lines of a paragraph that is not finished wait in `waiting`."""

    lines: Sequence[str]
    blocks: list[Block] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    at: int = 0

    def read(self) -> None:
        while self.at < len(self.lines):
            line = self.lines[self.at].rstrip()
            self.at += 1
            if not line:
                self._finish()
            elif not (self._take_whole(line) or self._take_item(line)):
                self.waiting.append(line.strip())
        self._finish()

    def _take_whole(self, line: str) -> bool:
        """Take a block that a line begins (and following lines may go on with)."""
        stripped = line.strip()
        if heading := _HEADING.match(line):
            self._add(Block("heading", (spans(heading[2]),), level=len(heading[1])))
        elif picture := _PICTURE.match(stripped):
            self._add(Block("picture", (spans(picture[1]),), picture=picture[2]))
        elif stripped.startswith("```"):
            self._add(Block("code", tuple((Span(each, code=True),) for each in self._until_fence())))
        elif stripped.startswith(">"):
            quoted = [stripped, *self._while(lambda each: each.strip().startswith(">"))]
            said = [each.lstrip().removeprefix(">").strip() for each in quoted]
            self._add(Block("note", tuple(spans(each) for each in said if each)))
        elif "|" in line and self.at < len(self.lines) and _DIVIDER.match(self.lines[self.at].strip() or "x"):
            self.at += 1
            rows = [line, *self._while(lambda each: "|" in each)]
            self._add(Block("table", rows=tuple(_cells(row) for row in rows)))
        elif _RULE.match(stripped):
            self._add(Block("rule"))
        else:
            return False
        return True

    def _take_item(self, line: str) -> bool:
        found = _ITEM.match(line)
        if found:
            more = self._while(lambda each: each.startswith("  ") and each.strip() != "" and not _ITEM.match(each))
            words = _joined([found[4], *(each.strip() for each in more)])
            self._add(Block("item", (spans(words),), level=int(len(found[1]) >= 2), number=int(found[3] or 0)))
        return found is not None

    def _while(self, wanted: Callable[[str], bool]) -> list[str]:
        taken = []
        while self.at < len(self.lines) and wanted(self.lines[self.at]):
            taken.append(self.lines[self.at].rstrip())
            self.at += 1
        return taken

    def _until_fence(self) -> list[str]:
        taken = self._while(lambda each: not each.strip().startswith("```"))
        self.at += 1
        return taken

    def _add(self, block: Block) -> None:
        self._finish()
        self.blocks.append(block)

    def _finish(self) -> None:
        if self.waiting:
            self.blocks.append(Block("text", (spans(_joined(self.waiting)),)))
            self.waiting = []


def _joined(lines: Sequence[str]) -> str:
    """Return the lines as one; between Chinese there is no space where a line was broken."""
    whole = lines[0]
    for line in lines[1:]:
        whole += (" " if whole[-1:].isascii() and line[:1].isascii() else "") + line
    return whole


def _cells(row: str) -> tuple[Line, ...]:
    inner = row.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return tuple(spans(each.strip()) for each in _CELLS.split(inner))
