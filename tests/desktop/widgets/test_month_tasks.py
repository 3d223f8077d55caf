"""What is typed belongs to the month that is shown, and is all that is read and drawn again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.work.monthly.grid import month_grid, renewed
from desktop.models.month_window import RowWindow
from desktop.session import Session
from tests.desktop.month_page import FEBRUARY, HEATING, MARCH, Month


def test_a_text_that_is_being_typed_stays_in_its_month(qtbot: QtBot, demo_session: Session) -> None:
    demo_session.today = lambda: date(2022, 4, 2)
    demo_session.period = MARCH
    month = Month(qtbot, demo_session)
    key = month.keys(HEATING)[0]
    month.go(key)
    field = month.page.tasks.panel.fields["problems"]
    before = month.filed(key, FEBRUARY).problems
    field.editor.setFocus()
    typed_into = QApplication.focusWidget()
    assert typed_into is not None
    QTest.keyClicks(typed_into, "late")
    assert field.is_dirty
    month.session.period = FEBRUARY
    month.settle()
    assert not field.is_dirty and field.editor.text() == before
    assert month.filed(key).problems.endswith("late") and month.filed(key, FEBRUARY).problems == before


def test_after_every_write_the_sheet_shows_what_a_new_one_would(qtbot: QtBot, demo_session: Session) -> None:
    demo_session.today = lambda: date(2022, 4, 2)
    demo_session.period = MARCH
    month = Month(qtbot, demo_session)
    one, other = month.keys(HEATING)[:2]

    def told(page: Month) -> list[list[str]]:
        texts_of(page)
        page.settle()
        return texts_of(page)

    def texts_of(page: Month) -> list[list[str]]:
        rows = [page.model.row_of(key) for key in page.keys(HEATING)]
        texts = [[page.model.shown(row, column) for column in range(page.model.columnCount())] for row in rows]
        return [*texts, [page.model.hint(row, page.column("lamp")) for row in rows]]

    def as_new() -> None:
        fresh = Month(qtbot, demo_session)
        assert told(month) == told(fresh)
        fresh.page.hide()

    month.go(one)
    before = told(month)
    for value in ("1180", "不涉及", "1300"):
        month.enter(one, value)
        as_new()
    month.enter(other, "7")
    month.enter(one, "材料到货晚", "problems")
    as_new()
    month.file(FEBRUARY, one, amount=Decimal(5))
    as_new()
    for _ in range(6):
        demo_session.undo()
        month.settle()
    assert told(month) == before
    as_new()
    for _ in range(6):
        demo_session.redo()
        month.settle()
    as_new()


def test_rows_that_were_on_their_way_come_though_a_figure_was_saved_meanwhile(
    qtbot: QtBot, demo_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = RowWindow(demo_session)
    with demo_session.county.reading() as conn:
        grid = month_grid(conn, demo_session.catalogue, MARCH)
        window.show(grid, grid.places(), {})
        first, last = window.keys[0], window.keys[-1]
        held: list[Callable[[], None]] = []
        monkeypatch.setattr(demo_session, "read", lambda query, done, **_: held.append(lambda: done(query(conn))))
        assert window.row(0) is None
        qtbot.waitUntil(lambda: len(held) == 1)
        window.show(renewed(conn, demo_session.catalogue, grid, [last.task_id]), window.places, {}, {last})
        held[0]()
        assert not window.has(0)
        qtbot.waitUntil(lambda: len(held) == 2)
        held[1]()
    shown = window.row(0)
    assert shown is not None and shown.key == first


def test_a_task_tells_from_when_its_figure_is_counted(qtbot: QtBot, demo_session: Session) -> None:
    month = Month(qtbot, demo_session)
    told = month.model.hint(month.model.row_of(month.keys(HEATING)[0]), month.column("title"))
    assert told.endswith(f"{HEATING}　累计。从方案开始累计，各年相加。")
