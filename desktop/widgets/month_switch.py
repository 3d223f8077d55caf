"""Which month is looked at: back, forth, or any month of the plan from a menu; closed months have a lock."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from db.core.period import Period
from db.work.monthly.model import month_before
from desktop import look
from desktop.session import Session
from desktop.widgets.basics import icon_button

MONTHS = 12


class MonthSwitch(QFrame):
    """Shows and changes the session's month; Ctrl+PageUp and Ctrl+PageDown go back and forth."""

    chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._closed: Collection[Period] = ()
        self.setObjectName("segmented")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.back = icon_button("chevron-left", "上个月（Ctrl+PageUp）", lambda: self.go(-1))
        self.forth = icon_button("chevron-right", "下个月（Ctrl+PageDown）", lambda: self.go(1))
        self.month = QPushButton()
        self.month.setAutoDefault(False)
        self.month.setProperty("place", "middle")
        self.month.setMinimumWidth(self.month.fontMetrics().horizontalAdvance("2022年12月 ▼") + 34)
        self.month.clicked.connect(lambda: self.menu().popup(self.mapToGlobal(QPoint(0, self.height() + 2))))
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for each in (self.back, self.month, self.forth):
            row.addWidget(each)
        for keys, step in (("Ctrl+PgUp", -1), ("Ctrl+PgDown", 1)):
            shortcut = QShortcut(QKeySequence(keys), self.window() if parent is None else parent)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.go, step))
        session.period_changed.connect(self.show_period)
        self.show_period()

    def show_period(self) -> None:
        """Show the session's month."""
        period, years = self._session.period, self._session.catalogue.years
        self.month.setText(f"{period.title} ▼")
        self.back.setEnabled(month_before(period).year >= years[0])
        self.forth.setEnabled(month_before(period, -1).year <= years[-1])

    def show_closed(self, closed: Collection[Period]) -> None:
        """Mark these months in the menu."""
        self._closed = frozenset(closed)

    def go(self, step: int) -> None:
        """Go so many months on, within the years of the plan."""
        wanted = month_before(self._session.period, -step)
        if wanted.year in self._session.catalogue.years:
            self._choose(wanted)

    def _choose(self, period: Period) -> None:
        self._session.period = period
        self.chosen.emit(period)

    def menu(self) -> QMenu:
        """Return the menu of all months, those of the year that is looked at first."""
        shown = self._session.period
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add_months(menu, shown.year, shown)
        menu.addSeparator()
        for year in self._session.catalogue.years:
            if year != shown.year:
                self._add_months(menu.addMenu(f"{year}年"), year, shown)
        return menu

    def _add_months(self, menu: QMenu, year: int, shown: Period) -> None:
        for number in range(1, MONTHS + 1):
            period = Period(year, number)
            entry = menu.addAction(period.title)
            if period in self._closed:
                entry.setIcon(look.icon("lock"))
            entry.setCheckable(True)
            entry.setChecked(period == shown)
            entry.triggered.connect(lambda _=False, period=period: self._choose(period))
