"""帮助 › 诊断: what it tells, and that nothing of the county is in it."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop import cli, diagnosis, logs
from desktop.diagnosis import FACTS, write_diagnosis
from desktop.dialogs.about import AboutDialog
from desktop.settings import Settings, user_folder
from tests.conftest import LogGuard
from tests.desktop.window_page import WindowPage

OF_THE_PROGRAM = {"table_name", "action", "kind", "state"}
"""Columns whose values are words of the program."""


FIGURE = re.compile(r"\d{3}(?!\d?-\d\d)")
"""Words of the program have no figures; dates are in every log."""


def texts(folder: Path) -> Iterator[str]:
    """Yield every text that is in the county file, and every figure of some length."""
    with closing(sqlite3.connect(folder / "county.db")) as conn:
        tables = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table.startswith("sqlite_"):
                continue
            columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})") if row[1] not in OF_THE_PROGRAM]
            for row in conn.execute(f"SELECT {', '.join(columns)} FROM {table} LIMIT 400"):
                yield from (str(value) for value in row if value is not None)


def everything_in(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        return "\n".join(archive.read(name).decode("utf-8") for name in archive.namelist())


def test_no_name_and_no_figure_of_the_county_is_in_it(demo_folder: Path, tmp_path: Path, log_guard: LogGuard) -> None:
    told = sorted({text for text in texts(demo_folder) if len(text) >= 2})
    assert len(told) > 1000
    log_guard.expect("uncaught")
    log_guard.expect("写错了")
    Settings().author = "王芳"
    Settings().remember_folder(demo_folder)
    end = [logs.set_up(user_folder() / "logs"), logs.follow_county(demo_folder)]
    for text in told:
        logging.getLogger("desktop.x").warning("“%s”写错了：%s [row.wrong]", text, text)
    trace = f'  File "{demo_folder}/db/work/quotas.py", line 7, in _set\n    raise\nKeyError: 1,234.5'
    logging.getLogger("desktop.crash").error("uncaught KeyError\n%s", trace)
    for each in end:
        each()
    content = everything_in(write_diagnosis(tmp_path / "诊断.zip", demo_folder))
    names = [text for text in told if not text.isascii() or (len(text) >= 7 and FIGURE.search(text))]
    allowed = diagnosis.WORDS
    assert not {text for text in names if text in content and text not in allowed}
    assert "王芳" not in content and str(demo_folder) not in content and "1,234.5" not in content
    assert 'File "db/work/quotas.py", line 7, in _set' in content and "KeyError" in content
    assert "[row.wrong]" in content and "uncaught KeyError" in content


def test_it_tells_of_the_program_the_pc_and_the_file(empty_folder: Path, tmp_path: Path) -> None:
    assert cli.main(["diagnose", str(empty_folder), "--out", str(tmp_path / "诊断.zip")]) == cli.GOOD
    with zipfile.ZipFile(tmp_path / "诊断.zip") as archive:
        found = json.loads(archive.read(FACTS))
    assert found["program"]["version"] and found["sqlite"] == sqlite3.sqlite_version
    assert found["county"]["integrity"]["sound"] is True and found["county"]["lock"] == "none"
    assert found["county"]["place"]["path_ascii"] is False and found["county"]["place"]["free_bytes"] > 0


def test_a_damaged_file_and_no_file_are_facts_too(empty_folder: Path, tmp_path: Path) -> None:
    (empty_folder / "county.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    for folder in (empty_folder, tmp_path):
        found = diagnosis.facts(folder, {})["county"]
        assert found["integrity"].keys() == {"cannot_be_read"}
    assert diagnosis.facts(None, {})["county"] is None


def test_a_clerk_gets_it_from_the_help(
    page: WindowPage, empty_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "诊断.zip"
    monkeypatch.setattr("desktop.file_choice.choose_target", lambda *_: file)
    page.window.open_folder(empty_folder)
    page.window.helping.about()
    (dialog,) = page.dialogs()
    assert isinstance(dialog, AboutDialog)
    dialog.diagnosis_button.click()
    assert "没有填报内容" in page.window.toast.sentence.text()
    with zipfile.ZipFile(file) as archive:
        found = json.loads(archive.read(FACTS))
    assert found["window"]["screens"] and found["county"]["integrity"]["sound"]


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowPage]:
    made = WindowPage(qtbot, tmp_path)
    yield made
    made.session.close()
