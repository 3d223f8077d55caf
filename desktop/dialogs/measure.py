"""记录措施: what was done about somebody who is late, or what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from db.core.errors import DataProblem
from db.core.fields import load_schema
from db.core.values import Cell
from db.store.operation import Operation
from db.work.monthly.measures import Measure, add_measure, change_measure
from desktop.dialogs.form_dialog import Done, Failed, FormDialog
from desktop.session import Session
from desktop.widgets.form_field import FormField

FIELDS = ("kind", "taken_on", "document_number", "result", "note")


class MeasureDialog(FormDialog):
    """Records one measure against each of `whom` (kind, id, task id), or changes the one that is given."""

    def __init__(
        self,
        session: Session,
        heading: str,
        whom: Sequence[tuple[str, str, str]] = (),
        measure: Measure | None = None,
        *,
        today: date,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("督办措施", heading, "保存", parent)
        self._session, self._whom, self._measure = session, list(whom), measure
        schema = load_schema("measure_taken")
        self.fields = {name: FormField(schema.field(name), session) for name in FIELDS}
        for name, field in self.fields.items():
            known: Cell = getattr(measure, name) if measure is not None else today if name == "taken_on" else None
            field.show_cell(known or None)
            self.body.addWidget(field)
        self.fields["kind" if measure is None else "result"].editor.setFocus()

    def values(self) -> dict[str, Cell]:
        """Return what is filled in; DataProblem for what cannot be read."""
        return {name: field.editor.cell() for name, field in self.fields.items()}

    def save(self, done: Done, failed: Failed) -> None:
        try:
            values = self.values()
        except DataProblem as problem:
            failed(problem)
            return
        measure, whom = self._measure, self._whom

        def action(op: Operation) -> None:
            if measure is not None:
                change_measure(op, measure.id, values)
            for kind, who, task_id in whom:
                own = {**values, "task_id": task_id or None}
                add_measure(op, assignee_kind=kind, assignee_id=who, values=own)

        label = f"{values['kind'] or '督办措施'}：{self.heading.text()}"[:60]
        self._session.write(label, action, done, failed)
