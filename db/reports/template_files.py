"""Makes the Word templates in resources/templates anew: `python -m db.reports.template_files`.

The files are committed; this says how they came to be, and a test that it would make the same again.
"""

from __future__ import annotations

from docx.document import Document as WordDocument

import resources
from db.reports.template_parts import (
    BLACK,
    CENTER,
    LEFT,
    TITLE,
    borderless,
    new_document,
    paragraph,
    row,
    save,
    table,
    tag_row,
    wide_row,
)

_SHEET_WIDTHS = (44.0, 15.0, 19.0, 19.0, 19.0, 20.0, 22.0)


def task_sheet() -> WordDocument:
    """Return the template of 任务书."""
    document = new_document("任务书")
    paragraph(document, "{{ 标题 }}", font=TITLE, size=22, align=CENTER, line=34, after=6)
    paragraph(document, "（{{ 责任主体 }}）", size=16, align=CENTER, after=14)
    paragraph(document, "{{ 开头 }}", indent=True, after=8)
    paragraph(document, "{%p if 任务数 %}", size=9, line=0)
    years = [f"{{{{ 年度[{place}] }}}}" for place in range(3)]
    made = table(document, ("任务指标", "单位", *years, "完成期限", "责任人、电话"), _SHEET_WIDTHS)
    tag_row(made, "for 条 in 条款")
    words = "{{ 条.编号 }}　{{ 条.名称 }}（方案第{{ 条.所属条 }}）"
    wide_row(made, words, font=BLACK, keep=True, shade="EDEDED")
    wide_row(made, "方案原文：{{ 条.原文 }}", splits=True)
    wide_row(
        made,
        "县级牵头单位：{{ 条.县级牵头 }}{% if 条.县级配合 %}　配合单位：{{ 条.县级配合 }}{% endif %}"
        "　责任领导：{{ 条.责任领导 }}",
        keep=True,
    )
    tag_row(made, "for 项 in 条.任务")
    amounts = [f"{{{{ 项.数量[{place}] }}}}" for place in range(3)]
    sides = [LEFT, *[CENTER] * 6]
    cells = ("{{ 项.编号 }} {{ 项.名称 }}", "{{ 项.单位 }}", *amounts, "{{ 项.期限 }}", "{{ 项.责任人 }}")
    row(made, cells, _SHEET_WIDTHS, sides)
    tag_row(made, "if 项.说明")
    wide_row(made, "{{ 项.说明 }}", splits=True)
    tag_row(made, "endif")
    tag_row(made, "endfor")
    tag_row(made, "endfor")
    paragraph(document, "{%p endif %}", size=9, line=0)
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


MAKERS = {"task_sheet.docx": task_sheet}


def main() -> None:
    """Write every template."""
    folder = resources.path("units.toml").parent / "templates"
    for name, make in MAKERS.items():
        save(make(), folder / name)


if __name__ == "__main__":
    main()
