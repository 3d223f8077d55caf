"""A workbook for people, written row by row without ever holding it in memory.

openpyxl needs about half a minute for a hundred thousand projects; these few parts of the format, written straight
into the archive, take a twentieth of that, and give the same bytes for the same content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol

from db.reports import workbook_parts as parts
from db.reports.workbook_parts import SheetPart, Style

LONGEST_CELL = 32_767
"""Characters Excel keeps in one cell."""
LAST_ROW = 1_048_576

_BETWEEN = "\x1f"
_UNLAWFUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


class Sink(Protocol):
    """Takes the pieces of one file."""

    def write(self, data: bytes, /) -> None:
        """Take the next piece."""


class Archive(Protocol):
    """Where the workbook's parts go: a zip being written."""

    def entry(self, name: str, size: int, *, deflate: bool) -> AbstractContextManager[Sink]:
        """Return a context in which one file is written."""


def column_letters(index: int) -> str:
    """Return the letters of the column with this number: 1 is A, 27 is AA."""
    letters = ""
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def escaped(text: str) -> str:
    """Return `text` as it stands in the workbook's XML; characters XML cannot hold become _xHHHH_ as Excel has it."""
    if not text.isprintable() or "_x" in text:
        text = _UNLAWFUL.sub(lambda found: f"_x{ord(found.group()):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped_all(texts: Sequence[str]) -> list[str]:
    """Return what `escaped` gives for every text; all at once where nothing is unusual, which is much cheaper."""
    if len(max(texts, key=len)) > LONGEST_CELL:
        texts = [text[:LONGEST_CELL] for text in texts]
    joined = _BETWEEN.join(texts)
    ordinary = joined.count(_BETWEEN) == len(texts) - 1 and "_x" not in joined
    if ordinary and joined.replace(_BETWEEN, "").replace("\n", "").isprintable():
        return joined.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split(_BETWEEN)
    return [escaped(text) for text in texts]


def text_cell(place: str, style: Style, text: str) -> str:
    """Return a cell that stays text whatever it begins with."""
    if not text:
        return f'<c r="{place}" s="{style}"/>'
    body = escaped(text[:LONGEST_CELL])
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{body}</t></is></c>'


def number_cell(place: str, style: Style, digits: str, formula: str = "") -> str:
    """Return a cell with the number that `digits` spells; with a `formula`, its value until it is computed anew."""
    function = f"<f>{escaped(formula)}</f>" if formula else ""
    return f'<c r="{place}" s="{style}">{function}<v>{digits}</v></c>'


class Sheet:
    """One sheet being written, top to bottom. `row` is the number of the next row."""

    def __init__(self, sink: Sink, widths: Sequence[float], *, frozen: str, head: int, mark: str = "") -> None:
        self._head = head
        self._mark = mark
        self.row = 1
        self._sink = sink
        self._columns = len(widths)
        self._merged: list[str] = []
        self._sink.write(parts.sheet_start(widths, frozen).encode("utf-8"))

    def add(self, cells: Iterable[str], *, height: float = 0) -> None:
        """Write one row of finished cells."""
        tall = f' ht="{height:g}" customHeight="1"' if height else ""
        self._sink.write(f'<row r="{self.row}"{tall}>{"".join(cells)}</row>'.encode())
        self.row += 1

    def add_rows(self, numbers: Sequence[str], columns: Sequence[Sequence[str]]) -> None:
        """Write the rows with these numbers, the next ones, from finished cells by column."""
        starts = [f'<row r="{number}">' for number in numbers]
        text = "</row>".join(map("".join, zip(starts, *columns, strict=True))) + "</row>"
        self.row += len(numbers)
        self._sink.write(text.encode("utf-8"))

    def merge(self, place: str) -> None:
        """Make one cell of the range `place`."""
        self._merged.append(place)

    def finish(self, last_data_row: int = 0) -> None:
        """Write what comes after the rows; with data, the heading gets filter buttons."""
        letters = column_letters(self._columns)
        filtered = f"A{self._head}:{letters}{last_data_row}" if last_data_row > self._head else ""
        self._sink.write(parts.sheet_end(filtered, self._merged, self._mark).encode("utf-8"))


class SheetContext:
    """The context in which one sheet is written."""

    def __init__(
        self, entry: AbstractContextManager[Sink], widths: Sequence[float], frozen: str, head: int, mark: str
    ) -> None:
        self._entry = entry
        self._widths = widths
        self._frozen = frozen
        self._head = head
        self._mark = mark

    def __enter__(self) -> Sheet:
        sink = self._entry.__enter__()
        return Sheet(sink, self._widths, frozen=self._frozen, head=self._head, mark=self._mark)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._entry.__exit__(kind, error, at)


class Workbook:
    """A workbook being written, sheet by sheet; `mark` stands at the head of every printed page."""

    def __init__(self, archive: Archive, mark: str = "") -> None:
        self._archive = archive
        self._mark = mark
        self._sheets: list[SheetPart] = []

    def sheet(
        self, title: str, widths: Sequence[float], *, frozen: str = "", head: int = 0, in_front: bool = False
    ) -> SheetContext:
        """Return the context of the next sheet: column widths in characters, the first cell that scrolls, and the row
        of the heading, which is repeated on every printed page (0: none). `in_front` of all written so far.
        """
        number = len(self._sheets) + 1
        part = SheetPart(number, self._sheet_name(title), head)
        self._sheets.insert(0 if in_front else len(self._sheets), part)
        entry = self._archive.entry(f"xl/worksheets/sheet{number}.xml", 0, deflate=True)
        return SheetContext(entry, widths, frozen, head, self._mark)

    def finish(self) -> None:
        """Write the parts that name the sheets."""
        for part, text in parts.book_parts(self._sheets):
            with self._archive.entry(part, len(text), deflate=True) as sink:
                sink.write(text.encode("utf-8"))

    def _sheet_name(self, title: str) -> str:
        base = re.sub(r"[\\/?*\[\]:'\x00-\x1f]", "", title).strip()[:28] or "表"
        taken = {sheet.name.casefold() for sheet in self._sheets}
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base[:25]}({number})"
        return name
