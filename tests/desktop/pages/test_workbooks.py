"""收发: what is sent to whom, the matrix of what became of it, and that it is still known after a restart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.core.period import Period
from db.exchange.unit_book.form import CODES_ROW, FIRST_ROW, MONTHLY, REGISTERS, RETURN, TASKS
from db.exchange.unit_book.write import BookRequest, write_books
from db.store import records
from db.work.assignees import named
from db.work.handouts import board
from db.work.registers import register
from desktop.dialogs.received_books import ReceivedBooksDialog
from desktop.dialogs.send_books import SendBooksDialog
from desktop.pages.workbooks import WorkbooksPage
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.dialog import Dialog
from tests.tour import send_books


def opened(qtbot: QtBot, session: Session) -> WorkbooksPage:
    page = WorkbooksPage(session)
    qtbot.addWidget(page)
    page.resize(1280, 690)
    page.show()
    return page


def asked(page: WorkbooksPage) -> SendBooksDialog:
    page.send()
    assert isinstance(page.dialog, SendBooksDialog)
    return page.dialog


def shown(page: WorkbooksPage) -> dict[str, list[str]]:
    model = page.table.board
    return {
        unit.name: [model.data(model.index(row, column)) for column in range(model.columnCount())]
        for row, unit in enumerate(model.units)
    }


def test_workbooks_are_written_and_remembered(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    page = opened(qtbot, demo_session)
    assert page.stack.currentWidget() is page.empty and not page.history.isVisible()
    dialog = asked(page)
    dialog.kind_boxes[TASKS].setChecked(True)
    dialog.folder.setText(str(tmp_path / "发出"))
    assert dialog.accept_button.text() == "写出15个工作簿"
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    assert len(list((tmp_path / "发出").glob("*.xlsx"))) == 15
    assert isinstance(page.dialog, Dialog) and "已写出15个工作簿" in page.dialog.heading.text()
    assert shown(page)["圣城街道"][0] == "已发"
    assert page.chips["sent"].text() == "已发 15"
    folder = demo_session.folder
    demo_session.close_county()
    demo_session.open_folder(folder)
    again = opened(qtbot, demo_session)
    assert shown(again) == shown(page)


def test_the_month_that_was_sent_is_looked_at(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    page = opened(qtbot, demo_session)
    demo_session.period = Period(2022, 12)
    assert not page.empty.buttons[1].isVisible()
    dialog = asked(page)
    dialog.kind_boxes[REGISTERS].setChecked(False)
    dialog.kind_boxes[MONTHLY].setChecked(True)
    dialog.month.setCurrentIndex(2)
    dialog.folder.setText(str(tmp_path))
    dialog.accept()
    assert demo_session.period == Period(2022, 3) and page.month.month.text().startswith("2022年3月")
    assert shown(page)["圣城街道"][0] == "已发"
    demo_session.period = Period(2021, 5)
    assert page.empty.title.text() == "没有发过2021年5月的工作簿"
    assert "2022年3月" in page.empty.text.text()
    page.empty.buttons[1].click()
    assert demo_session.period == Period(2022, 3) and page.stack.currentWidget() is page.table


def test_a_table_in_which_a_unit_has_nothing_is_a_dash_until_it_has_something(
    qtbot: QtBot, demo_session: Session
) -> None:
    send_books(demo_session)
    page = opened(qtbot, demo_session)
    unit = next(unit for unit in page.table.board.units if unit.name == "上口镇")
    demo_session.write("清空", lambda op: op.conn.execute("UPDATE register_coal_boiler SET town_id = NULL"))
    place = [table for table, _ in page.table.board.board.tables].index("coal_boiler")
    index = page.table.board.index(page.table.board.units.index(unit), place)
    assert page.table.board.data(index) == "—"
    assert "没有要填的内容" in page.table.board.data(index, Qt.ItemDataRole.ToolTipRole)
    demo_session.write(
        "登记", lambda op: records.insert(op, register(op.conn, "coal_boiler"), {"name": "锅炉", "town_id": unit.id})
    )
    index = page.table.board.index(page.table.board.units.index(unit), place)
    assert page.table.board.data(index) == "未发"


def test_chosen_units_are_asked_for_and_only_they_are_written(
    qtbot: QtBot, demo_session: Session, tmp_path: Path
) -> None:
    send_books(demo_session)
    page = opened(qtbot, demo_session)
    page.table.selectRow(2)
    dialog = asked(page)
    assert [unit.name for unit in dialog.model.checked] == ["古城街道"]
    dialog.folder.setText(str(tmp_path))
    dialog.zip.setChecked(True)
    dialog.with_empty.setChecked(True)
    dialog.accept()
    (file,) = tmp_path.glob("*.zip")
    assert file.name == "寿光市（演示）项目清单2022年.zip"
    with demo_session.county.reading() as conn:
        found = board(conn, page.periods)
    unit = next(unit for unit in found.units if unit.name == "古城街道")
    assert found.whole(unit) == "faulty"
    assert found.state(unit, "coal_boiler").status == "sent" and found.state(unit, "assignment").status == "faulty"


def test_a_county_without_projects_sends_empty_forms(
    qtbot: QtBot, empty_session: Session, demo_session: Session, tmp_path: Path
) -> None:
    page = opened(qtbot, empty_session)
    dialog = asked(page)
    assert not dialog.accept_button.isEnabled()
    dialog.registers.item(0).setCheckState(Qt.CheckState.Checked)
    dialog.folder.setText(str(tmp_path))
    dialog.accept()
    assert len(list(tmp_path.glob("*.xlsx"))) == 15
    assert not asked(opened(qtbot, demo_session)).with_empty.isChecked()


def test_the_matrix_tells_every_status_and_finds_units_by_it(qtbot: QtBot, demo_session: Session) -> None:
    send_books(demo_session)
    page = opened(qtbot, demo_session)
    words = {name: states[0] for name, states in shown(page).items()}
    assert [words[name] for name in ("圣城街道", "文家街道", "古城街道", "洛城街道", "上口镇")] == [
        "已入库",
        "已收",
        "有问题",
        "已发",
        "未发",
    ]
    assert [each.text() for each in page.chips.values()] == [
        "全部 15",
        "未发 7",
        "已发 5",
        "已收 1",
        "有问题 1",
        "已入库 1",
    ]
    qtbot.mouseClick(page.chips["faulty"], Qt.MouseButton.LeftButton)
    assert list(shown(page)) == ["古城街道"]
    page.table.selectRow(0)
    (line,) = page.books.rows_model.rows
    assert (line[0].text, line[4].text, line[7].text) == ("古城街道", "有问题", "3")
    assert "3处问题" in str(page.table.board.data(page.table.board.index(0, 0), Qt.ItemDataRole.ToolTipRole))
    page.show_status("")
    page.reveal(Place("workbooks", section="enterprise"))
    assert page.stack.currentWidget() is page.nobody
    demo_session.year = 2023
    assert page.stack.currentWidget() is page.empty


def sent_and_filled(session: Session, folder: Path, value: object) -> Path:
    """Return the workbook of 洛城街道 with something in its first boiler's 蒸发量."""
    with session.county.reading() as conn:
        unit = named(conn, "洛城街道")
    request = BookRequest(("registers",), Period(2022), ("coal_boiler",), (unit.key,))
    file = write_books(session.county, session.catalogue, request, folder).books[0].file
    book: Any = openpyxl.load_workbook(file)
    sheet = book["燃煤锅炉淘汰"]
    codes = {cell.value: cell.column for cell in sheet[CODES_ROW + 1]}
    sheet.cell(FIRST_ROW + 1, codes["tonnage"]).value = value
    book.save(file)
    return file


def test_what_came_back_with_problems_is_sent_back(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    file = sent_and_filled(demo_session, tmp_path, "很多")
    page = opened(qtbot, demo_session)
    page.choose_files = lambda: [file]
    page.receive(page.choose_files())
    assert isinstance(page.dialog, ReceivedBooksDialog)
    out = tmp_path / "退回一"
    page.dialog.choose_target = lambda *_words: out
    page.dialog.send_back.click()
    assert book_has_return(out.with_name("退回一.xlsx"))
    page.dialog.reject()
    page.refresh()
    assert page.chips["faulty"].text() == "有问题 1"
    assert not page.return_button.isEnabled()
    page.books.selectRow(0)
    assert page.return_button.isEnabled()
    offered: list[str] = []
    page.choose_target = lambda *words: offered.append(words[2])
    page.send_back()
    assert offered == [str(demo_session.folder / "exports" / f"退回 {file.stem}.xlsx")]
    page.choose_target = lambda *_words: tmp_path / "退回二.xlsx"
    qtbot.mouseClick(page.return_button, Qt.MouseButton.LeftButton)
    assert book_has_return(tmp_path / "退回二.xlsx")
    assert isinstance(page.dialog, Dialog) and "标出了1处问题" in page.dialog.heading.text()


def test_what_was_closed_unstored_is_looked_at_again(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    file = sent_and_filled(demo_session, tmp_path, "很多")
    page = opened(qtbot, demo_session)
    page.receive([file])
    assert page.dialog is not None
    page.dialog.reject()
    file.unlink()
    page.refresh()
    assert not page.again_button.isEnabled()
    page.books.selectRow(0)
    qtbot.mouseClick(page.again_button, Qt.MouseButton.LeftButton)
    dialog = page.dialog
    assert isinstance(dialog, ReceivedBooksDialog) and [each.name for each in dialog.files] == [file.name]
    editor = dialog.detail.editors["tonnage"]
    editor.selectAll()
    qtbot.keyClicks(editor, "12.5")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    dialog.accept()
    assert page.chips["stored"].text() == "已入库 1"
    page.books.selectRow(0)
    assert not page.again_button.isEnabled()
    page.dialog = None
    page.books.chosen.emit(0)
    assert page.dialog is None


def book_has_return(file: Path) -> bool:
    book = openpyxl.load_workbook(file)
    return book.sheetnames[0] == RETURN and book[RETURN]["C5"].value == "很多"


def test_what_came_back_well_is_stored(qtbot: QtBot, demo_session: Session, tmp_path: Path) -> None:
    file = sent_and_filled(demo_session, tmp_path, 12.5)
    page = opened(qtbot, demo_session)
    page.receive([file])
    dialog = page.dialog
    assert isinstance(dialog, ReceivedBooksDialog) and not dialog.send_back.isVisibleTo(dialog)
    assert page.chips["received"].text() == "已收 1"
    dialog.accept()
    assert page.chips["stored"].text() == "已入库 1"
    page.books.selectRow(0)
    assert not page.return_button.isEnabled()


def test_what_cannot_be_sent_is_said_before(qtbot: QtBot, demo_session: Session) -> None:
    dialog = asked(opened(qtbot, demo_session))
    dialog.kind_boxes[REGISTERS].setChecked(False)
    assert not dialog.accept_button.isEnabled() and "填什么" in dialog.count.text()
    dialog.kind_boxes[REGISTERS].setChecked(True)
    for row in range(dialog.registers.count()):
        dialog.registers.item(row).setCheckState(Qt.CheckState.Unchecked)
    assert not dialog.accept_button.isEnabled() and "至少选一张清单" in dialog.count.text()
    dialog.registers.item(0).setCheckState(Qt.CheckState.Checked)
    assert dialog.period == Period(2022)
    dialog.folder.setText("发出")
    dialog.accept()
    assert "完整的文件夹路径" in dialog.trouble.text()


@pytest.mark.parametrize("with_books", [False, True])
def test_a_county_that_is_open_read_only_sends_nothing(
    qtbot: QtBot, demo_session: Session, *, with_books: bool
) -> None:
    if with_books:
        send_books(demo_session)
    folder = demo_session.folder
    demo_session.close_county()
    demo_session.open_folder(folder, read_only=True)
    page = opened(qtbot, demo_session)
    assert not page.send_button.isEnabled()
    assert not page.empty.buttons[0].isEnabled()
