"""Looking through an .xlsx before a reader opens it: its parts and their sizes, its sheets, its properties.

properties_of(archive) -> {name: text}      read first: they say whose workbook it is
look_through_xlsx(archive) -> XlsxLook      zipfile's and XML's errors
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from db.exchange.cells.formats import is_percent
from db.exchange.cells.sheet_look import SheetDamaged, SheetLook, look_through
from db.exchange.cells.sheet_scan import scan

_LARGEST_INDEX = 5_000_000
PERCENTS = frozenset({"9", "10"})
"""Built-in formats 0% and 0.00%."""
_SHEET, _RELATION = ".//{*}sheet", "{*}Relationship"
MACROS: Final = "文件带有宏，宏没有运行，只读了单元格里的内容。"
LINKS: Final = "文件引用了其他工作簿，只采用单元格里已有的结果，没有去读那些文件。"


@dataclass(frozen=True)
class XlsxLook:
    """What the sheets' own XML tells, by the sheets' names, and what to tell of the workbook."""

    sheets: dict[str, SheetLook]
    notes: tuple[str, ...]


def look_through_xlsx(archive: zipfile.ZipFile) -> XlsxLook:
    """Return what was seen; SheetDamaged, KeyError, BadZipFile or ParseError for what is damaged."""
    names = set(archive.namelist())
    if "xl/sharedStrings.xml" in names:
        with archive.open("xl/sharedStrings.xml") as stream:
            if b"<!DOCTYPE" in stream.read(_LARGEST_INDEX // 1000):
                raise SheetDamaged("sharedStrings")
    styles = percent_styles(_xml(archive, "xl/styles.xml")) if "xl/styles.xml" in names else frozenset()
    sheets = {name: _look_through(archive, part, styles) for name, part in _sheet_parts(archive).items()}
    return XlsxLook(sheets, tuple(notes_on(names)))


def properties_of(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the workbook's custom properties that are texts; BadZipFile or ParseError for what is damaged."""
    if "docProps/custom.xml" not in archive.namelist():
        return {}
    return {
        entry.get("name", ""): "".join(entry.itertext())
        for entry in _xml(archive, "docProps/custom.xml")
        if entry.get("name")
    }


def notes_on(names: set[str]) -> list[str]:
    """Return what to tell of a workbook with these parts."""
    notes = [MACROS] if any(name.endswith("vbaProject.bin") for name in names) else []
    return notes + ([LINKS] if any(name.startswith("xl/externalLinks/") for name in names) else [])


def percent_styles(styles: ElementTree.Element) -> frozenset[str]:
    """Return the numbers of the cell styles that show a number as a percentage."""
    formats = {each.get("numFmtId"): each.get("formatCode", "") for each in styles.iterfind("{*}numFmts/{*}numFmt")}
    shown = {number for number, code in formats.items() if is_percent(code)} | (PERCENTS - formats.keys())
    cells = styles.iterfind("{*}cellXfs/{*}xf")
    return frozenset(str(place) for place, each in enumerate(cells) if each.get("numFmtId") in shown)


def _look_through(archive: zipfile.ZipFile, part: str, styles: frozenset[str]) -> SheetLook:
    with archive.open(part) as stream:
        found = scan(stream, styles)
    if found is not None:
        return found
    with archive.open(part) as stream:
        return look_through(stream, styles)


def _xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    data = archive.read(name)
    if len(data) > _LARGEST_INDEX or b"<!DOCTYPE" in data:
        raise zipfile.BadZipFile(name)
    return ElementTree.fromstring(data)


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name; charts and the like are left out."""
    relations = {
        entry.get("Id"): (entry.get("Type", ""), entry.get("Target", ""))
        for entry in _xml(archive, "xl/_rels/workbook.xml.rels").iterfind(_RELATION)
    }
    found: dict[str, str] = {}
    for sheet in _xml(archive, "xl/workbook.xml").iterfind(_SHEET):
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
        kind, target = relations.get(link, ("", ""))
        if kind.endswith("/worksheet"):
            part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            found[sheet.get("name", "")] = part
    return found
