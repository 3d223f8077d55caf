"""县级分工…: what is typed for a clause is saved, shown on its card, and refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from db.work.responsibility import Responsibility, responsibilities
from desktop.dialogs.responsibility import ResponsibilityDialog
from desktop.session import Session
from desktop.widgets.responsibility_line import NOTHING, ResponsibilityLine

CLAUSE = "08-06"


@pytest.fixture
def line(qtbot: QtBot, empty_session: Session) -> ResponsibilityLine:
    line = ResponsibilityLine(empty_session)
    qtbot.addWidget(line)
    line.refresh()
    line.show_clause(empty_session.catalogue.clause(CLAUSE))
    return line


def opened(line: ResponsibilityLine) -> ResponsibilityDialog:
    line.link.click()
    assert line.dialog is not None
    return line.dialog


def known(session: Session) -> Responsibility:
    with session.county.reading() as conn:
        return responsibilities(conn)[CLAUSE]


def test_who_answers_is_saved_and_shown(line: ResponsibilityLine, empty_session: Session) -> None:
    assert line.words.text() == NOTHING
    dialog = opened(line)
    dialog.lead.setCurrentIndex(3)
    name = dialog.lead.currentText()
    first, second = dialog.departments_menu().actions()[:2]
    first.trigger()
    second.trigger()
    dialog.lines["leader"].setText("张三")
    dialog.lines["leader_post"].setText("副市长")
    dialog.accept()
    assert line.words.text() == f"县级牵头：{name}　配合：{first.text()}、{second.text()}　责任领导：张三（副市长）"
    again = opened(line)
    assert again.lead.currentText() == name
    again.departments_menu().actions()[0].trigger()
    assert again.cooperators.text() == second.text()
    empty_session.undo()
    assert line.words.text() == NOTHING


def test_an_issued_plan_needs_its_papers(line: ResponsibilityLine, empty_session: Session) -> None:
    dialog = opened(line)
    dialog.status.setCurrentText("已印发")
    dialog.accept()
    assert "方案文号和印发日期" in dialog.trouble.text()
    dialog.lines["document_number"].setText("寿政办发〔2022〕5号")
    dialog.lines["issued_on"].setText("昨天")
    dialog.accept()
    assert "印发日期" in dialog.trouble.text()
    dialog.lines["issued_on"].setText("2022.4.1")
    dialog.accept()
    assert line.words.text() == "落实方案已印发（寿政办发〔2022〕5号，2022-04-01）"


def test_the_plan_is_attached_once_saved(line: ResponsibilityLine, empty_session: Session, tmp_path: Path) -> None:
    first = opened(line)
    assert first.evidence.isHidden()
    first.status.setCurrentText("未印发")
    first.accept()
    dialog = opened(line)
    assert not dialog.evidence.isHidden()
    file = tmp_path / "落实方案.pdf"
    file.write_bytes(b"%PDF-1.4")
    dialog.evidence.add_files([file])
    assert [item.name for item in dialog.evidence.items] == ["落实方案.pdf"]
    assert known(empty_session).plan_status == "未印发"
