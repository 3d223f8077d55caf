"""交接单: what is open in a county when somebody else takes it over, as values and as HTML for printing and PDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from db.reports.official_page import Head, page, paragraph, part, signed, table
from db.reports.task_sheet import day

NOTHING = "没有。"
SIGNATURES: tuple[Head, ...] = (("移交人（签字）", 34), ("接收人（签字）", 33), ("监交人（签字）", 33))
_ROOM = "\n\n"


@dataclass(frozen=True)
class OpenMatter:
    """One heading of the sheet: sentences, and perhaps a table; nothing open when it has neither."""

    title: str
    sentences: tuple[str, ...] = ()
    heads: tuple[Head, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """Return it as plain lines."""
        return (*self.sentences, *("　".join(cell for cell in row if cell) for row in self.rows)) or (NOTHING,)


@dataclass(frozen=True)
class HandoverSheet:
    """The whole sheet: of which county, by whom, when, and what is open, in order."""

    county: str
    office: str
    author: str
    made_on: date
    matters: tuple[OpenMatter, ...]

    @property
    def title(self) -> str:
        """Return the heading."""
        return f"{self.county}“四减四增”工作交接单"

    def lines(self) -> list[str]:
        """Return it for a screen or a printer without fonts."""
        told = [self.title, f"{self.office}　{self.author}　{day(self.made_on)}"]
        for matter in self.matters:
            told += ["", matter.title, *(f"  {line}" for line in matter.lines)]
        return told


def handover_html(sheet: HandoverSheet) -> str:
    """Return the sheet as HTML for as many pages of A4 as it needs."""
    return page(sheet.title, f"{sheet.office}　{day(sheet.made_on)}", _blocks(sheet))


def _blocks(sheet: HandoverSheet) -> Iterator[str]:
    for matter in sheet.matters:
        yield part(matter.title)
        yield from map(paragraph, matter.sentences)
        if matter.rows:
            yield table(matter.heads, matter.rows, left=range(len(matter.heads)))
        elif not matter.sentences:
            yield paragraph(NOTHING)
    yield table(SIGNATURES, [(_ROOM, _ROOM, _ROOM)])
    yield signed(sheet.author, day(sheet.made_on))
