"""收回工作簿: what came back is looked at, mended and chosen cell by cell, and stored in one step."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from db.core.fields import load_schema
from db.core.period import Period
from db.core.values import Cell
from db.exchange.unit_book.form import CODES_ROW, FIRST_ROW
from db.exchange.unit_book.reading import Fate
from db.exchange.unit_book.write import BookRequest, write_books
from db.store import records
from db.work.breakdown import set_assignment
from db.work.monthly.entries import EntryChange, set_entries
from db.work.monthly.model import RowKey
from db.work.monthly.months import close_month
from db.work.registers import register
from db.work.setup import town_id
from desktop.dialogs.read_received import read_received
from desktop.dialogs.received_books import MOST_NOTES, ReceivedBooksDialog
from desktop.session import Session
from desktop.widgets.dialog import Dialog
from desktop.widgets.file_drop import FileDrop

FIRST = FIRST_ROW + 1
TOWN = town_id("370783001")


@pytest.fixture
def book(empty_session: Session, tmp_path: Path) -> Path:
    """The workbook of a town with three boilers."""
    with empty_session.county.operation("登记") as op:
        for number in (1, 2, 3):
            values: dict[str, Cell] = {"name": f"{number}号锅炉", "town_id": TOWN, "tonnage": Decimal(number)}
            records.insert(op, load_schema("coal_boiler"), values, row_id=f"boiler-{number}")
    request = BookRequest(("registers",), Period.parse("2022"), ("coal_boiler",), (("town", TOWN),))
    return write_books(empty_session.county, empty_session.catalogue, request, tmp_path / "out").books[0].file


def fill(file: Path, row: int, **values: object) -> None:
    made: Any = openpyxl.load_workbook(file)
    sheet = made.worksheets[1]
    places = {cell.value: cell.column for cell in sheet[CODES_ROW + 1]}
    for code, value in values.items():
        sheet.cell(row, places[code]).value = value
    made.save(file)


def opened(qtbot: QtBot, session: Session, *paths: Path) -> ReceivedBooksDialog:
    found: list[ReceivedBooksDialog] = []
    holder = QWidget()
    qtbot.addWidget(holder)
    read_received(session, paths, holder, found.append)
    qtbot.addWidget(found[0])
    found[0].show()
    return found[0]


def stored(session: Session, name: str) -> list[object]:
    with session.county.reading() as conn:
        schema = register(conn, "coal_boiler")
        return [row.values[name] for row in records.select(conn, schema, "t.deleted_at IS NULL", (), "ORDER BY t.seq")]


def status(session: Session) -> object:
    with session.county.reading() as conn:
        return conn.execute("SELECT status FROM handout").fetchone()[0]


def retype(qtbot: QtBot, dialog: ReceivedBooksDialog, name: str, text: str) -> None:
    editor = dialog.detail.editors[name]
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


def test_a_wrong_cell_is_mended_in_place_and_all_is_stored(qtbot: QtBot, empty_session: Session, book: Path) -> None:
    fill(book, FIRST, tonnage="十二")
    fill(book, FIRST + 1, tonnage=20)
    fill(book, FIRST + 3, name="新锅炉")
    dialog = opened(qtbot, empty_session, book.parent)
    assert status(empty_session) == "faulty"
    assert dialog.counts.text() == "新增1行，更新1行，未变1行，拒绝1行。"
    assert not dialog.accept_button.isEnabled() and "还有1行" in dialog.trouble.text()
    retype(qtbot, dialog, "tonnage", "13x")
    assert "“13x”" in dialog.detail.trouble("tonnage") and not dialog.accept_button.isEnabled()
    retype(qtbot, dialog, "tonnage", "12")
    assert dialog.accept_button.text() == "入库3行"
    dialog.accept()
    assert stored(empty_session, "tonnage") == [Decimal(12), Decimal(20), Decimal(3), None]
    assert status(empty_session) == "stored"
    empty_session.undo()
    assert stored(empty_session, "tonnage") == [Decimal(1), Decimal(2), Decimal(3)]


def test_clashes_are_chosen_one_by_one_or_all(qtbot: QtBot, empty_session: Session, book: Path) -> None:
    with empty_session.county.operation("改") as op:
        schema = register(op.conn, "coal_boiler")
        records.update_many(op, schema, [(f"boiler-{n}", {"note": f"县{n}", "tonnage": Decimal(9)}) for n in (1, 2)])
    for number in (0, 1):
        fill(book, FIRST + number, note=f"镇{number + 1}", tonnage=8)
    dialog = opened(qtbot, empty_session, book)
    assert dialog.rows.rows_model.rows[0][0].text == Fate.CONFLICT.value
    groups = dialog.detail.groups
    assert groups["note"].checkedId() == -1
    groups["note"].button(1).click()
    groups["tonnage"].button(0).click()
    assert not dialog.accept_button.isEnabled()
    dialog.rows.selectRow(1)
    dialog.all_ours.click()
    assert dialog.accept_button.text() == "入库"
    dialog.all_theirs.click()
    dialog.accept()
    assert stored(empty_session, "note") == ["镇1", "镇2", None]
    assert stored(empty_session, "tonnage")[:2] == [Decimal(8), Decimal(8)]


def test_rows_are_left_out_one_by_one_or_all(qtbot: QtBot, empty_session: Session, book: Path) -> None:
    fill(book, FIRST, tonnage="十二")
    fill(book, FIRST + 1, tonnage="十三")
    fill(book, FIRST + 2, note="好")
    dialog = opened(qtbot, empty_session, book)
    dialog.detail.leave_out.click()
    assert dialog.leave_out.text() == "略过有问题或有冲突的1行，其余的入库"
    dialog.leave_out.click()
    dialog.mode.setCurrentIndex(dialog.mode.findData("add"))
    assert dialog.accept_button.text() == "入库"
    dialog.mode.setCurrentIndex(dialog.mode.findData("update"))
    assert dialog.accept_button.text() == "入库1行"
    dialog.accept()
    assert stored(empty_session, "note") == [None, None, "好"]
    # The row that nobody has dealt with still waits for the town.
    assert status(empty_session) == "faulty"


def test_a_file_that_cannot_be_read_is_a_line_of_its_own(qtbot: QtBot, empty_session: Session, book: Path) -> None:
    (book.parent / "坏.xls").write_bytes(b"<html>")
    dialog = opened(qtbot, empty_session, book.parent)
    words = [row[0].text for row in dialog.tables.rows_model.rows]
    assert any("其实是网页" in text for text in words)
    assert dialog.accept_button.isEnabled()


def test_files_dropped_on_the_window_are_taken(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    took: list[list[Path]] = []
    qtbot.addWidget(window)
    drop = FileDrop(window, took.append, lambda: True)
    mime = QMimeData()
    names = [tmp_path / "a.xlsx", tmp_path / "b.et", tmp_path / "c.pdf"]
    mime.setUrls([QUrl.fromLocalFile(str(name)) for name in names])
    button, key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    drop.drop(QDropEvent(QPointF(1, 1), Qt.DropAction.CopyAction, mime, button, key))
    assert took == [names[:2]]


def test_a_table_that_cannot_be_taken_is_told_and_can_be_left_out(
    qtbot: QtBot, empty_session: Session, tmp_path: Path
) -> None:
    march = Period.parse("2022-03")
    with empty_session.county.operation("分解") as op:
        values: dict[str, Cell] = {"amount": Decimal(100)}
        set_assignment(op, task_id="08-06-1", year=2022, assignee_kind="town", assignee_id=TOWN, values=values)
    request = BookRequest(("monthly",), march, (), (("town", TOWN),))
    file = write_books(empty_session.county, empty_session.catalogue, request, tmp_path / "out").books[0].file
    with empty_session.county.operation("完成") as op:
        close_month(op, march)
    dialog = opened(qtbot, empty_session, file)
    assert "已经完成并锁定" in dialog.tables.rows_model.rows[0][0].text
    assert "已经完成并锁定" in dialog.notes.text()
    assert not dialog.accept_button.isEnabled() and "可以略过" in dialog.trouble.text()
    dialog.leave_out.click()
    assert dialog.accept_button.isEnabled()


def test_a_figure_that_jumped_is_pointed_out_and_can_be_stored(
    qtbot: QtBot, empty_session: Session, tmp_path: Path
) -> None:
    with empty_session.county.operation("分解") as op:
        values: dict[str, Cell] = {"amount": Decimal(100)}
        set_assignment(op, task_id="08-06-1", year=2022, assignee_kind="town", assignee_id=TOWN, values=values)
        entry = EntryChange(RowKey("08-06-1", "town", TOWN), {"amount": Decimal(30)})
        set_entries(op, Period.parse("2022-02"), [entry])
    request = BookRequest(("monthly",), Period.parse("2022-03"), (), (("town", TOWN),))
    file = write_books(empty_session.county, empty_session.catalogue, request, tmp_path / "out").books[0].file
    fill(file, FIRST, amount=90)
    dialog = opened(qtbot, empty_session, file)
    said = "比上月多了200%：上月30户，本月90户，请核对。"
    words = dialog.rows.rows_model.rows[0][3]
    assert (words.text, words.tone) == (said, "caution")
    assert dialog.counts.text().endswith("有1行的数看着不对，请核对。")
    assert said in [each.text() for each in dialog.detail.findChildren(QLabel)]
    assert dialog.accept_button.isEnabled()


def test_it_begins_with_what_waits_and_goes_on_to_the_next(
    qtbot: QtBot, empty_session: Session, book: Path, tmp_path: Path
) -> None:
    request = BookRequest(("registers",), Period.parse("2022"), ("coal_boiler", "key_project"), (("town", TOWN),), True)
    both = write_books(empty_session.county, empty_session.catalogue, request, tmp_path / "both").books[0].file
    fill(book, FIRST, note="好")
    fill(both, FIRST + 1, tonnage="十二")
    fill(both, FIRST + 2, tonnage="十三")
    dialog = opened(qtbot, empty_session, book, both)
    assert dialog.table in dialog.files[1].tables
    assert [row.row for row in dialog._shown] == [FIRST, FIRST + 1]
    assert dialog.focusWidget() is dialog.detail.editors["tonnage"]
    retype(qtbot, dialog, "tonnage", "2.5")
    assert dialog.chips[Fate.REFUSED].text() == "拒绝 1" and dialog.chips[Fate.UPDATED].text() == "更新 1"
    assert dialog.rows.currentIndex().row() == 1
    assert dialog.focusWidget() is dialog.detail.editors["tonnage"]
    retype(qtbot, dialog, "tonnage", "3.5")
    assert dialog.focusWidget() is dialog.accept_button and dialog.isVisible()


def test_tables_that_say_nothing_new_are_listed_only_when_asked_for(
    qtbot: QtBot, empty_session: Session, book: Path, tmp_path: Path
) -> None:
    request = BookRequest(("registers",), Period.parse("2022"), ("coal_boiler", "key_project"), (("town", TOWN),), True)
    both = write_books(empty_session.county, empty_session.catalogue, request, tmp_path / "both").books[0].file
    untouched = opened(qtbot, empty_session, both)
    assert [line[0].text for line in untouched.tables.rows_model.rows] == [both.name]
    assert untouched.tables.rows_model.rows[0][3].text == "3"
    untouched.with_unchanged.click()
    assert len(untouched.tables.rows_model.rows) == 3


def test_enter_in_a_cell_stores_nothing_and_what_was_mended_is_not_thrown_away(
    qtbot: QtBot, empty_session: Session, book: Path
) -> None:
    fill(book, FIRST, tonnage="十二")
    fill(book, FIRST + 1, note="好")
    dialog = opened(qtbot, empty_session, book)
    dialog.leave_out.click()
    assert dialog.accept_button.isEnabled()
    retype(qtbot, dialog, "tonnage", "13x")
    assert dialog.isVisible() and dialog.focusWidget() is dialog.detail.editors["tonnage"]
    retype(qtbot, dialog, "tonnage", "13")
    dialog.cancel_button.click()
    assert dialog.isVisible()
    (question,) = [each for each in dialog.findChildren(Dialog) if each.isVisible()]
    assert "还没有入库" in question.heading.text()
    question.accept()
    assert not dialog.isVisible() and stored(empty_session, "tonnage")[0] == Decimal(1)


def test_notes_that_there_is_no_room_for_are_counted(qtbot: QtBot, empty_session: Session, book: Path) -> None:
    dialog = opened(qtbot, empty_session, book)
    dialog.files[0].notes[:] = [f"第{number}条" for number in range(MOST_NOTES + 3)]
    dialog._show_table(0)
    assert dialog.notes.text().splitlines()[-2:] == [f"第{MOST_NOTES - 1}条", "……另有3条。"]
