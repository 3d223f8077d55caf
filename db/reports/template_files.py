"""Makes the Word templates in resources/templates anew: `python -m db.reports.template_files`.

The files are committed; this says how they came to be, and a test that it would make the same again.
"""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.shared import Mm

import resources
from db.reports.report_templates import monthly_report, self_evaluation
from db.reports.template_parts import (
    BLACK,
    CENTER,
    ITALIC,
    LEFT,
    RIGHT,
    TITLE,
    across,
    borderless,
    flexible,
    loop,
    new_document,
    paragraph,
    row,
    save,
    table,
    tag_row,
    wide_row,
)

_YEAR_WIDTHS = (56.0, 25.0, 25.0, 25.0, 25.0)
_EXCLUDED_WIDTHS = (22.0, 54.0, 80.0)
_YEAR = ("{%tc for 年 in 各年 %}", "{{ 年 }}", "{%tc endfor %}")
_COLUMN = ("{%tc for 栏 in 册.栏 %}", "{{ 栏 }}", "{%tc endfor %}")
_ANNEX_HEADS = ("序号", "项目名称", "镇街", "责任企业", *_COLUMN, "其他内容", "计划完成", "阶段", "责任单位、责任人")
_ANNEX_WIDTHS = (10.0, 28.0, 18.0, 26.0, 21.0, 21.0, 21.0, 44.0, 21.0, 14.0, 23.0)
_SUPERVISION_WIDTHS = (12.5, 40.0, 13.0, 18.0, 18.0, 16.0, 20.5, 18.0)
_SHEET_WIDTHS = (35.0, 14.0, 19.5, 19.5, 19.5, 21.5, 27.0)
_WIDE = "{% colspan 列数 %}"
"""What a cell over all columns begins with where the plan says how many there are."""


def task_sheet() -> WordDocument:
    """Return the template of 任务书."""
    document = new_document("任务书")
    paragraph(document, "{{ 标题 }}", font=TITLE, size=22, align=CENTER, line=34, after=6)
    paragraph(document, "（{{ 责任主体 }}）", size=16, align=CENTER, after=14)
    paragraph(document, "{{ 开头 }}", indent=True, after=8)
    loop(document, "if 任务数")
    made = table(document, ("任务指标", "单位", *_YEAR, "完成期限", "责任人、电话"), _SHEET_WIDTHS)
    tag_row(made, "for 条 in 条款")
    words = "{{ 条.编号 }}　{{ 条.名称 }}（方案第{{ 条.所属条 }}）"
    wide_row(made, _WIDE + words, font=BLACK, keep=True, shade="EDEDED")
    wide_row(made, f"{_WIDE}方案原文：{{{{ 条.原文 }}}}", splits=True)
    wide_row(
        made,
        _WIDE + "县级牵头单位：{{ 条.县级牵头 }}{% if 条.县级配合 %}　配合单位：{{ 条.县级配合 }}{% endif %}"
        "　责任领导：{{ 条.责任领导 }}",
        keep=True,
    )
    tag_row(made, "for 项 in 条.任务")
    amounts = ("{%tc for 数 in 项.各年 %}", "{{ 数 }}", "{%tc endfor %}")
    sides = [LEFT, *[CENTER] * 6]
    cells = ("{{ 项.编号 }} {{ 项.名称 }}", "{{ 项.单位 }}", *amounts, "{{ 项.期限 }}", "{{ 项.责任人 }}")
    row(made, cells, _SHEET_WIDTHS, sides)
    tag_row(made, "if 项.说明")
    wide_row(made, f"{_WIDE}{{{{ 项.说明 }}}}", splits=True)
    tag_row(made, "endif")
    tag_row(made, "endfor")
    tag_row(made, "endfor")
    flexible(made)
    loop(document, "endif")
    paragraph(document, "", size=10, line=16)
    borderless(
        document,
        (
            ("下达单位：{{ 下达单位 }}（盖章）", "承担单位：{{ 责任主体 }}（盖章）"),
            ("负责人（签字）：", "负责人（签字）："),
            ("　　　　年　　月　　日", "　　　　年　　月　　日"),
        ),
        (78.0, 78.0),
    )
    return document


def local_plan() -> WordDocument:
    """Return the template of 落实方案."""
    document = new_document("落实方案")
    paragraph(document, "{{ 标题 }}", font=TITLE, size=22, align=CENTER, line=34)
    paragraph(document, "（{{ 起止 }}）", size=16, align=CENTER, after=14)
    paragraph(document, "一、总体要求", font=BLACK, indent=True, level=1)
    loop(document, "for 段 in 总体要求")
    paragraph(document, "{{ 段 }}", indent=True)
    loop(document, "endfor")
    _parts(document)
    _year_tables(document)
    loop(document, "if 不涉及")
    paragraph(document, "附表　本县不涉及的任务", font=BLACK, before=14, after=6, keep=True, level=1)
    made = table(document, ("编号", "任务", "理由"), _EXCLUDED_WIDTHS)
    tag_row(made, "for 项 in 不涉及")
    row(made, ("{{ 项.编号 }}", "{{ 项.名称 }}", "{{ 项.理由 }}"), _EXCLUDED_WIDTHS, [CENTER, LEFT, LEFT])
    tag_row(made, "endfor")
    loop(document, "endif")
    # Outside what is left away, or the pages before it would lie on their side as well.
    across(document)
    loop(document, "for 册 in 清单")
    paragraph(document, "附件{{ 册.序号 }}　{{ 册.名称 }}清单", font=BLACK, before=10, after=6, keep=True, level=1)
    made = table(document, _ANNEX_HEADS, _ANNEX_WIDTHS)
    flexible(made)
    tag_row(made, "for 项 in 册.行")
    before, after = (
        [f"{{{{ 项.{name} }}}}" for name in names]
        for names in (("序号", "项目", "镇街", "企业"), ("其他", "期限", "阶段", "责任"))
    )
    own = ("{%tc for 栏 in 项.栏 %}", "{{ 栏 }}", "{%tc endfor %}")
    row(made, (*before, *own, *after), _ANNEX_WIDTHS, [CENTER, LEFT, CENTER, *[LEFT] * 5, CENTER, CENTER, LEFT])
    flexible(made)
    tag_row(made, "endfor")
    loop(document, "else")
    paragraph(document, "附件　项目清单", font=BLACK, before=10, after=6, keep=True, level=1)
    paragraph(document, "清单里还没有登记项目。", indent=True)
    loop(document, "endfor")
    return document


def _parts(document: WordDocument) -> None:
    loop(document, "for 部 in 部分")
    paragraph(document, "{{ 部.序号 }}、{{ 部.名称 }}", font=BLACK, indent=True, keep=True, level=1)
    loop(document, "for 条 in 部.条")
    paragraph(document, "（{{ 条.序号 }}）{{ 条.名称 }}", font=ITALIC, indent=True, keep=True, level=2)
    loop(document, "for 款 in 条.条款")
    paragraph(document, "{{ 款.序号 }}．{{ 款.名称 }}（{{ 款.编号 }}）。{{ 款.原文 }}", indent=True)
    loop(document, "for 目标 in 款.县级目标")
    paragraph(document, "县级目标：{{ 目标 }}", indent=True)
    loop(document, "endfor")
    lead = "县级牵头单位：{{ 款.县级牵头 }}{% if 款.县级配合 %}；配合单位：{{ 款.县级配合 }}{% endif %}"
    paragraph(
        document, lead + "；责任领导：{{ 款.责任领导 }}；本县落实文件：{{ 款.落实文件 }}。", font=ITALIC, indent=True
    )
    paragraph(document, "承担单位：{{ 款.责任主体 }}。", font=ITALIC, indent=True)
    loop(document, "endfor")
    loop(document, "endfor")
    loop(document, "endfor")


def _year_tables(document: WordDocument) -> None:
    loop(document, "if 分解表")
    paragraph(document, "附表　分年度任务分解", font=BLACK, before=14, after=4, keep=True, level=1)
    loop(document, "for 表 in 分解表")
    heading = "表{{ 表.序号 }}　{{ 表.名称 }}（{{ 表.编号 }}{% if 表.单位 %}，单位：{{ 表.单位 }}{% endif %}）"
    paragraph(document, heading, size=12, before=8, after=4, keep=True, line=18)
    made = table(document, ("责任主体", *_YEAR, "合计"), _YEAR_WIDTHS)
    tag_row(made, "for 行 in 表.行")
    amounts = ("{%tc for 数 in 行.各年 %}", "{{ 数 }}", "{%tc endfor %}")
    row(made, ("{{ 行.责任主体 }}", *amounts, "{{ 行.合计 }}"), _YEAR_WIDTHS, [LEFT, *[RIGHT] * 4])
    flexible(made)
    tag_row(made, "endfor")
    loop(document, "endfor")
    loop(document, "endif")


def supervision() -> WordDocument:
    """Return the template of 督办单."""
    document = new_document("督办单")
    paragraph(document, "{{ 标题 }}", font=TITLE, size=22, align=CENTER, line=34, after=6)
    loop(document, "if 编号")
    paragraph(document, "编号：{{ 编号 }}", size=14, align=RIGHT)
    loop(document, "endif")
    paragraph(document, "{{ 责任主体 }}：", before=8)
    paragraph(document, "{{ 开头 }}", indent=True, after=8)
    made = table(document, ("序号", "任务", "单位", "目标", "完成", "进度", "期限", "状态"), _SUPERVISION_WIDTHS)
    tag_row(made, "for 项 in 事项")
    names = ("完成", "进度", "期限", "状态")
    cells = ("{{ 项.序号 }}", "{{ 项.编号 }} {{ 项.名称 }}", "{{ 项.单位 }}", "{{ 项.目标 }}")
    more = [f"{{{{ 项.{name} }}}}" for name in names]
    row(made, (*cells, *more), _SUPERVISION_WIDTHS, [CENTER, LEFT, *[CENTER] * 6])
    tag_row(made, "if 项.说明 or 项.存在问题")
    wide_row(made, "{{ 项.说明 }}{% if 项.存在问题 %}　存在问题：{{ 项.存在问题 }}{% endif %}", splits=True)
    tag_row(made, "endif")
    tag_row(made, "endfor")
    paragraph(document, "{{ 要求 }}", indent=True, before=8)
    paragraph(document, "{{ 督办单位 }}（盖章）", align=RIGHT, before=16)
    paragraph(document, "{{ 签发日期 }}", align=RIGHT, after=8)
    heading = paragraph(document, "督办反馈单", font=TITLE, size=22, align=CENTER, line=34, after=6)
    heading.paragraph_format.page_break_before = True
    paragraph(document, "（{{ 责任主体 }}，{{ 反馈期限 }}前反馈）", size=16, align=CENTER, after=14)
    answer = table(document, ("逐项说明原因、整改措施、责任人和完成时间",), (156.0,))
    row(answer, ("",), (156.0,), [LEFT]).height = Mm(150)
    row(answer, ("负责人（签字）：　　　　　　　　　　　（盖章）　　　　年　　月　　日",), (156.0,), [LEFT])
    return document


MAKERS = {
    "local_plan.docx": local_plan,
    "monthly_report.docx": monthly_report,
    "self_evaluation.docx": self_evaluation,
    "supervision.docx": supervision,
    "task_sheet.docx": task_sheet,
}


def main() -> None:
    """Write every template."""
    folder = resources.path("units.toml").parent / "templates"
    for name, make in MAKERS.items():
        save(make(), folder / name)


if __name__ == "__main__":
    main()
