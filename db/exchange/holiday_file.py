"""The table of holidays as a file: one day in a line, 日期, 休或班, 名称; .xlsx or .csv.

read_holidays(file) -> HolidayFile
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from db.core.errors import DataProblem, Problem
from db.core.fields import load_schema
from db.core.progress import NO_PROGRESS, Progress
from db.core.text import fold_choice
from db.exchange.cells.model import Raw, place
from db.exchange.plain_lines import read_lines
from db.work.monthly.days import OFF, ON, Holiday

_HEADS = {
    "day": ("日期", "day", "date"),
    "kind": ("休或班", "类型", "类别", "kind"),
    "name": ("名称", "节日", "节日名称", "name"),
}
_KINDS = {OFF: ("休", "休息", "放假", "假", "节假日", "法定节假日"), ON: ("班", "上班", "补班", "调休上班", "调班")}


@dataclass
class HolidayFile:
    """What a file says: the days, and what is wrong with which line; with a problem nothing of it is to be taken."""

    days: list[Holiday] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_holidays(file: Path, progress: Progress = NO_PROGRESS) -> HolidayFile:
    """Return the days of the file; DataProblem for a file that is none, or lacks the columns 日期 and 休或班."""
    lines = read_lines(file, progress)
    head, columns = _head(lines)
    found = HolidayFile()
    seen: set[date] = set()
    schema = load_schema("holiday")
    for number, line in enumerate(lines[head + 1 :], head + 1):
        if not any(_text(cell) for cell in line):
            continue
        cells = {name: line[column] if column < len(line) else None for name, column in columns.items()}
        try:
            day = schema.field("day").parse(cells["day"])
            name = schema.field("name").parse(_text(cells.get("name")))
            kind = _kind(_text(cells["kind"]))
            if not isinstance(day, date):
                raise DataProblem("“日期”没有填写。", advice="请填写，如2022-10-01。")
            if day in seen:
                raise DataProblem(f"{day}写了两次。", advice="请删去一行。")
        except DataProblem as problem:
            found.problems.append(Problem("holiday", problem.message, problem.advice, place(number, columns["day"])))
            continue
        seen.add(day)
        found.days.append(Holiday(day, kind, str(name or "")))
    return found


def _head(lines: Sequence[Sequence[Raw]]) -> tuple[int, dict[str, int]]:
    """Return the line of the headings and where the columns are; titles above them are passed by."""
    for number, line in enumerate(lines[:10]):
        heads = [fold_choice(_text(cell)).replace(" ", "") for cell in line]
        columns = {
            name: next(place for place, head in enumerate(heads) if head in words)
            for name, words in _HEADS.items()
            if any(head in words for head in heads)
        }
        if {"day", "kind"} <= columns.keys():
            return number, columns
    raise DataProblem(
        "没有找到“日期”和“休或班”两列。",
        advice="第一行写列名：日期、休或班、名称；下面一天一行，放假填“休”，调休上班填“班”。",
        code="holiday.heads",
    )


def _kind(text: str) -> str:
    for kind, words in _KINDS.items():
        if text in words:
            return kind
    raise DataProblem(f"“{text}”看不出是放假还是上班。", advice="放假填“休”，调休上班填“班”。")


def _text(raw: Raw) -> str:
    return "" if raw is None else str(raw).strip()
