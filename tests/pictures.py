"""`python3 dev.py pictures`: every page at 1366×768 with the demo county and with an empty one, to be looked at.

    python -m tests.pictures [OUT] [--scale 1.5]

Writes OUT/<county>-<page>.png (default folder: pictures). Nothing on the screen is needed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import resources
from desktop.places import Place

if TYPE_CHECKING:
    from desktop.session import Session

SIZE = (1366, 768)
TODAY = date(2022, 3, 20)
TYPICAL = {
    "breakdown": Place("breakdown", task_id="08-06-1", year=2022),
    "projects": Place("projects", register="rural_heating"),
    "base": Place("base", section="quotas"),
}


def main(arguments: list[str]) -> int:
    """Render every page into the folder named first in `arguments` and return 0."""
    scale = arguments[arguments.index("--scale") + 1] if "--scale" in arguments else "1"
    named = [word for word in arguments if not word.startswith("--") and word != scale]
    out = Path(named[0] if named else "pictures")
    out.mkdir(parents=True, exist_ok=True)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = scale
    os.environ["QT_SCALE_FACTOR_ROUNDING_POLICY"] = "PassThrough"
    with tempfile.TemporaryDirectory(prefix="sijian-pictures-") as folder:
        os.environ["XDG_CONFIG_HOME"] = os.environ["XDG_DATA_HOME"] = str(Path(folder) / "profile")
        for file in render(Path(folder), out):
            print(file)
    return 0


def render(work: Path, out: Path) -> Iterator[Path]:
    """Yield each picture's file after it was written."""
    from db.work.demo import build_demo
    from db.work.setup import new_county
    from desktop.app import make_app
    from desktop.jobs import SyncJobs
    from desktop.main_window import MainWindow
    from desktop.pages import PAGES
    from desktop.session import Session
    from desktop.settings import Settings

    app = make_app()
    build_demo(work / "demo")
    new_county(work / "empty", county="370783", author="经办人").close()
    for name in ("demo", "empty"):
        session = Session(jobs=SyncJobs(), author="演示" if name == "demo" else "经办人")
        session.today = lambda: TODAY
        window = MainWindow(session, Settings())
        window.resize(*SIZE)
        window.show()
        window.show_welcome()
        app.processEvents()
        if name == "empty":
            yield _grab(window, out / "start-welcome.png")
        window.open_folder(work / name)
        if name == "demo":
            _read_the_plan(session)
        for entry in PAGES:
            window.go(TYPICAL.get(entry.name, Place(entry.name)))
            app.processEvents()
            yield _grab(window, out / f"{name}-{entry.name}.png")
        window.close()


def _read_the_plan(session: Session) -> None:
    """Let the plan's own document be looked through."""
    from db.plan.reading.document import open_document
    from db.work import plan_draft

    document = open_document(resources.path("plan/weifang-2021-2023-draft.txt"))
    session.write("打开方案", lambda op: plan_draft.begin(op, document))


def _grab(window: object, file: Path) -> Path:
    from PySide6.QtWidgets import QWidget

    assert isinstance(window, QWidget)
    if window.width() > SIZE[0] or window.height() > SIZE[1]:
        raise RuntimeError(f"{file.name}: the page needs {window.width()}×{window.height()}, the screen has {SIZE}")
    if not window.grab().save(str(file)):
        raise OSError(f"could not write {file}")
    return file


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
