"""The streams of an OLE file (.xls, .et, and everything that Office encrypts): enough of [MS-CFB] to find them.

OleFile(data).names                 .stream("Workbook") -> bytes
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

ENCRYPTED = "EncryptedPackage"
WORKBOOK_STREAMS = ("Workbook", "Book")
_HEADER, _ENTRY = 512, 128
_LAST = 0xFFFFFFFA
"""Sector numbers from here on are marks: free, end of chain."""
_MOST_ENTRIES = 10_000
_ROOT, _STREAM = 5, 2


class OleDamaged(Exception):
    """The file names sectors that it does not have, or chains that have no end."""


class OleFile:
    """The directory of an OLE file held in memory."""

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER:
            raise OleDamaged("header")
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise OleDamaged("sector size")
        self._data = data
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        first_directory, self._cutoff = struct.unpack_from("<I4xI", data, 48)
        first_mini, _, first_difat, _ = struct.unpack_from("<4I", data, 60)
        self._fat = self._read_fat(first_difat)
        entries = self._chain(first_directory)
        self._entries = {name: rest for name, *rest in self._directory(entries)}
        self._mini_fat = self._numbers(self._chain(first_mini)) if first_mini < _LAST else ()
        self._mini: bytes | None = None

    @property
    def names(self) -> frozenset[str]:
        """Return the names of all streams and storages."""
        return frozenset(self._entries)

    def stream(self, name: str) -> bytes:
        """Return the content of a stream; KeyError when there is none, OleDamaged when it cannot be put together."""
        _, start, size = self._entries[name]
        if size >= self._cutoff:
            return self._chain(start)[:size]
        if self._mini is None:
            _, root_start, root_size = next(entry for entry in self._entries.values() if entry[0] == _ROOT)
            self._mini = self._chain(root_start)[:root_size]
        parts, step = [], self._mini_size
        for sector in self._follow(start, self._mini_fat):
            parts.append(self._mini[sector * step : (sector + 1) * step])
        return b"".join(parts)[:size]

    def _read_fat(self, difat: int) -> tuple[int, ...]:
        sectors = [s for s in struct.unpack_from("<109I", self._data, 76) if s < _LAST]
        seen: set[int] = set()
        while difat < _LAST:
            if difat in seen:
                raise OleDamaged("difat")
            seen.add(difat)
            *more, difat = self._numbers(self._sector(difat))
            sectors += [s for s in more if s < _LAST]
        return tuple(number for sector in sectors for number in self._numbers(self._sector(sector)))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data):
            raise OleDamaged("sector")
        return self._data[start : start + self._size]

    @staticmethod
    def _numbers(data: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, self._follow(start, self._fat)))

    @staticmethod
    def _follow(start: int, table: tuple[int, ...]) -> Iterator[int]:
        steps = 0
        while start < _LAST:
            steps += 1
            if start >= len(table) or steps > len(table):
                raise OleDamaged("chain")
            yield start
            start = table[start]

    @staticmethod
    def _directory(data: bytes) -> Iterator[tuple[str, int, int, int]]:
        for at in range(0, min(len(data), _MOST_ENTRIES * _ENTRY) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            if kind and 2 <= length <= 64:
                name = data[at : at + length - 2].decode("utf-16-le", "replace")
                start, size = struct.unpack_from("<II", data, at + 116)
                yield name, kind, start, size
