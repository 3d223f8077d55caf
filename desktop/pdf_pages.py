"""The pages of a PDF, drawn by a process of its own: a file that brings the drawing down takes nothing with it.

    with PdfPages(file) as pages:
        page = pages.draw(0, 800, 1000)      # as large as fits into 800 × 1000 pixels

What is asked runs off the GUI thread; one caller at a time (the library knows no threads).
"""

from __future__ import annotations

import multiprocessing
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Self

from db.core.errors import DataProblem
from db.store.processes import limit_memory

PATIENCE = 20.0
"""Seconds a page may take; scans of large plans take two or three."""
MOST_PIXELS = 24_000_000
MOST_MEMORY = 2 << 30
"""Bytes the drawing process may have."""

_SENTENCES = {
    "password": ("这个PDF设了密码，不能在这里预览。", "请用其他程序打开。"),
    "damaged": ("这个PDF打不开，可能不完整或已损坏。", "请用其他程序打开试试，或重新添加。"),
    "gone": ("这个PDF太复杂或已损坏，没有画出来。", "请用其他程序打开。"),
}


@dataclass(frozen=True)
class PdfPage:
    """A drawn page: how many pages there are, its size in pixels, and rows of B, G, R, x bytes."""

    pages: int
    width: int
    height: int
    pixels: bytes


class PdfPages:
    """Draws pages of one file until `close`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._closed = False

    def draw(self, page: int, width: int, height: int) -> PdfPage:
        """Return page number `page` (from 0, the last at most) as large as fits into `width` × `height` pixels.

        DataProblem when the file is no PDF that can be drawn, has a password, or takes too long.
        """
        with self._lock:
            try:
                connection = self._start()
                connection.send((page, width, height))
                if not connection.poll(PATIENCE):
                    raise EOFError
                answer = connection.recv()
            except (EOFError, OSError) as error:
                self._end()
                raise _problem("gone") from error
        if isinstance(answer, str):
            raise _problem(answer)
        return PdfPage(*answer)

    def close(self) -> None:
        """End the process, also in the middle of a page."""
        self._closed = True
        process = self._process
        if process is not None:
            with suppress(OSError, ValueError):
                process.kill()
        with self._lock:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> Connection:
        if self._closed:
            raise EOFError
        if self._connection is None:
            context = multiprocessing.get_context("spawn")
            self._connection, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, str(self._file)), daemon=True)
            process.start()
            theirs.close()
            self._process = process  # only now: `close` kills it from another thread
            if self._closed:
                raise EOFError
        return self._connection

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        self._connection = self._process = None


def _problem(code: str) -> DataProblem:
    message, advice = _SENTENCES[code]
    return DataProblem(message, advice=advice, code=f"pdf.{code}")


# -- the other process ------------------------------------------------------------------------------------------------


def _serve(connection: Connection, file: str) -> None:
    """Answer requests until nobody asks any more."""
    limit_memory(MOST_MEMORY)
    import pypdfium2

    document: Any = None
    with suppress(EOFError, OSError):
        while True:
            page, width, height = connection.recv()
            try:
                document = document or pypdfium2.PdfDocument(file)
                connection.send(_drawn(document, page, width, height))
            except (pypdfium2.PdfiumError, MemoryError) as error:
                connection.send("password" if "password" in str(error).lower() else "damaged")


def _drawn(document: Any, number: int, width: int, height: int) -> tuple[int, int, int, bytes]:
    pages = len(document)
    page = document[max(0, min(number, pages - 1))]
    try:
        wide, high = page.get_size()
        scale = min(width / max(wide, 1), height / max(high, 1), (MOST_PIXELS / max(wide * high, 1)) ** 0.5)
        bitmap = page.render(scale=scale, force_bitmap_format=_BGRX, fill_color=(255, 255, 255, 255))
        rows = bytes(bitmap.buffer)
        line = bitmap.width * 4
        if bitmap.stride != line:
            rows = b"".join(rows[at : at + line] for at in range(0, bitmap.stride * bitmap.height, bitmap.stride))
        return pages, bitmap.width, bitmap.height, rows
    finally:
        page.close()


_BGRX = 3
"""FPDFBitmap_BGRx."""
