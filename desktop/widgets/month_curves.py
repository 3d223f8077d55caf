"""A curve of the months, and other figures of 月调度 and 总览, as the data of charts."""

from __future__ import annotations

import sqlite3
from decimal import Decimal

from db.core.period import Period
from db.plan.catalogue import Catalogue
from db.work.monthly.curves import Curve, curve
from db.work.monthly.model import RowKey
from desktop.widgets.charts.data import ChartData, Row, Series

ACTUAL, PLANNED = Series("实际", "accent", "line"), Series("计划", "secondary", "dashes")
AHEAD = "accent"
SILENT, PARTLY = "本月未报，用了以前的数", "有的单位本月未报，用了以前的数"


def read_curve(conn: sqlite3.Connection, catalogue: Catalogue, key: RowKey, period: Period) -> ChartData:
    """Return the curve of one line over the year of `period`."""
    return curve_data(curve(conn, catalogue, period, key.task_id, key))


def curve_data(found: Curve) -> ChartData:
    """Return the months as rows: what was done, what was planned, and the straight way to the forecast completion."""
    series = [ACTUAL, PLANNED]
    expected = _between(found)
    if found.forecast is not None and expected:
        series.append(Series(f"预计{found.forecast.title}完成", AHEAD, "dots"))
    reported = any(point.actual is not None for point in found.points)
    rows = tuple(
        Row(
            str(point.period),
            point.period.title,
            (point.actual, point.planned, *([expected.get(point.period)] if len(series) > 2 else ())),
            short=f"{point.period.month}月" if len(found.points) <= 12 else _short(point.period),
            note=SILENT if point.silent else PARTLY if point.carried else "",
            silent=point.silent,
        )
        for point in found.points
    )
    goal = found.goal is not None
    return ChartData(found.title, "月份", found.unit, tuple(series), rows if reported or goal else ())


def _between(found: Curve) -> dict[Period, Decimal]:
    """Return the values on the straight way from the present month to the forecast one, for the months drawn."""
    if len(found.expected) < 2:
        return {}
    (first, start), (last, end) = found.expected
    months = _number(last) - _number(first)
    return {
        point.period: start + (end - start) * (_number(point.period) - _number(first)) / months
        for point in found.points
        if first <= point.period <= last
    }


def _number(period: Period) -> int:
    return period.year * 12 + period.month


def _short(period: Period) -> str:
    return f"{period.year % 100}.{period.month}"
