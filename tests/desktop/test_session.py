from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from db.core.changes import Changes
from db.core.errors import Cancelled, DataProblem, EnvironmentProblem
from db.core.fields import load_schema
from db.core.period import Period
from db.core.progress import Progress
from db.plan.editions import add_edition
from db.store import records
from db.store.backup import kept
from db.store.operation import Operation
from db.store.query import TableQuery
from desktop.jobs import JobProgress, SyncJobs, ThreadJobs
from desktop.session import EverythingChanged, Session

ENTERPRISE = load_schema("enterprise")
PATIENCE = 5000


def add_enterprise(op: Operation) -> str:
    return records.insert(op, ENTERPRISE, {"name": "寿光热电有限公司"})


class Heard:
    """What a session said."""

    def __init__(self, session: Session) -> None:
        self.changes: list[Changes] = []
        self.problems: list[Exception] = []
        self.notices: list[str] = []
        self.saved: list[object] = []
        session.changed.connect(self.changes.append)
        session.problem.connect(self.problems.append)
        session.notice.connect(self.notices.append)
        session.saved.connect(self.saved.append)


@pytest.fixture
def session(qtbot: QtBot, empty_folder: Path) -> Iterator[Session]:
    made = Session(SyncJobs(), author="王芳")
    made.open_folder(empty_folder)
    yield made
    made.close()


@pytest.fixture
def heard(session: Session) -> Heard:
    return Heard(session)


def count(session: Session) -> int:
    found: list[int] = []
    session.read(TableQuery(ENTERPRISE).count, found.append, owner=session, key="count")
    return found[0]


def test_open_gives_county_catalogue_and_author(session: Session, empty_folder: Path) -> None:
    assert session.is_open
    assert session.folder == empty_folder
    assert not session.read_only
    assert session.catalogue.clauses
    session.author = "李强"
    labels: list[str] = []
    session.write("新增企业", lambda op: op.author, labels.append)
    assert labels == ["李强"]


def test_write_tells_what_changed_and_when(session: Session, heard: Heard) -> None:
    ids: list[str] = []
    session.write("新增企业", add_enterprise, ids.append)
    assert heard.changes[0].rows == {"enterprise": frozenset(ids)}
    assert heard.changes[0].label == "新增企业"
    assert heard.saved == [session.saved_at]
    assert (session.undo_label, session.redo_label) == ("新增企业", None)
    assert count(session) == 1


def test_write_of_nothing_is_not_a_change(session: Session, heard: Heard) -> None:
    session.write("什么也不做", lambda op: None)
    assert heard.changes == []
    assert heard.saved == []
    assert session.undo_label is None


def test_undo_and_redo(session: Session, heard: Heard) -> None:
    session.write("新增企业", add_enterprise)
    session.undo()
    assert count(session) == 0
    assert (session.undo_label, session.redo_label) == (None, "新增企业")
    session.undo()
    session.redo()
    assert count(session) == 1
    assert [change.label for change in heard.changes] == ["新增企业", "撤销：新增企业", "重做：新增企业"]


def test_another_plan_is_worked_by_at_once_and_until_it_is_undone(session: Session, heard: Heard) -> None:
    shipped, plans = session.catalogue, list[int]()
    session.plan_changed.connect(lambda: plans.append(session.catalogue.years[0]))
    own = replace(shipped, version="own", begins=date(2024, 1, 1), ends=date(2026, 12, 31))
    session.write("采用方案", lambda op: add_edition(op, own, homes={}))
    assert session.catalogue == own and session.year == 2024
    session.undo()
    assert session.catalogue is shipped and session.year == 2023
    session.redo()
    assert plans == [2024, 2021, 2024] and heard.changes == []
    session.write("新增企业", add_enterprise)
    assert len(plans) == 3 and len(heard.changes) == 1
    with pytest.raises(ValueError):
        session.year = 2022


def test_failed_write_leaves_nothing_and_is_told_where_it_belongs(session: Session, heard: Heard) -> None:
    def fail(op: Operation) -> None:
        add_enterprise(op)
        raise DataProblem("名称重复。")

    told: list[Exception] = []
    session.write("新增企业", fail, failed=told.append)
    assert [str(error) for error in told] == ["名称重复。"]
    assert heard.problems == []
    session.write("新增企业", fail)
    assert [str(error) for error in heard.problems] == ["名称重复。"]
    assert count(session) == 0


def test_bugs_are_reported_even_when_somebody_listens(session: Session, heard: Heard) -> None:
    told: list[Exception] = []
    session.write("新增企业", lambda op: 1 // 0, failed=told.append)
    assert told == heard.problems
    assert isinstance(told[0], ZeroDivisionError)


def test_bug_in_a_receiver_is_reported(session: Session, heard: Heard) -> None:
    session.read(lambda conn: 1, lambda value: value // 0, owner=session)
    assert isinstance(heard.problems[0], ZeroDivisionError)


def test_nothing_is_delivered_to_the_dead(session: Session, qtbot: QtBot) -> None:
    owner = QObject()
    delivered: list[int] = []

    def read(conn: object) -> int:
        import shiboken6

        shiboken6.delete(owner)
        return 1

    session.read(read, delivered.append, owner=owner)
    assert delivered == []


def test_read_only_refuses_writes(qtbot: QtBot, empty_folder: Path) -> None:
    session = Session(SyncJobs(), author="王芳")
    heard = Heard(session)
    session.open_folder(empty_folder, read_only=True)
    session.write("新增企业", add_enterprise)
    assert isinstance(heard.problems[0], EnvironmentProblem)
    assert "只读" in str(heard.problems[0])
    assert count(session) == 0
    session.close()


def test_second_opening_fails_and_leaves_no_county(session: Session, qtbot: QtBot, empty_folder: Path) -> None:
    other = Session(SyncJobs(), author="李强")
    told: list[Exception] = []
    other.open_folder(empty_folder, failed=told.append)
    assert not other.is_open
    assert isinstance(told[0], EnvironmentProblem)
    other.close()


def test_close_is_told_and_backs_up(session: Session, empty_folder: Path) -> None:
    session.write("新增企业", add_enterprise)
    closed: list[bool] = []
    session.closed.connect(lambda: closed.append(True))
    session.close_county()
    session.close_county()
    assert closed == [True]
    assert not session.is_open
    assert session.read_only
    with pytest.raises(RuntimeError):
        _ = session.county
    assert list((empty_folder / "backups").glob("daily-*.zip"))


def test_year(session: Session) -> None:
    years: list[int] = []
    session.year_changed.connect(years.append)
    session.year = 2023
    session.year = 2023
    assert years == [2023]
    with pytest.raises(ValueError):
        session.year = 2020


def test_job_that_writes_changes_everything(session: Session, heard: Heard) -> None:
    jobs: list[JobProgress] = []
    session.job_started.connect(jobs.append)

    def work(progress: Progress) -> str:
        progress.step(1, 2, "写入")
        with session.county.operation("导入企业") as op:
            return add_enterprise(op)

    done: list[str] = []
    session.job("导入", work, done.append)
    assert jobs[0].title == "导入"
    assert isinstance(heard.changes[0], EverythingChanged)
    assert heard.changes[0].touches("anything")
    assert session.undo_label == "导入企业"
    assert len(done) == 1


def test_job_that_only_reads_changes_nothing(session: Session, heard: Heard) -> None:
    session.job("校验", lambda progress: 1)
    assert heard.changes == []


def test_cancelled_job_is_told_once(session: Session, heard: Heard) -> None:
    def work(progress: Any) -> None:
        progress.cancel()
        progress.step(1, 2)

    told: list[Exception] = []
    session.job("导出", work, failed=told.append)
    assert heard.notices == ["已取消：导出。"]
    assert isinstance(told[0], Cancelled)
    assert heard.problems == []


def test_real_threads_from_opening_to_closing(qtbot: QtBot, empty_folder: Path) -> None:
    session = Session(ThreadJobs(), author="王芳")
    heard = Heard(session)
    with qtbot.waitSignal(session.opened, timeout=PATIENCE):
        session.open_folder(empty_folder)
    ids: list[str] = []
    for _ in range(20):
        session.write("新增企业", add_enterprise, ids.append)
    qtbot.waitUntil(lambda: len(ids) == 20, timeout=PATIENCE)
    counts: list[int] = []
    session.read(TableQuery(ENTERPRISE).count, counts.append, owner=session)
    qtbot.waitUntil(lambda: counts == [20], timeout=PATIENCE)
    started, gate = threading.Event(), threading.Event()

    def long(progress: Progress) -> None:
        started.set()
        while True:
            gate.wait(0.005)
            progress.step(0, 0)

    session.job("很长的工作", long)
    assert started.wait(5)
    session.write("最后一笔", add_enterprise)
    session.close()
    assert heard.problems == []
    check = Session(SyncJobs(), author="王芳")
    check.open_folder(empty_folder)
    assert count(check) == 21
    check.close()


def test_many_rows_are_written_after_a_backup_that_lacks_them(session: Session, heard: Heard) -> None:
    told: list[None] = []
    session.backed_up.connect(lambda: told.append(None))
    rows = [{"name": f"企业{number}"} for number in range(1000)]
    session.write("粘贴", lambda op: records.insert_many(op, ENTERPRISE, rows[:999]), rows=999)
    assert told == [] and kept(session.folder) == []
    session.write("粘贴", lambda op: records.insert_many(op, ENTERPRISE, rows), rows=1000)
    ((backup),) = kept(session.folder)
    assert told == [None] and backup.kind == "before-import"
    assert backup.info.counts["enterprise"] == 999 and count(session) == 1999


def test_nothing_is_written_when_the_backup_fails(
    session: Session, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise EnvironmentProblem("磁盘空间已满。", advice="请清理磁盘。", code="disk_full")

    monkeypatch.setattr("db.store.backup_keeping.write_backup", lambda *_, **__: full())
    session.write("粘贴", add_enterprise, rows=1000)
    assert [str(problem) for problem in heard.problems] == ["磁盘空间已满。请清理磁盘。"] and count(session) == 0
    monkeypatch.undo()


def test_the_month_goes_with_the_year(demo_session: Session) -> None:
    told: list[object] = []
    demo_session.period_changed.connect(told.append)
    assert demo_session.period == Period(2022, 3)  # today's month in the year that is looked at
    demo_session.year = 2023
    demo_session.period = Period(2023, 3)
    assert told == [Period(2023, 3)]
    demo_session.period = Period(2021, 12)
    demo_session.period = Period(2021, 11)
    assert told[1:] == [Period(2021, 12), Period(2021, 11)] and demo_session.year == 2021
