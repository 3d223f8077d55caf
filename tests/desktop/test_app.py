from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.store.backup import backup
from db.store.county import County
from desktop import cli, instance, logs
from desktop.app import Program, make_app, only_county, run_window
from desktop.dialogs.restore import RestoreElsewhereDialog
from desktop.frame import Frame
from desktop.instance import InstanceServer
from desktop.settings import Settings, user_folder
from desktop.widgets.dialog import Dialog
from tests.conftest import LogGuard
from tests.desktop.window_page import open_dialogs

HEAVY = {"openpyxl", "docx", "docxtpl", "pypinyin", "python_calamine", "sqlite_utils", "sqlite3", "logging.handlers"}
AT_FIRST_PAINT = """
import sys
import desktop.app, desktop.cli, desktop.display
desktop.display.has_display = lambda: True
def begin(program, folder):
    print("loaded", *sys.modules)
    desktop.app.QApplication.instance().quit()
desktop.app.Program.begin = begin
sys.exit(desktop.cli.main(["open", sys.argv[1]]))
"""


def modules_at_first_paint(folder: Path) -> set[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", AT_FIRST_PAINT, str(folder)]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    return set(done.stdout.partition("loaded")[2].split())


def test_the_first_paint_waits_for_nothing_slow(empty_folder: Path) -> None:
    loaded = modules_at_first_paint(empty_folder)
    assert loaded & HEAVY == set()
    # The command line knows the kinds of failure and the version, nothing else of the county's side.
    assert {name for name in loaded if name.startswith("db")} == {"db", "db.core", "db.core.errors"}
    own = {name for name in loaded if name.startswith("desktop.")}
    beside_commands = {name for name in own if not name.startswith("desktop.cli") and not name.endswith("_commands")}
    assert beside_commands == {
        "desktop.app",
        "desktop.display",
        "desktop.frame",
        "desktop.palette",
        "desktop.settings",
    }


class Started:
    """A program whose frame was painted, begun by hand: the loop of events is the test's."""

    def __init__(self, qtbot: QtBot, tmp_path: Path, file: Path | None = None) -> None:
        settings = Settings(tmp_path / "settings.json")
        self.frame = Frame(settings)
        qtbot.addWidget(self.frame)
        self.program = Program(make_app(), self.frame, settings, file)
        with qtbot.waitSignal(self.frame.painted):
            self.frame.show()

    def dialogs(self) -> list[Dialog]:
        return open_dialogs(self.frame)


def test_a_start_ends_with_everything_undone(qtbot: QtBot, tmp_path: Path, empty_folder: Path) -> None:
    hook = sys.excepthook
    started = Started(qtbot, tmp_path)
    started.program.begin(empty_folder)
    window = started.program.window
    assert window is not None and sys.excepthook is not hook
    with qtbot.waitSignal(window.session.opened):
        pass
    assert started.frame.windowTitle().startswith("寿光市") or window.shell.rail.isVisible()
    started.frame.close()
    started.program.end()
    assert sys.excepthook is hook
    assert not window.session.is_open


def test_a_backup_that_was_double_clicked_is_asked_about(qtbot: QtBot, tmp_path: Path, empty_folder: Path) -> None:
    with County.open(empty_folder, author="王芳") as county:
        file = backup(county, tmp_path / "寿光市备份.zip")
    started = Started(qtbot, tmp_path, file)
    started.program.begin(None)
    qtbot.waitUntil(lambda: bool(started.dialogs()))
    (dialog,) = started.dialogs()
    assert isinstance(dialog, RestoreElsewhereDialog)
    dialog.reject()
    started.frame.close()
    started.program.end()


@pytest.mark.parametrize("name", ["", "county.db", "received.sijian-part"])
def test_what_is_opened_may_be_a_folder_its_file_or_what_somebody_sent(
    name: str, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / "received.sijian-part").touch()
    opened: list[tuple[Path | None, Path | None]] = []

    def show(folder: Path | None, file: Path | None = None) -> int:
        opened.append((folder, file))
        return 0

    monkeypatch.setattr("desktop.cli._show_window", show)
    assert cli.main(["open", str(empty_folder / name)]) == cli.GOOD
    sent = empty_folder / name
    assert opened == [(None, sent) if name.endswith("part") else (empty_folder, None)]


def test_the_only_county_is_opened_again(tmp_path: Path) -> None:
    settings, folders = Settings(tmp_path / "settings.json"), [tmp_path / "一", tmp_path / "二"]
    assert only_county(settings) is None
    for folder in folders:
        folder.mkdir()
        (folder / "county.db").touch()
    settings.remember_folder(folders[0])
    assert only_county(settings) == folders[0]
    settings.remember_folder(folders[1])
    assert only_county(settings) is None, "which of them, the clerk says"
    (folders[1] / "county.db").unlink()
    assert only_county(settings) == folders[0]


def test_what_fails_while_the_frame_is_filled_is_written_down_and_shown(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log_guard: LogGuard
) -> None:
    log_guard.expect("uncaught ZeroDivisionError")

    def broken(*_arguments: object, **_named: object) -> None:
        raise ZeroDivisionError("no session")

    monkeypatch.setattr("desktop.session.Session", broken)
    started = Started(qtbot, tmp_path)
    try:
        started.program.begin(None)
    except ZeroDivisionError as error:  # Qt hands it to the hook; a direct call does it here
        sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: bool(started.dialogs()))
    (dialog,) = started.dialogs()
    assert "no session" in dialog.details.toPlainText()
    assert "no session" in (user_folder() / "logs" / logs.FILE).read_text(encoding="utf-8")
    dialog.accept()
    qtbot.waitUntil(lambda: not started.frame.isVisible())
    started.program.end()


def test_a_folder_shown_by_another_window_brings_that_one_to_the_front(qtbot: QtBot, empty_folder: Path) -> None:
    server = InstanceServer()
    with County.open(empty_folder, author="李强"):
        server.listen(empty_folder)
        with qtbot.waitSignal(server.wanted):
            assert run_window(empty_folder) == 0
        server.stop()


def test_a_lock_that_says_nothing_asks_nobody(
    qtbot: QtBot, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(instance, "show_first", asked.append)
    monkeypatch.setattr(Program, "begin", lambda program, folder: program._frame.close())
    assert (empty_folder / "county.lock").stat().st_size == 0
    make_app().setQuitOnLastWindowClosed(True)
    assert run_window(empty_folder) == 0
    assert asked == []
