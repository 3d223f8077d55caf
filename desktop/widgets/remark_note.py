"""What the city remarked on the row one is looking at, with the reply in place."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QTableView, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.work.remarks import CLOSED, SIDES, Reply, Thread, threads
from db.work.row_names import RowName
from desktop.cell_marks import REMARKS, marks_of
from desktop.dialogs.city_remarks import CityRemarksDialog
from desktop.models.drawn import DrawnModel
from desktop.session import Session
from desktop.widgets.basics import ElidedLabel, icon_button, label, link_button, restyle
from desktop.widgets.remark_tones import TONES
from desktop.widgets.reply_box import ReplyBox

REPLY, FOLD = "回复…", "收起"
LONGEST = 120
"""How many characters of a remark are shown beside a sheet; all of it is in its tool tip and in the list."""


class RemarkNote(QFrame):
    """Hidden while nothing is remarked; `led_to` carries the `Place` of another remark's cell.

    It follows a sheet (`follow`), or is told which row to show. A `low` one has its words in a line each.
    """

    led_to = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None, *, low: bool = False) -> None:
        super().__init__(parent)
        self._session, self._low = session, low
        self._marks = marks_of(session)
        self._rows: tuple[RowName, ...] = ()
        self._field = ""
        self._threads: list[Thread] = []
        self._at = 0
        self._view: QTableView | None = None
        self._model: DrawnModel | None = None
        self.dialog: CityRemarksDialog | None = None
        self.setProperty("lampnote", "bad")
        self.status = label("")
        self.count = label("", "small")
        self.before = icon_button("chevron-up", "上一条意见", lambda: self._turn(-1))
        self.after = icon_button("chevron-down", "下一条意见", lambda: self._turn(1))
        self.open_button = link_button(REPLY, self._fold)
        self.all_button = link_button("全部…", self.show_all)
        self.text, self.where, self.said = (
            ElidedLabel("", role) if low else label("", role, wrap=True) for role in ("", "small", "small")
        )
        self.reply = ReplyBox(session, beside=low)
        self.reply.hide()
        self.reply.replied.connect(lambda: self._fold(shown=False))
        self._lay_out()
        self._marks.renewed.connect(self.refresh)
        session.changed.connect(self._on_changed)
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8 if self._low else 4)
        for each in (self.status, self.count, self.before, self.after):
            head.addWidget(each)
        if self._low:
            head.addWidget(self.text, 1)
        else:
            head.addStretch(1)
        head.addWidget(self.open_button)
        head.addSpacing(4)
        head.addWidget(self.all_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 7)
        column.setSpacing(3)
        column.addLayout(head)
        below = [self.where, self.said, self.reply]
        for part in below if self._low else [self.text, *below]:
            column.addWidget(part)

    # -- which row --------------------------------------------------------------------------------------------

    def follow(self, view: QTableView, model: DrawnModel) -> None:
        """Show what is remarked on the current row of a sheet, that of the current cell first."""
        self._view, self._model = view, model
        view.selectionModel().currentChanged.connect(self._look_again)
        model.modelReset.connect(self._look_again)
        self._marks.renewed.connect(self._look_again)

    def _look_again(self) -> None:
        view, model = self._view, self._model
        assert view is not None
        assert model is not None
        row, column = view.currentIndex().row(), view.currentIndex().column()
        if not 0 <= row < model.rowCount() or self._marks.is_empty:
            self.show_rows(())
            return
        here = model.spot(row, column)
        spots = [here] if here is not None else [model.spot(row, each) for each in range(model.columnCount())]
        names = dict.fromkeys(spot.row for spot in spots if spot is not None)
        self.show_rows(tuple(names), here.field if here is not None else "")

    def show_rows(self, rows: tuple[RowName, ...], field: str = "") -> None:
        """Show what is remarked on these rows, begin with that on `field`."""
        if (rows, field) != (self._rows, self._field):
            self._rows, self._field = rows, field
            self._at = 0
            self.refresh()

    # -- what is remarked -------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read again what is remarked on the row."""
        ids = [each.id for row in self._rows for each in self._marks.remarks_at(row)]
        if not ids or not self._session.is_open:
            self._take([])
            return
        catalogue = self._session.catalogue

        def query(conn: sqlite3.Connection) -> list[Thread]:
            return threads(conn, catalogue, ids=ids)

        self._session.read(query, self._take, owner=self)

    def _take(self, found: list[Thread]) -> None:
        shown = self._threads[self._at].id if self._at < len(self._threads) else ""
        here = [thread for thread in found if thread.spot.field == self._field]
        self._threads = [*here, *(thread for thread in found if thread not in here)]
        ids = [thread.id for thread in self._threads]
        self._at = ids.index(shown) if shown in ids and self._at else 0
        self._show()

    def _turn(self, by: int) -> None:
        self._at = (self._at + by) % len(self._threads)
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._threads))
        if not self._threads:
            self._fold(shown=False)
            return
        thread = self._threads[self._at]
        tone = TONES[thread.status]
        restyle(self, "lampnote", tone)
        self.status.setText(f"市级意见：{thread.status}" if self._low else thread.status)
        restyle(self.status, "tone", tone)
        several = len(self._threads) > 1
        self.count.setText(f"{self._at + 1}/{len(self._threads)}")
        for each in (self.count, self.before, self.after):
            each.setVisible(several)
        words = self._short(thread.text)
        self.text.setText(words if self._low else f"市级意见：{words}")
        if not self._low:
            self.text.setToolTip(thread.text)
        where = f"「{thread.field_title}」{thread.values}" if thread.field_title else "对整行的意见。"
        said = self._last(thread.replies)
        self.where.setText(f"{where}　{said}" if self._low else where)
        self.said.setText(said)
        self.said.setVisible(bool(said) and not self._low)
        self.open_button.setVisible(thread.status != CLOSED and not self._session.read_only)
        self.reply.show_thread(thread)

    def _short(self, text: str) -> str:
        """Return words that leave room for the row itself; a low note ends them where its line does."""
        words = " ".join(text.split())
        return words if self._low or len(words) <= LONGEST else f"{words[:LONGEST]}…"

    def _last(self, replies: Sequence[Reply]) -> str:
        """Return the last thing that was said to a remark, "" for nothing."""
        if not replies:
            return ""
        said = replies[-1]
        who = "　".join(part for part in (f"{SIDES[said.side]}里", said.author, said.written_at[5:10]) if part)
        return f"{who}：{self._short(said.text)}"

    def _fold(self, *, shown: bool | None = None) -> None:
        """Show or put away where the reply is written."""
        wanted = self.reply.isHidden() if shown is None else shown
        self.reply.setVisible(wanted)
        self.open_button.setText(FOLD if wanted else REPLY)
        if wanted:
            self.reply.setFocus()
            QTimer.singleShot(0, self, self._come_into_sight)  # once the page has made room for it

    def _come_into_sight(self) -> None:
        """Scroll the page, on a screen on which it is longer than the window."""
        above = self.parentWidget()
        while above is not None:
            if isinstance(above, QScrollArea):
                above.ensureWidgetVisible(self.reply, 0, 8)
            above = above.parentWidget()

    def show_all(self) -> None:
        """Open the list of everything that the city remarked, with this one chosen."""
        self.dialog = dialog = CityRemarksDialog(self._session, self.window())
        dialog.led_to.connect(self.led_to)
        if self._threads:
            dialog.choose(self._threads[self._at].id)
        dialog.finished.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        self.dialog = None

    def _on_changed(self, changes: Changes) -> None:
        # The value beside a remark is of the row that is shown.
        if self._threads and changes.touches(*REMARKS, *(row[0] for row in self._rows)):
            self.refresh()
