from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.app import make_app
from desktop.frame import RAIL_WIDTH, TITLE_BAR, TOP_HEIGHT, Frame
from desktop.main_window import MainWindow
from desktop.palette import palette
from desktop.session import Session
from desktop.settings import Settings

# One point in each part of the shell where nothing is written, from the left top or (negative) the right bottom corner.
POINTS = {
    "top": (8, 4),
    "line under it": (600, TOP_HEIGHT - 1),
    "rail": (RAIL_WIDTH - 1, -120),
    "page": (RAIL_WIDTH, TOP_HEIGHT),
    "line over the status": (600, -28),
    "status": (600, -4),
}


def colours(picture: QImage) -> dict[str, str]:
    width, height = picture.width(), picture.height()
    return {name: picture.pixelColor(x % width, y % height).name() for name, (x, y) in POINTS.items()}


def shown(qtbot: QtBot, frame: Frame) -> Frame:
    qtbot.addWidget(frame)
    frame.fills_screen = False  # the screen of the tests is smaller than the one meant
    frame.resize(1366, 768)
    with qtbot.waitSignal(frame.painted):
        frame.show()
    return frame


def test_the_empty_frame_has_the_colours_of_the_filled_one(
    qtbot: QtBot, tmp_path: Path, empty_session: Session
) -> None:
    make_app()
    settings = Settings(tmp_path / "settings.json")
    frame = shown(qtbot, Frame(settings, rail=True))
    empty = colours(frame.grab().toImage())
    window = MainWindow(empty_session, settings, ())
    frame.fill(window)
    window.shell.rail.show()
    qtbot.waitUntil(lambda: colours(frame.grab().toImage()) == empty)
    assert len(set(empty.values())) == 4


def test_without_a_county_no_rail_is_drawn(qtbot: QtBot, tmp_path: Path) -> None:
    frame = shown(qtbot, Frame(Settings(tmp_path / "settings.json")))
    assert colours(frame.grab().toImage())["rail"] == QColor(palette()["ground"]).name()


def test_it_is_painted_once_and_takes_its_contents_title(qtbot: QtBot, tmp_path: Path) -> None:
    frame = shown(qtbot, Frame(Settings(tmp_path / "settings.json")))
    told: list[None] = []
    frame.painted.connect(lambda: told.append(None))
    content = QWidget()
    frame.fill(content)
    content.setWindowTitle("寿光市")
    frame.repaint()
    qtbot.wait(0)
    assert frame.windowTitle() == "寿光市"
    assert told == []


@pytest.mark.parametrize("larger", [0, 1])
def test_a_screen_that_the_usual_size_does_not_fit_is_filled(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, larger: int
) -> None:
    room = QGuiApplication.primaryScreen().availableGeometry()
    monkeypatch.setattr("desktop.frame.USUAL", (room.width() - larger, room.height() - larger))
    monkeypatch.setattr("desktop.frame.SMALLEST", (room.width() * 2, room.height() * 2))
    frame = Frame(Settings(tmp_path / "settings.json"))
    qtbot.addWidget(frame)
    frame.show()
    assert frame.isMaximized() is not bool(larger)
    assert (frame.minimumWidth(), frame.minimumHeight()) == (room.width(), room.height() - TITLE_BAR)
