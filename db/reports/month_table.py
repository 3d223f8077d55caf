"""月调度表: the county's tasks in one month in official form, as values; workbook and PDF are made from the same.

（二十一）对重点任务实施月调度: title, reporting unit, period, figures, notes on what is missing, who signs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from db.core.period import Period
from db.plan.catalogue import Catalogue
from db.reports.task_sheet import day
from db.work.county_settings import county_facts
from db.work.monthly.facts import read_facts
from db.work.monthly.model import Filing, month_before
from db.work.monthly.overview import MonthOverview, TargetLine, month_overview
from db.work.monthly.totals import Total

MOST_NAMES = 6
LAMP_SHAPES = {"green": "●", "yellow": "▲", "red": "■", "blue": "◆", "grey": "○"}
"""What tells the lamps apart without their colours, as in the window."""


@dataclass(frozen=True)
class MonthColumn:
    """A column: its heading, its width in characters, whether it holds numbers, and how many decimals they have."""

    heading: str
    width: int
    number: bool = False


COLUMNS = (
    MonthColumn("序号", 6),
    MonthColumn("任务编号", 10),
    MonthColumn("任务", 30),
    MonthColumn("单位", 9),
    MonthColumn("目标", 12, number=True),
    MonthColumn("上月累计", 12, number=True),
    MonthColumn("本月累计", 12, number=True),
    MonthColumn("进度%", 9, number=True),
    MonthColumn("时间进度%", 10, number=True),
    MonthColumn("调度", 9),
    MonthColumn("期限", 12),
    MonthColumn("算式和说明", 46),
)


@dataclass(frozen=True)
class MonthLine:
    """A task: cells in the order of `COLUMNS`; a number, or what stands where there is none (未报, 暂无数据)."""

    part: str
    cells: tuple[str | Decimal, ...]


@dataclass(frozen=True)
class MonthTable:
    """The whole table; `notes` are sentences on what is missing, `signatures` stand below."""

    county: str
    office: str
    period: str
    parts: Mapping[str, str]
    lines: tuple[MonthLine, ...]
    notes: tuple[str, ...]
    signatures: tuple[str, ...]
    printed_on: date

    @property
    def title(self) -> str:
        """Return the heading."""
        return f"{self.county}“四减四增”重点任务月调度表"

    @property
    def note(self) -> str:
        """Return the line below the heading."""
        return f"填报单位：{self.office}　　调度期：{self.period}　　制表日期：{day(self.printed_on)}"


def month_table(
    conn: sqlite3.Connection, catalogue: Catalogue, period: Period, on: date, found: MonthOverview | None = None
) -> MonthTable:
    """Return the table of the month `period`, made on a day; with the month at hand it is not read again.

    DataProblem for a year instead of a month.
    """
    month = found or month_overview(conn, catalogue, period)
    before = read_facts(conn, catalogue, month_before(period)).totals
    facts = county_facts(conn)
    people = facts.contacts
    lines = [_line(number, line, before.get(line.task_id)) for number, line in enumerate(month.targets, start=1)]
    return MonthTable(
        county=facts.name,
        office=facts.office,
        period=period.title,
        parts={part.id: f"{part.numeral}、{part.title}" for part in catalogue.parts},
        lines=tuple(lines),
        notes=tuple(missing_notes(month)),
        signatures=(
            f"分管负责人（签字）：{'　' * 8}填报人：{people['clerk'] or '　' * 6}　　联系电话：{people['clerk_phone']}",
            f"填报单位（盖章）：{'　' * 10}{'　' * 6}年　　月　　日",
        ),
        printed_on=on,
    )


def missing_notes(month: MonthOverview) -> Iterable[str]:
    """Return sentences on what the month lacks, and how it is counted meanwhile."""
    totals = [line.total for line in month.targets]
    never = [line for line in month.targets if line.value is None and not _answered(line.total)]
    pending = [line for line in month.targets if line.goal is None]
    carried, silent = sum(t.carried for t in totals), sum(t.silent for t in totals)
    no_data, other = sum(t.no_data for t in totals), sum(t.not_applicable for t in totals)
    if month.filed < month.lines:
        yield f"应填报{month.lines}条，已填报{month.filed}条，还有{month.lines - month.filed}条没有填报。"
    if carried:
        yield f"其中{carried}条用了最近一次填报的数，{silent}条从未报数，没有算进合计。"
    elif silent:
        yield f"其中{silent}条从未报数，没有算进合计。"
    if no_data or other:
        yield f"填“暂无数据”的{no_data}条、“不涉及”的{other}条，不作0计。"
    if month.unreviewed:
        yield f"沿用上月、还没有核对的{month.unreviewed}条。"
    if never:
        names = "、".join(line.title for line in never[:MOST_NAMES]) + ("等" if len(never) > MOST_NAMES else "")
        yield f"全县还没有报过数的任务{len(never)}项：{names}。"
    if pending:
        yield f"没有目标值、不评进度的任务{len(pending)}项（含省里还没有下达的）。"


def _answered(total: Total) -> bool:
    return bool(total.no_data or (total.lines and total.not_applicable == total.lines))


def _line(number: int, line: TargetLine, before: Total | None) -> MonthLine:
    lamp = line.lamp
    deadline = line.total.goal.deadline
    sentence = lamp.sentence
    return MonthLine(
        line.part,
        (
            str(number),
            line.task_id,
            f"其中：{line.title}" if line.is_part else line.title,
            line.unit,
            "—" if line.goal is None else line.goal,
            _filed(before),
            _filed(line.total),
            "—" if lamp.percent is None else lamp.percent,
            "—" if lamp.planned is None else lamp.planned,
            f"{LAMP_SHAPES[lamp.kind]} {lamp.word}",
            "" if deadline is None or line.goal is None else deadline.isoformat(),
            sentence,
        ),
    )


def _filed(total: Total | None) -> str | Decimal:
    """Return a month's figure, or the answer that stands for one."""
    if total is None:
        return Filing.MISSING.value
    if total.figure is not None:
        return total.figure.value
    if total.lines and total.not_applicable == total.lines:
        return Filing.NOT_APPLICABLE.value
    return Filing.NO_DATA.value if total.no_data else Filing.MISSING.value
