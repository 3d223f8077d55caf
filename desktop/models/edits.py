"""What is on its way into a sheet: checked values, and a pasted block with what keeps its cells from landing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from db.core.values import Cell, State

Place = tuple[int, int]
"""Row and column."""
MANY = 40
"""From how many changed cells or rows on the views are told of all at once."""


@dataclass(frozen=True)
class Edit:
    """A checked value for one cell."""

    row: int
    column: int
    value: Cell


@dataclass(slots=True)
class Pasted:
    """One cell of a pasted block: where it would land, and what keeps it from landing (`outside`: there is no cell)."""

    text: str
    row: int = -1
    column: int = -1
    value: Cell = None
    problem: str = ""
    ignored: bool = False
    outside: bool = False


@dataclass
class Paste:
    """A pasted block, checked cell by cell; `titles` and `headings` say where its rows and columns land."""

    cells: list[list[Pasted]]
    titles: list[str]
    headings: list[str]

    def problems(self) -> list[Pasted]:
        """Return the cells that keep the block from landing."""
        return [cell for row in self.cells for cell in row if cell.problem]

    def overhang(self) -> str:
        """Return in one sentence how far the block reaches beyond the table, "" when it does not."""
        outside = [(row, column) for row, line in enumerate(self.cells) for column, c in enumerate(line) if c.outside]
        if not outside:
            return ""
        below = {row for row, _ in outside if not self.titles[row]}
        beside = {column for _, column in outside if not self.headings[column]}
        parts = [f"下面多出{len(below)}行" if below else "", f"右边多出{len(beside)}列" if beside else ""]
        return f"粘贴的内容超出了表格，{'、'.join(filter(None, parts))}（共{len(outside)}格），没有对应的格子。"

    def edits(self) -> list[Edit]:
        """Return what the block would write; empty while it has problems."""
        if self.problems():
            return []
        return [Edit(cell.row, cell.column, cell.value) for row in self.cells for cell in row if not cell.ignored]


def lines(places: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Return the second numbers, sorted, by the first; where there is only one, the one before it comes first."""
    found: dict[int, list[int]] = {}
    for line, place in sorted(places):
        found.setdefault(line, []).append(place)
    return {line: [max(at[0] - 1, 0), *at] if len(at) == 1 else at for line, at in found.items()}


def same(one: Cell, other: Cell) -> bool:
    """Return whether two cells hold the same: 0 is not empty, 不涉及 is no text."""
    if isinstance(one, State) or isinstance(other, State):
        return one is other
    return type(one) is type(other) and one == other


def rectangles(places: Iterable[Place]) -> Iterator[tuple[Place, Place]]:
    """Yield the first and last cell of rectangles that cover these cells and no others: one for a whole block."""
    columns: dict[int, list[int]] = {}
    for row, column in places:
        columns.setdefault(row, []).append(column)
    bands: list[tuple[list[tuple[int, int]], list[int]]] = []
    for row in sorted(columns):
        runs = _runs(columns[row])
        if bands and bands[-1][0] == runs and bands[-1][1][-1] == row - 1:
            bands[-1][1].append(row)
        else:
            bands.append((runs, [row]))
    for runs, rows in bands:
        yield from (((rows[0], left), (rows[-1], right)) for left, right in runs)


def _runs(columns: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and last of every run of neighbours."""
    found: list[tuple[int, int]] = []
    for column in sorted(set(columns)):
        if found and found[-1][1] == column - 1:
            found[-1] = (found[-1][0], column)
        else:
            found.append((column, column))
    return found
