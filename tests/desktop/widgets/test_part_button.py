"""工作包 in the window: out of a county, back from a part, and 交接包."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from db.exchange.part.write import open_part
from db.store import records
from desktop.dialogs.part_out import PartOutDialog
from desktop.dialogs.received_books import ReceivedBooksDialog
from desktop.jobs import SyncJobs
from desktop.pages.give_back import GiveBackPage
from desktop.pages.workbooks import WorkbooksPage
from desktop.session import Session
from desktop.widgets.base_backup import BackupPanel
from desktop.widgets.part_button import OUT, PartButton


@pytest.fixture
def colleague(tmp_path: Path) -> Iterator[Session]:
    session = Session(jobs=SyncJobs(), author="同事")
    yield session
    session.close()


def test_a_part_goes_out_and_comes_home(
    qtbot: QtBot, demo_session: Session, colleague: Session, tmp_path: Path
) -> None:
    page = WorkbooksPage(demo_session)
    qtbot.addWidget(page)
    assert page.parts.button.text() == OUT
    page.parts.button.click()
    dialog = page.parts.dialog
    assert isinstance(dialog, PartOutDialog)
    assert not dialog.accept_button.isEnabled()
    dialog.show_kind("town")
    dialog.model.check_all()
    dialog.clauses.setText("08-06，09-01")
    assert dialog.chosen["clauses"] == ["08-06", "09-01"]
    dialog.folder.setText(str(tmp_path / "out"))
    dialog.accept()
    (file,) = (tmp_path / "out").iterdir()
    assert page.parts.dialog is not None and "已写出工作包" in page.parts.dialog.heading.text()
    qtbot.addWidget(page.parts.dialog)

    open_part(file, tmp_path / "同事")
    colleague.open_folder(tmp_path / "同事")
    assert PartButton(colleague).button.isHidden()
    theirs = GiveBackPage(colleague)
    qtbot.addWidget(theirs)
    theirs.show()
    assert (theirs.table.model().rowCount(), theirs.last.text()) == (0, "还没有交回过。")
    colleague.write("登记", lambda op: records.insert(op, load_schema("coal_boiler"), {"name": "同事登记的锅炉"}))
    assert theirs.table.model().rowCount() == 1
    theirs.choose_place = lambda: tmp_path / "back"
    theirs.button.click()
    (back,) = (tmp_path / "back").iterdir()
    assert theirs.dialog is not None and "改动1行" in theirs.dialog.heading.text()
    assert "以后没有再改" in theirs.last.text() and back.name in theirs.last.text()
    qtbot.addWidget(theirs.dialog)

    page.receive([back])
    received = page.dialog
    assert isinstance(received, ReceivedBooksDialog)
    assert received.accept_button.text() == "入库1行"
    received.accept()
    with demo_session.county.reading() as conn:
        sql = "SELECT count(*) FROM register_coal_boiler WHERE name = '同事登记的锅炉'"
        assert conn.execute(sql).fetchone() == (1,)


def test_the_county_is_handed_over(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    panel = BackupPanel(demo_session)
    qtbot.addWidget(panel)
    panel.choose_place = lambda: tmp_path / "交接"
    panel.handover_button.click()
    assert sorted(file.suffix for file in (tmp_path / "交接").iterdir()) == [".pdf", ".zip"]
