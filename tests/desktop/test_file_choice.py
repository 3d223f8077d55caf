from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop import file_choice
from desktop.settings import Settings

DOCUMENTS = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Answer every dialog with a file of the test's folder, and note where each began."""
    begun: list[str] = []
    chosen = tmp_path / "收到的"
    chosen.mkdir()

    def one(_parent: QWidget, _title: str, start: str, _kinds: str) -> tuple[str, str]:
        begun.append(start)
        return str(chosen / "方案.docx"), ""

    def several(_parent: QWidget, _title: str, start: str, _kinds: str) -> tuple[list[str], str]:
        begun.append(start)
        return [str(chosen / "一.pdf"), str(chosen / "二.pdf")], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", one)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", one)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", several)
    return begun


def test_it_begins_in_the_documents_and_then_where_the_last_file_was(
    qtbot: QtBot, asked: list[str], tmp_path: Path
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    Settings().last_folder = tmp_path / "没有的"
    assert file_choice.choose_file(parent, "打开", "") == tmp_path / "收到的" / "方案.docx"
    assert [file.name for file in file_choice.choose_files(parent, "附件")] == ["一.pdf", "二.pdf"]
    file_choice.choose_target(parent, "导出", "清单.xlsx", "")
    last = tmp_path / "收到的"
    assert asked == [str(DOCUMENTS), str(last), str(last / "清单.xlsx")]


def test_a_folder_of_ours_is_offered_and_not_remembered(qtbot: QtBot, asked: list[str], tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    Settings().last_folder = tmp_path
    ours = tmp_path / "收到的" / "退回.xlsx"
    assert file_choice.choose_target(parent, "退回", str(ours), "") == ours.with_name("方案.docx")
    assert asked == [str(ours)] and Settings().last_folder == tmp_path


def test_a_folder_that_is_gone_is_not_offered(qtbot: QtBot, asked: list[str], tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    file_choice.choose_file(parent, "打开", "")
    assert file_choice.starting_folder() == tmp_path / "收到的"
    (tmp_path / "收到的").rmdir()
    assert file_choice.starting_folder() == DOCUMENTS


def test_where_such_files_usually_are_comes_first(qtbot: QtBot, asked: list[str], tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    backups = tmp_path / "backups"
    file_choice.choose_file(parent, "选择备份文件", "", start=backups)
    backups.mkdir()
    file_choice.choose_file(parent, "选择备份文件", "", start=backups)
    assert asked[1:] == [str(backups)] and asked[0] != str(backups)


def test_a_folder_is_chosen_from_the_present_one_on(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    begun: list[str] = []
    answers = iter([str(tmp_path), ""])

    def folder(_parent: QWidget, _title: str, start: str) -> str:
        begun.append(start)
        return next(answers)

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", folder)
    Settings().last_folder = tmp_path / "没有的"
    assert file_choice.choose_folder(parent, "保存到", str(tmp_path / "没有的")) == tmp_path
    assert file_choice.choose_folder(parent, "保存到", str(tmp_path)) is None
    assert begun == [str(DOCUMENTS), str(tmp_path)] and Settings().last_folder == tmp_path


def test_nothing_chosen_is_nothing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    assert file_choice.choose_file(parent, "打开", "") is None
    assert file_choice.choose_target(parent, "导出", "清单.xlsx", "") is None
