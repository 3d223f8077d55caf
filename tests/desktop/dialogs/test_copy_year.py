"""沿用上年…: a year is carried over times a factor, seen first, as one step."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from db.work.breakdown import BreakdownGrid, grid
from desktop.dialogs.copy_year import ALL, CopyYearDialog
from desktop.models.carried_model import Col
from desktop.session import Session

HOUSEHOLDS = "08-06-1"


def read_grid(session: Session, task_id: str = HOUSEHOLDS) -> BreakdownGrid:
    with session.county.reading() as conn:
        return grid(conn, session.catalogue, task_id)


@pytest.fixture
def dialog(qtbot: QtBot, demo_session: Session) -> CopyYearDialog:
    made = CopyYearDialog(demo_session, read_grid(demo_session), 2023)
    qtbot.addWidget(made)
    return made


def words(dialog: CopyYearDialog, row: int) -> list[str]:
    return [str(dialog.model.index(row, column).data()) for column in Col]


def test_what_is_there_stays_unless_it_may_be_replaced(dialog: CopyYearDialog, demo_session: Session) -> None:
    assert words(dialog, 0)[1:] == ["圣城街道", "997", "748", "不改"]
    assert not dialog.accept_button.isEnabled()
    assert "15格在2023年已有" in dialog.sentence.text()
    dialog.overwrite.click()
    dialog.factor.setText("110%")
    assert words(dialog, 0)[1:] == ["圣城街道", "997", "748", "1,097"]
    dialog.accept()
    assert read_grid(demo_session).summaries[2023].subtotal == 19200 * Decimal("1.1")
    assert demo_session.undo_label == "农村地区新增清洁取暖改造户数沿用2022年到2023年（×1.1）"
    demo_session.undo()
    assert read_grid(demo_session).summaries[2023].subtotal == 14400


@pytest.mark.parametrize("text", ["", "一倍", "0", "-1", "1/0"])
def test_an_impossible_factor_is_told(dialog: CopyYearDialog, text: str) -> None:
    dialog.overwrite.click()
    dialog.factor.setText(text)
    assert "倍数" in dialog.trouble.text()
    assert not dialog.accept_button.isEnabled()
    dialog.factor.setText("2")
    assert dialog.trouble.isHidden()
    assert dialog.accept_button.isEnabled()


def test_all_tasks_at_once(dialog: CopyYearDialog, demo_session: Session) -> None:
    dialog.years.button(2022).click()
    dialog.which.button(ALL).click()
    assert len({line.task_id for line in dialog.model.lines}) >= 10
    assert dialog.sentence.text().startswith("将写入")
    dialog.accept()
    assert demo_session.undo_label == "全部任务沿用2021年到2022年"


def test_a_year_without_a_breakdown_has_nothing_to_carry(qtbot: QtBot, empty_session: Session) -> None:
    dialog = CopyYearDialog(empty_session, read_grid(empty_session), 2021)
    qtbot.addWidget(dialog)
    assert dialog.year == 2022
    assert dialog.sentence.text() == "2021年还没有分解，没有可以沿用的。"
    assert not dialog.accept_button.isEnabled()
