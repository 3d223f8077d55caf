"""A desk with the workbook of its breakdown, and a clerk who changes cells in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from db.core.fields import load_schema
from db.core.values import Cell
from db.exchange.breakdown_columns import columns
from db.exchange.breakdown_read import apply_breakdown, read_breakdown
from db.exchange.breakdown_reading import Reading
from db.exchange.breakdown_write import write_breakdown
from db.store import records
from tests.db.work.desk import Desk

HEATING, DONE = "08-06-1", "04-03"
PLACES = {column.code: place for place, column in enumerate(columns(), start=1)}


class Office:
    """A desk with its workbook: exports, lets a clerk change cells by code, reads and applies."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.file = folder / "任务分解.xlsx"

    def export(self, *, blanks: bool = False) -> None:
        write_breakdown(self.desk.county, self.desk.plan, self.file, blanks=blanks)

    def read(self) -> Reading:
        return read_breakdown(self.desk.conn, self.desk.plan, self.file)

    def apply(self, *, leave_out: bool = False) -> int:
        found = self.read()
        with self.desk.county.operation("导入任务分解") as op:
            return apply_breakdown(op, self.desk.plan, found, leave_out=leave_out)

    def edit(self, change: Callable[[Any], object]) -> None:
        book = openpyxl.load_workbook(self.file)
        change(book["任务分解"])
        book.save(self.file)

    def put(self, row: int, **values: object) -> None:
        def change(sheet: Any) -> None:
            for code, value in values.items():
                sheet.cell(row, PLACES[code]).value = value

        self.edit(change)

    def add(self, **values: object) -> None:
        self.edit(
            lambda sheet: [
                sheet.cell(sheet.max_row + (not place), PLACES[code], value)
                for place, (code, value) in enumerate(values.items())
            ]
        )

    def rows(self) -> list[dict[str, Cell]]:
        found = records.select(self.desk.conn, load_schema("assignment"), "t.deleted_at IS NULL", (), "ORDER BY t.id")
        return [row.values for row in found]
