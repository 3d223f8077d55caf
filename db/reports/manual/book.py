"""The chapters of the manual with their generated parts in place: the one way to its text.

    read_manual(parts) -> Manual

A chapter is `resources/manual/NN-slug.md`: NN orders, the slug names it, its first line is `# title`, `##` and `###`
are its sections, each with a name of its own. A line `{{name argument}}` gives way to what `parts[name](argument)`
returns, Markdown too. What does not fit is a ValueError: it is our own text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import resources
from db.reports.manual.markup import Block, Line, Span, parse
from db.reports.manual.page import anchor, page_html

FOLDER = "manual"
PICTURES = f"{FOLDER}/pictures"
Part = Callable[[str], str]
MOST_ROWS = 120
"""Rows of tables that a page may have; those of all registers take a second to be laid out."""

_FILE = re.compile(r"(\d\d)-([a-z][a-z0-9_-]*)\.md")
_PART = re.compile(r"\{\{ *([a-z_]+)(?: +([a-z0-9_]+))? *\}\}")


@dataclass(frozen=True)
class Section:
    """A heading below the chapter's: its words, its level (2 or 3), and the number of its block."""

    title: str
    level: int
    block: int


@dataclass(frozen=True)
class Page:
    """What is shown at a time: a chapter, or one `##` section of a long one; `anchor` is the name of its beginning."""

    slug: str
    anchor: str
    title: str
    blocks: tuple[Block, ...]

    def html(self, widths: Mapping[str, int]) -> str:
        """Return it as HTML, its pictures as wide as said."""
        return page_html(self.blocks, self.slug, widths)

    @property
    def rows(self) -> int:
        """Return how many rows its tables have."""
        return sum(len(block.rows) for block in self.blocks)

    @property
    def pictures(self) -> list[str]:
        """Return the files of its pictures, as they are named in the text."""
        return [block.picture for block in self.blocks if block.picture]


@dataclass(frozen=True)
class Chapter:
    """One chapter, its parts in place; `source` is the text as it was written."""

    number: int
    slug: str
    title: str
    source: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Return the pages: one, unless its tables are so long that laying them out would be felt."""
        whole = Page(self.slug, self.slug, self.title, self.blocks)
        starts = [section for section in self.sections if section.level == 2]
        if whole.rows <= MOST_ROWS or not starts:
            return (whole,)
        ends = [*(section.block for section in starts), len(self.blocks)]
        intro = self.blocks[: ends[0]]
        links = tuple(Block("item", ((Span(section.title, link=f"#{section.title}"),),)) for section in starts)
        parts = (
            Page(self.slug, anchor(self.slug, section.title), section.title, self.blocks[section.block : end])
            for section, end in zip(starts, ends[1:], strict=True)
        )
        return (Page(self.slug, self.slug, self.title, (*intro, *links)), *parts)

    @property
    def anchors(self) -> list[str]:
        """Return the names of its places: the chapter's own, then those of its sections."""
        return [self.slug, *(anchor(self.slug, section.title) for section in self.sections)]

    @property
    def links(self) -> list[str]:
        """Return the names of the places that it leads to."""
        found = [span.link for block in self.blocks for line in _lines(block) for span in line if span.link]
        return [f"{self.slug}{link}" if link.startswith("#") else link for link in found]

    @property
    def text(self) -> str:
        """Return all its words."""
        return "\n".join(block.text for block in self.blocks)


@dataclass(frozen=True)
class Manual:
    """All chapters, in order."""

    chapters: tuple[Chapter, ...]

    def chapter(self, slug: str) -> Chapter:
        """Return the chapter called `slug`; KeyError when there is none."""
        return {chapter.slug: chapter for chapter in self.chapters}[slug]

    @cached_property
    def _pages(self) -> dict[str, Page]:
        found: dict[str, Page] = {}
        for chapter in self.chapters:
            for page in chapter.pages:
                found[page.anchor] = page
                for block in page.blocks:
                    if block.kind == "heading":
                        found[anchor(chapter.slug, "" if block.level == 1 else block.text)] = page
        return found

    def page(self, name: str) -> Page:
        """Return the page on which the place called `name` is; KeyError when there is no such place."""
        return self._pages[name]

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Return the names of all places."""
        return frozenset(name for chapter in self.chapters for name in chapter.anchors)


def read_manual(parts: Mapping[str, Part]) -> Manual:
    """Return the manual with `parts` in place."""
    found = [match for name in resources.names(FOLDER) if (match := _FILE.fullmatch(name))]
    return Manual(tuple(_chapter(match, parts) for match in found))


def _chapter(file: re.Match[str], parts: Mapping[str, Part]) -> Chapter:
    name = file[0]
    source = resources.text(f"{FOLDER}/{name}")
    blocks = tuple(parse(_filled(source, parts, name)))
    headings = [(number, block) for number, block in enumerate(blocks) if block.kind == "heading"]
    if not headings or headings[0][0] or [block.level for _, block in headings].count(1) != 1:
        raise ValueError(f"{name}: the first line is not its one title")
    sections = tuple(Section(block.text, block.level, number) for number, block in headings[1:])
    titles = [section.title for section in sections]
    if len(set(titles)) != len(titles):
        raise ValueError(f"{name}: there are two sections with one name")
    return Chapter(int(file[1]), file[2], blocks[0].text, source, blocks, sections)


def _filled(source: str, parts: Mapping[str, Part], name: str) -> str:
    lines = []
    for line in source.split("\n"):
        part = _PART.fullmatch(line.strip())
        if part is not None and part[1] not in parts:
            raise ValueError(f"{name}: there is no part called {part[1]}")
        lines.append(line if part is None else f"\n{parts[part[1]](part[2] or '')}\n")
    return "\n".join(lines)


def _lines(block: Block) -> list[Line]:
    return [*block.lines, *(cell for row in block.rows for cell in row)]
