"""A look at the proof files of a row: pictures, pages of PDFs, beginnings of texts; the rest by its kind and size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from db.core.errors import SijianError
from db.store.attachment_kinds import kind_of_type
from db.work.evidence import Evidence, stored_file
from db.work.evidence_text import Beginning, text_beginning
from desktop import look
from desktop.drawings import page_image, read_picture
from desktop.pdf_pages import PdfPages
from desktop.session import Session
from desktop.widgets.base_backup import file_size
from desktop.widgets.basics import ElidedLabel, button, icon_button, label
from desktop.widgets.dialog import Dialog
from desktop.widgets.picture_view import PictureView

SIZE = (980, 640)
Act = Callable[[Evidence], object]


class EvidencePreview(Dialog):
    """Shows `items`, beginning with number `at`; `open_outside` and `save_as` are told which file is meant.

    ← → go through the files, PgUp PgDn through the pages, + - 0 make them larger, smaller, fitting.
    """

    def __init__(
        self,
        session: Session,
        items: Sequence[Evidence],
        at: int,
        parent: QWidget | None = None,
        *,
        open_outside: Act,
        save_as: Act,
    ) -> None:
        super().__init__("佐证附件", "", parent)
        self._session = session
        self._items = list(items)
        self._act = open_outside, save_as
        self._pdf: PdfPages | None = None
        self.at, self.page, self.pages = at, 0, 0
        self.name = ElidedLabel("", "title")
        self.about = ElidedLabel("", "secondary")
        self.view = PictureView()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("文本内容")
        self.picture, self.sentence = QLabel(), label("", wrap=True)
        self.stack = QStackedWidget()
        for each in (self.view, self.text, self._nothing()):
            self.stack.addWidget(each)
        self._lay_out()
        self.view.wanted.connect(self._draw)
        self.view.zoomed.connect(lambda zoom: self.zoom_words.setText("适合窗口" if zoom == 1 else f"{zoom:.0%}"))
        self.finished.connect(lambda _result: self._leave_pdf())
        session.closed.connect(self.reject)
        self._connect_keys()
        self.resize(*SIZE)
        self.show_file(at)

    # -- looks ------------------------------------------------------------------------------------------------

    def _nothing(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.addStretch(1)
        for each in (self.picture, self.sentence):
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(each)
        column.addStretch(1)
        return made

    def _lay_out(self) -> None:
        self.page_words, self.zoom_words = label("", "secondary"), label("适合窗口", "secondary")
        self.page_words.setMinimumWidth(76)
        self.zoom_words.setMinimumWidth(64)
        for words in (self.page_words, self.zoom_words):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.earlier = icon_button("chevron-left", "上一页（PgUp）", lambda: self.turn(-1))
        self.later = icon_button("chevron-right", "下一页（PgDn）", lambda: self.turn(1))
        self.smaller = button("缩小", lambda: self.view.step_zoom(-1))
        self.larger = button("放大", lambda: self.view.step_zoom(1))
        self._page_tools = (self.earlier, self.page_words, self.later)
        self._zoom_tools = (self.smaller, self.zoom_words, self.larger)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(self.name)
        titles.addWidget(self.about)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addLayout(titles, 1)
        for each in (*self._page_tools, *self._zoom_tools):
            head.addWidget(each)
        self.body.addLayout(head)
        self.body.addWidget(self.stack, 1)
        self.previous = button("上一个", lambda: self.show_file(self.at - 1))
        self.next = button("下一个", lambda: self.show_file(self.at + 1))
        self.previous.setToolTip("上一个附件（←）")
        self.next.setToolTip("下一个附件（→）")
        self.place = label("", "secondary")
        files = QWidget()
        row = QHBoxLayout(files)
        row.setContentsMargins(0, 0, 0, 0)
        for part in (self.previous, self.next, self.place):
            row.addWidget(part)
        files.setVisible(len(self._items) > 1)
        self.add_at_left(files)
        self.add_button("另存为…", lambda: self._act[1](self.item))
        self.outside = self.add_button("用其他程序打开", lambda: self._act[0](self.item))
        self.add_button("关闭", self.reject, primary=True)

    def _connect_keys(self) -> None:
        for keys, action in (
            ("Left", lambda: self.show_file(self.at - 1)),
            ("Right", lambda: self.show_file(self.at + 1)),
            ("PgUp", lambda: self.turn(-1)),
            ("PgDown", lambda: self.turn(1)),
            ("+", lambda: self.view.step_zoom(1)),
            ("=", lambda: self.view.step_zoom(1)),
            ("-", lambda: self.view.step_zoom(-1)),
            ("0", lambda: self.view.set_zoom(1.0)),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(action)

    # -- which file -------------------------------------------------------------------------------------------

    @property
    def item(self) -> Evidence:
        """Return the file that is shown."""
        return self._items[self.at]

    @property
    def _kind(self) -> str:
        return self.item.media_type.partition("/")[0] if self.item.media_type != "application/pdf" else "pdf"

    def show_file(self, at: int) -> None:
        """Show the file with this number; beyond the ends nothing happens."""
        if not 0 <= at < len(self._items):
            return
        self._leave_pdf()
        self.at, self.page, self.pages = at, 0, 0
        item = self.item
        self.name.setText(item.name)
        added = f"{item.added_on}添加" if item.added_on else ""
        facts = (kind_of_type(item.media_type).title, file_size(item.size), added, item.proves)
        self.about.setText(" · ".join(fact for fact in facts if fact))
        self.place.setText(f"{at + 1} / {len(self._items)}")
        self.previous.setEnabled(at > 0)
        self.next.setEnabled(at + 1 < len(self._items))
        self._show_pages(0)
        for tool in self._zoom_tools:
            tool.setVisible(self._kind in ("pdf", "image"))
        folder = self._session.folder
        match self._kind:
            case "pdf" | "image":
                self.stack.setCurrentWidget(self.view)
                self.view.start()
            case "text":
                self._read(lambda: text_beginning(stored_file(folder, item)), self._show_text)
            case _:
                self._say(f"这种文件（{kind_of_type(item.media_type).title}）不能在这里预览。请用其他程序打开。")

    def turn(self, by: int) -> None:
        """Go `by` pages on."""
        wanted = self.page + by
        if 0 <= wanted < self.pages:
            self.page = wanted
            self._show_pages(self.pages)
            self.view.ask_again()

    # -- what is in it ----------------------------------------------------------------------------------------

    def _read(self, work: Callable[[], object], done: Callable[..., object]) -> None:
        item, page = self.item, self.page

        def current() -> bool:
            return (item, page) == (self.item, self.page)

        self._session.read(
            lambda _conn: work(),
            lambda result: done(result) if current() else None,
            owner=self,
            key="preview",
            failed=lambda error: self._say(_words(error)) if current() else None,
        )

    def _draw(self, width: int, height: int) -> None:
        if not self._session.is_open or self._kind not in ("pdf", "image"):
            return
        folder, item, page = self._session.folder, self.item, self.page
        if self._kind == "image":
            self._read(lambda: (read_picture(stored_file(folder, item), width, height), 1), self._show_image)
            return
        pdf = self._pdf = self._pdf or PdfPages(_pdf_file(folder, item))

        def draw() -> tuple[QImage, int]:
            stored_file(folder, item)
            drawn = pdf.draw(page, width, height)
            return page_image(drawn), drawn.pages

        self._read(draw, self._show_image)

    def _show_image(self, drawn: tuple[QImage, int]) -> None:
        image, pages = drawn
        image.setDevicePixelRatio(1.0)
        self._show_pages(pages if self._kind == "pdf" else 0)
        self.stack.setCurrentWidget(self.view)
        self.view.show_image(image)

    def _show_text(self, beginning: Beginning) -> None:
        rest = "" if beginning.whole else "\n……（只显示开头，其余请用其他程序打开）"
        self.text.setPlainText(beginning.text + rest)
        self.stack.setCurrentWidget(self.text)

    def _show_pages(self, pages: int) -> None:
        self.pages = pages
        for tool in self._page_tools:
            tool.setVisible(pages > 1)
        self.page_words.setText(f"{self.page + 1} / {pages} 页")
        self.earlier.setEnabled(self.page > 0)
        self.later.setEnabled(self.page + 1 < pages)

    def _say(self, sentence: str) -> None:
        self.picture.setPixmap(look.pixmap("attach", "muted", 48))
        self.sentence.setText(sentence)
        self.stack.setCurrentIndex(2)
        for tool in self._zoom_tools:
            tool.setVisible(False)

    def _leave_pdf(self) -> None:
        if self._pdf is not None:
            self._pdf.close()
            self._pdf = None


def _pdf_file(folder: Path, item: Evidence) -> Path:
    from db.store.attachments import path_of

    return path_of(folder, item.sha256, item.name)


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, SijianError) else "没有预览成，原因见提示。"
