"""The ground's own promises: a test that leaves something behind, or is warned, fails."""

from __future__ import annotations

import gc
import logging
import weakref
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.conftest import LogGuard

pytest_plugins = ["pytester"]

CASES = {
    "an unexpected log record": (
        "import logging\ndef test_it(): logging.getLogger('db').warning('full')",
        "logged: db WARNING: full",
    ),
    "an expected record that never comes": (
        "def test_it(log_guard): log_guard.expect('full')",
        "not logged: full",
    ),
    "a thread that goes on": (
        """
        import threading
        stop = threading.Event()
        def test_it(request):
            plugin = next(p for p in request.config.pluginmanager.get_plugins() if hasattr(p, "THREAD_PATIENCE"))
            plugin.THREAD_PATIENCE = 0.01
            threading.Thread(target=stop.wait, name="astray", daemon=True).start()
        def teardown_module():
            stop.set()
        """,
        "threads left running: astray",
    ),
    "a Python warning": (
        "import warnings\ndef test_it(): warnings.warn('old')",
        "UserWarning: old",
    ),
    "a Qt warning": (
        "from PySide6.QtCore import QObject\ndef test_it(qapp): QObject().startTimer(-1)",
        "QtWarningMsg: QObject::startTimer",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_left_behind_fails_the_test(case: str, pytester: pytest.Pytester) -> None:
    source, finding = CASES[case]
    here = Path(__file__).parent
    pytester.makeconftest((here / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyprojecttoml((here.parent / "pyproject.toml").read_text(encoding="utf-8"))
    pytester.makepyfile(test_inner=source)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "test_inner.py")
    assert result.ret == pytest.ExitCode.TESTS_FAILED, "a failing test ends the run with 1"
    assert finding in result.stdout.str()


def test_expected_log_records_are_fine(log_guard: LogGuard, caplog: pytest.LogCaptureFixture) -> None:
    log_guard.expect("disk is full")
    logging.getLogger("db").error("the disk is full")
    assert "disk is full" in caplog.text


def test_a_widget_that_only_the_test_bot_knows_is_kept(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    known = weakref.ref(widget)
    del widget
    gc.collect()
    assert known() is not None
