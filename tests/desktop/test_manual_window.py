"""The manual's window: where it opens, how it is searched, back and forward, paper, and that nothing is left behind."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.reports.manual.book import Manual
from desktop.app import make_app
from desktop.jobs import SyncJobs, Work
from desktop.manual_pages import manual_pdf
from desktop.manual_text import manual
from desktop.manual_window import FIRST, SMALLEST, ManualWindow
from desktop.settings import Settings
from desktop.widgets.manual_view import BESIDE, MARGIN, draw_page


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> ManualWindow:
    make_app()
    made = ManualWindow(Settings(tmp_path / "settings.json"), SyncJobs())
    made.resize(1000, 640)
    qtbot.addWidget(made)
    return made


def seen(window: ManualWindow) -> str:
    return window.view.toPlainText()


def test_it_opens_where_it_is_asked_to(window: ManualWindow) -> None:
    window.open_at("breakdown#分配")
    assert window.view.verticalScrollBar().value() > 0
    item = window.contents.tree.currentItem()
    assert item is not None and item.text(0) == "分配"
    chapter = item.parent()
    assert chapter is not None and chapter.isExpanded()
    window.open_at("")
    assert window.place == "breakdown#分配"


def test_every_item_of_a_list_has_its_point_clear_of_the_words(window: ManualWindow) -> None:
    window.show()
    window.open_at("breakdown#找到要分的任务")
    view = window.view
    assert view.drawn is not None
    pointed = re.findall("<ul.*?</ul>", view.drawn.html, re.DOTALL)
    assert len(view.items) == "".join(pointed).count("<li") > 3
    first = view.document().findBlockByNumber(view.items[0])
    line = view.cursorRect(QTextCursor(first))
    assert 0 <= line.top() < view.viewport().height() - line.height()
    ink = view.viewport().grab().toImage()
    ratio = ink.devicePixelRatio()
    row = [ink.pixelColor(round(x * ratio), round((line.center().y() + 1) * ratio)) for x in range(line.left())]
    dark = [x for x, colour in enumerate(row) if colour.lightness() < 128]
    assert dark and line.left() - max(dark) >= BESIDE - 1


def test_it_begins_at_the_first_chapter(window: ManualWindow) -> None:
    window.open_at("")
    assert window.place == FIRST
    assert seen(window).startswith(manual().chapter(FIRST).title)


def test_a_place_that_is_gone_leads_to_its_chapter(window: ManualWindow) -> None:
    window.open_at("breakdown#没有这一节")
    assert window.place == "breakdown"
    window.go("nothing")
    assert window.place == manual().chapters[0].slug


def test_a_long_chapter_is_shown_by_sections(window: ManualWindow) -> None:
    window.open_at("rules#月调度的规则")
    assert seen(window).startswith("月调度的规则")
    assert "字段的规则" not in seen(window)


def test_links_back_and_forward(window: ManualWindow) -> None:
    window.open_at("breakdown")
    window.view.anchorClicked.emit(QUrl("base#镇街"))
    assert window.place == "base#镇街"
    assert not window.forward.isEnabled()
    window.back.click()
    assert window.place == "breakdown"
    window.forward.click()
    assert window.place == "base#镇街"
    assert not window.forward.isEnabled() and window.back.isEnabled()


def test_back_returns_to_where_the_reader_was(window: ManualWindow) -> None:
    window.open_at("breakdown")
    window.view.verticalScrollBar().setValue(500)
    window.go("base")
    window.go_back()
    assert window.view.verticalScrollBar().value() == 500


def test_searching_shows_and_marks_what_is_found(window: ManualWindow) -> None:
    window.open_at("overview")
    QTest.keyClicks(window.search, "xjmb")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert window.contents.count.text().startswith("找到")
    assert window.view.textCursor().selectedText() == "县级目标"
    assert {mark.cursor.selectedText() for mark in window.view.extraSelections()} == {"县级目标"}
    first = window.place
    QTest.keyClick(window, Qt.Key.Key_F3)
    QTest.keyClick(window, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert window.place == first
    window.search.clear()
    window.search_now()
    assert window.view.extraSelections() == []
    assert window.contents.stack.currentWidget() is window.contents.tree


@pytest.mark.parametrize("words", ["分配", "回车", "ctrl"])
def test_every_hit_is_the_one_that_is_selected(window: ManualWindow, words: str) -> None:
    window.open_at("")
    window.search.setText(words)
    window.search_now()
    hits = window.contents.hits
    assert hits.count() > 1
    for number in range(hits.count()):
        hits.setCurrentRow(number)
        cursor = window.view.textCursor()
        line = cursor.block().text()
        assert cursor.selectedText().casefold() == words
        assert line[cursor.positionInBlock() - len(words) :].startswith(cursor.selectedText())
        assert hits.item(number).text().strip("…") in "  ".join(_row_of(window))


def _row_of(window: ManualWindow) -> list[str]:
    """Return the words of the paragraph, or of all cells of the row, in which the cursor is."""
    cursor = window.view.textCursor()
    table = cursor.currentTable()
    if table is None or table.rows() == 1:
        return [cursor.block().text()]
    row = table.cellAt(cursor).row()
    return [table.cellAt(row, column).firstCursorPosition().block().text() for column in range(table.columns())]


def test_a_click_on_a_hit_is_one_step(window: ManualWindow) -> None:
    window.open_at("overview")
    window.search.setText("县级目标")
    window.search_now()
    hits = window.contents.hits
    QTest.mouseClick(hits.viewport(), Qt.MouseButton.LeftButton, pos=hits.visualItemRect(hits.item(1)).center())
    assert window.place != "overview"
    window.go_back()
    assert window.place == "overview"


def test_nothing_found_says_so(window: ManualWindow) -> None:
    window.open_at("")
    window.search.setText("没有这样的词")
    window.search_now()
    assert window.contents.count.text().startswith("没有找到")


def test_escape_clears_the_search_then_closes(window: ManualWindow) -> None:
    window.open_at("")
    window.search.setText("分配")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.search.text() == "" and window.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_pictures_fit_the_text_and_are_sharp() -> None:
    page = manual().page("breakdown")
    for width, ratio in ((400, 1.0), (400, 1.5), (2000, 1.0)):
        drawn = draw_page(page, width, ratio)
        assert set(drawn.pictures) == set(page.pictures)
        for image in drawn.pictures.values():
            shown = image.width() / image.devicePixelRatio()
            assert shown <= width + 1
            assert image.width() <= round(width * ratio)


def test_a_picture_is_shown_large_over_the_text(window: ManualWindow, qtbot: QtBot) -> None:
    from desktop.dialogs.manual_picture import ManualPicture

    window.open_at("breakdown")
    window.view.anchorClicked.emit(QUrl("pictures/dialog-split.png"))
    (large,) = window.findChildren(ManualPicture)
    qtbot.addWidget(large)
    assert large.isVisible()
    large.accept()


def test_the_size_is_kept(window: ManualWindow, qtbot: QtBot) -> None:
    window.open_at("")
    window.resize(700, 500)
    window.close()
    again = ManualWindow(window._settings, SyncJobs())
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (700, 500)


def test_the_text_keeps_to_the_width_there_is(window: ManualWindow) -> None:
    window.open_at("fields#燃煤锅炉淘汰")
    for width in (SMALLEST[0], 1000, 1366):
        window.resize(width, 600)
        window.view.resized.emit()
        assert window.view.horizontalScrollBar().maximum() < MARGIN  # nothing but the margin is out of sight


def test_reading_is_done_on_a_thread_that_ends_with_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    made = ManualWindow(Settings(tmp_path / "settings.json"))
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.shown):
        made.open_at("check")
    assert any(thread.name == "writer" for thread in threading.enumerate())
    made.close()
    assert not any(thread.name == "writer" for thread in threading.enumerate())
    with qtbot.waitSignal(made.shown):
        made.open_at("submit")
    made.close()


def test_closing_waits_for_nothing_that_is_being_laid_out(qtbot: QtBot, tmp_path: Path) -> None:
    made = ManualWindow(Settings(tmp_path / "settings.json"))
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.shown):
        made.open_at("check")
    closed = threading.Event()
    done: list[bool] = []
    made._work(lambda: closed.wait(30), done.append)
    made.close()
    closed.set()  # a window that waits would come here after 30 seconds, with False
    qtbot.waitUntil(lambda: done == [True])
    assert not any(thread.name == "writer" for thread in threading.enumerate())


def test_nothing_is_printed_before_the_text_is_read(qtbot: QtBot, tmp_path: Path) -> None:
    waiting: list[Work] = []

    class Later(SyncJobs):
        def write(self, work: Work) -> None:
            waiting.append(work)

    made = ManualWindow(Settings(tmp_path / "settings.json"), Later())
    qtbot.addWidget(made)
    made.open_at("check")
    made.print_pages(False)
    assert not made.print_button.isEnabled() and not made.file_button.isEnabled() and len(waiting) == 1
    SyncJobs().write(waiting.pop())
    assert made.print_button.isEnabled() and made.file_button.isEnabled()


@pytest.mark.parametrize("whole", [True, False])
def test_a_pdf_has_contents_and_page_numbers(
    window: ManualWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(window, "open_path", opened.append)
    window.choose_file = lambda name: tmp_path / name
    window.open_at("breakdown")
    window._manual = Manual(manual().chapters[:4])  # the tables of all registers alone take some seconds
    window.save_pdf(whole)
    (file,) = opened
    pages = pdf_texts(file)
    assert "目录" in pages[0]
    for number, page in enumerate(pages, 1):
        assert f"第{number}" in page and f"共{len(pages)}" in page
    first = next(number for number, page in enumerate(pages) if "把每项任务按年度分给" in page)
    contents = "".join(pages[:first])
    for section in ("任务分解", "分配", "沿用上年", "导出导入Excel"):
        found = re.search(rf"(?<=\d|录){section}(\d+)", contents)
        assert found is not None
        assert section in pages[int(found[1]) - 1]


def test_the_quick_start_is_printed_on_one_sheet(tmp_path: Path) -> None:
    file = tmp_path / "quickstart.pdf"
    file.write_bytes(manual_pdf("使用手册", manual().chapters[:1]))
    (page,) = pdf_texts(file)
    assert "目录" not in page and page.endswith(("第1页,共1页", "第1⻚,共1⻚"))


def pdf_texts(file: Path) -> list[str]:
    """Return each page without its spaces, which come back as they like, and without radicals for letters."""
    document = pypdfium2.PdfDocument(file)
    texts = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    document.close()
    return ["".join(unicodedata.normalize("NFKC", text).split()) for text in texts]


def test_printing_without_a_printer_says_so(window: ManualWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PySide6.QtPrintSupport.QPrinterInfo.availablePrinterNames", list)
    window.open_at("")
    window.print_pages(False)
    assert "没有装打印机" in window.toast.sentence.text()


def test_printing_draws_the_chapter(window: ManualWindow, tmp_path: Path) -> None:
    from PySide6.QtGui import QPdfWriter

    from desktop.manual_pages import lay_upright

    def ask(chosen: Callable[[Any], object]) -> None:
        writer = QPdfWriter(str(tmp_path / "paper.pdf"))
        lay_upright(writer)
        chosen(writer)

    window.ask_printer = ask
    window.open_at("keys")
    window.print_pages(False)
    assert "已送去打印" in window.toast.sentence.text()
