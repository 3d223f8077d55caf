"""The figures of a month as data of charts: lamps by part of the plan, towns beside each other, investment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from db.core.period import Period
from db.work.monthly.lamps import LampKind
from db.work.monthly.overview import MonthOverview
from db.work.overview import Overview, RegisterShare
from db.work.task_states import StateKind
from desktop.widgets.charts.data import ChartData, Mark, Row, Series

LAMP_MARKS: Mapping[LampKind, Mark] = {
    LampKind.RED: "square",
    LampKind.YELLOW: "triangle",
    LampKind.BLUE: "diamond",
    LampKind.GREEN: "circle",
    LampKind.GREY: "ring",
}
"""In the order of the bars: what needs somebody first."""

STATES: Mapping[StateKind, tuple[str, Mark]] = {
    StateKind.DONE: ("lamp_green", "circle"),
    StateKind.PARTLY: ("lamp_yellow", "triangle"),
    StateKind.UNBALANCED: ("lamp_red", "square"),
    StateKind.NOT_STARTED: ("control", "ring"),
    StateKind.UNDECIDED: ("lamp_blue", "diamond"),
    StateKind.PENDING: ("lamp_grey", "square"),
    StateKind.EXCLUDED: ("line", "circle"),
}
MOST_REGISTERS = 12


def lamps_by_part(found: MonthOverview) -> ChartData:
    """Return how many of the county's tasks have which lamp, by part of the plan."""
    series = tuple(Series(kind.word, f"lamp_{kind}", mark) for kind, mark in LAMP_MARKS.items())
    rows = tuple(
        Row(part.part, short_part(part.title), tuple(Decimal(part.lamps.get(kind, 0)) for kind in LAMP_MARKS))
        for part in found.parts
    )
    return ChartData(f"{found.period.title}各部分亮灯", "部分", "项", series, rows)


def states_by_part(found: Overview) -> ChartData:
    """Return how many tasks are broken down how far, by part of the plan."""
    series = tuple(Series(kind.value, *looks) for kind, looks in STATES.items())
    rows = tuple(
        Row(part.part, short_part(part.title), tuple(Decimal(part.share.of(kind)) for kind in STATES))
        for part in found.parts
        if part.share.kinds
    )
    return ChartData("各部分任务分解", "部分", "项", series, rows)


def towns_compared(found: MonthOverview) -> ChartData:
    """Return which part of each town's judged tasks is green, beside that of the whole county; the best first."""
    judged = [town for town in found.towns if town.met is not None]
    judged.sort(key=lambda town: (-(town.met or 0), town.name))
    lamps = [(town.lamps.get(LampKind.GREEN, 0), town.judged) for town in judged]
    green, every = sum(each for each, _ in lamps), sum(each for _, each in lamps)
    whole = (Decimal(green * 100) / every).quantize(Decimal("0.1")) if every else None
    series = (Series("达到时间进度的任务", "accent"), Series("各镇街合计", "neutral", "line"))
    rows = tuple(
        Row(town.id, town.name, (town.met, whole), note=f"{own[1]}项中{own[0]}项正常")
        for town, own in zip(judged, lamps, strict=True)
    )
    return ChartData(f"{found.period.title}镇街比较", "镇街", "%", series, rows)


def investment_by_register(registers: Sequence[RegisterShare]) -> ChartData:
    """Return the investment made and planned of the registers with most of it, in 万元."""
    known = sorted((each for each in registers if each.total_investment), key=lambda each: -each.total_investment)
    series = (Series("累计完成", "accent"), Series("总投资", "neutral", "line"))
    rows = tuple(
        Row(each.name, each.title, (each.completed_investment, each.total_investment))
        for each in known[:MOST_REGISTERS]
    )
    return ChartData("各清单投资", "清单", "万元", series, rows)


def investment_by_month(found: Mapping[Period, Decimal]) -> ChartData:
    """Return what was invested by the end of each month, in 万元; empty while no project was reported."""
    rows = tuple(
        Row(str(month), month.title, (amount,), short=f"{month.month}月" if month.month > 1 else f"{month.year}年")
        for month, amount in found.items()
    )
    return ChartData(
        "累计完成投资", "月份", "万元", (Series("累计完成", "accent", "line"),), rows if any(found.values()) else ()
    )


def short_part(title: str) -> str:
    """Return what people call a part of the plan: 产业结构."""
    return title.removeprefix("深入调整")
