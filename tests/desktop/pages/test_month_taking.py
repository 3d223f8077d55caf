"""月调度 and the registers: their figures filed at once, one by one, or overridden with a reason."""

from __future__ import annotations

from datetime import date

import pytest

from db.store import operation
from db.work.monthly.model import FigureKind, Filing
from db.work.monthly.rows import MonthRow
from db.work.monthly.supplied import supplied_targets
from desktop.dialogs.reason import ReasonDialog
from desktop.models.month_columns import FIGURE
from desktop.widgets.dialog import Dialog
from tests.desktop.month_page import Month


@pytest.fixture(autouse=True)
def april(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 2 April 2022 for the file as well."""
    monkeypatch.setattr(operation, "now", lambda: "2022-04-02T09:00:00")


def test_what_the_registers_say_is_filed_at_once(month: Month) -> None:
    month.page.take_button.click()
    asked = month.page.dialog
    assert isinstance(asked, Dialog)
    asked.accept()
    assert month.model.grid is not None and month.model.grid.filings[Filing.FIGURE]


def supplied_row(month: Month) -> MonthRow:
    """Go to a line for which the registers give an amount."""
    with month.session.county.reading() as conn:
        counted = supplied_targets(conn)
    grid = month.model.grid
    assert grid is not None
    for line in grid.lines:
        if line.key.task_id not in counted or line.due.kind is not FigureKind.AMOUNT:
            continue
        month.go(line.key)
        row = month.model.month_row(month.model.row_of(line.key))
        if row is not None and row.supplied is not None and row.supplied.amount is not None:
            return row
    pytest.fail("the demo's registers supply nothing")


def test_for_a_month_long_past_the_clerk_is_asked_first(month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operation, "now", lambda: "2022-06-02T09:00:00")
    month.session.today = lambda: date(2022, 6, 2)
    row, page = supplied_row(month), month.page
    month.page.take_button.click()
    assert isinstance(page.dialog, Dialog)
    assert "不是2022年3月底的数" in page.dialog.heading.text()
    page.dialog.reject()
    assert month.model.grid is not None and not month.model.grid.filings.get(Filing.FIGURE)
    page.tasks.panel.take.click()
    asked = page.tasks.dialog
    assert isinstance(asked, Dialog) and "不是2022年3月底的数" in asked.heading.text()
    assert month.filed(row.key).filing is Filing.MISSING
    asked.accept()
    assert row.supplied is not None and month.filed(row.key).amount == row.supplied.amount


def test_a_figure_that_differs_from_the_registers_needs_a_reason(month: Month) -> None:
    row = supplied_row(month)
    assert row.supplied is not None and row.supplied.amount is not None
    panel = month.page.tasks.panel
    assert panel.supplied.text() and panel.take.isEnabled()
    other = f"{row.supplied.amount + 1:f}"
    month.enter(row.key, other)
    asked = month.page.tasks.dialog
    assert isinstance(asked, ReasonDialog) and month.filed(row.key).filing is Filing.MISSING
    asked.reason.setText("两个项目还没有登记")
    asked.accept()
    month.settle()
    filed = month.filed(row.key)
    assert filed.amount == row.supplied.amount + 1 and filed.override_reason == "两个项目还没有登记"
    assert month.shown(row.key, FIGURE) == month.model.text(0, month.column(FIGURE), filed.amount)
    panel.take.click()
    filed = month.filed(row.key)
    assert (filed.amount, filed.source, filed.override_reason) == (row.supplied.amount, "register", "")
