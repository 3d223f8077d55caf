"""Tables of targets and of tasks: what their columns are, and their rows as pieces of text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from db.plan.reading.model import Cell, Table
from db.plan.reading.outline import Captioned

_RESPONSIBLE = re.compile(
    "(?:责任|牵头|主责|负责|承办|配合|落实|实施|参与|协办)(?:责任)?(?:单位|部门|主体|科室)|责任分工|责任人所在单位"
)
_NAME = re.compile("指标|目标|任务|项目|内容|名称|事项|工作|措施")
_OTHER = re.compile("20[0-9]{2}|类别|领域|分类|类型|方面|属性|备注|依据|单位|进度|时限|时间")
_ORDER = re.compile("序[ ]?号|编[ ]?号|No\\.?")
_HEADING_WORD = re.compile(
    "序[ ]?号|单[ ]?位|备[ ]?注|属[ ]?性|类别|领域|时限|时间|进度|目标|现状|基期|数值"
    "|^年[ ]?[度份]$|合[ ]?计|^(?:镇街|县市|区域|地区|乡镇)"
)
_UNIT_TITLE = re.compile("[^0-9]{2,}[（(][^（()）0-9]{1,8}[)）]")
YEAR = re.compile("(20[0-9]{2})[ ]?年?")
_MOST_HEADING_ROWS = 3
_LONGEST_TITLE = 16


@dataclass(frozen=True)
class TableRow:
    """A row below the heading: its cells with the column titles over them, and those that say who is responsible.

    `start` and `end` enclose the row's own cells without its number (`order`); cells that say who is responsible are
    among them only where they stand between others.
    """

    caption: str
    titles: tuple[str, ...]
    cells: tuple[Cell, ...]
    responsible: tuple[tuple[str, Cell], ...]
    order: Cell | None
    start: int
    end: int

    @cached_property
    def responsibility(self) -> str:
        """Return who is responsible as a line of its own would say it: 牵头单位：…；配合单位：…."""
        return "；".join(f"{_label(title)}：{cell.text}" for title, cell in self.responsible)

    @cached_property
    def name(self) -> str:
        """Return what the row is about: the last short text under a title that names something, else its first."""
        texts = [
            (title, cell.text)
            for title, cell in zip(self.titles, self.cells, strict=True)
            if cell is not self.order and not _RESPONSIBLE.search(title) and not _is_amount(cell.text)
        ]
        named = [text for title, text in texts if _NAME.search(title) and not _OTHER.search(title)]
        short = [text for text in named if len(text) <= 24]
        return next(iter(short[-1:] or named or [text for _, text in texts]), self.caption)

    def under(self, words: str) -> list[tuple[str, Cell]]:
        """Return title and cell of every column whose title matches the pattern `words`, from the left."""
        pairs = zip(self.titles, self.cells, strict=True)
        return [(title, cell) for title, cell in pairs if cell.text and re.search(words, title)]


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
        order = row[0] if row[0].text and (_ORDER.fullmatch(names[0]) or row[0].text.isdigit()) else None
        columns = zip(names, row, strict=True)
        responsible = tuple((name, cell) for name, cell in columns if cell.text and _RESPONSIBLE.search(name))
        passed = {id(cell) for _, cell in responsible} | {id(order)}
        told = [cell for cell in own if id(cell) not in passed] or own
        start, end = min(cell.start for cell in told), max(cell.end for cell in told)
        found.append(TableRow(table.caption, names, row, responsible, order, start, end))
    return found


def column_titles(content: Sequence[object]) -> Iterator[tuple[int, int]]:
    """Yield where the headings of the tables in `content` stand."""
    for block in content:
        if isinstance(block, Captioned):
            for row in block.table.rows[: heading_rows(block.table)]:
                yield from ((cell.start, cell.end) for cell in row)


def heading_rows(table: Table) -> int:
    """Return how many rows from the top are headings: those that name columns and hold no amounts."""
    for count, row in enumerate(table.rows[:_MOST_HEADING_ROWS]):
        texts = {cell.text for cell in row if cell.text}
        if sum(1 for text in texts if _is_title(text)) < min(2, len(texts)) or any(map(_is_amount, texts)):
            return count
    return min(len(table.rows), 1)


def _is_title(text: str) -> bool:
    words = (_NAME, _RESPONSIBLE, YEAR, _HEADING_WORD)
    named = any(word.search(text) for word in words) or _UNIT_TITLE.fullmatch(text) is not None
    return len(text) <= _LONGEST_TITLE and named


def _is_amount(text: str) -> bool:
    return re.fullmatch("[≥≤≧≦<>＜＞]?[ ]?[0-9.,、%]+[^0-9年]{0,8}", text) is not None


def _titles(rows: tuple[tuple[Cell, ...], ...]) -> tuple[str, ...]:
    """Return the title of each column: the texts over it from the top, each once."""
    width = max((len(row) for row in rows), default=0)
    columns = [dict.fromkeys(row[column].text for row in rows if column < len(row)) for column in range(width)]
    return tuple("".join(words).replace(" ", "") for words in columns)


def _label(title: str) -> str:
    found = _RESPONSIBLE.search(title)
    return found[0] if found else "责任单位"
