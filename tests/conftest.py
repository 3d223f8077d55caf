"""What holds for every test: no screen, no settings of the person at the PC, nothing left behind or said in passing.

Python warnings are errors by pyproject.toml, Qt's by pytest-qt; here follow log records and threads.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from desktop.display import unseen_platform

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

# Before anything imports Qt.
os.environ["QT_QPA_PLATFORM"] = unseen_platform()

THREAD_PATIENCE = 5.0  # seconds a thread that was told to stop may take on a busy PC

hypothesis.settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def _own_profile() -> Iterator[None]:
    """Keep settings and caches of the program out of the profile of whoever runs the tests."""
    with tempfile.TemporaryDirectory(prefix="sijian-test-") as folder, pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA"):
            patch.setenv(name, str(Path(folder) / name.lower()))
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_application(qapp: object) -> None:
    """Make the window's application first: a letter drawn without one makes a lesser one that no window can use."""


@pytest.fixture
def qtbot(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[QtBot]:
    """Hold every widget a test adds until it was closed and its last events are done.

    pytest-qt holds them weakly: one that nothing else names could be collected in the middle of its own painting.
    """
    held: dict[int, QWidget] = {}
    add = qtbot.addWidget

    def hold_and_add(widget: QWidget, **options: Any) -> None:
        key = id(widget)
        held[key] = widget
        add(widget, **options)
        to_close = request.node.qt_widgets
        place = len(to_close) - 1

        def gone(_widget: object = None) -> None:
            # A dialog that deletes itself when closed is not closed again, whoever still names it.
            to_close[place] = (lambda: None, None)
            held.pop(key, None)

        widget.destroyed.connect(gone)

    qtbot.addWidget = qtbot.add_widget = hold_and_add  # type: ignore[method-assign]
    yield qtbot
    # Outside an event loop nothing is deleted later; every page of every test would live, and be styled, to the end.
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    held.clear()


class LogGuard(logging.Handler):
    """Collects warnings and worse; those a test did not say it expects make it fail."""

    def __init__(self, of_qt: Sequence[str] = ()) -> None:
        super().__init__(logging.WARNING)
        self.records: list[str] = []
        self.expected: list[str] = []
        self._of_qt = of_qt

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == "qt" and any(re.search(pattern, record.getMessage()) for pattern in self._of_qt):
            return  # pytest-qt passes it over as well
        self.records.append(f"{record.name} {record.levelname}: {self.format(record)}")

    def expect(self, pattern: str) -> None:
        """Say that a record matching the regular expression `pattern` must appear in this test."""
        self.expected.append(pattern)

    def findings(self) -> list[str]:
        """Return a sentence for each record nobody expected and each expected one that did not come."""
        surprises = [r for r in self.records if not any(re.search(p, r) for p in self.expected)]
        absent = [p for p in self.expected if not any(re.search(p, r) for r in self.records)]
        return [f"logged: {r}" for r in surprises] + [f"not logged: {p}" for p in absent]


@pytest.fixture(autouse=True)
def log_guard(pytestconfig: pytest.Config) -> Iterator[LogGuard]:
    """Fail the test when something is logged as a warning or worse, unless `log_guard.expect(...)` announced it."""
    guard = LogGuard(pytestconfig.getini("qt_log_ignore"))
    root = logging.getLogger()
    root.addHandler(guard)
    try:
        yield guard
    finally:
        root.removeHandler(guard)
    findings = guard.findings()
    if findings:
        pytest.fail("\n".join(findings), pytrace=False)


@pytest.fixture(autouse=True)
def _no_leaked_threads() -> Iterator[None]:
    """Fail the test when a thread it started outlives it."""
    before = set(threading.enumerate())
    yield
    leaked = []
    for thread in set(threading.enumerate()) - before:
        if isinstance(thread, threading._DummyThread):
            continue  # a Qt pool thread that once ran Python; the pool is asked below
        thread.join(THREAD_PATIENCE)
        if thread.is_alive():
            leaked.append(thread.name)
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QThreadPool

        if not QThreadPool.globalInstance().waitForDone(int(THREAD_PATIENCE * 1000)):
            leaked.append("global QThreadPool")
    if leaked:
        pytest.fail(f"threads left running: {', '.join(leaked)}", pytrace=False)
