"""Editors made from a field's definition: for a line of a form and for a cell of the grid.

Each keeps what was typed until it can be read: `cell()` gives the value or raises the field's own sentence.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QDate, QEvent, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from db.core.dates import parse_date
from db.core.errors import DataProblem
from db.core.field import Field
from db.core.values import UNREPORTED, Cell, State
from desktop import look
from desktop.widgets.basics import restyle

STATE_TIPS = {
    None: "还没有填报",
    State.NOT_APPLICABLE: "本县（单位）没有这项内容，视为已填报",
    State.NO_DATA: "本期数据还没有公布，视为已填报",
}


class LineEditor(QLineEdit):
    """One line for text, numbers, years: what is typed is read by the field.

    `left` is emitted when the keyboard goes elsewhere, `chosen` when a value was picked from a list or menu.
    """

    left = Signal()
    chosen = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None, *, in_cell: bool = False) -> None:
        super().__init__(parent)
        self.field = field
        self.setProperty("editor", True)
        self.setProperty("incell", in_cell)
        self.setAccessibleName(field.heading)
        if field.is_number:
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if not in_cell and (field.is_number or field.type == "date") and field.takes_states and not field.read_only:
            self._offer_states()

    def _offer_states(self) -> None:
        action = QAction(look.icon("more", "muted"), f"{UNREPORTED}、不涉及、暂无数据", self)
        action.triggered.connect(self._show_states)
        sides = QLineEdit.ActionPosition
        self.addAction(action, sides.LeadingPosition if self.field.is_number else sides.TrailingPosition)

    def _show_states(self) -> None:
        menu = states_menu(self, self.take)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def set_cell(self, cell: Cell, label: str = "") -> None:
        """Show a value; `label` is the name that a reference points to."""
        self.setText(label or self.field.edit(cell))
        self.setCursorPosition(0)
        restyle(self, "wrong", False)

    def cell(self) -> Cell:
        """Return the value of what is typed; DataProblem when it cannot be read."""
        return self.field.parse(self.text())

    def label(self) -> str:
        """Return the name of a chosen reference, "" elsewhere."""
        return ""

    def take(self, cell: Cell) -> None:
        """Show a value that was picked and say so."""
        self.set_cell(cell)
        self.chosen.emit()

    def start_with(self, text: str) -> None:
        """Begin anew with what was typed onto the cell."""
        self.setText(text)
        self.setCursorPosition(len(text))

    def popup_visible(self) -> bool:
        """Return whether a list or calendar of this editor is open: the keys are then its own."""
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()

    def event(self, event: QEvent) -> bool:
        # With nothing typed, Ctrl+Z belongs to the window: it undoes the last step.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undoes = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            redoes = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if undoes or redoes:
                event.ignore()
                return False
        return super().event(event)


class DateEditor(LineEditor):
    """A line for a date, with a calendar behind its button."""

    def __init__(self, field: Field, parent: QWidget | None = None, *, in_cell: bool = False) -> None:
        super().__init__(field, parent, in_cell=in_cell)
        self._calendar: QFrame | None = None
        action = self.addAction(look.icon("calendar", "muted"), QLineEdit.ActionPosition.TrailingPosition)
        action.setToolTip("日历")
        action.triggered.connect(self.show_calendar)
        if not in_cell:
            self.setPlaceholderText("如 2022-03-15")

    def show_calendar(self) -> None:
        """Open the calendar at the date that is typed."""
        frame = QFrame(self, Qt.WindowType.Popup)
        frame.setObjectName("popup")
        frame.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        calendar.setGridVisible(False)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        try:
            typed = parse_date(self.text())
            calendar.setSelectedDate(QDate(typed.year, typed.month, typed.day))
        except DataProblem:
            pass  # no date yet: the calendar begins at today
        calendar.clicked.connect(self._pick)
        column = QVBoxLayout(frame)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(calendar)
        frame.adjustSize()
        frame.move(self.mapToGlobal(self.rect().bottomLeft()))
        frame.show()
        self._calendar = frame
        frame.destroyed.connect(self._calendar_gone)

    def _calendar_gone(self) -> None:
        self._calendar = None

    def _pick(self, day: QDate) -> None:
        if self._calendar is not None:
            self._calendar.close()
        self.take(self.field.parse(day.toString("yyyy-MM-dd")))

    def popup_visible(self) -> bool:
        return self._calendar is not None


class TextEditor(QPlainTextEdit):
    """Several lines for long text; in a cell Enter ends it and Alt+Enter breaks the line."""

    left = Signal()
    chosen = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None, *, in_cell: bool = False) -> None:
        super().__init__(parent)
        self.field = field
        self.setProperty("editor", True)
        self.setProperty("incell", in_cell)
        self.setAccessibleName(field.heading)
        self.setTabChangesFocus(True)
        if not in_cell:
            self.setFixedHeight(78)

    def set_cell(self, cell: Cell, label: str = "") -> None:
        """Show a value."""
        self.setPlainText(label or self.field.edit(cell))
        restyle(self, "wrong", False)

    def text(self) -> str:
        """Return what is typed."""
        return self.toPlainText()

    def cell(self) -> Cell:
        """Return the value of what is typed; DataProblem when it cannot be read."""
        return self.field.parse(self.toPlainText())

    def label(self) -> str:
        """Return "": long text refers to nothing."""
        return ""

    def start_with(self, text: str) -> None:
        """Begin anew with what was typed onto the cell."""
        self.setPlainText(text)
        self.moveCursor(self.textCursor().MoveOperation.End)

    def popup_visible(self) -> bool:
        """Return False: it has no list."""
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undoes = event.matches(QKeySequence.StandardKey.Undo) and not self.document().isUndoAvailable()
            redoes = event.matches(QKeySequence.StandardKey.Redo) and not self.document().isRedoAvailable()
            if undoes or redoes:
                event.ignore()
                return False
        return super().event(event)


def states_menu(parent: QWidget, take: Callable[[Cell], object]) -> QMenu:
    """Return the menu 未报 / 不涉及 / 暂无数据; `take(cell)` is called with the one that is chosen."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    for state, tip in STATE_TIPS.items():
        action = menu.addAction(state.value if state is not None else UNREPORTED)
        action.setToolTip(tip)
        action.triggered.connect(lambda _checked=False, state=state: take(state))
    return menu
