"""The form of the clause or target that is looked at; what is typed is told when the field is left."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from db.core.errors import DataProblem
from db.plan.model import Clause, Target
from db.plan.review_fields import Kind, cells_of, fields_of, value_of
from desktop.session import Session
from desktop.widgets.form_field import FormField, is_short

COLUMNS = 2


class ReviewForm(QStackedWidget):
    """Shows a clause or target; `entered(thing, name, value)` carries a changed field with the model's value."""

    entered = Signal(object, str, object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.thing: Clause | Target | None = None
        self.addWidget(QWidget())
        self.fields: dict[Kind, dict[str, FormField]] = {}
        self._areas: dict[Kind, QScrollArea] = {}
        kinds: tuple[Kind, ...] = (Target, Clause)
        for kind in kinds:
            self._areas[kind] = self._build(kind)
            self.addWidget(self._areas[kind])

    def _build(self, kind: Kind) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 10, 4)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(7)
        row = place = 0
        self.fields[kind] = {}
        for entry in fields_of(kind):
            made = FormField(entry, self._session)
            made.entered.connect(self._tell)
            self.fields[kind][entry.name] = made
            wide = not is_short(entry) and entry.name not in _HALF
            if wide and place:
                row, place = row + 1, 0
            grid.addWidget(made, row, place, 1, COLUMNS if wide else 1)
            place = 0 if wide else (place + 1) % COLUMNS
            row += place == 0
        for number in range(COLUMNS):
            grid.setColumnStretch(number, 1)
        column.addLayout(grid)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        return area

    def show_thing(self, thing: Clause | Target | None, *, editable: bool = True) -> None:
        """Show a clause or target; None shows nothing. What cannot be read of the one before is given up."""
        self.thing = thing
        if thing is None:
            self.setCurrentIndex(0)
            return
        kind: Kind = type(thing)
        cells = cells_of(thing)
        for name, field in self.fields[kind].items():
            field.show_cell(cells[name])
            field.setEnabled(editable)
        self.setCurrentWidget(self._areas[kind])

    def commit(self) -> None:
        """Tell what is typed in the field that has the keyboard."""
        if self.thing is not None:
            for field in self.fields[type(self.thing)].values():
                field.commit()

    def _tell(self, field: FormField) -> None:
        if self.thing is None:
            return
        kind: Kind = type(self.thing)
        name = field.field.name
        try:
            value = value_of(kind, name, field.known)
        except DataProblem as problem:
            field.show_cell(cells_of(self.thing)[name])
            field.say(str(problem))
            return
        self.entered.emit(self.thing, name, value)


_HALF = frozenset({"unit", "county_unit", "mode"})
"""Fields whose words are short, though their definition does not say so."""
