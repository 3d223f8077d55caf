"""Until when a report is in time: the city's day for one report, and the reporting day of every month."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from db.core.dates import parse_date
from db.core.errors import DataProblem
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
        self._before, self._reporting_day = due, reporting_day
        self.day = QLineEdit(due.isoformat() if due is not None else "")
        self.day.setPlaceholderText("如 2022-04-08、2022年4月8日")
        form.addRow("这一次的截止日", self.day)
        self.monthly = QLineEdit(str(reporting_day))
        self.monthly.setValidator(QIntValidator(1, 28, self))
        self.monthly.setPlaceholderText("1至28")
        form.addRow("月调度每次在次月几日", self.monthly)
        self.body.addLayout(form)
        self.body.addWidget(label("月调度遇周末顺延；这一次另定了截止日的，以另定的为准。", "small", wrap=True))
        self.trouble = label("", "problem", wrap=True)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.add_button("取消", self.reject)
        self.add_button("确定", self.take, primary=True)

    def take(self) -> None:
        """Say what was chosen, unless it is no day."""
        try:
            chosen = parse_date(self.day.text()) if self.day.text().strip() else None
        except DataProblem as problem:
            self._tell(str(problem))
            return
        if not self.monthly.hasAcceptableInput():
            self._tell("每月报送日请填1到28。")
            return
        day = int(self.monthly.text())
        self.wanted.emit(chosen if chosen != self._before else None, day if day != self._reporting_day else 0)
        self.accept()

    def _tell(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.trouble.show()
