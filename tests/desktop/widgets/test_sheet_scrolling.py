"""A scrolled sheet: what stays in sight is moved on the screen, not drawn again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.session import Session
from desktop.widgets.task_pane import TaskPane


def test_what_is_scrolled_looks_as_if_it_were_drawn_anew(qtbot: QtBot, empty_session: Session) -> None:
    pane = TaskPane(empty_session)
    qtbot.addWidget(pane)
    pane.resize(700, 300)
    pane.show_task("08-06-1")
    with qtbot.waitExposed(pane):
        pane.show()
    sheet, model = pane.view.sheet, pane.model
    column = model.year_column(2022)
    steps: list[Callable[[], object]] = [
        lambda: sheet.go(model.index(4, column)),
        lambda: sheet.verticalScrollBar().setValue(29),
        lambda: model.enter(4, column, "1.5"),
        lambda: sheet.horizontalScrollBar().setValue(90),
        lambda: sheet.verticalScrollBar().setValue(11),
        lambda: sheet.go(model.index(9, column)),
    ]
    for step in steps:
        step()
        scrolled = on_the_screen(pane)
        for widget in (pane, *pane.findChildren(QWidget)):
            widget.update()
        assert on_the_screen(pane) == scrolled


def on_the_screen(pane: TaskPane) -> QImage:
    QApplication.processEvents()
    QApplication.processEvents()
    return pane.screen().grabWindow(pane.winId()).toImage()
