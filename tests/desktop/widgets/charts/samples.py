"""Charts' data for tests."""

from __future__ import annotations

from decimal import Decimal

from desktop.widgets.charts.data import ChartData, Row, Series

LAMPS = (
    Series("正常", "lamp_green", "circle"),
    Series("滞后", "lamp_yellow", "triangle"),
    Series("严重", "lamp_red", "square"),
    Series("临期", "lamp_blue", "diamond"),
    Series("无目标值", "lamp_grey", "ring"),
)


def row(key: str, label: str, *values: str | None, short: str = "") -> Row:
    return Row(key, label, tuple(None if value is None else Decimal(value) for value in values), short)


PARTS = ChartData(
    "各部分亮灯",
    "部分",
    "项",
    LAMPS,
    (row("2", "产业结构", "15", "4", "1", "0", "6"), row("3", "能源结构", "19", "5", "1", "3", "4")),
)
MONTHS = ChartData(
    "农村清洁取暖",
    "月份",
    "户",
    (Series("实际", "accent", "line"), Series("序时计划", "secondary", "dashes")),
    (
        row("2022-01", "2022年1月", "20", "300", short="1月"),
        row("2022-02", "2022年2月", None, "600", short="2月"),
        row("2022-03", "2022年3月", "1180.50", "900", short="3月"),
        row("2022-04", "2022年4月", None, "1200", short="4月"),
    ),
)
TOWNS = ChartData(
    "镇街进度",
    "镇街",
    "%",
    (Series("进度", "accent"), Series("序时应达", "neutral", "line")),
    (row("a", "圣城街道", "62", "53"), row("b", "洛城街道", None, "53"), row("c", "古城街道", "0", "53")),
)
EMPTY = ChartData("曲线", "月份", "户", MONTHS.series, ())
