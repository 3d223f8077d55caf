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
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("painted", time.perf_counter(), flush=True)
        QApplication.instance().quit()
app = QApplication([])
window = Window()
window.resize(1366, 768)
window.show()
app.exec()
"""
OURS = """
import sys, time
from pathlib import Path
import desktop.app
def begin(program):
    print("painted", time.perf_counter(), flush=True)
    desktop.app.QApplication.instance().quit()
desktop.app._Program.begin = begin
desktop.app.run_window(Path(sys.argv[1]))
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


@benchmark("start to first paint, to a bare QMainWindow", limit=1.5)
def start_to_first_paint() -> Measured:
    with tempfile.TemporaryDirectory(prefix="sijian-bench-") as name:
        home = Path(name)
        new_county(home / "county", county="370783", author="测试").close()
        pairs = [(start(OURS, str(home / "county"), home=home), start(BARE, home=home)) for _ in range(REPEATS + 1)]
    own, bare = zip(*pairs[1:], strict=True)
    return Measured(statistics.median(own), statistics.median(bare))
