"""What is on its way into a sheet: checked values, and a pasted block with what keeps its cells from landing."""

from __future__ import annotations

from dataclasses import dataclass

from db.core.values import Cell


@dataclass(frozen=True)
class Edit:
    """A checked value for one cell."""

    row: int
    column: int
    value: Cell


@dataclass
class Pasted:
    """One cell of a pasted block: where it would land, and what keeps it from landing."""

    text: str
    row: int = -1
    column: int = -1
    value: Cell = None
    problem: str = ""
    ignored: bool = False


@dataclass
class Paste:
    """A pasted block, checked cell by cell; `titles` and `headings` say where its rows and columns land."""

    cells: list[list[Pasted]]
    titles: list[str]
    headings: list[str]

    def problems(self) -> list[Pasted]:
        """Return the cells that keep the block from landing."""
        return [cell for row in self.cells for cell in row if cell.problem]

    def edits(self) -> list[Edit]:
        """Return what the block would write; empty while it has problems."""
        if self.problems():
            return []
        return [Edit(cell.row, cell.column, cell.value) for row in self.cells for cell in row if not cell.ignored]
