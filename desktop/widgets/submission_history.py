"""上报记录: every package that was exported, newest first: how it stands, what it changed; and taking it back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.exchange.package_kinds import kinds
from db.exchange.statuses import CHANGED_AFTER, Filing, Statuses, all_statuses, review_of
from db.exchange.submissions import RECALL_EXAMPLE, Submission, recall, submissions
from db.reports.letter import grouped
from db.work.submission_states import DOUBTFUL, EXPORTED, PASSED, RECALLED, RECEIVED, RETURNED, SUPERSEDED, WAITING
from desktop.dialogs.reason import ReasonDialog
from desktop.dialogs.version_changes import VersionChangesDialog
from desktop.outside import open_outside
from desktop.session import Session
from desktop.widgets.basics import Card, Tone, allow, button, label, rule
from desktop.widgets.city_answers import CityAnswers
from desktop.widgets.flow import FlowLayout
from desktop.widgets.letter_opener import LetterOpener
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

FILED: dict[str, Tone] = {Filing.NOTHING: "neutral", Filing.UNDER_WAY: "caution", Filing.FINISHED: "good"}
SENT: dict[str, Tone] = {EXPORTED: "notice", RECEIVED: "good", SUPERSEDED: "neutral", RECALLED: "neutral"}
REVIEWED: dict[str, Tone] = {
    WAITING: "neutral",
    DOUBTFUL: "caution",
    RETURNED: "bad",
    PASSED: "good",
    CHANGED_AFTER: "caution",
}
COLUMNS = (
    Column("期与种类"),
    Column("次数", 52),
    Column("填报", 70),
    Column("报送", 70),
    Column("审核", 98),
    Column("报送后修改", 94, number=True),
)
_TOLD_BELOW = (2, 5)
History = tuple[list[Submission], dict[tuple[str, str], Statuses]]


class SubmissionHistory(Card):
    """Shows the packages; 填报, 审核 and what was modified belong to the last one of a kind and period."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("上报记录", parent, flush=True)
        self._session = session
        self._rows: list[Submission] = []
        self._standing: dict[tuple[str, str], Statuses] = {}
        self._narrow = False
        self.letters = LetterOpener(session, self)
        self.compare_dialog: VersionChangesDialog | None = None
        self.recall_dialog: ReasonDialog | None = None
        self.table = SimpleTable(COLUMNS)
        self.table.setAccessibleName("上报记录")
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._follow())
        self.table.chosen.connect(lambda _row: self.compare())
        self.nothing = label("还没有导出过上报包。选好左边的内容，点“下一步”。", "secondary", wrap=True)
        self.nothing.setContentsMargins(14, 10, 14, 14)
        self.body.addWidget(self.nothing)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._about())
        self.body.addStretch(0)
        self.answers = CityAnswers(session)
        self.body.addWidget(rule())
        self.body.addWidget(self.answers)

    def _about(self) -> QWidget:
        """What is known of the chosen package, and what can be done with it."""
        self.chosen_part = QWidget()
        self.chosen_part.hide()
        column = QVBoxLayout(self.chosen_part)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(8)
        self.detail = label("", "secondary", wrap=True)
        column.addWidget(self.detail)
        row = FlowLayout(8)
        self.letter_button = button("打开上报函", self.open_letter, icon="print")
        self.open_button = button("打开所在文件夹", self._open, icon="folder-open")
        self.compare_button = button("与上一版比较", self.compare)
        self.recall_button = button("撤回…", self.ask_to_recall)
        for each in (self.letter_button, self.open_button, self.compare_button, self.recall_button):
            row.addWidget(each)
        column.addLayout(row)
        return self.chosen_part

    def set_narrow(self, narrow: bool) -> None:
        """Leave out the columns that the lines below tell too where there is no room for all."""
        for place in _TOLD_BELOW:
            self.table.setColumnHidden(place, narrow)
        self._narrow = narrow
        self._follow()

    # -- what is shown ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the history again."""
        self.answers.refresh()
        if self._session.is_open:
            self._session.read(_read, self._show, owner=self)

    def _show(self, found: History) -> None:
        chosen = self._chosen()
        self._rows, self._standing = found
        self.table.show_rows([_cells(row, self._standing[row.kind, row.period]) for row in self._rows])
        self.table.setVisible(bool(self._rows))
        self.nothing.setVisible(not self._rows)
        again = [number for number, row in enumerate(self._rows) if chosen is not None and row.id == chosen.id]
        if again:
            self.table.selectRow(again[0])
        self._follow()

    def _chosen(self) -> Submission | None:
        place = self.table.currentIndex().row()
        return self._rows[place] if 0 <= place < len(self._rows) and self.table.selectedIndexes() else None

    def _follow(self) -> None:
        row = self._chosen()
        self.chosen_part.setVisible(row is not None)
        if row is not None:
            standing = self._standing[row.kind, row.period]
            modified = f"，报送后修改{standing.modified:,}处" if standing.modified else ""
            filing = f"填报：{standing.filing}{modified}\n" if self._narrow else ""
            self.detail.setText(filing + _details(row))
            self.compare_button.setText("与上一版比较" if self._before(row) else "导出后的改动")
            self.letter_button.setEnabled(bool(row.folder))
            allow(self.recall_button, not self._session.read_only, row.may_be_recalled)

    def _before(self, row: Submission) -> Submission | None:
        """Return the package that this one followed; the city never had one that was taken back."""
        earlier = [
            each
            for each in self._rows
            if (each.kind, each.period) == (row.kind, row.period)
            and each.sequence < row.sequence
            and each.status != RECALLED
        ]
        return max(earlier, key=lambda each: each.sequence, default=None)

    # -- what can be done -------------------------------------------------------------------------------------

    def compare(self) -> None:
        """Show what the chosen package changed, and what was changed after it."""
        row = self._chosen()
        if row is not None:
            self.compare_dialog = VersionChangesDialog(self._session, row, self._before(row), self.window())
            self.compare_dialog.open()

    def open_letter(self) -> None:
        """Show the letter of the chosen package, to be printed."""
        row = self._chosen()
        if row is not None:
            self.letters.open(Path(row.folder) / row.file_name, row.data_sha256)

    def ask_to_recall(self) -> None:
        """Ask why the chosen package is to be taken back, and take it back."""
        row = self._chosen()
        if row is None:
            return
        question = f"为什么撤回 {row.name}？"
        self.recall_dialog = ReasonDialog(
            "recall", "撤回上报包", question, parent=self.window(), example=RECALL_EXAMPLE
        )
        opens = "这个月重新打开，" if kinds()[row.kind].monthly else ""
        self.recall_dialog.body.insertWidget(
            0, label(f"撤回后{opens}编号不再使用。文件已经送出去的，请告知市里作废。", "secondary", wrap=True)
        )
        self.recall_dialog.given.connect(lambda reason: self._recall(row, reason))
        self.recall_dialog.open()

    def _recall(self, row: Submission, reason: str) -> None:
        self._session.write(f"撤回上报包 {row.file_name}", lambda op: recall(op, row.id, reason))

    def _open(self) -> None:
        row = self._chosen()
        if row is None:
            return
        folder = Path(row.folder)
        if row.folder and folder.is_dir():
            open_outside(folder)
        else:
            self.detail.setText(f"文件夹“{folder}”现在打不开：可能在U盘上，或已被移走。")


def _read(conn: sqlite3.Connection) -> History:
    return submissions(conn), all_statuses(conn)


def _cells(row: Submission, standing: Statuses) -> list[TextCell]:
    kind = kinds()[row.kind].title
    last = standing.last is not None and standing.last.id == row.id
    review = review_of(row, standing.modified if last else 0)
    title = f"{row.period} {kind}"
    return [
        TextCell(title, tip=title),
        TextCell(f"第{row.sequence}次", tip=row.exported_at.replace("T", " ")),
        TextCell(standing.filing if last else "", FILED[standing.filing], badge=True),
        TextCell(row.status, SENT.get(row.status, "neutral"), badge=True),
        TextCell(review, REVIEWED.get(review, "neutral"), badge=True),
        TextCell(f"{standing.modified:,}处" if last and standing.modified else "", "caution"),
    ]


def _details(row: Submission) -> str:
    exported = row.exported_at[:16].replace("T", " ")
    sealed = f"　{row.note}" if row.note else ""
    lines = [f"{row.file_name}　{row.row_count:,} 行　{exported} 导出{sealed}", f"校验码 {grouped(row.data_sha256)}"]
    if row.answered_at:
        note = f"：{row.answer_note}" if row.answer_note else ""
        lines.append(f"市里答复 {row.answered_at[:16].replace('T', ' ')} {row.answered_by}{note}")
    if row.recalled_at:
        lines.append(f"{row.recalled_at[:16].replace('T', ' ')} 撤回：{row.recall_reason}")
    return "\n".join(lines)
