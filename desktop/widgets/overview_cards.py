"""The cards of 总览 that show a month: lamps, who has filed what, curves of targets, towns compared, investment."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy

from db.core.period import Period
from db.work.monthly.curves import curve
from db.work.monthly.lamps import ORDER
from db.work.monthly.model import TableStatus
from db.work.monthly.overview import PROGRESS, PROJECTS, TABLES, FilingCell, FilingRow, MonthOverview, TargetLine
from db.work.overview import Overview
from desktop import look
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.basics import Card, Tone, label
from desktop.widgets.charts.bars import ComparedBars, StackedBars
from desktop.widgets.charts.card import ChartCard
from desktop.widgets.charts.curve import Curve
from desktop.widgets.charts.data import ChartData
from desktop.widgets.month_charts import (
    LAMP_MARKS,
    investment_by_month,
    investment_by_register,
    lamps_by_part,
    states_by_part,
    towns_compared,
)
from desktop.widgets.month_curves import curve_data
from desktop.widgets.segmented import Segmented
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

LAMPS, STATES = "lamps", "states"
YEAR, WHOLE = "year", "whole"
CHART_HEIGHT = 236
STATUS_TONES: Mapping[TableStatus, Tone] = {
    TableStatus.NOT_STARTED: "bad",
    TableStatus.PARTLY: "caution",
    TableStatus.DONE: "good",
    TableStatus.NOTHING_DUE: "neutral",
}


class PartsCard(ChartCard):
    """Lamps of the month by part of the plan; or, as before the first figure, how far the parts are broken down."""

    wanted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__("各部分亮灯", StackedBars(), nothing="还没有报过数。")
        self._data: dict[str, ChartData] = {}
        self.modes = Segmented([(LAMPS, "亮灯"), (STATES, "分解")])
        self._chosen_by_hand = False
        self.tools.insertWidget(0, self.modes)
        self.modes.changed.connect(self._choose)
        self.chart.told.connect(session.notice)
        self.chart.chosen.connect(self._go)

    def show_month(self, found: MonthOverview) -> None:
        """Show the lamps; with none that says anything, what is broken down says more."""
        self._data[LAMPS] = lamps_by_part(found)
        if not self._chosen_by_hand:
            judged = sum(number for kind, number in found.lamps.items() if kind != "grey")
            self.modes.set_value(LAMPS if judged else STATES)
        self._draw()

    def show_states(self, found: Overview) -> None:
        """Take what is broken down."""
        self._data[STATES] = states_by_part(found)
        self._draw()

    def _choose(self, _mode: object) -> None:
        self._chosen_by_hand = True
        self._draw()

    def _draw(self) -> None:
        mode = str(self.modes.value)
        self.set_title("各部分亮灯" if mode == LAMPS else "各部分任务分解")
        if mode in self._data:
            self.show_data(self._data[mode])

    def _go(self, part: str, series: int) -> None:
        """Lead to the part's tasks, in 月调度 to those with the lamp that was clicked."""
        if self.modes.value != LAMPS:
            self.wanted.emit(Place("breakdown", section=f"part:{part}"))
            return
        lamp = f"/{list(LAMP_MARKS)[series]}" if series >= 0 else ""
        self.wanted.emit(Place("monthly", section=f"part:{part}{lamp}"))


class FilingCard(Card):
    """Who has filed what for the month: towns with their enterprises, departments, the county itself."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__("本月填报", flush=True)
        self._rows: tuple[FilingRow, ...] = ()
        self.count = label("", "secondary")
        self.tools.addWidget(self.count)
        self.table = SimpleTable(
            [
                Column("责任主体"),
                *(Column(TABLES[name], 132) for name in (PROGRESS, PROJECTS)),
                Column("达标", 62, number=True),
            ]
        )
        self.table.chosen.connect(self._go)
        self.body.addWidget(self.table, 1)

    def show_month(self, found: MonthOverview) -> None:
        """Show the month; those who have most left to do first."""
        met = {town.id: town.met for town in found.towns}
        self._rows = tuple(sorted(found.filing, key=lambda row: -row.cells[PROGRESS].due + row.cells[PROGRESS].filed))
        self.set_title(f"{found.period.month}月填报")
        done = sum(row.cells[PROGRESS].status is TableStatus.DONE for row in self._rows)
        due = sum(bool(row.cells[PROGRESS].due) for row in self._rows)
        self.count.setText(f"已完成 {done} / {due}")
        self.table.show_rows([self._row(row, met.get(row.id)) for row in self._rows])

    def _row(self, row: FilingRow, met: Decimal | None) -> list[TextCell]:
        cells = [_filing_cell(row.cells[name]) for name in (PROGRESS, PROJECTS)]
        return [TextCell(row.name, tip=row.name), *cells, TextCell("" if met is None else f"{met:.0f}%")]

    def _go(self, number: int) -> None:
        row = self._rows[number]
        section = f"town:{row.id}" if row.kind == "town" else f"who:{row.kind}/{row.id}"
        self.wanted.emit(Place("monthly", section=section))


def _filing_cell(cell: FilingCell) -> TextCell:
    if cell.status is TableStatus.NOTHING_DUE:
        return TextCell("—", "neutral")
    count = f" {cell.filed}/{cell.due}" if cell.status is TableStatus.PARTLY else f" {cell.due}"
    return TextCell(cell.status.value + count, STATUS_TONES[cell.status], badge=True)


class CurveCard(ChartCard):
    """Actual against planned of one target in the whole county, over the year or the whole plan."""

    wanted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__("实际与计划", Curve(), nothing="这项任务还没有目标值，也没有报过数。")
        self._session = session
        self._targets: tuple[TargetLine, ...] = ()
        self.setMinimumHeight(CHART_HEIGHT)
        self.choice = QComboBox()
        self.choice.setAccessibleName("哪一项任务")
        self.choice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.choice.setMinimumContentsLength(16)
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.span = Segmented([(YEAR, "本年"), (WHOLE, "全程")])
        self.tools.insertWidget(0, self.choice, 1)
        self.tools.insertWidget(1, self.span)
        self.choice.activated.connect(lambda _: self._read())
        self.span.changed.connect(lambda _: self._read())
        self.chart.told.connect(session.notice)
        self.chart.chosen.connect(lambda month: self.wanted.emit(Place("monthly", task_id=self.task_id, period=month)))

    @property
    def task_id(self) -> str:
        """Return the target that is drawn, "" for none."""
        return str(self.choice.currentData() or "")

    def show_month(self, found: MonthOverview) -> None:
        """Offer the month's targets, those that need somebody first; the chosen one stays."""
        chosen = self.task_id
        order = list(ORDER)
        self._targets = tuple(sorted(found.targets, key=lambda line: order.index(line.lamp.kind)))
        self.choice.clear()
        for line in self._targets:
            lamp = line.lamp.kind
            self.choice.addItem(look.icon(f"lamp-{lamp}", f"lamp_{lamp}", 15), line.title, line.task_id)
        self.choice.setCurrentIndex(max(self.choice.findData(chosen), 0) if self._targets else -1)
        self._read()

    def _read(self) -> None:
        task_id, period = self.task_id, self._session.period
        if not task_id or not self._session.is_open:
            return
        catalogue, whole = self._session.catalogue, self.span.value == WHOLE

        def query(conn: sqlite3.Connection) -> ChartData:
            return curve_data(curve(conn, catalogue, period, task_id, whole=whole))

        self._session.read(query, self.show_data, owner=self)


class TownsCard(ChartCard):
    """Towns beside each other: which part of their tasks keeps up with time."""

    wanted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__("镇街比较", ComparedBars(), nothing="还没有可以评的数。", scrolls=True)
        self.setMinimumHeight(CHART_HEIGHT)
        self.chart.told.connect(session.notice)
        self.chart.chosen.connect(lambda town: self.wanted.emit(Place("monthly", section=f"town:{town}")))

    def show_month(self, found: MonthOverview) -> None:
        """Compare the towns."""
        self.show_data(towns_compared(found))


class InvestmentCard(ChartCard):
    """Investment made of what is planned, by register."""

    wanted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__("各清单投资", ComparedBars(), nothing="项目清单里还没有投资数。", scrolls=True)
        self.setMinimumHeight(CHART_HEIGHT)
        self.chart.told.connect(session.notice)
        self.chart.chosen.connect(lambda name: self.wanted.emit(Place("projects", register=name)))

    def show_registers(self, found: Overview) -> None:
        """Show what the registers say now."""
        self.show_data(investment_by_register(found.registers))


class InvestedCard(ChartCard):
    """What was invested by the end of each of the last months, as the projects' reports say."""

    def __init__(self, session: Session) -> None:
        super().__init__("累计完成投资", Curve(), nothing="还没有按月报过项目投资。")
        self.setMinimumHeight(CHART_HEIGHT)
        self.chart.links = False
        self.chart.told.connect(session.notice)

    def show_months(self, found: Mapping[Period, Decimal]) -> None:
        """Show the months; nothing is seen of the card before a project was reported."""
        self.show_data(investment_by_month(found))
        self.setVisible(not self.chart.data.is_empty)
