"""Files that would take all memory or bring the program down: a sentence each, and little is taken."""

from __future__ import annotations

import gc
import pickle
import threading
import zipfile
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path
from typing import Self

import openpyxl
import psutil
import pytest

from db.core.errors import Cancelled, DataProblem
from db.exchange.cells import read, server
from db.exchange.cells.read import read_sheets
from tests.db.exchange.cells.strange_files import huge_sheet, plain_book, with_parts, zipped

MOST_MEMORY = 500 << 20

ODS = b"""<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">
<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def far_corner(file: Path) -> Path:
    return rewritten(
        plain_book(file), b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )


def sparse(file: Path) -> Path:
    cells = b'<row r="199999"><c r="SE199999"><v>1</v></c></row></sheetData>'
    return rewritten(plain_book(file), b"</sheetData>", cells)


def out_of_order(file: Path) -> Path:
    """The far cell comes first, and so written that only its memory tells."""
    cells = b'<sheetData><row r="199999"><c r="SE199999"><v>1</v></c></row><row r="150000">'
    cells += b'<c r="SE150000"><v>1</v></c></row>'
    return rewritten(plain_book(file), b"<sheetData>", cells)


def rewritten(file: Path, old: bytes, new: bytes) -> Path:
    with zipfile.ZipFile(file) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert old in sheet
    return with_parts(file, xl__worksheets__sheet1_dot_xml=sheet.replace(old, new))


def bomb(file: Path) -> Path:
    plain_book(file)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/media/image1.png", "w", force_zip64=True) as part:
            for _ in range(800):
                part.write(bytes(1 << 20))
    return file


def repeated(file: Path) -> Path:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped(file, [("mimetype", kind), ("META-INF/manifest.xml", b"<a/>"), ("content.xml", ODS)])


def laughs(file: Path) -> Path:
    lines = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    return rewritten(plain_book(file), b"<worksheet", b'<!DOCTYPE w [<!ENTITY a0 "ha">' + lines + b"]><worksheet")


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "A1 and the far corner": (far_corner, "XFD1048576"),
    "a hundred million empty cells between two": (sparse, "SE199999"),
    "rows out of order": (out_of_order, "SE199999"),
    "zip bomb": (bomb, "太大"),
    "cells repeated in an ods": (repeated, "XFD1048576"),
    "entities of entities": (laughs, "已损坏"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_would_take_all_memory_is_refused_and_takes_little(tmp_path: Path, name: str) -> None:
    make, said = HOSTILE[name]
    file = make(tmp_path / "a.xlsx")
    with _Peak() as peak, pytest.raises(DataProblem, match=said):
        read_sheets(file)
    assert peak.bytes < MOST_MEMORY


def test_a_million_formatted_rows_hold_nothing(tmp_path: Path) -> None:
    file = huge_sheet(tmp_path / "a.xlsx", 1_000_000, b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>')
    with _Peak() as peak:
        assert read_sheets(file).sheets["表"].rows == [["x"]]
    assert peak.bytes < MOST_MEMORY


def test_sheets_that_are_too_many_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = openpyxl.Workbook()
    for number in range(4):
        made.create_sheet(f"表{number}")["B2"] = number
    made.save(tmp_path / "a.xlsx")
    ours, theirs = Pipe(duplex=False)
    monkeypatch.setattr(server, "limit_memory", lambda most: None)
    monkeypatch.setattr(gc, "disable", lambda: None)
    monkeypatch.setattr(server, "MOST_CELLS", 10)
    server.serve(theirs, str(tmp_path / "a.xlsx"))
    theirs.close()
    sent = []
    with pytest.raises(EOFError):
        while True:
            sent.append(pickle.loads(ours.recv_bytes()))
    assert sent[-1][0] == "problem" and "太大" in sent[-1][2]
    assert sum(len(row) for message in sent if message[0] == "rows" for row in message[1]) <= 10


def test_a_process_that_dies_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "serve", _die)
    with pytest.raises(DataProblem, match="内容太大，或已损坏"):
        read_sheets(plain_book(tmp_path / "a.xlsx"))


def test_cancelling_ends_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "serve", _hang)

    class Impatient:
        steps = 0

        def step(self, done: int, total: int, text: str = "") -> None:
            self.steps += 1
            if self.steps > 3:
                raise Cancelled

    with pytest.raises(Cancelled):
        read_sheets(plain_book(tmp_path / "a.xlsx"), Impatient())
    assert not [each for each in psutil.Process().children() if "spawn_main" in " ".join(each.cmdline())]


def _die(connection: object, file: str) -> None:
    import os

    os.abort()


def _hang(connection: object, file: str) -> None:
    threading.Event().wait()


class _Peak:
    """Watches how much memory the reading process holds."""

    def __init__(self) -> None:
        self.bytes = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._stop.wait(0.01):
            for child in own.children():
                try:
                    self.bytes = max(self.bytes, child.memory_info().rss)
                except psutil.Error:
                    continue
