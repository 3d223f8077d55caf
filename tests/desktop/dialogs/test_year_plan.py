"""月度计划…: twelve months typed, pasted or spread, saved as one step, with what is wrong shown where it stands."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.work.monthly.plans import curves_of
from db.work.quotas import QuotaEntry, set_quotas
from desktop.dialogs.year_plan import YearPlanDialog
from desktop.models.sheet import SheetRole
from desktop.models.year_plan_model import Col, YearPlanModel
from desktop.session import Session
from desktop.widgets.dialog import Dialog

TARGET, RATE = "08-06-1", "16-01-1"


def opened(qtbot: QtBot, session: Session, target_id: str = TARGET) -> YearPlanDialog:
    dialog = YearPlanDialog(session, session.catalogue.target(target_id), 2022)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog


@pytest.fixture
def session(empty_session: Session) -> Session:
    """A county with quotas of 2021 and 2022."""
    quotas = [QuotaEntry(TARGET, 2021, Decimal(600)), QuotaEntry(TARGET, 2022, Decimal(1200))]
    empty_session.write("录入县级目标", lambda op: set_quotas(op, quotas))
    return empty_session


@pytest.fixture
def dialog(qtbot: QtBot, session: Session) -> YearPlanDialog:
    return opened(qtbot, session)


def model_of(dialog: YearPlanDialog) -> YearPlanModel:
    assert dialog.model is not None
    return dialog.model


def stored(session: Session, year: int = 2022) -> dict[int, Decimal | None]:
    with session.county.reading() as conn:
        plan = curves_of(conn, TARGET, year)
    return {month: each.amount if each.share is None else each.share for month, each in plan.items()}


def test_it_begins_without_a_plan_and_saves_what_is_typed_as_one_step(dialog: YearPlanDialog, session: Session) -> None:
    assert not dialog.accept_button.isEnabled() and dialog.whole.text() == "2022年县级目标 1,200户"
    model = model_of(dialog)
    QTest.keyClicks(dialog.sheet, "2")
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "0%")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert dialog.sheet.currentIndex().row() == 1
    assert dialog.trouble.text() == "1月是最后一个数，要填到全年的100%。"
    model.enter(11, Col.DUE, "100")
    assert not dialog.trouble.text() and model.index(5, Col.STEP).data() == "0"
    dialog.accept()
    assert not dialog.isVisible() and stored(session) == {1: 20, 12: 100}
    assert session.undo_label is not None and "2022年月度计划" in session.undo_label
    session.undo()
    assert stored(session) == {}


def test_what_is_wrong_stands_in_its_month_and_is_not_saved(dialog: YearPlanDialog, session: Session) -> None:
    model = model_of(dialog)
    dialog.even_button.click()
    assert model.enter(3, Col.DUE, "20") and not model.enter(5, Col.DUE, "一半")
    april, june = (model.index(row, Col.DUE) for row in (3, 5))
    assert april.data(SheetRole.PROBLEM) == "4月比3月的25%少，请填从1月起累计的数。"
    assert june.data() == "一半" and june.data(SheetRole.PROBLEM)
    dialog.accept()
    assert dialog.isVisible() and "4月比3月" in dialog.trouble.text() and stored(session) == {}
    assert dialog.sheet.currentIndex().row() == 3
    model.enter(3, Col.DUE, "")
    dialog.years._group.button(0).click()
    dialog.accept()  # the text that could not be read waits in its year
    assert dialog.year == 2022 and dialog.sheet.currentIndex().row() == 5 and june.data() == "一半"
    dialog.even_button.click()
    assert not dialog.trouble.text()
    dialog.accept()
    assert not dialog.isVisible() and stored(session)[4] == Decimal("33.33")


@pytest.mark.parametrize("between", ["\t", "\r\n"])
def test_a_block_of_twelve_is_pasted_down_the_year(dialog: YearPlanDialog, session: Session, between: str) -> None:
    dialog.units._group.button(1).click()
    QGuiApplication.clipboard().setText(between.join(f"{month * 100:,}" for month in range(1, 13)))
    dialog.sheet.paste()
    dialog.accept()
    assert stored(session) == {month: month * 100 for month in range(1, 13)}


def test_last_year_is_carried_on_in_shares(qtbot: QtBot, dialog: YearPlanDialog, session: Session) -> None:
    assert not dialog.last_button.isEnabled()
    dialog.years._group.button(0).click()
    dialog.units._group.button(1).click()
    for row, text in ((2, "60"), (9, "600")):
        model_of(dialog).enter(row, Col.DUE, text)
    dialog.accept()
    assert stored(session, 2021) == {3: 60, 10: 600}
    again = opened(qtbot, session)
    again.units._group.button(1).click()
    again.last_button.click()
    assert model_of(again).draft.figures == {3: 120, 10: 1200}
    again.years._group.button(0).click()
    assert model_of(again).draft.in_amounts and again.units.value is True
    again.clear_button.click()
    again.accept()
    assert stored(session, 2021) == {} and stored(session) == {3: 120, 10: 1200}
    assert session.undo_label is not None and "2021年、2022年月度计划" in session.undo_label


def test_a_rate_is_planned_in_shares_alone(qtbot: QtBot, session: Session) -> None:
    dialog = opened(qtbot, session, RATE)
    assert not dialog.units.isEnabled() and dialog.whole.text() == "2022年还没有县级目标，按百分比填"
    assert [row.values[1] for row in dialog.chart.chart.data.rows][-1] == 100


def test_escape_asks_before_a_changed_plan_is_thrown_away(dialog: YearPlanDialog, session: Session) -> None:
    dialog.even_button.click()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    (asked,) = [each for each in dialog.findChildren(Dialog) if each.isVisible()]
    asked.reject()
    assert dialog.isVisible() and dialog.accept_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    (asked,) = [each for each in dialog.findChildren(Dialog) if each.isVisible()]
    asked.accept()
    assert not dialog.isVisible() and not stored(session)


def test_escape_closes_a_plan_that_was_only_looked_at(dialog: YearPlanDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
