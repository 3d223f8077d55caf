"""Looking through an .xls before a reader opens it: a password, macros, and formulas whose result is an error.

Records of the workbook stream by [MS-XLS]: number and length, two bytes each, then the record's own bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from db.exchange.cells.formats import is_percent
from db.exchange.cells.model import BAD_RESULT, Faults
from db.exchange.cells.ole import WORKBOOK_STREAMS, OleDamaged, OleFile

_FORMULA, _EOF, _FILEPASS, _BOUNDSHEET, _BOOLERR, _BOF = 0x0006, 0x000A, 0x002F, 0x0085, 0x0205, 0x0809
_NUMBER, _RK, _MULRK, _FORMAT, _XF = 0x0203, 0x027E, 0x00BD, 0x041E, 0x00E0
_LOOKED_AT = frozenset({_FORMULA, _FILEPASS, _BOUNDSHEET, _BOOLERR, _NUMBER, _RK, _MULRK, _FORMAT, _XF})
_WORKSHEET = 0
_ERROR = 2
_MACROS = "_VBA_PROJECT_CUR"


@dataclass
class XlsLook:
    """`faults` and `percents` of each sheet in the file's order; whether it has a password, and macros."""

    faults: list[Faults] = field(default_factory=list)
    percents: list[set[tuple[int, int]]] = field(default_factory=list)
    encrypted: bool = False
    macros: bool = False


def look_through_xls(data: bytes) -> XlsLook:
    """Return what was seen in the file's bytes; OleDamaged for what is no .xls."""
    ole = OleFile(data)
    name = next((each for each in WORKBOOK_STREAMS if each in ole.names), None)
    if name is None:
        raise OleDamaged("no workbook")
    stream = ole.stream(name)
    look = XlsLook(macros=_MACROS in ole.names)
    sheets: list[int] = []
    formats = dict.fromkeys(range(164), False) | {9: True, 10: True}
    styles: set[int] = set()
    count = 0
    for record, body in _records(stream, 0):
        if record == _FILEPASS:
            look.encrypted = True
            return look
        if record == _BOUNDSHEET and len(body) >= 6:
            offset, kind = struct.unpack_from("<IxB", body)
            if kind == _WORKSHEET:
                sheets.append(offset)
        elif record == _FORMAT and len(body) > 5:
            formats[struct.unpack_from("<H", body)[0]] = is_percent(_format(body))
        elif record == _XF and len(body) >= 4:
            if formats.get(struct.unpack_from("<xxH", body)[0]):
                styles.add(count)
            count += 1
    for offset in sheets:
        look.faults.append(_faults(stream, offset))
        look.percents.append(_percents(stream, offset, styles) if styles else set())
    return look


def _format(body: bytes) -> str:
    wide = bool(body[4] & 1)
    return body[5:].decode("utf-16-le" if wide else "latin-1", "replace")


def _percents(stream: bytes, offset: int, styles: set[int]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for record, body in _records(stream, offset):
        if record in (_NUMBER, _RK, _FORMULA) and len(body) >= 6:
            row, column, style = struct.unpack_from("<HHH", body)
            if style in styles:
                found.add((row, column))
        elif record == _MULRK and len(body) >= 6:
            row, column = struct.unpack_from("<HH", body)
            for at in range(4, len(body) - 2, 6):
                if struct.unpack_from("<H", body, at)[0] in styles:
                    found.add((row, column + (at - 4) // 6))
    return found


def _faults(stream: bytes, offset: int) -> Faults:
    found: Faults = {}
    for record, body in _records(stream, offset):
        if record == _FORMULA and len(body) >= 14:
            if body[12:14] == b"\xff\xff" and body[6] == _ERROR:
                row, column = struct.unpack_from("<HH", body)
                found[row, column] = BAD_RESULT
        elif record == _BOOLERR and len(body) >= 8 and body[7]:
            row, column = struct.unpack_from("<HH", body)
            found[row, column] = BAD_RESULT
    return found


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of one substream, charts inside it left out."""
    depth = 0
    while at + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, at)
        if record == _BOF:
            depth += 1
        elif record == _EOF:
            depth -= 1
            if depth <= 0:
                return
        if depth == 1 and record in _LOOKED_AT:
            yield record, stream[at + 4 : at + 4 + length]
        at += 4 + length
