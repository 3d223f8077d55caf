"""Looking through a sheet's own XML before a reader opens it: how far it reaches, and what would read as empty.

    look_through(stream) -> SheetLook

The XML comes from strangers: it is parsed as XML whatever its quotes, prefixes and encoding, and may declare nothing.
That takes long for a large sheet; `sheet_scan` does the same for sheets that are written as the usual programs write.
"""

from __future__ import annotations

import re
from typing import IO
from xml.parsers import expat

from db.exchange.cells.model import BAD_RESULT, NO_RESULT, Faults, column_number

_PLACE = re.compile(r"([A-Za-z]{1,4})([0-9]{1,8})", re.ASCII)
_LARGEST_ROW = 99_999_999


class SheetDamaged(Exception):
    """The sheet is no XML, declares something, or names a cell as no program does."""


class SheetLook:
    """`faults` by (row, column) from 0; `last_row` and `last_column`, from 1, of the cells that hold something.

    `percents` are the cells whose number is shown as a percentage, by one of the `styles` that do so.
    """

    def __init__(self, styles: frozenset[str] = frozenset()) -> None:
        self.faults: Faults = {}
        self.percents: set[tuple[int, int]] = set()
        self._styles, self._percent = styles, False
        self.last_row = self.last_column = 0
        self._row = self._column = 0
        self._holds = self._error = self._formula = self._result = self._in_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take in the beginning of an element."""
        match name.rpartition(":")[2]:
            case "v":
                self._holds = self._in_value = True
            case "c":
                self._start_cell(attributes)
            case "row":
                self._row = _row_number(attributes["r"]) if "r" in attributes else self._row + 1
                self._column = 0
            case "f":
                self._holds = self._formula = True
            case "is":
                self._holds = self._result = True

    def text(self, text: str) -> None:
        """Take in text: a value that is not empty is a formula's result."""
        if self._in_value and text:
            self._result = True

    def end(self, name: str) -> None:
        """Take in the end of an element."""
        match name.rpartition(":")[2]:
            case "v":
                self._in_value = False
            case "c":
                self._end_cell()

    def _start_cell(self, attributes: dict[str, str]) -> None:
        # A cell without an address stands right of the one before it.
        where = attributes.get("r")
        if where is None:
            self._column += 1
        else:
            found = _PLACE.fullmatch(where)
            if found is None:
                raise SheetDamaged(where)
            self._row, self._column = _row_number(found[2]), column_number(found[1])
        self._error = attributes.get("t") == "e"
        self._percent = attributes.get("s") in self._styles
        self._holds = self._formula = self._result = False

    def _end_cell(self) -> None:
        if not self._holds:
            return
        self.last_row, self.last_column = max(self.last_row, self._row), max(self.last_column, self._column)
        if self._percent and self._result:
            self.percents.add((self._row - 1, self._column - 1))
        if self._error:
            self.faults[self._row - 1, self._column - 1] = BAD_RESULT
        elif self._formula and not self._result:
            self.faults[self._row - 1, self._column - 1] = NO_RESULT


def look_through(stream: IO[bytes], styles: frozenset[str] = frozenset()) -> SheetLook:
    """Return what was seen, with the numbers of the `styles` of percentages; SheetDamaged for what is no sheet."""
    look = SheetLook(styles)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = look.start
    parser.CharacterDataHandler = look.text
    parser.EndElementHandler = look.end
    try:
        parser.ParseFile(stream)
    except (expat.ExpatError, UnicodeError) as error:
        raise SheetDamaged(str(error)) from error
    return look


def _refuse(name: str, _system: str | None, _public: str | None, _internal: bool) -> None:
    raise SheetDamaged(name)


def _row_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= _LARGEST_ROW and len(text) < 10):
        raise SheetDamaged(text)
    return int(text)
