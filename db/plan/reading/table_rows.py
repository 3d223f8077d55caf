"""Tables of targets and of tasks: what their columns are, and their rows as pieces of text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from db.plan.reading.model import Cell, Table
from db.plan.reading.outline import Captioned

_RESPONSIBLE = re.compile(
    "责任单位|责任部门|牵头单位|牵头部门|责任主体|主责单位|负责单位|承办单位|配合单位|落实单位|实施单位|责任分工"
)
_NAME = re.compile("指标|目标|任务|项目|内容|名称|事项|工作|措施|类别")
_YEAR = re.compile("(20[0-9]{2})年?")
_MOST_HEADING_ROWS = 3


@dataclass(frozen=True)
class TableRow:
    """A row below the heading: its cells with the column titles over them, and those that say who is responsible.

    `start` and `end` enclose the row's own cells; those that say who is responsible only where they stand between.
    """

    caption: str
    titles: tuple[str, ...]
    cells: tuple[Cell, ...]
    responsible: tuple[tuple[str, Cell], ...]
    start: int
    end: int

    @cached_property
    def responsibility(self) -> str:
        """Return who is responsible as a line of its own would say it: 牵头单位：…；配合单位：…."""
        return "；".join(f"{_label(title)}：{cell.text}" for title, cell in self.responsible)

    @cached_property
    def name(self) -> str:
        """Return what the row is about: the text of its first column that names something."""
        named = [
            cell.text
            for title, cell in zip(self.titles, self.cells, strict=True)
            if _NAME.search(title) and cell.text and not cell.text.isdigit() and not _RESPONSIBLE.search(title)
        ]
        others = [
            cell.text
            for cell in self.cells
            if cell.text and not re.fullmatch("[0-9.、%（）()一二三四五六七八九十]+", cell.text)
        ]
        return named[-1] if named and len(named[-1]) <= 24 else (named or others or [self.caption])[0]


def rows_of(table: Captioned) -> list[TableRow]:
    """Return the rows of a table below its heading; all of them when it has none."""
    rows = table.table.rows
    heading = heading_rows(table.table)
    titles = _titles(rows[:heading])
    found: list[TableRow] = []
    for row in rows[heading:]:
        own = [cell for cell in row if cell.text and not (found and any(cell is above for above in found[-1].cells))]
        if not own:
            continue
        names = titles[: len(row)] + ("",) * (len(row) - len(titles))
        responsible = tuple(
            (name, cell) for name, cell in zip(names, row, strict=True) if cell.text and _RESPONSIBLE.search(name)
        )
        said = {id(cell) for _, cell in responsible}
        start = min((cell.start for cell in own if id(cell) not in said), default=own[0].start)
        end = max((cell.end for cell in own if id(cell) not in said), default=start)
        found.append(TableRow(table.caption, names, row, responsible, start, end))
    return found


def _label(title: str) -> str:
    found = _RESPONSIBLE.search(title)
    return found[0] if found else "责任单位"


def heading_rows(table: Table) -> int:
    """Return how many rows from the top are headings: those that name columns and hold no amounts."""
    for count, row in enumerate(table.rows[:_MOST_HEADING_ROWS]):
        texts = {cell.text for cell in row if cell.text}
        amounts = [text for text in texts if re.search("[0-9]", text) and not _YEAR.search(text)]
        named = sum(
            1
            for text in texts
            if len(text) <= 14
            and (
                _NAME.search(text)
                or _RESPONSIBLE.search(text)
                or _YEAR.search(text)
                or text in ("序号", "单位", "备注", "属性")
            )
        )
        if amounts or named < 2:
            return count
    return min(len(table.rows), 1)


def _titles(rows: tuple[tuple[Cell, ...], ...]) -> tuple[str, ...]:
    """Return the title of each column: the texts over it from the top, each once."""
    width = max((len(row) for row in rows), default=0)
    titles = []
    for column in range(width):
        words = dict.fromkeys(row[column].text for row in rows if column < len(row))
        titles.append("".join(words).replace(" ", ""))
    return tuple(titles)
