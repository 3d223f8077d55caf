"""Workbooks that come back: changed by openpyxl as a sender would, read, stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from db.core.values import Cell
from db.exchange.unit_book.form import CODES_ROW, FIRST_ROW
from db.exchange.unit_book.read import read_books
from db.exchange.unit_book.reading import Fate, ReadFile, ReadTable
from db.exchange.unit_book.store import StoredBooks, label, store_books
from db.store import records
from db.work.registers import register
from tests.db.exchange.unit_book.books import write
from tests.db.work.desk import Desk

BOILERS, TASKS = "燃煤锅炉淘汰", "分解任务"
FIRST = FIRST_ROW + 1
"""The first entry's row as Excel counts."""


class Returned:
    """A town's workbook on its way back to the desk."""

    def __init__(self, desk: Desk, folder: Path, **asked: Any) -> None:
        self.desk = desk
        self.file = write(desk, folder, **asked).books[0].file

    def edit(self, change: Callable[[Any], object]) -> None:
        """Let somebody change the workbook."""
        book = openpyxl.load_workbook(self.file)
        change(book)
        book.save(self.file)

    def put(self, row: int, title: str = BOILERS, **values: object) -> None:
        """Fill cells of the row with this number, by machine code."""

        def change(book: Any) -> None:
            places = codes(book[title])
            for code, value in values.items():
                book[title].cell(row, places[code]).value = value

        self.edit(change)

    def sheet(self, change: Callable[[Any], object], title: str = BOILERS) -> None:
        """Change one sheet."""
        self.edit(lambda book: change(book[title]))

    def read(self) -> ReadFile:
        (found,) = read_books(self.desk.conn, self.desk.plan, [self.file])
        return found

    def table(self, code: str = "coal_boiler") -> ReadTable:
        found = self.read()
        assert found.refusal is None, found.refusal
        return next(table for table in found.tables if table.table.code == code)

    def counts(self, code: str = "coal_boiler") -> dict[str, int]:
        """Return the rows of each fate that there is."""
        return {fate.value: n for fate, n in self.table(code).counts().items() if n}

    def store(self, **options: Any) -> StoredBooks:
        files = [self.read()]
        with self.desk.county.operation(label(files)) as op:
            return store_books(op, self.desk.county, files, **options)

    def rows(self) -> list[dict[str, Cell]]:
        """Return the first town's boilers in the county file, in order."""
        schema = register(self.desk.conn, "coal_boiler")
        where = "t.deleted_at IS NULL AND t.town_id = ?"
        return [
            r.values for r in records.select(self.desk.conn, schema, where, (self.desk.towns[0],), "ORDER BY t.seq")
        ]

    def ids(self) -> list[str]:
        schema = register(self.desk.conn, "coal_boiler")
        where = "t.deleted_at IS NULL AND t.town_id = ?"
        return [r.id for r in records.select(self.desk.conn, schema, where, (self.desk.towns[0],), "ORDER BY t.seq")]

    def sent(self) -> tuple[str, int]:
        """Return the status of the workbook, and in how many rows it has problems."""
        status, problems = self.desk.conn.execute("SELECT status, problems FROM handout").fetchone()
        return str(status), int(problems)

    def change(self, row_id: str, **values: Cell) -> None:
        """Change a row in the program."""
        with self.desk.county.operation("修改") as op:
            records.update(op, register(op.conn, "coal_boiler"), row_id, values)


def codes(sheet: Any) -> dict[str, int]:
    """Return the sheet's columns by machine code."""
    return {str(cell.value): cell.column for cell in sheet[CODES_ROW + 1] if cell.value}


def problems(table: ReadTable) -> dict[str, str]:
    """Return the codes of what is wrong, by cell."""
    return {problem.cell: problem.code for problem in table.problems()}


def rows_of(table: ReadTable, fate: Fate) -> list[str]:
    """Return the titles of the rows with this fate."""
    return [row.title for row in table.rows if row.fate is fate]
