"""回交: in a work package, what was changed in it, and writing that as the file that goes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.progress import Progress
from db.exchange.part.giveback import GiveBack, ReturnWritten, TableChanges, give_back_state, write_return
from desktop.file_choice import choose_folder
from desktop.outside import open_outside
from desktop.places import Place
from desktop.session import Session
from desktop.widgets.basics import Card, allow, label, primary_button
from desktop.widgets.dialog import Dialog
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

NOTHING = "还没有改动。填好以后在这里交回。"
AGAIN = "交回以后可以接着改，再交回一次：县里接着上一次核对，已经收下的不会再问。"
TOLD = "把这个文件发回给{giver}，他在“收发”页收回。以后再改，可以再交回一次。"


class GiveBackPage(QWidget):
    """Shows `db.exchange.part.giveback` for the open work package."""

    navigate = Signal(object)
    title = "回交"
    icon = "submit"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stale = True
        self.choose_place: Callable[[], Path | None] = lambda: choose_folder(self, "选择保存交回文件的文件夹")
        self.open_path: Callable[[Path], object] = open_outside
        self.dialog: Dialog | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.addWidget(self._card())
        session.changed.connect(self._on_changed)
        session.opened.connect(self.refresh)

    def _card(self) -> Card:
        card = Card()
        card.body.setSpacing(10)
        head = QHBoxLayout()
        self.heading = label("交回工作包", "page-title")
        self.button = primary_button("交回…", self.give_back, icon="export")
        head.addWidget(self.heading, 1)
        head.addWidget(self.button)
        card.body.addLayout(head)
        self.came = label("", "secondary", wrap=True)
        self.last = label("", wrap=True)
        card.body.addWidget(self.came)
        card.body.addWidget(self.last)
        numbers = [Column(word, 90, number=True) for word in ("新增", "改动", "删除")]
        self.table = SimpleTable([Column("表"), *numbers])
        self.table.setAccessibleName("改动")
        self.nothing = label(NOTHING, "secondary")
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.nothing)
        card.body.addWidget(label(AGAIN, "small", wrap=True))
        card.body.addStretch(0)
        return card

    def refresh(self) -> None:
        """Read again what would go back; what is not seen is read when it is."""
        self._stale = not self.isVisible()
        if not self._stale and self._session.part is not None:
            self._session.read(give_back_state, self._show, owner=self)

    def _on_changed(self, _changes: Changes) -> None:
        self.refresh()

    def reveal(self, place: Place) -> None:
        """Show the page; it has no parts to go to."""
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _show(self, found: GiveBack | None) -> None:
        if found is None:
            return
        part = found.identity
        self.came.setText(f"{part.giver} {_moment(part.made_at)} 发出：{part.title}")
        self.last.setText(_last_words(found))
        self.table.show_rows([_line(each) for each in found.tables])
        self.table.setVisible(bool(found.tables))
        self.nothing.setVisible(not found.tables)
        allow(self.button, not self._session.read_only)

    def give_back(self) -> None:
        """Ask where to, and write the file there."""
        county, folder = self._session.county, self.choose_place()
        if folder is None:
            return

        def work(progress: Progress) -> ReturnWritten:
            return write_return(county, folder, progress)

        self._session.job("写出交回的工作包", work, self._tell)

    def _tell(self, made: ReturnWritten) -> None:
        dialog = Dialog("已写出", made.sentence(), self.window(), tone="good")
        dialog.body.addWidget(label(f"保存在：{made.file}", wrap=True))
        dialog.body.addWidget(label(TOLD.format(giver=made.identity.giver), "secondary", wrap=True))
        dialog.add_button("打开所在文件夹", lambda: self.open_path(made.file.parent))
        dialog.add_button("知道了", dialog.accept, primary=True)
        self.dialog = dialog
        dialog.open()


def _last_words(found: GiveBack) -> str:
    last = found.last
    if last is None:
        return "还没有交回过。"
    since = f"以后又改了{found.since:,}行，还没有交回。" if found.since else "以后没有再改。"
    return f"上次交回：{_moment(last.at)}，改动{last.rows:,}行（{last.file_name}）；{since}"


def _line(each: TableChanges) -> list[TextCell]:
    numbers = (each.added, each.changed, each.deleted)
    return [TextCell(each.title), *(TextCell(f"{number:,}" if number else "") for number in numbers)]


def _moment(at: str) -> str:
    return at.replace("T", " ")[:16]
