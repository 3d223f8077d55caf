"""Starting the program: the window is on the screen before anything slow is imported."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from desktop.frame import TITLE, Frame

if TYPE_CHECKING:
    from desktop.settings import Settings

NAME = "sijian-desk"


def make_app(arguments: list[str] | None = None) -> QApplication:
    """Return the application with our look, in Chinese; the one that exists when there is one."""
    app = _bare_app(arguments)
    _dress(app)
    return app


def _bare_app(arguments: list[str] | None = None) -> QApplication:
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(arguments or sys.argv[:1])
    app.setApplicationName(NAME)
    return app


def _dress(app: QApplication) -> None:
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


def run_window(folder: Path | None) -> int:
    """Open the window, on the county in `folder` when given, and return the exit code when it is closed.

    When the folder is open in another window already, that one comes to the front and this start ends.
    """
    app = _bare_app()
    if folder is not None and _shown_elsewhere(folder):
        return 0
    from desktop.settings import Settings

    settings = Settings()
    frame = Frame(settings.window)
    program = _Program(app, frame, settings, folder)
    frame.painted.connect(program.begin)
    frame.show()
    try:
        return app.exec()
    finally:
        program.end()


class _Program:
    """What runs behind the frame: log, session and the window's content, from the first paint to the end."""

    def __init__(self, app: QApplication, frame: Frame, settings: Settings, folder: Path | None) -> None:
        self._app, self._frame, self._settings, self._folder = app, frame, settings, folder
        self._endings: list[Callable[[], None]] = []

    def begin(self) -> None:
        """Fill the window and open the county, or show what to begin with."""
        from desktop import logs
        from desktop.main_window import MainWindow
        from desktop.session import Session
        from desktop.settings import login_name, user_folder

        settings = self._settings
        self._endings.append(logs.set_up(user_folder() / "logs"))
        _dress(self._app)
        session = Session(author=settings.author or login_name())
        self._endings.append(session.close)
        window = MainWindow(session, settings)
        self._endings.append(window.crashes.install())
        self._frame.fill(lambda _frame: window)
        if self._folder is None:
            window.show_welcome()
        else:
            window.open_folder(self._folder)

    def end(self) -> None:
        """Undo `begin`, last things first."""
        for ending in reversed(self._endings):
            ending()


def _shown_elsewhere(folder: Path) -> bool:
    """Return whether another window shows the folder; it then comes to the front. The lock is empty when none does."""
    lock = folder / "county.lock"
    if not lock.is_file() or not lock.stat().st_size:
        return False
    from desktop.instance import show_first

    return show_first(folder)
