"""The open county as the window sees it: reads and writes off the GUI thread, undo, what was saved and when.

Pages, dialogs and widgets reach data only through a `Session`. Queries and actions are plain functions of `db`;
the session decides on which thread they run and delivers what comes of them on the GUI thread.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal

from db.core.changes import Changes
from db.core.errors import Cancelled, EnvironmentProblem, SijianError
from db.core.progress import Progress
from desktop.jobs import JobProgress, Jobs, ThreadJobs, Work

if TYPE_CHECKING:
    from db.plan.catalogue import Catalogue
    from db.store.county import County
    from db.store.operation import Operation

log = logging.getLogger(__name__)

T = TypeVar("T")
Failed = Callable[[Exception], None]
Labels = tuple[str | None, str | None]
FIRST_YEAR, LAST_YEAR = 2021, 2023


class EverythingChanged(Changes):
    """What a long job leaves behind: any table may have changed."""

    def touches(self, *tables: str) -> bool:
        return True

    def __bool__(self) -> bool:
        return True


class Session(QObject):
    """One window's work with one county folder.

    `done` and `failed` are called on the GUI thread. Without `failed`, a failure is told through `problem`;
    with it, `failed` is told of every failure, and our own bugs go to `problem` as well.
    """

    changed = Signal(object)
    saved = Signal(object)
    opened = Signal()
    closed = Signal()
    problem = Signal(object)
    notice = Signal(str)
    year_changed = Signal(int)
    undo_changed = Signal()
    job_started = Signal(object)
    job_ended = Signal(object)
    backed_up = Signal()

    def __init__(self, jobs: Jobs | None = None, parent: QObject | None = None, *, author: str = "") -> None:
        super().__init__(parent)
        self._jobs: Jobs = jobs if jobs is not None else ThreadJobs(self)
        self._county: County | None = None
        self._catalogue: Catalogue | None = None
        self._author = author
        self._year = 2022
        self._labels: Labels = (None, None)
        self._running: list[JobProgress] = []
        self.saved_at: datetime | None = None
        self.today: Callable[[], date] = date.today

    # -- the county -------------------------------------------------------------------------------------------

    @property
    def county(self) -> County:
        """Return the open county; RuntimeError when none is open."""
        if self._county is None:
            raise RuntimeError("no county is open")
        return self._county

    @property
    def is_open(self) -> bool:
        """Return whether a county is open."""
        return self._county is not None

    @property
    def catalogue(self) -> Catalogue:
        """Return the plan's catalogue, loaded when the county was opened."""
        if self._catalogue is None:
            from db.plan.catalogue import load_catalogue

            self._catalogue = load_catalogue()
        return self._catalogue

    @property
    def folder(self) -> Path:
        """Return the county folder."""
        return self.county.folder

    @property
    def read_only(self) -> bool:
        """Return whether nothing can be written (another computer holds the folder, or none is open)."""
        return self._county is None or self._county.read_only

    @property
    def author(self) -> str:
        """Return the clerk's name as written into every operation."""
        return self._author

    @author.setter
    def author(self, name: str) -> None:
        self._author = name
        if self._county is not None:
            self._county.author = name

    @property
    def year(self) -> int:
        """Return the year that is being looked at, 2021 to 2023."""
        return self._year

    @year.setter
    def year(self, year: int) -> None:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"no year of the plan: {year}")
        if year != self._year:
            self._year = year
            self.year_changed.emit(year)

    def open_folder(
        self,
        folder: Path,
        *,
        read_only: bool = False,
        take_over: bool = False,
        prepare: Callable[[Path, str], None] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Open the county in `folder` off the GUI thread (`opened` follows); `prepare(folder, author)` runs first."""
        self.close_county()
        author = self._author

        def work() -> tuple[County, Labels]:
            from db.plan.catalogue import load_catalogue
            from db.work.opening import open_county

            if prepare is not None:
                prepare(folder, author)
            county = open_county(folder, author=author, read_only=read_only, take_over=take_over)
            load_catalogue()
            return county, (county.undo_label(), county.redo_label())

        def done(result: tuple[County, Labels]) -> None:
            self._county, self._labels = result
            self._jobs.open(self._county.connect)
            self.opened.emit()
            self.undo_changed.emit()
            for sentence in self._county.notices:
                self.notice.emit(sentence)

        self._jobs.write(Work(work, self._receiver(done, failed)))

    def close_county(self) -> None:
        """Close the county after the writes that were asked for; `closed` is emitted when one was open."""
        county, self._county = self._county, None
        if county is None:
            return
        self._jobs.close_readers()
        self._jobs.write(Work(lambda: _leave(county), self._receiver(None, None)))
        self._labels = (None, None)
        self.closed.emit()

    def close(self) -> None:
        """Cancel long jobs, finish every write, close the county and end all threads."""
        for progress in list(self._running):
            progress.cancel()
        self.close_county()
        self._jobs.stop()

    # -- work -------------------------------------------------------------------------------------------------

    def read(
        self,
        query: Callable[[sqlite3.Connection], T],
        done: Callable[[T], object],
        *,
        owner: QObject,
        key: str = "",
        failed: Failed | None = None,
    ) -> None:
        """Run `query` on a read-only connection and give its result to `done`.

        A newer read with the same `owner` and `key` (also the empty one) replaces this one; nothing is delivered to
        an owner that has been deleted or after the county was closed.
        """
        path = self.county.path

        def run(connection: sqlite3.Connection) -> T:
            from db.store.connection import translated

            with translated(path):
                return query(connection)

        self._jobs.read(Work(run, self._receiver(done, failed, owner), key=(id(owner), key)))

    def write(
        self,
        label: str,
        action: Callable[[Operation], T],
        done: Callable[[T], object] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Run `action` inside one operation called `label`, after all writes before it; all or nothing."""
        if self.read_only:
            self._fail(_read_only_problem(), failed)
            return
        county = self.county

        def run() -> tuple[T, Changes, Labels]:
            with county.operation(label) as operation:
                result = action(operation)
            return result, operation.changes, (county.undo_label(), county.redo_label())

        def finish(outcome: tuple[T, Changes, Labels]) -> None:
            result, changes, labels = outcome
            self._took_effect(changes, labels)
            if done is not None:
                done(result)

        self._jobs.write(Work(run, self._receiver(finish, failed)))

    def job(
        self,
        title: str,
        work: Callable[[Progress], T],
        done: Callable[[T], object] | None = None,
        failed: Failed | None = None,
    ) -> JobProgress:
        """Run long work in order with the writes; the window shows a bar with 取消 after half a second.

        `work` may write through `session.county.operation`; when it did, `changed` says that anything may differ.
        """
        county = self._county
        progress = JobProgress(title, self)

        def run() -> tuple[T, bool]:
            progress.step(0, 0)
            before = _last_operation(county)
            result = work(progress)
            return result, _last_operation(county) != before

        def finish(outcome: tuple[T, bool]) -> None:
            self._end(progress)
            result, wrote = outcome
            if wrote and county is not None and self._county is county:
                self._took_effect(EverythingChanged(label=title), (county.undo_label(), county.redo_label()))
            if done is not None:
                done(result)

        def fail(failure: Exception) -> None:
            self._end(progress)
            if isinstance(failure, Cancelled):
                self.notice.emit(f"已取消：{title}。")
                if failed is not None:
                    failed(failure)
            else:
                self._fail(failure, failed)

        self._running.append(progress)
        self.job_started.emit(progress)
        self._jobs.write(Work(run, self._receiver(finish, fail)))
        return progress

    # -- undo -------------------------------------------------------------------------------------------------

    @property
    def undo_label(self) -> str | None:
        """Return what `undo` would take back, None when there is nothing."""
        return self._labels[0]

    @property
    def redo_label(self) -> str | None:
        """Return what `redo` would do again, None when there is nothing."""
        return self._labels[1]

    def undo(self, done: Callable[[Changes], object] | None = None) -> None:
        """Take back the last step, after all writes before it."""
        if self.undo_label is not None:
            self._turn_back(lambda county: county.undo(), done)

    def redo(self, done: Callable[[Changes], object] | None = None) -> None:
        """Do the step again that was undone last."""
        if self.redo_label is not None:
            self._turn_back(lambda county: county.redo(), done)

    def _turn_back(self, step: Callable[[County], Changes], done: Callable[[Changes], object] | None) -> None:
        county = self.county

        def run() -> tuple[Changes, Labels]:
            changes = step(county)
            return changes, (county.undo_label(), county.redo_label())

        def finish(outcome: tuple[Changes, Labels]) -> None:
            self._took_effect(*outcome)
            if done is not None:
                done(outcome[0])

        self._jobs.write(Work(run, self._receiver(finish, None)))

    # -- what came of it --------------------------------------------------------------------------------------

    def _took_effect(self, changes: Changes, labels: Labels) -> None:
        if labels != self._labels:
            self._labels = labels
            self.undo_changed.emit()
        if changes:
            self.saved_at = datetime.now()
            self.saved.emit(self.saved_at)
            self.changed.emit(changes)

    def _end(self, progress: JobProgress) -> None:
        self._running.remove(progress)
        self.job_ended.emit(progress)

    def _receiver(
        self, done: Callable[[T], object] | None, failed: Failed | None, owner: QObject | None = None
    ) -> Callable[[T, BaseException | None], None]:
        """Return what takes a result or a failure on the GUI thread and never raises."""

        def receive(result: T, failure: BaseException | None) -> None:
            if not shiboken6.isValid(self) or (owner is not None and not shiboken6.isValid(owner)):
                return
            try:
                if isinstance(failure, Exception):
                    self._fail(failure, failed)
                elif failure is not None:
                    raise failure
                elif done is not None:
                    done(result)
            except Exception as error:  # noqa: BLE001 - whoever receives may fail; the next result must still arrive
                self.problem.emit(error)

        return receive

    def _fail(self, failure: Exception, failed: Failed | None) -> None:
        if failed is not None:
            failed(failure)
        if failed is None and isinstance(failure, Cancelled):
            return
        if failed is None or not isinstance(failure, SijianError | Cancelled):
            self.problem.emit(failure)


def _leave(county: County) -> None:
    """Make the day's backup, whose failure must not keep anybody, and close the county."""
    try:
        if not county.read_only:
            from db.store.backup import daily

            daily(county)
    except SijianError as problem:
        log.warning("no backup on closing: %s", problem)
    finally:
        county.close()


def _last_operation(county: County | None) -> int:
    """Return the id of the newest operation, 0 when there is none."""
    if county is None or county.read_only:
        return 0
    from db.store.history import operations

    with county.reading() as connection:
        return next((entry.id for entry in operations(connection, 1)), 0)


def _read_only_problem() -> EnvironmentProblem:
    return EnvironmentProblem(
        "现在是只读打开，不能修改。", advice="请在另一台电脑上关闭这个文件夹，再重新打开。", code="opened_read_only"
    )
