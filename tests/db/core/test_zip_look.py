"""What is looked at of a zip from anybody takes little memory, whatever it says of itself."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from db.core.file_kinds import Kind, kind_of_file
from db.core.zip_look import MOST_DIRECTORY, zip_beginning, zip_names


def spreadsheet(path: Path, size: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.spreadsheet" + b" " * size)
    return path


def vast(path: Path) -> Path:
    """Write an archive whose directory alone is larger than anybody's."""
    size = MOST_DIRECTORY + 1
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[0] * 9, 0, 60_000, *[0] * 5)
    entry += b"\0" * 60_000
    directory = (entry * (size // len(entry) + 1))[:size]
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, size, 4, 0)
    path.write_bytes(b"PK\x03\x04" + directory + end)
    return path


@pytest.mark.parametrize(("make", "kind"), [(lambda path: spreadsheet(path, 64 << 20), Kind.WORKBOOK), (vast, None)])
def test_the_kind_is_told_in_little_memory(make: Callable[[Path], Path], kind: Kind | None, tmp_path: Path) -> None:
    file = make(tmp_path / "a.zip")
    tracemalloc.start()
    try:
        assert kind_of_file(file) is kind
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_names_and_beginnings_of_what_can_be_read_and_nothing_of_the_rest(tmp_path: Path) -> None:
    good = spreadsheet(tmp_path / "a.ods", 10)
    assert zip_names(good) == {"mimetype"} and zip_beginning(good, "mimetype", 11) == b"application"
    assert zip_beginning(good, "content.xml", 11) == b""
    broken = tmp_path / "b.ods"
    broken.write_bytes(good.read_bytes().replace(b"PK\x03\x04", b"PK\x09\x09"))
    assert zip_names(broken) == {"mimetype"} and zip_beginning(broken, "mimetype", 11) == b""
    for file in (tmp_path, tmp_path / "nothing"):
        assert zip_names(file) == frozenset() and zip_beginning(file, "mimetype", 1) == b""
