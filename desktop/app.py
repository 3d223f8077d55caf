"""Starting the program: the window is on the screen before anything slow is imported."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

import resources
from desktop import look
from desktop.settings import Settings, login_name, user_folder

NAME = "sijian-desk"


def make_app(arguments: list[str] | None = None) -> QApplication:
    """Return the application with our look, in Chinese; the one that exists when there is one."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(arguments or sys.argv[:1])
    app.setApplicationName(NAME)
    app.setApplicationDisplayName("“四减四增”县级填报系统")
    app.setWindowIcon(QIcon(str(resources.path("icons/app.png"))))
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    _speak_chinese(app)
    look.apply(app)
    return app


def _speak_chinese(app: QApplication) -> None:
    """Load Qt's own Chinese words (打开, 取消, calendars)."""
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
    app = make_app()
    if folder is not None and _shown_elsewhere(folder):
        return 0
    from desktop import logs
    from desktop.main_window import MainWindow
    from desktop.session import Session

    end_log = logs.set_up(user_folder() / "logs")
    settings = Settings()
    session = Session(author=settings.author or login_name())
    window = MainWindow(session, settings)
    give_back_hooks = window.crashes.install()
    window.painted.connect(lambda: _begin(window.open_folder, window.show_welcome, folder))
    window.show()
    try:
        return app.exec()
    finally:
        session.close()
        give_back_hooks()
        end_log()


def _begin(open_folder: Callable[[Path], None], show_welcome: Callable[[], None], folder: Path | None) -> None:
    if folder is None:
        show_welcome()
    else:
        open_folder(folder)


def _shown_elsewhere(folder: Path) -> bool:
    if not (folder / "county.lock").exists():
        return False
    from desktop.instance import show_first

    return show_first(folder)
