"""Reading a workbook that somebody sends back: .xlsx, .xls, .et, .ods and the like, told apart by their content.

    read_sheets(path, progress=NO_PROGRESS) -> Workbook
    with coming(path, progress) as book: …      while the cells are read, what else there is to do can be done

The file is read by a process of its own (`server`), which may take only so much memory; the window goes on meanwhile.
"""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from db.core.errors import DataProblem, EnvironmentProblem, SijianError
from db.core.file_kinds import Kind, meant
from db.core.progress import NO_PROGRESS, Progress
from db.exchange.cells.kinds import kind_of
from db.exchange.cells.model import Raw, SheetCells, Workbook
from db.exchange.cells.server import serve
from db.store.files import explained

_WAIT = 0.05
"""Seconds between two questions whether the clerk has cancelled."""


def read_sheets(path: Path, progress: Progress = NO_PROGRESS) -> Workbook:
    """Return the workbook's cells; formulas by their stored results, hidden rows and sheets too, nothing is run.

    DataProblem when it is no workbook, has a password, is damaged or too large; EnvironmentProblem when it cannot be
    opened (held by Excel, gone); Cancelled.
    """
    with coming(path, progress) as book:
        return book.whole()


@contextmanager
def coming(path: Path, progress: Progress = NO_PROGRESS, name: str = "") -> Iterator[Coming]:
    """Yield the workbook, called `name`, while another process reads it; raises what `read_sheets` does."""
    with meant(path, Kind.WORKBOOK, Kind.DOCUMENT, ours=True), explained("读取工作簿", path):
        kind_of(path)  # told at once, without another process
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=serve, args=(theirs, str(path)), daemon=True)
    try:
        process.start()
        theirs.close()
        yield Coming(name or path.name, ours, progress)
    finally:
        ours.close()
        _end(process)


class Coming:
    """A workbook on its way: its properties come first, all its cells take longer."""

    def __init__(self, name: str, connection: Any, progress: Progress) -> None:
        self._name, self._connection, self._progress = name, connection, progress
        self._count = 0
        self.properties: dict[str, str] = self._next()[1]

    def whole(self) -> Workbook:
        """Return the workbook when all of it is here."""
        sheets: dict[str, SheetCells] = {}
        rows: list[list[Raw]] = []
        while True:
            match self._next():
                case ("rows", piece):
                    rows += piece
                    self._count += len(piece)
                case ("sheet", name, faults, merged):
                    rows = []
                    sheets[name] = SheetCells(name, rows, faults, merged)
                case ("end", kind, notes):
                    return Workbook(sheets, self.properties, kind, notes)

    def step(self) -> None:
        """Say how far it is; raises Cancelled."""
        self._progress.step(self._count, 0, f"正在读取{self._name}")

    def _next(self) -> tuple[Any, ...]:
        """Return the next message that is no problem."""
        try:
            self.step()
            while not self._connection.poll(_WAIT):
                self.step()
            message: tuple[Any, ...] = pickle.loads(self._connection.recv_bytes())
        except (EOFError, OSError) as error:
            raise _given_up(self._name) from error
        if message[0] == "problem":
            raise _problem(*message[1:])
        return message


def _problem(name: str, text: str, advice: str, code: str) -> SijianError:
    kind = EnvironmentProblem if name == "EnvironmentProblem" else DataProblem
    return kind(text, advice=advice, code=code)


def _given_up(name: str) -> DataProblem:
    return DataProblem(
        f"“{name}”读不了：内容太大，或已损坏。",
        advice="请用 Excel 或 WPS 打开，只保留要导入的表，另存为 .xlsx 后再导入。",
        code="book.gone",
    )


def _end(process: BaseProcess) -> None:
    if process.pid is not None:
        process.kill()
        process.join()
        process.close()
