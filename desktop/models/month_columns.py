"""The columns of a month's sheet, and the figure of a line as its cell holds it."""

from __future__ import annotations

from decimal import Decimal

from db.core.fields import load_schema
from db.core.values import Cell, State, from_micro, plain
from db.work.arithmetic import figure
from db.work.monthly.figures import Stored, in_task_unit
from db.work.monthly.lines import Line
from db.work.monthly.model import FigureKind, Filed, Filing
from db.work.monthly.rows import MonthRow
from desktop.models.sheet_column import Column, Kind

LAMP, TITLE, WHO, UNIT, GOAL = "lamp", "title", "assignee", "unit", "goal"
LAST, FIGURE, CHANGE, PERCENT, YEAR_AGO, SINCE = "last", "figure", "change", "percent", "year_ago", "since_start"
TEXTS = (("problems", 130), ("next_steps", 130), ("situation", 130))
"""存在问题 stands first: it is what the county asks about."""

STRETCHED = "problems"
PINNED = 3


def month_columns() -> tuple[Column, ...]:
    """Return the columns; those of texts are the fields of an entry."""
    schema = load_schema("progress")
    return (
        Column(Kind.CLASS, "预警", 70, LAMP),
        Column(Kind.NAME, "任务指标", 130, TITLE, most=190),
        Column(Kind.NAME, "责任主体", 92, WHO, most=116),
        Column(Kind.CLASS, "单位", 46, UNIT, most=88),
        Column(Kind.TOTAL, "任务量", 66, GOAL, most=100),
        Column(Kind.TOTAL, "上月", 76, LAST, most=92),
        Column(Kind.YEAR, "本月累计", 80, FIGURE, most=110),
        Column(Kind.TOTAL, "比上月", 72, CHANGE, most=84),
        Column(Kind.TOTAL, "进度", 72, PERCENT),
        Column(Kind.TOTAL, "上年同月", 74, YEAR_AGO, most=96),
        Column(Kind.TOTAL, "方案以来", 74, SINCE, most=100),
        *(Column(Kind.TEXT, schema.field(name).title, width, name) for name, width in TEXTS),
    )


def short_name(name: str, county: str) -> str:
    """Return what a department is called within its own county: 工业和信息化局."""
    rest = name.removeprefix(county)
    return rest if len(rest) > 2 and not rest.startswith("委") else name  # 寿光市委宣传部 is of the 市委


def beside_text(row: MonthRow, field: str, county: str = "") -> str:
    """Return what stands beside the figure: other months as they were filed, numbers with their separators and sign."""
    match field:
        case "assignee":
            return short_name(row.assignee, county) if county else row.assignee
        case "last" | "year_ago":
            filed: Filed = getattr(row, field)
            return "" if filed.filing is Filing.MISSING else filed.text
        case "percent":
            return "" if row.percent is None else f"{row.percent}%"
        case "change":
            return "" if row.change is None else f"{'+' if row.change > 0 else ''}{figure(row.change)}"
    amount = getattr(row, field)
    return figure(amount) if isinstance(amount, Decimal) else ""


def figure_cell(line: Line) -> Cell:
    """Return what was filed for the month itself, None for nothing."""
    return stored_cell(line, line.known.now, line.filing)


def stored_cell(line: Line, stored: Stored | None, filing: Filing) -> Cell:
    """Return the figure of an entry as the cell holds it: an amount in the task's unit, 27/33, a stage, a state."""
    if stored is None or filing in (Filing.MISSING, Filing.FINISHED):
        return None
    if filing in (Filing.NOT_APPLICABLE, Filing.NO_DATA):
        return State(filing.value)
    if line.due.kind is FigureKind.STAGE:
        return stored.stage
    if line.due.kind is FigureKind.RATE and stored.numerator is not None and stored.denominator is not None:
        return f"{plain(from_micro(stored.numerator)):f}/{plain(from_micro(stored.denominator)):f}"
    return None if stored.amount is None else plain(from_micro(in_task_unit(line.due, stored.amount, stored.unit)))
