"""打开上报函: takes the letter out of a package and shows it in the program that the computer has for PDFs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from db.core.errors import DataProblem
from db.exchange.letters import clear_letters, take_letter
from db.exchange.zip_read import NO_PASSWORD, WRONG_PASSWORD
from desktop.dialogs.package_password import PackagePasswordDialog
from desktop.outside import open_outside
from desktop.session import Session

_AN_HOUR = 3600.0
"""After it no program is still about to read a copy, in another window either."""


class LetterOpener(QObject):
    """Asks for the password of a package where it has one that is not given; it is kept nowhere."""

    def __init__(self, session: Session, host: QWidget) -> None:
        super().__init__(host)
        self._session, self._host = session, host
        self.dialog: PackagePasswordDialog | None = None
        self.open_outside: Callable[[Path], object] = open_outside

    def open(self, package: Path, data_sha256: str, password: str = "", *, again: bool = False) -> None:
        """Open the letter of the package that was exported with this hash; `again` when a password was typed here."""

        def take(_conn: sqlite3.Connection) -> Path:
            clear_letters(_AN_HOUR)
            return take_letter(package, data_sha256, password)

        def failed(error: Exception) -> None:
            if isinstance(error, DataProblem) and error.code in (NO_PASSWORD, WRONG_PASSWORD):
                self._ask(package, data_sha256, wrong=again)
            else:
                self._session.problem.emit(error)

        self._session.read(take, lambda copy: self.open_outside(copy), owner=self, key="letter", failed=failed)

    def _ask(self, package: Path, data_sha256: str, *, wrong: bool) -> None:
        self.dialog = PackagePasswordDialog(package.name, wrong=wrong, ours=True, parent=self._host.window())
        self.dialog.given.connect(lambda typed: self.open(package, data_sha256, typed, again=True))
        self.dialog.open()
