"""`python3 dev.py pictures`: every page, section, step and dialog as on a screen of 1366×768, to be looked at.

    python -m tests.pictures [OUT] [--scale 1.5] [--only WORD]
    python -m tests.pictures --manual

The second, which `dev.py pictures` does too, draws the manual's own pictures into `resources/manual/pictures`.

Writes OUT/<county>-<place>.png for the demo county and an empty one, and of 总览 and 月调度 also for one with a first
month and one with 36; then OUT/city-<place>.png of the city's window (default folder: pictures). With a scale the
window has the room that it has on the same screen at 125 or 150 %. Nothing on the screen is needed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.display import unseen_platform

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

TODAY = date(2022, 3, 20)
MONTHS = {"first": ("2022-03", "2022-03", date(2022, 4, 2)), "months": ("2021-01", "2023-12", date(2024, 1, 3))}
"""Counties whose months are filled in: the first and last of them, and the day on which the pages are looked at."""

LATER = 400


def main(arguments: Sequence[str]) -> int:
    """Render every place whose name has the word of `--only` and return 0."""
    parser = argparse.ArgumentParser(prog="pictures")
    parser.add_argument("out", nargs="?", type=Path, default=Path("pictures"))
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--only", default="")
    parser.add_argument("--manual", action="store_true")
    asked = parser.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    os.environ["QT_QPA_PLATFORM"] = unseen_platform()
    os.environ["QT_SCALE_FACTOR"] = str(asked.scale)
    os.environ["QT_SCALE_FACTOR_ROUNDING_POLICY"] = "PassThrough"
    with tempfile.TemporaryDirectory(prefix="sijian-pictures-") as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
            os.environ[name] = str(Path(folder) / "profile")
        if asked.manual:
            from tests import manual_pictures

            drawn = manual_pictures.draw(Path(folder))
        else:
            from tests import tour

            drawn = render(Path(folder), asked.out, tour.room(asked.scale), lambda name: asked.only in name)
        for file in drawn:
            print(file)
    return 0


def render(
    work: Path,
    out: Path,
    size: tuple[int, int],
    wanted: Callable[[str], bool],
    counties: Sequence[str] = ("demo", "empty", *MONTHS),
    dress: Callable[[QWidget], object] = lambda _window: None,
) -> Iterator[Path]:
    """Yield each picture's file after it was written; `wanted` is asked with its name (demo-overview, city-board).

    `dress` changes a window or dialog before it is drawn.
    """
    from db.core.period import Period
    from db.work.demo import build_demo
    from db.work.setup import new_county
    from desktop.app import make_app
    from desktop.jobs import SyncJobs
    from desktop.main_window import MainWindow
    from desktop.session import Session
    from desktop.settings import Settings
    from desktop.widgets import dialog as dialog_parts
    from tests import tour

    def grab(shown: QWidget, file: Path, room: tuple[int, int]) -> Path:
        dress(shown)
        return _grab(shown, file, room)

    app = make_app()
    build_demo(work / "demo")
    new_county(work / "empty", county="370783", author="经办人").close()
    # The screen itself stays as it is.
    setattr(dialog_parts, "width_on", lambda _dialog: size[0])  # noqa: B010
    setattr(dialog_parts, "room_on", lambda _dialog: size[1])  # noqa: B010
    for county in counties:
        day = MONTHS[county][2] if county in MONTHS else TODAY
        if county in MONTHS:
            _fill_months(work / "demo", work / county)
        session = Session(jobs=SyncJobs(), author="经办人" if county == "empty" else "演示")
        session.today = partial(_same, day)
        window = MainWindow(session, Settings())
        window.resize(*size)
        window.show()
        window.show_welcome()
        app.processEvents()
        if county == counties[-1] and wanted("start-welcome"):
            yield grab(window, out / "start-welcome.png", size)
        window.open_folder(work / county)
        if county == "demo":
            tour.read_the_plan(session)
            tour.send_books(session)
        if county in MONTHS:
            session.period = Period.parse(MONTHS[county][1])
        for name, show in tour.month_stops(window) if county in MONTHS else tour.stops(window):
            show()
            app.processEvents()
            if wanted(f"{county}-{name}"):
                _wait(app)
                yield grab(window, out / f"{county}-{name}.png", size)
        for name, show in tour.dialogs(window) if county == "demo" else ():
            show()
            app.processEvents()
            for dialog in [each for each in app.topLevelWidgets() if each.isVisible() and each is not window]:
                if wanted(f"{county}-{name}"):
                    yield grab(dialog, out / f"{county}-{name}.png", size)
                dialog.close()
            app.processEvents()
        window.close()
    yield from _city(work, out, size, wanted, grab)
    yield from _manual(out, size, wanted)


Grab = Callable[["QWidget", Path, tuple[int, int]], Path]


def _city(work: Path, out: Path, size: tuple[int, int], wanted: Callable[[str], bool], grab: Grab) -> Iterator[Path]:
    """Yield the pictures of the city's window: with nothing, and with two counties."""
    from tests import city_tour

    window = city_tour.open_window(work / "city", size)
    for name, shown in city_tour.stops(window, work / "city"):
        if wanted(f"city-{name}"):
            yield grab(shown, out / f"city-{name}.png", size)
    window.close()


def _manual(out: Path, size: tuple[int, int], wanted: Callable[[str], bool]) -> Iterator[Path]:
    """Yield the pictures of the manual's window: text with a picture, a table, and what was found."""
    from desktop.jobs import SyncJobs
    from desktop.manual_window import ManualWindow
    from desktop.settings import Settings

    window = ManualWindow(Settings(), SyncJobs())
    window.resize(min(window.width(), size[0]), min(window.height(), size[1]))
    for name, place, words in (("text", "breakdown", ""), ("table", "rules", ""), ("found", "breakdown", "xjmb")):
        if wanted(f"manual-{name}"):
            window.open_at(place)
            window.search.setText(words)
            window.search_now()
            window.contents.step(1)
            yield _grab(window, out / f"manual-{name}.png", size)
    window.close()


def _same(day: date) -> date:
    return day


def _fill_months(demo: Path, folder: Path) -> None:
    """Copy the demo county and fill its months in."""
    from db.core.period import Period
    from db.work.demo_months import fill_months
    from db.work.opening import open_county

    shutil.copytree(demo, folder)
    first, last, _ = MONTHS[folder.name]
    county = open_county(folder, author="演示")
    fill_months(county, Period.parse(first), Period.parse(last))
    county.close()


def _wait(app: QApplication) -> None:
    """Let what is drawn a little later, as the curve of a chosen line, arrive."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(LATER, loop.quit)
    loop.exec()
    app.processEvents()


def _grab(window: QWidget, file: Path, room: tuple[int, int]) -> Path:
    if window.width() > room[0] or window.height() > room[1]:
        raise RuntimeError(f"{file.name}: it needs {window.width()}×{window.height()}, the screen has {room}")
    if not window.grab().save(str(file)):
        raise OSError(f"could not write {file}")
    return file


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
