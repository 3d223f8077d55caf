"""收发: which unit has which table of its workbook, how far it is; sending out, taking in, sending back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QMenu, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.period import Period
from db.core.progress import Progress
from db.exchange.cells.kinds import ENDINGS
from db.exchange.part.names import ENDING
from db.exchange.unit_book.form import kinds
from db.exchange.unit_book.read import read_books
from db.exchange.unit_book.reading import CellProblem
from db.store.attachments import open_path
from db.work.assignees import Assignee
from db.work.assignments import KINDS as UNITS
from db.work.handouts import NONE, PART, Board, HandoutState, SentBook, board, sent_books, statuses
from desktop.dialogs.read_received import read_kept, read_received
from desktop.dialogs.return_book import return_book
from desktop.dialogs.send_books import SendBooksDialog
from desktop.file_choice import choose_files, choose_folder, choose_target
from desktop.frame import NARROW
from desktop.models.board_model import moment, tip
from desktop.outside import open_outside
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.basics import Card, allow, button, chip, label, primary_button
from desktop.widgets.board_table import TONES, BoardTable
from desktop.widgets.dialog import Dialog
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.month_switch import MonthSwitch
from desktop.widgets.part_button import PartButton
from desktop.widgets.segmented import Segmented
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

ALL = ""
KINDS = f"工作簿、工作包 ({' '.join(f'*{ending}' for ending in (*ENDINGS, ENDING))})"
TOLD = "把任务、清单和月报写成工作簿，发给镇街、企业和部门填，收回后再读进来。"
SHOWN = ("none", "sent", "received", "faulty", "stored")
"""The statuses by which units can be looked for, each word once."""

PERIOD, RECEIVED_FILE = 3, 6
ONE_LINE = 1270
"""From this width on the filter has room beside the month, the kinds of unit and the buttons."""
PLACE = 2
"""Where the filter, or the room for it, stands in the head: behind the month and the kinds of unit."""
_TABLES = ("handout", "town", "enterprise", "department", "assignment")


class WorkbooksPage(QWidget):
    """The matrix, and below it the workbooks of the unit that is chosen, or the newest of all."""

    navigate = Signal(object)
    title = "收发"
    icon = "workbooks"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._session = session
        self._board = Board((), (), {})
        self._books: list[SentBook] = []
        self._status = ALL
        self.dialog: QDialog | None = None
        self.choose_files = lambda: choose_files(self, "选择收回的工作簿", KINDS)
        self.choose_target = choose_target
        self.choose_folder: Callable[[], Sequence[Path]] = self._choose_folder
        self.open_path: Callable[[Path], object] = open_outside
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(12)
        column.addWidget(self._matrix(), 5)
        column.addWidget(self._history(), 3)
        self.setFocusProxy(self.table)
        session.changed.connect(self._on_changed)
        session.period_changed.connect(self.refresh)
        if session.is_open:
            self.refresh()

    def _matrix(self) -> Card:
        card = Card(flush=True)
        head = self._head = QHBoxLayout()
        head.setSpacing(8)
        self.month = MonthSwitch(self._session, self)
        head.addWidget(self.month)
        self.kinds = Segmented(list(UNITS.items()))
        self.kinds.changed.connect(lambda _kind: self._show_units())
        head.addWidget(self.kinds)
        self.chips = {ALL: chip("全部", checked=True)}
        self.chips |= {status: chip(statuses()[status], TONES.get(status, "")) for status in SHOWN}
        self.filter = QWidget()
        chips = QHBoxLayout(self.filter)
        chips.setContentsMargins(0, 0, 0, 0)
        chips.setSpacing(8)
        for status, each in self.chips.items():
            each.clicked.connect(lambda _on=False, status=status: self.show_status(status))
            chips.addWidget(each)
        chips.addStretch(1)
        head.addStretch(1)
        self.receive_button = button("收回… ▼", icon="import")
        self.receive_button.clicked.connect(lambda: self._receive_menu().popup(self._below(self.receive_button)))
        self.send_button = primary_button("发出…", self.send, icon="export")
        self.parts = PartButton(self._session)
        head.addWidget(self.parts)
        head.addWidget(self.receive_button)
        head.addWidget(self.send_button)
        self._heads = QVBoxLayout()
        self._heads.setContentsMargins(14, 10, 14, 10)
        self._heads.setSpacing(8)
        self._heads.addLayout(head)
        # Room is asked for as where it is narrow; else the page could not become so.
        self._heads.addWidget(self.filter)
        card.body.addLayout(self._heads)
        self.table = BoardTable()
        self.table.setAccessibleName("各单位的工作簿")
        self.table.unit_chosen.connect(lambda _unit: self._read_books())
        self.empty = EmptyState("workbooks", "还没有发出工作簿", TOLD, ("发出…", self.send), ("", self.show_newest))
        self.nobody = EmptyState("search", "没有这样的单位", "换一类单位，或看全部。")
        self.stack = QStackedWidget()
        for part in (self.table, self.empty, self.nobody):
            self.stack.addWidget(part)
        for part in (self.empty, self.nobody):
            # Neither is shown beside the records: its height must not be kept for it there.
            part.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        card.body.addWidget(self.stack, 1)
        return card

    def _history(self) -> Card:
        self.history = Card("往来记录", flush=True)
        self.books = SimpleTable(
            [
                Column("单位", 150),
                Column("发出", 92),
                Column("内容"),
                Column("期", 84),
                Column("状态", 84),
                Column("收回", 92),
                Column("收回的文件", 190),
                Column("问题", 50, number=True),
            ]
        )
        self.books.selectionModel().selectionChanged.connect(lambda *_: self._follow())
        self.books.chosen.connect(lambda _place: self.look_again())
        self.again_button = button("继续核对…", self.look_again)
        self.again_button.setToolTip("从留存的原件再读一次，没有入库的可以接着改、接着选")
        self.history.tools.addWidget(self.again_button)
        self.return_button = button("退回…", self.send_back)
        self.history.tools.addWidget(self.return_button)
        self.nothing = label("还没有给它发过工作簿。", "secondary")
        self.nothing.setContentsMargins(14, 4, 14, 12)
        self.history.body.addWidget(self.books, 1)
        self.history.body.addWidget(self.nothing)
        self.history.body.addStretch(0)
        return self.history

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, give the filter a line of its own, and leave out what the records' tips tell too."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        for column in (RECEIVED_FILE, PERIOD):
            self.books.setColumnHidden(column, narrow)
        tight = self.width() < ONE_LINE
        if tight == (self._heads.count() > 1):
            return
        if tight:
            self._head.takeAt(PLACE)
            self._head.insertStretch(PLACE, 1)
            self._heads.addWidget(self.filter)
        else:
            self._heads.removeWidget(self.filter)
            self._head.takeAt(PLACE)
            self._head.insertWidget(PLACE, self.filter, 1)

    # -- reading ----------------------------------------------------------------------------------------------

    @property
    def periods(self) -> tuple[str, str]:
        """Return the year and the month that are looked at, as workbooks have them."""
        period = self._session.period
        return str(Period(period.year)), str(period)

    def refresh(self) -> None:
        """Read the matrix and the records again."""
        periods = self.periods
        self._session.read(lambda conn: board(conn, periods), self._show, owner=self, key="board")
        self._read_books()

    def reveal(self, place: Place) -> None:
        """Show the kind of unit that `section` names."""
        if place.section in UNITS:
            self.kinds.set_value(place.section)
            self._show_units()

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches(*_TABLES) or any(table.startswith("register_") for table in changes.tables):
            self.refresh()

    def _read_books(self) -> None:
        unit = self.table.unit
        key = None if unit is None else unit.key

        def query(conn: sqlite3.Connection) -> tuple[Assignee | None, list[SentBook]]:
            return unit, sent_books(conn, key)

        self._session.read(query, self._show_books, owner=self, key="books")

    # -- what is shown ----------------------------------------------------------------------------------------

    def _show(self, found: Board) -> None:
        self._board = found
        self._show_units()

    def show_status(self, status: str) -> None:
        """Show only units of this status, "" for all."""
        self._status = status
        self._show_units()

    def _show_units(self) -> None:
        kind, found = str(self.kinds.value), self._board
        wholes = [found.whole(unit) for unit in found.units if unit.kind == kind]
        for status, each in self.chips.items():
            word = "全部" if status == ALL else statuses()[status]
            each.setText(f"{word} {len(wholes) if status == ALL else wholes.count(status)}")
            each.setChecked(status == self._status)
            each.setVisible(bool(found.tables))
        self.table.board.show(found, kind, self._status)
        part: QWidget = self.table if self.table.board.units else self.nobody
        self.stack.setCurrentWidget(part if found.tables else self.empty)
        allow(self.send_button, not self._session.read_only)
        allow(self.empty.buttons[0], not self._session.read_only)
        self._say_where()

    @property
    def newest(self) -> Period | None:
        """Return the period of the newest workbook that is listed, None for none."""
        found = (Period.parse(book.period) for book in self._books if book.period)
        return next((period for period in found if period.year in self._session.catalogue.years), None)

    def _say_where(self) -> None:
        """Where nothing was sent in the month that is looked at, say when something was."""
        newest = self.newest
        if newest is None:
            self.empty.say("还没有发出工作簿", TOLD)
        else:
            told = f"最近一次发的是{newest.title}的，见下面的往来记录。"
            self.empty.say(f"没有发过{self._session.period.title}的工作簿", told)
            self.empty.buttons[1].setText(f"看{newest.title}")
        self.empty.buttons[1].setVisible(newest is not None)

    def show_newest(self) -> None:
        """Look at the period of the newest workbook."""
        if self.newest is not None:
            self._look_at(self.newest)

    def _look_at(self, period: Period) -> None:
        """Look at a month; of a year at the month that is looked at already."""
        self._session.period = period if period.month else Period(period.year, self._session.period.month)

    def _show_books(self, found: tuple[Assignee | None, list[SentBook]]) -> None:
        unit, self._books = found
        self.history.set_title(f"往来记录　{unit.name}" if unit is not None else "往来记录")
        self.history.setVisible(unit is not None or bool(self._books))
        self.books.show_rows([_line(book) for book in self._books])
        self.books.setVisible(bool(self._books))
        self.nothing.setVisible(not self._books)
        self._say_where()
        self._follow()

    def _follow(self) -> None:
        """A workbook that came back and is not stored can be looked at again, one with problems be sent back."""
        state = self.record.state if self.record is not None else HandoutState()
        allow(self.again_button, True, self._waits(state))
        is_part = self.record is not None and PART in self.record.kinds
        allow(self.return_button, True, self._waits(state) and state.status == "faulty" and not is_part)

    @staticmethod
    def _waits(state: HandoutState) -> bool:
        return state.status in ("received", "faulty") and bool(state.received_sha256)

    @property
    def record(self) -> SentBook | None:
        """Return the record that is chosen, None for none."""
        place = self.books.currentIndex().row()
        return self._books[place] if self.books.selectedIndexes() and 0 <= place < len(self._books) else None

    # -- sending ----------------------------------------------------------------------------------------------

    def send(self) -> None:
        """Ask what to send to whom: the units that are chosen, else every town."""
        folder = self._session.folder / "exports" / "填报工作簿"
        dialog = SendBooksDialog(self._session, folder, self.table.units, self.window())
        dialog.wanted.connect(self._write)
        self._open(dialog)

    def _write(self, request: object, folder: Path, zipped: bool) -> None:
        from db.exchange.unit_book.write import BookRequest, WrittenBooks, write_books

        county, catalogue = self._session.county, self._session.catalogue
        assert isinstance(request, BookRequest)

        def work(progress: Progress) -> WrittenBooks:
            return write_books(county, catalogue, request, folder, zipped=zipped, progress=progress)

        self._session.job("写出填报工作簿", work, lambda written: self._tell_written(written, request.period))

    def _tell_written(self, written: object, period: Period | None) -> None:
        from db.exchange.unit_book.write import WrittenBooks

        assert isinstance(written, WrittenBooks)
        if period is not None:
            self._look_at(period)
        place = written.files[0]
        dialog = Dialog("已写出", written.sentence(), self.window(), tone="good")
        dialog.body.addWidget(label(f"保存在：{place if len(written.files) == 1 else place.parent}", wrap=True))
        dialog.body.addWidget(label("可以从微信、QQ 或邮件发给各单位，填好后发回来。", "secondary", wrap=True))
        dialog.add_button("打开所在文件夹", lambda: self.open_path(place.parent))
        dialog.add_button("知道了", dialog.accept, primary=True)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._open(dialog)

    # -- receiving --------------------------------------------------------------------------------------------

    def _choose_folder(self) -> Sequence[Path]:
        chosen = choose_folder(self, "选择放着收回的工作簿的文件夹")
        return [chosen] if chosen is not None else []

    def _receive_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction("选择文件…").triggered.connect(lambda: self.receive(self.choose_files()))
        menu.addAction("选择文件夹…").triggered.connect(lambda: self.receive(self.choose_folder()))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    @staticmethod
    def _below(widget: QWidget) -> QPoint:
        return widget.mapToGlobal(QPoint(0, widget.height()))

    def receive(self, files: Sequence[Path]) -> None:
        """Read the files (or folders) that came back and show what they would do."""
        if files:
            read_received(self._session, files, self.window(), self._open)

    def look_again(self) -> None:
        """Show once more what the chosen record's workbook would do, from the original that was kept."""
        if self.record is not None and self._waits(self.record.state):
            state = self.record.state
            read_kept(self._session, state.received_sha256, state.received_name, self.window(), self._open)

    def send_back(self) -> None:
        """Write the chosen record's workbook with what is wrong in it, to be sent back."""
        book = self.record
        if book is None:
            return
        county, catalogue, state = self._session.county, self._session.catalogue, book.state
        kept = open_path(county, state.received_sha256, state.received_name)

        def problems() -> list[CellProblem]:
            with county.reading() as conn:
                return read_books(conn, catalogue, [kept])[0].problems()

        return_book(
            self._session,
            self.window(),
            kept,
            state.received_name,
            problems,
            show=self._open,
            choose=self.choose_target,
        )

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.open()


def _line(book: SentBook) -> list[TextCell]:
    state = book.state
    told = "、".join(kinds()[kind]["title"] for kind in book.kinds if kind in kinds())
    tables = "、".join(book.tables)
    if PART in book.kinds:
        told = "工作包"
    content = f"{told}：{tables}" if len(book.tables) > 1 or "registers" in book.kinds else told
    return [
        TextCell(book.unit_name, tip=book.unit_name),
        TextCell(moment(state.written_at), tip=tip(state)),
        TextCell(content, tip=content),
        TextCell(book.period or "—"),
        TextCell(state.title, TONES.get(state.status, "neutral"), badge=state.status != NONE),
        TextCell(moment(state.received_at) or "—"),
        TextCell(state.received_name or "—", tip=state.received_name),
        TextCell(str(state.problems) if state.problems else "", "bad"),
    ]
