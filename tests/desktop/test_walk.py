"""Every page of the program, walked through as it ships."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.pages import PAGES
from desktop.widgets.base_section import SECTIONS
from tests.desktop.window_page import WindowPage

ROOM = 768 - 40 - 32
"""What the task bar and the window's title leave of the height."""


class StrayWindows(QObject):
    """Notes what is shown as a window of its own: a widget without a parent flashes over the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.found.append(type(watched).__name__)
        return False


@pytest.fixture
def stray(qtbot: QtBot) -> Iterator[StrayWindows]:
    watcher = StrayWindows()
    QApplication.instance().installEventFilter(watcher)  # type: ignore[union-attr]
    yield watcher
    QApplication.instance().removeEventFilter(watcher)  # type: ignore[union-attr]


@pytest.mark.parametrize("county", ["demo_folder", "empty_folder"])
def test_nothing_is_shown_outside_the_window(
    qtbot: QtBot, tmp_path: Path, stray: StrayWindows, county: str, request: pytest.FixtureRequest
) -> None:
    page = WindowPage(qtbot, tmp_path, PAGES)
    page.window.show_welcome()
    page.window.open_folder(request.getfixturevalue(county))
    for entry in PAGES:
        page.window.show_page(entry.name)
        QApplication.processEvents()
    base = page.window.page("base")
    for section in [name for name, _, _ in SECTIONS]:
        base.open_section(section)  # type: ignore[attr-defined]
    assert stray.found == ["Frame"]
    page.session.close()


@pytest.mark.parametrize("county", ["demo_folder", "empty_folder"])
def test_every_page_has_room_on_a_screen_of_1366_by_768(
    qtbot: QtBot, tmp_path: Path, county: str, request: pytest.FixtureRequest
) -> None:
    page = WindowPage(qtbot, tmp_path, PAGES)
    page.window.open_folder(request.getfixturevalue(county))
    for entry in PAGES:
        page.window.show_page(entry.name)
        QApplication.processEvents()
        needed = page.frame.minimumSizeHint()
        assert needed.width() <= 1366 and needed.height() <= ROOM, entry.title
    page.session.close()
