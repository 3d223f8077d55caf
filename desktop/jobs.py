"""Work off the GUI thread: one writer in order, a few readers with their own read-only connections.

`Jobs` is what `Session` uses; `ThreadJobs` is the real one, `SyncJobs` runs everything at once on the calling thread
(for tests). Both speak of `Work`: a function and what to do with its result or its failure, on the GUI thread.
"""

from __future__ import annotations

import itertools
import logging
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal

from db.core.errors import Cancelled

log = logging.getLogger(__name__)

READERS = 2
Connect = Callable[[], sqlite3.Connection]
Key = tuple[int, str]


@dataclass(eq=False)
class Work:
    """One piece of work: `run` on another thread, then `deliver(result, failure)` on the GUI thread.

    A `key` (owner, name) makes a later read replace an earlier one that has not been delivered yet.
    """

    run: Callable[..., Any]
    deliver: Callable[[Any, BaseException | None], None]
    key: Key | None = None
    token: int = 0
    result: Any = None
    failure: BaseException | None = None


class JobProgress(QObject):
    """The progress of one long job: reported from the working thread, watched and cancelled from the GUI thread."""

    moved = Signal()

    def __init__(self, title: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.done = 0
        self.total = 0
        self.text = ""
        self._cancelled = threading.Event()
        self._last = 0.0

    def step(self, done: int, total: int, text: str = "") -> None:
        """Say that `done` of `total` is finished; raises `Cancelled` after `cancel`."""
        if self._cancelled.is_set():
            raise Cancelled
        self.done, self.total, self.text = done, total, text or self.text
        now = time.monotonic()
        if now - self._last >= 0.04 or done == total:
            self._last = now
            self.moved.emit()

    def cancel(self) -> None:
        """Ask the job to stop at its next step."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Return whether `cancel` was called."""
        return self._cancelled.is_set()


class Jobs(Protocol):
    """Runs work somewhere and delivers what came of it on the GUI thread."""

    def open(self, connect: Connect) -> None:
        """Begin to read through connections made by `connect`."""

    def read(self, work: Work) -> None:
        """Run `work.run(connection)`, replacing an undelivered read with the same key."""

    def write(self, work: Work) -> None:
        """Run `work.run()` after all writes before it."""

    def aside(self, work: Work) -> None:
        """Run `work.run()` beside everything else: it may hang, on a share that is gone, and nobody waits for it."""

    def close_readers(self) -> None:
        """Drop and interrupt all reads and close their connections; `open` starts anew."""

    def stop(self) -> None:
        """Finish the writes that were asked for, then end every thread."""


class _Generations:
    """The newest token of every (owner, key)."""

    def __init__(self) -> None:
        self._counter = itertools.count(1)
        self._newest: dict[Key, int] = {}

    def stamp(self, work: Work) -> None:
        work.token = next(self._counter)
        if work.key is not None:
            self._newest[work.key] = work.token

    def is_current(self, work: Work) -> bool:
        return work.key is None or self._newest.get(work.key) == work.token

    def finish(self, work: Work) -> None:
        if work.key is not None and self._newest.get(work.key) == work.token:
            del self._newest[work.key]

    def forget(self) -> None:
        self._newest.clear()


class SyncJobs:
    """Runs everything at once on the calling thread."""

    def __init__(self) -> None:
        self._connect: Connect | None = None
        self._connection: sqlite3.Connection | None = None

    def open(self, connect: Connect) -> None:
        """Begin to read through a connection made by `connect`."""
        self._connect = connect

    def read(self, work: Work) -> None:
        """Run the read and deliver it before returning."""
        if self._connect is None:
            return
        if self._connection is None:
            self._connection = self._connect()
        connection = self._connection
        _run(work, lambda: work.run(connection))
        work.deliver(work.result, work.failure)

    def write(self, work: Work) -> None:
        """Run the write and deliver it before returning."""
        _run(work, work.run)
        work.deliver(work.result, work.failure)

    def aside(self, work: Work) -> None:
        """Run it and deliver it before returning."""
        self.write(work)

    def close_readers(self) -> None:
        """Close the reading connection."""
        self._connect = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def stop(self) -> None:
        """Close the reading connection."""
        self.close_readers()


def _run(work: Work, call: Callable[[], Any]) -> None:
    try:
        work.result = call()
    except BaseException as failure:  # noqa: BLE001 - whatever it is, the receiver on the GUI thread judges it
        work.failure = failure


class ThreadJobs(QObject):
    """One writer thread and a small pool of readers; results arrive by a queued signal on the GUI thread."""

    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None, *, readers: int = READERS) -> None:
        super().__init__(parent)
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._generations = _Generations()
        self._reader_count = readers
        self._pool: _ReaderPool | None = None
        self._writes: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None

    def open(self, connect: Connect) -> None:
        """Begin to read through connections made by `connect`, one for each reader thread."""
        self.close_readers()
        self._pool = _ReaderPool(connect, self._finished.emit, self._reader_count)

    def read(self, work: Work) -> None:
        """Queue the read; an older one with the same key is dropped, or interrupted when it is running."""
        if self._pool is None:
            return
        self._generations.stamp(work)
        self._pool.submit(work)

    def write(self, work: Work) -> None:
        """Queue the write behind all others."""
        if self._writer is None:
            self._writer = threading.Thread(target=self._write_loop, name="writer", daemon=False)
            self._writer.start()
        self._writes.put(work)

    def aside(self, work: Work) -> None:
        """Run it on a thread of its own, which ends with the program whatever it is at."""
        threading.Thread(target=self._run_aside, args=(work,), name="aside", daemon=True).start()

    def _run_aside(self, work: Work) -> None:
        _run(work, work.run)
        with suppress(RuntimeError):  # the window is gone meanwhile
            self._finished.emit(work)

    def _write_loop(self) -> None:
        while (work := self._writes.get()) is not None:
            _run(work, work.run)
            self._finished.emit(work)

    def close_readers(self) -> None:
        """Drop and interrupt all reads, end the reader threads and close their connections."""
        self._generations.forget()
        if self._pool is not None:
            self._pool.stop()
            self._pool = None

    def stop(self) -> None:
        """Finish the writes that were asked for, then end every thread."""
        self.close_readers()
        if self._writer is not None:
            self._writes.put(None)
            self._writer.join()
            self._writer = None

    def _deliver(self, work: Work) -> None:
        if not self._generations.is_current(work):
            return
        self._generations.finish(work)
        work.deliver(work.result, work.failure)


@dataclass(eq=False)
class _Reader:
    """One reader thread's connection and what it is doing; guarded by the pool's lock."""

    connection: sqlite3.Connection | None = None
    current: Work | None = None
    interrupted: bool = False
    thread: threading.Thread | None = field(default=None, repr=False)


class _ReaderPool:
    """Threads that share one queue of reads; each opens its connection with its first read."""

    def __init__(self, connect: Connect, finished: Callable[[Work], None], count: int) -> None:
        self._connect = connect
        self._finished = finished
        self._waiting: deque[Work] = deque()
        self._condition = threading.Condition()
        self._stopping = False
        self._readers = [_Reader() for _ in range(count)]
        for number, reader in enumerate(self._readers, 1):
            reader.thread = threading.Thread(target=self._loop, args=(reader,), name=f"reader-{number}")
            reader.thread.start()

    def submit(self, work: Work) -> None:
        with self._condition:
            if work.key is not None:
                self._supersede(work.key)
            self._waiting.append(work)
            self._condition.notify()

    def _supersede(self, key: Key) -> None:
        self._waiting = deque(work for work in self._waiting if work.key != key)
        for reader in self._readers:
            if reader.current is not None and reader.current.key == key:
                self._interrupt(reader)

    @staticmethod
    def _interrupt(reader: _Reader) -> None:
        reader.interrupted = True
        if reader.connection is not None:
            reader.connection.interrupt()

    def stop(self) -> None:
        with self._condition:
            self._stopping = True
            self._waiting.clear()
            self._condition.notify_all()
        for reader in self._readers:
            # SQLite forgets an interrupt that comes just before a statement begins, so it is said until it is heard.
            while reader.thread is not None and reader.thread.is_alive():
                with self._condition:
                    if reader.current is not None:
                        self._interrupt(reader)
                reader.thread.join(0.02)

    def _loop(self, reader: _Reader) -> None:
        while (work := self._next(reader)) is not None:
            _run(work, partial(self._query, reader, work))
            with self._condition:
                stale = reader.interrupted
                reader.current, reader.interrupted = None, False
            if not stale:
                self._finished(work)
        if reader.connection is not None:
            reader.connection.close()

    def _query(self, reader: _Reader, work: Work) -> Any:
        if reader.connection is None:
            reader.connection = self._connect()
        return work.run(reader.connection)

    def _next(self, reader: _Reader) -> Work | None:
        with self._condition:
            while not self._waiting and not self._stopping:
                self._condition.wait()
            if self._stopping:
                return None
            reader.current = self._waiting.popleft()
            return reader.current
