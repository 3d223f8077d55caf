"""Looking through an .xlsb before a reader opens it: how far its sheets reach, and results that are errors.

Records by [MS-XLSB]: a number and a length of seven bits to the byte, then the record's own bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from db.exchange.cells.model import BAD_RESULT
from db.exchange.cells.sheet_look import SheetDamaged, SheetLook
from db.exchange.cells.xlsx_look import XlsxLook, notes_on

_ROW, _BLANK, _ERROR, _FORMULA_ERROR = 0, 1, 3, 11
_SHEET = 156


def look_through_xlsb(archive: zipfile.ZipFile) -> XlsxLook:
    """Return what was seen; SheetDamaged, KeyError, BadZipFile or ParseError for what is damaged."""
    names = set(archive.namelist())
    relations = {
        entry.get("Id"): entry.get("Target", "")
        for entry in ElementTree.fromstring(archive.read("xl/_rels/workbook.bin.rels"))
        if entry.get("Type", "").endswith("/worksheet")
    }
    sheets = {}
    for record, body in _records(archive.read("xl/workbook.bin")):
        if record == _SHEET:
            link, rest = _text(body, 8)
            name, _ = _text(body, rest)
            if link in relations:
                sheets[name] = _look_through(archive.read(f"xl/{relations[link]}"))
    return XlsxLook(sheets, tuple(notes_on(names)))


def _look_through(data: bytes) -> SheetLook:
    look = SheetLook()
    row = 0
    for record, body in _records(data):
        if record == _ROW:
            row = int.from_bytes(body[:4], "little")
        elif _BLANK < record <= _FORMULA_ERROR:
            column = int.from_bytes(body[:4], "little")
            look.last_row, look.last_column = max(look.last_row, row + 1), max(look.last_column, column + 1)
            if record in (_ERROR, _FORMULA_ERROR):
                look.faults[row, column] = BAD_RESULT
    return look


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        record, at = _number(data, at, 2)
        length, at = _number(data, at, 4)
        yield record, data[at : at + length]
        at += length


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    number = 0
    for step in range(most):
        if at >= len(data):
            raise SheetDamaged("record")
        number |= (data[at] & 0x7F) << (7 * step)
        at += 1
        if not data[at - 1] & 0x80:
            break
    return number, at


def _text(body: bytes, at: int) -> tuple[str, int]:
    length = int.from_bytes(body[at : at + 4], "little")
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end
