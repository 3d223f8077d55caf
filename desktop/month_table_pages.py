"""月调度表 as a PDF: the same columns, notes and signatures as the workbook, A4 across."""

from __future__ import annotations

from decimal import Decimal

from db.reports.month_table import COLUMNS, MonthTable
from db.work.arithmetic import figure
from desktop.table_pages import PageColumn, PageTable, table_pdf

_PIXELS = 8
"""How wide a character of the workbook's columns is on a screen."""


def month_table_pdf(made: MonthTable) -> bytes:
    """Return the table as a PDF; every part of the plan has a line of its own above its tasks."""
    rows: list[list[str]] = []
    bold: set[int] = set()
    part = ""
    for line in made.lines:
        if line.part != part:
            part = line.part
            bold.add(len(rows))
            rows.append([made.parts.get(part, "")])
        rows.append([figure(cell) if isinstance(cell, Decimal) else cell for cell in line.cells])
    notes = tuple(f"注：{text}" if not place else f"　　{text}" for place, text in enumerate(made.notes))
    columns = tuple(PageColumn(each.heading, each.width * _PIXELS, each.number) for each in COLUMNS)
    after = (*notes, *made.signatures)
    return table_pdf(PageTable(made.title, columns, rows, made.note, kept=3, bold=frozenset(bold), after=after))
