"""Until when a report is in time: the city's day for one report, and the reporting day of every month."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QDateEdit, QFormLayout, QSpinBox, QWidget

from db.exchange.ledger.standing import title_of
from desktop.widgets.basics import label
from desktop.widgets.dialog import Dialog


class CityDayDialog(Dialog):
    """`wanted` carries the day of the report (None: unchanged) and the reporting day (0: unchanged)."""

    wanted = Signal(object, int)

    def __init__(
        self, kind: str, period: str, due: date | None, reporting_day: int, parent: QWidget | None = None
    ) -> None:
        super().__init__("截止日", title_of(kind, period), parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.body.addWidget(label("在这一天或以前收到的算按时，以后的算迟报。", "secondary", wrap=True))
        form = QFormLayout()
        self._before = due
        shown = due or date.today()
        self.day = QDateEdit(QDate(shown.year, shown.month, shown.day))
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        form.addRow("这一次的截止日", self.day)
        self._reporting_day = reporting_day
        self.monthly = QSpinBox()
        self.monthly.setRange(1, 28)
        self.monthly.setValue(reporting_day)
        self.monthly.setSuffix(" 日")
        form.addRow("月调度每次在次月", self.monthly)
        self.body.addLayout(form)
        self.body.addWidget(label("月调度遇周末顺延；这一次另定了截止日的，以另定的为准。", "small", wrap=True))
        self.add_button("取消", self.reject)
        self.add_button("确定", self._take, primary=True)

    def _take(self) -> None:
        day = self.day.date()
        chosen = date(day.year(), day.month(), day.day())
        changed = self.monthly.value() if self.monthly.value() != self._reporting_day else 0
        self.wanted.emit(chosen if chosen != self._before else None, changed)
        self.accept()
