"""The window as a person meets it, with plain pages in it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from db.store import records
from desktop.app import make_app
from desktop.frame import Frame
from desktop.jobs import SyncJobs
from desktop.main_window import MainWindow
from desktop.pages import PageEntry
from desktop.places import Place
from desktop.session import Session
from desktop.settings import Settings
from desktop.widgets.dialog import Dialog

ENTERPRISE = load_schema("enterprise")


class PlainPage(QWidget):
    """A page that remembers what it was asked for."""

    navigate = Signal(object)
    selection_told = Signal(str)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self.revealed: list[Place] = []
        self.line = QLineEdit()
        QVBoxLayout(self).addWidget(self.line)

    def reveal(self, place: Place) -> None:
        self.revealed.append(place)


ENTRIES = (
    PageEntry("breakdown", "任务分解", "breakdown", PlainPage),
    PageEntry("projects", "项目清单", "projects", PlainPage),
    PageEntry("base", "基础信息", "base", PlainPage, at_bottom=True),
)


class WindowPage:
    """The window as a person meets it."""

    def __init__(self, qtbot: QtBot, tmp_path: Path, entries: tuple[PageEntry, ...] = ENTRIES) -> None:
        make_app()
        self.session = Session(SyncJobs(), author="王芳")
        self.settings = Settings(tmp_path / "settings.json")
        self.frame = Frame(self.settings)
        self.window = MainWindow(self.session, self.settings, entries)
        self.frame.fill(self.window)
        qtbot.addWidget(self.frame)
        self.frame.fills_screen = False  # the screen of the tests is smaller than the one meant
        self.frame.resize(1366, 768)
        self.frame.show()
        self.frame.activateWindow()

    @property
    def status(self) -> dict[str, str]:
        names = ("saved", "backup", "mode", "selection", "author")
        return {name: self.window.shell.status.value(name) for name in names}

    @property
    def current(self) -> str:
        shown = self.window.shell.stack.currentWidget()
        return next(name for name, page in self.window._pages.items() if page is shown)

    def page(self, name: str) -> PlainPage:
        found = self.window.page(name)
        assert isinstance(found, PlainPage)
        return found

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.frame, key, modifier)

    def dialogs(self) -> list[Dialog]:
        return open_dialogs(self.frame)

    def add_enterprise(self) -> None:
        self.session.write("新增企业", lambda op: records.insert(op, ENTERPRISE, {"name": "寿光热电有限公司"}))


def open_dialogs(frame: Frame) -> list[Dialog]:
    """The dialogs that are open over the frame; other tests may have left theirs."""
    found = [each for each in QApplication.topLevelWidgets() if isinstance(each, Dialog) and each.isVisible()]
    return [each for each in found if (parent := each.parentWidget()) is not None and parent.window() is frame]
