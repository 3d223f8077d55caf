"""Asking the clerk for a file: it begins where the last file was, else in the user's documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.settings import Settings


def choose_file(parent: QWidget, title: str, kinds: str) -> Path | None:
    """Return the file that the clerk chose to open, None for none."""
    found = choose_files(parent, title, kinds, several=False)
    return found[0] if found else None


def choose_files(parent: QWidget, title: str, kinds: str = "", *, several: bool = True) -> Sequence[Path]:
    """Return the files that the clerk chose to open."""
    start = str(starting_folder())
    if several:
        names = QFileDialog.getOpenFileNames(parent, title, start, kinds)[0]
    else:
        names = [name for name in QFileDialog.getOpenFileName(parent, title, start, kinds)[:1] if name]
    return [remembered(Path(name)) for name in names]


def choose_folder(parent: QWidget, title: str) -> Sequence[Path]:
    """Return the folder that the clerk chose, alone in a list, or an empty list."""
    chosen = QFileDialog.getExistingDirectory(parent, title, str(starting_folder()))
    if not chosen:
        return []
    Settings().last_folder = Path(chosen)
    return [Path(chosen)]


def choose_target(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Return where the clerk wants a file called `name` written, None for nowhere."""
    chosen = QFileDialog.getSaveFileName(parent, title, str(starting_folder() / name), kinds)[0]
    return remembered(Path(chosen)) if chosen else None


def starting_folder() -> Path:
    """Return the folder of the file chosen last, where it still is; else the user's documents."""
    last = Settings().last_folder
    if last is not None and last.is_dir():
        return last
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())


def remembered(file: Path) -> Path:
    """Return `file`, whose folder the next choice begins in."""
    Settings().last_folder = file.parent
    return file
