from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from db.core.values import State
from db.store import records
from db.store.operation import Operation
from db.store.query import Filter, Sort, TableQuery
from desktop.dialogs.problems import ProblemsDialog
from desktop.jobs import ThreadJobs
from desktop.session import Session
from desktop.settings import Settings
from desktop.widgets.filter_popup import FIRST_STATE
from desktop.widgets.grid import Grid
from tests.desktop.grid_page import GridPage

SCHEMA = load_schema("key_project")
NUMBER = "total_investment"
KEY = Qt.Key
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def page(qtbot: QtBot, demo_session: Session) -> GridPage:
    return GridPage(qtbot, Grid(demo_session, TableQuery(SCHEMA)))


def undo_label(page: GridPage) -> str | None:
    return page.grid.session.undo_label


def problems_shown() -> list[ProblemsDialog]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, ProblemsDialog) and each.isVisible()]


# -- moving and typing ------------------------------------------------------------------------------------------------


def test_a_click_on_a_cell_takes_the_keys(qtbot: QtBot, page: GridPage) -> None:
    window, elsewhere, grid = QWidget(), QLineEdit(), page.grid
    column = QVBoxLayout(window)
    column.addWidget(elsewhere)
    column.addWidget(grid)
    window.resize(1000, 500)
    window.show()
    window.activateWindow()
    try:
        shown = grid._visible_columns()
        frozen = [place for place in shown if grid.frozen.has(place)]
        for place in (frozen[0], shown[len(frozen)]):
            elsewhere.setFocus()
            assert not grid.hasFocus()
            view = grid.view_of(place)
            cell = view.visualRect(grid.rows.index(1, place)).center()
            # To the window, as the system sends it: only so does Qt ask which widget a click focuses.
            at = view.viewport().mapTo(window, cell)
            QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=at)
            assert (grid.currentIndex().row(), grid.currentIndex().column()) == (1, place)
            assert grid.hasFocus()
    finally:
        grid.setParent(None)
        window.close()


def test_heading_orders_up_down_and_not_at_all(page: GridPage) -> None:
    as_entered = page.column("name")
    column = page.grid.rows.column_of(NUMBER)
    page.grid.sort_by(column)
    figures = [page.cell(row, NUMBER) for row in range(page.grid.rows.rowCount())]
    assert figures == sorted(figures)  # type: ignore[type-var]
    page.grid.sort_by(column)
    assert page.grid.rows.asked.sorts == (Sort(NUMBER, descending=True),)
    assert page.cell(0, NUMBER) == max(figures)  # type: ignore[type-var]
    page.grid.sort_by(column)
    assert page.column("name") == as_entered


def test_ctrl_click_orders_by_several_columns(page: GridPage) -> None:
    rows, heading = page.grid.rows, page.grid.heading
    town, number = rows.column_of("town_id"), rows.column_of(NUMBER)
    page.grid.horizontalScrollBar().setValue(0)

    def click(column: int, modifier: Qt.KeyboardModifier) -> None:
        own = page.grid.frozen.heading if page.grid.frozen.has(column) else heading
        at = QPoint(own.sectionViewportPosition(column) + 12, 10)
        QTest.mouseClick(own.viewport(), Qt.MouseButton.LeftButton, modifier, at)

    click(town, Qt.KeyboardModifier.NoModifier)
    page.grid.sort_by(number, more=True)
    assert list(rows.asked.sorts) == [Sort("town_id"), Sort(NUMBER)]
    figures = [(page.shown(row, "town_id"), page.cell(row, NUMBER)) for row in range(rows.rowCount())]
    by_town = [town for town, _ in figures]
    assert by_town == sorted(by_town, key=by_town.index)
    assert all(one[1] <= other[1] for one, other in pairwise(figures) if one[0] == other[0])  # type: ignore[operator]
    heading.grab()
    click(town, CTRL)
    assert list(rows.asked.sorts) == [Sort("town_id", descending=True), Sort(NUMBER)]
    click(town, CTRL)
    assert list(rows.asked.sorts) == [Sort(NUMBER)]
    page.grid.sort_by(town, more=True)
    click(town, Qt.KeyboardModifier.NoModifier)
    assert list(rows.asked.sorts) == [Sort("town_id")]


def test_filter_for_a_state(page: GridPage) -> None:
    page.go(0, NUMBER)
    page.grid.blocks.set_cells(State.NO_DATA)
    popup = page.grid.columns.open_filter(page.grid.rows.column_of(NUMBER))
    assert popup is not None
    popup._way(FIRST_STATE + 1)
    popup.apply()
    assert page.column(NUMBER) == ["暂无数据"]
    again = page.grid.columns.open_filter(page.grid.rows.column_of(NUMBER))
    assert again is not None and again._ways.checkedId() == FIRST_STATE + 1
    again.close()


def test_many_choices_can_be_searched_and_ticks_stay(page: GridPage) -> None:
    popup = page.grid.columns.open_filter(page.grid.rows.column_of("town_id"))
    assert popup is not None
    popup.offer([(str(number), f"第{number}镇", number) for number in range(12)])
    assert popup.words.isVisible()
    popup.choices.item(3).setCheckState(Qt.CheckState.Checked)
    popup.words.setText("第11")
    assert [popup.choices.item(row).isHidden() for row in (3, 11)] == [True, False]
    popup.choices.item(11).setCheckState(Qt.CheckState.Checked)
    assert popup._checked() == ["3", "11"]
    popup.close()


def test_clicks_on_the_heading(page: GridPage) -> None:
    heading = page.grid.heading
    wanted: list[int] = []
    heading.filter_wanted.disconnect()
    heading.filter_wanted.connect(wanted.append)
    column = 3
    left = heading.sectionViewportPosition(column)
    QTest.mouseClick(heading.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(left + 20, 10))
    assert page.grid.rows.asked.sorts == (Sort(page.grid.rows.fields[column].name),)
    QTest.mouseClick(heading.viewport(), Qt.MouseButton.LeftButton, pos=heading.funnel_rect(column).center())
    assert wanted == [column]
    edge = left + heading.sectionSize(column) - 1
    QTest.mouseClick(heading.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(edge, 10))
    assert page.grid.rows.asked.sorts == (Sort(page.grid.rows.fields[column].name),)


def test_filter_by_choice(page: GridPage) -> None:
    popup = page.grid.columns.open_filter(page.grid.rows.column_of("stage"))
    assert popup is not None
    items = {popup.choices.item(row).text().partition("　")[0]: popup.choices.item(row) for row in range(4)}
    items["已完成"].setCheckState(Qt.CheckState.Checked)
    popup.apply()
    assert set(page.column("stage")) == {"已完成"}
    assert page.grid.rows.asked.narrows
    again = page.grid.columns.open_filter(page.grid.rows.column_of("stage"))
    assert again is not None
    assert len(again.choices.findItems("", Qt.MatchFlag.MatchContains)) == 4
    assert again._checked() == ["已完成"]
    again._decide(None)
    assert len(set(page.column("stage"))) == 4


def test_filter_by_range_and_its_faults(page: GridPage) -> None:
    popup = page.grid.columns.open_filter(page.grid.rows.column_of(NUMBER))
    assert popup is not None
    popup.low.setText("abc")
    popup._way(1)
    popup.apply()
    assert popup.problem.isVisibleTo(popup)
    popup.low.setText("1,000")
    popup._way(1)
    popup.apply()
    assert page.grid.rows.rowCount() > 0
    assert all(page.cell(row, NUMBER) >= 1000 for row in range(page.grid.rows.rowCount()))  # type: ignore[operator]


@pytest.mark.parametrize(("way", "kind"), [(2, "empty"), (3, "not_empty")])
def test_filter_for_empty_cells(page: GridPage, way: int, kind: str) -> None:
    page.go(0, NUMBER)
    page.press(KEY.Key_Delete)
    popup = page.grid.columns.open_filter(page.grid.rows.column_of(NUMBER))
    assert popup is not None
    popup._way(way)
    popup.apply()
    assert page.grid.rows.asked.filters[NUMBER].kind == kind
    assert all((page.cell(row, NUMBER) is None) == (kind == "empty") for row in range(page.grid.rows.rowCount()))


def test_filter_of_references_offers_names(page: GridPage) -> None:
    popup = page.grid.columns.open_filter(page.grid.rows.column_of("town_id"))
    assert popup is not None
    assert any(popup.choices.item(row).text() == "圣城街道　1" for row in range(popup.choices.count()))
    popup.close()


def test_text_filter_and_search(page: GridPage) -> None:
    page.grid.rows.set_filter("name", Filter.contains("name", "光伏"))
    assert page.column("name") == ["演示：分布式光伏屋顶集群"]
    page.grid.rows.clear_filters()
    page.grid.rows.set_search("圣城")
    assert set(page.column("town_id")) == {"圣城街道"}


def test_columns_are_remembered(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    first = GridPage(qtbot, Grid(demo_session, TableQuery(SCHEMA), settings=settings)).grid
    first.setColumnWidth(3, 211)
    menu = first.columns.menu(first)
    menu.actions()[4].trigger()
    first.columns.save()
    again = GridPage(qtbot, Grid(demo_session, TableQuery(SCHEMA), settings=settings)).grid
    hidden = [column for column in range(len(again.rows.fields)) if again.isColumnHidden(column)]
    assert again.columnWidth(3) == 211
    assert len(hidden) == 1
    for column in range(len(again.rows.fields)):
        again.columns.show_column(column, shown=False)
    assert sum(not again.isColumnHidden(column) for column in range(len(again.rows.fields))) == 1


def test_frozen_columns_stay_and_can_be_edited(page: GridPage) -> None:
    grid = page.grid
    assert grid.frozen.isVisible()
    grid.horizontalScrollBar().setValue(grid.horizontalScrollBar().maximum())
    assert grid.frozen.visualRect(grid.rows.index(0, 0)).left() == 0
    page.go(0, "name")
    page.type("abc")
    assert grid.editing.editor.parent() is grid.frozen.viewport()  # type: ignore[union-attr]
    page.press(KEY.Key_Return)
    assert page.cell(0, "name") == "abc"
    page.go(0, grid.rows.fields[3].name)
    assert grid.visualRect(grid.currentIndex()).left() >= grid.frozen.width() - 2


# -- rows that come and go --------------------------------------------------------------------------------------------


def test_new_row_gets_the_cursor(page: GridPage) -> None:
    count = page.grid.rows.rowCount()
    page.grid.add_row({"name": "新项目"})
    assert page.grid.rows.rowCount() == count + 1
    page.qtbot.waitUntil(lambda: page.cursor[0] == count)
    assert page.shown(count, "name") == "新项目"


def test_reveal_waits_for_the_rows(qtbot: QtBot, demo_session: Session) -> None:
    ids: list[list[str]] = []
    demo_session.read(TableQuery(SCHEMA).ids, ids.append, owner=demo_session, key="ids")
    page = GridPage(qtbot, Grid(demo_session, TableQuery(SCHEMA)))
    told: list[str] = []
    page.grid.current_changed.connect(told.append)
    page.grid.reveal(ids[0][5], NUMBER)
    assert page.cursor == (5, NUMBER)
    assert told[-1] == ids[0][5]


def test_editor_stays_with_its_row_when_others_come(page: GridPage) -> None:
    page.grid.sort_by(page.grid.rows.column_of("name"))
    page.go(3, NUMBER)
    row_id = page.grid.rows.row_id(3)
    page.type("12abc")
    page.grid.session.write("别处新增", lambda op: records.insert(op, SCHEMA, {"name": "a 排在最前"}))
    page.settle()
    assert page.grid.editing.editor is not None
    page.grid.editing.editor.start_with("99")
    page.press(KEY.Key_Return)
    place = next(row for row in range(page.grid.rows.rowCount()) if page.grid.rows.row_id(row) == row_id)
    assert page.cell(place, NUMBER) == 99


def test_text_of_a_vanished_row_goes_to_the_clipboard(page: GridPage) -> None:
    page.grid.session.problem.disconnect()
    told: list[Exception] = []
    page.grid.session.problem.connect(told.append)
    page.go(0, "name")
    row_id = page.grid.rows.row_id(0)
    page.type("half")
    page.grid.session.write("别处删除", lambda op: records.delete(op, SCHEMA, [row_id]))
    page.settle()
    assert not page.grid.editing.is_open
    assert QApplication.clipboard().text() == "half"
    assert "half" in str(told[0])


def test_change_of_a_town_is_seen(page: GridPage) -> None:
    def rename(op: Operation) -> None:
        town = page.grid.rows.row_at(0)
        assert town is not None
        records.update(op, load_schema("town"), str(town.values["town_id"]), {"name": "新圣城街道"})

    page.grid.session.write("改名", rename)
    assert page.shown(0, "town_id") == "新圣城街道"


def test_read_only_grids_change_nothing(page: GridPage) -> None:
    page.grid.session.problem.disconnect()
    told: list[Exception] = []
    page.grid.session.problem.connect(told.append)
    page.grid.rows.editable = False
    before = page.column("name")
    page.go(0, "name")
    page.type("x")
    assert not page.grid.editing.is_open
    page.paste("x")
    page.press(KEY.Key_Delete)
    assert page.column("name") == before
    assert len(told) == 2


def test_menu_offers_what_can_be_done(page: GridPage) -> None:
    words = [action.text() for action in page.grid.blocks.menu().actions() if action.text()]
    assert words == ["复制", "粘贴", "向下填充", "清空（未报）", "标为不涉及", "标为暂无数据"]
    page.grid.rows.editable = False
    assert [action.text() for action in page.grid.blocks.menu().actions()] == ["复制"]


# -- real threads -----------------------------------------------------------------------------------------------------


@pytest.fixture
def threaded(qtbot: QtBot, demo_folder: Path) -> Iterator[Session]:
    session = Session(ThreadJobs(), author="王芳")
    with qtbot.waitSignal(session.opened):
        session.open_folder(demo_folder)
    yield session
    session.close()


def test_rows_arrive_and_are_saved_off_the_gui_thread(qtbot: QtBot, threaded: Session) -> None:
    page = GridPage(qtbot, Grid(threaded, TableQuery(load_schema("rural_heating"))))
    assert page.grid.rows.rowCount() == 30
    page.go(29, "note")
    page.type("abc")
    with qtbot.waitSignal(threaded.saved):
        QTest.keyClick(page.focused(), KEY.Key_Return)
        assert page.grid.rows.index(29, page.grid.rows.column_of("note")).data() == "abc"
    for text in ("x", "不存在", ""):
        page.grid.rows.set_search(text)
    qtbot.waitUntil(lambda: page.grid.rows.rowCount() == 30)
    assert page.shown(29, "note") == "abc"


def test_the_cell_that_was_gone_to_stays_in_view_when_something_opens_beside(page: GridPage) -> None:
    grid = page.grid
    grid.resize(700, 400)
    grid.go_to(2, grid.rows.column_of("content"))
    grid.resize(500, 400)
    shown = grid.visualRect(grid.currentIndex())
    assert shown.left() >= 0 and (shown.right() < grid.viewport().width() or shown.left() == grid.frozen.width())
