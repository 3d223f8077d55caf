"""The fast look at a sheet's XML sees what the careful one sees, or leaves it to that."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.exchange.cells import sheet_scan
from db.exchange.cells.model import letters
from db.exchange.cells.sheet_look import look_through
from db.exchange.cells.sheet_scan import scan

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
INSIDES = {
    "value": "<v>1</v>",
    "text": '<is><t xml:space="preserve">a &lt;c r="ZZ99"> b</t></is>',
    "empty": "",
    "formula": "<f>A1+1</f><v>2</v>",
    "uncomputed": "<f>A1+1</f>",
    "uncomputed shared": '<f t="shared" si="0"/><v></v>',
    "uncomputed with empty value": "<f>1</f><v/>",
}


def cell(row: int, column: int, inside: str, error: bool) -> str:
    place = f"{letters(column - 1)}{row}"
    if not inside:
        return f'<c r="{place}" s="3"/>'
    kind = ' t="e"' if error else ' t="inlineStr"' if "<is>" in inside else ""
    return f'<c r="{place}" s="3"{kind}>{inside}</c>'


def sheet(cells: dict[tuple[int, int], tuple[str, bool]]) -> bytes:
    lines: dict[int, list[str]] = {}
    for (row, column), (inside, error) in sorted(cells.items()):
        lines.setdefault(row, []).append(cell(row, column, INSIDES[inside], error))
    body = "".join(f'<row r="{row}">{"".join(line)}</row>' for row, line in lines.items())
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    head += f'<worksheet {MAIN}><cols><col min="1" max="3"/></cols>'
    return f"{head}<sheetData>{body}</sheetData></worksheet>".encode()


PLACES = st.tuples(st.integers(1, 40) | st.integers(1, 1_048_576), st.integers(1, 30) | st.integers(1, 16_384))


@given(
    st.dictionaries(PLACES, st.tuples(st.sampled_from(sorted(INSIDES)), st.booleans()), max_size=12),
    st.integers(100, 700),
)
def test_both_looks_see_the_same(cells: dict[tuple[int, int], tuple[str, bool]], chunk: int) -> None:
    data = sheet(cells)
    careful = look_through(io.BytesIO(data), frozenset({"3"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheet_scan, "_CHUNK", chunk)
        fast = scan(io.BytesIO(data), frozenset({"3"}))
    assert fast is not None
    assert fast.percents == careful.percents
    assert fast.faults == careful.faults
    assert (fast.last_row, fast.last_column) == (careful.last_row, careful.last_column)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<c r="A1"', b"<c r='A1'"),
        (b'<c r="A1"', b"<c"),
        (b'<c r="A1" s="3"', b'<c s="3" r="A1"'),
        (b'<c r="A1"', b'<c\nr="A1"'),
        (b'<c r="A1"', b'<c r="&#65;1"'),
        (b'<c r="A1"', b'<c r="A12345678"'),
        (b"<sheetData>", b"<!-- --><sheetData>"),
        (b"<worksheet", b"<!DOCTYPE a><worksheet"),
        (b"UTF-8", b"GB18030"),
        (b"<worksheet ", b'<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '),
    ],
)
def test_what_is_written_otherwise_is_left_to_the_careful_look(old: bytes, new: bytes) -> None:
    data = sheet({(1, 1): ("value", False)})
    assert old in data
    assert scan(io.BytesIO(data)) is not None
    assert scan(io.BytesIO(data.replace(old, new))) is None


def test_utf_16_is_left_to_the_careful_look() -> None:
    data = sheet({(1, 1): ("value", False)}).decode().replace("UTF-8", "UTF-16")
    assert scan(io.BytesIO(data.encode("utf-16"))) is None
