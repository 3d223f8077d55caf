"""A chart in its card: title, legend, the table behind it, and a menu to copy and print it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPagedPaintDevice
from PySide6.QtWidgets import QDialog, QStackedWidget, QVBoxLayout, QWidget

from desktop.widgets.basics import Card, icon_button, label
from desktop.widgets.charts.chart import Chart
from desktop.widgets.charts.data import ChartData
from desktop.widgets.charts.legend import Legend
from desktop.widgets.charts.paper import print_chart
from desktop.widgets.scrolled import Scrolled
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

DRAWN, NUMBERS, NOTHING = range(3)
NUMBER_WIDTH = 86


class ChartCard(Card):
    """Shows a chart, or on request its numbers; with nothing to draw it says `nothing`."""

    def __init__(
        self,
        title: str,
        chart: Chart,
        parent: QWidget | None = None,
        *,
        nothing: str = "还没有数据。",
        scrolls: bool = False,
    ) -> None:
        super().__init__(title, parent)
        self.chart = chart
        self.note: Callable[[], str] = str
        self.ask_printer: Callable[[Callable[[QPagedPaintDevice], object]], object] = self._ask_printer
        self.legend = Legend()
        self.stack = QStackedWidget()
        drawn = QWidget()
        column = QVBoxLayout(drawn)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Scrolled(chart) if scrolls else chart, 1)
        column.addWidget(self.legend)
        self._numbers = QWidget()
        QVBoxLayout(self._numbers).setContentsMargins(0, 0, 0, 0)
        self.table: SimpleTable | None = None
        self.nothing = label(nothing, "secondary", wrap=True)
        for each in (drawn, self._numbers, self.nothing):
            self.stack.addWidget(each)
        self.body.addWidget(self.stack, 1)
        self.more = icon_button("more", f"{title}：复制、打印、查看数据", self._open_menu)
        self.unit = label("", "secondary")
        self.tools.addWidget(self.unit)
        self.tools.addWidget(self.more)
        chart.more_actions = self._actions

    def show_data(self, data: ChartData) -> None:
        """Draw `data`; a table that is being looked at stays one."""
        self.chart.show_data(data)
        self.legend.show_series(data.series)
        self.unit.setText(f"单位：{data.unit}" if data.unit and not data.is_empty else "")
        self.more.setEnabled(not data.is_empty)
        if data.is_empty:
            self.stack.setCurrentIndex(NOTHING)
        elif self.stack.currentIndex() == NUMBERS:
            self.show_numbers(True)
        else:
            self.stack.setCurrentIndex(DRAWN)

    def show_numbers(self, numbers: bool) -> None:
        """Show the table behind the chart, or the chart again."""
        if numbers:
            self._fill_table()
        self.stack.setCurrentIndex(NUMBERS if numbers else DRAWN)

    def _fill_table(self) -> None:
        """Make the table anew: another chart has other columns."""
        headings, *lines = self.chart.data.table()
        layout = self._numbers.layout()
        assert layout is not None
        if self.table is not None:
            layout.removeWidget(self.table)
            self.table.deleteLater()
        columns = [Column(headings[0]), *(Column(each, NUMBER_WIDTH, number=True) for each in headings[1:])]
        table = self.table = SimpleTable(columns)
        table.show_rows([[TextCell(text, tip=text) for text in line] for line in lines])
        table.chosen.connect(lambda row: self.chart.chosen.emit(self.chart.data.rows[row].key, -1))
        layout.addWidget(table)

    def _actions(self) -> list[tuple[str, Callable[[], object]]]:
        shown = self.stack.currentIndex() == NUMBERS
        word = "查看图形" if shown else "查看数据"
        return [(word, lambda: self.show_numbers(not shown)), ("打印…", self.print_)]

    def _open_menu(self) -> None:
        self.chart.menu().popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def print_(self) -> None:
        """Ask for a printer and print the chart with its numbers."""
        self.ask_printer(self._print_on)

    def _print_on(self, device: QPagedPaintDevice) -> None:
        print_chart(device, self.chart, self.note())
        self.chart.told.emit("已送去打印。")

    def _ask_printer(self, chosen: Callable[[QPagedPaintDevice], object]) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle("打印图表")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: chosen(printer))
        QDialog.open(dialog)
