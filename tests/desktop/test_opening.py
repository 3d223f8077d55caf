"""How the window comes to a county and leaves it again."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from db.exchange.handover import write_handover
from db.exchange.part.giveback import write_return
from db.exchange.part.scope import part_scope
from db.exchange.part.write import open_part, write_part
from db.plan.catalogue import load_catalogue
from db.store.backup import backup
from db.store.county import County
from db.store.files import explain
from db.work.county_settings import county_facts
from db.work.opening import open_county
from desktop import opening
from desktop.dialogs.restore import RestoreElsewhereDialog
from desktop.pages.welcome import WelcomePage
from desktop.widgets import dialog as dialog_parts
from tests.desktop.fits import faults
from tests.desktop.window_page import WindowPage


@pytest.fixture
def closed(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowPage]:
    made = WindowPage(qtbot, tmp_path)
    yield made
    made.session.close()


@pytest.fixture
def window(closed: WindowPage, empty_folder: Path) -> WindowPage:
    closed.window.open_folder(empty_folder)
    return closed


def test_who_makes_a_county_is_its_clerk_without_being_asked_again(closed: WindowPage, tmp_path: Path) -> None:
    closed.settings.author = "李建国"
    closed.window.opening.create(tmp_path / "寿光市", "370783")
    with closed.session.county.reading() as conn:
        assert county_facts(conn).contacts["clerk"] == "李建国"


def test_a_county_comes_back_from_a_backup_on_the_first_page(
    closed: WindowPage, empty_folder: Path, tmp_path: Path
) -> None:
    saved, place = tmp_path / "U盘" / "备份.zip", tmp_path / "新电脑" / "寿光"
    saved.parent.mkdir()
    with County.open(empty_folder, author="李强") as county:
        backup(county, saved)
    closed.window.opening.restore_from(saved)
    dialog = closed.window.findChild(RestoreElsewhereDialog)
    assert isinstance(dialog, RestoreElsewhereDialog) and "寿光市" in dialog.heading.text()
    dialog.folder.setText(str(empty_folder))
    dialog.restore_button.click()
    assert "已经有县级数据" in dialog.fault.text() and dialog.isVisible()
    dialog.folder.setText(str(place))
    dialog.restore_button.click()
    assert closed.session.is_open and closed.session.folder == place


def test_a_work_package_is_opened_on_the_first_page(closed: WindowPage, empty_folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "同事的电脑"
    with County.open(empty_folder, author="李强") as county:
        with county.reading() as conn:
            scope = part_scope(conn, load_catalogue(), towns=["370783001"])
        sent = write_part(county, scope, tmp_path / "U盘").file
    closed.window.opening.restore_from(sent)
    dialog = closed.window.findChild(RestoreElsewhereDialog)
    assert isinstance(dialog, RestoreElsewhereDialog) and dialog.heading.text() == "打开工作包：圣城街道"
    assert dialog.folder.text().endswith("工作包 圣城街道")
    dialog.folder.setText(str(place))
    dialog.restore_button.click()
    assert closed.session.folder == place
    assert closed.window.shell.part_line.line.text() == "工作包：圣城街道 · 回交给李强"


def test_a_backup_of_a_full_county_is_told_on_one_screen(
    closed: WindowPage, demo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialog_parts, "room_on", lambda _dialog: 455)
    with County.open(demo_folder, author="李强") as county:
        backup(county, tmp_path / "备份.zip")
    closed.window.opening.restore_from(tmp_path / "备份.zip")
    dialog = closed.window.findChild(RestoreElsewhereDialog)
    assert isinstance(dialog, RestoreElsewhereDialog)
    told = [each.text() for each in dialog.findChildren(QLabel)]
    assert "燃煤锅炉淘汰：8 条" in told and not [line for line in told if "register_" in line]
    assert dialog.height() <= 455 and faults(dialog) == []
    assert dialog.rect().contains(dialog.restore_button.mapTo(dialog, dialog.restore_button.rect().bottomRight()))
    dialog.reject()


def test_an_open_county_can_be_left_for_the_first_page(window: WindowPage) -> None:
    assert window.window.shell.top.leave.isVisible()
    window.window.shell.top.leave.click()
    assert not window.session.is_open and not window.window.shell.top.leave.isVisible()
    assert isinstance(window.window.shell.stack.currentWidget(), WelcomePage)


def test_a_county_is_not_made_in_a_synchronised_folder_but_beside_it_on_this_pc(
    closed: WindowPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "documents", lambda: tmp_path / "文档" / "四减四增")
    shared = tmp_path / "我的坚果云" / "寿光市"
    closed.window.opening.create(shared, "370783")
    (dialog,) = closed.dialogs()
    assert "坚果云" in dialog.heading.text() and not closed.session.is_open
    (copies,) = dialog.findChildren(QCheckBox)
    assert copies.isChecked() and str(shared.parent) in copies.text()
    dialog.accept()
    assert closed.settings.backup_folder == shared.parent
    assert closed.session.is_open and closed.session.folder == tmp_path / "文档" / "四减四增" / "寿光市"
    assert not shared.exists()


def test_documents_that_were_moved_into_onedrive_are_not_proposed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "用户 一")
    monkeypatch.setattr(
        "PySide6.QtCore.QStandardPaths.writableLocation", lambda _place: str(tmp_path / "OneDrive" / "文档")
    )
    assert opening.documents() == tmp_path / "用户 一" / "四减四增"
    monkeypatch.setattr("PySide6.QtCore.QStandardPaths.writableLocation", lambda _place: str(tmp_path / "文档"))
    assert opening.documents() == tmp_path / "文档" / "四减四增"


def test_a_county_on_a_write_protected_stick_can_be_looked_at(
    closed: WindowPage, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def protected(_folder: Path, *, take_over: bool = False) -> None:
        raise explain(OSError(errno.EROFS, "read-only"), "锁定县级数据文件夹", empty_folder)

    monkeypatch.setattr("db.store.lock.FolderLock.acquire", protected)
    closed.window.open_folder(empty_folder)
    (dialog,) = closed.dialogs()
    assert "写保护" in dialog.heading.text()
    dialog.accept()
    assert closed.session.is_open and closed.session.read_only


def test_a_file_says_what_it_is_before_a_folder_is_made(
    closed: WindowPage, empty_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with County.open(empty_folder, author="李强") as county:
        made = write_handover(county, tmp_path / "U盘", draw=lambda _sheet: b"%PDF-1.7")
        with county.reading() as conn:
            scope = part_scope(conn, load_catalogue(), towns=["370783001"])
        sent = write_part(county, scope, tmp_path / "U盘").file
    open_part(sent, tmp_path / "part")
    with open_county(tmp_path / "part", author="同事") as county:
        back = write_return(county, tmp_path / "U盘").file
    monkeypatch.setattr(opening, "choose_file", lambda *_: made.file)
    closed.window.show_welcome()
    page = closed.window.shell.stack.currentWidget()
    assert isinstance(page, WelcomePage)
    page.arrived_wanted.emit()
    dialog = closed.window.findChild(RestoreElsewhereDialog)
    assert isinstance(dialog, RestoreElsewhereDialog)
    assert dialog.heading.text() == "打开交接包：寿光市的全部数据" and dialog.restore_button.text() == "打开"
    dialog.reject()
    closed.window.read_workbooks([back])
    assert "交回来的工作包" in closed.window.toast.sentence.text()
    closed.window.read_workbooks([tmp_path / "a.xlsx"])
    assert "请先打开县级数据" in closed.window.toast.sentence.text()
    assert not closed.session.is_open
