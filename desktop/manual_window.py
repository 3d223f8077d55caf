"""使用手册: contents at the left, text at the right, search, back and forward, print and PDF; never modal."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from db.core.errors import SijianError
from db.reports.manual.book import Chapter, Manual
from db.reports.manual.search import Hit, ManualIndex
from desktop.frame import TOP_HEIGHT
from desktop.jobs import Jobs, ThreadJobs, Work
from desktop.outside import open_outside
from desktop.settings import Settings
from desktop.widgets.basics import button, icon_button
from desktop.widgets.manual_contents import ManualContents
from desktop.widgets.manual_view import Drawn, ManualView, draw_page
from desktop.widgets.toast import Toast

log = logging.getLogger(__name__)

TITLE = "使用手册"
FIRST = "quickstart"
USUAL = (1060, 660)
SMALLEST = (640, 380)
SIDE = 250
PAUSE = 120
KEPT = "manual"


@dataclass(frozen=True)
class _Visit:
    """A place that was looked at, and how far down."""

    place: str
    scroll: int = 0


class ManualWindow(QWidget):
    """Opens at once and reads the text beside; `choose_file` and `ask_printer` ask the clerk."""

    shown = Signal(str)

    def __init__(self, settings: Settings, jobs: Jobs | None = None) -> None:
        super().__init__()
        self.setObjectName("manual")
        self.setWindowTitle(TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._settings = settings
        self._jobs: Jobs = jobs if jobs is not None else ThreadJobs(self)
        self._manual: Manual | None = None
        self._index: ManualIndex | None = None
        self._wanted = FIRST
        self._hit: Hit | None = None
        self._behind: list[_Visit] = []
        self._ahead: list[_Visit] = []
        self._running = 0
        self.place = ""
        self.search = QLineEdit()
        self.search.setPlaceholderText("查找，可以用拼音首字母")
        self.search.setAccessibleName("在手册里查找")
        self.search.setClearButtonEnabled(True)
        self.contents = ManualContents()
        self.view = ManualView()
        self.back = icon_button("chevron-left", "后退（Alt+←）", self.go_back)
        self.forward = icon_button("chevron-right", "前进（Alt+→）", self.go_forward)
        self.print_button = self._paper_button("打印", "print", self.print_pages)
        self.file_button = self._paper_button("导出PDF", "export", self.save_pdf)
        self.choose_file: Callable[[str], Path | None] = self._choose_file
        self.ask_printer: Callable[[Callable[[Any], object]], object] = self._ask_printer
        self._lay_out()
        self.toast = Toast(self)
        self._allow_paper(False)
        self._connect()
        self._restore_size()

    # -- parts ------------------------------------------------------------------------------------------------

    def _paper_button(self, word: str, icon: str, slot: Callable[[bool], object]) -> QPushButton:
        made = button(word, icon=icon)
        menu = QMenu(made)
        for words, whole in (("这一章", False), ("整本手册", True)):
            menu.addAction(f"{words}…").triggered.connect(lambda _checked=False, whole=whole: slot(whole))
        made.setMenu(menu)
        return made

    def _allow_paper(self, allowed: bool) -> None:
        self.print_button.setEnabled(allowed)
        self.file_button.setEnabled(allowed)

    def _lay_out(self) -> None:
        top = QWidget()
        top.setObjectName("topbar")
        top.setFixedHeight(TOP_HEIGHT)
        row = QHBoxLayout(top)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        self.search.setFixedWidth(SIDE - 20)
        for widget in (self.search, self.back, self.forward):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.print_button)
        row.addWidget(self.file_button)
        self.splitter = QSplitter()
        self.splitter.addWidget(self.contents)
        self.splitter.addWidget(self.view)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([SIDE, USUAL[0] - SIDE])
        self.splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.search_now)
        self.search.textChanged.connect(lambda _text: self._timer.start())
        self.search.returnPressed.connect(self._enter)
        self.contents.chosen.connect(self.go)
        self.contents.found.connect(self.show_hit)
        self.view.went.connect(self.go)
        self.view.enlarged.connect(self.enlarge)
        self.view.resized.connect(self._draw)
        for keys, slot in (
            ("Ctrl+F", self._to_search),
            ("F3", lambda: self.contents.step(1)),
            ("Shift+F3", lambda: self.contents.step(-1)),
            ("Alt+Left", self.go_back),
            ("Alt+Right", self.go_forward),
            ("Ctrl+P", lambda: self.print_pages(False)),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def _restore_size(self) -> None:
        room = self.screen().availableGeometry()
        self.setMinimumSize(*SMALLEST)
        kept = self._settings.view(KEPT).get("window", "")
        if not (isinstance(kept, str) and kept and self.restoreGeometry(QByteArray.fromBase64(kept.encode()))):
            self.resize(min(USUAL[0], room.width() - 40), min(USUAL[1], room.height() - 60))

    # -- where the reader is ----------------------------------------------------------------------------------

    def open_at(self, place: str) -> None:
        """Show the window in front, at `place`; "" where it was."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()
        if place or not self.place:
            self.search.clear()
            self.go(place or FIRST)

    def go(self, place: str) -> None:
        """Show a place of the manual, after it was read; one that does not exist leads to its chapter."""
        if place != self.place:
            self._leave()
        self._hit = None
        self._ahead.clear()
        self._show(_Visit(place))

    def go_back(self) -> None:
        """Show what was shown before."""
        self._turn(self._behind, self._ahead)

    def go_forward(self) -> None:
        """Show again what `go_back` came from."""
        self._turn(self._ahead, self._behind)

    def _turn(self, source: list[_Visit], other: list[_Visit]) -> None:
        if source:
            other.append(_Visit(self.place, self.view.verticalScrollBar().value()))
            self._hit = None
            self._show(source.pop())

    def _leave(self) -> None:
        if self.place:
            self._behind.append(_Visit(self.place, self.view.verticalScrollBar().value()))

    def _show(self, visit: _Visit) -> None:
        self.place = visit.place
        self._scroll = visit.scroll
        self.back.setEnabled(bool(self._behind))
        self.forward.setEnabled(bool(self._ahead))
        if self._manual is None:
            self._read()
        else:
            self._draw(arriving=True)

    def _read(self) -> None:
        def run() -> tuple[Manual, ManualIndex]:
            from desktop.manual_text import manual

            return manual(), ManualIndex(manual())

        def done(found: tuple[Manual, ManualIndex]) -> None:
            self._manual, self._index = found
            self.contents.show_manual(self._manual)
            self._allow_paper(True)
            self._draw(arriving=True)
            if self.search.text():
                self.search_now()

        self._work(run, done)

    def _draw(self, *, arriving: bool = False) -> None:
        """Draw the page on which the place is, and go there."""
        if self._manual is None:
            return
        if self.place not in self._manual.anchors:
            log.info("the manual has no place called %s", self.place)
            slug = self.place.partition("#")[0]
            self.place = slug if slug in self._manual.anchors else self._manual.chapters[0].slug
        place, page = self.place, self._manual.page(self.place)
        width, ratio = self.view.room, self.devicePixelRatioF()

        def done(drawn: Drawn) -> None:
            if place != self.place:
                return
            shown = self.view.drawn
            if shown is None or shown.page is not drawn.page or shown.width != drawn.width:
                self.view.show_drawn(drawn)
            if arriving:
                self._arrive()

        self._work(lambda: draw_page(page, width, ratio), done)

    def _arrive(self) -> None:
        self.contents.show_place(self.place)
        if self._hit is not None:
            self.view.show_found(self._hit.words, self._hit.nth)
        elif self._scroll:
            self.view.verticalScrollBar().setValue(self._scroll)
        else:
            self.view.go_to(self.place)
        self.shown.emit(self.place)

    def _work(self, run: Callable[[], Any], done: Callable[[Any], None]) -> None:
        def deliver(result: Any, failure: BaseException | None) -> None:
            self._running -= 1
            if self.isHidden():
                self._rest()
            if failure is None:
                done(result)
            elif isinstance(failure, SijianError):
                self.toast.say(str(failure), "bad")
            else:
                raise failure

        self._running += 1
        self._jobs.write(Work(run, deliver))

    def _rest(self) -> None:
        """End the thread once there is nothing to do for it: the whole manual takes a while as a PDF."""
        if not self._running:
            self._jobs.stop()

    # -- searching --------------------------------------------------------------------------------------------

    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def search_now(self) -> None:
        """Look for what is typed, without waiting for a pause; nothing typed shows the contents again."""
        self._timer.stop()
        asked, index = self.search.text(), self._index
        if not asked.strip():
            self.view.mark(())
            self.contents.show_contents()
        elif index is not None:
            self._work(lambda: index.find(asked), lambda hits: self._show_hits(asked, hits))

    def _show_hits(self, asked: str, hits: list[Hit]) -> None:
        if asked == self.search.text():
            self.contents.show_hits(hits)

    def _enter(self) -> None:
        if self._timer.isActive():
            self.search_now()
        self.contents.step(1)

    def show_hit(self, hit: Hit) -> None:
        """Show where something was found, all its words marked; a click tells it twice."""
        if hit != self._hit:
            self._leave()
        self._ahead.clear()
        self._hit = hit
        self.view.mark(hit.all_words)
        self._show(_Visit(hit.anchor))

    def enlarge(self, name: str) -> None:
        """Show a picture as large as it is, over the text."""
        from desktop.dialogs.manual_picture import ManualPicture

        ManualPicture(name, self).open()

    # -- paper ------------------------------------------------------------------------------------------------

    def _chosen(self, whole: bool) -> tuple[str, tuple[Chapter, ...]]:
        assert self._manual is not None
        if whole:
            return TITLE, self._manual.chapters
        chapter = self._manual.chapter(self.place.partition("#")[0])
        return f"{TITLE}：{chapter.title}", (chapter,)

    def save_pdf(self, whole: bool) -> None:
        """Write the manual, or the chapter that is shown, as a PDF and open it."""
        from db.store.files import write_atomically
        from desktop.manual_pages import manual_pdf

        title, chapters = self._chosen(whole)
        file = self.choose_file(f"{title.replace('：', '_')}.pdf")
        if file is None:
            return
        self.toast.say("正在排版……")

        def run() -> Path:
            write_atomically(file, manual_pdf(title, chapters), "写入PDF")
            return file

        def done(written: Path) -> None:
            self.toast.say(f"已存为PDF：{written}")
            self.open_path(written)

        self._work(run, done)

    def print_pages(self, whole: bool) -> None:
        """Print the manual, or the chapter that is shown."""
        if self._manual is None:
            return
        from desktop.manual_pages import print_manual

        title, chapters = self._chosen(whole)

        def send(device: Any) -> None:
            self.toast.say("正在排版……")
            self._work(
                lambda: print_manual(device, title, chapters),
                lambda pages: self.toast.say(f"“{title}”{pages}页，已送去打印。"),
            )

        self.ask_printer(send)

    def open_path(self, file: Path) -> None:
        """Show the file in the program that the computer has for it."""
        open_outside(file)

    def _choose_file(self, name: str) -> Path | None:
        from desktop.file_choice import choose_target

        return choose_target(self, "存为PDF", name, "PDF (*.pdf)")

    def _ask_printer(self, chosen: Callable[[Any], object]) -> None:
        from desktop.manual_pages import lay_upright
        from desktop.widgets.printer_choice import ask_printer

        if not ask_printer(self, "打印手册", lay_upright, chosen):
            self.toast.say("这台电脑没有装打印机。请用“导出PDF”，拿到有打印机的电脑上打印。", "bad")

    # -- ending -----------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.search.text():
            self.search.clear()
            self.view.setFocus()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        place = bytes(self.saveGeometry().toBase64().data()).decode()
        self._settings.remember_view(KEPT, {"window": place})
        super().closeEvent(event)
        self._rest()

    def end(self) -> None:
        """Close it for good, after what is being written."""
        self.close()
        self._jobs.stop()
