"""The city's open ledger as its window sees it: reads and writes off the GUI thread, and what changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from db.core.errors import Cancelled
from db.core.progress import Progress
from desktop.delivering import Delivering, Failed, T
from desktop.jobs import JobProgress, Jobs, ThreadJobs, Work

if TYPE_CHECKING:
    from db.exchange.ledger.file import Ledger


class CitySession(Delivering):
    """One window's work with one ledger; `changed` tells that anything in it may differ."""

    opened = Signal()
    changed = Signal()
    notice = Signal(str)
    job_started = Signal(object)
    job_ended = Signal(object)

    def __init__(self, jobs: Jobs | None = None, parent: QObject | None = None, *, author: str = "") -> None:
        super().__init__(parent)
        self._jobs: Jobs = jobs if jobs is not None else ThreadJobs(self)
        self._ledger: Ledger | None = None
        self._running: list[JobProgress] = []
        self.author = author
        self.today: Callable[[], date] = self._day

    @property
    def ledger(self) -> Ledger:
        """Return the open ledger; RuntimeError when none is."""
        if self._ledger is None:
            raise RuntimeError("no ledger is open")
        return self._ledger

    @property
    def is_open(self) -> bool:
        """Return whether a ledger is open."""
        return self._ledger is not None

    def _day(self) -> date:
        """Return the open ledger's day, else today."""
        return self.ledger.today() if self.is_open else date.today()

    def open(self, path: Path, failed: Failed | None = None, *, sample: bool = False) -> None:
        """Open the ledger at `path`, a new one if there is no file (`opened` follows), in place of the present one.

        A new one is to practise with when a `sample` is asked for.
        """
        author = self.author

        def work() -> Ledger:
            from db.exchange.ledger.file import Ledger

            return Ledger.open_or_create(path, author=author, sample=sample)

        def done(ledger: Ledger) -> None:
            self._leave()
            self._ledger = ledger
            self._jobs.open(ledger.connect)
            self.opened.emit()

        self._jobs.write(Work(work, self._receiver(done, failed)))

    def _leave(self) -> None:
        ledger, self._ledger = self._ledger, None
        self._jobs.close_readers()
        if ledger is not None:
            self._jobs.write(Work(ledger.close, self._receiver(None, None)))

    def close(self) -> None:
        """Cancel long jobs, finish every write, close the ledger and end all threads."""
        for progress in list(self._running):
            progress.cancel()
        self._leave()
        self._jobs.stop()

    def read(
        self,
        query: Callable[[sqlite3.Connection], T],
        done: Callable[[T], object],
        *,
        owner: QObject,
        key: str = "",
        failed: Failed | None = None,
    ) -> None:
        """Run `query` on a read-only connection and give its result to `done`; a newer read of one key replaces it."""
        self._jobs.read(self._reading(self.ledger.path, query, done, failed, owner, key))

    def write(
        self, action: Callable[[Ledger], T], done: Callable[[T], object] | None = None, failed: Failed | None = None
    ) -> None:
        """Run `action`, which writes into the ledger, after all writes before it."""
        ledger = self.ledger

        def finish(result: T) -> None:
            self.changed.emit()
            if done is not None:
                done(result)

        self._jobs.write(Work(lambda: action(ledger), self._receiver(finish, failed)))

    def job(
        self,
        title: str,
        work: Callable[[Ledger, Progress], T],
        done: Callable[[T], object] | None = None,
        failed: Failed | None = None,
    ) -> JobProgress:
        """Run long work in order with the writes, with a bar and 取消."""
        ledger = self.ledger
        progress = JobProgress(title, self)

        def run() -> T:
            progress.step(0, 0)
            return work(ledger, progress)

        def finish(result: T) -> None:
            self._end(progress)
            self.changed.emit()
            if done is not None:
                done(result)

        def fail(failure: Exception) -> None:
            self._end(progress)
            if isinstance(failure, Cancelled):
                self.notice.emit(f"已取消：{title}。")
            self._fail(failure, failed)

        self._running.append(progress)
        self.job_started.emit(progress)
        self._jobs.write(Work(run, self._receiver(finish, fail)))
        return progress

    def _end(self, progress: JobProgress) -> None:
        self._running.remove(progress)
        self.job_ended.emit(progress)
