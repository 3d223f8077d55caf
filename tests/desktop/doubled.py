"""`python -m tests.desktop.doubled COUNTY`: every page on a screen at 200 %, and what of it cannot be read.

A process of its own, since Qt asks for the scale once, before there is a window; QT_SCALE_FACTOR says it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.app import make_app
from desktop.jobs import SyncJobs
from desktop.main_window import MainWindow
from desktop.session import Session
from desktop.settings import Settings
from tests.desktop.fits import faults
from tests.tour import read_the_plan, room, send_books, stops

SCALE = 2.0


def main(folder: Path) -> int:
    """Print a line for each fault, then how many places were seen; return 0."""
    make_app()
    session = Session(jobs=SyncJobs(), author="王芳")
    window = MainWindow(session, Settings(folder / "settings.json"))
    window.resize(*room(SCALE))
    window.show()
    window.open_folder(folder)
    read_the_plan(session)
    send_books(session)
    seen = 0
    for name, show in stops(window):
        show()
        for _ in range(3):
            QApplication.processEvents()
        found = faults(window)
        if window.size().toTuple() != room(SCALE) or window.devicePixelRatio() != SCALE:
            found.append(f"{window.size().toTuple()} at {window.devicePixelRatio()}")
        sys.stdout.writelines(f"{name}: {fault}\n" for fault in found)
        seen += 1
    window.close()
    sys.stdout.write(f"{seen} places\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
