"""Files shown in the programs that the computer has for them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_outside(path: Path) -> None:
    """Show a file in the program that the computer has for it, a folder in the one for folders."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def viewed() -> Path:
    """Return the folder in which proof files lie that are only to be looked at, away from the data."""
    return Path(tempfile.gettempdir()) / "sijian-view"
