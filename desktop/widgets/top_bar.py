"""The bar across the top: product, county, year, undo and redo, search."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop.frame import TOP_HEIGHT
from desktop.session import Session
from desktop.widgets.basics import ElidedLabel, allow, help_button, icon_button, label
from desktop.widgets.search_box import SearchBox
from desktop.widgets.segmented import Segmented

PRODUCT = "“四减四增”县级填报"


class TopBar(QWidget):
    """Shows the session's county and year; `went` carries the `Place` of a search hit.

    Undo and redo are the window's to carry out and have keys of their own; they never take the keyboard, or a button
    that vanishes would hand it to 撤销.
    """

    went = Signal(object)
    undo_wanted = Signal()
    redo_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._narrow = False
        self._years: tuple[int, ...] = ()
        self.setObjectName("topbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(TOP_HEIGHT)
        self.product = label(PRODUCT)
        self.product.setObjectName("product")
        self.county = ElidedLabel("")
        self.county.setObjectName("county")
        self.county.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.leave = icon_button("folder-open", "关闭这个县，打开别的、新建或从备份恢复", self.leave_wanted.emit)
        self.leave.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.year = Segmented([])
        self.undo = icon_button("undo", "", self.undo_wanted.emit)
        self.redo = icon_button("redo", "", self.redo_wanted.emit)
        for made in (self.undo, self.redo):
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.search = SearchBox(session)
        self.search.setMinimumWidth(160)
        self.search.setMaximumWidth(340)
        self.help = help_button()
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 12, 0)
        row.setSpacing(8)
        for widget in (self.product, self.county, self.leave, self.year, self.undo, self.redo):
            row.addWidget(widget)
        row.insertSpacing(1, 8)
        row.insertSpacing(4, 8)
        row.insertSpacing(6, 6)
        row.addStretch(1)
        row.addWidget(self.search, 10)
        row.addWidget(self.help)
        self.year.changed.connect(self._choose_year)
        self.search.chosen.connect(self.went)
        session.year_changed.connect(self._show_year)
        for change in (session.opened, session.plan_changed):
            change.connect(self._offer_years)
        for change in (session.opened, session.closed, session.undo_changed):
            change.connect(self._update)
        self._update()

    def _choose_year(self, year: object) -> None:
        if isinstance(year, int):
            self._session.year = year

    def _offer_years(self) -> None:
        self._years = self._session.catalogue.years
        self.year.set_options([(year, str(year)) for year in self._years])
        self._show_year(self._session.year)

    def _show_year(self, year: int) -> None:
        if year in self._years:
            self.year.set_value(year)

    def _update(self) -> None:
        session = self._session
        for widget in (self.county, self.leave, self.year, self.undo, self.redo, self.search):
            widget.setVisible(session.is_open)
        self.product.setHidden(self._narrow and session.is_open)
        for made, word, what, keys in (
            (self.undo, "撤销", session.undo_label, "Ctrl+Z"),
            (self.redo, "重做", session.redo_label, "Ctrl+Y"),
        ):
            made.setProperty("usualTip", f"{word}：{what}（{keys}）" if what else f"没有可以{word}的操作（{keys}）")
            allow(made, not session.read_only, what is not None)
            made.setAccessibleName(f"{word}：{what}" if what else word)

    def set_narrow(self, narrow: bool) -> None:
        """Leave the product's name, which is in the window's title, out where there is little room."""
        self._narrow = narrow
        self._update()

    def show_county(self, name: str) -> None:
        """Show the county's name."""
        self.county.setText(name)
