"""月报 as HTML, for printing and PDF; the same content as the Word document."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from db.reports.month_table import MonthLine
from db.reports.monthly_report import MonthlyReport
from db.reports.official_page import page, paragraph, part, signed, table
from db.reports.task_sheet import day
from db.work.arithmetic import figure

_TASKS = (("任务", 34), ("单位", 12), ("目标", 15), ("本月累计", 15), ("进度", 12), ("调度", 12))
_FILING = (("镇街、部门", 32), ("进度填报", 26), ("项目月报", 26), ("达到时间进度", 16))
_LATE = (("任务", 30), ("责任主体", 16), ("情况", 12), ("期限", 14), ("说明", 28))
NUMBER, TASK_ID, TITLE, UNIT, GOAL, LAST, NOW, PERCENT, PLANNED, LAMP, DEADLINE, SENTENCE = range(12)
"""Where a cell of 月调度表 stands."""


def monthly_report_html(report: MonthlyReport) -> str:
    """Return the report as HTML for as many pages of A4 as it needs."""
    return page(report.title, report.office, _blocks(report))


def text_at(line: MonthLine, place: int) -> str:
    """Return a cell of 月调度表 as people read it."""
    cell = line.cells[place]
    return figure(cell) if isinstance(cell, Decimal) else cell


def percent_text(line: MonthLine) -> str:
    """Return the progress with its sign, or the dash where there is none."""
    cell = line.cells[PERCENT]
    return f"{figure(cell)}%" if isinstance(cell, Decimal) else cell


def _blocks(report: MonthlyReport) -> Iterator[str]:
    yield part("一、总体进展")
    yield from map(paragraph, report.summary)
    yield part("二、各项任务进展")
    for number, each in enumerate(report.parts, start=1):
        yield part(f"（{number}）{each.title}")
        yield paragraph(each.sentence)
        yield table(_TASKS, map(_task, each.lines), left=(0,))
    yield part("三、填报情况")
    rows = [(line.name, line.progress, line.projects, line.met) for line in report.filing]
    yield table(_FILING, rows, left=(0,))
    yield from map(paragraph, report.notes)
    yield part("四、逾期和滞后的任务")
    if report.late:
        rows_late = [(each.task, each.assignee, each.kind, each.deadline, each.sentence) for each in report.late]
        yield table(_LATE, rows_late, left=(0, 4))
    else:
        yield paragraph("没有逾期和滞后的任务。")
    if report.more_late:
        yield paragraph(f"另有{report.more_late}条，见逾期与风险清单。")
    for heading, lines, nothing in (
        ("五、存在的问题", report.problems, "本月没有填报存在的问题。"),
        ("六、下步措施", report.next_steps, "本月没有填报下步措施。"),
    ):
        yield part(heading)
        yield from map(paragraph, lines or (nothing,))
    yield signed(f"{report.office}（盖章）", day(report.written_on))


def _task(line: MonthLine) -> tuple[str, ...]:
    return (
        f"{text_at(line, TASK_ID)} {text_at(line, TITLE)}",
        text_at(line, UNIT),
        text_at(line, GOAL),
        text_at(line, NOW),
        percent_text(line),
        text_at(line, LAMP),
    )
