"""What is doubtful about a figure without making it impossible: it fell, it jumped, the registers say otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from db.core.values import from_micro
from db.plan.vocabulary import Measure
from db.work.arithmetic import figure as shown
from db.work.monthly.lamps import rules
from db.work.monthly.lines import Line
from db.work.monthly.model import FigureKind, Filed
from db.work.monthly.supplied import Supplied

_GROWING = (Measure.CUMULATIVE, Measure.FLOW)


def doubts_of(
    line: Line, now: Filed, last: Filed, figure: Decimal | None, before: Decimal | None, given: Supplied | None
) -> Iterator[str]:
    """Yield sentences; `figure` and `before` are this month's and last month's in the task's unit."""
    due = line.due
    if now.source == "copied" and not now.reviewed:
        yield "沿用了上月的数，还没有核对。"
    if due.kind is FigureKind.RATE and isinstance(now.numerator, Decimal) and isinstance(now.denominator, Decimal):
        yield from _of_rate(line, now.numerator, now.denominator)
    if given is not None and figure is not None and not _agrees(now, given):
        why = f"理由：{now.override_reason}" if now.override_reason else "请核对。"
        yield f"与项目清单汇总的数不同：{given.sentence}{why}"
    if due.kind is FigureKind.STAGE:
        yield from _of_stages(now, last)
        return
    if figure is None or before is None:
        return
    restarts = due.measure is Measure.FLOW and due.period.month == 1
    if due.measure in _GROWING and not restarts and figure < before:
        yield f"累计数比上月少：上月{shown(before, due.unit)}，本月{shown(figure, due.unit)}，请核对。"
    if not restarts:
        yield from _jump(line, figure, before)


def _of_rate(line: Line, numerator: Decimal, denominator: Decimal) -> Iterator[str]:
    if not denominator:
        yield "分母是0，算不出比率。"
    elif numerator > denominator and line.due.unit == "%" and not line.due.is_change:
        yield f"分子{shown(numerator)}大于分母{shown(denominator)}，请核对。"


def _of_stages(now: Filed, last: Filed) -> Iterator[str]:
    points = rules().stages
    if str(now.stage or "") in points and str(last.stage or "") in points:
        order = list(points)
        if order.index(str(now.stage)) < order.index(str(last.stage)):
            yield f"阶段退回了：上月“{last.stage}”，本月“{now.stage}”，请核对。"


def _jump(line: Line, figure: Decimal, before: Decimal) -> Iterator[str]:
    """A change by more than the limit is asked about, but not while the figure is still a small part of the goal."""
    due, limits = line.due, rules()
    change = abs(figure - before)
    if not before or change * 100 <= before * limits.jump_percent:
        return
    goal = line.goal.amount
    if due.kind is FigureKind.AMOUNT and goal and max(figure, before) * 100 < from_micro(goal) * limits.jump_from_share:
        return
    word = "多" if figure > before else "少"
    if due.measure in _GROWING and figure < before:
        return
    percent = (change * 100 / before).quantize(Decimal(1))
    yield f"比上月{word}了{percent}%：上月{shown(before, due.unit)}，本月{shown(figure, due.unit)}，请核对。"


def _agrees(now: Filed, given: Supplied) -> bool:
    return all(getattr(now, name) == cell for name, cell in given.values.items())
