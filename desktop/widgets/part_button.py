"""工作包: hand a part of the county to a colleague."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.core.progress import Progress
from desktop.outside import open_outside
from desktop.session import Session
from desktop.widgets.basics import allow, button, label
from desktop.widgets.dialog import Dialog

if TYPE_CHECKING:
    from db.exchange.part.scope import PartScope
    from db.exchange.part.write import PartWritten
    from desktop.dialogs.part_out import PartOutDialog

OUT = "工作包…"
TOLD = "发给同事；他在开始页点“打开工作包或交接包…”（或把文件拖进去），填好后在“回交”页交回，您再在这一页收回。"
FOLDER = "工作包"


class PartButton(QWidget):
    """One button; a part of a county has none, since it cannot be divided again."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.open_path: Callable[[Path], object] = open_outside
        self.dialog: Dialog | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.button = button(OUT, self.press)
        row.addWidget(self.button)
        self.button.setToolTip("把一个部门、几个镇街、几张清单的那一部分交给另一台电脑上的同事")
        session.opened.connect(self._on_opened)
        if session.is_open:
            self._on_opened()

    def _on_opened(self) -> None:
        # Not the whole: it has no place in the page yet, and would flash up as a window of its own.
        self.button.setVisible(self._session.part is None)
        allow(self.button, not self._session.read_only)

    def press(self) -> None:
        """Ask what goes out."""
        from desktop.dialogs.part_out import PartOutDialog

        dialog = PartOutDialog(self._session, self._session.folder / "exports" / FOLDER, self.window())
        dialog.wanted.connect(lambda scope, folder: self._write(dialog, scope, folder))
        self._open(dialog)

    def _write(self, dialog: PartOutDialog, scope: PartScope, folder: Path) -> None:
        """Write the part; where that fails the dialog comes back with what was chosen in it."""
        county = self._session.county

        def work(progress: Progress) -> PartWritten:
            from db.exchange.part.write import write_part

            return write_part(county, scope, folder, progress)

        def done(made: PartWritten) -> None:
            dialog.close()
            self._tell(made.sentence(), made.file, TOLD)

        self._session.job("写出工作包", work, done, dialog.refuse)

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
