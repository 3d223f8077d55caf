"""What stands beside a month's sheet, on a low screen."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.session import Session
from desktop.widgets.basics import Card
from desktop.widgets.month_panel import LOW, MonthPanel

WHO = "双王城生态经济园区管理委员会　演示负责人　0536-9000000"


@pytest.mark.parametrize("height", [345, LOW, 640])
@pytest.mark.parametrize("remarked", [False, True])
def test_nothing_overlaps_and_a_remark_comes_before_the_curve(
    qtbot: QtBot, empty_session: Session, height: int, remarked: bool
) -> None:
    panel = MonthPanel(empty_session)
    qtbot.addWidget(panel)
    panel.who.setText(WHO)
    panel.resize(330, height)
    panel.show()
    panel.remarks.setVisible(remarked)
    QApplication.processEvents()
    assert panel.height() == height
    assert panel.curve.isVisible() == (height >= LOW or not remarked)
    cards = [each.geometry() for each in panel.findChildren(Card) if each.isVisible() and each.parent() is panel]
    assert not any(one.intersects(other) for one in cards for other in cards if one is not other)
    panel.remarks.hide()
    assert panel.curve.isVisible()
