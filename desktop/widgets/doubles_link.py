"""The link under a register that says how many of its rows may be there twice, and leads to the list."""

from __future__ import annotations

import sqlite3

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QWidget

from db.core.changes import Changes
from db.core.fields import TableSchema
from db.store.query import TableQuery
from db.work.duplicates import pairs
from desktop.session import Session

SEEN_TO = 20_000
"""Up to how many rows the link counts by itself; in larger registers the clerk asks for it."""


class DoublesLink(QPushButton):
    """Says 可能重复 3, 查重… where it did not count, and nothing where there are none."""

    def __init__(self, session: Session, schema: TableSchema, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("列出可能是同一件事填了两次的行，可以左右对照合并")
        self._session, self._schema = session, schema
        self._stale = True
        self._timer = QTimer(self, singleShot=True, interval=400)
        self._timer.timeout.connect(self.refresh)
        self.hide()
        session.changed.connect(self._on_changed)
        self.refresh()

    def refresh(self) -> None:
        """Count anew."""
        schema = self._schema
        self._timer.stop()

        def read(conn: sqlite3.Connection) -> int | None:
            return len(pairs(conn, schema)) if TableQuery(schema).count(conn) <= SEEN_TO else None

        if self._session.is_open and schema.key:
            self._session.read(read, self._show, owner=self, key="doubles")

    def _show(self, count: int | None) -> None:
        self._stale = False
        self.setText("查重…" if count is None else f"可能重复 {count}")
        self.setVisible(count is None or count > 0)

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches(self._schema.table):
            self._stale = True
            parent = self.parentWidget()
            if parent is not None and parent.isVisible():
                self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()
