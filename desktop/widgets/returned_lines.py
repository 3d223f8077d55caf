"""The lines of 收回工作簿: files with their tables, and the rows of a table, as cells to look at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from db.exchange.unit_book.reading import Fate, ReadFile, ReadRow, ReadTable
from desktop.widgets.basics import Tone
from desktop.widgets.simple_table import TextCell

MOST_WORDS = 6
TONES: dict[Fate, Tone] = {
    Fate.ADDED: "good",
    Fate.UPDATED: "notice",
    Fate.UNCHANGED: "neutral",
    Fate.CONFLICT: "caution",
    Fate.REFUSED: "bad",
}


def first_line(lines: Sequence[tuple[ReadFile, ReadTable | None]]) -> int:
    """Return the line to begin with: a table where something waits, else is doubtful, else changes."""
    tables = [(n, table) for n, (_, table) in enumerate(lines) if table is not None]
    waiting = (n for n, table in tables if table.waits)
    doubtful = (n for n, table in tables if any(row.doubts for row in table.rows))
    changed = (n for n, table in tables if table.rows)
    first = (n for n, _ in tables)
    return next(chain(waiting, doubtful, changed, first), 0)


def file_line(file: ReadFile, table: ReadTable | None) -> list[TextCell]:
    """Return what stands in the line of a file (`table` None) or of one of its tables, with a count of each fate."""
    if table is None:
        if file.refusal is not None:
            told = file.refusal.sentence()
            return [TextCell(f"{file.name}：{told}", "bad", tip=told), *(TextCell("") for _ in Fate)]
        words = f"{file.unit_name}　{file.name}" if file.unit_name not in file.name else file.name
        if any(each.says_something for each in file.tables):
            return [TextCell(words, tip=words), *(TextCell("") for _ in Fate)]
        return [TextCell(words, tip=words), *_numbers(file.counts())]
    name = table.table.title if len(file.tables) > 1 else f"{file.unit_name} {table.table.title}"
    words = f"　{name}" if len(file.tables) > 1 else name
    if table.fault is not None:
        said = f"{words}：{table.fault.message}"
        return [TextCell(said, "bad", tip=said), *(TextCell("") for _ in Fate)]
    return [TextCell(words, tip=f"{file.name}\n{table.table.title}"), *_numbers(table.counts())]


def _numbers(counts: dict[Fate, int]) -> list[TextCell]:
    return [TextCell(f"{counts[f]:,}" if counts[f] else "", TONES[f] if f is not Fate.UNCHANGED else "") for f in Fate]


def row_cells(row: ReadRow, fate: Fate) -> list[TextCell]:
    """Return what stands in the line of a row: its fate, its place, its name, what is wrong, doubtful or changes."""
    problems = "　".join(f"{problem.message}{problem.advice}" for problem in row.all_problems())
    changed = "；".join(
        f"{change.own.title} {change.shown(change.ours)} → {change.shown(change.theirs)}"
        for change in list(row.changes.values())[:MOST_WORDS]
        if change.problem is None
    )
    doubts = "　".join(doubt.message for doubt in row.doubts)
    words = problems or doubts or changed or ("新的一行" if row.new else "")
    told = "略过" if row.left_out else fate.value
    return [
        TextCell(told, "neutral" if row.left_out else TONES[fate], badge=True),
        TextCell(f"{row.row + 1:,}"),
        TextCell(row.title, tip=row.title),
        TextCell(words, "bad" if problems else "caution" if doubts else "", tip=words),
    ]
