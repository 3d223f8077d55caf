"""The outline of a plan: parts, articles, and the paragraphs and tables under each article."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from db.plan.model import Article, Part
from db.plan.reading.beginning import Line, find_beginning, is_date, lines_of
from db.plan.reading.headings import Heading, heading_of
from db.plan.reading.markers import Form, Marker, marker_of
from db.plan.reading.model import Document, Table

_ANNEX = re.compile("(附[ \u3000]*[件表录][ \u3000]*[0-9一二三四五六七八九十]{0,2})[ \u3000:：、.]*(.*)")
_ANNEX_LIST = re.compile("附[ \u3000]*[件表录][ \u3000]*[:：][ \u3000]*[^ \u3000]")
_CLOSING = re.compile(
    "(?:抄送|主送|抄报|联系人|联系电话|（?联系|印发机关|（此件|【?(?:打印|关闭|字体)|版权所有|主办：|网站标识码|扫一扫)"
)
_PRINTED = re.compile("[^。]{0,40}[年月日0-9]日印发?")
_CONTENTS = re.compile("目[ \u3000]*[录次]")
_LONGEST_TITLE = 300
_PAGE = re.compile(".*?(?:[.…·．\\-—]{2,}|\t)[ \t]*[0-9]{1,3}")
_LONGEST_CAPTION = 45


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of an article, after its own number if it has one; `item` tells whether it had."""

    start: int
    end: int
    item: bool = False


@dataclass(frozen=True)
class Captioned:
    """A table with the title that stands over it ("" for none)."""

    table: Table
    caption: str


@dataclass
class Section:
    """An article and what stands in it."""

    article: Article
    content: list[Paragraph | Captioned] = field(default_factory=list)


@dataclass(frozen=True)
class Outline:
    """The plan without what comes before it: where its title stands, and where its first part begins.

    `passed` are places that were understood and belong to no clause: numbers of items (1. or ①), tables of contents.
    """

    title: str
    start: int
    title_end: int
    body: int
    parts: tuple[Part, ...]
    sections: tuple[Section, ...]
    passed: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class _Entry:
    """A line, with its marker if it opens a heading or an item; or a table that begins here."""

    line: Line
    marker: Marker | None = None
    table: Captioned | None = None


def outline_of(document: Document, plain: str) -> Outline:
    """Return the outline of `document`, whose text in plain form is `plain`.

    A document without headings has one part with one article. Titles and headings are in plain form.
    """
    lines = lines_of(plain)
    beginning = find_beginning(lines)
    passed: list[tuple[int, int]] = []
    entries = _entries(lines[beginning.body :], document.tables, passed)
    builder = _Builder(plain, beginning.title or document.name)
    top = _top_form(entries)
    first = next((at for at, entry in enumerate(entries) if _opens(entry, top)), 0 if top is None else len(entries))
    groups = _grouped(entries[first:], lambda entry: _opens(entry, top))
    for group in groups:
        builder.part(group, top)
    body = entries[first].line.start if first < len(entries) else len(document.text)
    parts, sections = tuple(builder.parts), tuple(builder.numbered())
    return Outline(
        beginning.title, beginning.title_start, beginning.title_end, body, parts, sections, (*passed, *builder.numbers)
    )


def _opens(entry: _Entry, top: Form | None) -> bool:
    return _annex(entry) is not None or (top is not None and entry.marker is not None and entry.marker.form is top)


def _top_form(entries: Sequence[_Entry]) -> Form | None:
    """Return the form of the parts: the highest of several; None where one form makes articles of a single part."""
    body = entries[: next((at for at, entry in enumerate(entries) if _annex(entry)), len(entries))]
    forms = sorted(
        {entry.marker.form for entry in body if entry.marker is not None and entry.marker.form < Form.FIGURE}
    )
    figures = any(entry.marker is not None and entry.marker.form is Form.FIGURE for entry in body)
    if len(forms) > 1 or (forms and figures):
        return forms[0]
    return None


def _grouped(entries: Sequence[_Entry], opens: Callable[[_Entry], bool]) -> list[list[_Entry]]:
    groups: list[list[_Entry]] = []
    for entry in entries:
        if not groups or opens(entry):
            groups.append([])
        groups[-1].append(entry)
    return groups


def _annex(entry: _Entry) -> re.Match[str] | None:
    found = _ANNEX.fullmatch(entry.line.text) if entry.table is None else None
    return found if found and len(found[2]) <= _LONGEST_CAPTION and "。" not in found[2] else None


# --- Lines ----------------------------------------------------------------------------------------------------------


def _entries(lines: Sequence[Line], tables: Sequence[Table], passed: list[tuple[int, int]]) -> list[_Entry]:
    """Return lines and tables in order, without the list of annexes and the closing lines.

    The lines of a table of contents go to `passed`, as do the titles over tables.
    """
    found: list[_Entry] = []
    within = iter(tables)
    table = next(within, None)
    listing = False
    for line, after in zip_longest(lines, lines[1:]):
        while table is not None and table.end <= line.start:
            table = next(within, None)
        if table is not None and table.start <= line.start:
            if not (found and found[-1].table is not None and found[-1].table.table is table):
                found.append(_Entry(line, table=Captioned(table, _taken_caption(found, passed))))
            continue
        if _CONTENTS.fullmatch(line.text) or (len(line.text) <= _LONGEST_TITLE and _PAGE.fullmatch(line.text)):
            passed.append((line.start, line.end))
            continue
        marker = marker_of(line.text)
        heads = table is not None and after is not None and table.start <= after.start
        listing = (_ANNEX_LIST.match(line.text) is not None and not heads) or (
            listing and marker is not None and marker.form is Form.FIGURE and "。" not in line.text
        )
        if is_date(line.text) and found and _may_sign(found[-1]):
            found.pop()
        if not (listing or _is_closing(line.text)):
            found.append(_Entry(line, marker))
    return _in_sequence(found)


def _taken_caption(found: list[_Entry], passed: list[tuple[int, int]]) -> str:
    """Take the short line over a table, and the line that names its unit, out of the text."""
    caption = ""
    while (
        found and found[-1].table is None and found[-1].marker is None and len(found[-1].line.text) <= _LONGEST_CAPTION
    ):
        text = found[-1].line.text
        if (
            text[-1] in "。；：:"
            or _annex(found[-1])
            or (caption and not caption.startswith(("单位", "（单位", "(单位")))
        ):
            break
        line = found.pop().line
        passed.append((line.start, line.end))
        caption = text
    return caption


def _may_sign(entry: _Entry) -> bool:
    """Return whether the line may be the name of the office that signs, above the date."""
    line = entry.line.text
    return entry.table is None and entry.marker is None and len(line) <= 30 and not re.search("[。；，：（）]", line)


def _is_closing(line: str) -> bool:
    return is_date(line) or _PRINTED.fullmatch(line) is not None or _CLOSING.match(line) is not None


def _in_sequence(entries: list[_Entry]) -> list[_Entry]:
    """Take figures for markers only where they count on: a line that begins with 12. is no item after 3."""
    last = 0
    kept: list[_Entry] = []
    for entry in entries:
        marker = entry.marker
        if marker is not None and marker.form is Form.FIGURE:
            if marker.value == 1 or last < marker.value <= last + 2:
                last = marker.value
            else:
                entry = replace(entry, marker=None)
        kept.append(entry)
    return kept


# --- Parts and articles ---------------------------------------------------------------------------------------------


class _Builder:
    def __init__(self, text: str, title: str) -> None:
        self._text = text
        self._title = title
        self.parts: list[Part] = []
        self.numbers: list[tuple[int, int]] = []
        self._sections: list[Section] = []

    def part(self, entries: Sequence[_Entry], top: Form | None) -> None:
        """Add the part that `entries` make; their first opens it unless the plan has no parts."""
        first = entries[0]
        part_id = str(len(self.parts) + 1)
        annex = _annex(first)
        if annex is not None:
            end, title, entries = self._annex_title(annex, entries)
            part = Part(part_id, annex[1], title, first.line.start, end, self._text[first.line.start : end])
            entries = [_captioned(entry, title) for entry in entries]
            rest = None
        elif top is not None and first.marker is not None and first.marker.form is top:
            heading = heading_of(first.line, first.marker, _bodies(entries))
            part = Part(part_id, first.marker.numeral, *_placed(heading))
            rest, entries = heading.rest, entries[1:]
        else:
            part, rest = Part(part_id, "", self._title, first.line.start, first.line.start, ""), None
        self.parts.append(part)
        forms = [entry.marker.form for entry in entries if entry.marker is not None]
        form = min(forms) if forms else None
        groups = _grouped(entries, lambda entry: entry.marker is not None and entry.marker.form is form)
        if rest is not None:
            self._section(part, None).content.append(Paragraph(*rest))
        for group in groups:
            self._article(part, group, form)

    def _annex_title(self, annex: re.Match[str], entries: Sequence[_Entry]) -> tuple[int, str, Sequence[_Entry]]:
        line = entries[0].line
        if annex[2]:
            return line.end, annex[2], entries[1:]
        after = entries[1] if len(entries) > 1 else None
        if after is not None and after.table is not None and after.table.caption:
            return line.end, after.table.caption, entries[1:]
        if after is None or after.marker or after.table or len(after.line.text) > _LONGEST_CAPTION:
            return line.end, annex[1], entries[1:]
        return after.line.end, after.line.text, entries[2:]

    def _article(self, part: Part, group: Sequence[_Entry], form: Form | None) -> None:
        first = group[0]
        if first.marker is not None and first.marker.form is form:
            heading = heading_of(first.line, first.marker, _bodies(group))
            section = self._section(part, Article("", part.id, first.marker.numeral, *_placed(heading)))
            if heading.rest is not None:
                section.content.append(Paragraph(*heading.rest))
            group = group[1:]
        else:
            last = self._sections[-1] if self._sections else None
            section = last if last and last.article.part == part.id else self._section(part, None)
        for entry in group:
            if entry.table is not None:
                section.content.append(entry.table)
            else:
                skip = entry.marker.length if entry.marker is not None else 0
                section.content.append(Paragraph(entry.line.start + skip, entry.line.end, item=skip > 0))
                self.numbers += [(entry.line.start, entry.line.start + skip)] if skip else []

    def _section(self, part: Part, article: Article | None) -> Section:
        place = part.end
        section = Section(article or Article("", part.id, "", part.title, place, place, ""))
        self._sections.append(section)
        return section

    def numbered(self) -> list[Section]:
        """Return the articles with their ids: their own number where they are counted through the plan."""
        for number, section in enumerate(self._sections, start=1):
            section.article = replace(section.article, id=f"{number:02d}")
        return self._sections


def _captioned(entry: _Entry, title: str) -> _Entry:
    """Return the entry, a table without a title of its own with that of its annex."""
    if entry.table is None or entry.table.caption:
        return entry
    return replace(entry, table=replace(entry.table, caption=title))


def _placed(heading: Heading) -> tuple[str, int, int, str]:
    return heading.title, heading.start, heading.end, heading.text


def _bodies(entries: Sequence[_Entry]) -> list[str]:
    """Return the texts of the lines below a heading, which tell whether the heading itself is the task."""
    return [entry.line.text for entry in entries[1:]]
