"""What is typed belongs to the month that is shown."""

from __future__ import annotations

from datetime import date

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

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
