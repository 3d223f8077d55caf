"""Beside a month's sheet: the chosen line's curve, its lamp's arithmetic, the county's total, its texts to fill in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from db.core.fields import load_schema
from db.core.values import Cell
from db.work.monthly.model import RowKey, long_past
from db.work.monthly.rows import MonthRow
from db.work.monthly.taking import not_of_then
from db.work.monthly.totals import Total
from db.work.monthly.year_plan import why_no_plan
from db.work.tasks import task_of
from desktop import look
from desktop.session import Session
from desktop.widgets.basics import Card, allow, button, label, link_button
from desktop.widgets.charts.card import ChartCard
from desktop.widgets.charts.curve import Curve
from desktop.widgets.charts.data import ChartData
from desktop.widgets.form_field import FormField
from desktop.widgets.lamp_note import LampNote
from desktop.widgets.remark_note import RemarkNote
from desktop.widgets.scrolled import Scrolled

TEXTS = ("problems", "next_steps", "situation")
TEXT_HEIGHT = 50
CHART_HEIGHT = 196
LOW = 420
"""A panel that is lower than this has no room for both a curve and what the city remarked."""
NO_ROW = "没有选中的任务"


class MonthPanel(QWidget):
    """Shows one line; `entered(key, field, cell)` when a text changed, `supplied_wanted(row)` to take a register's,
    `plan_wanted(task_id)` to look at the months of its plan.
    """

    entered = Signal(object, str, object)
    supplied_wanted = Signal(object)
    plan_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._row: MonthRow | None = None
        self.curve = ChartCard(NO_ROW, Curve(), nothing="还没有报过数。")
        self.curve.chart.told.connect(session.notice)
        self.curve.chart.links = False
        self.curve.setFixedHeight(CHART_HEIGHT)
        self.who = label("", "secondary", wrap=True)
        self.remarks = RemarkNote(session)
        self.note = LampNote()
        self.planned = label("", "secondary")
        self.plan_button = link_button("月度计划…", self._ask_plan)
        self.doubts = label("", wrap=True, tone="caution")
        self.total_lamp = QLabel()
        self.total = label("", "secondary", wrap=True)
        self.supplied = label("", "secondary", wrap=True)
        self.take = button("采用汇总的数", self._take, icon="import")
        self.fields = {name: self._field(name) for name in TEXTS}
        self._lay_out()
        self.show_row(None, None, open_=False)

    def _field(self, name: str) -> FormField:
        made = FormField(load_schema("progress").field(name), self._session)
        made.editor.setFixedHeight(TEXT_HEIGHT)
        made.entered.connect(self._entered)
        return made

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        total = QHBoxLayout()
        total.setSpacing(5)
        total.addWidget(self.total_lamp, 0, Qt.AlignmentFlag.AlignTop)
        total.addWidget(self.total, 1)
        plan = QHBoxLayout()
        plan.addWidget(self.planned, 1)
        plan.addWidget(self.plan_button)
        column.addWidget(self.who)
        column.addWidget(self.remarks)
        column.addWidget(self.note)
        column.addLayout(plan)
        column.addWidget(self.doubts)
        column.addLayout(total)
        for part in (self.supplied, self.take, *self.fields.values()):
            column.addWidget(part)
        column.addStretch(1)
        card = Card()
        card.body.addWidget(Scrolled(inner), 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(10)
        whole.addWidget(self.curve)
        whole.addWidget(card, 1)
        self.remarks.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.remarks and event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._give_way()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        """Let the curve go where a remark is to be read and there is no room for both."""
        self.curve.setVisible(self.height() >= LOW or self.remarks.isHidden())

    @property
    def key(self) -> RowKey | None:
        """Return the line that is shown."""
        return self._row.key if self._row is not None else None

    def show_row(self, row: MonthRow | None, total: Total | None, *, open_: bool) -> None:
        """Show a line, with what the whole county has of its task; texts can be changed while it is `open_`."""
        same = row is not None and self.key == row.key
        if not same:
            self.commit()
        self._row = row
        self.curve.set_title(row.title if row is not None else NO_ROW)
        self.who.setText(_who(row) if row is not None else "在左边的表里选一行。")
        self.note.setVisible(row is not None)
        if row is not None:
            self.note.show_lamp(row.lamp)
        self.doubts.setText("\n".join(row.doubts) if row is not None else "")
        self.doubts.setVisible(bool(self.doubts.text()))
        self._show_plan(row)
        self._show_total(total)
        self._show_supplied(row, open_=open_)
        for name, field in self.fields.items():
            field.setEnabled(row is not None and open_)
            cell: Cell = (getattr(row.now, name) or None) if row is not None else None
            if same and (field.editor.hasFocus() if field.is_dirty else field.known == cell):
                continue
            field.show_cell(cell)

    def _show_plan(self, row: MonthRow | None) -> None:
        """Say by what the months are judged; the way to change it is offered for what is pursued month by month."""
        task = None if row is None else task_of(self._session.catalogue, row.key.task_id)
        for part in (self.planned, self.plan_button):
            part.setVisible(task is not None and not why_no_plan(task))
        if self._session.part is not None:
            self.plan_button.hide()  # the county plans its months
        if row is not None:
            self.planned.setText("各月要求：县里的月度计划" if row.own_curve else "各月要求：按日子平均")

    def _show_total(self, total: Total | None) -> None:
        several = total is not None and total.lines > 1
        for part in (self.total_lamp, self.total):
            part.setVisible(several)
        if total is not None and several:
            lamp = total.lamp
            self.total_lamp.setPixmap(look.pixmap(f"lamp-{lamp.kind}", f"lamp_{lamp.kind}", 15))
            self.total.setText(f"全县（{total.lines}家，已报{total.filed}家）：{lamp.sentence}")

    def _show_supplied(self, row: MonthRow | None, *, open_: bool) -> None:
        given = row.supplied if row is not None else None
        for part in (self.supplied, self.take):
            part.setVisible(given is not None)
        if row is None or given is None:
            return
        reason = f"\n改数理由：{row.now.override_reason}" if row.now.override_reason else ""
        past = long_past(self._session.period, self._session.today())
        self.supplied.setText((not_of_then(self._session.period) if past else "") + given.sentence + reason)
        taken = all(getattr(row.now, name) == cell for name, cell in given.values.items())
        allow(self.take, not self._session.read_only, open_ and not taken)

    def show_curve(self, data: ChartData) -> None:
        """Draw the line's figures over the months."""
        self.curve.show_data(data)

    def commit(self) -> None:
        """Save what is typed in any of the texts."""
        for field in self.fields.values():
            if field.is_dirty:
                field.commit()

    def _entered(self, field: FormField) -> None:
        if self._row is not None:
            cell: Cell = field.known
            self.entered.emit(self._row.key, field.field.name, cell)

    def _ask_plan(self) -> None:
        if self._row is not None:
            self.plan_wanted.emit(self._row.key.task_id)

    def _take(self) -> None:
        if self._row is not None:
            self.supplied_wanted.emit(self._row)


def _who(row: MonthRow) -> str:
    """Return who answers for the line, as far as it is known."""
    return "　".join(part for part in (row.assignee, row.responsible, row.phone) if part)
