"""A workbook without its unit: sheets, headings, looks, drop-downs and marks, made once for many units.

    template = Template.of(tables)
    template.write(out, identity, facts, entries, lists)

What differs from unit to unit has a place in it: texts as `@@key@@`, the last rows as numbers that occur nowhere else.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, NamedTuple

from db.exchange.plain_table import sheet_name
from db.exchange.unit_book.entries import Value, row_xml, write_parts
from db.exchange.unit_book.form import (
    BASE_HEADING,
    BASE_MARK,
    CODES_ROW,
    FIRST_COLUMN,
    FIRST_ROW,
    GUIDE,
    HEAD_ROW,
    HINT_ROW,
    ID_HEADING,
    IDENTITY_SHEET,
    LISTS_SHEET,
    PROPERTY,
    SPARE_ROWS,
    TABLE_MARK,
    TITLE_ROW,
    BookTable,
    Identity,
    property_keys,
)
from db.exchange.unit_book.guide import add_guide
from db.exchange.unit_book.lists import Lists, reference
from db.exchange.unit_book.looks import Looks
from db.exchange.unit_book.marks import add_marks
from db.exchange.unit_book.rows import BookRow

_FRAMED, _LAST, _LIST = 1_010_000, 1_020_000, 1_030_000
"""Rows that stand for a sheet's last framed one, its last marked one, and a list's last; the number is added."""
_MARKED_BELOW = 1_000
_CORE, _TIME = "docProps/core.xml", re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_PAGE = 200
"""Characters of a column's width that go on a page."""


class _Place(NamedTuple):
    """A column's code, letters and styles: of any value, of a whole number, of a cell that a row does not ask for."""

    code: str
    letters: str
    style: int
    whole: int
    closed: int


@dataclass(frozen=True)
class _Sheet:
    """Where a table's entries go: the part of the package, and the letters and styles of each column."""

    table: BookTable
    part: str
    columns: tuple[_Place, ...]


class Template:
    """The parts of a workbook with these tables."""

    def __init__(self, tables: Sequence[BookTable]) -> None:
        from openpyxl import Workbook

        book: Any = Workbook()
        self.tables = tuple(tables)
        self.lists = Lists.of(tables)
        looks = Looks(book)
        titles = sheet_titles(tables)
        add_guide(book.active, looks, list(zip(tables, titles, strict=True)))
        self._sheets = [
            self._add(book, looks, table, title, number)
            for number, (table, title) in enumerate(zip(tables, titles, strict=True))
        ]
        _add_hidden(book, IDENTITY_SHEET, ("项目", "内容"), looks)
        _add_hidden(book, LISTS_SHEET, [each.name for each in self.lists.lists], looks)
        self._identity_part, self._lists_part = _part(len(titles)), _part(len(titles) + 1)
        self._add_names(book)
        self._mark(book)
        looks.done()
        data = io.BytesIO()
        book.save(data)
        with zipfile.ZipFile(data) as archive:
            self._parts = {name: archive.read(name) for name in archive.namelist()}
        # The library writes the time by its own clock; a workbook is as old as what is in it.
        self._parts[_CORE] = _TIME.sub(rb"\1@@sijian.written_at@@Z", self._parts[_CORE])

    def write(
        self,
        out: BinaryIO,
        identity: Identity,
        texts: Mapping[str, str],
        entries: Sequence[Sequence[BookRow]],
        choices: Sequence[Sequence[str]],
    ) -> None:
        """Write one unit's workbook: its entries by table and its choices by list; `texts` are those of the guide."""
        rows = {sheet.part: _rows(sheet, own) for sheet, own in zip(self._sheets, entries, strict=True)}
        known = identity.texts()
        rows[self._identity_part] = [
            row_xml(number, (("A", 0, key), ("B", 0, text))) for number, (key, text) in enumerate(known.items(), 2)
        ]
        rows[self._lists_part] = _columns(choices)
        numbers = {_LIST + place: max(len(each), 1) + 1 for place, each in enumerate(choices)}
        for place, (sheet, own) in enumerate(zip(self._sheets, entries, strict=True)):
            framed = FIRST_ROW + max(len(own) + SPARE_ROWS * sheet.table.takes_new_rows, 1)
            numbers[_FRAMED + place] = framed
            numbers[_LAST + place] = framed + _MARKED_BELOW * sheet.table.takes_new_rows
        filled = {**texts, **{PROPERTY + key: text for key, text in identity.properties().items()}}
        write_parts(out, self._parts, rows, {str(token).encode(): row for token, row in numbers.items()}, filled)

    def _add(self, book: Any, looks: Looks, table: BookTable, title: str, number: int) -> _Sheet:
        from openpyxl.utils import get_column_letter

        sheet = book.create_sheet(title)
        placed = [(get_column_letter(place + 1), column) for place, column in enumerate(table.columns, FIRST_COLUMN)]
        for letters in ("A", "B"):
            sheet.column_dimensions[letters].hidden = True
        for letters, column in placed:
            dimension = sheet.column_dimensions[letters]
            dimension.width, dimension.hidden = (column.field.width or 12) + 2, column.hidden
            looks.column(dimension, column)
        _add_head(sheet, looks, table, placed)
        _set_up(sheet, table, placed, _FRAMED + number)
        add_marks(sheet, table, self.lists, _FRAMED + number, _LAST + number)
        columns = tuple(
            _Place(c.code, letters, looks.entry(c), looks.entry(c, whole=True), looks.entry(replace(c, locked=True)))
            for letters, c in placed
        )
        return _Sheet(table, _part(number), columns)

    def _add_names(self, book: Any) -> None:
        from openpyxl.workbook.defined_name import DefinedName

        for place, each in enumerate(self.lists.lists):
            book.defined_names[each.name] = DefinedName(each.name, attr_text=reference(place, _LIST + place))

    @staticmethod
    def _mark(book: Any) -> None:
        from openpyxl.packaging.custom import StringProperty

        book.properties.creator, book.properties.title = "sijian-desk", "@@title@@"
        for key in property_keys():
            book.custom_doc_props.append(StringProperty(name=PROPERTY + key, value=f"@@{PROPERTY}{key}@@"))


def sheet_titles(tables: Sequence[BookTable]) -> list[str]:
    """Return the name of each table's sheet, every one once."""
    found: list[str] = []
    for table in tables:
        title = sheet_name(table.title)
        while title in (GUIDE, *found):
            title = f"{title[:29]}_{len(found)}"
        found.append(title)
    return found


def _add_head(sheet: Any, looks: Looks, table: BookTable, placed: Sequence[tuple[str, Any]]) -> None:
    shown = [letters for letters, column in placed if not column.hidden]
    title, hint = sheet[f"{shown[0]}{TITLE_ROW + 1}"], sheet[f"{shown[0]}{HINT_ROW + 1}"]
    title.value, hint.value = f"@@unit@@　{table.title}　@@period@@", _hint(table)
    looks.apply(title, "title", place="left")
    looks.apply(hint, "hint")
    sheet.merge_cells(f"{hint.coordinate}:{shown[min(7, len(shown) - 1)]}{HINT_ROW + 1}")
    sheet.row_dimensions[TITLE_ROW + 1].height, sheet.row_dimensions[HINT_ROW + 1].height = 28, 42
    sheet.row_dimensions[CODES_ROW + 1].hidden, sheet.row_dimensions[HEAD_ROW + 1].height = True, 34
    marks = [("A", TABLE_MARK + table.tag, ID_HEADING), ("B", BASE_MARK, BASE_HEADING)]
    for letters, code, heading in marks + [(letters, column.code, column.heading) for letters, column in placed]:
        cell, head = sheet[f"{letters}{CODES_ROW + 1}"], sheet[f"{letters}{HEAD_ROW + 1}"]
        cell.value, head.value = code, heading
        looks.apply(cell, "code", place="left")
        known = code in table.by_code and not table.by_code[code].locked
        looks.apply(head, "head" if known else "known head")


def _hint(table: BookTable) -> str:
    told = "灰底的格是已知内容，不用改；白底的格请填写。带*的必填；没有的填“不涉及”，数还没出来填“暂无数据”，0就填0。"
    if table.takes_new_rows:
        told += "新项目接着写在下面的空行里；不要删除或隐藏前两列和第3行。"
    return f"{told}{table.schema.help}"


def _set_up(sheet: Any, table: BookTable, placed: Sequence[tuple[str, Any]], last: int) -> None:
    kept = [n for n, (_, column) in enumerate(placed) if column.field.frozen and column.code not in table.fixed]
    beside = placed[min(max(kept, default=0) + 1, len(placed) - 1)][0]
    sheet.freeze_panes = f"{beside}{FIRST_ROW + 1}"
    sheet.auto_filter.ref = f"{placed[0][0]}{HEAD_ROW + 1}:{placed[-1][0]}{last}"
    sheet.print_title_rows = f"{TITLE_ROW + 1}:{HEAD_ROW + 1}"
    sheet.print_title_cols = f"A:{placed[max(kept, default=0)][0]}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    across = sum(sheet.column_dimensions[letters].width for letters, column in placed if not column.hidden)
    # Forty columns on one page could not be read; the first ones stand on each.
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = math.ceil(across / _PAGE), 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.7, 0.3
    sheet.oddFooter.center.text = "第&P页　共&N页"
    sheet.sheet_properties.tabColor = "FF17594A" if table.takes_new_rows else "FF2F6FDE"
    guard = sheet.protection
    guard.sheet = True
    # Not forbidden (False is allowed here): widths, filters, sorting, rows that are added or taken out.
    guard.formatCells = guard.formatColumns = guard.formatRows = guard.sort = guard.autoFilter = False
    guard.insertRows = guard.deleteRows = False


def _part(number: int) -> str:
    """Return the part of the sheet with this number, from 0; the guide comes before it."""
    return f"xl/worksheets/sheet{number + 2}.xml"


def _add_hidden(book: Any, name: str, heads: Sequence[str], looks: Looks) -> None:
    sheet = book.create_sheet(name)
    sheet.sheet_state, sheet.protection.sheet = "veryHidden", True
    for place, head in enumerate(heads or ("",), 1):
        sheet.cell(1, place).value = head or None
        looks.apply(sheet.cell(1, place), "code")


def _rows(sheet: _Sheet, entries: Sequence[BookRow]) -> list[str]:
    made = []
    for number, entry in enumerate(entries, FIRST_ROW + 1):
        cells: list[tuple[str, int, Value]] = [("A", 0, entry.id), ("B", 0, str(entry.base))]
        for place, value in zip(sheet.columns, entry.values, strict=True):
            style = place.whole if type(value) is int else place.style
            cells.append((place.letters, place.closed if place.code in entry.closed else style, value))
        made.append(row_xml(number, cells))
    return made


def _columns(choices: Sequence[Sequence[str]]) -> list[str]:
    from openpyxl.utils import get_column_letter

    letters = [get_column_letter(place + 1) for place in range(len(choices))]
    deepest = max(map(len, choices), default=0)
    made = []
    for place in range(deepest):
        cells = ((where, 0, each[place]) for where, each in zip(letters, choices, strict=True) if place < len(each))
        made.append(row_xml(place + 2, cells))
    return made
