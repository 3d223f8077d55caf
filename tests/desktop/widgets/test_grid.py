from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
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
from desktop.widgets.field_editors import TextEditor
from desktop.widgets.grid import Grid
from desktop.widgets.pick_editor import PickEditor
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


def test_names_of_references_and_figures_are_shown(page: GridPage) -> None:
    assert page.shown(0, "town_id") == "圣城街道"
    assert page.shown(0, NUMBER) == f"{page.cell(0, NUMBER):,}"
    assert page.grid.rows.headerData(page.grid.rows.column_of(NUMBER), Qt.Orientation.Horizontal) == "总投资（万元）"


def test_typing_replaces_and_enter_goes_down(page: GridPage) -> None:
    page.go(0, NUMBER)
    page.type("1200.5")
    page.press(KEY.Key_Return)
    assert page.cell(0, NUMBER) == Decimal("1200.5")
    assert page.shown(0, NUMBER) == "1,200.5"
    assert page.cursor == (1, NUMBER)
    assert undo_label(page) == "修改「重点项目」的总投资"


def test_f2_keeps_what_is_there_and_escape_gives_up(page: GridPage) -> None:
    before = page.cell(0, "name")
    page.go(0, "name")
    page.press(KEY.Key_F2)
    page.type("x")
    page.press(KEY.Key_Escape)
    assert page.cell(0, "name") == before
    assert undo_label(page) != "修改「重点项目」的项目名称"
    page.press(KEY.Key_F2)
    page.press(KEY.Key_End)
    page.type("x")
    page.press(KEY.Key_Tab)
    assert page.cell(0, "name") == f"{before}x"


def test_tab_goes_right_and_from_the_end_to_the_next_row(page: GridPage) -> None:
    last = page.grid.rows.fields[-1].name
    page.go(0, last)
    page.press(KEY.Key_Tab)
    assert page.cursor == (1, page.grid.rows.fields[0].name)
    page.press(KEY.Key_Backtab, SHIFT)
    assert page.cursor == (0, last)
    page.press(KEY.Key_Return, SHIFT)
    assert page.cursor == (0, last)


def test_hidden_columns_are_passed_over(page: GridPage) -> None:
    fields = page.grid.rows.fields
    page.grid.columns.show_column(1, shown=False)
    page.go(0, fields[0].name)
    page.press(KEY.Key_Tab)
    assert page.cursor == (0, fields[2].name)


def test_unreadable_text_stays_open_with_its_sentence(page: GridPage) -> None:
    before = page.cell(0, NUMBER)
    page.go(0, NUMBER)
    page.type("12abc")
    page.press(KEY.Key_Return)
    assert page.grid.editing.is_open
    assert "总投资" in page.bubble
    assert page.focused().property("wrong") is True
    page.press(KEY.Key_Tab)
    assert page.grid.editing.is_open
    page.grid.editing.editor.left.emit()  # type: ignore[union-attr]
    assert page.grid.editing.editor.text() == "12abc"  # type: ignore[union-attr]
    page.press(KEY.Key_Escape)
    assert not page.grid.editing.is_open
    assert page.bubble == ""
    assert page.cell(0, NUMBER) == before


def test_clicking_elsewhere_saves_or_stays(page: GridPage) -> None:
    grid = page.grid
    page.go(0, "name")
    page.type("abc")
    where = grid.visualRect(grid.rows.index(2, 2)).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert page.cell(0, "name") == "abc"
    assert grid.currentIndex().row() == 2
    page.go(0, NUMBER)
    page.type("x")
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(600, 100))
    assert grid.editing.is_open
    assert page.cursor == (0, NUMBER)


def test_arrows_end_typing_over_but_not_f2(page: GridPage) -> None:
    page.go(1, NUMBER)
    page.type("5")
    page.press(KEY.Key_Down)
    assert page.cursor == (2, NUMBER)
    assert page.cell(1, NUMBER) == 5
    page.press(KEY.Key_F2)
    page.press(KEY.Key_Down)
    assert page.grid.editing.is_open


def test_delete_clears_to_unreported(page: GridPage) -> None:
    page.select(0, NUMBER, 2, NUMBER)
    page.press(KEY.Key_Delete)
    assert [page.cell(row, NUMBER) for row in range(3)] == [None, None, None]
    assert undo_label(page) == "清空「重点项目」3行"


def test_states_are_words_and_grey(page: GridPage) -> None:
    page.go(0, NUMBER)
    page.grid.blocks.set_cells(State.NOT_APPLICABLE)
    page.select(0, "name", 0, NUMBER)
    page.grid.blocks.set_cells(State.NO_DATA)
    assert page.shown(0, NUMBER) == "暂无数据"
    assert page.shown(0, "name") != "暂无数据"


def test_multi_line_cells_break_with_alt_enter(page: GridPage) -> None:
    page.go(0, "content")
    page.type("ab")
    editor = page.grid.editing.editor
    assert isinstance(editor, TextEditor)
    page.press(KEY.Key_Return, ALT)
    page.type("c")
    page.press(KEY.Key_Return)
    assert page.cell(0, "content") == "ab\nc"
    assert page.shown(0, "content") == "ab c"


def test_input_method_opens_the_editor_with_its_first_letters(page: GridPage) -> None:
    page.go(0, "name")
    event = QInputMethodEvent()
    event.setCommitString("新城")
    QApplication.sendEvent(page.grid, event)
    page.press(KEY.Key_Return)
    assert page.cell(0, "name") == "新城"


def test_dates_and_numbers_are_read_as_people_write_them(page: GridPage) -> None:
    page.go(0, "started_on")
    page.grid.editing.open(page.grid.currentIndex(), "2022年3月15日")
    page.press(KEY.Key_Return)
    assert page.cell(0, "started_on") == date(2022, 3, 15)
    page.grid.editing.open(page.grid.currentIndex(), "12-15")
    page.press(KEY.Key_Return)
    assert page.grid.editing.is_open
    page.press(KEY.Key_Escape)


# -- picking ----------------------------------------------------------------------------------------------------------


def test_choice_by_initials(page: GridPage) -> None:
    page.go(0, "stage")
    page.type("ywc")
    page.press(KEY.Key_Return)
    assert page.cell(0, "stage") == "已完成"


def test_choice_from_the_list(page: GridPage) -> None:
    page.go(0, "stage")
    page.press(KEY.Key_F2)
    editor = page.grid.editing.editor
    assert isinstance(editor, PickEditor)
    assert editor.options.isVisible()
    words = [editor.options.list.item(row).text() for row in range(editor.options.list.count())]
    assert words[-len(SCHEMA.field("stage").enum) :] == list(SCHEMA.field("stage").enum)
    page.press(KEY.Key_Escape)
    assert page.grid.editing.is_open
    page.press(KEY.Key_Escape)
    assert not page.grid.editing.is_open


def test_reference_by_initials_name_or_code(page: GridPage, qtbot: QtBot) -> None:
    page.go(0, "town_id")
    page.type("wjjd")
    page.press(KEY.Key_Return)
    assert page.shown(0, "town_id") == "文家街道"
    page.grid.editing.open(page.grid.currentIndex(), "圣城街道")
    page.press(KEY.Key_Return)
    assert page.shown(1, "town_id") == "圣城街道"


def test_unknown_reference_stays_open(page: GridPage) -> None:
    page.go(0, "town_id")
    page.type("zzzz")
    page.press(KEY.Key_Return)
    assert page.grid.editing.is_open
    assert "请从列表中选择" in page.bubble


def test_reference_can_be_cleared(page: GridPage) -> None:
    page.go(0, "enterprise_id")
    page.press(KEY.Key_F2)
    page.press(KEY.Key_Escape)
    page.press(KEY.Key_A, CTRL)
    page.press(KEY.Key_Backspace)
    page.press(KEY.Key_Tab)
    assert page.cell(0, "enterprise_id") is None


# -- blocks -----------------------------------------------------------------------------------------------------------


def test_copied_block_comes_back_the_same(page: GridPage) -> None:
    before = [page.column(name) for name in ("name", "town_id", NUMBER)]
    page.select(0, "name", page.grid.rows.rowCount() - 1, NUMBER)
    text = page.copied()
    page.press(KEY.Key_Delete)
    page.go(0, "name")
    page.paste(text)
    assert [page.column(name) for name in ("name", "town_id", NUMBER)] == before
    page.grid.session.undo()
    page.grid.session.undo()
    assert [page.column(name) for name in ("name", "town_id", NUMBER)] == before


def test_paste_is_one_step(page: GridPage) -> None:
    page.go(0, NUMBER)
    before = page.column(NUMBER)
    page.paste("1,200\n1.2万元\n３００")
    assert page.column(NUMBER)[:3] == ["1,200", "1.2", "300"]
    assert undo_label(page) == "粘贴「重点项目」3行"
    page.grid.session.undo()
    assert page.column(NUMBER) == before


def test_one_copied_cell_fills_the_selection(page: GridPage) -> None:
    page.select(0, NUMBER, 4, NUMBER)
    page.paste("7")
    assert page.column(NUMBER)[:5] == ["7"] * 5


def test_faulty_paste_lists_every_fault_and_changes_nothing(page: GridPage, qtbot: QtBot) -> None:
    before = page.column(NUMBER)
    page.go(1, NUMBER)
    page.paste("5\nabc\n1,23")
    (dialog,) = problems_shown()
    places = [problem.place for problem in dialog.problems]
    assert places == ["第3行「总投资」", "第4行「总投资」"]
    assert all(problem.message and problem.advice for problem in dialog.problems)
    assert page.column(NUMBER) == before
    dialog.close()


def test_unknown_name_in_a_paste_is_a_fault(page: GridPage) -> None:
    page.go(0, "town_id")
    page.paste("圣城街道\n不存在镇")
    (dialog,) = problems_shown()
    assert "不存在镇" in dialog.problems[0].message
    dialog.close()


def test_paste_below_the_end_adds_rows(page: GridPage) -> None:
    count = page.grid.rows.rowCount()
    page.grid.defaults = lambda: {"stage": "前期工作"}
    page.go(count - 1, "name")
    page.paste("甲\n乙\n丙\n\n")
    assert page.grid.rows.rowCount() == count + 2
    assert page.column("name")[-3:] == ["甲", "乙", "丙"]
    assert page.shown(count, "stage") == "前期工作"
    page.grid.session.undo()
    assert page.grid.rows.rowCount() == count


def test_paste_wider_than_the_table_is_refused(page: GridPage) -> None:
    page.go(0, page.grid.rows.fields[-1].name)
    page.paste("a\tb")
    (dialog,) = problems_shown()
    assert "没有足够的列" in dialog.problems[0].message
    dialog.close()


def test_fill_down(page: GridPage) -> None:
    page.go(0, NUMBER)
    page.type("8")
    page.press(KEY.Key_Return)
    page.select(0, NUMBER, 3, NUMBER)
    page.press(KEY.Key_D, CTRL)
    assert page.column(NUMBER)[:4] == ["8"] * 4
    assert undo_label(page) == "向下填充「重点项目」3行"


def test_cut_is_copy_then_clear(page: GridPage) -> None:
    page.select(0, "name", 1, "name")
    names = page.column("name")[:2]
    page.press(KEY.Key_X, CTRL)
    assert QApplication.clipboard().text() == "\n".join(names)
    assert page.column("name")[:2] == ["", ""]


def test_selection_is_summed(page: GridPage) -> None:
    told: list[str] = []
    page.grid.selection_told.connect(told.append)
    page.go(0, NUMBER)
    page.paste("1000\n2000\n不涉及")
    page.select(0, NUMBER, 2, NUMBER)
    page.qtbot.waitUntil(lambda: told[-1:] == ["已选 3 格　合计 3,000 万元　平均 1,500"])
    page.go(0, NUMBER)
    page.qtbot.waitUntil(lambda: told[-1] == "")


# -- order, filters, columns ------------------------------------------------------------------------------------------


def test_heading_orders_up_down_and_not_at_all(page: GridPage) -> None:
    as_entered = page.column("name")
    column = page.grid.rows.column_of(NUMBER)
    page.grid.sort_by(column)
    figures = [page.cell(row, NUMBER) for row in range(page.grid.rows.rowCount())]
    assert figures == sorted(figures)  # type: ignore[type-var]
    page.grid.sort_by(column)
    assert page.grid.rows.asked.sort == Sort(NUMBER, descending=True)
    assert page.cell(0, NUMBER) == max(figures)  # type: ignore[type-var]
    page.grid.sort_by(column)
    assert page.column("name") == as_entered


def test_clicks_on_the_heading(page: GridPage) -> None:
    heading = page.grid.heading
    wanted: list[int] = []
    heading.filter_wanted.disconnect()
    heading.filter_wanted.connect(wanted.append)
    column = 3
    left = heading.sectionViewportPosition(column)
    QTest.mouseClick(heading.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(left + 20, 10))
    assert page.grid.rows.asked.sort == Sort(page.grid.rows.fields[column].name)
    QTest.mouseClick(heading.viewport(), Qt.MouseButton.LeftButton, pos=heading.funnel_rect(column).center())
    assert wanted == [column]
    edge = left + heading.sectionSize(column) - 1
    QTest.mouseClick(heading.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(edge, 10))
    assert page.grid.rows.asked.sort == Sort(page.grid.rows.fields[column].name)


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
