"""月度计划…: what the county wants of a target by the end of each month, beside what the calendar alone would ask."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.core.errors import DataProblem
from db.plan.catalogue import Target
from db.store.operation import Operation
from db.work.arithmetic import figure
from db.work.monthly.plans import set_curve
from db.work.monthly.year_plan import MONTHS, Draft, YearPlan, year_plans
from db.work.tasks import title_of, unit_of
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.models.year_plan_model import Col, YearPlanModel
from desktop.session import Session
from desktop.widgets.basics import allow, button, label
from desktop.widgets.charts.card import ChartCard
from desktop.widgets.charts.curve import Curve
from desktop.widgets.charts.data import ChartData, Row, Series
from desktop.widgets.dialog import ask
from desktop.widgets.flow import ButtonRow
from desktop.widgets.segmented import Segmented
from desktop.widgets.sheet import HEADER_HEIGHT, ROW_HEIGHT, Sheet

OWN, CALENDAR = Series("县里的计划", "accent", "line"), Series("按日子平均", "secondary", "dashes")
WIDTH, WIDTHS, BAR = 880, (78, 130, 110, 94), 16
HOW = "各镇街、企业的进度也按这里的比例要求。没有填的月份和前一个月相同；都不填，就按日子平均。"


class YearPlanDialog(FormDialog):
    """Edits the plans of a target by year, and saves those that were changed as one step."""

    def __init__(self, session: Session, target: Target, year: int, parent: QWidget | None = None) -> None:
        super().__init__("月度计划", title_of(target), "保存", parent, width=WIDTH)
        self._session, self._target = session, target
        self._drafts: dict[int, Draft] = {}
        self.model: YearPlanModel | None = None
        self.years = Segmented([(each, f"{each}年") for each in session.catalogue.years])
        self.years.set_value(year)
        unit = unit_of(target)
        self.units = Segmented([(False, "按百分比"), (True, f"按数量（{unit}）" if unit else "按数量")])
        self.whole = label("", "secondary")
        self.sheet = Sheet(self)
        self.even_button = button("按月均分", lambda: self._draft(Draft.spread_evenly))
        self.last_button = button("沿用上年", lambda: self._draft(Draft.like_last_year))
        self.clear_button = button("清空", lambda: self._draft(Draft.cleared))
        self.clear_button.setToolTip("不用自己的计划，恢复按日子平均")
        self.chart = ChartCard("各月累计", Curve(), nothing="还没有填。")
        self.chart.chart.links = False
        self.chart.chart.told.connect(session.notice)
        self._lay_out()
        self.years.changed.connect(lambda _: self._show_year())
        self.units.changed.connect(lambda wanted: self._draft(partial(Draft.counted, in_amounts=bool(wanted))))
        self.sheet.told.connect(session.notice)
        self.sheet.preview_wanted.connect(self.sheet.land_good)
        allow(self.accept_button, not session.read_only, False)
        catalogue, target_id = session.catalogue, target.id
        session.read(lambda conn: year_plans(conn, catalogue, target_id), self._take, owner=self)

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(10)
        for each in (self.years, self.units, self.whole):
            first.addWidget(each)
        first.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(ButtonRow([self.even_button, self.last_button, self.clear_button]))
        self.sheet.setFixedSize(sum(WIDTHS) + BAR, HEADER_HEIGHT + len(MONTHS) * ROW_HEIGHT + 2)
        left.addWidget(self.sheet)
        both = QHBoxLayout()
        both.setSpacing(14)
        both.addLayout(left)
        both.addWidget(self.chart, 1)
        self.body.addLayout(first)
        self.body.addLayout(both)
        self.body.addWidget(label(HOW, "secondary", wrap=True))

    @property
    def year(self) -> int:
        """Return the year that is shown."""
        found = self.years.value
        assert isinstance(found, int)
        return found

    # -- showing ----------------------------------------------------------------------------------------------

    def _take(self, plans: dict[int, YearPlan]) -> None:
        self._drafts = {year: Draft.of(plan) for year, plan in plans.items()}
        self.model = YearPlanModel(self._drafts[self.year], self)
        self.model.drafted.connect(self._show_draft)
        self.sheet.setModel(self.model)
        self.sheet.set_widths(WIDTHS)
        self.sheet.horizontalHeader().setStretchLastSection(True)  # gives way to the scroll bar of a low screen
        self._show_year()
        self.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_year(self) -> None:
        if self.model is not None:
            self.model.show_draft(self._drafts[self.year])
            self._go(1)

    def _go(self, month: int) -> None:
        if self.model is not None:
            self.sheet.setCurrentIndex(self.model.index(month - 1, Col.DUE))

    def _draft(self, change: Callable[[Draft], Draft]) -> None:
        """Show what `change` makes of the plan."""
        if self.model is not None:
            self.model.change(change(self.model.draft))

    def _show_draft(self) -> None:
        assert self.model is not None
        draft = self._drafts[self.year] = self.model.draft
        plan, fault = draft.plan, self.model.first_fault(draft)
        self.units.set_value(draft.in_amounts)
        self.units.setEnabled(plan.counts_amounts)
        self.whole.setText(_whole(plan))
        writable = not self._session.read_only
        allow(self.even_button, writable)
        allow(self.last_button, writable, bool(plan.last_year))
        allow(self.clear_button, writable, bool(draft.figures))
        allow(self.accept_button, writable, any(map(self.model.is_touched, self._drafts.values())))
        self.chart.show_data(chart_of(draft))
        self.tell(fault[1] if fault else "")

    def reject(self) -> None:
        """Ask first where a plan was changed: twelve figures are a quarter of an hour."""
        if self.model is None or not any(map(self.model.is_touched, self._drafts.values())):
            super().reject()
            return
        ask(self, "不保存", "改好的月度计划还没有保存，要丢掉吗？", "", yes="丢掉", on_yes=self._throw_away, loses=True)

    def _throw_away(self) -> None:
        super().reject()

    # -- saving -----------------------------------------------------------------------------------------------

    def save(self, done: Done, failed: Failed) -> None:
        fault = self._lead_to_fault()
        if fault:
            failed(DataProblem(fault))
            return
        changed = [draft for draft in self._drafts.values() if draft.changed]
        target_id, years = self._target.id, "、".join(f"{draft.plan.year}年" for draft in changed)

        def action(op: Operation) -> None:
            for draft in changed:
                shares, amounts = ({}, draft.figures) if draft.in_amounts else (draft.figures, {})
                set_curve(op, target_id=target_id, year=draft.plan.year, shares=shares, amounts=amounts)

        self._session.write(f"{title_of(self._target)}{years}月度计划", action, done, failed)

    def _lead_to_fault(self) -> str:
        """Show the first thing that is wrong in what was changed, and return what it is; "" for nothing."""
        if self.model is None:
            return ""
        for year in sorted(self._drafts, key=lambda each: each != self.year):
            fault = self.model.first_fault(self._drafts[year])
            if fault is not None and self.model.is_touched(self._drafts[year]):
                self.years.set_value(year)
                self.model.show_draft(self._drafts[year])
                self._go(fault[0])
                self.sheet.setFocus(Qt.FocusReason.OtherFocusReason)
                return fault[1]
        return ""


def chart_of(draft: Draft) -> ChartData:
    """Return the plan of the year beside what the calendar alone asks."""
    names = [f"{month}月" for month in MONTHS]
    rows = tuple(
        Row(name, name, (draft.due(month), draft.by_calendar(month)), short=name)
        for name, month in zip(names, MONTHS, strict=True)
    )
    return ChartData(f"{draft.plan.year}年各月累计应达", "月份", draft.unit, (OWN, CALENDAR), rows)


def _whole(plan: YearPlan) -> str:
    """Return what the plan adds up to."""
    if plan.quota is None:
        return f"{plan.year}年还没有县级目标，按百分比填"
    return f"{plan.year}年县级目标 {figure(plan.quota, plan.unit)}"
