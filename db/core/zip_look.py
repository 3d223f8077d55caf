"""A first look at what may be a zip from anybody: nothing that it says of itself may fill the memory.

zip_names(path) -> frozenset[str]           directory_size(file) -> int | None
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

MOST_DIRECTORY: Final = 16 << 20
"""Bytes of a zip's directory; all of it is read before anything else is known."""
UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,  # also UnicodeDecodeError
    OverflowError,
    struct.error,
)
"""What the standard library raises for one or another kind of broken archive."""

_EOCD = struct.Struct("<4s4H2LH")
_EOCD64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_SIZE = 20
_TAIL = _EOCD.size + 0xFFFF


def directory_size(file: BinaryIO) -> int | None:
    """Return how many bytes the directory at the zip's end is said to have, None where no zip ends."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + _EOCD.size > len(tail):
        return None
    at64 = at - _LOCATOR_SIZE - _EOCD64.size
    if at64 >= 0 and tail[at64 : at64 + 4] == b"PK\x06\x06":
        return int(_EOCD64.unpack_from(tail, at64)[8])
    return int(_EOCD.unpack_from(tail, at)[5])


def zip_names(path: Path) -> frozenset[str]:
    """Return what lies in the zip; nothing of what is none, is broken, or has a directory beyond all measure."""
    with _looked_into(path) as archive:
        return frozenset(archive.namelist()) if archive is not None else frozenset()


def zip_beginning(path: Path, name: str, size: int) -> bytes:
    """Return the first bytes of a file in the zip, nothing where it is not there or cannot be read."""
    try:
        with _looked_into(path) as archive:
            if archive is None or name not in archive.namelist():
                return b""
            with archive.open(name) as file:
                return file.read(size)
    except (OSError, *UNREADABLE):
        return b""


@contextmanager
def _looked_into(path: Path) -> Iterator[zipfile.ZipFile | None]:
    try:
        file = path.open("rb")
    except OSError:
        yield None
        return
    with file:
        try:
            size = directory_size(file)
            archive = zipfile.ZipFile(file) if size is not None and size <= MOST_DIRECTORY else None
        except (OSError, *UNREADABLE):
            archive = None
        yield archive
