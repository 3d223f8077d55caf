"""月报 as a Word document, from the template `monthly_report.docx`, or as whatever `draw` makes of it.

write_monthly_report(county, catalogue, period, file, on=…, draw=…) -> MonthlyReport
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from db.core.period import Period
from db.core.progress import NO_PROGRESS, Progress
from db.plan.catalogue import Catalogue
from db.plan.part import require_whole
from db.reports.month_table import MonthLine
from db.reports.monthly_report import MonthlyReport, monthly_report
from db.reports.monthly_report_page import (
    DEADLINE,
    GOAL,
    LAMP,
    LAST,
    NOW,
    SENTENCE,
    TASK_ID,
    TITLE,
    UNIT,
    percent_text,
    text_at,
)
from db.reports.task_sheet import day
from db.reports.word import Template, fill, template
from db.store.county import County
from db.store.files import write_atomically
from db.work.monthly.model import require_month

TEMPLATE = "monthly_report.docx"
WHAT = "写入月报"

Draw = Callable[[MonthlyReport], bytes]


def write_monthly_report(
    county: County,
    catalogue: Catalogue,
    period: Period,
    file: Path,
    *,
    on: date,
    draw: Draw | None = None,
    progress: Progress = NO_PROGRESS,
) -> MonthlyReport:
    """Write the month's report, whole or not at all, and return what is in it.

    DataProblem for a year and for a fault in the county's own template, EnvironmentProblem when the file cannot be
    written, Cancelled.
    """
    require_month(period)
    source = template(county.folder, TEMPLATE) if draw is None else None
    progress.step(0, 0, "正在汇总")
    with county.reading() as conn:
        conn.execute("BEGIN")
        require_whole(conn, "写月报")
        report = monthly_report(conn, catalogue, period, on)
    progress.step(0, 0, "正在生成文档")
    data = monthly_report_word(report, source) if source is not None else draw(report) if draw is not None else b""
    progress.step(0, 0, "正在保存")
    write_atomically(file, data, WHAT)
    return report


def monthly_report_word(report: MonthlyReport, source: Template) -> bytes:
    """Return the document; DataProblem when the county's own template has a fault."""
    return fill(source, monthly_report_values(report))


def monthly_report_values(report: MonthlyReport) -> dict[str, Any]:
    """Return what the template's placeholders stand for, by their Chinese names."""
    return {
        "标题": report.title,
        "县市区": report.county,
        "填报单位": report.office,
        "期": report.period,
        "方案": report.plan,
        "总体进展": list(report.summary),
        "部分": [
            {"序号": number, "名称": part.title, "情况": part.sentence, "任务": list(map(_task, part.lines))}
            for number, part in enumerate(report.parts, start=1)
        ],
        "填报": [
            {"名称": line.name, "进度": line.progress, "项目": line.projects, "达标": line.met}
            for line in report.filing
        ],
        "说明": list(report.notes),
        "滞后": [
            {"任务": t.task, "责任主体": t.assignee, "情况": t.kind, "期限": t.deadline, "说明": t.sentence}
            for t in report.late
        ],
        "另有": report.more_late,
        "问题": list(report.problems),
        "措施": list(report.next_steps),
        "日期": day(report.written_on),
    }


def _task(line: MonthLine) -> dict[str, str]:
    places = {"编号": TASK_ID, "名称": TITLE, "单位": UNIT, "目标": GOAL, "上月": LAST, "本月": NOW}
    places |= {"调度": LAMP, "期限": DEADLINE, "算式": SENTENCE}
    return {"进度": percent_text(line), **{name: text_at(line, place) for name, place in places.items()}}
