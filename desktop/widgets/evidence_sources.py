"""What can become proof files: files dragged here or copied elsewhere, and a picture on the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from db.core.errors import EnvironmentProblem


def files_in(mime: QMimeData) -> list[Path]:
    """Return the files that are dragged or were copied; folders and links to web pages are none."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.is_file()]


def clipboard_has_evidence() -> bool:
    """Return whether the clipboard holds files or a picture, not text: Excel copies cells as a picture too."""
    mime = QGuiApplication.clipboard().mimeData()
    return bool(files_in(mime)) or (mime.hasImage() and not mime.hasText())


def clipboard_files() -> list[Path]:
    """Return the files that were copied in the system's file manager."""
    return files_in(QGuiApplication.clipboard().mimeData())


def clipboard_image() -> QImage:
    """Return the picture on the clipboard, a null one when there is none."""
    return QGuiApplication.clipboard().image()


def image_name(now: datetime) -> str:
    """Return the name of a picture pasted at this moment."""
    return f"截图 {now:%Y-%m-%d %H.%M.%S}.png"


def write_image(image: QImage, file: Path) -> Sequence[Path]:
    """Write a picture as PNG and return its file alone; EnvironmentProblem when that cannot be done."""
    if not image.save(str(file), "PNG"):  # type: ignore[call-overload]
        raise EnvironmentProblem(f"截图没有保存成（{file}）。", advice="请检查磁盘空间后再粘贴一次。")
    return [file]
