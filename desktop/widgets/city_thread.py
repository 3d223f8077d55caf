"""Remarks on a report: those there are, what was said to each, and a new one on the cell that is chosen."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPlainTextEdit, QVBoxLayout, QWidget

from db.exchange.answers import Remark
from db.exchange.ledger.remarks import Noted, RemarkEntry
from db.exchange.ledger.reports import Report
from db.exchange.ledger.rows import LoadedTable
from db.work.remarks import CITY, CLOSED, NEW
from desktop import look
from desktop.widgets.basics import Badge, Card, button, label, primary_button, rule
from desktop.widgets.remark_tones import TONES
from desktop.widgets.scrolled import Scrolled

WIDTH, INPUT_HEIGHT, LIST_HEIGHT = 286, 56, 150
NOBODY = "还没有意见。在左边点一格，在下面写意见。"


class CityThread(Card):
    """`remarked` carries a `RemarkEntry`, `replied` id, words and whether to close, `led_to` a `Remark`."""

    remarked = Signal(object)
    replied = Signal(str, str, bool)
    led_to = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("意见", parent)
        self.setFixedWidth(WIDTH)
        self._noted: list[Noted] = []
        self._tables: dict[str, LoadedTable] = {}
        self._values: Mapping[str, str] = {}
        self._entry: RemarkEntry | None = None
        self.list = QListWidget()
        self.list.setAccessibleName("意见")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(lambda _: self._show_thread())
        self.list.itemActivated.connect(lambda _: self._lead())
        self.nothing = label(NOBODY, "secondary", wrap=True)
        self._said = QVBoxLayout()
        self._said.setSpacing(6)
        self.reply_words = _input("接着问县里，或写明为什么关闭")
        self.reply_button = button("追问", lambda: self._reply(close=False))
        self.close_button = button("关闭意见", lambda: self._reply(close=True))
        self._answering = QWidget()
        column = QVBoxLayout(self._answering)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.reply_words)
        column.addLayout(_row(self.reply_button, self.close_button))
        inside = QWidget()
        above = QVBoxLayout(inside)
        above.setContentsMargins(0, 0, 6, 0)
        above.setSpacing(8)
        above.addWidget(self.list)
        above.addWidget(self.nothing)
        above.addLayout(self._said)
        above.addWidget(self._answering)
        above.addStretch(1)
        self.body.addWidget(Scrolled(inside), 1)
        self.body.addWidget(rule())
        self.where = label("", "small", wrap=True)
        self.remark_button = primary_button("提意见", self._remark)
        self.remark_button.setToolTip("在表里按回车写意见，写好按 Ctrl+回车提出，再用方向键到下一格")
        self.words = _input("对选中的格写意见，按 Ctrl+回车提出")
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self.words, context=Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self.remark_button.click)
        self.body.addWidget(self.where)
        self.body.addWidget(self.words)
        self.body.addLayout(_row(self.remark_button))
        self.words.textChanged.connect(self._allow)
        self.reply_words.textChanged.connect(self._allow)
        self._show_thread()

    @property
    def selected(self) -> Remark | None:
        """Return the remark that is selected."""
        row = self.list.currentRow()
        return self._noted[row].remark if 0 <= row < len(self._noted) else None

    def show_report(self, report: Report) -> None:
        """Show the remarks of a report, open ones first."""
        chosen = self.selected.id if self.selected is not None else ""
        self._tables, self._values = {each.table: each for each in report.tables}, report.said
        self._noted = sorted(report.remarks, key=lambda noted: not noted.is_open)
        self.list.blockSignals(True)
        self.list.clear()
        for noted in self._noted:
            remark = noted.remark
            item = QListWidgetItem(f"{remark.status}　{' '.join(remark.text.split())}")
            item.setForeground(look.colour(TONES[remark.status]))
            item.setToolTip(remark.text)
            self.list.addItem(item)
        ids = [noted.remark.id for noted in self._noted]
        self.list.setCurrentRow(ids.index(chosen) if chosen in ids else 0 if ids else -1)
        self.list.blockSignals(False)
        rows = self.list.sizeHintForRow(0) * len(ids) + 4
        self.list.setFixedHeight(max(30, min(rows, LIST_HEIGHT)))
        waiting = sum(noted.is_open for noted in self._noted)
        self.set_title(f"意见 {len(ids)} 条，{waiting} 条没有关闭" if ids else "意见")
        self._show_thread()

    def show_cell(self, entry: RemarkEntry, where: str) -> None:
        """Say what a new remark would be about."""
        self._entry = entry
        self.where.setText(where)
        self._allow()

    def clear_words(self) -> None:
        """Empty what was typed, once it has been kept."""
        self.words.clear()
        self.reply_words.clear()

    def _show_thread(self) -> None:
        remark = self.selected
        while (item := self._said.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.list.setVisible(bool(self._noted))
        self.nothing.setVisible(not self._noted)
        self._answering.setVisible(remark is not None)
        if remark is not None:
            self._said.addWidget(label(self._about(remark), "small", wrap=True))
            self._said.addWidget(_said(CITY, remark.author, remark.written_at, NEW, remark.text))
            for reply in remark.replies:
                self._said.addWidget(_said(reply.side, reply.author, reply.written_at, reply.status, reply.text))
        self._allow()

    def _about(self, remark: Remark) -> str:
        """Return table and column of what the remark is about, and what stood there."""
        if not remark.table:
            return "整个上报包"
        loaded = self._tables.get(remark.table)
        title = f"《{loaded.title if loaded is not None else remark.table}》"
        if not remark.field:
            return title
        known = loaded is not None and remark.field in loaded.schema
        column = loaded.schema.field(remark.field).title if loaded is not None and known else ""
        return f"{title}{column}，上报时是“{self._values.get(remark.id, remark.value)}”"

    def _allow(self) -> None:
        remark = self.selected
        self.remark_button.setEnabled(self._entry is not None and bool(self.words.toPlainText().strip()))
        self.reply_button.setEnabled(remark is not None and bool(self.reply_words.toPlainText().strip()))
        self.close_button.setEnabled(remark is not None and remark.status != CLOSED)

    def _remark(self) -> None:
        if self._entry is not None:
            entry = self._entry
            self.remarked.emit(RemarkEntry(self.words.toPlainText(), entry.table, entry.row_id, entry.field))

    def _reply(self, *, close: bool) -> None:
        if self.selected is not None:
            self.replied.emit(self.selected.id, self.reply_words.toPlainText(), close)

    def _lead(self) -> None:
        if self.selected is not None and self.selected.row_id:
            self.led_to.emit(self.selected)


def _input(words: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setPlaceholderText(words)
    made.setAccessibleName(words)
    made.setFixedHeight(INPUT_HEIGHT)
    made.setTabChangesFocus(True)
    return made


def _row(*buttons: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    for each in buttons:
        row.addWidget(each)
    return row


def _said(side: str, author: str, written_at: str, status: str, text: str) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    head = QHBoxLayout()
    who = " ".join(filter(None, ("市里" if side == CITY else "县里", author, written_at.replace("T", " ")[5:16])))
    head.addWidget(label(who, "small"))
    head.addStretch(1)
    if status:
        head.addWidget(Badge(status, TONES.get(status, "neutral")))
    column.addLayout(head)
    words = label(text, wrap=True)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column.addWidget(words)
    return box
