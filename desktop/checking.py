"""审核 of the open county beside the clerk's work: held against the file once, then renewed after every change.

checking_of(session) -> Checking          one for a window: the page, the overview and the status line ask the same
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from db.core.changes import Changes
from db.core.errors import Cancelled
from db.work.begun import has_begun
from desktop.jobs import JobProgress
from desktop.session import EverythingChanged, Session

if TYPE_CHECKING:
    from db.checks.model import Findings
    from db.checks.runner import Board

SOON = 1_500
"""Milliseconds after a county was opened until it is checked by itself: what is on the screen comes first."""

_TITLE = "审核全部数据"


class Checking(QObject):
    """Keeps the findings of the open county; `renewed` when there are other ones, `began` when all is held anew.

    At most one look is under way: what changes meanwhile is taken in by the next.
    """

    renewed = Signal()
    began = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._board: Board | None = None
        self._pending: list[Changes] = []
        self._busy = False
        self._wanted = False
        self._round = 0
        self._progress: JobProgress | None = None
        self.findings: Findings | None = None
        self.failed = False
        self.begun = False
        """Whether anything had been filled in when the findings were made."""
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self.want)
        session.changed.connect(self._on_changed)
        session.opened.connect(self._forget)
        session.closed.connect(self._forget)
        session.plan_changed.connect(self.again)

    @property
    def busy(self) -> bool:
        """Return whether the file is being looked at just now."""
        return self._busy

    def want(self) -> None:
        """See to it that there are findings; a look that is under way or was made goes for it."""
        if self._board is None and not self._busy and self._session.is_open:
            self._start()

    def again(self) -> None:
        """Hold every rule against everything anew."""
        self._board = None
        if self._busy:
            self._wanted = True
        elif self._session.is_open:
            self._start()

    def want_soon(self) -> None:
        """See to it that there are findings, once the window has settled."""
        self._soon.start()

    # -- looking ----------------------------------------------------------------------------------------------

    def _start(self) -> None:
        """Look at everything, with a bar that can be cancelled."""
        session, catalogue, today = self._session, self._session.catalogue, self._session.today()
        self._end_progress()
        progress = self._progress = JobProgress(_TITLE, self)
        self._busy, self._wanted, self.failed = True, False, False
        self._pending.clear()
        self._round += 1
        current = self._round

        def look(conn: sqlite3.Connection) -> tuple[Board, bool]:
            from db.checks.runner import Board

            return _counted(Board(conn, catalogue, today=today, progress=progress)), has_begun(conn)

        def done(found: tuple[Board, bool]) -> None:
            if current == self._round:
                self._end_progress()
                self._take(*found)

        def failed(failure: Exception) -> None:
            if current == self._round:
                self._end_progress()
                self._stop()
                if isinstance(failure, Cancelled):
                    session.notice.emit("已取消审核；到审核页可以重新审核。")

        self.began.emit()
        session.job_started.emit(progress)
        session.read(look, done, owner=self, key=f"look {current}", failed=failed)

    def _renew(self) -> None:
        board, changes = self._board, _together(self._pending)
        assert board is not None
        self._pending.clear()
        self._busy = True
        current, catalogue = self._round, self._session.catalogue

        def look(conn: sqlite3.Connection) -> tuple[Board, bool]:
            board.renewed(conn, catalogue, changes)
            return _counted(board), has_begun(conn)

        def done(renewed: tuple[Board, bool]) -> None:
            if current == self._round:
                self._take(*renewed)

        def failed(_failure: Exception) -> None:
            if current == self._round:
                self._stop()

        self._session.read(look, done, owner=self, key="renew", failed=failed)

    def _take(self, board: Board, begun: bool) -> None:
        self._busy = False
        if self._wanted:
            self._start()
            return
        self._board, self.findings, self.failed = board, board.findings, False
        self.begun = begun
        self.renewed.emit()
        if self._pending:
            self._renew()

    def _stop(self) -> None:
        """Give up; a board that was stopped halfway is not to be trusted."""
        self._busy, self._board, self.failed = False, None, True
        self._pending.clear()
        self.renewed.emit()

    def _end_progress(self) -> None:
        progress, self._progress = self._progress, None
        if progress is not None:
            self._session.job_ended.emit(progress)
            progress.deleteLater()

    # -- what happens -----------------------------------------------------------------------------------------

    def _on_changed(self, changes: Changes) -> None:
        if isinstance(changes, EverythingChanged):
            if self._board is not None or self._busy:
                self.again()
            return
        if self._board is None and not self._busy:
            return
        self._pending.append(changes)
        if not self._busy:
            self._renew()

    def _forget(self) -> None:
        self._round += 1
        self._soon.stop()
        if self._progress is not None:
            self._progress.cancel()
        self._end_progress()
        self._board, self.findings = None, None
        self._busy = self._wanted = self.failed = False
        self._pending.clear()
        self.renewed.emit()


def _counted(board: Board) -> Board:
    """Return the board with all counted that the window tells of it: of a hundred thousand it takes a while."""
    _ = board.findings.counts, board.findings.blocking, board.findings.unexplained
    return board


def _together(changes: list[Changes]) -> Changes:
    rows: dict[str, frozenset[str]] = {}
    for each in changes:
        for table, ids in each.rows.items():
            rows[table] = rows.get(table, frozenset()) | ids
    return Changes(changes[-1].operation_id, changes[-1].label, rows)


def checking_of(session: Session) -> Checking:
    """Return the session's own checking, made when it is asked for the first time."""
    found: Checking | None = session.findChild(Checking)
    return found if found is not None else Checking(session)
