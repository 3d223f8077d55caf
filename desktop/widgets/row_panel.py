"""What stands beside a grid: the current row as a form, a warning about it, and its proof files."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from db.core.fields import TableSchema
from db.store.records import Row
from desktop.session import Session
from desktop.widgets.basics import Card, ElidedLabel, label, link_button
from desktop.widgets.evidence_panel import EvidencePanel
from desktop.widgets.record_form import RecordForm
from desktop.widgets.remark_note import RemarkNote

NO_ROW = "没有选中的行"


class RowPanel(QWidget):
    """Follows `show_row`; `led_to` carries the id of another row that a warning points to."""

    led_to = Signal(str)
    evidence_counted = Signal(int)

    def __init__(
        self, session: Session, schema: TableSchema, parent: QWidget | None = None, *, with_evidence: bool
    ) -> None:
        super().__init__(parent)
        self._schema = schema
        self._other_row = ""
        self._at = ("", "")
        self.form = RecordForm(session, schema)
        self.evidence = EvidencePanel(session) if with_evidence else None
        self.title = ElidedLabel(NO_ROW, "title")
        self.warning = label("", wrap=True, tone="caution")
        self.go = link_button("看那一行", lambda: self.led_to.emit(self._other_row))
        self.remarks = RemarkNote(session)
        self.form_card = Card()
        self.head = QHBoxLayout()
        self.head.setSpacing(4)
        self.head.addWidget(self.title, 1)
        self.form_card.body.addLayout(self.head)
        self.form_card.body.addWidget(self.remarks)
        self.form_card.body.addWidget(self.warning)
        self.form_card.body.addWidget(self.go)
        self.form_card.body.addWidget(self.form, 1)
        self.parts = QSplitter(Qt.Orientation.Vertical)
        self.parts.setHandleWidth(12)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(self.form_card)
        if self.evidence is not None:
            self.evidence.setProperty("card", True)
            self.evidence.setMinimumHeight(132)
            self.parts.addWidget(self.evidence)
            self.parts.setSizes([470, 170])
            self.evidence.count_changed.connect(self.evidence_counted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.parts)
        self.form.row_loaded.connect(self._loaded)
        self.warn("")

    def show_row(self, row_id: str, field: str = "") -> None:
        """Show the row with this id, "" for none, with its `field` in sight and what is remarked on that first."""
        moved = (row_id, field) != self._at
        self._at = row_id, field
        self.form.show_row(row_id)
        if moved:
            self.form.show_field(field)
        self.remarks.show_rows(((self._schema.table, row_id),) if row_id else (), field)

    def show_parts(self, *, form: bool, evidence: bool) -> None:
        """Show or hide the form and the proof files; without either nothing is left of the panel."""
        self.form_card.setVisible(form)
        if self.evidence is not None:
            self.evidence.setVisible(evidence)
        self.setVisible(form or (evidence and self.evidence is not None))

    def warn(self, sentence: str, other_row: str = "") -> None:
        """Show a warning about the row, with the way to the row that it speaks of; "" takes it away."""
        self._other_row = other_row
        self.warning.setText(sentence)
        self.warning.setVisible(bool(sentence))
        self.go.setVisible(bool(sentence) and bool(other_row))

    def _loaded(self, row: Row | None) -> None:
        title = row_title(self._schema, row)
        self.title.setText(title or NO_ROW)
        if self.evidence is not None:
            live = row is not None and row.deleted_at is None
            self.evidence.show_row(self._schema.table if live else "", row.id if live and row else "", title)


def row_title(schema: TableSchema, row: Row | None) -> str:
    """Return what people call the row, "" for none."""
    if row is None:
        return ""
    return str(row.values.get(schema.initials_of or "name") or "（未填名称）")
