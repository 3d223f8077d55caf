from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from db.exchange import rehearsal
from db.exchange.answers import read_answer
from db.exchange.ledger.outcomes import Outcome
from db.exchange.ledger.standing import State, set_reporting_day
from desktop import city_window
from desktop.app import make_app
from desktop.city_app import CityProgram, open_beside
from desktop.city_session import CitySession
from desktop.city_window import CityWindow, packages_in
from desktop.dialogs.city_answer import CityAnswerDialog
from desktop.dialogs.city_day import CityDayDialog
from desktop.dialogs.city_received import CityReceivedDialog
from desktop.frame import Frame
from desktop.models.city_rows_model import REMARKED_ROLE
from desktop.settings import Settings
from desktop.widgets.dialog import Dialog
from tests.db.exchange.ledger.city import forged
from tests.db.exchange.packages import small_package
from tests.desktop.city_page import TODAY, CityPage
from tests.tour import room

SHOUGUANG, QINGZHOU = "370783", "370781"


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> Iterator[CityPage]:
    made = CityPage(qtbot, tmp_path)
    yield made
    made.close()
    assert made.problems == []


def test_a_clerk_can_practise_before_anything_has_come(
    page: CityPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = page.window
    monkeypatch.setattr(city_window, "documents", lambda: tmp_path / "文档")
    monkeypatch.setattr(rehearsal, "demo_counties", lambda: ["370783", "370785"])
    real = window.session.today()
    window.board.empty.buttons[1].click()
    assert window.session.ledger.path == tmp_path / "文档" / rehearsal.LEDGER and window.session.ledger.sample
    assert "（演示）" in window.windowTitle() and "（演示）" in window.heading.text()
    assert window.place.toolTip().startswith("演示台账") or window.place.text().startswith("演示台账")
    # What the other county has sent is there, and the way on is told.
    assert not window.board.is_empty and len(page.dialog(Dialog).findChildren(QLabel)) >= 3
    page.dialog(Dialog).close()
    Settings().last_folder = tmp_path
    window.show_report(1)
    window.report.return_button.click()
    proposed = page.dialog(CityAnswerDialog)
    assert isinstance(proposed, CityAnswerDialog) and Path(proposed.folder.text()) == tmp_path / "文档"
    proposed.close()
    window.open_ledger(tmp_path / "真.db")
    assert "演示" not in window.windowTitle() + window.heading.text() and window.board.is_empty
    assert window.session.today() == real


def take(page: CityPage, *files: Path) -> CityReceivedDialog:
    page.window.take(files)
    dialog = page.dialog(CityReceivedDialog)
    assert isinstance(dialog, CityReceivedDialog)
    dialog.close()
    return dialog


def test_an_empty_ledger_says_what_to_do(page: CityPage) -> None:
    board = page.window.board
    assert board.is_empty and "拖到这里" in board.empty.text.text()
    asked: list[bool] = []
    board.take_wanted.disconnect()
    board.take_wanted.connect(lambda: asked.append(True))
    board.empty.buttons[0].click()
    assert asked == [True]


def test_what_was_dropped_is_taken_and_stands_in_the_matrix(page: CityPage) -> None:
    package = page.report(SHOUGUANG, 100)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(each)) for each in (package, package.parent, package.with_suffix(".txt"))])
    assert packages_in(mime) == [package, package.parent]
    dialog = take(page, package)
    assert [each.outcome for each in dialog.received] == [Outcome.RECEIVED]
    board = page.window.board
    assert not board.is_empty and board.kind == "monthly"
    board.matrix.choose(SHOUGUANG, "2022-03")
    place = board.matrix.place
    assert place is not None and place.state is State.LATE  # today is the 8th, it was due on the 6th: the 5th is 清明
    assert "迟2天" in board.place.told.text() and "迟报" in board.place.badge.text()
    board.matrix.choose(QINGZHOU, "2022-03")
    assert "未报" in board.place.badge.text() and not board.place.open_button.isVisible()


def test_what_is_wrong_with_a_refused_package_is_shown_first(page: CityPage, tmp_path: Path) -> None:
    (tmp_path / "坏.zip").write_bytes(b"no zip")
    dialog = take(page, page.report(SHOUGUANG, 100), tmp_path / "坏.zip")
    assert dialog.received[0].outcome is Outcome.REFUSED
    assert "坏.zip" in dialog.details.toPlainText() and "没有入库" in dialog.details.toPlainText()


@pytest.mark.parametrize("width", [1366, 910])
def test_a_remark_leads_to_its_cell_without_cutting_a_column_at_the_left(page: CityPage, width: int) -> None:
    take(page, page.report(SHOUGUANG, 100))
    page.window.resize(width, 512)
    page.window.board.opened.emit(1)
    rows = page.window.report.rows
    shown = rows.rows_model.shown
    assert shown is not None
    names = [field.name for field in shown.fields]
    header = rows.grid.horizontalHeader()
    for name in ("amount", names[-1], names[0]):
        rows.lead_to("progress", shown.ids[0], name)
        scrolled, column = rows.grid.horizontalScrollBar().value(), names.index(name)
        end = header.sectionPosition(column) + header.sectionSize(column)
        assert scrolled in {*map(header.sectionPosition, range(len(names))), rows.grid.horizontalScrollBar().maximum()}
        assert scrolled <= header.sectionPosition(column) and end - scrolled <= rows.grid.viewport().width()
        assert scrolled == 0 or end > rows.grid.viewport().width(), name


def test_a_table_is_searched_and_a_cell_remarked(page: CityPage) -> None:
    take(page, page.report(SHOUGUANG, 100, 50))
    page.window.board.opened.emit(1)
    report = page.window.report
    assert page.window.stack.currentWidget() is report and report.rows.table == "progress"
    rows = report.rows.rows_model
    assert rows.rowCount() == 2 and "圣城街道" in [rows.index(0, c).data() for c in range(rows.columnCount())]
    report.rows.search.setText("文家")
    report.rows._read()
    assert rows.rowCount() == 1 and report.rows.count.text() == "1 行，共 2 行"
    report.rows.search.clear()
    report.rows._read()
    shown = rows.shown
    assert shown is not None
    amount = [field.name for field in shown.fields].index("amount")
    report.rows.grid.setCurrentIndex(rows.index(0, amount))
    assert "本月累计" in report.remarks.where.text()
    assert not report.remarks.remark_button.isEnabled()
    report.remarks.words.setPlainText("请核实")
    report.remarks.remark_button.click()
    assert rows.index(0, amount).data(REMARKED_ROLE) and not rows.index(1, amount).data(REMARKED_ROLE)
    remark = report.remarks.selected
    assert remark is not None and remark.value == "100" and report.remarks.words.toPlainText() == ""
    report.remarks.reply_words.setPlainText("本周内答复")
    report.remarks.reply_button.click()
    report.rows.grid.setCurrentIndex(rows.index(1, 0))
    report.remarks.led_to.emit(remark)
    assert report.rows.grid.currentIndex().row() == 0
    report.remarks.close_button.click()
    found = report.remarks.selected
    assert found is not None and found.status == "已关闭" and len(found.replies) == 2
    assert not rows.index(0, amount).data(REMARKED_ROLE)


def test_a_remark_tells_what_the_cell_said_in_words(page: CityPage) -> None:
    take(page, page.report(SHOUGUANG, 100))
    page.window.board.opened.emit(1)
    report = page.window.report
    shown = report.rows.rows_model.shown
    assert shown is not None
    place = [field.name for field in shown.fields].index("assignee_id")
    report.rows.grid.setCurrentIndex(report.rows.rows_model.index(0, place))
    report.remarks.words.setPlainText("不是这个镇街")
    report.remarks.remark_button.click()
    told = [each.text() for each in report.remarks.findChildren(QLabel)]
    assert "《进度填报》责任主体，上报时是“圣城街道”" in told


def test_the_next_cell_is_remarked_on_by_keyboard(page: CityPage, qtbot: QtBot) -> None:
    take(page, page.report(SHOUGUANG, 100, 50))
    page.window.board.opened.emit(1)
    report, window = page.window.report, page.window
    window.activateWindow()
    grid, rows = report.rows.grid, report.rows.rows_model
    shown = rows.shown
    assert shown is not None
    amount = [field.name for field in shown.fields].index("amount")
    grid.setFocus()
    grid.setCurrentIndex(rows.index(0, amount))
    for row, words in enumerate(("请附验收单", "与上月相同，请核实")):
        qtbot.keyClick(grid, Qt.Key.Key_Return)
        qtbot.waitUntil(report.remarks.words.hasFocus)
        report.remarks.words.insertPlainText(words)
        qtbot.keyClick(report.remarks.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(grid.hasFocus)
        assert (grid.currentIndex().row(), grid.currentIndex().column()) == (row, amount)
        assert rows.index(row, amount).data(REMARKED_ROLE)
        qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert report.report is not None
    assert [noted.remark.text for noted in report.report.remarks] == ["请附验收单", "与上月相同，请核实"]
    report.rows.search.setText("文家")
    report.rows._read()
    assert rows.rowCount() == 1 and grid.currentIndex().column() == amount


def answer(page: CityPage, verdict: str, note: str, folder: Path) -> None:
    report = page.window.report
    (report.accept_button if verdict == "accepted" else report.return_button).click()
    dialog = page.dialog(CityAnswerDialog)
    assert isinstance(dialog, CityAnswerDialog)
    assert dialog.yes.isEnabled() is (verdict == "accepted")
    dialog.note.setPlainText(note)
    dialog.folder.setText(str(folder))
    dialog.yes.click()


def test_a_return_and_a_receipt_are_written(page: CityPage, tmp_path: Path) -> None:
    take(page, page.report(SHOUGUANG, 100))
    page.window.show_report(1)
    answer(page, "returned", "附件打不开", tmp_path / "退回")
    found = read_answer(tmp_path / "退回" / "370783-monthly-2022-03-v1-return.json")
    assert (found.verdict, found.note, found.author) == ("returned", "附件打不开", "李明")
    assert "退回" in page.window.report.badge.text()
    page.window.report.left.emit()
    page.window.board.matrix.choose(SHOUGUANG, "2022-03")
    assert "退回" in page.window.board.place.badge.text()
    office = page.city.office(SHOUGUANG)
    office.file(120)
    take(page, office.export().path)
    page.window.show_report(1)
    assert not page.window.report.accept_button.isEnabled()  # replaced: the second one is to be answered
    page.window.show_report(2)
    answer(page, "accepted", "", tmp_path)
    assert read_answer(tmp_path / "370783-monthly-2022-03-v2-receipt.json").sequence == 2
    page.window.show_board()
    page.window.board.matrix.choose(SHOUGUANG, "2022-03")
    assert "已收" in page.window.board.place.badge.text()


def test_the_day_and_the_workbook(page: CityPage, tmp_path: Path) -> None:
    take(page, page.report(SHOUGUANG, 100))
    board = page.window.board
    board.day_button.click()
    dialog = page.dialog(CityDayDialog)
    assert isinstance(dialog, CityDayDialog)
    dialog.day.setText("四月二十日")
    dialog.take()
    assert dialog.isVisible() and dialog.trouble.text()
    dialog.day.setText("2022.4.20")
    dialog.monthly.setText("40")
    dialog.take()
    assert dialog.isVisible()
    dialog.monthly.setText("10")
    dialog.take()
    assert not dialog.isVisible()
    board.matrix.choose(SHOUGUANG, "2022-03")
    assert board.matrix.place is not None and board.matrix.place.due == date(2022, 4, 20)
    assert board.matrix.place.state is State.ON_TIME
    page.window.write_book("monthly", "2022-03", tmp_path / "汇总.xlsx")
    assert (tmp_path / "汇总.xlsx").stat().st_size > 5_000 and "已导出" in page.window.toast.sentence.text()


def test_it_fits_a_screen_of_the_county_at_150_percent(page: CityPage) -> None:
    take(page, page.report(SHOUGUANG, 100))
    for number in (0, 1):
        if number:
            page.window.show_report(1)
        least = page.window.minimumSizeHint()
        width, height = room(1.5)
        assert least.width() <= width and least.height() <= height


def test_enter_opens_the_place(page: CityPage) -> None:
    take(page, page.report(SHOUGUANG, 100))
    matrix = page.window.board.matrix
    matrix.choose(SHOUGUANG, "2022-03")
    matrix.setFocus()
    QTest.keyClick(matrix, Qt.Key.Key_Return)
    assert page.window.stack.currentWidget() is page.window.report


def test_a_file_that_is_no_ledger_is_said(page: CityPage, tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("hello")
    page.window.open_ledger(tmp_path / "x.db")
    assert "不是市级核收台账" in page.window.toast.sentence.text() and len(page.problems) == 1
    page.problems.clear()
    assert page.session.ledger.path == page.city.ledger.path


def test_packages_are_taken_off_the_windows_thread(qtbot: QtBot, tmp_path: Path) -> None:
    page = CityPage(qtbot, tmp_path)
    package = page.report(SHOUGUANG, 100)
    page.close()
    session = CitySession(author="李明")
    session.today = lambda: TODAY
    with qtbot.waitSignal(session.opened):
        session.open(tmp_path / "另一个.db")
    with qtbot.waitSignal(session.changed):
        session.job("核收", lambda ledger, progress: _taken(ledger, package, progress))
    session.close()


def _taken(ledger: object, package: Path, progress: object) -> object:
    from db.exchange.ledger.consolidate import consolidate

    return consolidate(ledger, [package], on=TODAY, progress=progress)  # type: ignore[arg-type]


def test_it_opens_beside_the_countys_window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.city_window.documents", lambda: tmp_path / "文档")
    frame = open_beside(Settings(tmp_path / "settings.json"))
    qtbot.addWidget(frame)
    window = frame.content
    assert window is not None and "市级核收" in frame.windowTitle()
    qtbot.waitUntil(lambda: window.session.is_open)  # type: ignore[attr-defined]
    assert (tmp_path / "文档" / "市级核收.db").is_file()
    frame.close()


def test_of_a_conflict_one_is_chosen(page: CityPage, tmp_path: Path) -> None:
    office = page.city.office(SHOUGUANG)
    office.project("改造一期", "100")
    one = office.export("registers", "2022").path
    two = forged(
        one,
        "data/tables/register_key_project.csv",
        lambda data: data.replace("改造一期".encode(), "改造二期".encode()),
        tmp_path / "two.zip",
        clever=True,
    )
    take(page, one, two)
    board = page.window.board
    assert board.kind == "registers"
    board.matrix.choose(SHOUGUANG, "2022")
    place = board.matrix.place
    assert place is not None and place.state is State.CONFLICT
    links = [each for each in board.place.findChildren(QPushButton) if each.text() == "用这一份"]
    links[-1].click()  # those before it are of the place that was shown before
    dialog = page.dialog(Dialog)
    (yes,) = [each for each in dialog.findChildren(QPushButton) if each.text() == "用这一份"]
    yes.click()
    place = board.matrix.place
    assert place is not None and place.state is State.REPORTED and place.number == 2


def test_the_program_opens_the_ledger_it_is_given(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    frame = Frame(settings)
    qtbot.addWidget(frame)
    program = CityProgram(make_app(), frame, settings)
    program.begin(tmp_path / "台账.db")
    window = frame.content
    assert isinstance(window, CityWindow)
    qtbot.waitUntil(lambda: window.session.is_open)
    assert str(tmp_path / "台账.db") in window.place.text()
    program.end()


def test_a_package_under_a_password_is_asked_about(page: CityPage, tmp_path: Path) -> None:
    password = "granary-Lantern-2022"
    package = small_package(tmp_path / "密", password=password)
    page.window.take([package])
    dialog = page.dialog(CityReceivedDialog)
    assert isinstance(dialog, CityReceivedDialog)
    assert dialog.locked == [package] and "密码" in dialog.details.toPlainText()
    dialog.password.setText(password)
    QTest.keyClick(dialog.password, Qt.Key.Key_Return)
    taken = page.dialog(CityReceivedDialog)
    assert isinstance(taken, CityReceivedDialog)
    assert taken.received[0].outcome is Outcome.RECEIVED and taken.locked == []
    taken.close()


def test_another_ledger_knows_nothing_of_the_report_that_was_shown(page: CityPage, tmp_path: Path) -> None:
    take(page, page.report("370783", 30)).accept()
    page.window.show_report(1)
    page.window.open_ledger(tmp_path / "另一个.db")
    page.session.write(lambda ledger: set_reporting_day(ledger, 6))
    assert page.problems == [] and page.window.report.report is None


def test_headings_are_not_cut_off(page: CityPage) -> None:
    take(page, page.report(SHOUGUANG, 100))
    page.window.show_report(1)
    grid = page.window.report.rows.grid
    head = grid.horizontalHeader()
    for table in ("progress", "assignment"):
        page.window.report.rows.lead_to(table, "", "")
        for column in range(grid.model().columnCount()):
            assert grid.columnWidth(column) >= head.sectionSizeHint(column)
