"""Writing a zip whose bytes depend on its content alone: fixed dates, fixed order, names in UTF-8.

The standard library's writer cannot take back an entry that turned out to compress absurdly well (which our own
reader would rightly take for a bomb) nor leave out its clock, nor encrypt; this one is small and does all three.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Self

from db.exchange import zip_aes
from db.exchange.zip_read import DEFAULT_LIMITS

LEVEL = 2
"""Deflate level: within 8 % of the size of level 6 on our tables, in half the time."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_EOCD = struct.Struct("<4s4H2LH")
_EOCD64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_EXTRA64 = struct.Struct("<2H2Q")
_UTF8 = 0x800
_STORED, _DEFLATED = 0, 8
_EPOCH = 0x21  # 1980-01-01, the earliest date a zip can hold
_UNIX = 3 << 8
_REGULAR_FILE = 0o100644 << 16
_FULL32 = 0xFFFFFFFF
_FULL16 = 0xFFFF

zip64_from = 0xF0000000
"""Sizes and offsets from here on are written in the 64-bit form."""

_SAMPLE = 32 << 10
_SHRINKS = 0.9
_SHRINKS_TOO_MUCH = 0.02
_MOST_SHRUNK = DEFAULT_LIMITS.ratio // 2
_MOST_WAITING = 4


@dataclass(frozen=True)
class Entry:
    """One file that was written: its name inside the zip, size and SHA-256 (hex) of its content."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class _Record:
    name: bytes
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    sealed: bool = False


def worth_deflating(file: BinaryIO, size: int) -> bool:
    """Return whether samples of the file shrink, and not so much that a reader must take the entry for a bomb."""
    if size < 256:
        return False
    ratios = []
    for at in sorted({0, max(0, size // 2 - _SAMPLE // 2), max(0, size - _SAMPLE)}):
        file.seek(at)
        sample = file.read(_SAMPLE)
        ratios.append(len(zlib.compress(sample, 1)) / max(1, len(sample)))
    file.seek(0)
    return sum(ratios) / len(ratios) < _SHRINKS and min(ratios) > _SHRINKS_TOO_MUCH


class ZipWriter:
    """Writes entries one after the other to a seekable file; `finish` writes the directory. OSError passes through.

    With `aside`, an executor of one thread, content is hashed and deflated there, which needs no interpreter, while the
    caller makes the next piece. With a password everything is encrypted, and no two archives are alike.
    """

    def __init__(self, file: BinaryIO, aside: Executor | None = None, *, password: str = "") -> None:
        self._file = file
        self._aside = aside
        self._password = password
        self._records: list[_Record] = []

    def add(self, name: str, content: bytes) -> Entry:
        """Write one small file."""
        with self.entry(name, len(content), deflate=len(content) > 256) as entry:
            entry.write(content)
        return entry.result

    def stream(self, name: str, read: Callable[[], Iterable[bytes]], size: int, *, deflate: bool) -> Entry:
        """Write one file of about `size` bytes from the pieces of `read()`, which is called again to store it instead
        when deflating made it so small that a reader would refuse it.
        """
        start = self._file.tell()
        with self.entry(name, size, deflate=deflate) as entry:
            for data in read():
                entry.write(data)
        record = self._records[-1]
        if deflate and record.size > DEFAULT_LIMITS.ratio_from and record.size > record.packed * _MOST_SHRUNK:
            self._records.pop()
            self._file.seek(start)
            self._file.truncate()
            return self.stream(name, read, size, deflate=False)
        return entry.result

    def entry(self, name: str, size: int, *, deflate: bool) -> EntryWriter:
        """Return a context in which one file of about `size` bytes is written piece by piece; one at a time."""
        sealer = zip_aes.Sealer(self._password) if self._password else None
        return EntryWriter(self._file, self._records, name, size, deflate, self._aside, sealer)

    def finish(self) -> None:
        """Write the directory of all entries."""
        start = self._file.tell()
        for record in self._records:
            self._file.write(_directory_entry(record))
        end = self._file.tell()
        count = len(self._records)
        if count >= _FULL16 or end >= zip64_from:
            self._file.write(_EOCD64.pack(b"PK\6\6", 44, 45, 45, 0, 0, count, count, end - start, start))
            self._file.write(_LOCATOR.pack(b"PK\6\7", 0, end, 1))
        narrow = min(count, _FULL16)
        self._file.write(_EOCD.pack(b"PK\5\6", 0, 0, narrow, narrow, min(end - start, _FULL32), min(start, _FULL32), 0))


class EntryWriter:
    """One file on its way into the zip; `result` is there once the context is left without an error."""

    result: Entry

    def __init__(
        self,
        file: BinaryIO,
        records: list[_Record],
        name: str,
        size: int,
        deflate: bool,
        aside: Executor | None = None,
        sealer: zip_aes.Sealer | None = None,
    ) -> None:
        self._sealer = sealer
        self._aside = aside
        self._waiting: deque[Future[None]] = deque()
        self._file = file
        self._records = records
        self._name = name
        self._encoded = name.encode("utf-8")
        self._wide = size >= zip64_from
        self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15) if deflate else None
        self._digest = hashlib.sha256()
        self._crc = self._size = 0
        self._offset = file.tell()
        self._header_size = _LOCAL.size + len(self._encoded) + (_EXTRA64.size if self._wide else 0)
        self._header_size += len(zip_aes.extra(_STORED)) if sealer else 0

    def __enter__(self) -> Self:
        self._file.write(bytes(self._header_size))
        if self._sealer:
            self._file.write(self._sealer.head)
        return self

    def write(self, data: bytes) -> None:
        """Write the next piece."""
        if self._aside is None:
            self._take(data)
            return
        self._waiting.append(self._aside.submit(self._take, data))
        self._wait_for_all_but(_MOST_WAITING)

    def _wait_for_all_but(self, number: int) -> None:
        while len(self._waiting) > number:
            self._waiting.popleft().result()

    def _take(self, data: bytes) -> None:
        self._digest.update(data)
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        self._put(self._packer.compress(data) if self._packer else data)

    def _put(self, packed: bytes) -> None:
        self._file.write(self._sealer.seal(packed) if self._sealer else packed)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            wait(self._waiting)
            return
        self._wait_for_all_but(0)
        if self._packer:
            self._put(self._packer.flush())
        if self._sealer:
            self._file.write(self._sealer.tail())
        end = self._file.tell()
        packed = end - self._offset - self._header_size
        if not self._wide and max(packed, self._size) >= _FULL32:
            raise OverflowError(f"{self._name} grew beyond the size it was announced with")
        method = _DEFLATED if self._packer else _STORED
        sealed = self._sealer is not None
        # A check sum of what is encrypted would tell something of it; the code at its end does more.
        record = _Record(self._encoded, method, 0 if sealed else self._crc, packed, self._size, self._offset, sealed)
        self._file.seek(self._offset)
        self._file.write(_local_header(record, self._wide))
        self._file.seek(end)
        self._records.append(record)
        self.result = Entry(self._name, self._size, self._digest.hexdigest())


def _local_header(record: _Record, wide: bool) -> bytes:
    packed, size = (_FULL32, _FULL32) if wide else (record.packed, record.size)
    extra = _EXTRA64.pack(1, 16, record.size, record.packed) if wide else b""
    version, flags, method, seal = _sealing(record, 45 if wide else 20)
    extra += seal
    head = _LOCAL.pack(
        b"PK\3\4",
        version,
        flags,
        method,
        0,
        _EPOCH,
        record.crc,
        packed,
        size,
        len(record.name),
        len(extra),
    )
    return head + record.name + extra


def _sealing(record: _Record, version: int) -> tuple[int, int, int, bytes]:
    """Return version needed, flags, method and extra field, which say whether and how the entry is encrypted."""
    if not record.sealed:
        return version, _UTF8, record.method, b""
    return zip_aes.VERSION_NEEDED, _UTF8 | zip_aes.ENCRYPTED, zip_aes.METHOD, zip_aes.extra(record.method)


def _directory_entry(record: _Record) -> bytes:
    wide: list[int] = []
    packed, size, offset = record.packed, record.size, record.offset
    if max(packed, size) >= zip64_from:
        wide += [size, packed]
        packed = size = _FULL32
    if offset >= zip64_from:
        wide.append(offset)
        offset = _FULL32
    extra = struct.pack(f"<2H{len(wide)}Q", 1, 8 * len(wide), *wide) if wide else b""
    version, flags, method, seal = _sealing(record, 45 if wide else 20)
    extra += seal
    head = _CENTRAL.pack(
        b"PK\1\2",
        version | _UNIX,
        version,
        flags,
        method,
        0,
        _EPOCH,
        record.crc,
        packed,
        size,
        len(record.name),
        len(extra),
        0,
        0,
        0,
        _REGULAR_FILE,
        offset,
    )
    return head + record.name + extra
