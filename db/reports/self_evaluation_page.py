"""自评报告 as HTML, for printing and PDF; the same content as the Word document."""

from __future__ import annotations

from collections.abc import Iterator

from db.reports.official_page import page, paragraph, part, signed, table
from db.reports.self_evaluation import NOTHING, ReportedTask, SelfEvaluation
from db.reports.task_sheet import day

_HEADS = (("任务", 28), ("应完成", 12), ("完成", 12), ("完成率", 11), ("分值", 8), ("得分", 9), ("说明", 20))
_TOWNS = (("名次", 12), ("镇街", 28), ("得分率", 20), ("得分", 15), ("分值", 13), ("任务数", 12))


def self_evaluation_html(report: SelfEvaluation) -> str:
    """Return the report as HTML for as many pages of A4 as it needs."""
    return page(report.title, report.span, _blocks(report))


def _blocks(report: SelfEvaluation) -> Iterator[str]:
    yield part("一、总体情况")
    yield from map(paragraph, report.summary)
    yield paragraph(f"评分依据：{report.scoring}")
    yield part("二、各项任务完成情况")
    for number, each in enumerate(report.parts, start=1):
        yield part(f"（{number}）{each.title}")
        yield paragraph(each.sentence)
        yield table(_HEADS, map(_cells, each.tasks), left=(0, 6))
    for heading, lines in (
        ("三、没有得满分的任务和原因", report.unfinished),
        ("四、自填数和改分的说明", report.typed),
        ("五、没有计分的任务", report.unscored),
    ):
        yield part(heading)
        yield from map(paragraph, lines or (NOTHING + "。",))
    yield part("六、镇街排名")
    if report.towns:
        yield paragraph("按本县分解给各镇街的任务，用同一张评分表逐项计分。")
        yield table(_TOWNS, [(t.rank, t.name, t.percent, t.amount, t.points, str(t.tasks)) for t in report.towns])
    else:
        yield paragraph("还没有可以计分的镇街任务。")
    if report.missing:
        yield part("七、需要补充的内容")
        yield from map(paragraph, report.missing)
    yield signed(f"{report.office}（盖章）", day(report.written_on))


def _cells(task: ReportedTask) -> tuple[str, ...]:
    unit = f"（{task.unit}）" if task.unit else ""
    numbers = (task.goal, task.value, task.completion, task.points, task.score)
    return (f"{task.task_id} {task.title}{unit}", *numbers, task.explanation)
