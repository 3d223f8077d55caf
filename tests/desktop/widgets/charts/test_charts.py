"""Charts: values under the pointer and by keys, rows that lead somewhere, copies, pages; shapes besides colours."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPdfWriter
from pytestqt.qtbot import QtBot

from desktop import look
from desktop.pdf_pages import PdfPages
from desktop.widgets.charts.bars import ComparedBars, StackedBars
from desktop.widgets.charts.card import DRAWN, NOTHING, NUMBERS, ChartCard
from desktop.widgets.charts.chart import SHARPNESS, Chart
from desktop.widgets.charts.curve import Curve
from desktop.widgets.charts.data import ChartData
from desktop.widgets.charts.legend import LINE, Legend
from desktop.widgets.charts.marks import readable_on
from desktop.widgets.charts.paper import print_chart
from tests.desktop.test_look import luminance
from tests.desktop.widgets.charts.samples import EMPTY, LAMPS, MONTHS, PARTS, TOWNS

KINDS: list[tuple[type[Chart], ChartData]] = [(StackedBars, PARTS), (Curve, MONTHS), (ComparedBars, TOWNS)]


def shown(qtbot: QtBot, kind: type[Chart], data: ChartData) -> Chart:
    chart = kind()
    qtbot.addWidget(chart)
    chart.show_data(data)
    chart.resize(600, 200)
    with qtbot.waitActive(chart):
        chart.show()
        chart.activateWindow()
    return chart


@pytest.mark.parametrize(("kind", "data"), KINDS)
def test_every_value_can_be_pointed_at_and_lies_in_the_chart(qtbot: QtBot, kind: type[Chart], data: ChartData) -> None:
    chart = shown(qtbot, kind, data)
    drawn = {(spot.row, spot.series) for spot in chart._spots()}
    told = {(r, s) for r, row in enumerate(data.rows) for s, value in enumerate(row.values) if value is not None}
    assert drawn == told - ({(0, 3)} if kind is StackedBars else set())
    for spot in chart._spots():
        assert chart.rect().toRectF().contains(spot.area)
        found = chart.spot_at(spot.area.center())
        assert found is not None and found.row == spot.row


def test_bars_are_as_long_as_their_values_and_lines_as_high(qtbot: QtBot) -> None:
    bars = shown(qtbot, StackedBars, PARTS)._spots()
    widths = {(spot.row, spot.series): spot.area.width() + 1 for spot in bars}
    assert widths[1, 0] / widths[0, 1] == pytest.approx(19 / 4, rel=0.01)
    points = {(spot.row, spot.series): spot.area.center() for spot in shown(qtbot, Curve, MONTHS)._spots()}
    zero = points[0, 1].y() + (points[0, 1].y() - points[1, 1].y())
    assert (zero - points[2, 0].y()) / (zero - points[2, 1].y()) == pytest.approx(1180.5 / 900, rel=0.01)


@pytest.mark.parametrize(("kind", "data"), KINDS)
def test_keys_go_from_value_to_value_and_enter_chooses(qtbot: QtBot, kind: type[Chart], data: ChartData) -> None:
    chart = shown(qtbot, kind, data)
    chart.setFocus(Qt.FocusReason.TabFocusReason)
    onwards, beside = (Qt.Key.Key_Right, Qt.Key.Key_Down) if chart.along_rows else (Qt.Key.Key_Down, Qt.Key.Key_Right)
    qtbot.keyClick(chart, beside)
    assert chart.current == (0, 1)
    qtbot.keyClick(chart, onwards)
    assert chart.current == (1, 1)
    with qtbot.waitSignal(chart.chosen) as chosen:
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert chosen.args == [data.rows[1].key, 1]
    for _ in data.rows:
        qtbot.keyClick(chart, onwards)
    assert chart.current is not None and chart.current[0] == len(data.rows) - 1
    qtbot.keyClick(chart, onwards)
    assert chart.current[0] == len(data.rows) - 1


def test_a_click_on_a_bar_chooses_its_row_and_beside_it_nothing(qtbot: QtBot) -> None:
    chart = shown(qtbot, StackedBars, PARTS)
    spot = chart._spots()[-1]
    with qtbot.waitSignal(chart.chosen) as chosen:
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=spot.area.center().toPoint())
    assert chosen.args == ["3", spot.series]
    with qtbot.assertNotEmitted(chart.chosen):
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPointF(2, 2).toPoint())


def test_the_month_over_the_pointer_is_told(qtbot: QtBot) -> None:
    chart = shown(qtbot, Curve, MONTHS)
    middle = next(spot for spot in chart._spots() if spot.row == 2)
    found = chart.spot_at(QPointF(middle.area.center().x() + 4, 5))
    assert found is not None and (found.row, found.series) == (2, 0)


def test_the_numbers_are_copied_by_key_and_the_picture_is_sharp(qtbot: QtBot) -> None:
    chart = shown(qtbot, ComparedBars, TOWNS)
    with qtbot.waitSignal(chart.told):
        qtbot.keyClick(chart, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == TOWNS.tsv()
    chart.copy_picture()
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (600 * SHARPNESS, 200 * SHARPNESS)
    inks = {QColor(image.pixel(x, y)).name() for x in range(0, 1200, 3) for y in range(0, 400, 3)}
    assert look.colour("accent").name() in inks and look.colour("surface").name() in inks


def test_a_picture_shows_no_pointer(qtbot: QtBot) -> None:
    chart = shown(qtbot, StackedBars, PARTS)
    before = chart.picture()
    chart.point_at((0, 0))
    assert chart.picture() == before


def test_an_empty_chart_draws_nothing_and_has_no_values(qtbot: QtBot) -> None:
    for kind in (StackedBars, Curve, ComparedBars):
        chart = shown(qtbot, kind, EMPTY)
        chart.grab()
        assert chart._spots() == []
        qtbot.keyClick(chart, Qt.Key.Key_Right)
        assert chart.current is None


def test_months_without_a_figure_cut_the_line(qtbot: QtBot) -> None:
    chart = shown(qtbot, Curve, MONTHS)
    assert isinstance(chart, Curve)
    assert [len(stretch) for stretch in chart._stretches(0)] == [1, 1]
    assert [len(stretch) for stretch in chart._stretches(1)] == [4]


@pytest.mark.parametrize("silent", [False, True])
def test_a_month_in_which_nothing_was_reported_gets_no_point(qtbot: QtBot, silent: bool) -> None:
    rows = [replace(row, values=(Decimal(100 + number), None)) for number, row in enumerate(MONTHS.rows)]
    rows[1] = replace(rows[1], silent=silent)
    chart = shown(qtbot, Curve, replace(MONTHS, rows=tuple(rows)))
    at = next(spot.area.center() for spot in chart._spots() if spot.row == 1)
    picture = chart.grab().toImage()
    scale = picture.devicePixelRatio()
    column = [picture.pixelColor(int(at.x() * scale), int((at.y() + dy) * scale)) for dy in range(-6, 7)]
    inked = sum(luminance(each) < 0.5 for each in column)
    assert inked <= 4 if silent else inked >= 5


def test_lamps_differ_in_shape_and_their_numbers_can_be_read(qtbot: QtBot) -> None:
    assert len({series.mark for series in LAMPS}) == len(LAMPS)
    for series in LAMPS:
        fill = look.colour(series.tint)
        low, high = sorted(luminance(each) for each in (fill, readable_on(fill)))
        assert (high + 0.05) / (low + 0.05) >= 4


def test_the_card_changes_between_drawing_and_numbers(qtbot: QtBot) -> None:
    card = ChartCard("各部分亮灯", StackedBars())
    qtbot.addWidget(card)
    card.show()
    card.show_data(EMPTY)
    assert card.stack.currentIndex() == NOTHING and not card.more.isEnabled()
    card.show_data(PARTS)
    assert card.stack.currentIndex() == DRAWN
    words = [action.text() for action in card.chart.menu().actions()]
    assert words == ["查看数据", "打印…", "复制数据\tCtrl+C", "复制图片"]
    card.show_numbers(True)
    card.show_data(PARTS)
    assert card.stack.currentIndex() == NUMBERS and card.table is not None
    assert [[cell.text for cell in line] for line in card.table.rows_model.rows] == PARTS.table()[1:]
    with qtbot.waitSignal(card.chart.chosen) as chosen:
        card.table.chosen.emit(1)
    assert chosen.args == ["3", -1]
    assert card.chart.menu().actions()[0].text() == "查看图形"


@pytest.mark.parametrize(("kind", "data"), KINDS)
def test_a_chart_is_printed_with_its_numbers(qtbot: QtBot, tmp_path: Path, kind: type[Chart], data: ChartData) -> None:
    file = tmp_path / "图.pdf"
    card = ChartCard(data.title, kind())
    qtbot.addWidget(card)
    card.show_data(data)
    card.ask_printer = lambda print_on: print_on(QPdfWriter(str(file)))
    card.print_()
    assert file.read_bytes().startswith(b"%PDF")
    with PdfPages(file) as pages:
        assert pages.draw(0, 300, 400).pages == 1


def test_many_months_go_on_to_another_page(qtbot: QtBot, tmp_path: Path) -> None:
    rows = tuple(MONTHS.rows[0] for _ in range(60))
    chart = shown(qtbot, Curve, ChartData("六十个月", "月份", "户", MONTHS.series, rows))
    file = tmp_path / "图.pdf"
    print_chart(QPdfWriter(str(file)), chart, "寿光市")
    with PdfPages(file) as pages:
        assert pages.draw(1, 300, 400).pages == 2


def test_the_legend_wraps_where_the_width_ends(qtbot: QtBot) -> None:
    legend = Legend(LAMPS)
    qtbot.addWidget(legend)
    assert legend.heightForWidth(2000) == LINE
    assert legend.heightForWidth(200) > LINE
    boxes = legend.boxes(200)
    assert len(boxes) == len(LAMPS) and all(box.right() <= 200 for box in boxes)
