"""What the program holds in memory when a county without data is open, all is drawn, and all rules were looked at."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from db.work.setup import new_county
from tests.windows.memory import image_size, memory_of

MOST = 150_000_000
ROOT = Path(__file__).resolve().parents[2]
# The command as a clerk's shortcut gives it. Once the findings are there it stands still until it is told to end.
PROGRAM = """
import sys
import desktop.app, desktop.cli, desktop.display
from PySide6.QtCore import QTimer
desktop.display.has_display = lambda: True
begin = desktop.app.Program.begin
def stand():
    print("ready", flush=True)
    sys.stdin.readline()
    desktop.app.QApplication.instance().closeAllWindows()
def begin_and_wait(program, folder):
    begin(program, folder)
    checking = program.window.checking
    checking.renewed.connect(lambda: checking.findings is None or QTimer.singleShot(0, stand))
desktop.app.Program.begin = begin_and_wait
desktop.cli.main(sys.argv[1:])
"""


@pytest.mark.skipif(not Path("/proc/self/smaps").is_file(), reason="it is counted by /proc; tests/windows has the .exe")
def test_an_empty_county_takes_no_more_than_150_mb(tmp_path: Path) -> None:
    new_county(tmp_path / "county", county="370783", author="王芳").close()
    command = [sys.executable, "-c", PROGRAM, "open", str(tmp_path / "county")]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        memory = memory_of(process.pid)
        process.stdin.write("\n")
    assert process.returncode == 0
    assert memory.private < memory.resident <= MOST, f"{memory.resident / 1e6:.0f} MB"


def test_a_windows_library_says_how_much_memory_it_takes(tmp_path: Path) -> None:
    library = tmp_path / "x.dll"
    header = bytearray(512)
    header[0x3C:0x40] = (128).to_bytes(4, "little")
    header[128 + 24 + 56 : 128 + 24 + 60] = (0x98F000).to_bytes(4, "little")
    library.write_bytes(header)
    assert image_size(library) == 0x98F000
