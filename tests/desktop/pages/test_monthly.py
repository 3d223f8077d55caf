"""月调度 as a clerk uses it: typing a month's figures, taking over last month's, closing it, and what is late."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.core.period import Period
from db.core.values import State
from db.work.monthly.grid import month_grid
from db.work.monthly.lamps import LampKind
from db.work.monthly.model import FigureKind, Filing
from desktop.app import make_app
from desktop.models.month_columns import FIGURE, LAMP, PERCENT
from desktop.models.sheet import SheetRole
from desktop.pages.monthly import LATE, TASKS, MonthlyPage
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.dialog import Dialog
from tests.desktop.month_page import CTRL, FEBRUARY, HEATING, MARCH, Month


def test_a_typed_figure_goes_down_and_shows_in_lamp_total_and_chip(month: Month) -> None:
    first, second, *_ = month.keys(HEATING)
    missing = month.page.tasks.filters.chips["missing"].text()
    month.go(first)
    month.type("1")
    assert month.filed(first).amount == Decimal(1)
    assert month.shown(first, FIGURE) == "1" and month.shown(first, PERCENT).endswith("%")
    assert month.model.look(month.model.row_of(first), 0).lamp == LampKind.RED
    assert month.model.line(month.sheet.currentIndex().row()).key == second
    assert int(month.page.tasks.filters.chips["missing"].text().split()[1]) == int(missing.split()[1]) - 1
    month.session.undo()
    month.settle()
    assert month.shown(first, FIGURE) == "未报" and month.filed(first).filing is Filing.MISSING


def test_a_refused_figure_stays_with_its_reason_and_nothing_is_stored(month: Month) -> None:
    key = month.keys(HEATING)[0]
    assert not month.enter(key, "1.5户")
    cell = month.model.index(month.model.row_of(key), month.column(FIGURE))
    assert cell.data() == "1.5户" and cell.data(SheetRole.PROBLEM)
    assert month.filed(key).filing is Filing.MISSING


def test_answers_are_not_zero(month: Month) -> None:
    one, two, three, *_ = month.keys(HEATING)
    for key, text in ((one, "0"), (two, "不涉及"), (three, "暂无数据")):
        assert month.enter(key, text)
    assert month.filed(one).amount == Decimal(0)
    assert month.filed(two).amount is State.NOT_APPLICABLE and month.filed(three).amount is State.NO_DATA
    assert [month.shown(key, LAMP) for key in (two, three)] == [LampKind.GREY.word] * 2


def test_a_stage_is_chosen_from_its_list(month: Month) -> None:
    grid = month.model.grid
    assert grid is not None
    key = next(line.key for line in grid.lines if line.due.kind is FigureKind.STAGE)
    month.go(key)
    month.type("s")  # no stage begins with it in letters, but 实施中 is spelt ssz
    assert month.filed(key).stage == "实施中"


def test_the_answers_stand_below_the_stages(month: Month) -> None:
    grid = month.model.grid
    assert grid is not None
    key = next(line.key for line in grid.lines if line.due.kind is FigureKind.STAGE)
    month.go(key)
    month.type("bsj")
    assert month.filed(key).stage is State.NOT_APPLICABLE
    offered = month.model.choices(month.model.row_of(key), month.column("figure"))
    assert offered is not None and offered.enum[-2:] == ("不涉及", "暂无数据")


def test_ctrl_d_takes_last_month_over_and_enter_says_it_was_looked_at(month: Month) -> None:
    first, second, *_ = month.keys(HEATING)
    month.file(FEBRUARY, first, amount=Decimal(800), problems="管线晚到")
    month.go(first)
    assert month.shown(first, "last") == "800"
    QTest.keyClick(month.sheet, Qt.Key.Key_D, CTRL)
    month.settle()
    filed = month.filed(first)
    assert (filed.amount, filed.problems, filed.source, filed.reviewed) == (800, "管线晚到", "copied", False)
    cell = month.model.index(month.model.row_of(first), month.column(FIGURE))
    assert "没有核对" in cell.data(SheetRole.DOUBT)
    assert month.page.tasks.filters.chips["unreviewed"].text() == "未核对 1"
    QTest.keyClick(month.sheet, Qt.Key.Key_Return)
    month.settle()
    assert month.filed(first).reviewed and month.model.line(month.sheet.currentIndex().row()).key == second
    doubt = month.model.index(month.model.row_of(first), month.column(FIGURE)).data(SheetRole.DOUBT)
    assert "没有核对" not in doubt


def test_the_whole_month_can_be_taken_over_after_asking(month: Month, qtbot: QtBot) -> None:
    for key in month.keys(HEATING)[:3]:
        month.file(FEBRUARY, key, amount=Decimal(5))
    month.page.copy_last()
    asked = month.page.dialog
    assert isinstance(asked, Dialog)
    with qtbot.waitSignal(month.session.notice) as told:
        asked.accept()
    assert "沿用了上月的3项" in told.args[0]
    assert all(not month.filed(key).reviewed for key in month.keys(HEATING)[:3])
    month.session.undo()
    assert month.filed(month.keys(HEATING)[0]).filing is Filing.MISSING


def test_chips_and_lists_narrow_and_typing_does_not_take_the_row_away(month: Month) -> None:
    filters, whole = month.page.tasks.filters, month.model.rowCount()
    key = month.keys(HEATING)[0]
    month.enter(key, "5")
    filters.chips["missing"].click()
    assert month.model.rowCount() == whole - 1 and month.model.row_of(key) < 0
    other = month.keys(HEATING)[1]
    month.enter(other, "6")
    assert month.model.row_of(other) >= 0  # it stays until something else is asked for
    filters.narrow("missing", owner=f"town:{other.assignee_id}")
    assert month.model.row_of(other) < 0
    assert {month.model.line(row).key.assignee_kind for row in range(month.model.rowCount())} <= {"town", "enterprise"}
    filters.narrow(part="3")
    assert {month.model.line(row).due.part for row in range(month.model.rowCount())} == {"3"}
    filters.narrow("blue", owner=f"town:{other.assignee_id}")
    assert month.model.rowCount() == 0 and month.page.tasks.stack.currentIndex() == 1


def test_the_panel_tells_the_arithmetic_and_takes_texts(month: Month) -> None:
    key = month.keys(HEATING)[0]
    month.file(MARCH, key, amount=Decimal(1))
    month.go(key)
    panel = month.page.tasks.panel
    assert panel.key == key and "÷" in panel.note.sentence.text() and panel.total.isVisible()
    assert panel.curve.chart.data.rows[2].values[0] == 1
    field = panel.fields["problems"]
    field.editor.setText("管线材料到货晚") if hasattr(field.editor, "setText") else field.editor.setPlainText(
        "管线材料到货晚"
    )
    assert field.commit()
    assert month.filed(key).problems == "管线材料到货晚"
    month.go(month.keys(HEATING)[1])
    assert panel.fields["problems"].editor.text() == ""


def test_a_lamp_shows_its_arithmetic_when_it_is_clicked(month: Month, qtbot: QtBot) -> None:
    key = month.keys(HEATING)[0]
    month.file(MARCH, key, amount=Decimal(1))
    month.go(key, LAMP)
    QTest.keyClick(month.sheet, Qt.Key.Key_Space)
    popup = month.sheet.popup
    assert popup is not None and popup.isVisible() and "按时间应达" in popup.note.sentence.text()
    popup.close()


def test_months_are_gone_through_within_the_plan(month: Month, qtbot: QtBot) -> None:
    switch = month.page.month
    assert switch.month.text().startswith("2022年3月")
    QTest.keyClick(month.page, Qt.Key.Key_PageUp, CTRL)
    assert month.session.period == FEBRUARY
    month.session.period = Period(2021, 1)
    assert not switch.back.isEnabled()
    switch.go(-1)
    assert month.session.period == Period(2021, 1) and month.session.year == 2021
    assert [entry.text() for entry in switch.menu().actions()][:2] == ["2021年1月", "2021年2月"]


def test_links_lead_to_lines_chips_and_views(month: Month) -> None:
    key = month.keys(HEATING)[2]
    month.page.reveal(Place("monthly", task_id=HEATING, section=f"town:{key.assignee_id}"))
    assert month.model.line(month.sheet.currentIndex().row()).key == key
    month.page.reveal(Place("monthly", section="missing", period="2022-02"))
    assert month.session.period == FEBRUARY
    assert {month.model.line(row).filing for row in range(month.model.rowCount())} == {Filing.MISSING}
    month.page.reveal(Place("monthly", section="late"))
    assert month.page.view == LATE
    month.page.reveal(Place("monthly", section="part:4"))
    assert month.page.view == TASKS and {month.model.line(r).due.part for r in range(month.model.rowCount())} == {"4"}


@pytest.mark.parametrize("kind", ["town", "department"])
def test_a_link_to_a_page_that_is_still_reading_is_followed(qtbot: QtBot, demo_folder: Path, kind: str) -> None:
    """The month, and the names to narrow by, arrive after the clerk was led here."""
    make_app()
    session = Session(author="王芳")
    with qtbot.waitSignal(session.opened, timeout=10_000):
        session.open_folder(demo_folder)
    session.period = MARCH
    with session.county.reading() as conn:
        keys = list(month_grid(conn, session.catalogue, MARCH).place_of)
    who = next(key.assignee_id for key in keys if key.assignee_kind == kind)
    page = MonthlyPage(session)
    qtbot.addWidget(page)
    page.show()
    page.reveal(Place("monthly", section=f"town:{who}" if kind == "town" else f"who:{kind}/{who}"))
    tasks = page.tasks
    qtbot.waitUntil(lambda: 0 < tasks.model.rowCount() < len(keys) and tasks.filters.owners.count() > 1)
    shown = [tasks.model.line(row).key for row in range(tasks.model.rowCount())]
    assert {key.assignee_id for key in shown if key.assignee_kind == kind} == {who}
    assert tasks.filters.owners.currentData() == f"{kind}:{who}"
    session.close()
