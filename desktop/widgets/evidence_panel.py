"""The proof files of one row: dragged here, pasted or chosen, shown by their own names, looked at and opened."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.errors import SijianError
from db.core.progress import NO_PROGRESS, Progress
from db.store.attachments import Added
from db.store.operation import Operation
from db.work.evidence import Evidence, add_files, evidence, file_name, remove, save_copy, set_proves, viewing_copy
from desktop.dialogs.evidence_preview import EvidencePreview
from desktop.file_choice import choose_files, choose_target
from desktop.outside import open_outside, viewed
from desktop.session import Session
from desktop.widgets.basics import allow, button, label, restyle
from desktop.widgets.evidence_line import EvidenceLine
from desktop.widgets.evidence_sources import (
    clipboard_files,
    clipboard_has_evidence,
    clipboard_image,
    files_in,
    image_name,
    write_image,
)

SMALL = 32 << 20
"""Bytes up to which files are added at once; more take a job with a progress bar."""

Target = tuple[str, str, str]
"""A row to add to: table, id, title."""


class EvidencePanel(QFrame):
    """Shows `db.work.evidence` of the row it was given; `count_changed` says how many files it has."""

    count_changed = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._table, self._row_id, self._row_title = "", "", ""
        self.items: list[Evidence] = []
        self.lines: list[EvidenceLine] = []
        self.choose_files: Callable[[], Sequence[str]] = self._choose_files
        self.choose_save: Callable[[str], str] = self._choose_save
        self.open_outside: Callable[[Path], object] = open_outside
        self.now: Callable[[], datetime] = datetime.now
        self.dialog: EvidencePreview | None = None
        self.setObjectName("evidence")
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.title = label("佐证附件", "title")
        self.add_button = button("添加…", self._add_chosen, icon="attach")
        self.hint = label("", "secondary", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.add_button)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 6, 0)
        self._rows.setSpacing(6)
        self._rows.addStretch(1)
        inner = QWidget()
        inner.setLayout(self._rows)
        self.area = QScrollArea()
        self.area.setWidget(inner)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 8, 10)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.hint)
        column.addWidget(self.area, 1)
        session.changed.connect(self._on_changed)
        self.show_row("", "", "")

    # -- reading ----------------------------------------------------------------------------------------------

    def show_row(self, table: str, row_id: str, title: str) -> None:
        """Show the files of this row; an empty id shows that none is chosen."""
        self._row_title = title
        if (table, row_id) == (self._table, self._row_id) and row_id:
            return
        self._table, self._row_id = table, row_id
        self._show([])
        self.refresh()

    def refresh(self) -> None:
        """Read the files anew."""
        table, row_id = self._table, self._row_id
        if row_id and self._session.is_open:
            self._session.read(lambda conn: evidence(conn, table, row_id), self._show, owner=self)

    def _on_changed(self, changes: Changes) -> None:
        if changes.touches("attachment"):
            self.refresh()

    def _show(self, items: list[Evidence]) -> None:
        self.items = items
        for line in self.lines:
            self._rows.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = [EvidenceLine(item, self) for item in items]
        for place, line in enumerate(self.lines):
            self._rows.insertWidget(place, line)
        allow(self.add_button, not self._session.read_only, bool(self._row_id))
        self.title.setText(f"佐证附件 {len(items)}" if items else "佐证附件")
        words = (
            "把文件拖到这里或表中的一行上，截图可以直接粘贴：批文、验收意见、照片。"
            if self._row_id
            else "先在表中选一行。"
        )
        self.hint.setText(words)
        self.hint.setVisible(not items)
        self.area.setVisible(bool(items))
        self.count_changed.emit(len(items))

    # -- adding -----------------------------------------------------------------------------------------------

    def _add_chosen(self) -> None:
        self.add_files([Path(name) for name in self.choose_files()])

    def add_files(self, files: Sequence[Path], row: Target | None = None) -> None:
        """Attach files to the row shown, or to `row`, as one step; big ones with a progress bar."""
        what = f"“{files[0].name}”" if len(files) == 1 else f"{len(files)}个文件"
        if files:
            self._add(lambda _folder: files, what, row, big=sum(_size(file) for file in files) > SMALL)

    def add_image(self, image: QImage, row: Target | None = None) -> None:
        """Attach a picture as a PNG named after this moment."""
        name = image_name(self.now())
        if not image.isNull():
            self._add(lambda folder: write_image(image, folder / name), f"“{name}”", row, big=False)

    def paste(self, row: Target | None = None) -> bool:
        """Attach the files or the picture on the clipboard; return whether there was any."""
        if self.read_only or not clipboard_has_evidence():
            return False
        files = clipboard_files()
        if files:
            self.add_files(files, row)
        else:
            self.add_image(clipboard_image(), row)
        return True

    def _add(self, gather: Callable[[Path], Sequence[Path]], what: str, row: Target | None, *, big: bool) -> None:
        """Attach what `gather` puts into, or finds beside, a folder that is there for so long."""
        table, row_id, title = row or (self._table, self._row_id, self._row_title)
        if not row_id:
            return
        session, county = self._session, self._session.county
        words = f"“{title}”添加附件{what}" if title else f"添加附件{what}"

        def action(op: Operation, progress: Progress = NO_PROGRESS) -> list[Added]:
            with tempfile.TemporaryDirectory(prefix="sijian-paste-") as folder:
                return add_files(op, county, table, row_id, gather(Path(folder)), progress=progress)

        def work(progress: Progress) -> list[Added]:
            with county.operation(words) as op:
                return action(op, progress)

        def done(added: list[Added]) -> None:
            session.notice.emit(_told(added, title))

        if big:
            session.job(words, work, done)
        else:
            session.write(words, action, done)

    def _choose_files(self) -> Sequence[str]:
        return [str(file) for file in choose_files(self, "选择佐证附件")]

    # -- one file ---------------------------------------------------------------------------------------------

    def open_item(self, item: Evidence) -> None:
        """Open a write-protected copy in the program it belongs to."""
        folder, into = self._session.folder, viewed()
        self._session.read(
            lambda _conn: viewing_copy(folder, item, into), self.open_outside, owner=self, key=f"open {item.id}"
        )

    def preview(self, item: Evidence) -> None:
        """Show the file here; ← and → go on to the row's others."""
        at = next((place for place, each in enumerate(self.items) if each.id == item.id), -1)
        if at < 0:
            return
        self.dialog = EvidencePreview(
            self._session, self.items, at, self.window(), open_outside=self.open_item, save_as=self.save_item
        )
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.open()

    def save_item(self, item: Evidence) -> None:
        """Write a copy where the clerk wants it."""
        folder, name = self._session.folder, self.choose_save(file_name(item))
        if name:
            self._session.job(
                f"另存“{item.name}”",
                lambda _progress: save_copy(folder, item, Path(name)),
                lambda _none: self._session.notice.emit(f"已保存：{name}。"),
            )

    def _choose_save(self, name: str) -> str:
        file = choose_target(self, "另存附件", name, "")
        return "" if file is None else str(file)

    def remove_item(self, item: Evidence) -> None:
        """Move a file to the recycle bin."""
        self._session.write(f"移除附件“{item.name}”", lambda op: remove(op, evidence_ids=[item.id]))

    def say_proves(self, item: Evidence, text: str, failed: Callable[[str], None]) -> None:
        """Keep what the file proves; `failed` is told why not."""
        self._session.write(
            f"附件“{item.name}”的证明内容",
            lambda op: set_proves(op, evidence_id=item.id, proves=text),
            failed=lambda error: failed(str(error) if isinstance(error, SijianError) else "没有保存，原因见提示。"),
        )

    @property
    def read_only(self) -> bool:
        """Return whether nothing can be changed."""
        return self._session.read_only

    # -- pasting and dragging ---------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not (event.matches(QKeySequence.StandardKey.Paste) and self.paste()):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._row_id and not self.read_only and files_in(event.mimeData()):
            event.acceptProposedAction()
            restyle(self, "dropping", True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        restyle(self, "dropping", False)

    def dropEvent(self, event: QDropEvent) -> None:
        restyle(self, "dropping", False)
        event.acceptProposedAction()
        self.add_files(files_in(event.mimeData()))


def _told(added: Sequence[Added], title: str) -> str:
    """Return what came of adding files, those that the row had already by name."""
    new = [each for each in added if not each.known_as]
    same = [
        f"“{each.name}”已经添加过" if each.name == each.known_as else f"“{each.name}”与已有的“{each.known_as}”内容相同"
        for each in added
        if each.known_as
    ]
    words = [f"已添加{len(new)}个附件" + (f"到“{title}”" if title else "")] if new else []
    return "；".join([*words, *([f"{'、'.join(same)}，没有重复保存"] if same else [])]) + "。"


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
