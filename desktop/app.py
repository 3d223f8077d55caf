"""Starting the program: the window is on the screen before anything slow is imported."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from desktop.frame import TITLE, Frame
from desktop.settings import Settings

if TYPE_CHECKING:
    from desktop.crash import CrashReporter
    from desktop.main_window import MainWindow

NAME = "sijian-desk"


def make_app(arguments: list[str] | None = None) -> QApplication:
    """Return the application with our look, in Chinese; the one that exists when there is one."""
    app = bare_app(arguments)
    dress(app)
    return app


def bare_app(arguments: list[str] | None = None) -> QApplication:
    """Return the application without our look yet; the one that exists when there is one."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(arguments or sys.argv[:1])
    app.setApplicationName(NAME)
    return app


def dress(app: QApplication) -> None:
    """Give the application its look and its language."""
    from PySide6.QtCore import QLocale
    from PySide6.QtGui import QIcon

    import resources
    from desktop import look

    app.setApplicationDisplayName(TITLE)
    app.setWindowIcon(QIcon(str(resources.path("icons/app.png"))))
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    _speak_chinese(app)
    look.apply(app)


def _speak_chinese(app: QApplication) -> None:
    """Load Qt's own Chinese words (打开, 取消, calendars)."""
    from PySide6.QtCore import QLibraryInfo, QTranslator

    if app.findChild(QTranslator, "qtbase_zh_CN") is not None:
        return
    translator = QTranslator(app)
    translator.setObjectName("qtbase_zh_CN")
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)


def run_window(folder: Path | None, file: Path | None = None) -> int:
    """Open the window, on the county in `folder` or the only one, and return the exit code when it is closed.

    With `file` (a backup or the like, from a double click) it begins by asking where that is to go. When the folder is
    open in another window already, that one comes to the front and this start ends.
    """
    app = bare_app()
    settings = Settings()
    if folder is None and file is None:
        folder = only_county(settings)
    if folder is not None and _shown_elsewhere(folder):
        return 0
    frame = Frame(settings, rail=folder is not None)
    program = Program(app, frame, settings, file)
    frame.painted.connect(partial(program.begin, folder))
    frame.show()
    try:
        return app.exec()
    finally:
        program.end()


def only_county(settings: Settings) -> Path | None:
    """Return the county that was opened before, when it is the only one: most clerks never have another."""
    recent = settings.recent
    return recent[0] if len(recent) == 1 else None


class Program:
    """What runs in the frame: log, crash reports, session and content, from the first paint to the end."""

    def __init__(self, app: QApplication, frame: Frame, settings: Settings, file: Path | None = None) -> None:
        self._app, self._frame, self._settings, self._file = app, frame, settings, file
        self._endings: list[Callable[[], None]] = []
        self.window: MainWindow | None = None

    def begin(self, folder: Path | None) -> None:
        """Fill the frame, and open the county in `folder` or show what to begin with.

        Log and crash reports come first: whatever fails after them is written down and shown.
        """
        crashes = self._catch()
        dress(self._app)
        from desktop.main_window import MainWindow
        from desktop.session import Session
        from desktop.settings import login_name

        session = Session(author=self._settings.author or login_name())
        self._endings += [_clear_letters, session.close]
        self.window = window = MainWindow(session, self._settings, crashes=crashes)
        self._frame.fill(window)
        if folder is None:
            window.show_welcome()
            if self._file is not None:
                window.opening.restore_from(self._file)
        else:
            window.open_folder(folder)

    def _catch(self) -> CrashReporter:
        from desktop import logs
        from desktop.crash import CrashReporter
        from desktop.settings import user_folder

        self._endings.append(logs.set_up(user_folder() / "logs"))
        crashes = CrashReporter(self._show_crash, self._frame)
        self._endings.append(crashes.install())
        return crashes

    def _show_crash(self, details: str) -> None:
        from desktop.dialogs.crash import show_crash

        dialog = show_crash(details, self._frame)
        if self._frame.content is None:
            dialog.finished.connect(self._frame.close)  # there is nothing to go on with

    def end(self) -> None:
        """Undo `begin`, last things first."""
        while self._endings:
            self._endings.pop()()


def _clear_letters() -> None:
    """Delete the letters that were opened, but not one that another program is only beginning to read."""
    from db.exchange.letters import clear_letters

    clear_letters(60)


def _shown_elsewhere(folder: Path) -> bool:
    """Return whether another window shows the folder, which then comes to the front.

    The lock says nothing when nobody holds it, and asking takes as long as painting.
    """
    lock = folder / "county.lock"
    if not lock.is_file() or not lock.stat().st_size:
        return False
    from desktop.instance import show_first

    return show_first(folder)
