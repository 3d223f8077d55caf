from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from db.core.values import State
from db.store.query import TableQuery
from desktop.dialogs.problems import ProblemsDialog
from desktop.session import Session
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
