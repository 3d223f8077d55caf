from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.crash import CrashReporter, signature, system
from desktop.dialogs.crash import show_crash
from tests.conftest import LogGuard


def bug(words: str = "坏了") -> ValueError:
    try:
        raise ValueError(words)
    except ValueError as error:
        return error


@pytest.fixture
def shown() -> list[str]:
    return []


@pytest.fixture
def reporter(qtbot: QtBot, shown: list[str], log_guard: LogGuard) -> Iterator[CrashReporter]:
    log_guard.expect("uncaught")
    made = CrashReporter(shown.append)
    give_back = made.install()
    yield made
    give_back()
    assert sys.excepthook != made._from_hook


def test_the_same_bug_is_shown_once(reporter: CrashReporter, shown: list[str], qtbot: QtBot) -> None:
    for _ in range(3):
        reporter.report(bug())
    qtbot.waitUntil(lambda: bool(shown))
    assert len(shown) == 1
    assert "ValueError: 坏了" in shown[0]
    assert system() in shown[0]


def test_bugs_on_other_threads_are_caught(reporter: CrashReporter, shown: list[str], qtbot: QtBot) -> None:
    def fail() -> None:
        raise KeyError("x")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(shown))
    assert "KeyError" in shown[0]


def test_python_hook_is_ours(reporter: CrashReporter, shown: list[str], qtbot: QtBot) -> None:
    error = bug("没人接住")
    sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: bool(shown))
    assert "没人接住" in shown[0]


def test_signature_tells_places_apart() -> None:
    def other() -> ValueError:
        try:
            raise ValueError("坏了")
        except ValueError as error:
            return error

    assert signature(bug("a")) == signature(bug("b"))
    assert signature(bug()) != signature(other())
    assert signature(ValueError()) == "ValueError "


def test_dialog_folds_and_copies_details(qtbot: QtBot) -> None:
    dialog = show_crash("Traceback …")
    qtbot.addWidget(dialog)
    assert not dialog.details.isVisible()
    buttons = {each.text(): each for each in dialog.findChildren(type(dialog.add_button("x", dialog.accept)))}
    buttons["复制"].click()
    assert QGuiApplication.clipboard().text() == "Traceback …"
    next(each for text, each in buttons.items() if text.startswith("详细信息")).click()
    assert dialog.details.isVisibleTo(dialog)
