"""帮助 › 诊断: one zip for whoever helps from afar, about the program, the PC and the file, not about the county.

window_facts() -> dict                   screens and fonts; on the GUI thread
write_diagnosis(file, folder, facts)     the zip; on any other
"""

from __future__ import annotations

import io
import json
import locale
import platform
import shutil
import sqlite3
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db import __version__
from db.store.files import write_atomically
from desktop import logs
from desktop.printing import FAMILIES
from desktop.scrub import scrubbed
from desktop.settings import Settings, user_folder

if TYPE_CHECKING:
    from desktop.main_window import MainWindow

FACTS, GUIDE = "facts.json", "说明.txt"
WORDS = """这个文件用来查找程序的问题，可以发给维护人员。
里面有：程序和系统的版本、屏幕和字体、磁盘的种类和剩余空间、数据文件的完好检查结果、程序日志。
里面没有：填报的内容、单位和人员的名称、电话、文件夹的名称。日志里的汉字、数字、引号里的内容和路径都已换成符号。
"""


def write_diagnosis(file: Path, folder: Path | None, window: dict[str, Any] | None = None) -> Path:
    """Write the zip `file` about this PC and the county in `folder` (None: no county) and return it.

    EnvironmentProblem when it cannot be written.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(GUIDE, WORDS)
        archive.writestr(FACTS, json.dumps(facts(folder, window or {}), ensure_ascii=False, indent=1))
        for name, log in _logs(folder):
            archive.writestr(name, scrubbed(log.read_text(encoding="utf-8", errors="replace")))
    write_atomically(file, content.getvalue(), "写入诊断文件")
    return file


def facts(folder: Path | None, window: dict[str, Any]) -> dict[str, Any]:
    """Return everything that is told, as JSON values."""
    from PySide6.QtCore import qVersion

    from db.store.condition import condition, place_facts

    settings = Settings()
    return {
        "program": {"version": __version__, "frozen": bool(getattr(sys, "frozen", False))},
        "python": platform.python_version(),
        "qt": qVersion(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.platform(),
        "processor": platform.machine(),
        "encodings": {"console": getattr(sys.stdout, "encoding", None), "locale": locale.getpreferredencoding(False)},
        "window": window,
        "settings": {"name_given": bool(settings.author), "counties": len(settings.recent), **settings.told},
        "user_folder": place_facts(user_folder()),
        "temporary_free_bytes": _free(),
        "county": condition(folder) if folder is not None else None,
    }


def window_facts() -> dict[str, Any]:
    """Return facts of the screens and the fonts; empty where there is no application."""
    from PySide6.QtGui import QFontDatabase, QGuiApplication

    app = QGuiApplication.instance()
    if not isinstance(app, QGuiApplication):
        return {}
    families = set(QFontDatabase.families())
    return {
        "platform": app.platformName(),
        "screens": [
            {
                "size": [each.size().width(), each.size().height()],
                "room": [each.availableGeometry().width(), each.availableGeometry().height()],
                "scale": each.devicePixelRatio(),
                "dpi": round(each.logicalDotsPerInch()),
            }
            for each in app.screens()
        ],
        "font": app.font().family(),
        "fonts_of_letters": [name for name in FAMILIES if name in families],
    }


def offer_diagnosis(window: MainWindow) -> None:
    """Ask the clerk where to, write the zip and say so."""
    from desktop.file_choice import choose_target

    file = choose_target(window, "保存诊断文件", f"诊断-{__version__}.zip", "压缩包 (*.zip)")
    if file is None:
        return
    session, seen = window.session, window_facts()
    folder = session.folder if session.is_open else None
    session.job(
        "诊断",
        lambda _progress: write_diagnosis(file, folder, seen),
        lambda _file: window.toast.say(f"诊断文件已保存：{file}。里面没有填报内容，可以发给维护人员。"),
    )


def _logs(folder: Path | None) -> Iterator[tuple[str, Path]]:
    for place, where in (("user", user_folder() / "logs"), ("county", folder / "logs" if folder is not None else None)):
        if where is not None and where.is_dir():
            yield from ((f"{place}/{log.name}", log) for log in sorted(where.glob(f"{logs.FILE}*")))


def _free() -> int | None:
    import tempfile

    try:
        return shutil.disk_usage(tempfile.gettempdir()).free
    except OSError:
        return None
