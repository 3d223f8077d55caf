"""A small table of texts and numbers as an .xlsx or .csv file, and what all our tables spell alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from db.core.errors import DataProblem
from db.core.fields import Field
from db.core.values import Cell
from db.exchange.csv_text import csv_bytes
from db.exchange.rows_file import guarded
from db.exchange.workbook_cells import Cells, streamed_book
from db.store.files import replacing, write_atomically

Entry = str | Decimal | None
_EXACT_DIGITS = 15
_WHAT = "写入表格文件"


def write_table(file: Path, title: str, heads: Sequence[str], lines: Sequence[Sequence[Entry]]) -> None:
    """Write the lines under their headings, numbers as numbers and text as text.

    DataProblem for a file of another kind, EnvironmentProblem when it cannot be written.
    """
    match file.suffix.lower():
        case ".csv":
            texts = [[guarded(each) if isinstance(each, str) else entry_text(each) for each in line] for line in lines]
            write_atomically(file, b"\xef\xbb\xbf" + csv_bytes([[guarded(head) for head in heads], *texts]), _WHAT)
        case ".xlsx":
            _write_book(file, title, heads, lines)
        case _:
            raise DataProblem(f"“{file.name}”不是 .xlsx 或 .csv。", advice="请改用这两种扩展名。", code="rows.kind")


def entry_text(entry: Entry) -> str:
    """Return the entry as plain text."""
    return "" if entry is None else f"{entry:f}" if isinstance(entry, Decimal) else entry


def exact_number(amount: Decimal) -> int | float | None:
    """Return the number that a spreadsheet keeps exactly, None for one with more digits: it stays text."""
    if len(amount.as_tuple().digits) > _EXACT_DIGITS:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def sheet_value(field: Field, cell: Cell) -> str | int | float | date | None:
    """Return what a sheet's cell holds: dates, and numbers that a spreadsheet keeps exactly; all else is text."""
    if isinstance(cell, date):
        return cell
    exact = exact_number(cell) if isinstance(cell, Decimal) else None
    return exact if exact is not None else field.csv(cell) or None


def sheet_name(title: str) -> str:
    """Return the title as Excel allows it on a sheet."""
    return "".join("" if each in "[]:*?/\\'" else each for each in title)[:31] or "清单"


def _write_book(file: Path, title: str, heads: Sequence[str], lines: Sequence[Sequence[Entry]]) -> None:
    with streamed_book(title) as book:
        sheet = book.create_sheet(sheet_name(title))
        cells = Cells(sheet)
        sheet.freeze_panes = "A2"
        for place in range(1, len(heads) + 1):
            cells.set_column(place, 24 if place == 1 else 16)
        sheet.append([cells.text(head, "head") for head in heads])
        for line in lines:
            sheet.append([cells.value(_value(each)) for each in line])
        with replacing(file, _WHAT) as out:
            book.save(out)


def _value(entry: Entry) -> str | int | float | None:
    if not isinstance(entry, Decimal):
        return entry
    exact = exact_number(entry)
    return exact if exact is not None else entry_text(entry)
