"""Handing what came of work on another thread to whoever asked for it, on the GUI thread and without ever raising."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal

from db.core.errors import Cancelled, SijianError
from desktop.jobs import Work

T = TypeVar("T")
Failed = Callable[[Exception], None]


class Delivering(QObject):
    """What sessions share. Without `failed`, a failure is told through `problem`; with it, `failed` is told of every
    failure, and our own bugs go to `problem` as well.
    """

    problem = Signal(object)

    def _reading(
        self,
        path: Path,
        query: Callable[[sqlite3.Connection], T],
        done: Callable[[T], object],
        failed: Failed | None,
        owner: QObject,
        key: str,
    ) -> Work:
        """Return the work of reading the file at `path`; a newer one with the same owner and key replaces it."""

        def run(connection: sqlite3.Connection) -> T:
            from db.store.connection import translated

            with translated(path):
                return query(connection)

        return Work(run, self._receiver(done, failed, owner), key=(id(owner), key))

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
