"""An editor with a list under it: choices, yes/no, or rows of another table; and `editor_for` for any field."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from db.core.coercion import NO, YES
from db.core.errors import DataProblem
from db.core.field import Field
from db.core.values import UNREPORTED, Cell, State
from desktop import look
from desktop.session import Session
from desktop.widgets.field_editors import DateEditor, LineEditor, TextEditor
from desktop.widgets.option_list import Choice, OptionList

PAUSE = 80
STATE_WORDS = tuple(state.value for state in State)


def _is_piece_of_code(text: str, choice: Choice) -> bool:
    """Return whether a few figures found the choice by its code alone: too little to take it without being asked."""
    return text.isdigit() and text not in choice.text and text != choice.detail


class PickEditor(LineEditor):
    """A line with a list under it: choices, yes/no, or rows of another table, found by name, initials or code."""

    def __init__(
        self, field: Field, session: Session | None = None, parent: QWidget | None = None, *, in_cell: bool = False
    ) -> None:
        super().__init__(field, parent, in_cell=in_cell)
        self._session = session
        self._chosen: Choice | None = None
        self._offered: list[Choice] = []
        self._offered_for: str | None = None
        self._then: Callable[[], object] | None = None
        self.options = OptionList(self)
        self.options.picked.connect(self.pick)
        action = self.addAction(look.icon("chevron-down", "muted", 14), QLineEdit.ActionPosition.TrailingPosition)
        action.triggered.connect(self.offer_all)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.offer)
        self.textEdited.connect(self._edited)

    def _edited(self) -> None:
        self._chosen, self._then = None, None
        self._timer.start()

    def settle(self, then: Callable[[], object]) -> None:
        """Call `then` when the list answers what is typed; the marked line is taken before."""
        text = self.text().strip()
        if self._chosen is None and text and self._offered_for != text:
            self._timer.stop()
            self._then = then
            self._look_up(text)
            return
        marked = self.options.current() if self.options.isVisible() else None
        if marked is not None and self._chosen is None and not _is_piece_of_code(text, marked):
            self.pick(marked, tell=False)
        self.options.hide()
        then()

    def set_cell(self, cell: Cell, label: str = "") -> None:
        super().set_cell(cell, label)
        reference = self.field.ref and cell is not None and not isinstance(cell, State)
        if reference:
            self.setText(label)
        self._chosen = Choice(cell, self.text()) if reference else None

    def start_with(self, text: str) -> None:
        super().start_with(text)
        self._chosen, self._then = None, None

    def cell(self) -> Cell:
        if self._chosen is not None:
            return self._chosen.cell
        text = self.text().strip()
        if not self.field.ref or not text or text == UNREPORTED or text in STATE_WORDS:
            return self.field.parse(self._completed(text))
        answered = self._offered if self._offered_for == text else []
        only = [each for each in answered if text in (each.text, each.detail)]
        if len(only) != 1 and len(answered) == 1:
            only = answered
        if len(only) == 1:
            self.pick(only[0], tell=False)
            return only[0].cell
        raise DataProblem(f"「{self.field.title}」请从列表中选择。", advice="可以输入名称、拼音首字母或代码查找。")

    def _completed(self, text: str) -> str:
        """Return the one choice that begins with or is spelt by `text`, or `text` itself."""
        if not self.field.enum or text in self.field.enum:
            return text
        found = [each.text for each in self._static(text) if each.text] if text else []
        return found[0] if len(found) == 1 else text

    def label(self) -> str:
        return self._chosen.text if self._chosen is not None else ""

    def offer_all(self) -> None:
        """Show the whole list."""
        self.setFocus()
        self._look_up("")

    def offer(self) -> None:
        """Show what fits the text that is typed."""
        self._look_up(self.text().strip())

    def _look_up(self, text: str) -> None:
        if not self.field.ref:
            self._show(text, self._static(text))
        elif self._session is not None and self._session.is_open:
            table = self.field.ref

            def query(conn: sqlite3.Connection) -> list[Choice]:
                from db.work.references import options

                return [Choice(each.id, each.name, each.detail) for each in options(conn, table, text)]

            self._session.read(query, lambda found: self._show(text, found), owner=self)

    def _static(self, text: str) -> list[Choice]:
        words = list(self.field.enum) or [YES, NO]
        if text:
            from db.store.initials import initials

            wanted = text.lower()
            words = [word for word in words if wanted in word.lower() or initials(word).startswith(wanted)]
        choices = [Choice(word, word) for word in words]
        return choices if text or self.field.required else [Choice(None, ""), *choices]

    def _show(self, text: str, choices: Sequence[Choice]) -> None:
        self._offered, self._offered_for = list(choices), text
        if self.isVisible() and (self.hasFocus() or self.property("incell")):
            self.options.fill(choices, self.text(), first=bool(text))
        then, self._then = self._then, None
        if then is not None:
            self.settle(then)

    def pick(self, choice: Choice, *, tell: bool = True) -> None:
        """Take one line of the list."""
        self._timer.stop()
        self.options.hide()
        self.setText(choice.text)
        self._chosen = choice if self.field.ref else None
        if tell:
            self.chosen.emit()

    def popup_visible(self) -> bool:
        return self.options.isVisible()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.options.isVisible() and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.options.move_by(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_F4) and not self.options.isVisible():
            self.offer_all()
        elif self.options.isVisible() and key == Qt.Key.Key_Escape:
            self.options.hide()
        elif self.options.isVisible() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take_marked()
        else:
            super().keyPressEvent(event)

    def take_marked(self) -> None:
        """Take the marked line, or the only one that fits what is typed."""
        marked = self.options.current() or (self._offered[0] if len(self._offered) == 1 else None)
        if marked is not None:
            self.pick(marked)
        else:
            self.options.hide()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.options.hide()
        super().focusOutEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if not self.isReadOnly() and not self.text():
            self.offer_all()

    def hideEvent(self, event: QHideEvent) -> None:
        self.options.hide()
        super().hideEvent(event)


FieldEditor = LineEditor | TextEditor


def editor_for(
    field: Field, session: Session | None = None, parent: QWidget | None = None, *, in_cell: bool = False
) -> FieldEditor:
    """Return the editor for `field`; references look their rows up through `session`."""
    made: FieldEditor
    if field.ref or field.enum or field.type == "boolean":
        made = PickEditor(field, session, parent, in_cell=in_cell)
    elif field.type == "date":
        made = DateEditor(field, parent, in_cell=in_cell)
    elif field.multiline:
        made = TextEditor(field, parent, in_cell=in_cell)
    else:
        made = LineEditor(field, parent, in_cell=in_cell)
    made.setReadOnly(field.read_only)
    return made
