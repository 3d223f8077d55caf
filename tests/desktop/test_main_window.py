from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from db.core.errors import Cancelled, DataProblem, EnvironmentProblem
from db.store.county import County
from db.store.operation import Operation
from desktop import instance
from desktop.frame import SMALLEST, USUAL, Frame
from desktop.jobs import ThreadJobs
from desktop.main_window import MainWindow
from desktop.pages import PAGES, PageEntry
from desktop.pages.welcome import WelcomePage
from desktop.places import Place
from desktop.session import Session
from desktop.settings import Settings
from desktop.standing import last_backup
from tests.conftest import LogGuard
from tests.desktop.window_page import ENTRIES, PlainPage, WindowPage

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


class BrokenPage(PlainPage):
    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(session, parent)
        raise ZeroDivisionError


@pytest.fixture
def closed(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowPage]:
    made = WindowPage(qtbot, tmp_path)
    yield made
    made.session.close()


@pytest.fixture
def window(closed: WindowPage, empty_folder: Path) -> WindowPage:
    closed.window.open_folder(empty_folder)
    return closed


# -- beginning --------------------------------------------------------------------------------------------------------


def test_window_comes_back_where_it_was(closed: WindowPage, qtbot: QtBot) -> None:
    width = min(SMALLEST[0], closed.frame.screen().availableGeometry().width())
    closed.frame.resize(width, 666)
    closed.frame.close()
    again = Frame(closed.settings)
    qtbot.addWidget(again)
    assert again.size().toTuple() == (width, 666)
    closed.settings.window = "nonsense"
    usual = Frame(closed.settings)
    qtbot.addWidget(usual)
    assert usual.width() == min(USUAL[0], usual.screen().availableGeometry().width())


def test_the_first_page_of_a_county_has_the_keyboard(closed: WindowPage, empty_folder: Path) -> None:
    closed.window.show_welcome()
    closed.window.open_folder(empty_folder)
    shown = closed.window.shell.stack.currentWidget()
    focused = closed.frame.focusWidget()
    assert shown is not None and focused is not None
    assert focused is shown or shown.isAncestorOf(focused)


def test_welcome_offers_units_recent_folders_and_the_demo(closed: WindowPage, tmp_path: Path) -> None:
    closed.window.show_welcome()
    page = closed.window.shell.stack.currentWidget()
    assert isinstance(page, WelcomePage)
    assert page.units.count() >= 12
    assert page.units.findText("寿光市") >= 0
    assert not closed.window.shell.rail.isVisible()
    wanted: list[object] = []
    page.new_wanted.disconnect()
    page.new_wanted.connect(lambda folder, key: wanted.append((folder, key)))
    page.create_button.click()
    assert page.problem.text() == "请先选择填报单位。"
    page.units.setCurrentIndex(page.units.findText("寿光市"))
    assert page.folder.text().endswith("寿光市")
    page.folder.setText(str(tmp_path / "新"))
    page.create_button.click()
    assert wanted == [(tmp_path / "新", "370783")]


def test_welcome_refuses_a_folder_that_is_taken(closed: WindowPage, empty_folder: Path) -> None:
    closed.window.show_welcome()
    page = closed.window.shell.stack.currentWidget()
    assert isinstance(page, WelcomePage)
    page.units.setCurrentIndex(0)
    page.folder.setText(str(empty_folder))
    page.create_button.click()
    assert "已经有县级数据" in page.problem.text()


def test_new_county_is_made_and_opened(closed: WindowPage, tmp_path: Path) -> None:
    closed.window.opening.create(tmp_path / "诸城市", "370782")
    assert closed.session.is_open
    assert closed.window.shell.top.county.text() == "诸城市"
    assert closed.settings.recent == [tmp_path / "诸城市"]
    assert closed.frame.windowTitle().startswith("诸城市 — ")


def test_opening_shows_county_pages_and_status(window: WindowPage) -> None:
    assert window.window.shell.rail.isVisible()
    assert window.current == "breakdown"
    assert window.status == {"saved": "", "backup": "还没有", "mode": "", "selection": "", "author": "王芳"}
    window.add_enterprise()
    assert window.status["saved"] == f"{window.session.saved_at:%H:%M}"


def test_folder_that_is_no_county_brings_the_welcome_page_and_a_sentence(
    closed: WindowPage, tmp_path: Path, log_guard: LogGuard
) -> None:
    log_guard.expect("没有县级数据文件")
    closed.window.open_folder(tmp_path)
    assert isinstance(closed.window.shell.stack.currentWidget(), WelcomePage)
    (dialog,) = closed.dialogs()
    assert "没有县级数据文件" in dialog.heading.text()
    dialog.accept()


def test_held_folder_can_be_opened_read_only(closed: WindowPage, empty_folder: Path) -> None:
    with County.open(empty_folder, author="李强"):
        closed.window.open_folder(empty_folder)
        (dialog,) = closed.dialogs()
        dialog.accept()
        assert closed.session.read_only
        assert closed.status["mode"] == "只读"
        assert closed.window.shell.banner.isVisible()
        assert not closed.window.shell.top.undo.isEnabled()
        closed.session.close_county()
    assert not closed.window.shell.banner.isVisible()


# -- pages ------------------------------------------------------------------------------------------------------------


def test_pages_are_made_when_they_are_first_shown(window: WindowPage) -> None:
    assert set(window.window._pages) == {"breakdown"}
    window.press(KEY.Key_2, CTRL)
    assert window.current == "projects"
    first = window.page("projects")
    window.window.shell.rail.button("base").click()
    window.window.shell.rail.button("projects").click()
    assert window.page("projects") is first
    assert window.window.shell.rail.button("projects").isChecked()


def test_links_lead_to_places(window: WindowPage) -> None:
    place = Place("projects", register="coal_boiler", row_id="x", year=2023)
    window.page("breakdown").navigate.emit(place)
    assert window.current == "projects"
    assert window.page("projects").revealed == [place]
    assert window.session.year == 2023
    assert window.window.shell.top.year.value == 2023


def test_selection_of_a_page_is_told_in_the_status_line(window: WindowPage) -> None:
    window.page("breakdown").selection_told.emit("已选 3 格")
    assert window.status["selection"] == "已选 3 格"
    window.window.show_page("projects")
    assert window.status["selection"] == ""


def test_pages_of_a_closed_county_are_gone(window: WindowPage, tmp_path: Path) -> None:
    before = window.page("breakdown")
    window.window.opening.create(tmp_path / "诸城市", "370782")
    assert window.page("breakdown") is not before


def test_broken_page_is_reported_and_the_window_goes_on(
    qtbot: QtBot, tmp_path: Path, empty_folder: Path, log_guard: LogGuard
) -> None:
    log_guard.expect("uncaught ZeroDivisionError")
    page = WindowPage(qtbot, tmp_path, (*ENTRIES[:1], PageEntry("broken", "坏", "warning", BrokenPage)))
    page.window.open_folder(empty_folder)
    give_back = page.window.crashes.install()
    try:
        page.window.show_page("broken")
    except ZeroDivisionError as error:  # Qt hands it to the hook; a direct call does it here
        page.window.crashes.report(error)
    qtbot.waitUntil(lambda: bool(page.dialogs()))
    page.dialogs()[0].accept()
    give_back()
    assert page.current == "breakdown"
    page.session.close()


def test_every_page_of_the_program_opens(qtbot: QtBot, tmp_path: Path, demo_folder: Path) -> None:
    page = WindowPage(qtbot, tmp_path, PAGES)
    problems: list[Exception] = []
    page.session.problem.connect(problems.append)
    page.window.open_folder(demo_folder)
    on_rail = [entry.title for entry in PAGES if not entry.under]
    assert on_rail == ["总览", "任务分解", "项目清单", "收发", "月调度", "审核", "上报", "基础信息"]
    assert [entry.title for entry in PAGES if entry.under] == ["自评", "核对方案"]
    for entry in PAGES:
        assert page.window.show_page(entry.name) is not None
        QApplication.processEvents()
        assert page.current == entry.name
    assert problems == []
    page.session.close()


# -- undo, help -------------------------------------------------------------------------------------------------------


def test_undo_and_redo_say_what_they_did(window: WindowPage) -> None:
    window.add_enterprise()
    top = window.window.shell.top
    assert top.undo.toolTip() == "撤销：新增企业（Ctrl+Z）"
    window.press(KEY.Key_Z, CTRL)
    assert window.window.toast.sentence.text() == "已撤销：新增企业"
    assert not top.undo.isEnabled()
    assert top.redo.toolTip() == "重做：新增企业（Ctrl+Y）"
    top.redo.click()
    assert window.window.toast.sentence.text() == "已重做：新增企业"
    top.undo.click()
    assert window.window.toast.sentence.text() == "已撤销：新增企业"
    assert top.undo.focusPolicy() == Qt.FocusPolicy.NoFocus
    window.press(KEY.Key_Y, CTRL)
    assert window.window.toast.sentence.text() == "已重做：新增企业"
    assert top.redo.toolTip() == "没有可以重做的操作（Ctrl+Y）"


@pytest.mark.parametrize("kind", ["editor", "incell"])
def test_undo_by_mouse_saves_what_is_being_typed_first(window: WindowPage, kind: str) -> None:
    window.add_enterprise()
    window.window.show_page("projects")
    line = window.page("projects").line
    line.setProperty(kind, True)
    line.setFocus()
    assert line.hasFocus()
    window.window.shell.top.undo.click()
    assert not line.hasFocus()


def test_help_shows_the_keys(window: WindowPage) -> None:
    menu = window.window.shell.top.help.menu()
    assert menu is not None
    (keys,) = [each for each in menu.actions() if each.text().startswith("快捷键")]
    keys.trigger()
    (dialog,) = window.dialogs()
    assert dialog.windowTitle() == "快捷键与版本"
    dialog.accept()


def test_name_of_the_clerk_can_be_changed(window: WindowPage) -> None:
    window.window.shell.status.author_clicked.emit()
    (dialog,) = window.dialogs()
    line = dialog.findChildren(QLineEdit)[0]
    line.setText("  李强 ")
    dialog.findChildren(type(dialog.add_button("x", dialog.reject)))[1].click()
    assert (window.session.author, window.settings.author, window.status["author"]) == ("李强", "李强", "李强")


# -- what goes wrong --------------------------------------------------------------------------------------------------


def test_problems_are_told_where_they_stop_nobody(window: WindowPage, log_guard: LogGuard) -> None:
    log_guard.expect("磁盘空间已满")
    window.session.problem.emit(DataProblem("名称重复。", advice="请改名。"))
    assert window.window.toast.sentence.text() == "名称重复。请改名。"
    assert window.window.toast.property("tone") == "bad"
    for _ in range(3):
        window.session.problem.emit(EnvironmentProblem("磁盘空间已满。", advice="请清理。"))
    (dialog,) = window.dialogs()
    dialog.accept()
    window.session.problem.emit(Cancelled())
    assert window.dialogs() == []


def test_bugs_open_the_crash_dialog_once(window: WindowPage, qtbot: QtBot, log_guard: LogGuard) -> None:
    log_guard.expect("uncaught ZeroDivisionError")

    def fail(op: Operation) -> int:
        return 1 // 0

    for _ in range(3):
        window.session.write("坏", fail)
    qtbot.waitUntil(lambda: bool(window.dialogs()))
    (dialog,) = window.dialogs()
    assert "ZeroDivisionError" in dialog.details.toPlainText()
    dialog.accept()
    window.add_enterprise()
    assert window.session.undo_label == "新增企业"


def test_closing_asks_before_something_typed_is_lost(window: WindowPage) -> None:
    line = window.page("breakdown").line
    line.setProperty("wrong", True)
    window.frame.close()
    assert window.frame.isVisible()
    (dialog,) = window.dialogs()
    dialog.accept()
    assert not window.frame.isVisible()
    assert not window.session.is_open


def test_last_backup_in_words(window: WindowPage, empty_folder: Path) -> None:
    assert last_backup(empty_folder) == "还没有"
    window.add_enterprise()
    window.session.close_county()
    assert last_backup(empty_folder).startswith("今天 ")


# -- one window per folder --------------------------------------------------------------------------------------------


def test_second_start_shows_the_first_window(window: WindowPage, qtbot: QtBot, empty_folder: Path) -> None:
    window.frame.showMinimized()
    assert instance.show_first(empty_folder)
    qtbot.waitUntil(lambda: not window.frame.isMinimized())
    assert not instance.show_first(empty_folder / "other")
    window.session.close_county()
    assert not instance.show_first(empty_folder)


def test_window_on_another_folder_switches_to_it(
    window: WindowPage, qtbot: QtBot, tmp_path: Path, empty_folder: Path
) -> None:
    other = WindowPage(qtbot, tmp_path)
    other.window.open_folder(empty_folder)
    assert not other.session.is_open
    assert "已经在另一个窗口中打开" in other.window.toast.sentence.text()
    other.session.close()


# -- real threads -----------------------------------------------------------------------------------------------------


def test_long_job_shows_a_bar_that_cancels(qtbot: QtBot, tmp_path: Path, empty_folder: Path) -> None:
    session = Session(ThreadJobs(), author="王芳")
    window = MainWindow(session, Settings(tmp_path / "s.json"), ENTRIES)
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(session.opened):
        window.open_folder(empty_folder)
    window.job_panel._timer.setInterval(0)

    def work(progress: object) -> None:
        connection = sqlite3.connect(":memory:")
        done = 0
        while True:
            connection.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000) SELECT * FROM n"
            )
            done = (done + 1) % 100
            progress.step(done, 100, "写入表格")  # type: ignore[attr-defined]

    session.job("导出上报包", work)
    qtbot.waitUntil(window.job_panel.isVisible)
    qtbot.waitUntil(lambda: window.job_panel.text.text() == "写入表格")
    assert window.job_panel.title.text() == "导出上报包"
    window.job_panel.cancel.click()
    qtbot.waitUntil(lambda: not window.job_panel.isVisible())
    assert window.toast.sentence.text() == "已取消：导出上报包。"
    window.close()


# -- the status line --------------------------------------------------------------------------------------------------


def test_the_clerks_new_name_is_shown_at_once(window: WindowPage) -> None:
    window.session.author = "王丽"
    assert window.status["author"] == "王丽"


def test_what_was_selected_on_another_page_is_not_told(window: WindowPage) -> None:
    first = window.page("projects")
    window.window.show_page("base")
    first.selection_told.emit("已选4格")
    assert window.status["selection"] == ""
