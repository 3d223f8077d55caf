"""Looking through a sheet's XML fast: by searching its bytes, where it is written as spreadsheet programs write it.

    scan(stream) -> SheetLook | None        None: written in another way; `sheet_look` has to read it as XML

Spreadsheet programs write <c r="B5" …> for a cell, with r first, no prefixes, no comments and nothing declared, and
escape every < in texts; so what looks like a cell is one. A hundred megabytes take half a second.
"""

from __future__ import annotations

import re
from typing import IO

from db.exchange.cells.model import BAD_RESULT, NO_RESULT, column_number
from db.exchange.cells.sheet_look import SheetLook

_CHUNK = 4 << 20
_CELL = rb'<c r="([A-Z]{1,3})([0-9]{1,7})"'
_HOLDS = rb"[^>]*(?<!/)>(?!</c>)"
_ODD_CELL = re.compile(rb'<c(?! r="[A-Z]{1,3}[0-9]{1,7}"[ />])[\s/>]')
_PREFIX = re.compile(rb"xmlns:[^=]+=\s*[\"']http[^\"']*/(?:2006|spreadsheetml)/main[\"']")
_ENCODING = re.compile(rb"encoding=[\"'](?![uU][tT][fF]-8)")
_ERROR = re.compile(_CELL + rb'[^>]*? t="e"')
_NO_RESULT = re.compile(_CELL + rb"[^>]*>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:</c>|<v\s*/>|<v>\s*</v>)")
_NUMBER = rb"[^>]*(?<!/)>(?:<f(?:[^>]*/>|[^>]*>[^<]*</f>))?\s*(?:<v>[^<]|<is>)"
_FAR = re.compile(rb'<c r="(?:([A-Z]{2,3})([0-9]+)|[A-Z]([0-9]{6,7}))"' + _HOLDS)
_WIDER = [re.compile(rb'<c r="([' + bytes([letter]) + rb'-Z])[0-9]+"' + _HOLDS) for letter in range(65, 91)]
"""By the number of columns that are known: a cell right of them."""
_UNUSUAL = [re.compile(rb"<c[\s/>]")]
_UNUSUAL += [re.compile(rb'<c(?! r="[A-%c][0-9]{1,5}+"[ />])[\s/>]' % letter) for letter in range(65, 91)]
"""By the number of columns that are known: a cell that is not among them, far down, or written in another way."""
_FORMULA, _MAY_BE_ERROR = re.compile(b"<f"), re.compile(b't="e"')
"""Searching for two or three bytes, an expression is faster than `in`; for one byte `in` is."""
_ROW = re.compile(rb'<c r="[A-Z]+([0-9]+)"' + _HOLDS)
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


def scan(stream: IO[bytes], styles: frozenset[str] = frozenset()) -> SheetLook | None:
    """Return what was seen, None where the XML must be read with care; `styles` as for `sheet_look`."""
    look = SheetLook(styles)
    shown = "|".join(sorted(map(re.escape, styles))).encode()
    percent = re.compile(_CELL + rb'[^>]*? s="(?:' + shown + rb')"' + _NUMBER) if styles else None
    rest = read = stream.read(_CHUNK)
    if read.startswith(_UTF16) or _ENCODING.search(read, 0, 200) or _PREFIX.search(read):
        return None
    while True:
        # Whole cells only: what comes behind the last one's beginning is looked at with the next bytes.
        end = max(rest.rfind(b"<c"), 0) if read else len(rest)
        data, rest = rest[:end], rest[end:]
        if (b"!" in data and b"<!" in data) or (b"?" in data and data.rfind(b"<?") > 0):
            return None
        if _UNUSUAL[min(look.last_column, 26)].search(data):
            if _ODD_CELL.search(data):
                return None
            _take_far(look, data)
        look.last_row = max(look.last_row, _last_row(data))
        _take_faults(look, data)
        if percent is not None:
            look.percents.update(map(_place, percent.finditer(data)))
        if not read:
            return look
        read = stream.read(_CHUNK)
        rest += read


def _take_faults(look: SheetLook, data: bytes) -> None:
    if _MAY_BE_ERROR.search(data):
        for found in _ERROR.finditer(data):
            look.faults[_place(found)] = BAD_RESULT
    if _FORMULA.search(data):
        for found in _NO_RESULT.finditer(data):
            look.faults.setdefault(_place(found), NO_RESULT)


def _take_far(look: SheetLook, data: bytes) -> None:
    """Take in cells that lie outside of what is known."""
    far = _FAR.findall(data)
    columns = {column for column, _, _ in far if column}
    rows = {row for _, *both in far for row in both if row}
    look.last_row = max([look.last_row, *map(int, rows)])
    look.last_column = max([look.last_column, *(column_number(each.decode()) for each in columns)])
    while look.last_column < 26 and (wider := _WIDER[look.last_column].search(data)):
        look.last_column = column_number(wider[1].decode())


def _place(found: re.Match[bytes]) -> tuple[int, int]:
    return int(found[2]) - 1, column_number(found[1].decode()) - 1


def _last_row(data: bytes) -> int:
    """Return the last row of the data that holds something, rows being in order."""
    step = 1 << 14
    for start in range(max(len(data) - step, 0), -step, -step):
        begin = data.find(b"<c ", max(start, 0), max(start, 0) + step)
        # One more step is looked at, since the last cell may begin in this one and end in the next.
        found = _ROW.findall(data, max(begin, 0), max(start, 0) + 2 * step) if begin >= 0 else []
        if found:
            return max(map(int, found))
    return 0
