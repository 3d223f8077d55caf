"""Where the city's clerk comes to in the window, of a ledger with two counties and an empty one; for pictures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from db.core.period import Period
from db.exchange.answers import ACCEPTED, RETURNED
from db.exchange.ledger.remarks import RemarkEntry, add_remarks, add_reply
from db.exchange.ledger.reports import number_of
from desktop.city_session import CitySession
from desktop.city_window import CityWindow
from desktop.jobs import SyncJobs
from tests.db.exchange.ledger.city import City
from tests.db.exchange.packages import small_package

SHOUGUANG, QINGZHOU = "370783", "370781"
TODAY = date(2022, 4, 8)


def open_window(folder: Path, size: tuple[int, int]) -> CityWindow:
    """Return the window with an empty ledger open."""
    folder.mkdir(parents=True)
    session = CitySession(SyncJobs(), author="李明")
    session.today = partial(_same, TODAY)
    window = CityWindow(session)
    window.resize(*size)
    window.show()
    window.open_ledger(folder / "空.db")
    return window


def stops(window: CityWindow, folder: Path) -> Iterator[tuple[str, QWidget]]:
    """Yield each place by its name, with what is to be looked at."""
    yield from _shown("empty", window)
    city = City(folder)
    number = _fill(city)
    city.receive(small_package(folder / "proven"))
    with city.ledger.reading() as conn:
        proven = number_of(conn, f"{SHOUGUANG}-registers-2022-v1")
    city.close()
    window.open_ledger(folder / "核收.db")
    window.board.matrix.choose(SHOUGUANG, "2022-03")
    yield from _shown("board", window)
    window.show_report(number)
    remark = window.report.remarks.selected
    assert remark is not None
    window.report.rows.lead_to(remark.table, remark.row_id, remark.field)
    yield from _shown("report", window)
    window.show_report(proven)
    window.report.rows.grid.setCurrentIndex(window.report.rows.rows_model.index(0, 0))
    yield from _shown("proofs", window)
    window.show_report(number)
    for name, show in (
        ("return", window.report.return_button.click),
        ("received", partial(window.take, [folder / f"{QINGZHOU}-out"])),
        ("day", window.board.day_button.click),
    ):
        show()
        for dialog in [each for each in window.findChildren(QWidget) if each.isWindow() and each.isVisible()]:
            yield from _shown(name, dialog)
            dialog.close()


def _shown(name: str, widget: QWidget) -> Iterator[tuple[str, QWidget]]:
    QApplication.processEvents()
    yield name, widget


def _fill(city: City) -> int:
    """Take in three months of two counties, and return the number of the package that has remarks."""
    for place, code in enumerate((SHOUGUANG, QINGZHOU)):
        office = city.office(code)
        office.share(1200, 800, 500)
        for month in (1, 2, 3):
            office.file(100 * month, 80 * month, 20 * month, month=Period(2022, month))
            city.receive(office.export(period=f"2022-0{month}").path, on=date(2022, month + 1, 4 + 5 * place))
    with city.ledger.reading() as conn:
        numbers = dict(conn.execute("SELECT name, number FROM package"))
        number = int(numbers[f"{SHOUGUANG}-monthly-2022-03-v1"])
        (row_id,) = conn.execute("SELECT id FROM rows_progress WHERE _package = ?", (number,)).fetchone()
    city.answer(numbers[f"{SHOUGUANG}-monthly-2022-01-v1"], ACCEPTED)
    city.answer(numbers[f"{QINGZHOU}-monthly-2022-01-v1"], RETURNED, "附件打不开，请重新导出。")
    entry = RemarkEntry("比上月多了一倍多，请核实并附验收单。", "progress", row_id, "amount")
    first, _ = add_remarks(city.ledger, number, [entry, RemarkEntry("上报函没有盖章。")])
    add_reply(city.ledger, first, "请在本周内答复。")
    return number


def _same(day: date) -> date:
    return day
