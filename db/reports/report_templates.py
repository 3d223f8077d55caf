"""The Word templates of the reports that come again every month and every year."""

from __future__ import annotations

from docx.document import Document as WordDocument

from db.reports.template_parts import (
    BLACK,
    CENTER,
    ITALIC,
    LEFT,
    RIGHT,
    TITLE,
    loop,
    new_document,
    paragraph,
    row,
    table,
    tag_row,
)

_TASK_WIDTHS = (44.0, 19.0, 19.0, 17.0, 13.0, 14.0, 30.0)
_TOWN_WIDTHS = (18.0, 46.0, 32.0, 22.0, 20.0, 18.0)
_MONTH_WIDTHS = (54.0, 18.0, 24.0, 24.0, 18.0, 18.0)
_FILING_WIDTHS = (48.0, 40.0, 40.0, 28.0)
_LATE_WIDTHS = (46.0, 26.0, 20.0, 22.0, 42.0)


def self_evaluation() -> WordDocument:
    """Return the template of 自评报告."""
    document = new_document("自评报告")
    _title(document, "{{ 起止 }}")
    _heading(document, "一、总体情况")
    _lines(document, "总体情况")
    paragraph(document, "评分依据：{{ 评分依据 }}", indent=True)
    _heading(document, "二、各项任务完成情况")
    loop(document, "for 部 in 部分")
    paragraph(document, "（{{ 部.序号 }}）{{ 部.名称 }}", font=ITALIC, indent=True, keep=True, level=2)
    paragraph(document, "{{ 部.情况 }}", indent=True, after=4)
    made = table(document, ("任务", "应完成", "完成", "完成率", "分值", "得分", "说明"), _TASK_WIDTHS)
    tag_row(made, "for 项 in 部.任务")
    names = ("应完成", "完成", "完成率", "分值", "得分", "说明")
    cells = [f"{{{{ 项.{name} }}}}" for name in names]
    first = "{{ 项.编号 }} {{ 项.名称 }}{% if 项.单位 %}（{{ 项.单位 }}）{% endif %}"
    row(made, (first, *cells), _TASK_WIDTHS, [LEFT, *[CENTER] * 5, LEFT])
    tag_row(made, "endfor")
    loop(document, "endfor")
    for heading, name in (
        ("三、没有得满分的任务和原因", "未满分"),
        ("四、自填数和改分的说明", "自填"),
        ("五、没有计分的任务", "不计分"),
    ):
        _heading(document, heading)
        _lines(document, name, "无。")
    _heading(document, "六、镇街排名")
    loop(document, "if 镇街")
    paragraph(document, "按本县分解给各镇街的任务，用同一张评分表逐项计分。", indent=True, after=4)
    made = table(document, ("名次", "镇街", "得分率", "得分", "分值", "任务数"), _TOWN_WIDTHS)
    tag_row(made, "for 镇 in 镇街")
    towns = ("名次", "名称", "得分率", "得分", "分值", "任务数")
    row(made, [f"{{{{ 镇.{name} }}}}" for name in towns], _TOWN_WIDTHS, [CENTER] * 6)
    tag_row(made, "endfor")
    loop(document, "endif")
    loop(document, "if not 镇街")
    paragraph(document, "还没有可以计分的镇街任务。", indent=True)
    loop(document, "endif")
    loop(document, "if 待补充")
    _heading(document, "七、需要补充的内容")
    _lines(document, "待补充")
    loop(document, "endif")
    _signed(document)
    return document


def monthly_report() -> WordDocument:
    """Return the template of 月报."""
    document = new_document("月报")
    _title(document, "{{ 填报单位 }}")
    _heading(document, "一、总体进展")
    _lines(document, "总体进展")
    _heading(document, "二、各项任务进展")
    loop(document, "for 部 in 部分")
    paragraph(document, "（{{ 部.序号 }}）{{ 部.名称 }}", font=ITALIC, indent=True, keep=True, level=2)
    paragraph(document, "{{ 部.情况 }}", indent=True, after=4)
    made = table(document, ("任务", "单位", "目标", "本月累计", "进度", "调度"), _MONTH_WIDTHS)
    tag_row(made, "for 项 in 部.任务")
    cells = [f"{{{{ 项.{name} }}}}" for name in ("单位", "目标", "本月", "进度", "调度")]
    row(made, ("{{ 项.编号 }} {{ 项.名称 }}", *cells), _MONTH_WIDTHS, [LEFT, *[CENTER] * 5])
    tag_row(made, "endfor")
    loop(document, "endfor")
    _heading(document, "三、填报情况")
    made = table(document, ("镇街、部门", "进度填报", "项目月报", "达到时间进度"), _FILING_WIDTHS)
    tag_row(made, "for 行 in 填报")
    cells = [f"{{{{ 行.{name} }}}}" for name in ("名称", "进度", "项目", "达标")]
    row(made, cells, _FILING_WIDTHS, [LEFT, *[CENTER] * 3])
    tag_row(made, "endfor")
    _lines(document, "说明")
    _heading(document, "四、逾期和滞后的任务")
    loop(document, "if 滞后")
    made = table(document, ("任务", "责任主体", "情况", "期限", "说明"), _LATE_WIDTHS)
    tag_row(made, "for 项 in 滞后")
    cells = [f"{{{{ 项.{name} }}}}" for name in ("任务", "责任主体", "情况", "期限", "说明")]
    row(made, cells, _LATE_WIDTHS, [LEFT, *[CENTER] * 3, LEFT])
    tag_row(made, "endfor")
    loop(document, "endif")
    loop(document, "if not 滞后")
    paragraph(document, "没有逾期和滞后的任务。", indent=True)
    loop(document, "endif")
    loop(document, "if 另有")
    paragraph(document, "另有{{ 另有 }}条，见逾期与风险清单。", indent=True)
    loop(document, "endif")
    _heading(document, "五、存在的问题")
    _lines(document, "问题", "本月没有填报存在的问题。")
    _heading(document, "六、下步措施")
    _lines(document, "措施", "本月没有填报下步措施。")
    _signed(document)
    return document


def _title(document: WordDocument, below: str) -> None:
    paragraph(document, "{{ 标题 }}", font=TITLE, size=22, align=CENTER, line=34)
    paragraph(document, f"（{below}）", size=16, align=CENTER, after=14)


def _heading(document: WordDocument, text: str) -> None:
    paragraph(document, text, font=BLACK, indent=True, keep=True, level=1, before=6)


def _lines(document: WordDocument, name: str, nothing: str = "") -> None:
    """Add a paragraph for every line called `name`, or one that says there are none."""
    loop(document, f"for 段 in {name}")
    paragraph(document, "{{ 段 }}", indent=True)
    loop(document, "endfor")
    if nothing:
        loop(document, f"if not {name}")
        paragraph(document, nothing, indent=True)
        loop(document, "endif")


def _signed(document: WordDocument) -> None:
    paragraph(document, "{{ 填报单位 }}（盖章）", align=RIGHT, before=20, keep=True)
    paragraph(document, "{{ 日期 }}", align=RIGHT)
