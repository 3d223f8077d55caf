"""导入 Excel: what the workbook would change, row by row, before anything is written."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QWidget

from db.exchange.breakdown_read import LABEL, apply_breakdown
from db.exchange.breakdown_reading import Fate, Reading, RowOutcome
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.session import Session
from desktop.widgets.basics import Tone, allow, label
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

MOST_SHOWN, WIDTH = 1_000, 900
TONES: dict[Fate, Tone] = {
    Fate.NEW: "good",
    Fate.CHANGED: "notice",
    Fate.CLEARED: "caution",
    Fate.CONFLICT: "bad",
    Fate.REFUSED: "bad",
    Fate.SAME: "neutral",
}
_FIRST = (Fate.REFUSED, Fate.CONFLICT, Fate.CLEARED, Fate.CHANGED, Fate.NEW)


class BreakdownImportDialog(FormDialog):
    """Imports in one step; rows with problems have to be left out by a tick of the clerk's, or nothing is written."""

    def __init__(self, session: Session, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__("导入 Excel", f"导入任务分解：{reading.file}", "导入", parent, width=WIDTH)
        self._session, self.reading = session, reading
        self.stopped = reading.count(Fate.REFUSED) + reading.count(Fate.CONFLICT)
        self.counts = label(reading.sentence() + "。", wrap=True)
        self.body.addWidget(self.counts)
        for note in reading.notes:
            self.body.addWidget(label(note, "secondary", wrap=True))
        self.table = SimpleTable(
            [Column("结果", 74), Column("行", 56, number=True), Column("责任主体、任务", 330), Column("改动或问题")]
        )
        rows = sorted(
            (row for row in reading.rows if row.fate is not Fate.SAME), key=lambda row: _FIRST.index(row.fate)
        )
        self.table.show_rows([_cells(row) for row in rows[:MOST_SHOWN]])
        self.table.setMinimumHeight(300)
        self.body.addWidget(self.table, 1)
        if len(rows) > MOST_SHOWN:
            self.body.addWidget(label(f"只列出前{MOST_SHOWN:,}行，共{len(rows):,}行。", "secondary"))
        if not rows:
            self.table.hide()
            self.body.addWidget(label("工作簿里没有改动。", "secondary"))
        self.leave_out = QCheckBox(f"略过有问题或有冲突的{self.stopped}行，只导入其余的")
        self.leave_out.setVisible(bool(self.stopped and reading.writes))
        self.leave_out.toggled.connect(lambda _: self._tell())
        self.body.addWidget(self.leave_out)
        self._tell()

    def _tell(self) -> None:
        writes = self.reading.writes
        self.accept_button.setText(f"导入{writes}条" if writes else "导入")
        allowed = not self.stopped or self.leave_out.isChecked()
        allow(self.accept_button, not self._session.read_only, bool(writes) and allowed)
        mend = "请在工作簿里改好再导入，或略过。"
        self.tell(mend if self.stopped and not self.leave_out.isChecked() else "")

    def save(self, done: Done, failed: Failed) -> None:
        reading, catalogue, leave_out = self.reading, self._session.catalogue, self.leave_out.isChecked()

        def taken(count: int) -> None:
            self._session.notice.emit(f"已导入{count}条分解。")
            done(count)

        self._session.write(
            LABEL, lambda op: apply_breakdown(op, catalogue, reading, leave_out=leave_out), taken, failed
        )


def _cells(row: RowOutcome) -> list[TextCell]:
    problems = "　".join(
        f"{problem.place.partition('!')[2]}：{problem.message}{problem.advice}" for problem in row.problems
    )
    words = problems or "；".join(row.changes)
    return [
        TextCell(row.fate.value, TONES[row.fate], badge=True),
        TextCell(f"{row.number:,}"),
        TextCell(row.what, tip=row.what),
        TextCell(words, "bad" if row.problems else "", tip=words),
    ]
