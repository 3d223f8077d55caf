"""核收情况: every unit by period, and beside it what is known of the place that is chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from db.exchange.ledger.standing import Board, Place, board
from db.exchange.package_kinds import kinds
from desktop.city_session import CitySession
from desktop.models.city_matrix_model import NOBODY
from desktop.widgets.basics import Card, button, icon_button, label, primary_button
from desktop.widgets.city_matrix import CityMatrix
from desktop.widgets.city_place import CityPlace
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.segmented import Segmented

_EMPTY = "把各县的上报包或装着它们的文件夹拖到这里，逐个校验后收进台账；有问题的不会收，会说明哪里不对。"


class CityBoardPage(QWidget):
    """`opened` carries the number of a package, `book_wanted` and `day_wanted` kind and period, the others what for."""

    opened = Signal(int)
    take_wanted = Signal()
    practice_wanted = Signal()
    book_wanted = Signal(str, str)
    choice_wanted = Signal(object)
    day_wanted = Signal(str, str)

    def __init__(self, session: CitySession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._board: Board = NOBODY
        self._sent: list[str] = []
        self._stack = QStackedLayout(self)
        self.empty = EmptyState(
            "package",
            "还没有收到上报包",
            _EMPTY,
            ("选择上报包…", self.take_wanted.emit),
            ("用演示台账练习", self.practice_wanted.emit),
            parent=self,
        )
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._page())
        session.opened.connect(self.refresh)
        session.changed.connect(self.refresh)

    def _page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(10)
        self.kinds = Segmented([("monthly", kinds()["monthly"].title)])
        self.kinds.changed.connect(lambda _: self._show_kind())
        self.years = Segmented([(0, "全部")])
        self.years.changed.connect(lambda _: self._show_matrix())
        head.addWidget(self.kinds)
        head.addWidget(self.years)
        head.addStretch(1)
        self.day_button = icon_button("calendar", "截止日", self._day)
        self.book_button = button("导出汇总…", self._book, icon="export")
        self.take_button = primary_button("核收上报包…", self.take_wanted.emit)
        for each in (self.day_button, self.book_button, self.take_button):
            head.addWidget(each)
        column.addLayout(head)
        body = QHBoxLayout()
        body.setSpacing(10)
        card = Card(flush=True)
        self.matrix = CityMatrix()
        self.matrix.place_chosen.connect(self._show_place)
        self.matrix.opened.connect(lambda place: self.opened.emit(place.number))
        card.body.addWidget(self.matrix, 1)
        self.told = label("", "secondary", wrap=True)
        self.told.setContentsMargins(13, 8, 13, 8)
        card.body.addWidget(self.told)
        body.addWidget(card, 1)
        self.place = CityPlace(self._session)
        self.place.opened.connect(self.opened)
        self.place.choice_wanted.connect(self.choice_wanted)
        body.addWidget(self.place)
        column.addLayout(body, 1)
        return page

    @property
    def kind(self) -> str:
        """Return the kind of report that is shown."""
        return str(self.kinds.value)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing has been received yet."""
        return self._stack.currentIndex() == 0

    def refresh(self) -> None:
        """Read the ledger again."""
        today = self._session.today()
        self._session.read(lambda conn: board(conn, today), self._show, owner=self)

    def _show(self, found: Board) -> None:
        self._board = found
        self._stack.setCurrentIndex(1 if found.columns else 0)
        self.setFocusProxy(self.matrix if found.columns else self.empty.buttons[0])
        self._show_kinds(list(dict.fromkeys(kind for kind, _ in found.columns)))
        self._show_kind()

    def _show_kinds(self, sent: list[str]) -> None:
        """Offer the kinds that anybody sent; the one that is shown stays so."""
        if not sent or sent == self._sent:
            return
        before = self.kind if self._sent else "monthly"
        self._sent = sent
        options: list[tuple[object, str]] = [(name, kinds()[name].title) for name in sent]
        self.kinds.set_options(options)
        self.kinds.set_value(before if before in sent else sent[0])

    def _show_kind(self) -> None:
        periods = [period for kind, period in self._board.columns if kind == self.kind]
        years = sorted({int(period[:4]) for period in periods})
        before = self.years.value
        monthly = any(len(period) > 4 for period in periods)
        self.years.setVisible(monthly and len(years) > 1)
        if monthly and years:
            options: list[tuple[object, str]] = [(year, f"{year}年") for year in years]
            self.years.set_options(options)
            self.years.set_value(before if before in years else years[-1])
        self._show_matrix()

    def _show_matrix(self) -> None:
        monthly = any(kind == self.kind and len(period) > 4 for kind, period in self._board.columns)
        year = self.years.value if monthly else 0
        self.matrix.show_board(self._board, self.kind, year if isinstance(year, int) else 0)
        self._show_place(self.matrix.place)

    def _names(self) -> dict[str, str]:
        return {unit.key: unit.short_name for unit in self._board.units}

    @property
    def period(self) -> str:
        """Return the period that is chosen, else the newest one that is shown; "" when there is none."""
        if self.matrix.place is not None:
            return self.matrix.place.period
        return self.matrix.matrix.periods[-1] if self.matrix.matrix.periods else ""

    def _show_place(self, place: Place | None) -> None:
        self.place.show_place(place, self._names())
        period = self.period
        self.told.setText("　".join(self._board.sentences(self.kind, period)) if period else "")
        for each in (self.book_button, self.day_button):
            each.setEnabled(bool(period))

    def _book(self) -> None:
        self.book_wanted.emit(self.kind, self.period)

    def _day(self) -> None:
        self.day_wanted.emit(self.kind, self.period)
