"""督办单 as a Word document, from the template `supervision.docx`."""

from __future__ import annotations

from typing import Any

from db.reports.supervision import SupervisedTask, SupervisionPaper
from db.reports.task_sheet import day
from db.reports.word import Template, fill

TEMPLATE = "supervision.docx"


def supervision_word(paper: SupervisionPaper, source: Template) -> bytes:
    """Return the document; DataProblem when the county's own template has a fault."""
    return fill(source, supervision_values(paper))


def supervision_values(paper: SupervisionPaper) -> dict[str, Any]:
    """Return what the template's placeholders stand for, by their Chinese names."""
    return {
        "标题": paper.title,
        "县市区": paper.county,
        "编号": paper.number,
        "责任主体": paper.assignee,
        "责任主体类别": paper.kind,
        "责任人": paper.responsible,
        "期": paper.period,
        "签发日期": day(paper.issued_on),
        "反馈期限": day(paper.reply_by),
        "督办单位": paper.office,
        "联系人": paper.clerk,
        "联系电话": paper.clerk_phone,
        "开头": paper.opening,
        "要求": paper.demand,
        "事项": [_task(number, task) for number, task in enumerate(paper.tasks, 1)],
    }


def _task(number: int, task: SupervisedTask) -> dict[str, Any]:
    return {
        "序号": number,
        "编号": task.task_id,
        "名称": task.title,
        "单位": task.unit,
        "目标": task.planned,
        "完成": task.actual,
        "进度": task.percent,
        "期限": task.deadline,
        "状态": task.standing,
        "说明": task.sentence,
        "存在问题": task.problems,
    }
