"""任务书 as HTML, for printing and PDF; the same content as the Word document."""

from __future__ import annotations

from html import escape

from db.reports.task_sheet import SheetClause, SheetLine, TaskSheet

_STYLE = """
p { font-size: 14pt; line-height: 150%; margin-top: 2pt; margin-bottom: 6pt; text-indent: 80px; }
p.title { font-size: 20pt; font-weight: bold; margin-bottom: 4pt; text-indent: 0px; }
p.who { font-size: 15pt; margin-bottom: 10pt; text-indent: 0px; }
table.tasks { border-collapse: collapse; border-style: solid; border-width: 1px; border-color: #333333;
  margin-top: 4pt; margin-bottom: 14pt; }
table.tasks td, table.tasks th { padding: 5px 7px; font-size: 10pt; line-height: 115%; vertical-align: top; }
td.clause { background-color: #ededed; font-weight: bold; }
table.sign td { font-size: 13pt; padding: 8px 4px; }
"""


def task_sheet_html(sheet: TaskSheet) -> str:
    """Return the paper as HTML for as many pages of A4 as it needs; the table's heading is repeated on each."""
    return (
        f"<html><head><style>{_STYLE}</style></head><body>"
        f'<p class="title" align="center">{escape(sheet.title)}</p>'
        f'<p class="who" align="center">（{escape(sheet.assignee)}）</p>'
        f"<p>{escape(sheet.opening)}</p>{_table(sheet)}{_signatures(sheet)}</body></html>"
    )


def _table(sheet: TaskSheet) -> str:
    if not sheet.clauses:
        return ""
    heads = ["任务指标", "单位", *(f"{year}年" for year in sheet.years), "完成期限", "责任人、电话"]
    widths = [22, 9, *[36 // len(sheet.years)] * len(sheet.years), 14, 19]
    head = "".join(f'<th width="{width}%">{text}</th>' for text, width in zip(heads, widths, strict=True))
    body = "".join(_clause(clause, len(heads)) for clause in sheet.clauses)
    return (
        '<table class="tasks" border="1" cellpadding="0" cellspacing="0" width="100%">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _clause(clause: SheetClause, columns: int) -> str:
    side = clause.side
    cooperators = f"　配合单位：{side.cooperators}" if side.cooperators else ""
    rows = [
        _wide(f"{clause.clause_id}　{clause.title}（方案第{clause.article}）", columns, "clause"),
        _wide(f"方案原文：{clause.words}", columns),
        _wide(f"县级牵头单位：{side.leads}{cooperators}　责任领导：{side.leader}", columns),
    ]
    for line in clause.lines:
        rows.append(_line(line))
        if line.more:
            rows.append(_wide(line.more, columns))
    return "".join(rows)


def _line(line: SheetLine) -> str:
    amounts = "".join(_cell(text, "center") for text in line.amounts)
    sides = _cell(line.deadline, "center") + _cell(line.responsible, "center")
    return f"<tr>{_cell(f'{line.task_id} {line.title}')}{_cell(line.unit, 'center')}{amounts}{sides}</tr>"


def _cell(text: str, align: str = "left") -> str:
    return f'<td align="{align}">{_broken(text)}</td>'


def _wide(text: str, columns: int, kind: str = "") -> str:
    return f'<tr><td class="{kind}" colspan="{columns}">{_broken(text)}</td></tr>'


def _signatures(sheet: TaskSheet) -> str:
    rows = (
        (f"下达单位：{sheet.office}（盖章）", f"承担单位：{sheet.assignee}（盖章）"),
        ("负责人（签字）：", "负责人（签字）："),
        ("　　　　年　　月　　日", "　　　　年　　月　　日"),
    )
    cells = "".join(
        f'<tr><td width="50%">{escape(left)}</td><td width="50%">{escape(right)}</td></tr>' for left, right in rows
    )
    return f'<table class="sign" width="100%">{cells}</table>'


def _broken(text: str) -> str:
    return escape(text).replace("\n", "<br>")
