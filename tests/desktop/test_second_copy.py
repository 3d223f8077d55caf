"""A copy of every backup where the clerk wants it too: on closing, in 备份与恢复, and what is said when it failed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.store.backup import kept
from db.store.backup_keeping import kept_in
from desktop.second_copy import behind_elsewhere
from desktop.session import Session
from desktop.settings import Settings
from desktop.widgets.backup_elsewhere import NOWHERE
from desktop.widgets.base_backup import BackupPanel
from tests.desktop.window_page import WindowPage


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "我的坚果云"
    place.mkdir()
    Settings().backup_folder = place
    yield place
    Settings().backup_folder = None


def copied(stick: Path, session: Session) -> list[str]:
    return [entry.kind for entry in kept_in(stick / session.folder.name)]


def test_the_backup_made_on_closing_is_there_too(qtbot: QtBot, tmp_path: Path, empty_folder: Path, stick: Path) -> None:
    window = WindowPage(qtbot, tmp_path)
    window.window.open_folder(empty_folder)
    window.add_enterprise()
    window.session.close_county()
    assert len(kept(empty_folder)) == 1
    assert [entry.kind for entry in kept_in(stick / empty_folder.name)] == ["daily"]
    window.session.close()


def test_a_stick_that_is_not_there_keeps_nobody_and_is_told_when_the_county_opens(
    qtbot: QtBot, tmp_path: Path, empty_folder: Path, stick: Path
) -> None:
    window = WindowPage(qtbot, tmp_path)
    window.window.open_folder(empty_folder)
    window.add_enterprise()
    stick.rename(tmp_path / "拔掉了")
    window.session.close_county()
    assert len(kept(empty_folder)) == 1
    window.window.open_folder(empty_folder)
    assert window.dialogs() == []
    assert "备份没有另存：找不到文件夹" in window.window.toast.sentence.text()
    (tmp_path / "拔掉了").rename(stick)
    assert "下次关闭时会补上" in behind_elsewhere(empty_folder)
    window.session.close()
    assert behind_elsewhere(empty_folder) == ""


def test_the_folder_is_chosen_and_given_up_in_the_section(
    qtbot: QtBot, empty_session: Session, stick: Path, tmp_path: Path
) -> None:
    Settings().backup_folder = None
    panel = BackupPanel(empty_session)
    qtbot.addWidget(panel)
    panel.refresh()
    assert panel.elsewhere.place.text() == NOWHERE and panel.elsewhere.stop_button.isHidden()
    empty_session.write("改名", lambda op: op.conn.execute("UPDATE town SET population = 5"))
    panel.now_button.click()
    panel.elsewhere.choose_place = lambda: stick
    panel.elsewhere.choose_button.click()
    assert Settings().backup_folder == stick and copied(stick, empty_session) == ["daily"]
    assert panel.elsewhere.place.text() == str(stick) and panel.elsewhere.fault.isHidden()
    stick.rename(tmp_path / "拔掉了")
    panel.refresh()
    assert "找不到文件夹" in panel.elsewhere.fault.text() and not panel.elsewhere.fault.isHidden()
    panel.elsewhere.stop_button.click()
    assert Settings().backup_folder is None and panel.elsewhere.place.text() == NOWHERE


def test_a_folder_inside_the_county_is_refused(qtbot: QtBot, empty_session: Session) -> None:
    panel = BackupPanel(empty_session)
    qtbot.addWidget(panel)
    panel.elsewhere.choose_place = lambda: empty_session.folder / "backups"
    panel.elsewhere.choose_button.click()
    assert "不能另存到填报文件夹里面" in panel.elsewhere.fault.text()
    assert Settings().backup_folder is None
