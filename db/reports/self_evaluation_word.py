"""自评报告 as a Word document, from the template `self_evaluation.docx`, or as whatever `draw` makes of it.

write_self_evaluation(county, catalogue, key, file, on=…, draw=…) -> SelfEvaluation
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from db.core.progress import NO_PROGRESS, Progress
from db.plan.catalogue import Catalogue
from db.plan.part import require_whole
from db.reports.self_evaluation import ReportedTask, SelfEvaluation, self_evaluation
from db.reports.task_sheet import day
from db.reports.word import Template, fill, template
from db.store.county import County
from db.store.files import write_atomically

TEMPLATE = "self_evaluation.docx"
WHAT = "写入自评报告"

Draw = Callable[[SelfEvaluation], bytes]


def write_self_evaluation(
    county: County,
    catalogue: Catalogue,
    key: str,
    file: Path,
    *,
    on: date,
    draw: Draw | None = None,
    progress: Progress = NO_PROGRESS,
) -> SelfEvaluation:
    """Write the report of the period `key`, whole or not at all, and return what is in it.

    DataProblem for another period and for a fault in the county's own template, EnvironmentProblem when the file
    cannot be written, Cancelled.
    """
    source = template(county.folder, TEMPLATE) if draw is None else None
    progress.step(0, 0, "正在汇总")
    with county.reading() as conn:
        conn.execute("BEGIN")
        require_whole(conn, "写自评报告")
        report = self_evaluation(conn, catalogue, key, on)
    progress.step(0, 0, "正在生成文档")
    data = self_evaluation_word(report, source) if source is not None else draw(report) if draw is not None else b""
    progress.step(0, 0, "正在保存")
    write_atomically(file, data, WHAT)
    return report


def self_evaluation_word(report: SelfEvaluation, source: Template) -> bytes:
    """Return the document; DataProblem when the county's own template has a fault."""
    return fill(source, self_evaluation_values(report))


def self_evaluation_values(report: SelfEvaluation) -> dict[str, Any]:
    """Return what the template's placeholders stand for, by their Chinese names."""
    return {
        "标题": report.title,
        "县市区": report.county,
        "填报单位": report.office,
        "评估期": report.period,
        "起止": report.span,
        "方案": report.plan,
        "评分依据": report.scoring,
        "总体情况": list(report.summary),
        "部分": [
            {"序号": number, "名称": part.title, "情况": part.sentence, "任务": list(map(_task, part.tasks))}
            for number, part in enumerate(report.parts, start=1)
        ],
        "未满分": list(report.unfinished),
        "自填": list(report.typed),
        "不计分": list(report.unscored),
        "待补充": list(report.missing),
        "镇街": [
            {"名次": t.rank, "名称": t.name, "得分率": t.percent, "得分": t.amount, "分值": t.points, "任务数": t.tasks}
            for t in report.towns
        ],
        "日期": day(report.written_on),
    }


def _task(task: ReportedTask) -> dict[str, Any]:
    return {
        "编号": task.task_id,
        "名称": task.title,
        "单位": task.unit,
        "应完成": task.goal,
        "完成": task.value,
        "完成率": task.completion,
        "分值": task.points,
        "得分": task.score,
        "情况": task.standpoint,
        "说明": task.explanation,
        "算式": task.arithmetic,
        "得分算式": task.score_sentence,
        "附件数": task.proofs,
    }
