"""Files that are called workbooks and are none, or are more than a program can bear."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

import openpyxl

SECTOR, FREE, END, FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def ole(file: Path, *names: str, encoded: bytes = b"x" * 5000) -> Path:
    """Write an OLE file with streams of these names that all hold the same bytes."""
    sectors = -(-len(encoded) // SECTOR)
    fat = [FAT, END, *range(3, sectors + 2), END]
    fat += [FREE] * (SECTOR // 4 - len(fat))
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(SECTOR - 8))
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 40, 0, 1, 1, 0, 4096, END, 0, END, 0)
    struct.pack_into("<109I", header, 76, 0, *[FREE] * 108)
    entries = b"".join(
        _entry(name, kind, start, size)
        for name, kind, start, size in [("Root Entry", 5, END, 0), *((name, 2, 2, len(encoded)) for name in names)]
    )
    directory = entries + bytes(SECTOR - len(entries))
    file.write_bytes(bytes(header) + struct.pack("<128I", *fat) + directory + encoded.ljust(sectors * SECTOR, b"\0"))
    return file


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    made = bytearray(128)
    text = name.encode("utf-16-le") + b"\0\0"
    made[: len(text)] = text
    struct.pack_into("<HBB", made, 64, len(text), kind, 1)
    struct.pack_into("<III", made, 68, FREE, FREE, FREE)
    struct.pack_into("<II", made, 116, start, size)
    return bytes(made)


def zipped(file: Path, parts: Iterable[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return file


def with_parts(file: Path, **changed: bytes) -> Path:
    """Add or replace parts of a workbook; `__` stands for a slash and `_dot_` for a point in their names."""
    named = {name.replace("__", "/").replace("_dot_", "."): data for name, data in changed.items()}
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(file, (parts | named).items())


def plain_book(file: Path, rows: Iterable[Iterable[object]] = (("x",),)) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("表")
    for row in rows:
        sheet.append(list(row))
    book.save(file)
    return file


def huge_sheet(file: Path, rows: int, row: bytes) -> Path:
    """Write a workbook whose sheet repeats `row`, in which %d is the row's number."""
    plain_book(file)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, data)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            part.write(b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>')
            for start in range(2, rows + 2, 1000):
                block = b"".join(row.replace(b"%d", b"%d" % number) for number in range(start, start + 1000))
                part.write(block)
            part.write(b"</sheetData></worksheet>")
    return file
