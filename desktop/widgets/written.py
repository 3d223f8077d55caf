"""Tells that a paper or workbook is there, where, and what could not be written; opens it or its folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.widgets.basics import label
from desktop.widgets.dialog import Dialog

MOST_WRONG = 6


def written_dialog(
    parent: QWidget, sentence: str, place: Path, open_path: Callable[[Path], object], wrong: Sequence[str] = ()
) -> Dialog:
    """Return the dialog, not yet open; it deletes itself when closed."""
    dialog = Dialog("已完成", sentence, parent, tone="caution" if wrong else "good")
    for each in wrong[:MOST_WRONG]:
        dialog.body.addWidget(label(each, wrap=True, tone="bad"))
    dialog.body.addWidget(label(f"保存在：{place}", "secondary", wrap=True))
    folder = place if place.is_dir() else place.parent
    dialog.add_button("打开所在文件夹", lambda: open_path(folder))
    if place.is_file():
        dialog.add_button("打开", lambda: open_path(place))
    dialog.add_button("知道了", dialog.accept, primary=True)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog
