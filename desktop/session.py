"""The open county as the window sees it: reads and writes off the GUI thread, undo, what was saved and when.

Pages, dialogs and widgets reach data only through a `Session`. Queries and actions are plain functions of `db`;
the session decides on which thread they run and delivers what comes of them on the GUI thread.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from db.core.changes import Changes
from db.core.errors import Cancelled, EnvironmentProblem
from db.core.period import Period, reported_month
from db.core.progress import Progress
from desktop.delivering import Delivering, Failed, T
from desktop.jobs import JobProgress, Jobs, ThreadJobs, Work
from desktop.standing import Labels, Standing, back_up_ahead, last_operation, leave, standing

if TYPE_CHECKING:
    from db.plan.catalogue import Catalogue
    from db.plan.part import PartIdentity
    from db.store.county import County
    from db.store.operation import Operation


class EverythingChanged(Changes):
    """What a long job leaves behind: any table may have changed."""

    def touches(self, *tables: str) -> bool:
        return True

    def __bool__(self) -> bool:
        return True


class Session(Delivering):
    """One window's work with one county folder.

    `changed` tells what a write changed; after one that put another plan in force `plan_changed` comes instead, and
    whatever shows the plan is made anew. `done` and `failed` are called on the GUI thread. Without `failed`, a failure
    is told through `problem`; with it, `failed` is told of every failure, and our own bugs go to `problem` as well.
    """

    changed = Signal(object)
    saved = Signal(object)
    opened = Signal()
    closed = Signal()
    notice = Signal(str)
    year_changed = Signal(int)
    period_changed = Signal(object)
    author_changed = Signal(str)
    plan_changed = Signal()
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
        self._year, self._month = 2022, 0
        self._labels: Labels = (None, None)
        self._running: list[JobProgress] = []
        self.saved_at: datetime | None = None
        self.part: PartIdentity | None = None
        self._own_day: date | None = None
        self.today: Callable[[], date] = lambda: self._own_day or date.today()

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
        """Return the catalogue of the plan by which the open county works; `plan_changed` follows another one."""
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
        self.author_changed.emit(name)

    @property
    def year(self) -> int:
        """Return the year that is being looked at, one of the plan's."""
        return self._year

    @year.setter
    def year(self, year: int) -> None:
        if year not in self.catalogue.years:
            raise ValueError(f"no year of the plan: {year}")
        if year != self._year:
            self._year, self._month = year, self.period.month
            self.year_changed.emit(year)
            self.period_changed.emit(self.period)

    @property
    def period(self) -> Period:
        """Return the month that is being looked at, in the year that is; at first the one that is being reported."""
        return Period(self._year, self._month) if self._month else reported_month(self.today(), self._year)

    @period.setter
    def period(self, period: Period) -> None:
        before, self._month = self.period, period.month
        self.year = period.year
        if self.period.year == before.year and self.period != before:
            self.period_changed.emit(self.period)

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

        def work() -> tuple[County, Standing]:
            from db.work.opening import open_county

            if prepare is not None:
                prepare(folder, author)
            county = open_county(folder, author=author, read_only=read_only, take_over=take_over)
            return county, standing(county)

        def done(result: tuple[County, Standing]) -> None:
            self._county, stands = result
            self._labels, self.part, self._own_day = stands.labels, stands.part, stands.day
            self._take_catalogue(stands.catalogue)
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
        self._jobs.write(Work(lambda: leave(county), self._receiver(None, None)))
        self._labels, self.part, self._own_day = (None, None), None, None
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
        self._jobs.read(self._reading(self.county.path, query, done, failed, owner, key))

    def write(
        self,
        label: str,
        action: Callable[[Operation], T],
        done: Callable[[T], object] | None = None,
        failed: Failed | None = None,
        *,
        rows: int = 0,
    ) -> None:
        """Run `action` inside one operation called `label`, after all writes before it; all or nothing.

        `rows` is how many it writes where that can be many: then the county is backed up first.
        """
        if self.read_only:
            self._fail(_read_only_problem(), failed)
            return
        county = self.county

        def run() -> tuple[T, Changes, Standing, bool]:
            backed_up = rows > 0 and back_up_ahead(county, rows)
            with county.operation(label) as operation:
                result = action(operation)
            return result, operation.changes, standing(county, operation.changes), backed_up

        def finish(outcome: tuple[T, Changes, Standing, bool]) -> None:
            result, changes, stands, backed_up = outcome
            self._took_effect(changes, stands)
            if backed_up:
                self.backed_up.emit()
            if done is not None:
                done(result)

        self._jobs.write(Work(run, self._receiver(finish, failed)))

    def aside(self, work: Callable[[], T], done: Callable[[T], object], *, owner: QObject) -> None:
        """Run what does not touch the county and may hang, on a thread that nobody waits for; `done` gets its result.

        It may come when the county is closed, or after what was asked for later.
        """
        self._jobs.aside(Work(work, self._receiver(done, None, owner)))

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

        def run() -> tuple[T, Standing | None]:
            progress.step(0, 0)
            before = last_operation(county)
            result = work(progress)
            wrote = county is not None and last_operation(county) != before
            return result, standing(county) if wrote and county is not None else None

        def finish(outcome: tuple[T, Standing | None]) -> None:
            self._end(progress)
            result, stands = outcome
            if stands is not None and self._county is county:
                self._took_effect(EverythingChanged(label=title), stands)
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

        def run() -> tuple[Changes, Standing]:
            changes = step(county)
            return changes, standing(county, changes)

        def finish(outcome: tuple[Changes, Standing]) -> None:
            self._took_effect(*outcome)
            if done is not None:
                done(outcome[0])

        self._jobs.write(Work(run, self._receiver(finish, None)))

    # -- what came of it --------------------------------------------------------------------------------------

    def _took_effect(self, changes: Changes, stands: Standing) -> None:
        if stands.labels != self._labels:
            self._labels = stands.labels
            self.undo_changed.emit()
        if not changes:
            return
        self.saved_at = datetime.now()
        self.saved.emit(self.saved_at)
        if self._take_catalogue(stands.catalogue):
            self.plan_changed.emit()
        else:
            self.changed.emit(changes)

    def _take_catalogue(self, catalogue: Catalogue | None) -> bool:
        """Work by `catalogue` from now on and return whether it is another one; the year stays within it."""
        if catalogue is None or catalogue is self._catalogue:
            return False
        self._catalogue = catalogue
        if self._year not in catalogue.years:
            self._year = min(catalogue.years, key=lambda year: abs(year - self._year))
        return True

    def _end(self, progress: JobProgress) -> None:
        self._running.remove(progress)
        self.job_ended.emit(progress)


def _read_only_problem() -> EnvironmentProblem:
    return EnvironmentProblem(
        "现在是只读打开，不能修改。", advice="请在另一台电脑上关闭这个文件夹，再重新打开。", code="opened_read_only"
    )
