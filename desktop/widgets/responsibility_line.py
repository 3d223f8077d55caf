"""The line under a clause's words: who in the county answers for it and whether its plan was issued."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from db.core.changes import Changes
from db.plan.catalogue import Clause
from db.work.responsibility import TABLE, Responsibility, responsibilities
from desktop.dialogs.responsibility import ResponsibilityDialog
from desktop.session import Session
from desktop.widgets.basics import ElidedLabel, link_button, restyle

NOTHING = "县级牵头单位、责任领导和落实方案还没有填写。"


class ResponsibilityLine(QFrame):
    """Shows what is known of the clause it was given, and opens the dialog that edits it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._clause: Clause | None = None
        self._known: dict[str, Responsibility] = {}
        self.words = ElidedLabel("", "secondary")
        self.link = link_button("县级分工…", self.edit)
        self.dialog: ResponsibilityDialog | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.words, 1)
        row.addWidget(self.link)
        session.changed.connect(self._on_changed)
        self.hide()

    def show_clause(self, clause: Clause | None) -> None:
        """Show what is known of this clause; None hides the line."""
        self._clause = clause
        self.setVisible(clause is not None)
        # Of what a work package has only shares of, the county says who answers for it.
        self.link.setVisible(clause is not None and not self._session.catalogue.is_share(clause.id))
        self._say()

    def refresh(self) -> None:
        """Read what is known anew."""
        if self._session.is_open:
            self._session.read(responsibilities, self._take, owner=self)

    def _take(self, found: dict[str, Responsibility]) -> None:
        self._known = found
        self._say()

    def _say(self) -> None:
        known = self._known.get(self._clause.id) if self._clause is not None else None
        sentence = known.sentence if known is not None else ""
        self.words.setText(sentence or NOTHING)
        restyle(self.words, "role", "secondary" if sentence else "small")

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches(TABLE, "department"):
            self.refresh()

    def edit(self) -> None:
        """Open 县级分工…."""
        if self._clause is not None:
            self.dialog = ResponsibilityDialog(self._session, self._clause, self)
            self.dialog.open()
