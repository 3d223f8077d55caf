"""工作包: hand a part of the county to a colleague; in the folder of such a part, give back what was changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.core.progress import Progress
from db.plan.part import PartIdentity, part_identity
from desktop.file_choice import choose_folder
from desktop.session import Session
from desktop.widgets.basics import allow, button, label
from desktop.widgets.dialog import Dialog

if TYPE_CHECKING:
    from db.exchange.part.giveback import ReturnWritten
    from db.exchange.part.write import PartWritten

OUT, BACK = "工作包…", "交回…"
FOLDER = "工作包"


class PartButton(QWidget):
    """One button, whose word depends on whether the folder is a county or a part of one."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.identity: PartIdentity | None = None
        self.choose_place: Callable[[], Path | None] = lambda: choose_folder(self, "选择保存交回文件的文件夹")
        self.open_path: Callable[[Path], object] = lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
        self.dialog: Dialog | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.button = button(OUT, self.press)
        row.addWidget(self.button)
        session.opened.connect(self.refresh)
        if session.is_open:
            self.refresh()

    def refresh(self) -> None:
        """Read again what the folder is."""
        self._session.read(part_identity, self._show, owner=self)

    def _show(self, identity: PartIdentity | None) -> None:
        self.identity = identity
        self.button.setText(OUT if identity is None else BACK)
        self.button.setToolTip(
            "把一个部门、几个镇街、几张清单的那一部分交给另一台电脑上的同事"
            if identity is None
            else f"这个文件夹是工作包“{identity.title}”，把改动写成一个文件，交回给{identity.author or '发出它的人'}"
        )
        allow(self.button, not self._session.read_only)

    def press(self) -> None:
        """Ask what goes out, or where to that which goes back is written."""
        if self.identity is not None:
            self._give_back()
            return
        from desktop.dialogs.part_out import PartOutDialog

        dialog = PartOutDialog(self._session, self._session.folder / "exports" / FOLDER, self.window())
        dialog.wanted.connect(self._write)
        self._open(dialog)

    def _write(self, chosen: Mapping[str, Sequence[str]], folder: Path) -> None:
        county, catalogue = self._session.county, self._session.catalogue

        def work(progress: Progress) -> PartWritten:
            from db.exchange.part.scope import part_scope
            from db.exchange.part.write import write_part

            with county.reading() as conn:
                scope = part_scope(conn, catalogue, **chosen)
            return write_part(county, scope, folder, progress)

        told = "发给同事；他在首页点“从备份恢复”打开，填好后在“收发”页交回，您再在这一页收回。"
        self._session.job("写出工作包", work, lambda made: self._tell(made.sentence(), made.file, told))

    def _give_back(self) -> None:
        county, folder = self._session.county, self.choose_place()
        if folder is None:
            return

        def work(_progress: Progress) -> ReturnWritten:
            from db.exchange.part.giveback import write_return

            return write_return(county, folder)

        told = "把这个文件发回给发出工作包的人，他在“收发”页收回。以后再改，可以再交回一次。"
        self._session.job("写出交回的工作包", work, lambda made: self._tell(made.sentence(), made.file, told))

    def _tell(self, sentence: str, file: Path, advice: str) -> None:
        dialog = Dialog("工作包", sentence, self.window(), tone="good")
        dialog.body.addWidget(label(f"保存在：{file}", wrap=True))
        dialog.body.addWidget(label(advice, "secondary", wrap=True))
        dialog.add_button("打开所在文件夹", lambda: self.open_path(file.parent))
        dialog.add_button("知道了", dialog.accept, primary=True)
        self._open(dialog)

    def _open(self, dialog: Dialog) -> None:
        self.dialog = dialog
        dialog.open()
