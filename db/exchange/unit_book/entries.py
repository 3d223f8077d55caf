"""The entries of a sheet as its XML, and a workbook made from a template's parts.

A hundred workbooks differ in their rows only. Making each anew from objects would take most of the time for what they
have alike, so a template is made once and its parts are filled in: see `template`.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import BinaryIO
from xml.sax.saxutils import escape

from db.exchange.workbook_cells import lawful

Value = str | int | float | date | None

_FIRST_DAY = date(1899, 12, 30)
_FIRST_EXACT_DAY = date(1900, 3, 1)
_STAMP = (1980, 1, 1, 0, 0, 0)
_TOKEN = re.compile(rb"@@([a-z0-9_:.]+)@@")
_QUOTE = {'"': "&quot;", "\r": "&#13;"}


def row_xml(number: int, cells: Iterable[tuple[str, int, Value]]) -> str:
    """Return the row with this number (from 1) of cells given by letters, style and value."""
    made = [f'<row r="{number}">']
    for letters, style, value in cells:
        if value is None or value == "":
            made.append(f'<c r="{letters}{number}" s="{style}"/>')
        elif isinstance(value, str):
            text = escape(lawful(value), _QUOTE)
            made.append(
                f'<c r="{letters}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
            )
        else:
            if isinstance(value, date):
                # Spreadsheets believe in 29 February 1900; what lies before it stays text.
                if value < _FIRST_EXACT_DAY:
                    made.append(
                        f'<c r="{letters}{number}" s="{style}" t="inlineStr"><is><t>{value.isoformat()}</t></is></c>'
                    )
                    continue
                value = (value - _FIRST_DAY).days
            made.append(f'<c r="{letters}{number}" s="{style}"><v>{value!r}</v></c>')
    made.append("</row>")
    return "".join(made)


def write_parts(
    out: BinaryIO,
    parts: Mapping[str, bytes],
    rows: Mapping[str, Sequence[str]],
    numbers: Mapping[bytes, int],
    texts: Mapping[str, str],
) -> None:
    """Write a workbook: the template's parts with these rows by part; row numbers and texts in their places.

    The same gives the same bytes.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            here = numbers if name.startswith("xl/work") else {}
            if name in rows:
                # Only the template has places to fill in: what looks like one in an entry is the entry.
                head, end, tail = data.partition(b"</sheetData>")
                entries = "".join(rows[name]).encode()
                data = b"".join((_filled(head, here, texts), entries, end, _filled(tail, here, texts)))
            else:
                data = _filled(data, here, texts)
            archive.writestr(zipfile.ZipInfo(name, _STAMP), data, zipfile.ZIP_DEFLATED)


def _filled(data: bytes, numbers: Mapping[bytes, int], texts: Mapping[str, str]) -> bytes:
    for token, number in numbers.items():
        if token in data:
            data = data.replace(token, str(number).encode())
    if b"@@" in data:
        data = _TOKEN.sub(lambda found: _text(found[1].decode(), texts), data)
    return data


def _text(key: str, texts: Mapping[str, str]) -> bytes:
    return escape(lawful(texts[key]), _QUOTE).encode() if key in texts else f"@@{key}@@".encode()
