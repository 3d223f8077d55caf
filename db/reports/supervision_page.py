"""督办单 as HTML, for printing and PDF; the same content as the Word document."""

from __future__ import annotations

from html import escape

from db.reports.supervision import SupervisedTask, SupervisionPaper
from db.reports.task_sheet import day

_STYLE = """
p { font-size: 14pt; line-height: 150%; margin-top: 2pt; margin-bottom: 6pt; text-indent: 80px; }
p.title { font-size: 20pt; font-weight: bold; margin-bottom: 4pt; text-indent: 0px; }
p.who { text-indent: 0px; margin-top: 8pt; }
p.issued { text-indent: 0px; }
table { border-collapse: collapse; border-style: solid; border-width: 1px; border-color: #333333;
  margin-top: 4pt; margin-bottom: 10pt; }
td, th { padding: 5px 7px; font-size: 10pt; line-height: 115%; vertical-align: top; }
"""
_ANSWER_LINES = 26
_HEADS = (("序号", 8), ("任务", 26), ("单位", 8), ("目标", 11), ("完成", 11), ("进度", 10), ("期限", 13), ("状态", 13))


def supervision_html(paper: SupervisionPaper) -> str:
    """Return the paper as HTML for as many pages of A4 as it needs; the table's heading is repeated on each."""
    number = f'<p class="issued" align="right">编号：{escape(paper.number)}</p>' if paper.number else ""
    return (
        f"<html><head><style>{_STYLE}</style></head><body>"
        f'<p class="title" align="center">{escape(paper.title)}</p>{number}'
        f'<p class="who">{escape(paper.assignee)}：</p><p>{escape(paper.opening)}</p>{_table(paper)}'
        f'<p>{escape(paper.demand)}</p><p class="issued" align="right">{escape(paper.office)}（盖章）</p>'
        f'<p class="issued" align="right">{day(paper.issued_on)}</p>{_answer(paper)}</body></html>'
    )


def _table(paper: SupervisionPaper) -> str:
    head = "".join(f'<th width="{width}%">{text}</th>' for text, width in _HEADS)
    body = "".join(_task(number, task) for number, task in enumerate(paper.tasks, 1))
    return (
        '<table border="1" cellpadding="0" cellspacing="0" width="100%">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _task(number: int, task: SupervisedTask) -> str:
    texts = (str(number), f"{task.task_id} {task.title}", task.unit, task.planned, task.actual, task.percent)
    cells = "".join(f"<td>{escape(text)}</td>" for text in (*texts, task.deadline, task.standing))
    problems = f"<br/>存在问题：{escape(task.problems)}" if task.problems else ""
    more = f'<tr><td></td><td colspan="{len(_HEADS) - 1}">{escape(task.sentence)}{problems}</td></tr>'
    return f"<tr>{cells}</tr>" + (more if task.sentence or task.problems else "")


def _answer(paper: SupervisionPaper) -> str:
    """Return the page for the answer; without `pre` the wide spaces would be taken away."""
    signature = "负责人（签字）：　　　　　　　　　　　（盖章）　　　　年　　月　　日"
    return (
        '<p class="title" align="center" style="page-break-before: always">督办反馈单</p>'
        f'<p class="who" align="center">（{escape(paper.assignee)}，{day(paper.reply_by)}前反馈）</p>'
        '<table border="1" cellpadding="0" cellspacing="0" width="100%">'
        f"<tr><td>逐项说明原因、整改措施、责任人和完成时间：{'<br/>' * _ANSWER_LINES}</td></tr>"
        f'<tr><td style="white-space: pre">{signature}</td></tr></table>'
    )
