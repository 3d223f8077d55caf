"""Closing the window asks about cells of a sheet that were refused, also on pages and views that are not seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.pages import PAGES
from desktop.pages.monthly import PROJECTS, MonthlyPage
from tests.desktop.window_page import WindowPage


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, empty_folder: Path) -> Iterator[WindowPage]:
    entries = tuple(entry for entry in PAGES if entry.name in ("monthly", "base"))
    made = WindowPage(qtbot, tmp_path, entries)
    made.window.open_folder(empty_folder)
    yield made
    made.session.close()


def month_of(window: WindowPage) -> MonthlyPage:
    page = window.window.show_page("monthly")
    assert isinstance(page, MonthlyPage)
    return page


def test_refused_cells_are_asked_about_and_led_to(window: WindowPage) -> None:
    page = month_of(window)
    model, sheet = page.tasks.model, page.tasks.sheet
    column = sheet.figure_column()
    assert not model.enter(3, column, "很多") and not model.enter(5, column, "-1")
    page.show_view(PROJECTS)
    window.window.show_page("base")
    window.frame.close()
    assert window.frame.isVisible() and window.current == "monthly"
    (dialog,) = window.dialogs()
    assert dialog.heading.text() == "“月调度”有2格填得不对（标红的），还没有保存。"
    QTest.keyClick(dialog, Qt.Key.Key_Return)  # Enter, pressed without reading, loses nothing
    assert not dialog.isVisible() and model.refused_cells()
    page.show_view("tasks")
    window.frame.close()
    assert (sheet.currentIndex().row(), sheet.currentIndex().column()) == (3, column)
    (dialog,) = window.dialogs()
    assert any("内容会丢失" in told.text() for told in dialog.findChildren(QLabel))
    dialog.accept()
    assert not window.frame.isVisible() and not window.session.is_open


def test_leaving_the_county_asks_too(window: WindowPage) -> None:
    page = month_of(window)
    assert not page.tasks.model.enter(3, page.tasks.sheet.figure_column(), "很多")
    window.window.show_page("base")
    window.window.leave_county()
    assert window.session.is_open and window.current == "monthly"
    (dialog,) = window.dialogs()
    dialog.reject()
    assert window.session.is_open and page.tasks.model.refused_cells()
    window.window.leave_county()
    (dialog,) = window.dialogs()
    assert any("仍要离开的话" in told.text() for told in dialog.findChildren(QLabel))
    dialog.accept()
    assert not window.session.is_open and window.frame.isVisible()


def test_what_was_mended_is_not_asked_about(window: WindowPage) -> None:
    model, column = month_of(window).tasks.model, month_of(window).tasks.sheet.figure_column()
    assert not model.enter(3, column, "很多")
    model.clear([model.index(3, column)])
    window.frame.close()
    assert not window.frame.isVisible() and not window.dialogs()
