"""From the start of the process to the first paint: our window on a county, against a bare QMainWindow."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from db.work.setup import new_county
from tests.bench.harness import ROOT, Measured, benchmark

REPEATS = 9
BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
def painted():
    print("painted", time.perf_counter(), flush=True)
    QApplication.instance().quit()
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, painted)
app = QApplication([])
window = Window()
window.resize(1366, 768)
window.show()
app.exec()
"""
# The command as a clerk's shortcut gives it; what it does once the window was drawn is replaced by the end.
PAINTED = """
import sys, time
import desktop.app, desktop.cli, desktop.display
desktop.display.has_display = lambda: True
def begin(program, folder):
    print("painted", time.perf_counter(), flush=True)
    desktop.app.QApplication.instance().quit()
desktop.app.Program.begin = begin
desktop.cli.main(sys.argv[1:])
"""
# The same until the first page (总览, or where a county is chosen) stands in the window.
USABLE = """
import sys, time
import desktop.app, desktop.cli, desktop.display
from PySide6.QtCore import QTimer
desktop.display.has_display = lambda: True
begin = desktop.app.Program.begin
def shown():
    print("painted", time.perf_counter(), flush=True)
    desktop.app.QApplication.instance().closeAllWindows()
def begin_and_wait(program, folder):
    begin(program, folder)
    if folder is None:
        QTimer.singleShot(0, shown)
    else:
        program.window.session.opened.connect(lambda: QTimer.singleShot(0, shown))
desktop.app.Program.begin = begin_and_wait
desktop.cli.main(sys.argv[1:])
"""


def start(code: str, *arguments: str, home: Path) -> float:
    """Return the seconds until the process `code` has painted its window."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(home),
        "LOCALAPPDATA": str(home),
    }
    begun = time.perf_counter()  # the same clock in every process
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout.rpartition("painted ")[2].split()[0]) - begun


def against_bare(code: str, *words: str) -> Measured:
    """Return the medians of `code` given `words` (COUNTY is a new county folder) and of the bare window, in turn."""
    with tempfile.TemporaryDirectory(prefix="sijian-bench-") as name:
        home = Path(name)
        new_county(home / "county", county="370783", author="测试").close()
        arguments = [str(home / "county") if word == "COUNTY" else word for word in words]
        pairs = [(start(code, *arguments, home=home), start(BARE, home=home)) for _ in range(REPEATS + 1)]
    own, bare = zip(*pairs[1:], strict=True)
    return Measured(statistics.median(own), statistics.median(bare))


@benchmark("start to first paint, to a bare QMainWindow", limit=1.5)
def start_to_first_paint() -> Measured:
    return against_bare(PAINTED, "open", "COUNTY")


@benchmark("start to the county shown, to a bare QMainWindow")
def start_to_county() -> Measured:
    return against_bare(USABLE, "open", "COUNTY")


@benchmark("start to the welcome page, to a bare QMainWindow")
def start_to_welcome() -> Measured:
    return against_bare(USABLE)
