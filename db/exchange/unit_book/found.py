"""Finding a workbook's tables wherever they have moved: by their machine codes, or by their headings without them.

    find_tables(book, table_of, candidates) -> (tables, notes)

Sheets may be renamed, rows and columns moved, inserted and taken out. What holds something and belongs to no table is
told in the notes: nothing is left out in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from db.core.text import fold_choice, quote
from db.exchange.cells.model import Raw, SheetCells, Workbook, letters
from db.exchange.unit_book.form import (
    BASE_HEADING,
    BASE_MARK,
    GUIDE,
    ID_HEADING,
    IDENTITY_SHEET,
    LISTS_SHEET,
    RETURN,
    TABLE_MARK,
    BookTable,
)

_OWN_SHEETS = frozenset({GUIDE, RETURN, IDENTITY_SHEET, LISTS_SHEET})
_HINT = "灰底的格是已知内容"
_FIRST_LINES, _NEAR = 60, 10
_UNIT = re.compile(r"[（(][^（()）]*[）)]$")
_LEAST_HEADINGS = 2


@dataclass
class FoundTable:
    """A table where it was found: columns by machine code, the rows of its entries, all counted from 0.

    `edition` is that of the definition by which it was written, 0 without codes.
    """

    table: BookTable
    cells: SheetCells
    columns: dict[str, int]
    id_column: int = -1
    base_column: int = -1
    edition: int = 0
    rows: list[int] = field(default_factory=list)

    @property
    def by_headings(self) -> bool:
        """Return whether its machine codes are gone."""
        return self.edition == 0


TableOf = Callable[[str], BookTable | None]


def find_tables(
    book: Workbook, table_of: TableOf, candidates: Callable[[], Sequence[BookTable]]
) -> tuple[list[FoundTable], list[str]]:
    """Return the tables and what to tell of the rest; `table_of` knows a table by its code.

    `candidates` are tried where the codes are gone.
    """
    found: list[FoundTable] = []
    notes: list[str] = []
    for sheet in book.sheets.values():
        if sheet.name in (IDENTITY_SHEET, LISTS_SHEET):
            continue
        marks = list(_marks(sheet))
        if marks:
            found += _coded(sheet, marks, table_of, notes)
        elif sheet.name not in _OWN_SHEETS and any(cell is not None for row in sheet.rows for cell in row):
            by_headings = _headed(sheet, candidates(), notes)
            if by_headings is None:
                notes.append(f"工作表{quote(sheet.name)}里没有认出要填的表，没有读。")
            else:
                found.append(by_headings)
    return found, notes


def is_text(cell: Raw, beginning: str) -> bool:
    """Return whether the cell is a text that begins so, spaces apart."""
    return isinstance(cell, str) and cell.lstrip().startswith(beginning)


def _marks(sheet: SheetCells) -> Iterator[tuple[int, int]]:
    """Yield where codes rows begin; the whole sheet is looked through only if they are not near its top."""
    near = list(_marks_in(sheet, range(min(_FIRST_LINES, len(sheet.rows)))))
    if near:
        yield from near
        columns = sorted({column for _, column in near})
        for row in range(_FIRST_LINES, len(sheet.rows)):
            for column in columns:
                if is_text(sheet.cell(row, column), TABLE_MARK):
                    yield row, column
        return
    yield from _marks_in(sheet, range(_FIRST_LINES, len(sheet.rows)))


def _marks_in(sheet: SheetCells, rows: range) -> Iterator[tuple[int, int]]:
    for row in rows:
        for column, cell in enumerate(sheet.rows[row]):
            if is_text(cell, TABLE_MARK):
                yield row, column


def _coded(
    sheet: SheetCells, marks: list[tuple[int, int]], table_of: TableOf, notes: list[str]
) -> Iterator[FoundTable]:
    code_rows = {row for row, _ in marks}
    for number, (row, column) in enumerate(marks):
        code, _, edition = str(sheet.cell(row, column)).strip().removeprefix(TABLE_MARK).partition("#")
        table = table_of(code)
        if table is None:
            notes.append(f"工作表{quote(sheet.name)}里是“{code}”表，本县没有这张表，没有读。")
            continue
        end = next((c for r, c in sorted(marks) if r == row and c > column), len(sheet.rows[row]))
        found = FoundTable(table, sheet, {}, column, edition=int(edition) if edition.isdigit() else 1)
        strangers: list[int] = []
        for place in range(end):
            cell = sheet.cell(row, place)
            name = cell.strip() if isinstance(cell, str) else ""
            if name == BASE_MARK:
                found.base_column = place
            elif name in table.by_code:
                found.columns.setdefault(name, place)
            elif place != column:
                strangers.append(place)
        last = next((r for r, c in sorted(marks) if r > row and c == column), len(sheet.rows))
        first = 0 if number == 0 else row + 1
        found.rows = list(_entries(found, range(first, last), row, code_rows, notes))
        _tell_columns(found, strangers, row, notes)
        yield found


def _entries(found: FoundTable, lines: range, codes_row: int, code_rows: set[int], notes: list[str]) -> Iterator[int]:
    sheet, columns = found.cells, list(found.columns.values())
    headings = {column: _folded(found.table.by_code[code].heading) for code, column in found.columns.items()}
    as_written = {found.table.by_code[code].heading for code in found.columns}
    for row in lines:
        line = sheet.rows[row]
        far = abs(row - codes_row) > _NEAR
        known = line[found.id_column] if 0 <= found.id_column < len(line) else None
        if far and known is not None and row not in code_rows and not is_text(known, ID_HEADING):
            yield row
            continue
        first = next((line[c] for c in columns if c < len(line) and line[c] is not None), None)
        if row in code_rows or (first is None and known is None):
            continue
        # Far from the codes only a repeated head, as it was written, can be one: looking at every cell takes long.
        may_be_head = not far or first in as_written
        if is_text(known, ID_HEADING) or (may_be_head and _is_head(sheet, row, headings)):
            continue
        if row < codes_row and known is None:
            if not any(is_text(c, _HINT) or (isinstance(c, str) and found.table.title in c) for c in line):
                notes.append(f"工作表{quote(sheet.name)}第{row + 1}行在表头上面，没有读。")
            continue
        yield row


def _is_head(sheet: SheetCells, row: int, headings: Mapping[int, str]) -> bool:
    filled = [(cell, title) for column, title in headings.items() if (cell := sheet.cell(row, column)) is not None]
    alike = sum(isinstance(cell, str) and _folded(cell) == title for cell, title in filled)
    return len(filled) >= _LEAST_HEADINGS and alike * 2 > len(filled)


def _tell_columns(found: FoundTable, strangers: Sequence[int], codes_row: int, notes: list[str]) -> None:
    """Tell of columns that hold something and are nobody's, and of those that are missing."""
    sheet = found.cells
    for column in strangers:
        held = [row for row in found.rows if sheet.cell(row, column) is not None]
        if held:
            near = [sheet.cell(row, column) for row in (codes_row - 1, codes_row, codes_row + 1) if row not in held]
            head = next((cell for cell in near if cell is not None), None)
            named = f"{letters(column)}列{quote(head)}" if head is not None else f"{letters(column)}列"
            notes.append(f"工作表{quote(sheet.name)}的{named}是另加的，有{len(held)}格内容，没有读。")
    missing = [c.heading.rstrip("*") for c in found.table.entry_columns if c.code not in found.columns]
    if missing:
        notes.append(f"工作表{quote(sheet.name)}没有这些列：{'、'.join(missing)}，程序里的保持不变。")


def _headed(sheet: SheetCells, candidates: Sequence[BookTable], notes: list[str]) -> FoundTable | None:
    """Return the table whose headings a line of the sheet has, the most that any line has of any table."""
    best: tuple[int, bool, int, BookTable, dict[str, int]] | None = None
    lines = [(row, [_folded(cell) for cell in line]) for row, line in enumerate(sheet.rows[:_FIRST_LINES])]
    for table in candidates:
        known: dict[str, str] = {}
        for column in table.columns:
            for text in (column.field.title, column.heading):
                known.setdefault(_folded(text), column.code)
        for row, texts in lines:
            places: dict[str, int] = {}
            for place, text in enumerate(texts):
                if text and text in known:
                    places.setdefault(known[text], place)
            if len(places) >= _LEAST_HEADINGS and len(places) * 2 > sum(map(bool, texts)):
                rank = (len(places), table.title in sheet.name)
                if best is None or rank > best[:2]:
                    best = (*rank, row, table, places)
    if best is None:
        return None
    _, _, row, table, places = best
    heads = [_folded(cell) for cell in sheet.rows[row]]
    own = {name: heads.index(_folded(name)) if _folded(name) in heads else -1 for name in (ID_HEADING, BASE_HEADING)}
    found = FoundTable(table, sheet, places, own[ID_HEADING], own[BASE_HEADING])
    found.rows = list(_entries(found, range(row + 1, len(sheet.rows)), row, set(), notes))
    notes.append(f"工作表{quote(sheet.name)}没有隐藏的标记行，按列标题对上了“{table.title}”，请核对。")
    strangers = [p for p in range(len(sheet.rows[row])) if p not in {*places.values(), *own.values()}]
    _tell_columns(found, strangers, row, notes)
    return found


def _folded(cell: Raw) -> str:
    if not isinstance(cell, str):
        return ""
    text = re.sub(r"\s", "", fold_choice(cell)).rstrip("*")
    return _UNIT.sub("", text).casefold() or text.casefold()
