"""F1 and 帮助 of the county's and the city's windows: the manual at the right place."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop import manual_places
from desktop.dialogs.about import AboutDialog
from desktop.dialogs.reason import ReasonDialog
from desktop.dialogs.save_view import SaveViewDialog
from desktop.helping import Helping
from desktop.manual_places import place_of_dialog, place_of_page
from desktop.pages import PAGES
from desktop.widgets.dialog import Dialog, tell
from tests.desktop.city_page import CityPage
from tests.desktop.window_page import WindowPage


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places at which the manual was opened."""
    places: list[str] = []
    monkeypatch.setattr(Helping, "open", lambda _self, place: places.append(place))
    return places


def press_f1(widget: QWidget) -> None:
    QApplication.processEvents()
    QTest.keyClick(widget, Qt.Key.Key_F1)


def test_every_page_opens_its_chapter(qtbot: QtBot, tmp_path: Path, demo_folder: Path, opened: list[str]) -> None:
    page = WindowPage(qtbot, tmp_path, PAGES)
    page.window.show_welcome()
    press_f1(page.window)
    page.window.open_folder(demo_folder)
    for entry in PAGES:
        page.window.show_page(entry.name)
        press_f1(page.window)
    assert opened == ["welcome", *(place_of_page(entry.name, _section(page, entry.name)) for entry in PAGES)]
    page.frame.close()


def _section(page: WindowPage, name: str) -> str:
    section = getattr(page.window.page(name), "section", "")
    return section if isinstance(section, str) else ""


def test_sections_of_a_page_have_places_of_their_own() -> None:
    assert place_of_page("base", "town") == "base#镇街"
    assert place_of_page("base", "unheard of") == place_of_page("base") == "base"


def test_a_dialog_opens_its_section_and_a_message_that_of_its_page(
    qtbot: QtBot, tmp_path: Path, opened: list[str]
) -> None:
    page = WindowPage(qtbot, tmp_path)
    page.window.show_welcome()
    about = page.window.helping.about()
    press_f1(about)
    message = tell(page.frame, "没有完成", "磁盘满了。")
    press_f1(message)
    assert opened == [place_of_dialog(AboutDialog), "welcome"]
    page.frame.close()


def test_a_class_without_a_place_has_that_of_the_one_above() -> None:
    class Narrower(SaveViewDialog):
        pass

    assert place_of_dialog(Narrower) == place_of_dialog(SaveViewDialog) != ""
    assert place_of_dialog(Dialog) == ""


@pytest.mark.parametrize(("about", "place"), manual_places.reasons().items())
def test_a_reason_has_the_place_of_what_it_is_asked_about(
    qtbot: QtBot, tmp_path: Path, opened: list[str], about: str, place: str
) -> None:
    page = WindowPage(qtbot, tmp_path)
    page.window.show_welcome()
    dialog = ReasonDialog(about, "理由", "为什么？", "例如：年底集中验收", page.frame)
    dialog.open()
    press_f1(dialog)
    assert opened == [place]
    page.frame.close()


def test_a_dialog_by_itself_has_no_help_to_give(qtbot: QtBot, opened: list[str]) -> None:
    dialog = Dialog("标题", "内容")
    qtbot.addWidget(dialog)
    dialog.show()
    press_f1(dialog)
    assert opened == []


def test_who_begins_is_led_through_the_first_hour(qtbot: QtBot, tmp_path: Path, opened: list[str]) -> None:
    page = WindowPage(qtbot, tmp_path)
    page.window.show_welcome()
    [first] = [each for each in page.window.helping.menu.actions() if each.text() == "一小时填完第一个月"]
    first.trigger()
    assert opened == ["quickstart"]
    page.frame.close()


def test_the_city_has_its_own_chapter(qtbot: QtBot, tmp_path: Path, opened: list[str]) -> None:
    city = CityPage(qtbot, tmp_path)
    press_f1(city.window)
    assert opened == ["city"]
    about = city.window.helping.about()
    assert not about.diagnosis_button.isVisible()
    about.accept()
    city.window.close()


def test_the_manual_is_one_window_that_closes_with_its_own(qtbot: QtBot, tmp_path: Path) -> None:
    page = WindowPage(qtbot, tmp_path)
    page.window.show_welcome()
    helping = page.window.helping
    helping.menu.actions()[0].trigger()
    first = helping.manual
    assert first is not None
    with qtbot.waitSignal(first.shown):
        helping.show()
    assert helping.manual is first and not first.isModal()
    page.frame.close()
    assert helping.manual is None and not first.isVisible()
