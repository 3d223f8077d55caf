"""What a chart shows, as a table of numbers; drawing, copying, reading aloud and printing all begin here. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from db.core.values import UNREPORTED, plain
from db.work.arithmetic import figure

Mark = Literal["circle", "triangle", "square", "diamond", "ring", "line", "dashes", "dots"]
"""What tells a series apart without its colour: the shape of its key, or how its line is drawn."""


@dataclass(frozen=True)
class Series:
    """A column of the table: its word, the palette's name of its colour, and its mark."""

    word: str
    tint: str
    mark: Mark = "square"


@dataclass(frozen=True)
class Row:
    """A line of the table, one value for each series (None: nothing was reported, which is not zero).

    `key` is given back when it is chosen; `short` stands below an axis where the label has no room; `note` is told with
    every value. In a `silent` row nothing was reported: its values are older, and get no points.
    """

    key: str
    label: str
    values: tuple[Decimal | None, ...]
    short: str = ""
    note: str = ""
    silent: bool = False

    @property
    def total(self) -> Decimal:
        """Return the sum of what was reported."""
        return sum((value for value in self.values if value is not None), Decimal(0))


@dataclass(frozen=True)
class ChartData:
    """A titled table; `heading` says what its rows are, `unit` what the numbers count."""

    title: str
    heading: str
    unit: str
    series: tuple[Series, ...]
    rows: tuple[Row, ...]

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to draw."""
        return all(value is None for row in self.rows for value in row.values)

    @property
    def largest(self) -> Decimal:
        """Return the largest single value, 0 when there is none above it."""
        return max((value for row in self.rows for value in row.values if value is not None), default=Decimal(0))

    def told(self, row: int, series: int) -> str:
        """Return one value as a sentence: 产业结构　滞后 4项."""
        line, value = self.rows[row], self.rows[row].values[series]
        shown = UNREPORTED if value is None else figure(value, self.unit)
        return f"{line.label}　{self.series[series].word} {shown}{f'　{line.note}' if line.note else ''}"

    def table(self) -> list[list[str]]:
        """Return the numbers with their headings, as people read them; what was not reported is empty."""
        return [self.headings(), *self._lines(figure)]

    def headings(self) -> list[str]:
        """Return the titles of the table's columns."""
        return [self.heading, *(each.word for each in self.series)]

    @property
    def full_title(self) -> str:
        """Return the title with the unit of the numbers."""
        return f"{self.title}（单位：{self.unit}）" if self.unit else self.title

    def tsv(self) -> str:
        """Return the numbers for a spreadsheet: tab-separated, plain digits, the title above."""
        lines = [[self.full_title], self.headings(), *self._lines(lambda value: f"{plain(value):f}")]
        return "".join("\t".join(line) + "\n" for line in lines)

    def words(self) -> str:
        """Return the whole chart for a screen reader."""
        lines = (
            f"{row.label} "
            + "、".join(
                f"{each.word}{figure(value)}"
                for each, value in zip(self.series, row.values, strict=True)
                if value is not None
            )
            for row in self.rows
        )
        return f"{self.full_title}：" + "；".join(lines)

    def _lines(self, write: Callable[[Decimal], str]) -> list[list[str]]:
        return [
            [_one_line(row.label), *("" if value is None else write(value) for value in row.values)]
            for row in self.rows
        ]


def _one_line(text: str) -> str:
    return " ".join(text.split())
