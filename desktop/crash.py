"""Our own bugs: logged, shown once with details to copy, and the window goes on."""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, qVersion

from db import __version__

log = logging.getLogger(__name__)

Show = Callable[[str], object]


class CrashReporter(QObject):
    """Catches what nobody else caught, on any thread, and gives `show` the details on the GUI thread, once each."""

    _caught = Signal(str, str)

    def __init__(self, show: Show, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._show = show
        self._shown: set[str] = set()
        self._caught.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def install(self) -> Callable[[], None]:
        """Take over Python's hooks for uncaught exceptions; return what gives them back."""
        previous, previous_thread = sys.excepthook, threading.excepthook
        sys.excepthook = self._from_hook
        threading.excepthook = self._from_thread

        def give_back() -> None:
            sys.excepthook, threading.excepthook = previous, previous_thread

        return give_back

    def report(self, error: BaseException) -> None:
        """Log `error` and show it, unless the same one has been shown before."""
        details = "".join(traceback.format_exception(error))
        log.error("uncaught %s\n%s", type(error).__name__, details)
        self._caught.emit(signature(error), details)

    def _from_hook(self, kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, error.__traceback__)
        else:
            self.report(error)

    def _from_thread(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None and not isinstance(caught.exc_value, SystemExit):
            self.report(caught.exc_value)

    def _tell(self, mark: str, details: str) -> None:
        if mark not in self._shown:
            self._shown.add(mark)
            self._show(f"{system()}\n\n{details}")


def signature(error: BaseException) -> str:
    """Return what makes two errors the same: their kind and where they were raised."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__} {place}"


def system() -> str:
    """Return the versions that a report needs."""
    return f"sijian-desk {__version__} · Python {platform.python_version()} · Qt {qVersion()} · {platform.platform()}"
