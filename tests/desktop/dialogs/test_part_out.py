"""发出工作包 in the window: what is wrong is said in the dialog, and what was chosen stays."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.core.errors import Cancelled
from desktop.dialogs.part_out import WRITE, WRITE_AGAIN, PartOutDialog
from desktop.session import Session
from desktop.widgets.part_button import PartButton


def opened(qtbot: QtBot, session: Session, folder: Path) -> tuple[PartButton, PartOutDialog]:
    button = PartButton(session)
    qtbot.addWidget(button)
    button.press()
    dialog = button.dialog
    assert isinstance(dialog, PartOutDialog)
    dialog.folder.setText(str(folder))
    return button, dialog


def test_a_wrong_clause_is_said_in_place_and_the_rest_stays(
    qtbot: QtBot, demo_session: Session, tmp_path: Path
) -> None:
    button, dialog = opened(qtbot, demo_session, tmp_path / "out")
    dialog.show_kind("town")
    dialog.model.check_all()
    dialog.clauses.setText("99-99")
    chosen = dialog.chosen
    dialog.accept()
    assert dialog.isVisible() and "99-99" in dialog.trouble.text() and dialog.chosen == chosen
    assert dialog.accept_button.isEnabled() and not (tmp_path / "out").exists()
    dialog.clauses.setText("08-06")
    assert not dialog.trouble.isVisible()
    dialog.accept()
    assert button.dialog is not dialog and len(list((tmp_path / "out").iterdir())) == 1


def test_what_is_out_already_is_asked_about_once(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    _, first = opened(qtbot, demo_session, tmp_path / "out")
    first.clauses.setText("08-06")
    first.accept()
    _, dialog = opened(qtbot, demo_session, tmp_path / "out")
    dialog.clauses.setText("08-06 09-01")
    dialog.accept()
    assert dialog.isVisible() and "还没有收回" in dialog.trouble.text()
    assert dialog.accept_button.text() == WRITE_AGAIN
    dialog.clauses.setText("09-01 08-06")
    assert dialog.accept_button.text() == WRITE
    dialog.accept()
    dialog.accept()
    assert len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.parametrize(
    ("failure", "words"),
    [(OSError(errno.ENOSPC, "full"), "磁盘空间已满"), (Cancelled(), "已取消")],
    ids=["full", "cancelled"],
)
def test_what_could_not_be_written_comes_back_with_what_was_chosen(
    qtbot: QtBot,
    demo_session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    words: str,
) -> None:
    def refuse(*_: object) -> None:
        raise failure

    _, dialog = opened(qtbot, demo_session, tmp_path / "out")
    dialog.clauses.setText("08-06")
    with monkeypatch.context() as broken:
        broken.setattr("db.store.backup_file.publish", refuse)
        dialog.accept()
    assert dialog.isVisible() and words in dialog.trouble.text() and dialog.clauses.text() == "08-06"
    assert list((tmp_path / "out").iterdir()) == []
    dialog.accept()
    assert len(list((tmp_path / "out").iterdir())) == 1
