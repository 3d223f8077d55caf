"""月调度: a month is closed with what is left told, and opened again with a reason."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from db.work.monthly.months import month_state
from desktop.dialogs.reason import ReasonDialog
from desktop.models.month_columns import FIGURE
from desktop.pages.monthly import LATE, PROJECTS, TASKS
from desktop.widgets.dialog import Dialog
from tests.desktop.month_page import FEBRUARY, HEATING, MARCH, Month


def test_a_closed_month_is_locked_until_a_reason_is_given(month: Month) -> None:
    key, page = month.keys(HEATING)[0], month.page
    assert not month.enter(key, "1.5户")
    page.close_month()
    assert isinstance(page.dialog, Dialog)
    assert any("标红的1格填得不对、没有存上" in told.text() for told in page.dialog.findChildren(QLabel))
    page.dialog.accept()
    with month.session.county.reading() as conn:
        assert month_state(conn, MARCH).closed
    assert page.state.text() == "已完成" and page.reopen_button.isVisible() and not page.close_button.isVisible()
    assert not month.model.is_open(month.model.row_of(key), month.column(FIGURE))
    told: list[str] = []
    month.session.notice.connect(told.append)
    month.go(key)
    QTest.keyClicks(page.tasks.sheet, "7")
    assert told == ["2022年3月已经完成、锁定。要改请点“重新打开…”。"]
    assert not page.tasks.panel.fields["problems"].isEnabled()
    page.reopen()
    asked = page.dialog
    assert isinstance(asked, ReasonDialog)
    asked.reason.setText("核实无误")
    asked.accept()
    assert "没有说明原因" in asked.trouble.text() and page.state.text() == "已完成"
    asked.reason.setText("市里退回更正")
    asked.accept()
    assert page.state.text() == "填报中" and page.state.toolTip() == "市里退回更正"
    assert month.enter(key, "7") and month.filed(key).amount == 7


def test_closing_leads_to_cells_that_were_refused(month: Month) -> None:
    page, last = month.page, month.keys(HEATING)[-1]
    assert not month.enter(last, "1.5户")
    page.tasks.filters.narrow("red")
    page.show_view(LATE)
    page.close_month()
    asked = page.dialog
    assert isinstance(asked, Dialog)
    offered = {each.text(): each for each in asked.findChildren(QPushButton)}
    offered["先改标红的1格"].click()
    assert page.view == TASKS and month.model.line(page.tasks.sheet.currentIndex().row()).key == last
    assert month.model.columns[page.tasks.sheet.currentIndex().column()].field == FIGURE
    with month.session.county.reading() as conn:
        assert not month_state(conn, MARCH).closed
    assert month.enter(last, "15")
    projects = page.projects
    page.show_view(PROJECTS)
    row, column = 1, projects.model.column_of("completed_investment")
    assert not projects.model.enter(row, column, "很多")
    page.show_view(TASKS)
    page.close_month()
    again = page.dialog
    assert isinstance(again, Dialog)
    {each.text(): each for each in again.findChildren(QPushButton)}["先改标红的1格"].click()
    at = projects.sheet.currentIndex()
    assert page.view == PROJECTS and (at.row(), at.column()) == (row, column)


def test_closing_leads_to_figures_that_nobody_has_looked_at(month: Month) -> None:
    first, second, *_ = month.keys(HEATING)
    for key in (first, second):
        month.file(FEBRUARY, key, amount=Decimal(3))
    month.page.tasks.copy_last([first, second])
    month.page.close_month()
    asked = month.page.dialog
    assert isinstance(asked, Dialog)
    offered = {each.text(): each for each in asked.findChildren(QPushButton)}
    assert any("2项沿用的数没有核对" in told.text() for told in asked.findChildren(QLabel))
    offered["先核对这2项"].click()
    assert month.page.tasks.filters.chips["unreviewed"].isChecked()
    assert [month.model.line(row).key for row in range(month.model.rowCount())] == [first, second]
    with month.session.county.reading() as conn:
        assert not month_state(conn, MARCH).closed
    month.page.tasks.mark_seen([first, second])
    month.page.close_month()
    again = month.page.dialog
    assert isinstance(again, Dialog)
    words = [each.text() for each in again.findChildren(QPushButton)]
    assert not any(word.startswith("先核对") for word in words) and any(word.startswith("先填报这") for word in words)
