from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from db.core.errors import Cancelled
from desktop.jobs import JobProgress, SyncJobs, ThreadJobs, Work

PATIENCE = 5000
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


class Results:
    """Collects what is delivered, with the thread it was delivered on."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.failures: list[BaseException] = []
        self.threads: set[threading.Thread] = set()

    def take(self, result: Any, failure: BaseException | None) -> None:
        self.threads.add(threading.current_thread())
        if failure is None:
            self.values.append(result)
        else:
            self.failures.append(failure)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    file = tmp_path / "numbers.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE number (value INTEGER)")
    connection.commit()
    connection.close()
    return file


@pytest.fixture
def jobs(qtbot: QtBot, database: Path) -> Iterator[ThreadJobs]:
    made = ThreadJobs()
    made.open(lambda: sqlite3.connect(database, check_same_thread=False))
    yield made
    made.stop()


def value(number: int) -> Any:
    return lambda conn: conn.execute("SELECT ?", (number,)).fetchone()[0]


def test_results_arrive_on_the_gui_thread(jobs: ThreadJobs, qtbot: QtBot) -> None:
    results, ran_on = Results(), []

    def run(conn: sqlite3.Connection) -> int:
        ran_on.append(threading.current_thread())
        return 7

    jobs.read(Work(run, results.take))
    qtbot.waitUntil(lambda: results.values == [7], timeout=PATIENCE)
    assert results.threads == {threading.current_thread()}
    assert ran_on[0] is not threading.current_thread()


def test_writes_run_in_order_on_one_thread(jobs: ThreadJobs, qtbot: QtBot) -> None:
    results, threads = Results(), set()

    def step(number: int) -> int:
        threads.add(threading.current_thread())
        return number

    for number in range(50):
        jobs.write(Work(lambda number=number: step(number), results.take))
    qtbot.waitUntil(lambda: len(results.values) == 50, timeout=PATIENCE)
    assert results.values == list(range(50))
    assert len(threads) == 1


def test_newer_read_replaces_one_that_runs(jobs: ThreadJobs, qtbot: QtBot) -> None:
    results, running = Results(), threading.Event()

    def endless(conn: sqlite3.Connection) -> None:
        running.set()
        conn.execute(ENDLESS).fetchone()

    jobs.read(Work(endless, results.take, key=(1, "rows")))
    assert running.wait(PATIENCE / 1000)
    jobs.read(Work(value(2), results.take, key=(1, "rows")))
    qtbot.waitUntil(lambda: results.values == [2], timeout=PATIENCE)
    jobs.close_readers()
    assert results.failures == []


def test_newer_read_replaces_one_that_waits(qtbot: QtBot, database: Path) -> None:
    jobs, results = ThreadJobs(readers=1), Results()
    jobs.open(lambda: sqlite3.connect(database, check_same_thread=False))
    gate = threading.Event()
    jobs.read(Work(lambda conn: gate.wait(PATIENCE / 1000), results.take, key=(1, "other")))
    for number in range(5):
        jobs.read(Work(value(number), results.take, key=(1, "rows")))
    gate.set()
    qtbot.waitUntil(lambda: len(results.values) == 2, timeout=PATIENCE)
    jobs.stop()
    assert results.values == [True, 4]


def test_reads_of_different_owners_do_not_meet(jobs: ThreadJobs, qtbot: QtBot) -> None:
    results = Results()
    for owner in range(20):
        jobs.read(Work(value(owner), results.take, key=(owner, "rows")))
    qtbot.waitUntil(lambda: sorted(results.values) == list(range(20)), timeout=PATIENCE)


def test_read_delivered_late_is_dropped_when_a_newer_one_was_asked_for(jobs: ThreadJobs, qtbot: QtBot) -> None:
    results, done = Results(), threading.Event()

    def first(conn: sqlite3.Connection) -> int:
        done.set()
        return 1

    jobs.read(Work(first, results.take, key=(1, "")))
    assert done.wait(PATIENCE / 1000)
    jobs.read(Work(value(2), results.take, key=(1, "")))
    qtbot.waitUntil(lambda: 2 in results.values, timeout=PATIENCE)
    assert results.values == [2]


def test_failures_are_delivered(jobs: ThreadJobs, qtbot: QtBot) -> None:
    results = Results()
    jobs.write(Work(lambda: 1 // 0, results.take))
    jobs.read(Work(lambda conn: conn.execute("SELECT nothing"), results.take))
    qtbot.waitUntil(lambda: len(results.failures) == 2, timeout=PATIENCE)
    assert {type(failure) for failure in results.failures} == {ZeroDivisionError, sqlite3.OperationalError}


def test_stop_finishes_writes_and_interrupts_reads(qtbot: QtBot, database: Path) -> None:
    jobs, results, running = ThreadJobs(), Results(), threading.Event()
    jobs.open(lambda: sqlite3.connect(database, check_same_thread=False))
    written: list[int] = []

    def endless(conn: sqlite3.Connection) -> None:
        running.set()
        conn.execute(ENDLESS).fetchone()

    jobs.read(Work(endless, results.take))
    assert running.wait(PATIENCE / 1000)
    for number in range(10):
        jobs.write(Work(lambda number=number: written.append(number), results.take))
    jobs.stop()
    assert written == list(range(10))
    assert not [t for t in threading.enumerate() if t.name.startswith(("reader", "writer"))]


def test_nothing_is_read_before_open_or_after_close(qtbot: QtBot, database: Path) -> None:
    results = Results()
    for jobs in (ThreadJobs(), SyncJobs()):
        jobs.read(Work(value(1), results.take))
        jobs.open(lambda: sqlite3.connect(database, check_same_thread=False))
        jobs.close_readers()
        jobs.read(Work(value(1), results.take))
        jobs.stop()
    assert results.values == []


def test_sync_jobs_deliver_before_returning(database: Path) -> None:
    jobs, results = SyncJobs(), Results()
    jobs.open(lambda: sqlite3.connect(database))
    jobs.read(Work(value(3), results.take))
    jobs.write(Work(lambda: 4, results.take))
    jobs.write(Work(lambda: 1 // 0, results.take))
    jobs.stop()
    assert results.values == [3, 4]
    assert isinstance(results.failures[0], ZeroDivisionError)


def test_progress_reports_and_cancels(qtbot: QtBot) -> None:
    progress = JobProgress("导出")
    with qtbot.waitSignal(progress.moved):
        progress.step(1, 2, "写入表格")
    progress.step(2, 2)
    assert (progress.done, progress.total, progress.text) == (2, 2, "写入表格")
    progress.cancel()
    with pytest.raises(Cancelled):
        progress.step(2, 3)
    assert progress.done == 2


def test_nobody_waits_for_what_runs_aside(jobs: ThreadJobs, qtbot: QtBot) -> None:
    results, gate = Results(), threading.Event()
    jobs.aside(Work(lambda: gate.wait(30), results.take))
    jobs.close_readers()
    jobs.stop()
    gate.set()  # who waits comes here after 30 seconds, with False
    qtbot.waitUntil(lambda: results.values == [True])
    assert results.threads == {threading.current_thread()}
