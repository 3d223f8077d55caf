"""Every page, section and dialog on a screen of 1366×768 at 100, 125 and 150 %, with long names: all can be read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from db.core.fields import TableSchema, load_schema
from db.store import records
from db.store.operation import Operation
from db.store.query import TableQuery
from desktop.pages import PAGES
from desktop.session import Session
from desktop.widgets import dialog as dialog_parts
from desktop.widgets.basics import ElidedLabel, label
from tests.desktop.fits import faults
from tests.desktop.window_page import WindowPage, open_dialogs
from tests.tour import dialogs, read_the_plan, room, send_books, stops

ROOT = Path(__file__).resolve().parent.parent.parent
SCALES = (1.0, 1.25, 1.5)
TOWN = "渤海湾南岸现代农业与海洋化工高新技术产业示范先行区管理委员会"
ENTERPRISE = "寿光市渤海湾南岸海洋化工与生物基新材料绿色低碳循环经济产业发展投资控股集团有限公司"


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
    read_the_plan(session)
    send_books(session)
    session.close()
    return folder


def _rename(schema: TableSchema, row_id: str, name: str, op: Operation) -> None:
    records.update(op, schema, row_id, {"name": name})


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path, built_long: Path) -> Iterator[WindowPage]:
    shown = WindowPage(qtbot, tmp_path, PAGES)
    yield shown
    shown.session.close()


def look(page: WindowPage, where: str) -> list[str]:
    for _ in range(3):
        QApplication.processEvents()
    if faults(page.frame):
        QApplication.processEvents()  # what comes a little later, as a curve, may have come just now
    return [f"{where}: {fault}" for fault in faults(page.frame)]


@pytest.mark.parametrize("scale", SCALES)
def test_every_page_can_be_read(page: WindowPage, built_long: Path, tmp_path: Path, scale: float) -> None:
    page.frame.resize(*room(scale))
    page.window.show_welcome()
    found = look(page, "start")
    page.window.open_folder(Path(shutil.copytree(built_long, tmp_path / "寿光市")))
    for name, show in stops(page.window):
        show()
        found += look(page, name)
    assert found == [], "\n".join(found)
    assert page.frame.size().toTuple() == room(scale)


@pytest.mark.parametrize("scale", SCALES)
def test_the_first_page_with_many_folders_can_be_read(page: WindowPage, tmp_path: Path, scale: float) -> None:
    for number in range(6):
        folder = tmp_path / f"寿光市（第{number}个填报文件）"
        folder.mkdir()
        (folder / "county.db").touch()
        page.settings.remember_folder(folder)
    page.frame.resize(*room(scale))
    page.window.show_welcome()
    assert look(page, "start") == []


def test_every_page_can_be_read_at_200_percent(demo_folder: Path) -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": "2", "QT_SCALE_FACTOR_ROUNDING_POLICY": "PassThrough"}
    environment["PYTHONUTF8"] = "1"  # a Chinese Windows would answer in GBK
    command = [sys.executable, "-m", "tests.desktop.doubled", str(demo_folder)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=True
    )
    found = done.stdout.splitlines()
    assert len(found) == 1, done.stdout
    assert int(found[0].split()[0]) > 20


def test_every_page_of_an_empty_county_can_be_read(page: WindowPage, empty_folder: Path) -> None:
    page.frame.resize(*room(1.5))
    page.window.open_folder(empty_folder)
    found = []
    for name, show in stops(page.window):
        show()
        found += look(page, name)
    assert found == [], "\n".join(found)
    assert page.frame.size().toTuple() == room(1.5)


def test_every_dialog_can_be_read_at_150_percent(
    page: WindowPage, built_long: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    width, height = room(1.5)
    monkeypatch.setattr(dialog_parts, "room_on", lambda _dialog: height)
    monkeypatch.setattr(dialog_parts, "width_on", lambda _dialog: width)
    page.frame.resize(width, height)
    page.window.open_folder(Path(shutil.copytree(built_long, tmp_path / "寿光市")))
    found, seen = [], 0
    for name, show in dialogs(page.window):
        show()
        QApplication.processEvents()
        (dialog,) = open_dialogs(page.frame)
        if dialog.width() > width or dialog.height() > height:
            found.append(f"{name} is {dialog.width()}×{dialog.height()}")
        found += [f"{name}: {fault}" for fault in faults(dialog)]
        dialog.reject()
        QApplication.processEvents()
        seen += 1
    assert found == [], "\n".join(found)
    assert seen > 10


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
