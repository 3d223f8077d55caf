"""One table that came back, as it is judged: what was found, whose rows they are, and what is said of single cells."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from db.core.field import Field
from db.core.progress import Progress
from db.core.text import fold_choice
from db.exchange.cells.model import Range, Raw, place
from db.exchange.unit_book.found import FoundTable
from db.exchange.unit_book.owners import Owner
from db.exchange.unit_book.parsed import Bad
from db.exchange.unit_book.reading import CellProblem, ReadTable
from db.exchange.unit_book.sheet_entry import Entry


@dataclass(frozen=True)
class EntryColumn:
    """A column that the sender fills in, and its place in the sheet."""

    own: Field
    place: int


class Case:
    """What all steps of judging a table share; `read` is what it comes to.

    Of the known columns that the sheet has `locked` are kept in the county file, `worked_out` nowhere.
    """

    def __init__(self, conn: sqlite3.Connection, owner: Owner, found: FoundTable, progress: Progress) -> None:
        self.conn, self.owner, self.found, self._progress = conn, owner, found, progress
        self.table, self.schema, self.sheet = found.table, found.table.schema, found.cells
        self.read = ReadTable(found.table, found.cells.name, found.columns)
        self.columns = [
            EntryColumn(column.field, found.columns[column.code])
            for column in found.table.entry_columns
            if column.code in found.columns
        ]
        here = [column for column in found.table.columns if column.locked and column.code in found.columns]
        self.locked = [column for column in here if column.code in self.schema]
        self.worked_out = [column for column in here if column.code not in self.schema]
        rows = set(found.rows) if found.cells.merged else set()
        self.covered: dict[tuple[int, int], Range] = {
            spot: around for spot, around in found.cells.covered() if spot[0] in rows
        }
        name = self.schema.initials_of or owner.title_code
        self.title_place = found.columns.get(name, min(found.columns.values(), default=0))

    def step(self) -> None:
        """Say that it goes on; raises Cancelled."""
        self._progress.step(0, 0, f"正在核对{self.table.title}")

    def title(self, entry: Entry) -> str:
        """Return what people call the row."""
        return text_of(entry.line[self.title_place]) or f"第{entry.row + 1}行"

    def base(self, entry: Entry) -> int | None:
        """Return the journal's number by which the row was written; that of the workbook where the row has none."""
        text = text_of(entry.line[self.found.base_column]) if self.found.base_column >= 0 else ""
        whole = self.owner.base_seq
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            return whole
        return int(text) if whole is None else min(int(text), whole)

    def problem(self, row: int, column: int, code: str, message: str, advice: str, stops: bool = True) -> CellProblem:
        """Return a problem at a cell of the sheet."""
        return CellProblem(self.sheet.name, row, column, code, message, advice, stops)

    def unknowable(self, own: Field, row: int, column: int) -> CellProblem | None:
        """Return why what the cell says cannot be known: a formula without a result, a cell under a merged one."""
        fault = self.sheet.faults.get((row, column))
        if fault:
            return self.problem(row, column, "cell.fault", f"「{own.title}」{fault}，读不到数。", "请改成数或文字。")
        around = self.covered.get((row, column))
        if around is None:
            return None
        top, left, bottom, right = around
        cells = f"{place(top, left)}:{place(bottom, right)}"
        said = f"「{own.title}」这一格被合并在{cells}里，只有左上角一格有内容。"
        return self.problem(row, column, "cell.merged", said, "请取消合并，每一格分别填写。")

    def refused(self, row: int, column: int, bad: Bad) -> CellProblem:
        """Return what is wrong with a cell that cannot be a value of its field."""
        problem = bad.problem
        return self.problem(row, column, problem.code or "cell", problem.message, problem.advice)


def column_of(entries: Sequence[Entry], at: int) -> list[Raw]:
    """Return the entries' cells in one column of the sheet."""
    return [entry.line[at] for entry in entries]


def text_of(raw: Raw) -> str:
    """Return the cell as text; a whole number as its digits."""
    if isinstance(raw, str) and raw.isascii():
        return raw.strip()
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    return "" if raw is None else fold_choice(str(raw))
