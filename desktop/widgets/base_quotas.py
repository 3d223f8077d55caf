"""基础信息 › 县级目标: the paper that is being entered above, every target × year below; typed like a spreadsheet."""

from __future__ import annotations

import sqlite3
from datetime import date

from PySide6.QtCore import QEvent, QModelIndex, QObject, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.work.quota_effect import doubts
from db.work.quotas import QuotaRow, quota_table
from db.work.tasks import title_of
from desktop.models.quota_model import FIRST_YEAR, NAME, Paper, QuotaModel
from desktop.session import Session
from desktop.widgets.basics import Card, ElidedLabel, chip, label, restyle
from desktop.widgets.remark_note import RemarkNote
from desktop.widgets.sheet import Sheet

Doubts = dict[str, dict[int, str]]
ALL, MISSING, PENDING = "all", "missing", "pending"
WIDTHS = {0: 84, 1: 330, 2: 122}
YEAR_WIDTH, PAPER_WIDTH, LEAST_NAME = 104, 190, 200
HINT = "下面录入、粘贴的数都记在这份文件名下。改动已有的数要写明文号和理由，原来的数留在历史里。"


class QuotaPanel(QWidget):
    """Edits the county's quotas; `quota_wanted` asks for the dialog of one target and year."""

    quota_wanted = Signal(object, int)
    summary = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: list[QuotaRow] = []
        self._filter = ALL
        self.model = QuotaModel(session, self)
        self.sheet = Sheet(self)
        self.sheet.setModel(self.model)
        self.sheet.setAccessibleName("县级目标表")
        self.sheet.row_actions = (("dialog", "文号、理由和历史…"),)
        self.sheet.row_action.connect(self._ask)
        self.sheet.doubleClicked.connect(self._double_clicked)
        self.sheet.summary.connect(self.summary)
        self.sheet.told.connect(session.notice)
        self.number = self._edit("如 潍四减四增办〔2022〕1号", 0)
        self.number.setMinimumWidth(120)
        self.number.setMaximumWidth(230)
        self.issued_on = self._edit("如 2022.3.28", 108)
        self.reason = self._edit("改动已有的数时必填", 0)
        self.trouble = label("", "problem")
        self.trouble.hide()
        self.search = self._edit("查找指标、编号", 170)
        self.search.textChanged.connect(lambda _text: self._apply())
        self.chips = {ALL: chip("全部", checked=True), MISSING: chip("未下达"), PENDING: chip("省下达待定", "caution")}
        for name, each in self.chips.items():
            each.clicked.connect(lambda _checked=False, name=name: self.show_only(name))
        for edit in (self.number, self.issued_on, self.reason):
            edit.textChanged.connect(lambda _text: self._take_paper())
        self._lay_out()

    @staticmethod
    def _edit(hint: str, width: int) -> QLineEdit:
        edit = QLineEdit()
        edit.setPlaceholderText(hint)
        edit.setAccessibleName(hint)
        if width:
            edit.setFixedWidth(width)
        return edit

    def _lay_out(self) -> None:
        card = Card(flush=True)
        paper = QHBoxLayout()
        paper.setContentsMargins(13, 10, 13, 4)
        paper.setSpacing(8)
        for title, edit in (("文号", self.number), ("下达日期", self.issued_on), ("调整理由", self.reason)):
            paper.addWidget(label(title, "field"))
            paper.addWidget(edit, {self.number: 2, self.reason: 3}.get(edit, 0))
        card.body.addLayout(paper)
        hint = QHBoxLayout()
        hint.setContentsMargins(13, 0, 13, 8)
        hint.addWidget(ElidedLabel(HINT, "small"), 1)
        hint.addWidget(self.trouble)
        card.body.addLayout(hint)
        tools = QHBoxLayout()
        tools.setContentsMargins(13, 0, 13, 8)
        tools.setSpacing(8)
        for each in self.chips.values():
            tools.addWidget(each)
        tools.addStretch(1)
        tools.addWidget(self.search)
        card.body.addLayout(tools)
        card.body.addWidget(self.sheet, 1)
        self.remarks = RemarkNote(self._session, low=True)
        self.remarks.follow(self.sheet, self.model)
        card.body.addWidget(self.remarks)
        for column, width in WIDTHS.items():
            self.sheet.setColumnWidth(column, width)
        for column in range(FIRST_YEAR, self.model.paper_column):
            self.sheet.setColumnWidth(column, YEAR_WIDTH)
        self.sheet.setColumnWidth(self.model.paper_column, PAPER_WIDTH)
        self.sheet.viewport().installEventFilter(self)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(0, 0, 0, 0)
        column_box.addWidget(card)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the names when the sheet has another width, as when its scroll bar comes."""
        if watched is self.sheet.viewport() and event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._fit_names)
        return super().eventFilter(watched, event)

    def _fit_names(self) -> None:
        """Give the targets' names the room that the other columns leave, and never so little that none is read."""
        header = self.sheet.horizontalHeader()
        others = header.length() - header.sectionSize(NAME)
        header.resizeSection(NAME, max(LEAST_NAME, self.sheet.viewport().width() - others))

    # -- reading ----------------------------------------------------------------------------------------------

    def concerns(self, changes: Changes) -> bool:
        """Return whether the section shows something that changed."""
        return changes.touches("quota", "assignment")

    def refresh(self) -> None:
        """Read everything anew."""
        saves, catalogue = self.model.saves_done(), self._session.catalogue

        def query(conn: sqlite3.Connection) -> tuple[list[QuotaRow], Doubts]:
            return quota_table(conn, catalogue), doubts(conn, catalogue)

        self._session.read(query, lambda found: self._show(*found, saves), owner=self)

    def reveal(self, row_id: str) -> None:
        """Make the first year of the target `row_id` the current cell."""
        if self.model.row_of(row_id) < 0:
            self.search.clear()
            self.show_only(ALL)
        row = self.model.row_of(row_id)
        if row >= 0:
            self.sheet.setCurrentIndex(self.model.index(row, FIRST_YEAR))

    def _show(self, rows: list[QuotaRow], found: Doubts, saves: frozenset[int]) -> None:
        self._rows = rows
        self.model.doubts = found
        counts = {name: sum(_matches(row, name) for row in rows) for name in self.chips}
        for name, word in ((ALL, "全部"), (MISSING, "未下达"), (PENDING, "省下达待定")):
            self.chips[name].setText(f"{word} {counts[name]}")
        self._apply(saves)

    def show_only(self, name: str) -> None:
        """Show all rows, those without any quota, or those that the province has yet to set."""
        self._filter = name
        for key, each in self.chips.items():
            each.setChecked(key == name)
        self._apply()

    def _apply(self, saves: frozenset[int] = frozenset()) -> None:
        words = self.search.text().split()
        shown = [
            row
            for row in self._rows
            if _matches(row, self._filter) and all(word in f"{row.target.id} {title_of(row.target)}" for word in words)
        ]
        self.model.show_rows(shown, saves)

    # -- writing ----------------------------------------------------------------------------------------------

    def _take_paper(self) -> None:
        """Read the paper's facts; what cannot be read is told and left out."""
        schema, issued, problem = load_schema("quota"), None, ""
        try:
            found = schema.field("issued_on").parse(self.issued_on.text())
            issued = found if isinstance(found, date) else None
        except DataProblem as error:
            problem = str(error)
        restyle(self.issued_on, "wrong", bool(problem))
        self.trouble.setText(problem)
        self.trouble.setVisible(bool(problem))
        self.model.paper = Paper(self.number.text().strip(), issued, self.reason.text().strip())

    def _double_clicked(self, index: QModelIndex) -> None:
        if not self.model.year_of(index.column()):
            self._ask(index.row(), "dialog")

    def _ask(self, row: int, _name: str) -> None:
        year = self.model.year_of(self.sheet.currentIndex().column()) or self._session.year
        self.quota_wanted.emit(self.model.rows[row].target, year)


def _matches(row: QuotaRow, name: str) -> bool:
    if name == MISSING:
        return not row.quotas and not row.pending
    return row.pending if name == PENDING else True
