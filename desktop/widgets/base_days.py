"""基础信息 › 本县与经办人: when a month's report is due, and the table of holidays that it is reckoned with."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from db.core.changes import Changes
from db.core.errors import SijianError
from db.exchange.holiday_file import HolidayFile, read_holidays
from db.work.monthly.days import Holiday, holidays, reporting_day, set_holidays, set_reporting_day
from desktop.file_choice import choose_file
from desktop.session import Session
from desktop.widgets.basics import Card, allow, button, label

LAST_DAY = 28
_SHOWN = 8


class DaysCard(Card):
    """Shows and keeps the reporting day; takes more holidays than are published from a file, all of it or nothing."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("月报报送日与节假日", parent)
        self._session = session
        self._saved = 0
        self.day = QComboBox()
        self.day.addItems([f"次月{day}日" for day in range(1, LAST_DAY + 1)])
        self.day.setAccessibleName("每月报送日")
        self.day.setEnabled(not session.read_only)
        self.day.activated.connect(lambda place: self._keep(place + 1))
        self.known = label("", "secondary", wrap=True)
        self.told = label("", "problem", wrap=True)
        self.told.hide()
        self.load = button("导入节假日表…", self.choose)
        self.load.setToolTip("Excel 或 CSV：日期、休或班、名称三列，一天一行；放假填“休”，调休上班填“班”")
        allow(self.load, not session.read_only)
        row = QHBoxLayout()
        row.setSpacing(12)
        title = label("每月报送日", "field")
        title.setMinimumWidth(92)
        row.addWidget(title)
        row.addWidget(self.day)
        row.addWidget(label("遇休息日顺延到下一个工作日。", "small"), 1)
        self.body.addLayout(row)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self.known, 1)
        below.addWidget(self.load, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(below)
        self.body.addWidget(self.told)

    def concerns(self, changes: Changes) -> bool:
        """Return whether the card shows something that changed."""
        return changes.touches("setting", "holiday")

    def refresh(self) -> None:
        """Read everything anew."""
        self._session.read(_read, self._show, owner=self)

    def choose(self) -> None:
        """Let the clerk choose a file and take its days."""
        file = choose_file(self, "导入节假日表", "表格 (*.xlsx *.csv)")
        if file is not None:
            self.take(file)

    def take(self, file: Path) -> None:
        """Read the file and take its days, or say what is wrong with which line."""
        self._session.job("读取节假日表", partial(read_holidays, file), self._take, self._fail)

    def _take(self, found: HolidayFile) -> None:
        if found.problems or not found.days:
            told = [problem.sentence() for problem in found.problems[:_SHOWN]]
            more = len(found.problems) - len(told)
            self._tell("\n".join([*told, *([f"还有{more}处。"] if more > 0 else [])]) or "文件里没有一天。")
            return
        self._tell("")
        days = found.days
        self._session.write(f"导入{len(days)}天节假日", lambda op: set_holidays(op, days))

    def _fail(self, failure: Exception) -> None:
        self._tell(str(failure) if isinstance(failure, SijianError) else "没有读出来，原因见提示。")

    def _tell(self, sentence: str) -> None:
        self.told.setText(sentence)
        self.told.setVisible(bool(sentence))

    def _show(self, found: tuple[int, list[Holiday]]) -> None:
        self._saved, days = found
        self.day.setCurrentIndex(self._saved - 1)
        years = sorted({day.day.year for day in days})
        words = "、".join(f"{year}年{sum(day.day.year == year for day in days)}天" for year in years)
        self.known.setText(f"节假日表：{words}。其他日子按周六、周日休息推算。")

    def _keep(self, day: int) -> None:
        if day != self._saved:
            self._saved = day
            self._session.write(f"每月报送日：{day}日", lambda op: set_reporting_day(op, day))


def _read(conn: sqlite3.Connection) -> tuple[int, list[Holiday]]:
    return reporting_day(conn), list(holidays(conn).values())
