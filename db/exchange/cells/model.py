"""A workbook as its cells: values by place, cells that would mislead whoever reads their values, merged ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta

Raw = str | float | int | bool | date | time | timedelta | None
Faults = dict[tuple[int, int], str]
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, all counted from 0."""

BAD_RESULT = "公式结果有错误（如 #DIV/0!、#REF!）"
NO_RESULT = "公式还没有计算出结果"


@dataclass(frozen=True)
class SheetCells:
    """A sheet from A1 on: `rows` of equal or unequal length, `faults` by (row, column), both counted from 0.

    The value of a merged range stands in its first cell; the others are empty.
    """

    name: str
    rows: list[list[Raw]]
    faults: Faults
    merged: tuple[Range, ...] = ()

    def cell(self, row: int, column: int) -> Raw:
        """Return what the cell holds, None for nothing."""
        line = self.rows[row] if row < len(self.rows) else []
        return line[column] if column < len(line) else None

    def covered(self) -> Iterator[tuple[tuple[int, int], Range]]:
        """Yield the place of every cell that lies under a merged one, with the range, as far as the rows reach."""
        for top, left, bottom, right in self.merged:
            for row in range(top, min(bottom + 1, len(self.rows))):
                for column in range(left, min(right + 1, len(self.rows[row]))):
                    if (row, column) != (top, left):
                        yield (row, column), (top, left, bottom, right)


@dataclass(frozen=True)
class Workbook:
    """A workbook's sheets by name, in their order, its own (custom) properties that are texts, and what to tell of it.

    `kind` is xlsx, xlsb, xls or ods, whatever the file is called.
    """

    sheets: dict[str, SheetCells]
    properties: dict[str, str]
    kind: str = "xlsx"
    notes: tuple[str, ...] = field(default=())


def place(row: int, column: int) -> str:
    """Return what Excel calls the cell (both counted from 0): B5."""
    return f"{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """Return what Excel calls the column (counted from 0): B."""
    found, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def column_number(name: str) -> int:
    """Return the number, from 1, of the column that Excel calls so."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number
