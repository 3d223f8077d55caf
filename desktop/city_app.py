"""Starting the city's window: by itself (`sijian city`), or beside the county's from the start page."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from desktop.app import Program, bare_app, dress
from desktop.frame import Frame
from desktop.settings import Settings


class CityProgram(Program):
    """What runs in the frame of the city's window; with `practice` on a ledger to practise with."""

    practice = False

    def begin(self, folder: Path | None) -> None:
        """Fill the frame, and open the ledger `folder`, or the usual one."""
        crashes = self._catch()
        dress(self._app)
        from desktop.city_session import CitySession
        from desktop.city_window import CityWindow, usual_ledger
        from desktop.settings import login_name

        session = CitySession(author=self._settings.author or login_name())
        self._endings.append(session.close)
        window = CityWindow(session, crashes)
        self._frame.fill(window)
        if self.practice and folder is None:
            window.practise()
        else:
            window.open_ledger(folder or usual_ledger(), sample=self.practice)


def run_city_window(ledger: Path | None, *, practice: bool = False) -> int:
    """Open the city's window on `ledger`, or on the usual one, and return the exit code when it is closed.

    For `practice` it is a ledger to practise with.
    """
    app = bare_app()
    settings = Settings()
    frame = Frame(settings)
    program = CityProgram(app, frame, settings)
    program.practice = practice
    frame.painted.connect(partial(program.begin, ledger))
    frame.show()
    try:
        return app.exec()
    finally:
        program.end()


def open_beside(settings: Settings) -> Frame:
    """Open the city's window on the usual ledger in a frame of its own and return that; closing it deletes it."""
    from PySide6.QtCore import Qt

    from desktop.city_session import CitySession
    from desktop.city_window import CityWindow, usual_ledger
    from desktop.settings import login_name

    frame = Frame(settings)
    frame.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    window = CityWindow(CitySession(author=settings.author or login_name()))
    frame.fill(window)
    frame.setWindowTitle(window.windowTitle())
    window.open_ledger(usual_ledger())
    frame.show()
    return frame
