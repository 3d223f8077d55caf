"""The sheet's keys do what Excel's do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from desktop.models.assignment_model import AssignmentModel
from desktop.session import Session
from desktop.widgets.sheet import Sheet
from desktop.widgets.task_pane import TaskPane

Key, Modifier = Qt.Key, Qt.KeyboardModifier
CTRL = Modifier.ControlModifier


@pytest.fixture
def pane(qtbot: QtBot, empty_session: Session) -> TaskPane:
    pane = TaskPane(empty_session)
    qtbot.addWidget(pane)
    pane.resize(960, 560)
    pane.show_task("08-06-1")
    with qtbot.waitExposed(pane):
        pane.show()
    pane.view.sheet.setFocus()
    return pane


def place(pane: TaskPane, row: int, year: int = 2022) -> None:
    pane.view.sheet.go(pane.model.index(row, pane.model.year_column(year)))


def select(sheet: Sheet, model: AssignmentModel, top: tuple[int, int], bottom: tuple[int, int]) -> None:
    sheet.go(model.index(*top))
    sheet.selectionModel().select(
        QItemSelection(model.index(*top), model.index(*bottom)), QItemSelectionModel.SelectionFlag.ClearAndSelect
    )


def editor(sheet: Sheet) -> QLineEdit:
    found = sheet.viewport().findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


def shown(pane: TaskPane, row: int, year: int = 2022) -> str:
    return pane.model.shown(row, pane.model.year_column(year))


def test_typing_replaces_and_enter_goes_down(qtbot: QtBot, pane: TaskPane) -> None:
    sheet = pane.view.sheet
    pane.model.enter(0, pane.model.year_column(2022), "999")
    place(pane, 0)
    qtbot.keyClicks(sheet, "1")
    qtbot.keyClicks(editor(sheet), "20")
    qtbot.keyClick(editor(sheet), Key.Key_Return)
    assert shown(pane, 0) == "120"
    assert sheet.currentIndex().row() == 1
    qtbot.keyClicks(sheet, "7")
    qtbot.keyClick(editor(sheet), Key.Key_Tab)
    assert shown(pane, 1) == "7"
    assert sheet.currentIndex().column() == pane.model.year_column(2023)
    qtbot.keyClick(sheet, Key.Key_Return, Modifier.ShiftModifier)
    assert sheet.currentIndex().row() == 0
    qtbot.keyClick(sheet, Key.Key_Backtab)
    assert sheet.currentIndex().column() == pane.model.year_column(2022)


def test_what_is_being_typed_stays_when_the_rows_are_read_again(qtbot: QtBot, pane: TaskPane) -> None:
    """An earlier cell's save answers while the next cell is typed into already."""
    sheet, model = pane.view.sheet, pane.model
    amounts, work = model.year_column(2022), next(n for n, c in enumerate(model.columns) if c.field == "deliverable")
    for column, kind in ((amounts, QLineEdit), (work, QPlainTextEdit)):
        sheet.go(model.index(1, column))
        qtbot.keyClicks(sheet, "3")
        typed_into = sheet.viewport().findChild(kind)
        model.dataChanged.emit(model.index(0, 0), model.index(3, model.columnCount() - 1))
        qtbot.keyClicks(typed_into, "5")
        qtbot.keyClick(typed_into, Key.Key_Return)
        assert model.shown(1, column) == "35"


def test_tab_skips_computed_columns_and_wraps(qtbot: QtBot, pane: TaskPane) -> None:
    sheet, model = pane.view.sheet, pane.model
    place(pane, 0, 2023)
    qtbot.keyClick(sheet, Key.Key_Tab)
    assert model.columns[sheet.currentIndex().column()].field == "deadline"
    for _ in range(4):
        qtbot.keyClick(sheet, Key.Key_Tab)
    assert (sheet.currentIndex().row(), sheet.currentIndex().column()) == (1, model.year_column(2021))


def test_enter_after_tabs_goes_to_where_the_next_line_begins(qtbot: QtBot, pane: TaskPane) -> None:
    sheet, model = pane.view.sheet, pane.model
    place(pane, 0, 2021)
    for entry, key in (("1", Key.Key_Tab), ("2", Key.Key_Tab), ("3", Key.Key_Return)):
        qtbot.keyClicks(sheet, entry)
        qtbot.keyClick(editor(sheet), key)
        qtbot.waitUntil(lambda: not sheet.viewport().findChildren(QLineEdit))
    assert [shown(pane, 0, year) for year in (2021, 2022, 2023)] == ["1", "2", "3"]
    assert (sheet.currentIndex().row(), sheet.currentIndex().column()) == (1, model.year_column(2021))
    place(pane, 1, 2023)
    qtbot.keyClick(sheet, Key.Key_Return)
    assert (sheet.currentIndex().row(), sheet.currentIndex().column()) == (2, model.year_column(2023))


def test_escape_leaves_the_cell_as_it_was(qtbot: QtBot, pane: TaskPane) -> None:
    sheet = pane.view.sheet
    pane.model.enter(0, pane.model.year_column(2022), "5")
    place(pane, 0)
    qtbot.keyClicks(sheet, "8")
    qtbot.keyClick(editor(sheet), Key.Key_Escape)
    assert shown(pane, 0) == "5"


def test_wrong_text_is_told_while_it_is_typed_and_afterwards(qtbot: QtBot, pane: TaskPane) -> None:
    sheet = pane.view.sheet
    place(pane, 2)
    qtbot.keyClicks(sheet, "1")
    assert sheet.bubble.sentence == ""
    qtbot.keyClicks(editor(sheet), ".5")
    assert "整数" in sheet.bubble.sentence
    qtbot.keyClick(editor(sheet), Key.Key_Return)
    assert shown(pane, 2) == "1.5"
    assert sheet.bubble.sentence == "", "the next cell is fine"
    qtbot.keyClick(sheet, Key.Key_Return, Modifier.ShiftModifier)
    assert "整数" in sheet.bubble.sentence
    qtbot.keyClick(sheet, Key.Key_Delete)
    assert (shown(pane, 2), sheet.bubble.sentence) == ("", "")


def test_delete_clears_the_selection_in_one_step(qtbot: QtBot, pane: TaskPane, empty_session: Session) -> None:
    model, sheet = pane.model, pane.view.sheet
    column = model.year_column(2022)
    for row in range(3):
        model.enter(row, column, str(row))
    select(sheet, model, (0, column), (2, column))
    qtbot.keyClick(sheet, Key.Key_Delete)
    assert [shown(pane, row) for row in range(3)] == ["", "", ""]
    empty_session.undo()
    assert [shown(pane, row) for row in range(3)] == ["0", "1", "2"]


def test_copy_and_paste_within_the_sheet(qtbot: QtBot, pane: TaskPane) -> None:
    model, sheet = pane.model, pane.view.sheet
    first, second = model.year_column(2021), model.year_column(2022)
    for row, (one, two) in enumerate((("1,000", "2"), ("", "不涉及"))):
        model.enter(row, first, one)
        model.enter(row, second, two)
    select(sheet, model, (0, first), (1, second))
    qtbot.keyClick(sheet, Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "1000\t2\n\t不涉及"
    sheet.go(model.index(5, first))
    qtbot.keyClick(sheet, Key.Key_V, CTRL)
    assert [shown(pane, 5, 2021), shown(pane, 5), shown(pane, 6, 2021), shown(pane, 6)] == ["1,000", "2", "", "不涉及"]


def test_block_from_elsewhere_is_shown_first(qtbot: QtBot, pane: TaskPane) -> None:
    sheet = pane.view.sheet
    QGuiApplication.clipboard().setText("1\r\n2\r\n")
    place(pane, 0)
    with qtbot.waitSignal(sheet.preview_wanted) as wanted:
        qtbot.keyClick(sheet, Key.Key_V, CTRL)
    assert shown(pane, 0) == ""
    assert wanted.args is not None
    sheet.land(wanted.args[0])
    assert (shown(pane, 0), shown(pane, 1)) == ("1", "2")
    assert len(sheet.selectedIndexes()) == 2


def test_one_pasted_cell_fills_a_selection(qtbot: QtBot, pane: TaskPane) -> None:
    model, sheet = pane.model, pane.view.sheet
    column = model.year_column(2022)
    model.enter(0, column, "12")
    sheet.go(model.index(0, column))
    qtbot.keyClick(sheet, Key.Key_C, CTRL)
    select(sheet, model, (1, column), (3, column))
    qtbot.keyClick(sheet, Key.Key_V, CTRL)
    assert [shown(pane, row) for row in range(5)] == ["12", "12", "12", "12", ""]


def test_one_wrong_cell_is_pasted_with_its_reason(qtbot: QtBot, pane: TaskPane) -> None:
    sheet = pane.view.sheet
    QGuiApplication.clipboard().setText("1.5")
    place(pane, 0)
    qtbot.keyClick(sheet, Key.Key_V, CTRL)
    assert shown(pane, 0) == "1.5"
    assert "整数" in sheet.bubble.sentence


def test_pasting_where_nothing_can_be_written_is_told(qtbot: QtBot, pane: TaskPane, empty_session: Session) -> None:
    sheet, model = pane.view.sheet, pane.model
    QGuiApplication.clipboard().setText("5")
    sheet.go(model.index(0, 1))
    with qtbot.waitSignal(empty_session.notice):
        qtbot.keyClick(sheet, Key.Key_V, CTRL)


def test_fill_down(qtbot: QtBot, pane: TaskPane) -> None:
    model, sheet = pane.model, pane.view.sheet
    column = model.year_column(2022)
    model.enter(0, column, "4")
    select(sheet, model, (0, column), (3, column))
    qtbot.keyClick(sheet, Key.Key_D, CTRL)
    assert [shown(pane, row) for row in range(4)] == ["4"] * 4


def test_sum_of_the_selection(qtbot: QtBot, pane: TaskPane) -> None:
    model, sheet = pane.model, pane.view.sheet
    column = model.year_column(2022)
    for row, text in enumerate(("1,000", "", "不涉及", "500")):
        model.enter(row, column, text)
    told: list[str] = []
    pane.summary.connect(told.append)
    select(sheet, model, (0, column), (3, column))
    assert told[-1] == "已选4格　合计 1,500　平均 750"
    sheet.go(model.index(0, column))
    assert told[-1] == ""
    select(sheet, model, (0, column), (3, column))
    model.beginResetModel()
    model.endResetModel()
    assert told[-1] == ""


def test_space_and_click_tick(qtbot: QtBot, pane: TaskPane) -> None:
    pane.show_task("08-02-1")
    sheet, model = pane.view.sheet, pane.model
    column = model.year_column(2022)
    sheet.go(model.index(0, column))
    qtbot.keyClick(sheet, Key.Key_Space)
    assert model.value(0, column) is True
    cell = sheet.visualRect(model.index(1, column)).center()
    qtbot.mouseClick(sheet.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert model.value(1, column) is True
    qtbot.mouseClick(sheet.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert model.value(1, column) is None


def test_long_text_keeps_its_line_breaks(qtbot: QtBot, pane: TaskPane) -> None:
    sheet, model = pane.view.sheet, pane.model
    column = next(c for c, each in enumerate(model.columns) if each.field == "deliverable")
    model.enter(0, column, "first\nsecond")
    sheet.go(model.index(0, column))
    qtbot.keyClick(sheet, Key.Key_F2)
    found = sheet.viewport().findChild(QPlainTextEdit)
    assert isinstance(found, QPlainTextEdit)
    found.moveCursor(found.textCursor().MoveOperation.End)
    qtbot.keyClick(found, Key.Key_Return, Modifier.AltModifier)
    qtbot.keyClicks(found, "third")
    qtbot.keyClick(found, Key.Key_Return)
    assert model.value(0, column) == "first\nsecond\nthird"


def test_menu_offers_what_the_cell_allows(pane: TaskPane) -> None:
    sheet, model = pane.view.sheet, pane.model
    words = {a.text().split("\t")[0]: a.isEnabled() for a in sheet.menu_at(model.index(0, 0)).actions() if a.text()}
    lock = "锁定或放开（分配时不动）"
    closed = dict.fromkeys(("粘贴", "清空（未报）", "向下填充", "向右填充", lock), False)
    assert words == {"复制": True, **closed, "移出这个责任主体": True}
    assert sheet.menu_at(model.index(0, model.year_column(2022))).actions()[1].isEnabled()


def test_figures_are_never_cut(pane: TaskPane) -> None:
    model, sheet = pane.model, pane.view.sheet
    column = model.year_column(2022)
    before = sheet.columnWidth(column)
    model.enter(0, column, "123,456,789,012")
    pane.reload()
    assert sheet.columnWidth(column) > before
    assert sheet.columnWidth(column) == pane.view.sums.columnWidth(column)


def test_bubble_stays_inside_the_sheet(pane: TaskPane) -> None:
    model, sheet = pane.model, pane.view.sheet
    last, column = model.rowCount() - 1, len(model.columns) - 2
    model.enter(last, column, "x" * 60)
    sheet.scrollTo(model.index(last, column))
    sheet.go(model.index(last, column))
    assert sheet.bubble.sentence
    assert sheet.viewport().rect().contains(sheet.bubble.geometry())
    assert sheet.bubble.pos() != QPoint(0, 0)


def test_fill_right(qtbot: QtBot, pane: TaskPane, empty_session: Session) -> None:
    model, sheet = pane.model, pane.view.sheet
    first, last = model.year_column(2021), model.year_column(2023)
    for row, text in enumerate(("4", "不涉及", "=7*2")):
        model.enter(row, first, text)
    select(sheet, model, (0, first), (2, last))
    qtbot.keyClick(sheet, Key.Key_R, CTRL)
    assert [[shown(pane, row, year) for year in (2022, 2023)] for row in range(3)] == [
        ["4", "4"],
        ["不涉及", "不涉及"],
        ["14", "14"],
    ]
    empty_session.undo()
    assert shown(pane, 0, 2023) == ""
    sheet.go(model.index(2, last - 1))
    qtbot.keyClick(sheet, Key.Key_R, CTRL)
    assert shown(pane, 2, 2022) == "14", "one cell takes what stands left of it"


def test_filling_what_does_not_fit_fills_nothing(qtbot: QtBot, pane: TaskPane, empty_session: Session) -> None:
    model, sheet = pane.model, pane.view.sheet
    year = model.year_column(2023)
    deadline = next(c for c, each in enumerate(model.columns) if each.field == "deadline")
    model.enter(0, year, "4")
    select(sheet, model, (0, year), (0, deadline))
    with qtbot.waitSignal(empty_session.notice) as told:
        qtbot.keyClick(sheet, Key.Key_R, CTRL)
    assert told.args is not None
    assert "不能填到" in told.args[0]
    assert model.value(0, deadline) is None


def drag(qtbot: QtBot, sheet: Sheet, model: AssignmentModel, to: tuple[int, int]) -> None:
    handle = sheet.handle
    cell = sheet.visualRect(model.index(*to)).center()
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton)
    qtbot.mouseMove(handle, handle.mapFrom(sheet.viewport(), cell))
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=handle.mapFrom(sheet.viewport(), cell))


def test_dragging_the_handle_repeats_the_selection(qtbot: QtBot, pane: TaskPane, empty_session: Session) -> None:
    model, sheet = pane.model, pane.view.sheet
    column = model.year_column(2022)
    model.enter(0, column, "4")
    model.enter(1, column, "5")
    select(sheet, model, (0, column), (1, column))
    assert sheet.handle.isVisible()
    drag(qtbot, sheet, model, (5, column))
    assert [shown(pane, row) for row in range(7)] == ["4", "5", "4", "5", "4", "5", ""]
    assert empty_session.undo_label == "填充"
    drag(qtbot, sheet, model, (1, column + 1))
    assert [shown(pane, row, 2023) for row in range(3)] == ["4", "5", ""]


def test_the_handle_stands_only_where_something_can_be_typed(pane: TaskPane) -> None:
    model, sheet = pane.model, pane.view.sheet
    sheet.go(model.index(0, 0))
    assert not sheet.handle.isVisible()
    sheet.go(model.index(0, model.year_column(2022)))
    assert sheet.handle.isVisible()
    sheet.clearSelection()
    assert not sheet.handle.isVisible()


def test_arithmetic_in_a_cell(qtbot: QtBot, pane: TaskPane) -> None:
    sheet = pane.view.sheet
    place(pane, 0)
    qtbot.keyClicks(sheet, "=")
    qtbot.keyClicks(editor(sheet), "1200/3")
    assert sheet.bubble.sentence == ""
    qtbot.keyClick(editor(sheet), Key.Key_Return)
    assert shown(pane, 0) == "400"
    assert not pane.model.enter(1, sheet.currentIndex().column(), "=1000/3")
    assert "除不尽" in pane.model.problem(1, sheet.currentIndex().column())
    assert (shown(pane, 1), pane.model.stored(1, sheet.currentIndex().column())) == ("=1000/3", None)


def test_names_stay_in_sight_when_scrolled_sideways(qtbot: QtBot, pane: TaskPane) -> None:
    sheet, model = pane.view.sheet, pane.model
    pane.resize(560, 400)
    assert sheet.pinned is not None
    qtbot.waitUntil(lambda: sheet.horizontalScrollBar().maximum() > 0)
    assert not sheet.pinned.isVisible()
    last = len(model.columns) - 2
    sheet.go(model.index(0, last))
    assert sheet.pinned.isVisible()
    assert sheet.pinned.width() == sheet.columnWidth(0) + 1
    assert sheet.pinned.isColumnHidden(1)
    assert pane.view.pinned_sums.isVisible()
    sheet.go(model.index(3, model.year_column(2021)))
    assert sheet.visualRect(sheet.currentIndex()).left() >= sheet.pinned.covered
    sheet.horizontalScrollBar().setValue(0)
    assert not sheet.pinned.isVisible()


def test_widths_and_chosen_columns_are_remembered(qtbot: QtBot, pane: TaskPane, empty_session: Session) -> None:
    sheet = pane.view.sheet
    sheet.horizontalHeader().resizeSection(0, 160)
    pane.view.columns.choose("phone", False)
    pane.view.columns.save()
    again = TaskPane(empty_session)
    qtbot.addWidget(again)
    again.show_task("08-06-1")
    phone = next(c for c, each in enumerate(again.model.columns) if each.field == "phone")
    assert again.view.sheet.columnWidth(0) == 160
    assert again.view.sheet.isColumnHidden(phone)
    again.view.columns.choose("phone", True)
    again.view.columns.forget_widths()
    again.view.columns.save()
