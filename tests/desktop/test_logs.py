from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import qDebug, qWarning
from pytestqt.qtbot import QtBot

from desktop import logs
from tests.conftest import LogGuard


def test_log_files_of_user_and_county(tmp_path: Path, log_guard: LogGuard) -> None:
    log_guard.expect("磁盘空间已满")
    end = logs.set_up(tmp_path / "user")
    leave = logs.follow_county(tmp_path / "county")
    logging.getLogger("x").info("打开窗口")
    logging.getLogger("x").warning("磁盘空间已满")
    leave()
    end()
    user = (tmp_path / "user" / logs.FILE).read_text(encoding="utf-8")
    county = (tmp_path / "county" / "logs" / logs.FILE).read_text(encoding="utf-8")
    assert "打开窗口" in user
    assert "磁盘空间已满" in user
    assert "磁盘空间已满" in county
    assert "打开窗口" not in county


def test_qt_speaks_into_the_log(tmp_path: Path, qtbot: QtBot, log_guard: LogGuard) -> None:
    log_guard.expect("qt WARNING: 画不出来")
    end = logs.set_up(tmp_path)
    qWarning("画不出来")
    qWarning("This plugin does not support raise()")
    qDebug("detail")
    end()
    text = (tmp_path / logs.FILE).read_text(encoding="utf-8")
    assert "画不出来" in text
    assert "plugin" not in text


def test_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    logs.follow_county(tmp_path / "file")()
