"""The city's window as its clerk meets it, over a ledger with two counties."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.app import make_app
from desktop.city_session import CitySession
from desktop.city_window import CityWindow
from desktop.jobs import SyncJobs
from desktop.widgets.dialog import Dialog
from tests.db.exchange.ledger.city import City

TODAY = date(2022, 4, 8)


class CityPage:
    """The window, and the counties' offices whose packages it takes."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        make_app()
        self.city = City(folder)
        self.session = CitySession(SyncJobs(), author="李明")
        self.session.today = lambda: TODAY
        self.problems: list[Exception] = []
        self.session.problem.connect(self.problems.append)
        self.window = CityWindow(self.session)
        qtbot.addWidget(self.window)
        self.window.resize(1366, 768)
        self.window.show()
        self.window.open_ledger(self.city.ledger.path)

    def report(self, county: str, *amounts: int) -> Path:
        """Return the county's package of March with these figures."""
        office = self.city.office(county)
        office.share(*[1000] * len(amounts))
        office.file(*amounts)
        return office.export().path

    def dialog(self, kind: type[Dialog]) -> Dialog:
        """Return the dialog of this kind that is open."""
        (found,) = [each for each in self.window.findChildren(kind) if each.isVisible()]
        return found

    def close(self) -> None:
        self.window.close()
        self.city.close()
