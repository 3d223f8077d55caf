"""How the window comes to a county: opening, making a new one, the demo, and what to do when it is held elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit

from db.core.errors import Cancelled, EnvironmentProblem
from db.core.progress import Progress
from db.exchange.part.names import ENDING
from desktop import logs
from desktop.file_choice import choose_file
from desktop.widgets.basics import label
from desktop.widgets.dialog import Dialog

if TYPE_CHECKING:
    from desktop.instance import InstanceServer
    from desktop.main_window import MainWindow

UNSAFE = ("synced_folder", "network_share")
Prepare = Callable[[Path, str], None]


def documents() -> Path:
    """Return the folder in which new county folders are proposed."""
    from db.store.location import look_at

    place = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())
    # Windows likes to move the documents into OneDrive, and offices onto a server: no place for a file in use.
    found = look_at(place)
    return (Path.home() if found.synced_by or found.remote else place) / "四减四增"


class Opening(QObject):
    """Does for the window what belongs to opening and leaving a county folder."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._server: InstanceServer | None = None
        self._end_log: Callable[[], None] | None = None
        window.session.opened.connect(self._opened)
        window.session.closed.connect(self._closed)

    def open(
        self,
        folder: Path,
        *,
        read_only: bool = False,
        take_over: bool = False,
        prepare: Prepare | None = None,
        again: Callable[[Path], None] | None = None,
    ) -> None:
        """Open the county in `folder`, or show the window that has it open already.

        `again` does it in another folder, when this one is no place for a county.
        """
        from desktop.instance import show_first

        window = self._window
        if not read_only and window.session.is_open and window.session.folder.resolve() == folder.resolve():
            return
        if not read_only and show_first(folder):
            window.toast.say("这个文件夹已经在另一个窗口中打开，已切换过去。")
            return
        window.toast.say(f"正在打开 {folder.name}…")
        window.session.author = window.settings.author or window.session.author
        window.session.open_folder(
            folder,
            read_only=read_only,
            take_over=take_over,
            prepare=prepare,
            failed=lambda error: self._failed(folder, error, again),
        )

    def create(self, folder: Path, county: str) -> None:
        """Make a new county folder for the reporting unit `county` and open it."""

        def prepare(folder: Path, author: str) -> None:
            from db.work.county_settings import save_contacts
            from db.work.setup import new_county

            made = new_county(folder, county=county, author=author)
            try:
                with made.operation("登记经办人", undoable=False) as op:
                    save_contacts(op, {"clerk": self._window.settings.author})
            finally:
                made.close()

        self.open(folder, prepare=prepare, again=lambda place: self.create(place, county))

    def open_demo(self) -> None:
        """Open the demo county, made when it is not there yet, with months behind it and answers of the city."""
        folder = documents() / "演示－寿光市"

        def prepare(folder: Path, _author: str) -> None:
            from db.exchange.rehearsal import LEDGER, make_demo
            from desktop.printing import letter_pdf

            if not (folder / "county.db").is_file():
                make_demo(folder, letter=letter_pdf, ledger_file=folder.parent / LEDGER)

        new = not folder.exists()
        self.open(folder, prepare=prepare)
        if new:
            self._window.toast.say("正在准备演示县：填各月、审核、上报、市里答复，十几秒就好…", stays=True)

    def choose(self) -> None:
        """Let the clerk choose a county folder."""
        dialog = QFileDialog(self._window, "打开县级数据文件夹", str(documents()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.open()

    def restore(self) -> None:
        """Let the clerk choose a backup, and where the county in it is to lie; then open it."""
        file = choose_file(self._window, "选择备份", f"备份 (*.zip *{ENDING})")
        if file is not None:
            self.restore_from(file)

    def open_arrived(self) -> None:
        """Let the clerk choose a work package or a whole county that somebody handed over."""
        file = choose_file(self._window, "打开工作包或交接包", f"工作包、交接包 (*{ENDING} *.zip)")
        if file is not None:
            self.restore_from(file)

    def take_dropped(self, files: Sequence[Path]) -> None:
        """Open the one work package that was dropped on the first page; there is nothing else to be done there."""
        if len(files) == 1 and files[0].suffix.lower() == ENDING:
            self.restore_from(files[0])
        else:
            self._window.toast.say("请先打开县级数据，再把工作簿拖进来。")

    def restore_from(self, file: Path) -> None:
        """Say what the backup, work package or handed-over county `file` is, and ask where to."""
        from db.core.file_names import safe_name
        from db.exchange.arriving import Arrived, Sort, look_into
        from desktop.dialogs.restore import RestoreElsewhereDialog

        window = self._window

        def ask(found: Arrived) -> None:
            name = safe_name(found.folder_name) if found.folder_name else file.stem
            title = "从备份恢复" if found.sort is Sort.BACKUP else f"打开{found.sort}"
            accept = "恢复并打开" if found.sort is Sort.BACKUP else "打开"
            words = (title, found.heading, found.lines(), accept)
            dialog = RestoreElsewhereDialog(*words, documents() / name, window)
            dialog.wanted.connect(lambda folder: self._restore(file, folder, title))
            dialog.open()

        window.session.job("读取文件", lambda _progress: look_into(file), ask)

    def _restore(self, file: Path, folder: Path, title: str) -> None:
        from db.store.backup import restore

        def work(progress: Progress) -> None:
            restore(file, folder, progress)

        self._window.session.job(title, work, lambda _: self.open(folder))

    def ask_author(self) -> None:
        """Let the clerk change the name that is written beside every step."""
        session, settings = self._window.session, self._window.settings
        dialog = Dialog("经办人", "经办人姓名", self._window)
        name = QLineEdit(session.author)
        name.setMaxLength(40)
        name.selectAll()
        dialog.body.addWidget(name)
        dialog.body.addWidget(label("写入每一步操作的记录和上报函。", "secondary"))

        def accept() -> None:
            if name.text().strip():
                session.author = settings.author = name.text().strip()
                dialog.accept()

        dialog.add_button("取消", dialog.reject)
        dialog.add_button("确定", accept, primary=True)
        dialog.open()

    def stop(self) -> None:
        """Stop listening and logging for the folder."""
        self._closed()

    def _opened(self) -> None:
        from desktop.instance import InstanceServer

        window, session = self._window, self._window.session
        window.toast.hide()
        window.settings.remember_folder(session.folder)
        if session.read_only:
            return
        self._ask_for_second_copy()
        self._end_log = logs.follow_county(session.folder)
        if self._server is None:
            self._server = InstanceServer(self)
            self._server.wanted.connect(window.come_to_front)
        self._server.listen(session.folder)

    def _ask_for_second_copy(self) -> None:
        """Say once when the last backup did not come to where the clerk wants a copy of it."""
        from desktop.second_copy import behind_elsewhere

        session = self._window.session
        folder = session.folder

        def tell(sentence: str) -> None:
            if sentence and session.is_open and session.folder == folder:
                self._window.toast.say(sentence, "caution")

        session.aside(lambda: behind_elsewhere(folder), tell, owner=self)

    def _closed(self) -> None:
        if self._server is not None:
            self._server.stop()
        if self._end_log is not None:
            self._end_log()
            self._end_log = None

    def _failed(self, folder: Path, error: Exception, again: Callable[[Path], None] | None = None) -> None:
        from db.store.lock import CountyLocked

        window = self._window
        window.toast.hide()
        if not window.session.is_open:
            window.show_welcome()
        code = error.code if isinstance(error, EnvironmentProblem) else ""
        protected = code == "read_only_disk" and (folder / "county.db").is_file()
        if isinstance(error, CountyLocked) or (isinstance(error, EnvironmentProblem) and protected):
            self._offer_read_only(folder, error)
        elif isinstance(error, EnvironmentProblem) and code in UNSAFE and again is not None:
            self._offer_this_pc(documents() / folder.name, folder.parent, error, again)
        elif not isinstance(error, Cancelled):
            window.show_problem(error)

    def _offer_this_pc(
        self, place: Path, wanted: Path, problem: EnvironmentProblem, again: Callable[[Path], None]
    ) -> None:
        """Offer to begin on this PC's own disk what was to be on a share or in a synchronised folder.

        There, in `wanted`, a copy of every backup does no harm and is safe from what may happen to this PC.
        """
        dialog = Dialog("这里不能放", problem.message, self._window, tone="caution")
        dialog.setMinimumWidth(520)
        dialog.body.addWidget(label(problem.advice, "secondary", wrap=True))
        dialog.body.addWidget(label(f"可以改放在本机：{place}", wrap=True))
        copies = QCheckBox(f"每次备份自动另存一份到原来的位置：{wanted}")
        copies.setChecked(True)
        dialog.body.addWidget(copies)
        dialog.add_button("另选位置", dialog.reject)
        dialog.add_button("放在本机", dialog.accept, primary=True)

        def begin() -> None:
            if copies.isChecked():
                self._window.settings.backup_folder = wanted
            again(place)

        dialog.accepted.connect(begin)
        dialog.open()

    def _offer_read_only(self, folder: Path, error: EnvironmentProblem) -> None:
        from db.store.lock import CountyLocked

        held = isinstance(error, CountyLocked)
        dialog = Dialog("正在使用" if held else "不能修改", error.message, self._window, tone="caution")
        dialog.body.addWidget(label(error.advice, "secondary", wrap=True))
        dialog.add_button("取消", dialog.reject)
        if isinstance(error, CountyLocked) and error.can_take_over:
            take_over = dialog.add_button("接管并打开", dialog.reject)
            take_over.clicked.connect(lambda: self.open(folder, take_over=True))
        dialog.add_button("只读打开", dialog.accept, primary=True)
        dialog.accepted.connect(lambda: self.open(folder, read_only=True))
        dialog.open()
