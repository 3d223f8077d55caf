"""Looking through an .ods before a reader opens it: how far each table reaches, faults, merged ranges, properties.

    look_through_ods(archive) -> OdsLook

Rows and cells that are alike are written once with a count; two of them can fill all memory.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

from db.exchange.cells.model import BAD_RESULT, NO_RESULT, Faults, Range
from db.exchange.cells.sheet_look import SheetDamaged

_MOST = 1 << 24
_LARGEST_META = 5_000_000
_MOST_FAULTS = 10_000


@dataclass
class TableLook:
    """One table: what the other looks say of a sheet, and its merged ranges."""

    name: str
    faults: Faults = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    percents: set[tuple[int, int]] = field(default_factory=set)
    last_row: int = 0
    last_column: int = 0


@dataclass
class OdsLook:
    """The tables in the file's order, and its user-defined properties."""

    tables: list[TableLook]
    properties: dict[str, str]


def look_through_ods(archive: zipfile.ZipFile) -> OdsLook:
    """Return what was seen; SheetDamaged for what is no OpenDocument spreadsheet; zipfile's errors."""
    walk = _Walk()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    try:
        with archive.open("content.xml") as stream:
            parser.ParseFile(stream)
    except (expat.ExpatError, UnicodeError, ValueError) as error:
        raise SheetDamaged(str(error)) from error
    return OdsLook(walk.tables, _properties(archive))


class _Walk:
    """Counts rows and cells as they pass; a table inside a cell is no sheet."""

    def __init__(self) -> None:
        self.tables: list[TableLook] = []
        self._depth = self._row = self._column = self._row_repeat = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "table" if name.startswith("table:"):
                self._depth += 1
                if self._depth == 1:
                    self.tables.append(TableLook(attributes.get("table:name", "")))
                    self._row = self._row_repeat = 0
            case "table-row" if self._depth == 1:
                self._row += self._row_repeat
                self._row_repeat = _count(attributes, "table:number-rows-repeated")
                self._column = 0
            case "table-cell" | "covered-table-cell" if self._depth == 1:
                self._cell(attributes)

    def end(self, name: str) -> None:
        if name == "table:table":
            self._depth -= 1

    def _cell(self, attributes: dict[str, str]) -> None:
        table, repeat = self.tables[-1], _count(attributes, "table:number-columns-repeated")
        first = self._column
        self._column += repeat
        if len(attributes) < 2 and "office:value-type" not in attributes:
            return
        kind = attributes.get("office:value-type")
        if kind is not None:
            table.last_row = max(table.last_row, self._row + self._row_repeat)
            table.last_column = max(table.last_column, self._column)
        if kind == "percentage" and repeat * self._row_repeat <= _MOST_FAULTS:
            rows, columns = range(self._row, self._row + self._row_repeat), range(first, first + repeat)
            table.percents.update((row, column) for row in rows for column in columns)
        broken = attributes.get("calcext:value-type") == "error"
        if (broken or (kind is None and "table:formula" in attributes)) and len(table.faults) < _MOST_FAULTS:
            table.faults[self._row, first] = BAD_RESULT if broken else NO_RESULT
        wide = _count(attributes, "table:number-columns-spanned")
        high = _count(attributes, "table:number-rows-spanned")
        if wide > 1 or high > 1:
            table.merged.append((self._row, first, self._row + high - 1, first + wide - 1))


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name)
    if text is None:
        return 1
    if not (text.isascii() and text.isdigit() and len(text) < 9) or not 0 < int(text) <= _MOST:
        raise SheetDamaged(text)
    return int(text)


def _refuse(name: str, _system: str | None, _public: str | None, _internal: bool) -> None:
    raise SheetDamaged(name)


def _properties(archive: zipfile.ZipFile) -> dict[str, str]:
    if "meta.xml" not in archive.namelist():
        return {}
    data = archive.read("meta.xml")
    if len(data) > _LARGEST_META or b"<!DOCTYPE" in data:
        raise SheetDamaged("meta.xml")
    found = {}
    for entry in ElementTree.fromstring(data).iter("{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}user-defined"):
        name = entry.get("{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}name")
        if name:
            found[name] = "".join(entry.itertext())
    return found
