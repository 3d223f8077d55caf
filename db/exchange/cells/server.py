"""The other process: looks through the file, has calamine read it, and sends its cells a piece at a time.

What a stranger's file can do here (abort the library, take all memory) it does to this process alone.
"""

from __future__ import annotations

import gc
import io
import pickle
import zipfile
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from db.core.errors import DataProblem, EnvironmentProblem
from db.core.text import quote
from db.core.values import plain
from db.exchange.cells.kinds import damaged, encrypted, kind_of, too_large
from db.exchange.cells.model import Faults, Raw, place
from db.exchange.cells.ods_look import look_through_ods
from db.exchange.cells.ole import OleDamaged
from db.exchange.cells.sheet_look import SheetDamaged
from db.exchange.cells.xls_look import look_through_xls
from db.exchange.cells.xlsb_look import look_through_xlsb
from db.exchange.cells.xlsx_look import MACROS, look_through_xlsx, properties_of
from db.store.files import explained
from db.store.processes import limit_memory

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 200_000, 500, 6_000_000
"""A sheet's used range, of which a reader keeps room for every cell; as many cells has a workbook as a whole."""
LARGEST_PART, LARGEST_STRINGS, LARGEST_BOOK = 600_000_000, 150_000_000, 1_500_000_000
"""Bytes of the parts of a zipped workbook, unpacked."""
MOST_MEMORY = 640 << 20
"""Bytes of address space; about 150 MB of it are the interpreter and its libraries, of which little is ever used."""
_PIECE = 4_000
_LARGEST_RATE = 1e9


@dataclass
class _Look:
    """What is known of one sheet before it is read."""

    name: str
    faults: Faults
    last_row: int = 0
    last_column: int = 0
    merged: tuple[tuple[int, int, int, int], ...] = ()
    percents: AbstractSet[tuple[int, int]] = frozenset()


@dataclass
class _Seen:
    kind: str
    sheets: list[_Look]
    notes: tuple[str, ...] = ()


def serve(connection: Connection, file: str) -> None:
    """Send ("properties", texts), ("sheet", name, faults, merged), ("rows", rows), …, ("end", kind, notes).

    In place of any of them ("problem", …) may come, and nothing after it.
    """
    limit_memory(MOST_MEMORY)
    gc.disable()  # rows come and go by the thousand and refer to nothing

    def send(*message: Any) -> None:
        packed = io.BytesIO()
        pickler = pickle.Pickler(packed, pickle.HIGHEST_PROTOCOL)
        pickler.fast = True  # cells are no objects that could be met twice; remembering each takes five times as long
        pickler.dump(message)
        connection.send_bytes(packed.getbuffer())

    path = Path(file)
    try:
        with explained("读取工作簿", path):
            _read(path, send)
    except MemoryError:
        send("problem", *_parts(too_large(path)))
    except (DataProblem, EnvironmentProblem) as problem:
        send("problem", *_parts(problem))


def _parts(problem: DataProblem | EnvironmentProblem) -> tuple[str, str, str, str]:
    return type(problem).__name__, problem.message, problem.advice, problem.code


def _read(path: Path, send: Callable[..., None]) -> None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    kind = kind_of(path)
    with _readable(path):
        seen = _look(path, kind, partial(send, "properties"))
    for look in seen.sheets:
        _check_range(look)
    cells = 0
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for number, look in enumerate(seen.sheets):
                # An .xls knows its sheets by their order; names of zipped ones are as they were read.
                sheet = book.get_sheet_by_name(look.name or book.sheet_names[number])
                merged = look.merged or tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
                send("sheet", look.name or sheet.name, look.faults, merged)
                # Its rows begin at row 1, but not at column A.
                margin: list[Raw] = [None] * (sheet.start[1] if sheet.start else 0)
                rows, first = iter(sheet.iter_rows()), 0
                percents = sorted(look.percents, reverse=True)
                while piece := [[None if c == "" else c for c in row] for row in islice(rows, _PIECE)]:
                    if margin:
                        piece = [margin + row for row in piece]
                    while percents and percents[-1][0] < first + len(piece):
                        row, column = percents.pop()
                        _as_percent(piece[row - first], column)
                    # Whoever receives them keeps all sheets; each by itself may be small enough.
                    cells += sum(map(len, piece))
                    if cells > MOST_CELLS:
                        raise too_large(path)
                    send("rows", piece)
                    first += len(piece)
    except PasswordError as error:
        raise encrypted(path) from error
    except CalamineError as error:
        raise damaged(path) from error
    except BaseException as error:
        # A panic of the library is no Exception; anything of ours goes on as it is.
        if type(error).__name__ == "PanicException":
            raise damaged(path) from error
        raise
    send("end", seen.kind, seen.notes)


def _as_percent(row: list[Raw], column: int) -> None:
    """Let a cell that shows 50% say so: what is typed as 50% is kept as 0.5."""
    cell = row[column] if column < len(row) else None
    if isinstance(cell, float | int) and not isinstance(cell, bool) and abs(cell) < _LARGEST_RATE:
        row[column] = f"{plain(Decimal(format(cell, '.15g')) * 100):f}%"


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile,
        KeyError,
        ElementTree.ParseError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        OleDamaged,
        SheetDamaged,
    ) as error:
        raise damaged(path) from error


def _look(path: Path, kind: str, tell: Callable[[dict[str, str]], None]) -> _Seen:
    """Return what was seen, the properties told as soon as they are known: looking at large sheets takes long."""
    if kind == "xls":
        xls = look_through_xls(path.read_bytes())
        if xls.encrypted:
            raise encrypted(path)
        tell({})
        looks = [_Look("", faults, percents=own) for faults, own in zip(xls.faults, xls.percents, strict=True)]
        return _Seen(kind, looks, notes=(MACROS,) if xls.macros else ())
    with zipfile.ZipFile(path) as archive:
        _check_size(archive, path)
        if kind == "ods":
            ods = look_through_ods(archive)
            tell(ods.properties)
            tables = [
                _Look(t.name, t.faults, t.last_row, t.last_column, tuple(t.merged), t.percents) for t in ods.tables
            ]
            return _Seen(kind, tables)
        tell(properties_of(archive))
        found = look_through_xlsb(archive) if kind == "xlsb" else look_through_xlsx(archive)
        looks = [
            _Look(name, s.faults, s.last_row, s.last_column, percents=s.percents) for name, s in found.sheets.items()
        ]
        return _Seen(kind, looks, found.notes)


def _check_size(archive: zipfile.ZipFile, path: Path) -> None:
    entries = archive.infolist()
    strings = [entry.file_size for entry in entries if entry.filename.endswith("sharedStrings.xml")]
    sizes = [entry.file_size for entry in entries]
    if sum(sizes) > LARGEST_BOOK or max(sizes, default=0) > LARGEST_PART or max(strings, default=0) > LARGEST_STRINGS:
        raise too_large(path)


def _check_range(look: _Look) -> None:
    cells = look.last_row * look.last_column
    if look.last_row <= MOST_ROWS and look.last_column <= MOST_COLUMNS and cells <= MOST_CELLS:
        return
    end = place(look.last_row - 1, look.last_column - 1)
    raise DataProblem(
        f"工作表{quote(look.name)}一直用到了{end}，最多读{MOST_ROWS:,}行、{MOST_COLUMNS}列、{MOST_CELLS:,}格。",
        advice="请删去表格以外多余的内容后再导入。",
        code="book.range",
    )
