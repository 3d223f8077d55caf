"""The proof files of one row: dragged here or chosen, shown by their own names, opened where they belong."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.errors import SijianError
from db.core.progress import Progress
from db.store.attachments import add
from db.store.operation import Operation
from db.work.evidence import Evidence, evidence, remove, set_proves, viewing_copy
from desktop.session import Session
from desktop.widgets.base_backup import file_size
from desktop.widgets.basics import allow, button, icon_button, label, link_button, restyle

SMALL = 32 << 20
"""Bytes up to which files are added at once; more take a job with a progress bar."""


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
        self.open_outside: Callable[[Path], object] = _open_outside
        self.setObjectName("evidence")
        self.setAcceptDrops(True)
        self.title = label("佐证附件", "title")
        self.add_button = button("添加…", self._add_chosen, icon="attach")
        self.hint = label("", "secondary", wrap=True)
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
        words = "把文件拖到这里或表中的一行上：批文、验收意见、照片、发票。" if self._row_id else "先在表中选一行。"
        self.hint.setText(words)
        self.hint.setVisible(not items)
        self.count_changed.emit(len(items))

    # -- adding -----------------------------------------------------------------------------------------------

    def _add_chosen(self) -> None:
        self.add_files([Path(name) for name in self.choose_files()])

    def add_files(self, files: Sequence[Path], row: tuple[str, str, str] | None = None) -> None:
        """Attach files to the row shown, or to `row` (table, id, title), as one step; big ones with a progress bar."""
        table, row_id, title = row or (self._table, self._row_id, self._row_title)
        if not files or not row_id:
            return
        session, county = self._session, self._session.county
        what = f"“{files[0].name}”" if len(files) == 1 else f"{len(files)}个文件"
        words = f"“{title}”添加附件{what}" if title else f"添加附件{what}"

        def action(op: Operation, progress: Progress | None = None) -> int:
            for file in files:
                if progress is None:
                    add(op, county, table, row_id, file)
                else:
                    add(op, county, table, row_id, file, progress=progress)
            return len(files)

        def work(progress: Progress) -> int:
            with county.operation(words) as op:
                return action(op, progress)

        def done(count: int) -> None:
            session.notice.emit(f"已添加{count}个附件" + (f"到“{title}”。" if title else "。"))

        if sum(_size(file) for file in files) <= SMALL:
            session.write(words, action, done)
        else:
            session.job(words, work, done)

    def _choose_files(self) -> Sequence[str]:
        return QFileDialog.getOpenFileNames(self, "选择佐证附件")[0]

    # -- one file ---------------------------------------------------------------------------------------------

    def open_item(self, item: Evidence) -> None:
        """Open a write-protected copy in the program it belongs to."""
        folder, into = self._session.folder, Path(tempfile.gettempdir()) / "sijian-view"
        self._session.read(
            lambda _conn: viewing_copy(folder, item, into), self.open_outside, owner=self, key=f"open {item.id}"
        )

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

    # -- dragging ---------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._row_id and not self.read_only and dropped_files(event):
            event.acceptProposedAction()
            restyle(self, "dropping", True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        restyle(self, "dropping", False)

    def dropEvent(self, event: QDropEvent) -> None:
        restyle(self, "dropping", False)
        event.acceptProposedAction()
        self.add_files(dropped_files(event))


class EvidenceLine(QWidget):
    """One file: its name opens it; below, what it proves, typed in place."""

    def __init__(self, item: Evidence, panel: EvidencePanel) -> None:
        super().__init__()
        self.item = item
        self._panel = panel
        self.name = link_button(_shortened(item.name), lambda: panel.open_item(item))
        added = f"\n{item.added_on}添加" if item.added_on else ""
        self.name.setToolTip(f"打开“{item.name}”（只读副本）{added}")
        self.remove_button = icon_button("close", f"移除附件“{item.name}”", lambda: panel.remove_item(item))
        allow(self.remove_button, not panel.read_only)
        self.proves = QLineEdit(item.proves)
        self.proves.setPlaceholderText("证明什么，如：拆除现场照片")
        self.proves.setAccessibleName(f"附件“{item.name}”证明什么")
        self.proves.setProperty("editor", True)
        self.proves.setReadOnly(panel.read_only)
        self.proves.editingFinished.connect(self._commit)
        self.trouble = label("", "problem", wrap=True)
        self.trouble.hide()
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.name)
        top.addStretch(1)
        top.addWidget(label(file_size(item.size), "small"))
        top.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self.proves)
        column.addWidget(self.trouble)

    def _commit(self) -> None:
        text = self.proves.text().strip()
        if text != self.item.proves:
            self._panel.say_proves(self.item, text, self._refuse)

    def _refuse(self, sentence: str) -> None:
        restyle(self.proves, "wrong", True)
        self.trouble.setText(sentence)
        self.trouble.show()


def dropped_files(event: QDropEvent) -> list[Path]:
    """Return the files that are being dragged; folders and links to web pages are none."""
    urls = event.mimeData().urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile() and Path(url.toLocalFile()).is_file()]


def _shortened(name: str) -> str:
    """Return a name that fits a narrow panel; its end tells what kind of file it is."""
    return name if len(name) <= 15 else f"{name[:8]}…{name[-6:]}"


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _open_outside(file: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))
