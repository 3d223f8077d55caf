"""Counties to open in the window's tests: one is built once and copied, and work runs at once on the calling thread."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from db.store import records
from db.store.operation import Operation
from db.work.demo import build_demo
from db.work.setup import new_county
from desktop.app import make_app
from desktop.jobs import SyncJobs
from desktop.session import Session

TODAY = date(2022, 3, 20)


@pytest.fixture(scope="session")
def built_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county as it is built; copy it before opening."""
    folder = tmp_path_factory.mktemp("built") / "demo"
    build_demo(folder)
    return folder


@pytest.fixture(scope="session")
def built_empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new county with nothing entered; copy it before opening."""
    folder = tmp_path_factory.mktemp("built") / "empty"
    new_county(folder, county="370783", author="王芳").close()
    return folder


@pytest.fixture
def demo_folder(built_demo: Path, tmp_path: Path) -> Path:
    """A demo county of the test's own."""
    return Path(shutil.copytree(built_demo, tmp_path / "寿光市演示"))


@pytest.fixture
def empty_folder(built_empty: Path, tmp_path: Path) -> Path:
    """An empty county of the test's own."""
    return Path(shutil.copytree(built_empty, tmp_path / "寿光市"))


def spoil(session: Session) -> None:
    """Break a rule that no reason makes up for: a “两高” project that adds more than it replaces."""
    schema = load_schema("two_high_project")

    def broken(op: Operation) -> None:
        (row_id,) = op.conn.execute(
            f"SELECT id FROM {schema.table} WHERE project_state = '拟建' AND deleted_at IS NULL LIMIT 1"
        ).fetchone()
        records.update(op, schema, row_id, {"capacity_new": Decimal(500)})

    session.write("改数", broken)


def _session(folder: Path) -> Iterator[Session]:
    make_app()
    session = Session(jobs=SyncJobs(), author="王芳")
    session.today = lambda: TODAY
    session.problem.connect(_raise)
    session.open_folder(folder)
    yield session
    session.close()


def _raise(problem: Exception) -> None:
    raise problem


@pytest.fixture
def demo_session(qtbot: QtBot, demo_folder: Path) -> Iterator[Session]:
    """A session with the demo county open; a problem nobody handles fails the test."""
    yield from _session(demo_folder)


@pytest.fixture
def empty_session(qtbot: QtBot, empty_folder: Path) -> Iterator[Session]:
    """A session with an empty county open; a problem nobody handles fails the test."""
    yield from _session(empty_folder)
