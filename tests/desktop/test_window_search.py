"""The search box of the window goes to what it finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.places import Place
from tests.desktop.window_page import WindowPage

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, empty_folder: Path) -> Iterator[WindowPage]:
    made = WindowPage(qtbot, tmp_path)
    made.window.open_folder(empty_folder)
    yield made
    made.session.close()


def test_search_finds_by_initials_and_goes_there(window: WindowPage, qtbot: QtBot) -> None:
    box = window.window.shell.top.search
    window.press(KEY.Key_K, CTRL)
    assert box.hasFocus()
    QTest.keyClicks(box, "scjd")
    box.search_now()
    assert box.popup.isVisible()
    QTest.keyClick(box, KEY.Key_Return)
    assert window.current == "base"
    revealed = window.page("base").revealed[0]
    assert (revealed.page, revealed.section) == ("base", "town")
    assert box.text() == ""
    assert not box.popup.isVisible()


def test_enter_takes_the_first_hit_of_all_that_was_typed(window: WindowPage) -> None:
    box = window.window.shell.top.search
    box.setFocus()
    QTest.keyClicks(box, "08-0")
    box.search_now()
    QTest.keyClicks(box, "6")
    QTest.keyClick(box, KEY.Key_Return)
    assert window.page("breakdown").revealed == [Place("breakdown", task_id="08-06")]
    assert not box.hasFocus()


def test_search_moves_over_headings_and_escapes(window: WindowPage) -> None:
    box = window.window.shell.top.search
    box.setFocus()
    QTest.keyClicks(box, "08-06")
    box.search_now()
    rows = box.popup.list
    first = rows.currentRow()
    assert rows.item(0).text() == "任务"
    assert first == 1
    QTest.keyClick(box, KEY.Key_Down)
    assert rows.currentRow() == 2
    QTest.keyClick(box, KEY.Key_Up)
    QTest.keyClick(box, KEY.Key_Up)
    assert rows.currentRow() == 1
    QTest.keyClick(box, KEY.Key_Return)
    assert window.page("breakdown").revealed == [Place("breakdown", task_id="08-06")]
    box.setFocus()
    QTest.keyClicks(box, "qqqqqq")
    box.search_now()
    assert box.popup.nothing.isVisible()
    QTest.keyClick(box, KEY.Key_Escape)
    assert (box.text(), box.popup.isVisible()) == ("", False)
