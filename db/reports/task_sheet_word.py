"""任务书 as a Word document, from the template `task_sheet.docx`."""

from __future__ import annotations

from typing import Any

from db.reports.task_sheet import SheetClause, SheetLine, TaskSheet
from db.reports.word import Template, fill, in_year_columns, year_heads

TEMPLATE = "task_sheet.docx"
_OTHER_COLUMNS = 4
"""任务指标, 单位, 完成期限, 责任人: what stands beside the years."""


def task_sheet_word(sheet: TaskSheet, source: Template) -> bytes:
    """Return the document; DataProblem when the county's own template has a fault."""
    return fill(source, task_sheet_values(sheet))


def task_sheet_values(sheet: TaskSheet) -> dict[str, Any]:
    """Return what the template's placeholders stand for, by their Chinese names."""
    return {
        "标题": sheet.title,
        "县市区": sheet.county,
        "下达单位": sheet.office,
        "责任主体": sheet.assignee,
        "责任主体类别": sheet.kind,
        "方案": sheet.plan,
        "任务数": sheet.tasks,
        "开头": sheet.opening,
        "年度": year_heads(sheet.years),
        "各年": [f"{year}年" for year in sheet.years],
        "列数": _OTHER_COLUMNS + len(sheet.years),
        "条款": [_clause(clause, sheet.years) for clause in sheet.clauses],
    }


def _clause(clause: SheetClause, years: tuple[int, ...]) -> dict[str, Any]:
    return {
        "编号": clause.clause_id,
        "名称": clause.title,
        "所属条": clause.article,
        "原文": clause.words,
        "县级牵头": clause.side.leads,
        "县级配合": clause.side.cooperators,
        "责任领导": clause.side.leader,
        "任务": [_line(line, years) for line in clause.lines],
    }


def _line(line: SheetLine, years: tuple[int, ...]) -> dict[str, Any]:
    return {
        "编号": line.task_id,
        "名称": line.title,
        "单位": line.unit,
        "各年": list(line.amounts),
        "数量": in_year_columns(years, line.amounts),
        "合计": line.total,
        "期限": line.deadline,
        "责任人": line.responsible,
        "工作内容": line.work,
        "备注": line.note,
        "说明": line.more,
    }
