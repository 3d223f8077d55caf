"""备份另存到: the folder that every backup is copied to as well; choosing it, and doing without."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.file_choice import choose_folder
from desktop.session import Session
from desktop.settings import Settings
from desktop.widgets.basics import ElidedLabel, label, link_button

NOWHERE = "还没有设置；可以选U盘、网络共享或同步文件夹"


class BackupElsewhere(QWidget):
    """One line: where to, and whether the newest backup is there."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asked = 0
        self.choose_place: Callable[[], Path | None] = self._choose
        self.place = ElidedLabel("", "secondary")
        self.fault = label("", "problem", wrap=True)
        self.choose_button = link_button("选择文件夹…", self.choose)
        self.stop_button = link_button("不再另存", lambda: self._set(None))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(label("每次备份另存到", "field"))
        line.addWidget(self.place, 1)
        line.addWidget(self.fault, 1)
        line.addWidget(self.choose_button)
        line.addWidget(self.stop_button)
        self._show("")

    def refresh(self) -> None:
        """Look whether the newest backup is there."""
        from desktop.second_copy import behind_elsewhere

        folder = self._session.folder
        self._ask(lambda: behind_elsewhere(folder))

    def choose(self) -> None:
        """Let the clerk choose the folder, and copy what there is."""
        chosen = self.choose_place()
        if chosen is None:
            return
        from db.core.errors import DataProblem
        from db.store.backup_copies import check_second_place

        try:
            check_second_place(self._session.folder, chosen)
        except DataProblem as problem:
            self._show(str(problem))
            return
        self._set(chosen)

    def _set(self, folder: Path | None) -> None:
        Settings().backup_folder = folder
        self.copy()

    def copy(self) -> None:
        """Copy the backups there are, beside whatever else the clerk does, and show how that went."""
        from desktop.second_copy import copy_elsewhere

        folder = self._session.folder
        self._ask(lambda: copy_elsewhere(folder))

    def _ask(self, look: Callable[[], str]) -> None:
        """Show what comes of it, unless something else was asked meanwhile: a share that is gone answers late."""
        self._asked = asked = self._asked + 1
        self._session.aside(look, lambda fault: self._show(fault) if asked == self._asked else None, owner=self)

    def _show(self, fault: str) -> None:
        to = Settings().backup_folder
        self.place.setText(str(to) if to is not None else NOWHERE)
        self.place.setVisible(not fault)
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        self.stop_button.setVisible(to is not None)

    def _choose(self) -> Path | None:
        return choose_folder(self, "选择另存备份的文件夹", str(Settings().backup_folder or ""))
