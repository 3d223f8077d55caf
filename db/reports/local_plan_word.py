"""落实方案 as a Word document, from the template `local_plan.docx`.

write_local_plan(county, catalogue, file, progress=NO_PROGRESS) -> LocalPlan
local_plan_word(plan, template) -> bytes
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from db.core.progress import NO_PROGRESS, Progress
from db.plan.catalogue import Catalogue
from db.plan.part import require_whole
from db.reports.local_plan import AnnexRow, LocalPlan, PlanClause, local_plan
from db.reports.word import Template, fill, in_year_columns, template, year_heads
from db.store.county import County
from db.store.files import write_atomically

TEMPLATE = "local_plan.docx"
WHAT = "写入落实方案"


def write_local_plan(
    county: County, catalogue: Catalogue, file: Path, progress: Progress = NO_PROGRESS, *, personal: bool = False
) -> LocalPlan:
    """Write the document, whole or not at all, and return what is in it; `personal` as of `local_plan`.

    DataProblem for a fault in the county's own template, EnvironmentProblem when the file cannot be written, Cancelled.
    """
    source = template(county.folder, TEMPLATE)
    progress.step(0, 0, "正在汇总")
    with county.reading() as conn:
        conn.execute("BEGIN")
        require_whole(conn, "写落实方案")
        plan = local_plan(conn, catalogue, personal=personal)
    progress.step(0, 0, "正在生成文档")
    data = local_plan_word(plan, source)
    progress.step(0, 0, "正在保存")
    write_atomically(file, data, WHAT)
    return plan


def local_plan_word(plan: LocalPlan, source: Template) -> bytes:
    """Return the document; DataProblem when the county's own template has a fault."""
    return fill(source, local_plan_values(plan))


def local_plan_values(plan: LocalPlan) -> dict[str, Any]:
    """Return what the template's placeholders stand for, by their Chinese names."""
    return {
        "标题": plan.title,
        "起止": plan.span,
        "县市区": plan.county,
        "印发单位": plan.office,
        "方案": plan.plan,
        "年度": year_heads(plan.years),
        "各年": [f"{year}年" for year in plan.years],
        "总体要求": list(plan.requirements),
        "部分": [
            {
                "序号": part.numeral,
                "名称": part.title,
                "条": [
                    {
                        "序号": article.numeral,
                        "名称": article.title,
                        "条款": [_clause(number, clause) for number, clause in enumerate(article.clauses, start=1)],
                    }
                    for article in part.articles
                ],
            }
            for part in plan.parts
        ],
        "分解表": [
            {
                "序号": table.number,
                "编号": table.task_id,
                "名称": table.title,
                "单位": table.unit,
                "行": [
                    {
                        "责任主体": row[0],
                        "各年": list(row[1:-1]),
                        "数量": in_year_columns(plan.years, row[1:-1]),
                        "合计": row[-1],
                    }
                    for row in table.rows
                ],
            }
            for table in plan.tables
        ],
        "清单": [
            {
                "序号": annex.number,
                "名称": annex.title,
                "栏": list(annex.heads),
                "行": [_annex_row(row) for row in annex.rows],
            }
            for annex in plan.annexes
        ],
        "不涉及": [{"编号": key, "名称": title, "理由": reason} for key, title, reason in plan.excluded],
    }


def _annex_row(row: AnnexRow) -> dict[str, Any]:
    return {
        "序号": str(row.ordinal),
        "项目": row.name,
        "镇街": row.town,
        "企业": row.enterprise,
        "栏": list(row.own),
        "其他": row.rest,
        "内容": row.content,
        "期限": row.due,
        "阶段": row.stage,
        "责任": row.who,
    }


def _clause(number: int, clause: PlanClause) -> dict[str, Any]:
    return {
        "序号": number,
        "编号": clause.clause_id,
        "名称": clause.title,
        "原文": clause.words,
        "县级目标": list(clause.quotas),
        "县级牵头": clause.side.leads,
        "县级配合": clause.side.cooperators,
        "责任领导": clause.side.leader,
        "落实文件": clause.side.paper,
        "责任主体": clause.owners,
    }
