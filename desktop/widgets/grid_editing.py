"""Editing a cell in place: the field's own editor over it, and the sentence under it while it cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from db.core.errors import DataProblem
from desktop.models.grid_model import CELL_ROLE, GridModel
from desktop.widgets.basics import label, restyle
from desktop.widgets.field_editors import TextEditor
from desktop.widgets.pick_editor import FieldEditor, PickEditor, editor_for

if TYPE_CHECKING:
    from desktop.widgets.grid import Grid

Index = QModelIndex | QPersistentModelIndex
LONG_HEIGHT, LONG_WIDTH = 120, 260


class Bubble(QFrame):
    """A sentence under an editor."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("bubble")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.sentence: QLabel = label("", wrap=True)
        self.sentence.setMaximumWidth(360)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sentence)
        self.hide()

    def say(self, text: str, under: QWidget) -> None:
        """Show `text` under (or above, at the window's edge) the widget `under`."""
        host = under.window()
        if self.parent() is not host:
            self.setParent(host)
        self.sentence.setText(text)
        width = min(self.sentence.fontMetrics().horizontalAdvance(text) + 22, 360)
        self.sentence.setFixedWidth(width)
        self.adjustSize()
        at = under.mapTo(host, under.rect().bottomLeft())
        top = at.y() + 3
        if top + self.height() > host.height() - 30:
            top = under.mapTo(host, under.rect().topLeft()).y() - self.height() - 3
        self.move(min(at.x(), max(host.width() - self.width() - 6, 0)), top)
        self.show()
        self.raise_()


class CellEditing(QObject):
    """The one open editor of a grid, bound to a row by its id: it survives scrolling and new orders of rows."""

    def __init__(self, grid: Grid, model: GridModel) -> None:
        super().__init__(grid)
        self._grid = grid
        self._model = model
        self.editor: FieldEditor | None = None
        self.bubble = Bubble(grid)
        self._index = QPersistentModelIndex()
        self._row_id = ""
        self._column = 0
        self._typed_over = False

    @property
    def is_open(self) -> bool:
        """Return whether a cell is being edited."""
        return self.editor is not None

    def open(self, index: Index, text: str | None = None) -> bool:
        """Edit the cell; `text` is what was typed onto it. Return False when it cannot be edited now."""
        if not self.finish() or not index.isValid() or not self._model.can_edit(index.column()):
            return False
        row_id = self._model.row_id(index.row())
        if not row_id:
            return False
        view = self._grid.view_of(index.column())
        field = self._model.fields[index.column()]
        editor = editor_for(field, self._model.session, view.viewport(), in_cell=True)
        self._index, self._row_id, self._column = QPersistentModelIndex(index), row_id, index.column()
        self._typed_over = text is not None
        self.editor = editor
        if text is None:
            cell = index.data(CELL_ROLE)
            editor.set_cell(cell, str(index.data(Qt.ItemDataRole.DisplayRole) or "") if field.ref else "")
            editor.selectAll()
        else:
            editor.start_with(text)
        editor.installEventFilter(self)
        editor.left.connect(self._left)
        editor.chosen.connect(self._chosen)
        self.place()
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(editor, PickEditor):
            editor.offer() if text else editor.offer_all()
        return True

    def place(self) -> None:
        """Put the editor over its cell; outside the visible part it waits unseen, still holding what was typed."""
        if self.editor is None or not self._index.isValid():
            return
        view = self._grid.view_of(self._index.column())
        area = view.visualRect(self._model.index(self._index.row(), self._index.column()))
        if isinstance(self.editor, TextEditor):
            area.setHeight(min(LONG_HEIGHT, max(view.viewport().height() - area.top(), area.height())))
            area.setWidth(max(area.width(), LONG_WIDTH))
        self.editor.setGeometry(area)
        if self.bubble.isVisible():
            self.bubble.say(self.bubble.sentence.text(), self.editor)

    def finish(self) -> bool:
        """Save what was typed and close; return False when it cannot be read: the editor then stays."""
        editor = self.editor
        if editor is None:
            return True
        try:
            cell = editor.cell()
        except DataProblem as problem:
            self._refuse(str(problem))
            return False
        name, row_id, column = editor.label(), self._row_id, self._column
        index = self._model.index(self._index.row(), column) if self._index.isValid() else QModelIndex()
        self._close()
        self._model.set_cell(row_id, column, cell, name, index.row())
        return True

    def _refuse(self, sentence: str) -> None:
        if self.editor is not None:
            restyle(self.editor, "wrong", True)
            self.bubble.say(sentence, self.editor)

    def cancel(self) -> None:
        """Close without saving."""
        self._close()

    def _close(self) -> None:
        editor, self.editor = self.editor, None
        self.bubble.hide()
        if editor is not None:
            editor.removeEventFilter(self)
            editor.left.disconnect(self._left)
            editor.chosen.disconnect(self._chosen)
            if editor.hasFocus():
                # Before it is hidden: Qt would look for the next widget in the chain, and a view would move its cursor.
                self._grid.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(editor, PickEditor):
                editor.options.hide()
                editor.options.deleteLater()
            editor.hide()
            editor.deleteLater()

    def _left(self) -> None:
        if self.editor is not None and not self.editor.popup_visible():
            self.finish()

    def _chosen(self) -> None:
        self.finish()

    def follow(self) -> None:
        """After a new order of rows: stay with the row; when it is gone, keep what was typed on the clipboard."""
        if self.editor is None:
            return
        if self._index.isValid() and self._model.row_id(self._index.row()) in (self._row_id, ""):
            self.place()
        else:
            self._model.find(self._row_id, self._move_to, self._rescue)

    def _move_to(self, row: int) -> None:
        if self.editor is not None:
            self._index = QPersistentModelIndex(self._model.index(row, self._column))
            self.place()

    def _rescue(self) -> None:
        if self.editor is None:
            return
        text = self.editor.text()
        self._close()
        if text:
            QGuiApplication.clipboard().setText(text)
            problem = DataProblem(
                f"这一行已不在表中，刚才输入的“{text}”没有保存。", advice="内容已放到剪贴板，可以粘贴。"
            )
            self._grid.session.problem.emit(problem)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.editor or self.editor is None:
            return False
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()
                return True
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        editor, key = self.editor, Qt.Key(event.key())
        assert editor is not None
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Escape:
            if isinstance(editor, PickEditor) and editor.popup_visible():
                return False
            self.cancel()
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._settle_and_go(0, -1 if key == Qt.Key.Key_Backtab else 1)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(editor, TextEditor) and modifiers & Qt.KeyboardModifier.AltModifier:
                editor.insertPlainText("\n")
                return True
            self._settle_and_go(-1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1, 0)
            return True
        if self._typed_over and key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not editor.popup_visible():
            self._go(1 if key == Qt.Key.Key_Down else -1, 0)
            return True
        return False

    def _settle_and_go(self, down: int, right: int) -> None:
        """Let an open list answer first, then leave the cell."""
        editor = self.editor
        if isinstance(editor, PickEditor):
            editor.settle(lambda: self._go(down, right) if self.editor is editor else None)
        else:
            self._go(down, right)

    def _go(self, down: int, right: int) -> None:
        if self.finish():
            self._grid.step(down, right)
