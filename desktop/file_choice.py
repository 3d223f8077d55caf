"""Asking the clerk for a file: it begins where the last file was, else in the user's documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.settings import Settings


def choose_file(parent: QWidget, title: str, kinds: str, *, start: Path | None = None) -> Path | None:
    """Return the file that the clerk chose to open, None for none; `start` is where such files usually are."""
    found = choose_files(parent, title, kinds, several=False, start=start)
    return found[0] if found else None


def choose_files(
    parent: QWidget, title: str, kinds: str = "", *, several: bool = True, start: Path | None = None
) -> Sequence[Path]:
    """Return the files that the clerk chose to open."""
    begin = str(start if start is not None and start.is_dir() else starting_folder())
    if several:
        names = QFileDialog.getOpenFileNames(parent, title, begin, kinds)[0]
    else:
        names = [name for name in QFileDialog.getOpenFileName(parent, title, begin, kinds)[:1] if name]
    return [remembered(Path(name)) for name in names]


def choose_target(parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
    """Return where the clerk wants a file called `name` written, None for nowhere.

    A `name` with its whole path is offered there: a folder of ours, in which the next choice does not begin.
    """
    chosen = QFileDialog.getSaveFileName(parent, title, str(starting_folder() / name), kinds)[0]
    if not chosen:
        return None
    file = Path(chosen)
    return file if file.parent == Path(name).parent else remembered(file)


def choose_folder(parent: QWidget, title: str, present: str = "") -> Path | None:
    """Return the folder that the clerk chose, None for none; it begins in `present` where that is one."""
    begin = present if present and Path(present).is_dir() else str(starting_folder())
    chosen = QFileDialog.getExistingDirectory(parent, title, begin)
    if not chosen:
        return None
    Settings().last_folder = Path(chosen)
    return Path(chosen)


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
