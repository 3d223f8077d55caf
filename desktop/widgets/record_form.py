"""A form for one row of any table, made from the table's definition; every field is saved when it is left."""

from __future__ import annotations

import sqlite3
from itertools import groupby

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.errors import SijianError
from db.core.fields import TableSchema, is_relevant, row_problems
from db.store import records
from db.store.records import Row
from desktop.session import Session
from desktop.widgets.basics import label, rule
from desktop.widgets.form_field import FormField, is_short

COLUMNS = 2


class RecordForm(QScrollArea):
    """Shows the row `show_row(id)` of `schema`, "" for none.

    What cannot be read is kept as a draft of its row and is there again when the row is. `row_loaded(Row)` follows
    every row that is shown, None when there is none.
    """

    row_loaded = Signal(object)

    def __init__(
        self, session: Session, schema: TableSchema, parent: QWidget | None = None, *, columns: int = COLUMNS
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.schema = schema
        self.row_id = ""
        self._shown_id = ""
        self.fields: dict[str, FormField] = {}
        self._sought = ""
        self._drafts: dict[tuple[str, str], str] = {}
        self._columns = columns
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._build())
        self._enable(False)
        session.changed.connect(self._on_changed)

    def _build(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 10, 6)
        column.setSpacing(10)
        for number, (group, members) in enumerate(groupby(self.schema.fields, key=lambda each: each.group)):
            if number:
                column.addWidget(rule())
            if group:
                column.addWidget(label(group, "title"))
            column.addLayout(self._grid([self._field(field.name) for field in members]))
        column.addStretch(1)
        return inner

    def _field(self, name: str) -> FormField:
        made = FormField(self.schema.field(name), self.session)
        made.entered.connect(self._save)
        made.refused.connect(self._keep_draft)
        made.editor.installEventFilter(self)
        self.fields[name] = made
        return made

    def _grid(self, members: list[FormField]) -> QGridLayout:
        """Put short fields beside each other, the others across."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(9)
        row = column = 0
        for member in members:
            wide = not is_short(member.field) or self._columns == 1
            if wide and column:
                row, column = row + 1, 0
            top = Qt.AlignmentFlag.AlignTop
            if wide:
                grid.addWidget(member, row, 0, 1, self._columns)
            else:
                grid.addWidget(member, row, column, top)
            column = 0 if wide else (column + 1) % self._columns
            row += column == 0
        for each in range(self._columns):
            grid.setColumnStretch(each, 1)
        return grid

    def _enable(self, enabled: bool) -> None:
        widget = self.widget()
        if widget is not None:
            widget.setEnabled(enabled)

    # -- which row --------------------------------------------------------------------------------------------

    def show_row(self, row_id: str) -> None:
        """Show the row with this id; what was typed before is saved or kept as a draft."""
        if row_id == self.row_id:
            return
        self.commit()
        self.row_id = row_id
        if row_id:
            self.reload()
        else:
            self._show(None)

    def reload(self) -> None:
        """Read the row anew; fields in which something is typed keep it."""
        row_id, schema = self.row_id, self.schema

        def read(conn: sqlite3.Connection) -> Row | None:
            return records.get(conn, schema, row_id)

        self.session.read(read, lambda row: self._show(row) if row_id == self.row_id else None, owner=self)

    def _show(self, row: Row | None) -> None:
        live = row is not None and row.deleted_at is None
        same, self._shown_id = self.row_id == self._shown_id, self.row_id
        self._enable(live and not self.session.read_only)
        values = row.values if row is not None else {}
        problems = row_problems(self.schema, values) if live else {}
        for name, each in self.fields.items():
            if same and each.editor.hasFocus() and each.is_dirty and row is not None:
                continue
            each.show_cell(values.get(name), row.labels.get(name, "") if row is not None else "")
            draft = self._drafts.get((self.row_id, name))
            problem = problems.get(name)
            each.setVisible(problem is not None or draft is not None or is_relevant(each.field, values))
            if draft is not None:
                each.show_draft(draft)
            elif problem is not None and problem.code != "required":
                each.say(problem.message.replace(f"「{each.field.title}」", "", 1) + problem.advice)
        if self._sought:
            self._seek()
        self.row_loaded.emit(row)

    def _on_changed(self, changes: Changes) -> None:
        references = [each.field.ref for each in self.fields.values() if each.field.ref]
        ids = changes.rows.get(self.schema.table)
        if self.row_id and (
            changes.touches(*references) or (changes.touches(self.schema.table) and (ids is None or self.row_id in ids))
        ):
            self.reload()

    # -- saving -----------------------------------------------------------------------------------------------

    def commit(self) -> bool:
        """Save what is typed in any field; return False when something cannot be read (it is kept as a draft)."""
        results = [each.commit() for each in self.fields.values() if each.is_dirty]
        return all(results)

    def _save(self, entered: FormField) -> None:
        field, cell, row_id, schema = entered.field, entered.known, self.row_id, self.schema
        self._drafts.pop((row_id, field.name), None)
        if not row_id:
            return

        def failed(error: Exception) -> None:
            if isinstance(error, SijianError) and self.row_id == row_id:
                entered.say(str(error))
            elif isinstance(error, SijianError):
                self.session.problem.emit(error)

        self.session.write(
            f"修改「{schema.title}」的{field.title}",
            lambda op: records.update(op, schema, row_id, {field.name: cell}),
            failed=failed,
        )

    def _keep_draft(self, refused: FormField) -> None:
        if self.row_id:
            self._drafts[self.row_id, refused.field.name] = refused.editor.text()
            self.ensureWidgetVisible(refused, 0, 40)

    # -- showing a field --------------------------------------------------------------------------------------

    def show_field(self, name: str) -> None:
        """Bring a field into sight, now or when its row is there; one in which the clerk is at work is not left."""
        self._sought = name
        if self.row_id == self._shown_id:
            self._seek()

    def _seek(self) -> None:
        name, self._sought = self._sought, ""
        found, inner, focused = self.fields.get(name), self.widget(), QApplication.focusWidget()
        at_work = focused is not None and self.isAncestorOf(focused)
        if found is None or inner is None or at_work:
            return
        layout = inner.layout()
        if layout is not None:
            layout.activate()  # which fields there are depends on the row
        self.ensureWidgetVisible(found, 0, 40)

    # -- keys -------------------------------------------------------------------------------------------------

    def focus_field(self, name: str) -> None:
        """Put the keyboard into a field and show it."""
        editor = self.fields[name].editor
        self.ensureWidgetVisible(self.fields[name])
        editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.ensureWidgetVisible(watched, 0, 40)
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(watched, event)
        return super().eventFilter(watched, event)

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        """Enter goes to the next field; Esc brings the saved value back."""
        found = next((each for each in self.fields.values() if each.editor is watched), None)
        if found is None or found.editor.popup_visible():
            return False
        if event.key() == Qt.Key.Key_Escape and found.is_dirty:
            self._drafts.pop((self.row_id, found.field.name), None)
            self._restore(found)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not found.field.multiline:
            if found.commit():
                self.focusNextChild()
            return True
        return False

    def _restore(self, found: FormField) -> None:
        """Forget what is typed in one field."""
        row_id, schema = self.row_id, self.schema

        def take(row: Row | None) -> None:
            if row is not None and row_id == self.row_id:
                found.show_cell(row.values.get(found.field.name), row.labels.get(found.field.name, ""))

        self.session.read(lambda conn: records.get(conn, schema, row_id), take, owner=found)
