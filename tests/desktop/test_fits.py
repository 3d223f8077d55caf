"""Every page, section and dialog on a screen of 1366×768 at 100, 125 and 150 %, with long names: all can be read."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from db.core.fields import TableSchema, load_schema
from db.store import records
from db.store.operation import Operation
from db.store.query import TableQuery
from desktop.pages import PAGES
from desktop.pages.base import BasePage
from desktop.pages.breakdown import BY_ASSIGNEE, BY_TASK, BreakdownPage
from desktop.pages.submit import CHECK, CHOOSE, DONE, FOLDER, SubmitPage
from desktop.places import Place
from desktop.session import Session
from desktop.widgets import dialog as dialog_parts
from desktop.widgets.base_section import SECTIONS
from desktop.widgets.basics import ElidedLabel, label
from tests.desktop.fits import faults
from tests.desktop.window_page import WindowPage, open_dialogs

SCREEN, TASK_BAR, TITLE = (1366, 768), 40, 30
SCALES = (1.0, 1.25, 1.5)
TOWN = "渤海湾南岸现代农业与海洋化工高新技术产业示范先行区管理委员会"
ENTERPRISE = "寿光市渤海湾南岸海洋化工与生物基新材料绿色低碳循环经济产业发展投资控股集团有限公司"
TASK = Place("breakdown", task_id="08-06-1", year=2022)


def room(scale: float) -> QSize:
    """Return what a maximised window has inside, in the units in which it is laid out."""
    width, height = SCREEN
    return QSize(int(width / scale), int((height - TASK_BAR) / scale) - TITLE)


@pytest.fixture(scope="module")
def built_long(built_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county with a long name in each of its lists."""
    from desktop.jobs import SyncJobs

    folder = Path(shutil.copytree(built_demo, tmp_path_factory.mktemp("long") / "寿光市演示"))
    session = Session(SyncJobs(), author="王芳")
    session.open_folder(folder)
    for table, name in (("town", TOWN), ("enterprise", ENTERPRISE), ("rural_heating", ENTERPRISE)):
        schema = load_schema(table)
        with session.county.reading() as conn:
            first = next(iter(TableQuery(schema).ids(conn)))
        session.write("改名", partial(_rename, schema, first, name))
    session.close()
    return folder


def _rename(schema: TableSchema, row_id: str, name: str, op: Operation) -> None:
    records.update(op, schema, row_id, {"name": name})


class Walk:
    """Goes through the window and notes what cannot be read, and where."""

    def __init__(self, page: WindowPage) -> None:
        self.page, self.window, self.frame = page, page.window, page.frame
        self.found: list[str] = []

    def look(self, where: str) -> None:
        QApplication.processEvents()
        QApplication.processEvents()
        self.found += [f"{where}: {fault}" for fault in faults(self.frame)]

    def pages(self) -> None:
        for entry in PAGES:
            self.window.go(TASK if entry.name == TASK.page else Place(entry.name))
            shown = self.window.page(entry.name)
            if isinstance(shown, BasePage):
                for name, title, _ in SECTIONS:
                    shown.open_section(name)
                    self.look(f"{entry.title}/{title}")
            elif isinstance(shown, SubmitPage):
                for step in (CHOOSE, CHECK, FOLDER, DONE):
                    shown._show(step)
                    self.look(f"{entry.title}/{step}")
            elif isinstance(shown, BreakdownPage):
                for mode in (BY_ASSIGNEE, BY_TASK):
                    shown.set_mode(mode)
                    self.look(f"{entry.title}/{mode}")
            else:
                self.look(entry.title)


@pytest.fixture
def walk(qtbot: QtBot, tmp_path: Path, built_long: Path) -> Iterator[Walk]:
    page = WindowPage(qtbot, tmp_path, PAGES)
    page.window.open_folder(Path(shutil.copytree(built_long, tmp_path / "寿光市")))
    yield Walk(page)
    page.session.close()


@pytest.mark.parametrize("scale", SCALES)
def test_every_page_can_be_read(walk: Walk, scale: float) -> None:
    walk.frame.resize(room(scale))
    walk.pages()
    assert walk.found == [], "\n".join(walk.found)
    assert walk.frame.size() == room(scale)


@pytest.mark.parametrize("scale", SCALES)
def test_the_first_page_can_be_read(qtbot: QtBot, tmp_path: Path, scale: float) -> None:
    page = WindowPage(qtbot, tmp_path, PAGES)
    page.frame.resize(room(scale))
    page.window.show_welcome()
    found = Walk(page)
    found.look("start")
    assert found.found == []
    assert page.frame.size() == room(scale)
    page.session.close()


def dialogs(walk: Walk) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what opens each dialog that a clerk meets on the page of the breakdown."""
    breakdown = walk.window.page("breakdown")
    assert isinstance(breakdown, BreakdownPage)
    task = breakdown.task
    yield "分配", task.split
    yield "县级目标", task.edit_quota
    yield "不涉及", task.edit_scope
    yield "添加责任主体", task.add
    yield "沿用上年", task.copy_year
    yield "县级分工", breakdown.county.edit
    yield "任务书", breakdown.papers.task_sheets
    yield "选择责任主体", breakdown.assignee.choose
    yield "帮助", walk.window.show_help


def test_every_dialog_can_be_read_at_150_percent(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialog_parts, "room_on", lambda _dialog: room(1.5).height())
    walk.frame.resize(room(1.5))
    walk.window.go(TASK)
    QApplication.processEvents()
    found = []
    for name, show in dialogs(walk):
        show()
        QApplication.processEvents()
        (dialog,) = open_dialogs(walk.frame)
        least = dialog.minimumSizeHint().expandedTo(dialog.minimumSize())
        if least.width() > room(1.5).width() or least.height() > room(1.5).height():
            found.append(f"{name} needs {least.toTuple()}")
        if dialog.height() > room(1.5).height():
            found.append(f"{name} is {dialog.height()} high")
        found += [f"{name}: {fault}" for fault in faults(dialog)]
        dialog.reject()
        QApplication.processEvents()
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda: label("一句放不下的话"), "cut off"),
        (lambda: label("一句放不下的话，要折成好几行才行", wrap=True), "cut off"),
        (lambda: QPushButton("一个放不下的按钮"), "cut off"),
        (lambda: ElidedLabel("一句放不下的话"), ""),
    ],
)
def test_what_is_cut_off_is_found(qtbot: QtBot, make: Callable[[], QWidget], fault: str) -> None:
    window, inner = QWidget(), make()
    qtbot.addWidget(window)
    inner.setFixedSize(40, 20)
    QHBoxLayout(window).addWidget(inner)
    window.show()
    assert [words.partition(":")[0] for words in faults(window)] == ([fault] if fault else [])


def test_what_sticks_out_is_found(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(100, 100)
    inner = QLabel("话", window)
    inner.setGeometry(80, 10, 40, 40)
    window.show()
    assert [words.partition(":")[0] for words in faults(window)] == ["sticks out"]
    inner.setGeometry(10, 10, 40, 40)
    assert faults(window) == []
