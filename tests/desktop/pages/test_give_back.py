"""回交: what the page tells when the target takes nothing, when it is cancelled, and when it was given back before."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.core.errors import Cancelled
from db.core.fields import load_schema
from db.exchange.part.scope import part_scope
from db.exchange.part.write import open_part, write_part
from db.plan.catalogue import load_catalogue
from db.store import records
from db.store.county import County
from desktop.jobs import SyncJobs
from desktop.pages.give_back import GiveBackPage
from desktop.session import Session


@pytest.fixture
def part(empty_folder: Path, tmp_path: Path) -> Iterator[Session]:
    """A session on the part of a register."""
    with County.open(empty_folder, author="王芳") as county:
        with county.reading() as conn:
            scope = part_scope(conn, load_catalogue(), registers=["coal_boiler"])
        file = write_part(county, scope, tmp_path / "U盘").file
    open_part(file, tmp_path / "part")
    session = Session(jobs=SyncJobs(), author="李明")
    session.open_folder(tmp_path / "part")
    yield session
    session.close()


@pytest.fixture
def page(qtbot: QtBot, part: Session, tmp_path: Path) -> GiveBackPage:
    made = GiveBackPage(part)
    qtbot.addWidget(made)
    made.show()
    made.choose_place = lambda: tmp_path / "back"
    part.write("登记", lambda op: records.insert(op, load_schema("coal_boiler"), {"name": "一号锅炉"}))
    return made


def failing(error: Exception) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("code", "words"), [(errno.ENOSPC, "磁盘空间已满"), (errno.EROFS, "写保护"), (errno.EACCES, "没有权限")]
)
def test_a_target_that_takes_nothing_is_told_and_nothing_counts_as_given_back(
    page: GiveBackPage, part: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    told: list[str] = []
    part.problem.connect(lambda problem: told.append(str(problem)))
    with monkeypatch.context() as broken:
        broken.setattr("db.store.files.publish", failing(OSError(code, "x")))
        page.button.click()
    assert len(told) == 1 and words in told[0]
    assert page.dialog is None and list((tmp_path / "back").iterdir()) == []
    assert page.last.text() == "还没有交回过。"
    page.button.click()
    assert len(list((tmp_path / "back").iterdir())) == 1 and "改动1行" in page.last.text()


def test_cancelled_midway_it_says_so_and_can_be_done_again(
    page: GiveBackPage, part: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    part.notice.connect(told.append)
    with monkeypatch.context() as broken:
        broken.setattr("db.exchange.part.giveback.ZipWriter", failing(Cancelled()))
        page.button.click()
    assert told == ["已取消：写出交回的工作包。"] and list((tmp_path / "back").iterdir()) == []
    page.button.click()
    assert len(list((tmp_path / "back").iterdir())) == 1


def test_what_was_changed_afterwards_is_told(page: GiveBackPage, part: Session) -> None:
    assert (page.table.model().rowCount(), page.table.model().index(0, 1).data()) == (1, "1")
    page.button.click()
    assert "以后没有再改" in page.last.text()
    part.write("登记", lambda op: records.insert(op, load_schema("coal_boiler"), {"name": "二号锅炉"}))
    assert "以后又改了1行" in page.last.text() and page.table.model().index(0, 1).data() == "2"
