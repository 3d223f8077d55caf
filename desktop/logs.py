"""Where the program writes what went wrong: a log file of the user, and one in the county's folder `logs`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

FILE = "sijian.log"
MOST_BYTES = 1_000_000
FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_HARMLESS = ("This plugin does not support ",)

qt_log = logging.getLogger("qt")


def set_up(folder: Path) -> Callable[[], None]:
    """Log into `folder`, Qt's own messages too; return what ends it. A folder that cannot be written is no error."""
    remove = _add_file(folder, logging.INFO)
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    previous = qInstallMessageHandler(_from_qt)

    def end() -> None:
        qInstallMessageHandler(previous)
        root.setLevel(level)
        remove()

    return end


def follow_county(folder: Path) -> Callable[[], None]:
    """Also log warnings and errors into the county's own folder; return what ends it."""
    return _add_file(folder / "logs", logging.WARNING)


def _add_file(folder: Path, level: int) -> Callable[[], None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / FILE, maxBytes=MOST_BYTES, backupCount=2, encoding="utf-8", delay=True, errors="replace"
        )
    except OSError:
        return lambda: None
    handler.setFormatter(logging.Formatter(FORMAT))
    handler.setLevel(level)
    root = logging.getLogger()
    root.addHandler(handler)

    def remove() -> None:
        root.removeHandler(handler)
        handler.close()

    return remove


def _from_qt(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    text = message or ""
    if not text.startswith(_HARMLESS):
        qt_log.log(_LEVELS[kind], "%s", text)
