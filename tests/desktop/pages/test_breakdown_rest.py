"""任务分解: what is left of a task, and the task after it, are where the strip above the sheet leads."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from db.work.quotas import set_quota
from desktop.dialogs.split import SplitDialog
from desktop.pages.breakdown import BreakdownPage
from desktop.session import Session
from tests.desktop.pages.test_breakdown import HOUSEHOLDS, open_page


@pytest.fixture
def page(qtbot: QtBot, empty_session: Session) -> BreakdownPage:
    return open_page(qtbot, empty_session)


def split_dialog(page: BreakdownPage) -> SplitDialog:
    assert isinstance(page.task.dialog, SplitDialog)
    return page.task.dialog


def test_the_rest_is_shared_out_in_the_year_that_has_one(page: BreakdownPage, empty_session: Session) -> None:
    """The year shown is done: its shares are not offered again while another year waits."""
    for year in (2022, 2023):
        empty_session.write("目标", partial(set_quota, target_id=HOUSEHOLDS, year=year, amount=Decimal(150)))
    page.tree.select(HOUSEHOLDS)
    page.task.next_step.link.click()
    split_dialog(page).accept()  # 2022
    model, years = page.task.model, [page.task.model.year_column(year) for year in (2022, 2023)]
    assert page.task.next_step.link.text() == "分配余下的…"
    page.task.next_step.link.click()
    split = split_dialog(page)
    assert split.year == 2023 and not split.rest.isChecked()
    split.reject()
    model.enter(0, years[1], "100")
    page.task.next_step.link.click()
    split = split_dialog(page)
    assert split.year == 2023 and split.rest.isChecked()
    split.accept()
    assert [model.shown(0, column) for column in years] == ["10", "100"], "what was there kept its amount"
    assert page.task.next_step.link.text() == "下一项任务"


def test_the_next_task_comes_after_the_one_that_is_done(page: BreakdownPage, empty_session: Session) -> None:
    empty_session.write("目标", partial(set_quota, target_id=HOUSEHOLDS, year=2022, amount=Decimal(150)))
    page.tree.select(HOUSEHOLDS)
    page.task.next_step.link.click()
    split_dialog(page).accept()
    page.task.next_step.link.click()
    assert page.task.grid is not None and page.task.grid.task_id > HOUSEHOLDS
