"""基础信息 › 备份与恢复: the backups there are, making one now or elsewhere, and asking for one to be restored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.core.changes import Changes
from db.core.progress import Progress
from db.store.backup import KeptBackup, backup, daily, kept
from db.work.evidence_check import FilesChecked, check_files
from desktop.file_choice import choose_file, choose_folder, choose_target
from desktop.session import Session
from desktop.widgets.backup_elsewhere import BackupElsewhere
from desktop.widgets.basics import Card, Tone, allow, button, label, primary_button
from desktop.widgets.dialog import tell
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.simple_table import Column, SimpleTable, TextCell

if TYPE_CHECKING:
    from db.exchange.handover import HandedOver

KINDS: dict[str, tuple[str, Tone]] = {
    "daily": ("每日备份", "good"),
    "before-import": ("导入前", "neutral"),
    "before-migration": ("升级前", "neutral"),
    "before-restore": ("恢复前", "caution"),
}
FILTER = "备份文件 (*.zip)"
ADVICE = "关闭程序时每天自动备份一次，保留最近10天和每月最后一份，共12个月。重要节点请另存一份到U盘。"


class BackupPanel(QWidget):
    """Shows `db.store.backup.kept`; `restore_wanted` carries the file that the clerk wants back.

    `files_checked` tells of proof files that are missing or changed.
    """

    restore_wanted = Signal(object)
    files_checked = Signal(object)
    summary = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.backups: list[KeptBackup] = []
        self.choose_save: Callable[[str], str] = self._choose_save
        self.choose_open: Callable[[], str] = self._choose_open
        self.choose_place: Callable[[], Path | None] = lambda: choose_folder(self, "选择保存交接包的文件夹")
        self.table = SimpleTable(
            [
                Column("备份时间", 150),
                Column("种类", 100),
                Column("最后保存", 150),
                Column("记录", 90, number=True),
                Column("附件", 80, number=True),
                Column("大小", 96, number=True),
                Column("文件"),
            ]
        )
        self.table.chosen.connect(lambda _row: self._restore_chosen())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._tell_selection())
        self.table.rows_model.modelReset.connect(self._tell_selection)
        self.now_button = primary_button("立即备份", self.back_up, icon="backup")
        self.save_button = button("另存备份到…", self.save_elsewhere, icon="folder-open")
        self.restore_button = button("恢复…", self._restore_chosen, icon="recover")
        self.file_button = button("从文件恢复…", self._restore_file, icon="open")
        self.empty = EmptyState("backup", "还没有备份", ADVICE, ("立即备份", self.back_up))
        card = Card("备份与恢复", flush=True)
        for each in (self.file_button, self.restore_button, self.save_button, self.now_button):
            card.tools.addWidget(each)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        card.body.addWidget(self.stack, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(13, 8, 13, 8)
        foot.setSpacing(8)
        self.advice = label(ADVICE, "secondary", wrap=True)
        foot.addWidget(self.advice, 1)
        foot.addStretch(0)
        self.check_button = button("核对附件", self.check_files, icon="check-circle")
        self.check_button.setToolTip("逐个读佐证附件，看有没有丢失或损坏的")
        foot.addWidget(self.check_button)
        self.handover_button = button("交接包…", self.hand_over, icon="person")
        self.handover_button.setToolTip("把整个县的数据交给接手的人，附一张写明还有哪些事没有办完的交接单")
        if session.part is not None:
            self.handover_button.hide()  # shown before it lies in the page it would flash up as a window
        foot.addWidget(self.handover_button)
        card.body.addLayout(foot)
        self.elsewhere = BackupElsewhere(session)
        self.elsewhere.setContentsMargins(13, 0, 13, 8)
        card.body.addWidget(self.elsewhere)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        session.backed_up.connect(self._refresh_if_open)
        for each in (self.now_button, self.file_button, *self.empty.buttons):
            allow(each, not session.read_only)
        self._tell_selection()

    def concerns(self, changes: Changes) -> bool:
        """Return whether the section shows something that changed: no change of the data makes a backup."""
        return False

    def refresh(self) -> None:
        """Look into the folder anew."""
        folder = self._session.folder
        self._session.read(lambda _conn: [(each, _size(each.file)) for each in kept(folder)], self._show, owner=self)
        self.elsewhere.refresh()

    def reveal(self, row_id: str) -> None:
        """Nothing in here is led to."""

    def _refresh_if_open(self) -> None:
        if self._session.is_open:
            self.refresh()

    def _show(self, backups: list[tuple[KeptBackup, int]]) -> None:
        self.backups = [entry for entry, _ in backups]
        self.table.show_rows([_cells(entry, size) for entry, size in backups])
        self.stack.setCurrentIndex(1 if backups else 0)
        self.advice.setVisible(bool(backups))

    # -- making -----------------------------------------------------------------------------------------------

    def back_up(self) -> None:
        """Back the county up into its own folder."""
        if self._session.read_only:
            self._session.notice.emit("现在是只读打开，不能在文件夹里备份；可以另存备份到别处。")
            return
        county = self._session.county
        self._session.job("备份", lambda progress: daily(county, progress), self._made)

    def _made(self, file: Path | None) -> None:
        if file is None:
            self._session.notice.emit("上次备份以后没有改动，不需要再备份。")
        else:
            self._session.notice.emit(f"已备份：{file.name}。")
            self._session.backed_up.emit()
            self.elsewhere.copy()

    def save_elsewhere(self) -> None:
        """Write one file with everything, proof files too, where the clerk wants it."""
        session, county = self._session, self._session.county
        name = self.choose_save(f"{session.folder.name}-备份.zip")
        if not name:
            return
        out = Path(name)
        if out.suffix.lower() != ".zip":
            out = out.with_name(out.name + ".zip")

        def work(progress: Progress) -> Path:
            return backup(county, out, progress)

        session.job("另存备份", work, lambda file: session.notice.emit(f"备份已保存并核对：{file}。"))

    def hand_over(self) -> None:
        """Write the whole county for a successor into a folder, with the sheet that says what is open."""
        session, county = self._session, self._session.county
        folder = self.choose_place()
        if folder is None:
            return

        def work(progress: Progress) -> HandedOver:
            from db.exchange.handover import write_handover
            from desktop.printing import handover_pdf

            return write_handover(county, folder, draw=handover_pdf, progress=progress)

        session.job("写出交接包", work, self._handed_over)

    def _handed_over(self, made: HandedOver) -> None:
        told = f"{made.file}\n{made.paper}"
        advice = f"{told}\n接手的人在首页点“从备份恢复”打开；交接单打印出来，双方签字。"
        tell(self.window(), "交接包", made.sentence(), advice, tone="good", details="\n".join(made.sheet.lines()))

    # -- proof files ------------------------------------------------------------------------------------------

    def check_files(self) -> None:
        """Read every proof file and tell whether all are there and what they were."""
        session, county = self._session, self._session.county

        def work(progress: Progress) -> FilesChecked:
            with county.reading() as conn:
                return check_files(conn, county.folder, progress)

        def done(found: FilesChecked) -> None:
            if found.ok:
                session.notice.emit(found.sentence())
            else:
                self.files_checked.emit(found)

        session.job("核对附件", work, done)

    # -- restoring --------------------------------------------------------------------------------------------

    def chosen(self) -> KeptBackup | None:
        """Return the selected backup."""
        rows = self.table.selectionModel().selectedRows()
        return self.backups[rows[0].row()] if rows and rows[0].row() < len(self.backups) else None

    def _tell_selection(self) -> None:
        allow(self.restore_button, not self._session.read_only, self.chosen() is not None)

    def _restore_chosen(self) -> None:
        entry = self.chosen()
        if entry is not None and not self._session.read_only:
            self.restore_wanted.emit(entry.file)

    def _restore_file(self) -> None:
        name = self.choose_open()
        if name:
            self.restore_wanted.emit(Path(name))

    def _choose_save(self, name: str) -> str:
        return str(choose_target(self, "另存备份到", name, FILTER) or "")

    def _choose_open(self) -> str:
        return str(choose_file(self, "选择备份文件", FILTER, start=self._session.folder / "backups") or "")


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _cells(entry: KeptBackup, size: int) -> list[TextCell]:
    info = entry.info
    kind, tone = KINDS.get(entry.kind, (entry.kind, "neutral"))
    return [
        TextCell(info.made_at.replace("T", " ")[:16]),
        TextCell(kind, tone, badge=True),
        TextCell(info.last_saved_at.replace("T", " ")[:16]),
        TextCell(f"{info.rows:,}"),
        TextCell(f"{len(info.attachments):,}"),
        TextCell(file_size(size)),
        TextCell(entry.file.name, tip="\n".join(info.lines())),
    ]


def file_size(size: int) -> str:
    """Return bytes as people read them."""
    if size < 1 << 20:
        return f"{max(1, round(size / 1024)):,} KB" if size else "0"
    return f"{size / (1 << 20):,.1f} MB"
