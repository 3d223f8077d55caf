"""One field of a form: its name with unit, the editor, and under it what is wrong or, while it is edited, the help."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from db.core.errors import DataProblem
from db.core.field import Field
from db.core.values import Cell
from desktop.session import Session
from desktop.widgets.basics import label, restyle
from desktop.widgets.pick_editor import PickEditor, editor_for

SHORT_TYPES = ("number", "integer", "date", "year", "boolean")
SHORT_ENUM = 6


def is_short(field: Field) -> bool:
    """Return whether two such fields have room beside each other."""
    return field.type in SHORT_TYPES or (bool(field.enum) and max(map(len, field.enum)) <= SHORT_ENUM)


class FormField(QWidget):
    """Keeps the value it was given as `known`; `entered(field)` when something else can be read, `refused(field)` not.

    What was typed and cannot be read stays with its sentence under it.
    """

    entered = Signal(object)
    refused = Signal(object)

    def __init__(self, field: Field, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.known: Cell = None
        self._known_text = ""
        self.editor = editor_for(field, session)
        self.editor.left.connect(self.commit)
        self.editor.chosen.connect(self.commit)
        self.editor.installEventFilter(self)
        self.problem = label("", "problem", wrap=True)
        self.help = label(field.help, "small", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(self._name())
        column.addWidget(self.editor)
        for part in (self.problem, self.help):
            part.hide()
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            column.addWidget(part)

    def _name(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(3)
        name = label(self.field.heading, "field", wrap=True)
        name.setBuddy(self.editor)
        name.setToolTip(self.field.help)
        row.addWidget(name, 0 if self.field.required else 1)
        if self.field.required:
            star = label("*", tone="bad")
            star.setToolTip("必填")
            row.addWidget(star, 1, Qt.AlignmentFlag.AlignLeft)
        return row

    @property
    def is_dirty(self) -> bool:
        """Return whether something is typed that is not the known value."""
        return self.editor.text() != self._known_text

    def show_cell(self, cell: Cell, name: str = "") -> None:
        """Show a saved value; `name` is what a reference points to."""
        self.known = cell
        self.editor.set_cell(cell, name if self.field.ref else "")
        self._known_text = self.editor.text()
        self.say("")

    def show_draft(self, text: str) -> None:
        """Show again what was typed and could not be read."""
        self.editor.start_with(text)
        self.commit()

    def commit(self) -> bool:
        """Read what is typed; return False when it cannot be read."""
        if not self.is_dirty or self.editor.isReadOnly():
            if not self.is_dirty:
                self.say("")
            return True
        if isinstance(self.editor, PickEditor):
            self.editor.settle(self._read)
            return not self.property("refused")
        self._read()
        return not self.property("refused")

    def _read(self) -> None:
        try:
            cell = self.editor.cell()
        except DataProblem as problem:
            self.setProperty("refused", True)
            self.say(str(problem).replace(f"「{self.field.title}」", "", 1))
            self.refused.emit(self)
            return
        self.setProperty("refused", False)
        changed = cell != self.known
        self.show_cell(cell, self.editor.label())
        if changed:
            self.entered.emit(self)

    def say(self, sentence: str) -> None:
        """Show what is wrong under the editor; "" takes it away."""
        self.setProperty("refused", bool(sentence))
        restyle(self.editor, "wrong", bool(sentence))
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.help.setVisible(bool(self.field.help))
        elif event.type() == QEvent.Type.FocusOut:
            self.help.hide()
        return super().eventFilter(watched, event)
