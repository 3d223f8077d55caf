"""The tree on the left: chips with counts, search, keyboard, and finding a task wherever it hides."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.work.breakdown import StateKind
from desktop.pages.breakdown import BreakdownPage
from desktop.session import Session
from desktop.widgets.plan_tree import ROW_HEIGHT, PlanTree


@pytest.fixture
def page(qtbot: QtBot, empty_session: Session) -> BreakdownPage:
    page = BreakdownPage(empty_session)
    qtbot.addWidget(page)
    page.resize(1282, 680)
    with qtbot.waitExposed(page):
        page.show()
    return page


@pytest.fixture
def tree(page: BreakdownPage) -> PlanTree:
    return page.tree


def chip(tree: PlanTree, word: str) -> object:
    return next(button for button in tree._chips.buttons() if button.text().startswith(word))


def test_first_open_task_is_chosen(tree: PlanTree) -> None:
    assert tree.current_task() == "03-01"


def test_chips_carry_counts_and_narrow(tree: PlanTree) -> None:
    button = chip(tree, "省下达待定")
    assert button.text() == f"省下达待定 {tree.model.count_of(StateKind.PENDING)}"  # type: ignore[attr-defined]
    button.click()  # type: ignore[attr-defined]
    assert tree.filter.is_narrowed
    assert not tree.filter.mapFromSource(tree.model.index_of("08-06-1")).isValid()
    assert tree.select("08-06-1"), "what is asked for is shown, filtered or not"
    assert tree.current_task() == "08-06-1"
    assert not tree.filter.is_narrowed
    assert not tree.select("99-99-9")


def test_nothing_found_is_said_and_the_tree_comes_back_as_it_was(tree: PlanTree) -> None:
    def is_open(part: int) -> bool:
        return tree.view.isExpanded(tree.filter.index(part, 0))

    tree.view.collapse(tree.filter.index(3, 0))
    before = [is_open(part) for part in range(6)]
    tree.search.setText("zzzz")
    assert not tree.nothing.isHidden()
    tree.search.setText("")
    assert tree.nothing.isHidden()
    assert [is_open(part) for part in range(6)] == before


def test_enter_in_the_search_line_goes_to_the_first_hit(qtbot: QtBot, tree: PlanTree) -> None:
    tree.search.setText("xzqjqngzhs")
    qtbot.keyClick(tree.search, Qt.Key.Key_Return)
    assert tree.current_task() == "08-06-1"
    assert tree.view.hasFocus()


def test_arrows_walk_and_enter_goes_to_the_sheet(qtbot: QtBot, page: BreakdownPage) -> None:
    tree = page.tree
    tree.select("08-06-1")
    tree.view.setFocus()
    with qtbot.waitSignal(tree.chosen) as chosen:
        qtbot.keyClick(tree.view, Qt.Key.Key_Down)
    assert chosen.args == ["08-06-2"]
    qtbot.keyClick(tree.view, Qt.Key.Key_Return)
    assert page.task.view.sheet.hasFocus()
    assert page.task.model.is_open(0, page.task.view.sheet.currentIndex().column())


def test_rows_are_high_enough(tree: PlanTree) -> None:
    assert tree.view.visualRect(tree.filter.index(0, 0)).height() >= 28


class Drawn(QObject):
    """Notes how high each part of a widget is that is drawn."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.heights: list[int] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.heights.append(event.region().boundingRect().height())
        return False


def on_the_screen(window: QWidget) -> QImage:
    QApplication.processEvents()
    return window.screen().grabWindow(window.winId()).toImage()


def test_only_new_lines_are_drawn_when_it_is_scrolled(tree: PlanTree) -> None:
    tree.view.expandAll()
    QApplication.processEvents()
    bar, whole = tree.view.verticalScrollBar(), tree.view.viewport()
    assert bar.maximum() > 5 * ROW_HEIGHT and whole.height() > 6 * ROW_HEIGHT
    drawn = Drawn(whole)
    for step in (ROW_HEIGHT, 3 * ROW_HEIGHT, -2 * ROW_HEIGHT, 5):
        drawn.heights.clear()
        bar.setValue(bar.value() + step)
        QApplication.processEvents()
        assert 0 < sum(drawn.heights) <= abs(step)
        scrolled = on_the_screen(tree.window())
        whole.update()
        assert on_the_screen(tree.window()) == scrolled
