"""Reading the workbooks that units sent back, before they are shown in 收回工作簿."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from db.core.errors import DataProblem
from db.core.progress import Progress
from db.exchange.unit_book.read import read_books, spreadsheets
from db.exchange.unit_book.reading import ReadFile
from db.exchange.unit_book.store import RECEIVED, receive
from db.store.attachments import open_path
from desktop.dialogs.received_books import ReceivedBooksDialog
from desktop.session import Session

Show = Callable[[ReceivedBooksDialog], object]


def read_received(session: Session, paths: Sequence[Path], parent: QWidget, show: Show) -> None:
    """Read the files (or folders) off the window's thread, note that they came, and hand the dialog to `show`."""
    _read(session, lambda: {file: file.name for file in spreadsheets(paths)}, parent, show)


def read_kept(session: Session, sha256: str, name: str, parent: QWidget, show: Show) -> None:
    """Read a file once more that came in before, called `name` then, from the original that was kept."""
    county = session.county
    _read(session, lambda: {open_path(county, sha256, name): name}, parent, show)


def _read(session: Session, find: Callable[[], Mapping[Path, str]], parent: QWidget, show: Show) -> None:
    county, catalogue, read_only = session.county, session.catalogue, session.read_only

    def work(progress: Progress) -> list[ReadFile]:
        files = find()
        if not files:
            raise DataProblem("这里面没有 Excel 工作簿。", advice="请选择 .xlsx、.xls、.et 或 .ods 文件。")
        with county.reading() as conn:
            found = read_books(conn, catalogue, [*files], progress, files)
        if not read_only:
            with county.operation(RECEIVED, record=True) as op:
                receive(op, county, found)
        return found

    session.job("读取收回的工作簿", work, lambda found: show(ReceivedBooksDialog(session, found, parent)))
