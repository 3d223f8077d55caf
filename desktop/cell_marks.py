"""What the sheets mark at their cells beside the values: the city's remarks, and what 审核 wants to be dealt with.

marks_of(session) -> CellMarks          one for a window: every sheet asks the same
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from db.core.changes import Changes
from db.work.row_names import RowName
from desktop.checking import checking_of
from desktop.session import Session

if TYPE_CHECKING:
    from db.checks.model import Issue
    from db.work.remarked import RemarkedCell

SOON = 300
"""Milliseconds after a check until its marks are drawn: nobody waits for them while he types."""
REMARKS = ("remark", "remark_reply")
Remarks = Mapping[RowName, tuple["RemarkedCell", ...]]
Issues = Mapping[RowName, tuple["Issue", ...]]


class Spot(NamedTuple):
    """A cell: of which row, and the name of its field.

    The `home` of a row also takes what is said of the whole row and of fields that no sheet shows, which are all but
    those `elsewhere`.
    """

    row: RowName
    field: str
    home: bool = False
    elsewhere: Collection[str] = ()

    def takes(self, field: str) -> bool:
        """Return whether what is said of a field of the row is marked here."""
        return field == self.field or (self.home and field not in self.elsewhere)


class CellMark(NamedTuple):
    """What is marked at a cell: the status of the weightiest remark, the class of the weightiest issue, and the words.

    `remark` and `issue` are "" for none.
    """

    remark: str
    issue: str
    words: str


class CellMarks(QObject):
    """Keeps the marks of the open county; `renewed` when there are other ones."""

    renewed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._remarks: Remarks = {}
        self._issues: Issues = {}
        self._known: dict[Spot, CellMark | None] = {}
        self._checking = checking_of(session)
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._read_issues)
        self._checking.renewed.connect(self._soon.start)
        session.changed.connect(self._on_changed)
        session.opened.connect(self._read_remarks)
        session.plan_changed.connect(self._read_remarks)
        session.closed.connect(self._forget)
        self._read_remarks()
        self._read_issues()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is marked anywhere."""
        return not (self._remarks or self._issues)

    def at(self, spot: Spot) -> CellMark | None:
        """Return what is marked at a cell, None for nothing."""
        if spot.row not in self._remarks and spot.row not in self._issues:
            return None
        key = spot._replace(elsewhere=())
        if key not in self._known:
            self._known[key] = self._made(spot)
        return self._known[key]

    def remarks_at(self, row: RowName) -> tuple[RemarkedCell, ...]:
        """Return the remarks on a row and its cells that are not closed, the oldest first."""
        return self._remarks.get(row, ())

    def _made(self, spot: Spot) -> CellMark | None:
        remarks = [each for each in self._remarks.get(spot.row, ()) if spot.takes(each.field)]
        issues = [each for each in self._issues.get(spot.row, ()) if spot.takes(each.field)]
        if not remarks and not issues:
            return None
        from db.checks.model import Level
        from db.work.remarks import STATUSES

        status = min((each.status for each in remarks), key=STATUSES.index, default="")
        order = list(Level)
        level = min((each.level for each in issues), key=order.index, default=None)
        lines = [_words(each) for each in remarks]
        lines += [f"审核（{each.level.title}）：{each.what}{each.advice}" for each in issues]
        return CellMark(status, level.value if level is not None else "", "\n".join(lines))

    # -- reading ----------------------------------------------------------------------------------------------

    def _read_remarks(self) -> None:
        if not self._session.is_open:
            return

        def query(conn: sqlite3.Connection) -> Remarks:
            from db.work.remarked import remarked_cells

            return remarked_cells(conn)

        self._session.read(query, self._take_remarks, owner=self, key="remarks")

    def _take_remarks(self, found: Remarks) -> None:
        if found != self._remarks:
            self._remarks = found
            self._tell()

    def _read_issues(self) -> None:
        findings = self._checking.findings
        if findings is None or not self._session.is_open:
            return
        before = self._issues

        def query(conn: sqlite3.Connection) -> Issues | None:
            from db.checks.marks import issues_at_rows

            found = issues_at_rows(conn, findings)
            return found if found != before else None

        self._session.read(query, self._take_issues, owner=self, key="issues")

    def _take_issues(self, found: Issues | None) -> None:
        if found is not None:
            self._issues = found
            self._tell()

    def _tell(self) -> None:
        self._known.clear()
        self.renewed.emit()

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches(*REMARKS):
            self._read_remarks()

    def _forget(self) -> None:
        self._soon.stop()
        self._remarks, self._issues = {}, {}
        self._tell()


def _words(remark: RemarkedCell) -> str:
    said = f"\n　县里：{remark.said}" if remark.said else ""
    return f"市级意见（{remark.status}）：{remark.text}{said}"


def marks_of(session: Session) -> CellMarks:
    """Return the session's own marks, made when they are asked for the first time."""
    found: CellMarks | None = session.findChild(CellMarks)
    return found if found is not None else CellMarks(session)
