"""Every page of the program, walked through as it ships."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.pages import PAGES
from desktop.pages.base import BasePage
from desktop.pages.projects import ProjectsPage
from desktop.widgets.base_section import SECTIONS
from desktop.widgets.basics import READ_ONLY
from tests.desktop.window_page import WindowPage

WRITES = (
    "新增",
    "粘贴新增",
    "删除",
    "恢复",
    "分配",
    "添加",
    "不涉及…",
    "改为涉及…",
    "立即备份",
    "从文件恢复",
    "移除附件",
    "撤销",
)


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


def seen_buttons(page: WindowPage) -> Iterator[tuple[str, QAbstractButton]]:
    """Yield every button that is seen on a walk through all pages and sections and two registers, with its place."""
    window = page.window
    for entry in PAGES:
        window.show_page(entry.name)
        shown = window.page(entry.name)
        parts: list[tuple[str, Callable[[], object]]]
        if isinstance(shown, ProjectsPage):
            parts = [(f"{entry.title} {name}", partial(shown.open_register, name)) for name in shown.registers[:2]]
        elif isinstance(shown, BasePage):
            parts = [(f"{entry.title} {name}", partial(shown.open_section, name)) for name, _, _ in SECTIONS]
        else:
            parts = [(entry.title, lambda: None)]
        for where, show in parts:
            show()
            QApplication.processEvents()
            for each in page.frame.findChildren(QAbstractButton):
                if each.isVisible() and not isinstance(each.parent(), QLineEdit):  # a form as a whole is disabled
                    yield where, each


def words_of(control: QAbstractButton) -> str:
    return control.text() or control.accessibleName() or control.toolTip()


@pytest.mark.parametrize("county", ["demo_folder", "empty_folder"])
def test_a_button_that_cannot_write_says_why(
    qtbot: QtBot, tmp_path: Path, county: str, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(county)
    page = WindowPage(qtbot, tmp_path, PAGES)
    page.window.open_folder(folder)
    writing = {(where, words_of(each)) for where, each in seen_buttons(page) if each.isEnabled()}
    page.session.close_county()
    page.window.opening.open(folder, read_only=True)
    assert page.session.read_only
    seen = {(where, words_of(each)): each.isEnabled() or each.toolTip() for where, each in seen_buttons(page)}
    silent = {key: tip for key, tip in seen.items() if key in writing and tip not in (True, READ_ONLY)}
    assert silent == {}
    useless = [key for key, tip in seen.items() if tip is True and key[1].startswith(WRITES)]
    assert useless == []
    assert sum(tip == READ_ONLY for tip in seen.values()) > 20
    page.session.close()
