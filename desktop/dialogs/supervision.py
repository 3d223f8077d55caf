"""督办单…: to whom of those who are behind, with which number, to be answered by when, into which folder."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from db.core.dates import parse_date
from db.core.errors import DataProblem
from db.core.field import Field
from db.reports.task_sheet import SheetOwner
from desktop.dialogs.papers import PDF, PapersDialog
from desktop.session import Session
from desktop.widgets.basics import label
from desktop.widgets.field_editors import DateEditor

REPLY = Field("reply_by", "反馈期限", type="date")


class SupervisionDialog(PapersDialog):
    """Those of the `owners` that are `chosen` are checked at first, None: all of them.

    `issued(keys, folder, as_pdf, number, reply_by, recorded)`; `recorded`: they are to count as measures taken.
    """

    issued = Signal(object, object, bool, str, object, bool)

    def __init__(
        self,
        session: Session,
        owners: Sequence[SheetOwner],
        folder: Path,
        reply_by: date,
        parent: QWidget | None = None,
        *,
        chosen: Collection[tuple[str, str]] | None = None,
    ) -> None:
        super().__init__(session, "督办单", folder, parent, having="逾期或滞后")
        self.number = QLineEdit()
        self.number.setPlaceholderText("可以不填")
        self.number.setAccessibleName("文号")
        self.number.setMaxLength(80)
        self.reply_by = DateEditor(REPLY)
        self.reply_by.set_cell(reply_by)
        self.recorded = QCheckBox("同时记入督办措施")
        self.recorded.setChecked(not session.read_only)
        self.recorded.setEnabled(not session.read_only)
        row = QHBoxLayout()
        row.addWidget(label("文号", "secondary"))
        row.addWidget(self.number, 1)
        row.addSpacing(10)
        row.addWidget(label("反馈期限", "secondary"))
        row.addWidget(self.reply_by)
        self.body.addLayout(row)
        self.body.addWidget(self.recorded)
        self.show_owners(owners, chosen)

    def accept(self) -> None:
        folder = Path(self.folder.text().strip())
        try:
            reply_by = parse_date(self.reply_by.text())
        except DataProblem as problem:
            self.tell(str(problem))
            return
        if not folder.is_absolute():
            self.tell("请写完整的文件夹路径，或点“选择…”。")
            return
        keys, as_pdf = [who.key for who in self.model.checked], self.format.value == PDF
        number, recorded = self.number.text().strip(), self.recorded.isChecked()
        super().accept()
        self.issued.emit(keys, folder, as_pdf, number, reply_by, recorded)
